"""What folds first, and the sizes of the parts, for any width and text size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.gui.folding import Room, folding


def test_the_sizes_of_the_parts() -> None:
    small, large = folding(Room(1366)), folding(Room(1920))
    assert (small.left_width, small.right_width, small.small_panes, small.words) == (240, 320, 2, True)
    assert (large.left_width, large.right_width, large.small_panes) == (272, 480, 2)
    narrow, narrowest = folding(Room(1200)), folding(Room(1000))
    assert (narrow.left_width, narrow.small_panes, narrow.words) == (64, 1, False)
    assert (narrowest.left_width, narrowest.small_panes) == (64, 0)
    assert folding(Room(1366, percent=150)).strip


def test_a_page_takes_the_room_of_the_right_dock_and_the_preview_of_both() -> None:
    assert not folding(Room(1366, has_page=True)).right
    assert folding(Room(1366, has_page=True)).docks
    assert not folding(Room(1366, has_page=True, is_alone=True)).docks
    assert not folding(Room(1366, is_open=False)).docks


def test_parts_come_up_one_after_the_other() -> None:
    plans = [folding(Room(1366, due=due)) for due in range(4)]
    shown = [(plan.bar, plan.docks, plan.right) for plan in plans]
    assert shown == [(False, False, False), (True, False, False), (True, True, False), (True, True, True)]


@given(st.integers(960, 5000), st.integers(100, 200), st.sampled_from([None, True, False]))
def test_the_panes_always_keep_room(width: int, percent: int, left_folded: bool | None) -> None:
    plan = folding(Room(width, percent, left_folded=left_folded))
    assert width - plan.left_width - plan.right_width >= 0.19 * width
    assert max(plan.left_width, plan.right_width) <= plan.most


@given(st.integers(960, 3000))
def test_wider_never_folds_more(width: int) -> None:
    here, wider = folding(Room(width)), folding(Room(width + 1))
    assert wider.words >= here.words
    assert wider.strip <= here.strip
    assert wider.small_panes >= here.small_panes
