"""Placement: painting and hit testing are inverse to one another, and agree with the rendered picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.picture.slices import make_slice
from viewer.picture.look import Look, Region, Window, WindowFunction
from viewer.picture.orient import Placement
from viewer.picture.render import render

placements = st.builds(
    Placement,
    columns=st.integers(1, 4000),
    rows=st.integers(1, 4000),
    pane_width=st.floats(50, 4000),
    pane_height=st.floats(50, 4000),
    aspect=st.floats(0.1, 10),
    flipped=st.booleans(),
    turned=st.integers(0, 3),
    zoom=st.floats(0.2, 20),
    centre=st.none() | st.tuples(st.floats(-10, 500), st.floats(-10, 500)),
)
points = st.tuples(st.floats(-100, 4100), st.floats(-100, 4100))


@given(place=placements, point=points)
def test_there_and_back_is_the_same_point(place: Placement, point: tuple[float, float]) -> None:
    assert place.to_slice(*place.to_pane(*point)) == pytest.approx(point, abs=1e-5)
    assert place.to_pane(*place.middle) == pytest.approx((place.pane_width / 2, place.pane_height / 2), abs=1e-6)


@given(place=placements)
def test_at_zoom_one_the_whole_picture_fits_and_touches_two_edges(place: Placement) -> None:
    fitted = Placement(
        place.columns, place.rows, place.pane_width, place.pane_height, place.aspect, place.flipped, place.turned
    )
    x, y, width, height = fitted.image_rect
    assert x >= -1e-6
    assert y >= -1e-6
    assert width <= place.pane_width + 1e-6
    assert height <= place.pane_height + 1e-6
    assert width == pytest.approx(place.pane_width) or height == pytest.approx(place.pane_height)


@given(place=placements, factor=st.floats(0.1, 10), point=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_zooming_holds_the_point_under_the_pointer(place: Placement, factor: float, point: tuple[float, float]) -> None:
    rect = place.image_rect
    x, y = rect[0] + point[0] * rect[2], rect[1] + point[1] * rect[3]
    closer = place.zoomed(factor, x, y)
    middle = closer.to_slice(place.pane_width / 2, place.pane_height / 2)
    free = all(-0.4 < value < size - 0.6 for value, size in zip(middle, (place.columns, place.rows), strict=True))
    if free:
        assert closer.to_slice(x, y) == pytest.approx(place.to_slice(x, y), abs=1e-3)


@given(place=placements, dx=st.floats(-9000, 9000), dy=st.floats(-9000, 9000))
def test_the_picture_can_never_be_lost_by_panning(place: Placement, dx: float, dy: float) -> None:
    moved = place.panned(dx, dy)
    column, row = moved.middle
    assert -0.5 <= column <= place.columns - 0.5
    assert -0.5 <= row <= place.rows - 0.5


@settings(deadline=None, max_examples=40)
@given(flipped=st.booleans(), turned=st.integers(0, 3), tall=st.sampled_from([1.0, 2.0, 0.5]))
def test_the_pane_shows_the_same_place_as_the_rendered_picture(flipped: bool, turned: int, tall: float) -> None:
    slice_ = make_slice(np.arange(70, dtype=np.uint8).reshape(7, 10), aspect=tall)
    look = Look(flipped=flipped, turned=turned)
    picture = render(slice_, look, Window(127.5, 255, WindowFunction.LINEAR_EXACT))
    height, width = picture.pixels.shape
    place = Placement.of(slice_, look, (float(width), float(height)))
    for y, x in np.ndindex(height, width):
        column, row, _ = picture.to_slice @ np.array([x, y, 1.0])
        assert place.to_slice(x + 0.5, y + 0.5) == pytest.approx((column, row))


def test_the_pixel_under_the_pointer_and_the_region_of_a_drag() -> None:
    place = Placement(10, 5, 100, 50)
    assert place.pixel_at(0, 0) == (0, 0)
    assert place.pixel_at(99, 49) == (9, 4)
    assert place.pixel_at(101, 10) is None
    assert place.region((12, 22), (38, 41)) == Region(1, 2, 4, 5)
    assert place.region((38, 41), (12, 22)) == Region(1, 2, 4, 5)
    assert place.region((-500, -500), (-10, -10)) is None
    assert place.region((-500, -500), (900, 900)) == Region(0, 0, 10, 5)


def test_a_part_of_a_picture_is_fitted_into_the_pane() -> None:
    from viewer.picture.orient import zoom_to

    assert zoom_to((1, 1), (100, 50), (100, 50), 1.0, (400, 400)) == (1.0, None)
    zoom, centre = zoom_to((51, 1), (100, 50), (100, 50), 1.0, (400, 400))
    assert (zoom, centre) == (2.0, (74.5, 24.5))
    placement = Placement(100, 50, 400, 400, zoom=zoom, centre=centre)
    assert placement.to_pane(49.5, 24.5) == pytest.approx((0, 200))
    assert placement.to_pane(99.5, 24.5) == pytest.approx((400, 200))
