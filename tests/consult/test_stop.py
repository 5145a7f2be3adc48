"""Stop takes effect at once in every state, and the connection is closed; a child that dies is a Problem, never a hang."""

from __future__ import annotations

import hashlib
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import BinaryIO

import pytest

from tests.consult.conftest import QUICK
from tests.fakes.disclosures import consent, disclosure, recipient
from tests.fakes.messages_server import MessagesServer
from tests.patience import PATIENCE
from viewer.answer.answer import Answer, AnswerState
from viewer.consult.asking import Asking
from viewer.consult.consultation import Consultation
from viewer.consult.keys import Key
from viewer.consult.wire import Message, write_message

KEY = Key("sk-test-1234")
S = AnswerState


def begin(consultation: Consultation, server: MessagesServer, until: Callable[[Answer], bool]) -> Asking:
    """Ask and come back when an update fulfils `until`."""
    heard: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    question = disclosure(recipient(server.base_url))
    asking = consultation.ask(question, consent(question), KEY, heard.put)
    while not until(heard.get(timeout=PATIENCE)):
        pass
    return asking


@pytest.mark.parametrize(
    ("script", "state"),
    [
        ("stall_before_headers", S.SENDING),
        ("stall_after_headers", S.SENDING),
        ("429", S.WAITING),
        ("stall_mid_stream", S.ANSWERING),
        ("slow", S.REASONING),
        ("endless_drip", S.SENDING),
        ("endless_answer", S.ANSWERING),
    ],
)
def test_stop_works_at_once_in_every_state(
    script: str, state: AnswerState, consultation: Consultation, server: MessagesServer
) -> None:
    server.play(script, retry_after="4", delay=0.03)
    asking = begin(consultation, server, lambda answer: answer.state is state)
    assert server.arrived.wait(PATIENCE)
    before = asking.answer
    asking.stop()
    assert asking.ended
    answer = asking.wait(0)
    assert answer.state is S.STOPPED
    assert answer.text.startswith(before.text)
    assert server.closed.wait(PATIENCE), "the child must close the connection"


def test_stop_returns_within_a_hundred_milliseconds(consultation: Consultation, server: MessagesServer) -> None:
    server.play("endless_answer", delay=0.001)
    spent: list[float] = []
    for _ in range(5):
        asking = begin(consultation, server, lambda answer: len(answer.text) > 200)
        began = time.perf_counter()
        asking.stop()
        spent.append(time.perf_counter() - began)
    assert min(spent) < 0.1  # the promise itself is a time; the best of five, since the machine may be busy


def test_stop_before_the_child_has_even_started_sends_nothing(server: MessagesServer) -> None:
    consultation = Consultation(QUICK)
    try:
        question = disclosure(recipient(server.base_url))
        asking = consultation.ask(question, consent(question), KEY, lambda _: None)
        asking.stop()
        assert asking.wait(0).state is S.STOPPED
    finally:
        consultation.close()
    assert server.asked == []


def test_nothing_is_said_after_the_end(consultation: Consultation, server: MessagesServer) -> None:
    server.play("endless_answer", delay=0.001)
    heard: list[Answer] = []
    enough = threading.Event()

    def hear(answer: Answer) -> None:
        heard.append(answer)
        if answer.text:
            enough.set()

    question = disclosure(recipient(server.base_url))
    asking = consultation.ask(question, consent(question), KEY, hear)
    assert enough.wait(PATIENCE)
    asking.stop()
    count = len(heard)
    assert server.closed.wait(PATIENCE)
    asking.stop()
    assert len(heard) == count
    assert heard[-1].state is S.STOPPED


@contextmanager
def deaf_place() -> Iterator[str]:
    """An address whose queue of callers is full: connecting takes for ever."""
    with socket.socket() as listener, ExitStack() as callers:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_stop_while_connecting(consultation: Consultation) -> None:
    with deaf_place() as address:
        question = disclosure(recipient(address))
        heard: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        asking = consultation.ask(question, consent(question), KEY, heard.put)
        assert heard.get(timeout=PATIENCE).state is S.SENDING
        asking.stop()
        assert asking.wait(0).state is S.STOPPED


def test_a_place_that_never_picks_up_is_timed_out(consultation: Consultation) -> None:
    with deaf_place() as address:
        question = disclosure(recipient(address))
        limits = replace(QUICK, connect=0.3)
        answer = consultation.ask(question, consent(question), KEY, lambda _: None, limits).wait(PATIENCE)
        assert answer.state is S.TIMED_OUT
        assert answer.problem is not None
        assert answer.problem.code == "ask_not_picked_up"
        assert "Nothing was sent" in answer.problem.words


def test_a_place_where_nobody_listens_is_said_plainly(consultation: Consultation) -> None:
    question = disclosure(recipient("http://127.0.0.1:9"))
    answer = consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
    assert answer.state is S.FAILED
    assert answer.problem is not None
    assert answer.problem.code == "ask_no_connection"
    assert "127.0.0.1:9" in answer.problem.text


def test_a_place_that_is_gone_when_asked_once_more_is_not_said_to_have_got_nothing(consultation: Consultation) -> None:
    with MessagesServer() as server:
        server.play("429", retry_after="0.5")
        question = disclosure(recipient(server.base_url))

        def leaves(answer: Answer) -> None:
            if answer.state is S.WAITING:
                server.stop()

        answer = consultation.ask(question, consent(question), KEY, leaves).wait(PATIENCE)
    assert (answer.state, answer.attempts, len(server.asked)) == (S.FAILED, 2, 1)
    assert answer.problem is not None
    assert answer.problem.code == "ask_gone_meanwhile"
    assert "Nothing was sent" not in answer.problem.words


def test_a_child_that_dies_breaks_the_answer_and_the_next_question_gets_a_new_one(server: MessagesServer) -> None:
    consultation = Consultation(QUICK)
    try:
        server.play("stall_mid_stream", "normal")
        asking = begin(consultation, server, lambda answer: "bone" in answer.text)
        line = consultation._line
        assert line is not None
        line.process.kill()
        answer = asking.wait(PATIENCE)
        assert answer.state is S.BROKEN
        assert answer.problem is not None
        assert answer.problem.code == "ask_helper_died"
        assert "bone" in answer.text
        question = disclosure(recipient(server.base_url))
        again = consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
        assert again.state is S.COMPLETE
    finally:
        consultation.close()


def test_closing_stops_what_is_open(server: MessagesServer) -> None:
    consultation = Consultation(QUICK)
    server.play("endless_drip")
    question = disclosure(recipient(server.base_url))
    asking = consultation.ask(question, consent(question), KEY, lambda _: None)
    consultation.close()
    assert asking.wait(PATIENCE).state is S.STOPPED


def test_a_child_that_reads_nothing_any_more_is_ended_all_the_same(
    server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.consult.consultation.CLOSE_SECONDS", 0.1)
    deaf = [sys.executable, "-c", "import signal; signal.pause()"]
    process = subprocess.Popen(deaf, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    being_handed_over = threading.Event()

    def written(stream: BinaryIO, message: Message, binary: bytes = b"") -> None:
        being_handed_over.set()
        write_message(stream, message, binary)

    monkeypatch.setattr("viewer.consult.consultation.write_message", written)
    try:
        consultation = Consultation(QUICK, lambda: process)
        question = disclosure(recipient(server.base_url))
        body = b" " * (8 << 20)  # more than any pipe holds
        question = replace(question, body=body, sha256=hashlib.sha256(body).hexdigest())
        asking = consultation.ask(question, consent(question), KEY, lambda _: None)
        assert being_handed_over.wait(PATIENCE)
        consultation.close()
        assert asking.answer.state is S.STOPPED
        assert process.wait(PATIENCE) < 0
    finally:
        process.kill()
        process.wait()
