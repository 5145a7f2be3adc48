"""Lengths: true in millimetres, and honest about where the scale comes from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.marks.drawing import mark
from tests.picture.slices import make_slice
from viewer.marks.mark import MarkKind
from viewer.marks.measure import measure_length
from viewer.picture.calibration import CALIBRATIONS, calibration_of
from viewer.problem import Problem, ProblemError, Severity

PIXELS = np.zeros((100, 100), np.uint8)
WORDS = {
    "patient": "5.0 mm, in the patient",
    "calibrated": "5.0 mm, calibrated",
    "detector": "5.0 mm, at the detector",
    "film": "5.0 mm, on the film",
    "unverified": "5.0 mm, unverified",
    "": "5.0 mm, unverified",
}


@pytest.mark.parametrize("kind", WORDS)
def test_every_length_says_how_its_scale_came_about(kind: str) -> None:
    slice_ = make_slice(PIXELS, pixel_mm=(1.0, 1.0), scale_kind=kind)
    found = measure_length(mark(MarkKind.LENGTH, (10, 10), (13, 14)), slice_)
    assert found.words == WORDS[kind]
    assert (found.value, found.unit) == (5.0, "mm")
    assert found.calibration == found.words.split(", ", 1)[1]
    calibration = calibration_of(slice_)
    assert calibration is not None
    assert calibration.sentence.endswith(".")


def test_the_words_of_all_calibrations_differ() -> None:
    assert len({row.short for row in CALIBRATIONS.values()}) == len(CALIBRATIONS)


def test_unequal_pixels_count_as_they_are() -> None:
    slice_ = make_slice(PIXELS, pixel_mm=(4.0, 0.5), scale_kind="patient")
    assert measure_length(mark(MarkKind.LENGTH, (0, 0), (0, 10)), slice_).value == pytest.approx(40)
    assert measure_length(mark(MarkKind.LENGTH, (0, 0), (10, 0)), slice_).value == pytest.approx(5)
    assert measure_length(mark(MarkKind.LENGTH, (0, 0), (6, 1)), slice_).value == pytest.approx(5)
    assert measure_length(mark(MarkKind.LENGTH, (0, 0), (6, 1)), slice_).note == "exact to about 4 mm"


@pytest.mark.parametrize(
    ("mm", "pixel", "words"),
    [
        (23.12, 0.7, "23.1 mm"),
        (99.94, 0.7, "99.9 mm"),
        (100.4, 0.7, "100 mm"),
        (250.0, 1.0, "250 mm"),
        (0.44, 0.01, "0.44 mm"),
    ],
)
def test_lengths_are_never_given_finer_than_the_data(mm: float, pixel: float, words: str) -> None:
    slice_ = make_slice(PIXELS, pixel_mm=(pixel, pixel), scale_kind="patient")
    found = measure_length(mark(MarkKind.LENGTH, (0, 0), (mm / pixel, 0)), slice_)
    assert found.words == f"{words}, in the patient"


def test_a_length_on_a_cut_with_filled_in_pictures_is_given_as_near() -> None:
    note = Problem("gap_in_view", Severity.DOUBT, "Three pictures are missing.")
    slice_ = make_slice(PIXELS, pixel_mm=(1.0, 1.0), scale_kind="patient", problems=(note,))
    assert measure_length(mark(MarkKind.LENGTH, (0, 0), (3, 4)), slice_).words == "≈ 5.0 mm, in the patient"


@pytest.mark.parametrize("pixel_mm", [None, (0.0, 1.0), (float("nan"), 1.0), (-1.0, 1.0)])
def test_without_a_scale_a_length_is_refused_with_a_reason(pixel_mm: tuple[float, float] | None) -> None:
    with pytest.raises(ProblemError) as refused:
        measure_length(mark(MarkKind.LENGTH, (0, 0), (3, 4)), make_slice(PIXELS, pixel_mm=pixel_mm))
    assert refused.value.problem.code == "no_scale"
    assert "no scale" in refused.value.problem.text


@given(
    a=st.tuples(st.floats(-50, 200), st.floats(-50, 200)),
    b=st.tuples(st.floats(-50, 200), st.floats(-50, 200)),
    spacing=st.tuples(st.floats(0.05, 8), st.floats(0.05, 8)),
)
def test_a_length_is_the_same_from_both_ends(
    a: tuple[float, float], b: tuple[float, float], spacing: tuple[float, float]
) -> None:
    slice_ = make_slice(PIXELS, pixel_mm=spacing, scale_kind="patient")
    there, back = (
        measure_length(mark(MarkKind.LENGTH, a, b), slice_),
        measure_length(mark(MarkKind.LENGTH, b, a), slice_),
    )
    assert there.words == back.words
    assert there.value == back.value >= 0
