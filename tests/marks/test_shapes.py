"""Shapes: grabbing, moving, drawing and labelling marks, the same on screen and on paper."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.marks.drawing import mark
from viewer.marks.labels import kind_words, label_lines, row_lines, title_words
from viewer.marks.mark import Mark, MarkKind, Measurement, RegionStatistics
from viewer.marks.shapes import (
    BODY,
    Hit,
    arrowhead,
    distance_to_line,
    drawn,
    handles,
    hit,
    is_worth_keeping,
    kept_on_picture,
    label_place,
    moved_points,
    strokes,
    with_handle_at,
)
from viewer.picture.orient import Placement

coordinate = st.floats(0, 99)
point = st.tuples(coordinate, coordinate)
PLACE = Placement(100, 100, 400, 400, turned=1, flipped=True).to_pane


def as_it_lies(column: float, row: float) -> tuple[float, float]:
    """A pane of which each point is one of the picture."""
    return column, row


@st.composite
def marks(draw: st.DrawFn) -> Mark:
    kind = draw(st.sampled_from(list(MarkKind)))
    points = [draw(point)] if kind is MarkKind.TEXT else [draw(point), draw(point)]
    return mark(kind, *points, text=draw(st.sampled_from(["", "bright stripe"])))


@given(shape=marks())
def test_every_handle_and_every_line_can_be_hit_where_it_is_drawn(shape: Mark) -> None:
    for handle in handles(shape):
        found = hit((shape,), PLACE, *PLACE(*handle))
        assert found is not None
        assert found.handle != BODY
    for stroke in strokes(shape, PLACE):
        for x, y in stroke.points:
            assert hit((shape,), PLACE, x, y) is not None
    assert hit((shape,), PLACE, 5000, 5000) is None


@given(shape=marks(), to=point, data=st.data())
def test_a_dragged_handle_is_where_it_was_dragged_to(shape: Mark, to: tuple[float, float], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(handles(shape)) - 1))
    points = with_handle_at(shape, number, *to)
    moved = shape.moved(points, ())
    if shape.kind is MarkKind.ELLIPSE:
        axis = 1 if number in (0, 2) else 0
        assert handles(moved)[number][axis] == pytest.approx(to[axis])
    else:
        assert handles(moved)[number] == pytest.approx(to)
    assert with_handle_at(shape, BODY, *to) == shape.points


@given(shape=marks(), dx=st.floats(-500, 500), dy=st.floats(-500, 500))
def test_moving_keeps_the_shape_and_clipping_keeps_it_on_the_picture(shape: Mark, dx: float, dy: float) -> None:
    moved = moved_points(shape, dx, dy)
    for (x, y), (new_x, new_y) in zip(shape.points, moved, strict=True):
        assert (new_x - x, new_y - y) == pytest.approx((dx, dy), abs=1e-9)
    assert all(-0.5 <= x <= 99.5 and -0.5 <= y <= 49.5 for x, y in kept_on_picture(moved, 100, 50))


def test_the_selected_mark_is_hit_first_then_the_latest_and_hidden_ones_never() -> None:
    one = mark(MarkKind.LENGTH, (10, 10), (50, 10), name="one")
    two = mark(MarkKind.LENGTH, (10, 10), (50, 10), name="two")
    hidden = mark(MarkKind.LENGTH, (10, 10), (50, 10), name="three", hidden=True)
    at = PLACE(30, 10)
    assert hit((one, two, hidden), PLACE, *at) == Hit("two", BODY)
    assert hit((one, two, hidden), PLACE, *at, first="one") == Hit("one", BODY)
    assert hit((one, two, hidden), PLACE, *PLACE(10, 10), first="one") == Hit("one", 0)


@given(tip=point, tail=point, size=st.floats(1, 30))
def test_an_arrowhead_starts_at_the_tip_and_is_no_longer_than_the_arrow(
    tip: tuple[float, float], tail: tuple[float, float], size: float
) -> None:
    head = arrowhead(tip, tail, size)
    base = ((head[1][0] + head[2][0]) / 2, (head[1][1] + head[2][1]) / 2)
    assert head[0] == tip
    assert math.dist(base, tip) <= size + 1e-6
    if math.dist(tip, tail) > 1e-3:
        assert math.dist(base, tip) <= math.dist(tip, tail) + 1e-6
        assert distance_to_line(base, tip, tail) == pytest.approx(0, abs=1e-4)
    shaft, filled = strokes(mark(MarkKind.ARROW, tip, tail), as_it_lies, size)
    assert filled.points == head
    assert shaft.points[0] == tail
    assert shaft.points[1] == pytest.approx(base)


def test_an_arrow_without_a_length_points_up() -> None:
    tip, *barbs = arrowhead((5, 5), (5, 5), 10)
    assert tip == (5, 5)
    assert sorted(barbs) == [(1, 15), (9, 15)]


@given(one=point, other=point)
def test_an_ellipse_is_drawn_between_its_corners_and_touches_each_side(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    (stroke,) = strokes(mark(MarkKind.ELLIPSE, one, other), as_it_lies)
    for axis in (0, 1):
        drawn_to = [at[axis] for at in stroke.points]
        assert (min(drawn_to), max(drawn_to)) == pytest.approx(sorted((one[axis], other[axis])), abs=1e-9)
    low, high = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    across, down = abs(one[0] - other[0]) / 2, abs(one[1] - other[1]) / 2
    if across > 0.1 and down > 0.1:
        for x, y in stroke.points:
            assert math.hypot((x - low) / across, (y - high) / down) == pytest.approx(1)


@given(one=point, other=point, size=st.floats(2, 30))
def test_the_ticks_of_a_length_stand_across_it_on_both_ends(
    one: tuple[float, float], other: tuple[float, float], size: float
) -> None:
    if math.dist(one, other) < 0.01:
        return
    line, *ticks = strokes(mark(MarkKind.LENGTH, one, other), as_it_lies, size)
    assert line.points == (one, other)
    for end, tick in zip((one, other), ticks, strict=True):
        (xa, ya), (xb, yb) = tick.points
        assert ((xa + xb) / 2, (ya + yb) / 2) == pytest.approx(end)
        assert math.dist(*tick.points) == pytest.approx(size)
        along = (xb - xa) * (other[0] - one[0]) + (yb - ya) * (other[1] - one[1])
        assert along / size / math.dist(one, other) == pytest.approx(0, abs=1e-6)


@given(at=st.tuples(st.floats(-500, 500), st.floats(-500, 500)))
def test_what_is_brought_back_stops_at_the_edge_of_the_outermost_pixel(at: tuple[float, float]) -> None:
    ((x, y),) = kept_on_picture((at,), 64, 48)
    assert x == (at[0] if -0.5 <= at[0] <= 63.5 else -0.5 if at[0] < 0 else 63.5)
    assert y == (at[1] if -0.5 <= at[1] <= 47.5 else -0.5 if at[1] < 0 else 47.5)


@given(shape=marks(), width=st.floats(20, 150), height=st.floats(10, 90))
def test_a_label_stays_whole_inside_the_pane(shape: Mark, width: float, height: float) -> None:
    place = label_place(shape, PLACE, (width, height), (400, 400))
    assert 0 <= place.x <= 400 - width
    assert 0 <= place.y <= 400 - height


def test_a_label_beside_an_ellipse_has_a_dotted_line_to_it() -> None:
    shape = mark(MarkKind.ELLIPSE, (60, 40), (80, 60))
    place = label_place(shape, Placement(100, 100, 400, 400).to_pane, (100, 60), (400, 400))
    assert place.leader is not None
    assert place.leader[0] == pytest.approx((242, 202))
    assert place.leader[1][0] == pytest.approx(place.x + 100)


def test_a_click_without_a_drag_makes_no_mark_but_a_text() -> None:
    assert not is_worth_keeping(mark(MarkKind.LENGTH, (5, 5), (5.2, 5)), PLACE)
    assert not is_worth_keeping(mark(MarkKind.ELLIPSE, (5, 5), (25, 5.1)), PLACE)
    assert is_worth_keeping(mark(MarkKind.ELLIPSE, (5, 5), (25, 15)), PLACE)
    assert is_worth_keeping(mark(MarkKind.TEXT, (5, 5)), PLACE)


def test_while_drawing_the_pointer_leads_the_second_end_and_an_arrows_tip() -> None:
    assert drawn(mark(MarkKind.LENGTH, (1, 1), (1, 1)), (9, 9)).points == ((1, 1), (9, 9))
    assert drawn(mark(MarkKind.ARROW, (1, 1), (1, 1)), (9, 9)).points == ((9, 9), (1, 1))
    assert drawn(mark(MarkKind.TEXT, (1, 1)), (9, 9)).points == ((9, 9),)


def test_labels_read_as_in_the_drawing() -> None:
    length = Measurement(23.1, "mm", "in the patient", "23.1 mm, in the patient", "exact to about 1 mm")
    numbers = RegionStatistics(88, 28, 0, 179, 309, 0, 309.0, "", ("mean value 88 ± 28", "smallest 0 · largest 179"))
    arrow = mark(MarkKind.ARROW, (1, 1), (2, 2), text="bright\u202e stripe\n")
    plain = mark(MarkKind.LENGTH, (1, 1), (2, 2))
    ellipse = mark(MarkKind.ELLIPSE, (1, 1), (2, 2))
    assert label_lines(arrow, 1) == ("1  bright stripe",)
    assert label_lines(plain, 2, length) == ("2  23.1 mm", "in the patient")
    assert label_lines(ellipse, 3, numbers) == ("3  ellipse", "mean value 88 ± 28", "smallest 0 · largest 179")
    assert row_lines(plain, length) == ("23.1 mm, in the patient", "exact to about 1 mm")
    assert row_lines(arrow) == ("Arrow",)
    assert title_words(plain) == "Length" == kind_words(MarkKind.LENGTH)
