"""A worker that was held at a bad moment: what it read before does not stand over what was done since."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst

from tests import clinic
from tests.fakes.messages_server import MessagesServer
from tests.patience import PATIENCE
from tests.usecases.sitting import Sitting, sitting
from viewer.answer.answer import Answer, AnswerState
from viewer.consult.consultation import Consultation
from viewer.consult.keys import Key, KeyStore
from viewer.disclosure.frame import Recipient
from viewer.document.changes import Change, DiscOpened, MarkRemoved
from viewer.document.model import State
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.marks.mark import MarkKind
from viewer.problem import ProblemError, problem
from viewer.usecases import papers
from viewer.usecases.asking import RunningQuestion


class Held:
    """Calls of a function wait before they return until they may go on."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self._real = real
        self.reached, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, *parts: Any) -> Any:
        value = self._real(*parts)
        self.reached.set()
        assert self.may_go_on.wait(PATIENCE)
        return value

    def method(self) -> Callable[..., Any]:
        """As a method of a class."""
        return lambda *parts: self(*parts)


# --- another disc between what was read and its place


def test_a_disc_is_kept_also_where_another_begins_before_its_place_is_found(
    seat: Sitting, ct: Path, cd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying = seat.session._copying
    other = Held(copying.medium_at)
    begun: list[Job[DiscIndex]] = []

    def another_begins(before: State, after: State, change: Change) -> None:
        if isinstance(change, DiscOpened) and not begun:
            monkeypatch.setattr(copying, "medium_at", other)
            begun.append(seat.session.open_path(str(cd)))
            seat.session._incoming._take_over(begun[0])

    seat.session.store.listen(another_begins)
    seat.open(ct)
    seat.until(lambda: seat.session._placing.is_placed)
    mark = seat.session.add_mark(MarkKind.ARROW, seat.slice(), ((4, 4), (9, 9)))
    other.may_go_on.set()
    seat.until(lambda: begun[0].finished and seat.session._placing.is_placed and not seat.state.document.marks)
    seat.open(ct)
    seat.until(lambda: bool(seat.state.document.marks))
    assert [one.id for one in seat.state.document.marks] == [mark.id]


# --- the same disc once more


def test_a_disc_asked_for_before_another_is_not_read_on_after_the_end(
    ct: Path, cd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sitting() as seat:
        copying = seat.session._copying
        first = Held(copying.medium_at)
        monkeypatch.setattr(copying, "medium_at", first)
        job = seat.session.open_path(str(cd))
        assert first.reached.wait(PATIENCE)
        monkeypatch.undo()
        seat.open(ct)
        seat.session.close()
        assert job.cancelled
        first.may_go_on.set()


def test_a_mark_drawn_while_the_same_disc_is_opened_again_is_there(seat: Sitting, ct: Path) -> None:
    seat.open(ct)
    slice_ = seat.slice()
    gone = seat.session.add_mark(MarkKind.ARROW, slice_, ((4, 4), (9, 9)))
    again = seat.session.open_path(str(ct))
    assert again.join(PATIENCE)  # what was kept has been read, and nobody was told yet
    kept = seat.session.add_mark(MarkKind.LENGTH, slice_, ((5, 5), (20, 20)))
    seat.session.store.dispatch(MarkRemoved(gone.id))
    before = seat.disc
    seat.until(lambda: seat.disc is not before and bool(seat.state.document.marks))
    assert seat.state.document.marks == (kept,)
    seat.session.close_disc()
    seat.open(ct)
    assert seat.state.document.marks == (kept,)


def test_a_question_stopped_by_opening_the_same_disc_again_has_ended_there(
    seat: Sitting, ct: Path, server: MessagesServer
) -> None:
    seat.open(ct)
    seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
    server.play("stall_after_headers")
    disclosure = seat.loop.result(seat.session.prepare("What is this?"))
    again = seat.session.open_path(str(ct))
    assert again.join(PATIENCE)
    turn = seat.session.send(disclosure, seat.session.consent(disclosure))
    before = seat.disc
    seat.until(lambda: seat.disc is not before and bool(seat.state.conversations.items))
    assert seat.answer(turn).state is AnswerState.STOPPED


# --- keys and addresses


def test_a_key_is_kept_for_the_address_it_was_given_for(seat: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    seat.session.setup.choose("address", "http://localhost:1", "m")
    kept: list[str] = []
    held = Held(lambda: None)
    for _ in range(4):  # all workers are busy
        seat.session.jobs.start("busy", lambda job: held())
    monkeypatch.setattr(KeyStore, "keep", lambda self, name, key: kept.append(name))
    job = seat.session.setup.keep_key("sk-very-secret-made-up")
    seat.session.setup.choose("address", "http://localhost:2", "m")
    held.may_go_on.set()
    seat.loop.result(job)
    assert kept == ["http://localhost:1"]


def test_the_test_of_an_address_takes_its_own_key_whatever_is_chosen_meanwhile(
    seat: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def answer(self: Consultation, to: Recipient, key: Key | None) -> None:
        asked.append((to.base_url, key.reveal() if key is not None else ""))
        raise ProblemError(problem("no_address"))

    monkeypatch.setattr(KeyStore, "get", lambda self, name: Key(f"sk-for-{name}"))
    monkeypatch.setattr(Consultation, "test", answer)
    seat.session.setup.choose("address", "http://localhost:1", "m")
    held = Held(type(seat.session.setup).recipient)
    monkeypatch.setattr(type(seat.session.setup), "recipient", held.method())
    job = seat.session.setup.test_connection()
    assert held.reached.wait(PATIENCE)
    seat.session.setup.choose("address", "http://localhost:2", "m")
    held.may_go_on.set()
    job.join(PATIENCE)
    assert asked == [("http://localhost:1", "sk-for-http://localhost:1")]


def test_a_model_that_was_found_does_not_stand_over_another_choice(
    seat: Sitting, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat.session.setup.choose("address", server.base_url, "")
    seat.session.setup._known["ask.address.model"] = ""
    assert not seat.session.setup.recipient().model
    held = Held(Consultation.test)
    monkeypatch.setattr(Consultation, "test", held.method())
    job = seat.session.setup.test_connection()
    assert held.reached.wait(PATIENCE)
    seat.session.setup.choose("address", "http://localhost:2", "my own")
    held.may_go_on.set()
    seat.loop.result(job)
    settings = seat.session.setup.settings()
    assert (settings.base_url, settings.model) == ("http://localhost:2", "my own")


# --- answers


def test_a_piece_that_comes_as_the_person_stops_is_not_lost() -> None:
    told: list[Answer] = []
    nothing: Any = None
    question = RunningQuestion(nothing, nothing, nothing, nothing, nothing, nothing, nothing, told.append)
    question._heard(Answer(AnswerState.ANSWERING, text="One"))
    lock = question._lock

    class Late:
        """The piece comes just before the stop is noted."""

        def __enter__(self) -> None:
            question._lock = lock
            question._heard(Answer(AnswerState.ANSWERING, text="One two"))
            lock.acquire()

        def __exit__(self, *ended: object) -> None:
            lock.release()

    question._lock = Late()  # type: ignore[assignment]
    assert question.stop().text == "One two"
    assert told[-1].state is AnswerState.STOPPED


# --- pictures and papers of a disc that was left


def test_facts_asked_for_before_the_disc_was_left_are_of_that_disc(seat: Sitting, ct: Path) -> None:
    seat.open(ct)
    pane = seat.pane
    expected = seat.loop.result(seat.session.facts(pane.series_id, pane.group, pane.plane, pane.index))
    held = Held(lambda: None)
    for _ in range(4):  # all workers are busy
        seat.session.jobs.start("busy", lambda job: held())
    job = seat.session.facts(pane.series_id, pane.group, pane.plane, pane.index)
    seat.session.close_disc()
    held.may_go_on.set()
    assert job.wait(PATIENCE) == expected


def test_what_was_read_of_a_paper_is_believed_of_its_own_disc_alone(
    seat: Sitting, ct: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker had asked whether its disc is still open, and writes what it read only after another was opened."""
    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    clinic.write(clinic.letter(typst.compile(b"A letter"), clinic.pictures(disc)[0]), disc / "LETTER")
    drawn: list[bytes] = []
    monkeypatch.setattr(papers, "draw_page", lambda document, *rest: drawn.append(document))
    seat.open(ct)
    before = seat.session._now.disc
    seat.open(disc)
    seat.session.papers.page("LETTER", 0, 100).join(PATIENCE)
    seat.session.papers._read = (before, "LETTER", b"of the disc before")
    seat.session.papers.page("LETTER", 0, 200).join(PATIENCE)
    assert len(drawn) == 2
    assert b"of the disc before" not in drawn
