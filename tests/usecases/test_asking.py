"""Asking: record first, then send; one row per attempt; Stop holds at once; nothing leaves without its record."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.messages_server import MessagesServer
from tests.usecases.sitting import Sitting, sitting
from viewer.answer.answer import AnswerState
from viewer.answer.ending import state_words
from viewer.archive.ledger import Ledger, LedgerEntry
from viewer.document.model import PaneView
from viewer.problem import ProblemError, problem


@pytest.fixture
def asking(seat: Sitting, ct: Path, server: MessagesServer) -> Sitting:
    """A disc on screen and who answers."""
    seat.open(ct)
    seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
    return seat


def kinds(seat: Sitting) -> list[tuple[object, object]]:
    return [(row["kind"], row["state"]) for row in seat.session.ledger_rows()]


def test_what_is_sent_is_what_was_agreed_to_and_stands_in_the_list(asking: Sitting, server: MessagesServer) -> None:
    disclosure = asking.loop.result(asking.session.prepare("What is this?"))
    assert not server.requests
    turn_id = asking.session.send(disclosure, asking.session.consent(disclosure))
    assert asking.session.asking
    asking.until(lambda: asking.answer(turn_id).state.ended)
    assert not asking.session.asking
    assert [request.body for request in server.asked] == [disclosure.body]
    assert kinds(asking) == [("sending", "sending"), ("ended", "complete")]
    assert asking.session.sent_png(disclosure.frames[0].sha256) == disclosure.frames[0].png
    (sent,) = asking.turn(turn_id).sent
    assert sent.series_uid == asking.volume.uid


def test_each_further_attempt_has_a_row_before_it_leaves(asking: Sitting, server: MessagesServer) -> None:
    server.play("529", "529", "normal", retry_after="0")
    turn = asking.ask()
    assert turn.answer.state is AnswerState.COMPLETE
    rows = kinds(asking)
    assert rows.count(("sending", "sending")) == len(server.asked) == 3
    assert rows[-1] == ("ended", "complete")


def test_without_its_record_a_further_attempt_does_not_leave(
    asking: Sitting, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, rows = Ledger.append, []

    def once(self: Ledger, entry: LedgerEntry) -> int:
        rows.append(entry.kind)
        if len(rows) > 1:
            raise ProblemError(problem("ledger_not_written", reason="the disk is full"))
        return append(self, entry)

    monkeypatch.setattr(Ledger, "append", once)
    server.play("529", "normal", retry_after="1")
    turn = asking.ask()
    assert turn.answer.state is AnswerState.FAILED
    assert turn.answer.problem is not None
    assert turn.answer.problem.code == "ask_not_again"
    assert "Nothing was sent" not in turn.answer.problem.text  # the first attempt had left
    assert len(server.asked) == 1
    assert asking.session.archive_problem is not None


@contextmanager
def held_up(monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[threading.Event]:
    """The list of sendings on a disk that takes its time over its record `number`; gives the event that it is at it."""
    append, at_it, goes_on, numbers = Ledger.append, threading.Event(), threading.Event(), itertools.count(1)

    def slow(self: Ledger, entry: LedgerEntry) -> int:
        if next(numbers) == number:
            at_it.set()
            goes_on.wait(20)
        return append(self, entry)

    monkeypatch.setattr(Ledger, "append", slow)
    try:
        yield at_it
    finally:
        goes_on.set()


def begun(asking: Sitting) -> str:
    """A question on its way."""
    disclosure = asking.loop.result(asking.session.prepare("What is this?"))
    return asking.session.send(disclosure, asking.session.consent(disclosure))


def test_a_further_attempt_waits_for_its_record_however_slow_the_disk_is(
    asking: Sitting, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.play("529", "normal", retry_after="0.01")
    with held_up(monkeypatch, 2) as at_it:
        turn_id = begun(asking)
        asking.until(at_it.is_set)
        end = time.monotonic() + 1.5  # a hundred times the countdown
        asking.until(lambda: time.monotonic() > end)
        assert len(server.asked) == 1
    asking.until(lambda: asking.answer(turn_id).state.ended)
    assert asking.answer(turn_id).state is AnswerState.COMPLETE
    assert len(server.asked) == 2


@pytest.mark.parametrize(("scripts", "number"), [(("529", "normal"), 2), (("normal",), 2)])
def test_stop_does_not_wait_for_a_slow_list_of_sendings(
    scripts: tuple[str, ...], number: int, asking: Sitting, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.play(*scripts, retry_after="0.01")
    with held_up(monkeypatch, number) as at_it:
        begun(asking)
        asking.until(at_it.is_set)
        pressed = time.monotonic()
        asking.session.stop()
        assert time.monotonic() - pressed < 10
    assert len(server.asked) == 1


def test_stop_is_stopped_at_once_and_stays_so(asking: Sitting, server: MessagesServer) -> None:
    server.play("slow")
    disclosure = asking.loop.result(asking.session.prepare("What is this?"))
    turn_id = asking.session.send(disclosure, asking.session.consent(disclosure))
    asking.until(lambda: bool(asking.answer(turn_id).text))
    asking.session.stop()
    stopped = asking.answer(turn_id)
    assert stopped.state is AnswerState.STOPPED
    assert stopped.text
    asking.until(lambda: kinds(asking)[-1] == ("ended", "stopped"))
    server.play("normal")
    assert asking.ask().answer.state is AnswerState.COMPLETE  # and what came late of the first changed nothing
    assert asking.answer(turn_id) == stopped


def test_stopping_at_once_leaves_an_honest_record(asking: Sitting, server: MessagesServer) -> None:
    disclosure = asking.loop.result(asking.session.prepare("What is this?"))
    turn_id = asking.session.send(disclosure, asking.session.consent(disclosure))
    asking.session.stop()
    assert asking.answer(turn_id).state is AnswerState.STOPPED
    asking.session.close()
    sent, ended = kinds(asking).count(("sending", "sending")), kinds(asking).count(("ended", "stopped"))
    assert sent == ended
    assert len(server.asked) <= sent


def test_a_program_that_ends_while_an_answer_comes_keeps_what_came(ct: Path, server: MessagesServer) -> None:
    with sitting() as seat:
        seat.open(ct)
        seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
        server.play("slow")
        disclosure = seat.loop.result(seat.session.prepare("What is this?"))
        turn_id = seat.session.send(disclosure, seat.session.consent(disclosure))
        seat.until(lambda: bool(seat.answer(turn_id).text))
    with sitting() as seat:
        seat.open(ct)
        answer = seat.answer(turn_id)
        assert answer.state is AnswerState.STOPPED
        assert answer.text
        assert answer.problem is not None
        assert answer.problem.code == "answer_left"  # nobody had pressed Stop


def test_leaving_the_disc_stops_its_question_and_the_next_disc_hears_nothing_of_it(
    asking: Sitting, server: MessagesServer, cd: Path
) -> None:
    server.play("slow")
    disclosure = asking.loop.result(asking.session.prepare("What is this?"))
    asking.session.send(disclosure, asking.session.consent(disclosure))
    asking.until(lambda: bool(server.asked))
    asking.open(cd)
    assert not asking.session.asking
    assert asking.state.conversations.items == ()
    assert kinds(asking)[-1] == ("ended", "stopped")


def test_an_answer_ended_by_opening_another_scan_does_not_say_that_the_person_stopped_it(
    asking: Sitting, ct: Path, server: MessagesServer, cd: Path
) -> None:
    server.play("stall_after_headers")
    disclosure = asking.loop.result(asking.session.prepare("What is this?"))
    turn_id = asking.session.send(disclosure, asking.session.consent(disclosure))
    asking.until(lambda: bool(server.asked))
    asking.open(cd)
    asking.open(ct)
    answer = asking.answer(turn_id)
    assert answer.state is AnswerState.STOPPED
    assert answer.problem is not None
    assert answer.problem.code == "answer_left_early"
    assert "You stopped" not in state_words(answer).sentence


def test_a_follow_up_goes_on_in_the_same_talk_and_sends_no_other_picture(
    asking: Sitting, server: MessagesServer
) -> None:
    first = asking.ask("What is this?")
    talk = asking.view.conversation
    asking.session.arrange((PaneView(asking.volume.id, 0, asking.pane.plane, 0),))
    asking.ask("And why?", talk)
    assert len(asking.state.conversations.items) == 1
    body = json.loads(server.asked[-1].body)
    pictures = [part for message in body["messages"] for part in message["content"] if part["type"] == "image"]
    assert len(pictures) == 1
    assert [m["role"] for m in body["messages"]] == ["user", "assistant", "user"]
    assert first.sent


def test_only_one_question_is_on_its_way(asking: Sitting, server: MessagesServer) -> None:
    server.play("slow")
    disclosure = asking.loop.result(asking.session.prepare("What is this?"))
    asking.session.send(disclosure, asking.session.consent(disclosure))
    with pytest.raises(ProblemError) as failure:
        asking.session.send(disclosure, asking.session.consent(disclosure))
    assert failure.value.problem.code == "already_asking"
    asking.session.stop()


def test_a_picture_of_a_disc_that_was_left_is_not_sent(asking: Sitting, server: MessagesServer, ct: Path) -> None:
    disclosure = asking.loop.result(asking.session.prepare("What is this?"))
    consent = asking.session.consent(disclosure)
    for _ in ("closed", "open again"):
        asking.session.close_disc() if asking.state.disc else asking.open(ct)
        with pytest.raises(ProblemError) as refused:
            asking.session.send(disclosure, consent)
        assert refused.value.problem.code == "scan_left"
    assert not asking.state.conversations.items
    assert not server.requests
    assert not asking.session.ledger_rows()
