"""Each part of an ultrasound picture has a scale of its own; none is lent to another (rule R-M3)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.marks.drawing import mark
from tests.picture.slices import make_slice
from viewer.dicom.header import UltrasoundRegion
from viewer.marks.mark import MarkKind
from viewer.marks.measure import measure_length
from viewer.marks.statistics import region_statistics
from viewer.picture.calibration import has_scale, region_words
from viewer.problem import ProblemError
from viewer.usecases.looking import value_words
from viewer.volume.slice import Slice

BODY = UltrasoundRegion(0, 0, 49, 49, 0, 3, 3, 0.02, -0.05)
FINE = UltrasoundRegion(60, 0, 99, 49, 0, 3, 3, 0.01, 0.01)
DOPPLER = UltrasoundRegion(0, 60, 99, 99, 0, 4, 7, 0.01, -2.0, None, 20)


def picture(*regions: UltrasoundRegion) -> Slice:
    """A picture whose file gives one pixel size for all, as many do: it must not be believed outside the regions."""
    made = make_slice(np.zeros((100, 100), np.uint8), pixel_mm=(0.2, 0.2), scale_kind="calibrated")
    return replace(made, regions=regions)


def length(slice_: Slice, start: tuple[float, float], end: tuple[float, float]) -> float | str:
    try:
        return measure_length(mark(MarkKind.LENGTH, start, end), slice_).value
    except ProblemError as failure:
        return failure.problem.code


def test_a_length_takes_the_scale_of_its_region_each_axis_its_own() -> None:
    slice_ = picture(BODY, FINE, DOPPLER)
    assert length(slice_, (0, 0), (10, 0)) == pytest.approx(2.0)
    assert length(slice_, (0, 0), (0, 10)) == pytest.approx(5.0)
    assert length(slice_, (60, 5), (70, 5)) == pytest.approx(1.0)
    found = measure_length(mark(MarkKind.LENGTH, (0, 0), (10, 0)), slice_)
    assert found.words == "2.0 mm, ultrasound"


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ((10, 10), (70, 10), "regions_crossed"),
        ((10, 10), (10, 70), "regions_crossed"),
        ((10, 10), (55, 10), "outside_regions"),
        ((10, 70), (20, 80), "region_no_length"),
    ],
)
def test_where_a_length_would_be_false_it_is_refused_in_words(
    start: tuple[float, float], end: tuple[float, float], code: str
) -> None:
    assert length(picture(BODY, FINE, DOPPLER), start, end) == code


def test_regions_over_one_another_with_different_scales_give_no_number() -> None:
    over = UltrasoundRegion(20, 20, 40, 40, 1, 3, 3, 0.1, 0.1)
    assert length(picture(BODY, over), (25, 25), (30, 30)) == "regions_crossed"
    assert length(picture(BODY, over), (1, 1), (5, 1)) == pytest.approx(0.8)
    assert length(picture(BODY, BODY), (1, 1), (5, 1)) == pytest.approx(0.8)


def test_an_area_needs_one_scale_for_all_of_it() -> None:
    inside = region_statistics(mark(MarkKind.RECTANGLE, (60, 0), (70, 10)), picture(BODY, FINE))
    assert inside.area_mm2 == pytest.approx(1.0)
    across = region_statistics(mark(MarkKind.RECTANGLE, (40, 0), (70, 10)), picture(BODY, FINE))
    assert across.area_mm2 is None


def test_time_and_speed_are_read_under_the_pointer() -> None:
    slice_ = picture(BODY, DOPPLER)
    assert region_words(slice_, 50, 90) == "0.50 s, -20 cm/s"
    assert value_words(slice_, 50, 90) == "0.50 s, -20 cm/s"
    assert region_words(slice_, 10, 10) == ""


def test_a_picture_of_speed_alone_has_no_lengths_at_all() -> None:
    assert not has_scale(picture(DOPPLER))
    assert has_scale(picture(DOPPLER, BODY))
    assert has_scale(picture())
