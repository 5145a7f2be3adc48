"""Order, steps, gaps, doubles and tilt come from positions alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.geometry.orientations import rotations
from viewer.geometry.spacing import slice_stack

UP = np.array([0.0, 0.0, 1.0])


def along(offsets: list[float]) -> np.ndarray:
    return np.array([[5.0, 6.0, offset] for offset in offsets])


def test_steps_within_one_percent_or_two_hundredths_are_even() -> None:
    assert slice_stack(along([0, 0.996, 2.0, 3.004]), UP).uniform
    assert slice_stack(along([0, 5.0, 10.04, 15.0]), UP).uniform
    assert not slice_stack(along([0, 1.0, 2.0, 3.04]), UP).uniform


def test_a_hole_is_named_with_the_number_of_missing_pictures() -> None:
    stack = slice_stack(along([0, 1, 2, 3, 7, 8, 9]), UP)
    (gap,) = stack.gaps
    assert (gap.after, gap.mm, gap.missing) == (3, 4.0, 3)
    assert stack.step_mm == 1.0


@given(before=st.integers(2, 8), lost=st.integers(1, 40), behind=st.integers(2, 8), step=st.floats(0.3, 12))
def test_one_hole_anywhere_in_an_even_stack_is_counted(before: int, lost: int, behind: int, step: float) -> None:
    places = [*range(before), *range(before + lost, before + lost + behind)]
    stack = slice_stack(along([step * place for place in places]), UP)
    assert [(gap.after, gap.missing) for gap in stack.gaps] == [(before - 1, lost)]
    assert stack.gaps[0].mm == pytest.approx(step * (lost + 1))


def test_a_stack_that_goes_on_in_wider_steps_is_uneven_but_has_no_hole() -> None:
    stack = slice_stack(along([0, 1, 2, 3, 4, 6, 8, 10, 14, 18, 22]), UP)
    assert not stack.uniform
    assert stack.gaps == ()


def test_holes_beside_one_another_are_each_named() -> None:
    stack = slice_stack(along([0, 1, 2, 5, 8, 9, 10, 11]), UP)
    assert [gap.missing for gap in stack.gaps] == [2, 2]


def test_of_a_stack_copied_in_part_every_lost_picture_is_counted() -> None:
    kept = [0, 2, 3, 7, 9, 10, 11, 14, 15, 17, 18]  # of 0 to 18: one in two, and the median step is not the scanner's
    stack = slice_stack(along([3.27 * place for place in kept]), UP)
    assert [(gap.after, gap.missing) for gap in stack.gaps] == [(0, 1), (2, 3), (3, 1), (6, 2), (8, 1)]
    assert stack.step_mm == pytest.approx(3.27)


def test_two_pictures_at_one_place_do_not_shift_the_others() -> None:
    stack = slice_stack(along([0, 1, 2, 2, 3, 4]), UP)
    assert stack.places == 5
    assert stack.place_of == (0, 1, 2, 2, 3, 4)
    assert stack.order == (0, 1, 2, 3, 4, 5)
    assert stack.uniform
    assert stack.step_mm == 1.0


def test_a_single_picture_has_no_step() -> None:
    stack = slice_stack(along([3]), UP)
    assert (stack.places, stack.step_mm, stack.uniform, stack.tilt_degrees) == (1, None, True, 0.0)
    assert not stack.tilted(0.001)


@given(
    rotations(),
    st.lists(st.floats(0.5, 6), min_size=2, max_size=20),
    st.floats(-30, 30),
    st.floats(0, 360),
    st.randoms(use_true_random=False),
)
def test_any_order_and_tilt_gives_back_the_offsets_along_the_normal(
    rotation: np.ndarray, steps: list[float], tilt: float, towards: float, random: object
) -> None:
    offsets = np.concatenate([[0.0], np.cumsum(steps)])
    sideways = np.cos(np.radians(towards)) * rotation[:, 0] + np.sin(np.radians(towards)) * rotation[:, 1]
    points = np.outer(offsets, rotation[:, 2] + np.tan(np.radians(tilt)) * sideways) + 100.0
    shuffled = list(range(len(points)))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    stack = slice_stack(points[shuffled], rotation[:, 2])
    assert [shuffled[number] for number in stack.order] == list(range(len(points)))
    assert np.allclose(stack.steps, steps, atol=1e-6)
    assert stack.tilt_degrees == pytest.approx(abs(tilt), abs=1e-4)
    assert stack.sway_mm < 1e-6
    extent = float(offsets[-1])
    assert stack.tilted(0.5) == (abs(np.tan(np.radians(tilt))) * extent > 0.25)


@pytest.mark.parametrize("places", [6, 7, 12, 40, 200])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
def test_a_table_that_was_moved_once_is_no_tilt(places: int, share: float) -> None:
    jump = np.arange(places) >= round(share * places)
    points = np.outer(np.arange(places) * 3.0, (0.0, 0.0, 1.0)) + np.outer(jump * 6.0, (1.0, 0.0, 0.0))
    stack = slice_stack(points, np.array((0.0, 0.0, 1.0)))
    assert stack.sways(4.0)
    assert not stack.tilted(4.0)


def test_a_tilt_with_a_few_pictures_beside_its_line_is_one() -> None:
    along = np.arange(20) * 3.0
    points = np.outer(along, (0.3, 0.0, 1.0)) + np.outer(np.arange(20) == 7, (2.0, 0.0, 0.0))
    stack = slice_stack(points, np.array((0.0, 0.0, 1.0)))
    assert stack.sways(1.0)
    assert stack.tilted(1.0)
