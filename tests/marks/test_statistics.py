"""Values inside a shape: the same numbers as another program, none invented."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.marks.drawing import mark
from tests.picture.judge import statistics
from tests.picture.slices import make_slice
from viewer.marks.mark import MarkKind
from viewer.marks.statistics import region_statistics
from viewer.picture.look import Region
from viewer.problem import ProblemError

RNG = np.random.default_rng(11)
quarters = st.integers(-20, 180).map(lambda quarter: quarter / 4)
corners = st.tuples(quarters, quarters)


@settings(deadline=None)
@given(
    first=corners, second=corners, kind=st.sampled_from([MarkKind.ELLIPSE, MarkKind.RECTANGLE]), seed=st.integers(0, 9)
)
def test_numbers_agree_with_another_program_over_the_same_pixels(
    first: tuple[float, float], second: tuple[float, float], kind: MarkKind, seed: int
) -> None:
    values = np.random.default_rng(seed).integers(-1000, 3000, (30, 40)).astype(np.int16)
    slice_ = make_slice(values, slope=1.5, intercept=-10.0)
    shape = mark(kind, first, second)
    (x0, x1), (y0, y1) = sorted((first[0], second[0])), sorted((first[1], second[1]))
    rows, columns = np.mgrid[0:30, 0:40].astype(float)
    if kind is MarkKind.RECTANGLE:
        inside = (columns >= x0) & (columns <= x1) & (rows >= y0) & (rows <= y1)
    else:
        rx, ry = max((x1 - x0) / 2, 1e-9), max((y1 - y0) / 2, 1e-9)
        far = ((columns - (x0 + x1) / 2) / rx) ** 2 + ((rows - (y0 + y1) / 2) / ry) ** 2
        if (abs(far - 1) < 1e-6).any():
            return
        inside = far <= 1
    if not inside.any():
        with pytest.raises(ProblemError):
            region_statistics(shape, slice_)
        return
    count, mean, smallest, largest, sigma = statistics(values * 1.5 - 10.0, inside)
    found = region_statistics(shape, slice_)
    assert found.pixels == count
    assert found.mean == pytest.approx(mean)
    assert (found.smallest, found.largest) == (smallest, largest)
    if found.pixels > 1:  # the judge divides by n − 1
        assert found.spread == pytest.approx(sigma * math.sqrt(1 - 1 / found.pixels))
    else:
        assert found.spread == 0.0


def test_a_part_counts_its_pixels_and_their_area() -> None:
    slice_ = make_slice(np.arange(100, dtype=np.int16).reshape(10, 10), pixel_mm=(2.0, 0.5), scale_kind="patient")
    found = region_statistics(Region(8, 8, 50, 50), slice_)
    assert (found.pixels, found.area_mm2, found.mean) == (4, 4.0, 93.5)
    assert found.words == ("mean value 94 ± 5", "smallest 88 · largest 99", "4 mm² · 4 pixels")


def test_the_lines_read_as_in_the_drawing() -> None:
    values = np.full((60, 60), 88, np.int16)
    values[30, 30], values[31, 30] = 0, 179
    slice_ = make_slice(values, pixel_mm=(1.0, 1.0), scale_kind="patient")
    found = region_statistics(mark(MarkKind.ELLIPSE, (20, 20), (40, 40)), slice_)
    assert found.words[1:] == ("smallest 0 · largest 179", "3.1 cm² · 317 pixels")
    assert found.words[0].startswith("mean value 88 ± ")
    detector = make_slice(values, pixel_mm=(1.0, 1.0), scale_kind="detector")
    assert (
        region_statistics(mark(MarkKind.ELLIPSE, (20, 20), (40, 40)), detector)
        .words[2]
        .startswith("3.1 cm² at the detector")
    )


def test_units_and_fine_numbers_are_written_as_fine_as_they_are() -> None:
    ct = make_slice(RNG.integers(30, 50, (20, 20)).astype(np.int16), unit="HU", intercept=-1024.0)
    assert region_statistics(Region(0, 0, 20, 20), ct).words[0].endswith(" HU")
    assert region_statistics(Region(0, 0, 20, 20), ct).words[0].startswith("mean value −98")
    map_ = make_slice((RNG.normal(8e-4, 1e-4, (30, 30))).astype(np.float32))
    mean, spread = region_statistics(Region(0, 0, 30, 30), map_).words[0].removeprefix("mean value ").split(" ± ")
    assert float(mean) == pytest.approx(8e-4, rel=0.05)
    assert float(spread) == pytest.approx(1e-4, rel=0.2)


def test_padding_and_what_is_no_number_are_left_out_and_counted() -> None:
    values = np.full((10, 10), 5.0, np.float32)
    values[0, 0], values[0, 1] = np.nan, np.inf
    padding = np.zeros((10, 10), np.bool_)
    padding[5:] = True
    values[5:] = -2000
    found = region_statistics(Region(0, 0, 10, 10), make_slice(values, padding=padding))
    assert (found.mean, found.spread, found.pixels, found.left_out) == (5.0, 0.0, 48, 52)
    assert found.words[-1] == "52 pixels outside the scan left out"


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (mark(MarkKind.RECTANGLE, (1.2, 1.2), (1.8, 1.8)), "region_too_small"),
        (mark(MarkKind.ELLIPSE, (3.0, 3.0), (3.0, 3.0)), None),
        (mark(MarkKind.ELLIPSE, (-50, -50), (-20, -20)), "region_too_small"),
        (Region(4, 4, 4, 9), "region_too_small"),
        (Region(9, 9, 2, 2), "region_too_small"),
        (Region(0, 0, 2, 2), "region_outside_scan"),
        (mark(MarkKind.RECTANGLE, (1e300, 1e300), (-1e300, -1e300)), None),
    ],
)
def test_shapes_without_values_are_refused_and_never_give_nan(shape: object, code: str | None) -> None:
    padding = np.zeros((10, 10), np.bool_)
    padding[:2, :2] = True
    slice_ = make_slice(np.ones((10, 10), np.int16), padding=padding)
    if code is None:
        assert region_statistics(shape, slice_).mean == 1.0  # type: ignore[arg-type]
        return
    with pytest.raises(ProblemError) as refused:
        region_statistics(shape, slice_)  # type: ignore[arg-type]
    assert refused.value.problem.code == code


def test_colours_are_no_values() -> None:
    with pytest.raises(ProblemError) as refused:
        region_statistics(Region(0, 0, 2, 2), make_slice(np.zeros((4, 4, 3), np.uint8)))
    assert refused.value.problem.code == "colour_without_values"
