"""Two windows on the same disc: each writes only what was done in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.document.samples import complete, turn
from tests.usecases.sitting import Sitting, sitting
from viewer.answer.answer import Answer, AnswerState
from viewer.document import changes as c
from viewer.marks.mark import Mark, MarkKind
from viewer.phantom.disc import DiscKind, write_disc


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A disc with two notes on it, "one" and "two"."""
    write_disc(tmp_path / "disc" / "first", DiscKind.CT, slices=9, size=32)
    with sitting() as seat:
        seat.open(tmp_path / "disc")
        for words in ("one", "two"):
            note(seat, words)
    return tmp_path / "disc"


@pytest.fixture
def both(folder: Path) -> Iterator[tuple[Sitting, Sitting]]:
    """Two windows, both on the disc."""
    with sitting() as first, sitting() as second:
        first.open(folder)
        second.open(folder)
        yield first, second


def note(seat: Sitting, words: str) -> None:
    seat.session.add_mark(MarkKind.TEXT, seat.show_native(seat.volume, 2), ((3, 3),), words)


def noted(seat: Sitting, words: str) -> Mark:
    return next(mark for mark in seat.state.document.marks if mark.text == words)


def kept(folder: Path) -> list[str]:
    with sitting() as seat:
        seat.open(folder)
        return [mark.text for mark in seat.state.document.marks]


def ended(*seats: Sitting) -> None:
    """Closed one after the other: who closes last writes last."""
    for seat in seats:
        seat.session.close()


def test_a_mark_deleted_in_one_window_does_not_come_back_from_the_other(
    folder: Path, both: tuple[Sitting, Sitting]
) -> None:
    first, second = both
    first.session.store.dispatch(c.MarkRemoved(noted(first, "one").id))
    note(second, "three")
    second.session.store.undo()
    second.session.store.redo()
    ended(first, second)
    assert kept(folder) == ["two", "three"]


def test_a_mark_changed_in_one_window_is_not_put_back_by_the_other(folder: Path, both: tuple[Sitting, Sitting]) -> None:
    first, second = both
    first.session.store.dispatch(c.MarkChanged(replace(noted(first, "one"), text="one, said better")))
    note(second, "three")
    second.session.store.undo()
    ended(first, second)
    assert kept(folder) == ["one, said better", "two"]


def test_who_changes_a_mark_that_the_other_window_deleted_keeps_it(folder: Path, both: tuple[Sitting, Sitting]) -> None:
    first, second = both
    first.session.store.dispatch(c.MarkRemoved(noted(first, "one").id))
    ended(first)
    second.session.store.dispatch(c.MarkChanged(replace(noted(second, "one"), text="one, and more")))
    ended(second)
    assert sorted(kept(folder)) == ["one, and more", "two"]


def test_a_deletion_that_was_undone_stays_undone(folder: Path, both: tuple[Sitting, Sitting]) -> None:
    first, second = both
    first.session.store.dispatch(c.MarkRemoved(noted(first, "one").id))
    first.session.store.undo()
    second.session.store.dispatch(c.MarkRemoved(noted(second, "two").id))
    ended(second, first)
    assert kept(folder) == ["one"]


def test_an_answer_that_ended_in_one_window_is_not_broken_off_by_the_other(folder: Path) -> None:
    with sitting() as first, sitting() as second:
        first.open(folder)
        store = first.session.store
        store.dispatch(c.QuestionAsked("t1", turn("q1")))
        store.dispatch(c.AnswerReceived("t1", "q1", Answer(AnswerState.ANSWERING, text="It is")))
        first.until(first.session._archive.flush)
        second.open(folder)
        assert second.answer("q1").state is AnswerState.BROKEN
        store.dispatch(c.AnswerReceived("t1", "q1", complete()))
        ended(first, second)
    with sitting() as again:
        again.open(folder)
        assert again.answer("q1") == complete()


def test_marks_of_a_folder_that_has_grown_are_left_to_the_other_window_too(folder: Path) -> None:
    write_disc(folder / "second", DiscKind.MAMMOGRAM, slices=2, size=64)
    with sitting() as first, sitting() as second:
        first.open(folder)
        second.open(folder)
        first.session.store.dispatch(c.MarkRemoved(noted(first, "one").id))
        ended(first, second)
    assert kept(folder) == ["two"]
