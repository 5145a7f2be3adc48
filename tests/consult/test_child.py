"""The child process as seen from outside: who sees the key, when it ends, whom it trusts."""

from __future__ import annotations

import asyncio
import os
import select
import shutil
import signal
import ssl
import subprocess
import sys
from itertools import chain, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.consult.conftest import QUICK
from tests.fakes.disclosures import consent, disclosure, recipient
from tests.fakes.messages_server import MessagesServer
from tests.patience import PATIENCE
from viewer.answer.answer import AnswerState
from viewer.consult.child import Batch, Child
from viewer.consult.consultation import Consultation
from viewer.consult.failures import retry_after
from viewer.consult.keys import Key
from viewer.consult.sse import Events, NotTheStream

KEY = Key("sk-test-1234")
linux_only = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")

_PARENT = """
import sys, threading, time
from viewer.consult.consultation import Consultation
made = Consultation()
made.warm()
while made._line is None:
    time.sleep(0.01)
print(made._line.process.pid, flush=True)
threading.Event().wait()
"""


@linux_only
def test_the_key_is_in_no_argument_and_no_environment(
    consultation: Consultation, server: MessagesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIDELIGHT_API_KEY", KEY.reveal())
    question = disclosure(recipient(server.base_url))
    consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
    line = consultation._line
    assert line is not None
    for part in ("cmdline", "environ"):
        assert KEY.reveal().encode() not in Path(f"/proc/{line.process.pid}/{part}").read_bytes()


def test_a_child_that_was_warmed_answers(server: MessagesServer) -> None:
    made = Consultation()
    try:
        made.warm()
        question = disclosure(recipient(server.base_url))
        answer = made.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
        assert answer.state is AnswerState.COMPLETE
    finally:
        made.close()


@linux_only
def test_the_child_keeps_no_connection_after_the_answer(consultation: Consultation, server: MessagesServer) -> None:
    server.play("stays_open")
    question = disclosure(recipient(server.base_url))
    consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
    assert server.closed.wait(PATIENCE)


@linux_only
def test_the_child_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        watched = os.pidfd_open(child)
        parent.send_signal(signal.SIGKILL)
        ended, _, _ = select.select([watched], [], [], PATIENCE)  # readable once the process has ended
        os.close(watched)
        assert ended


def test_a_server_whose_identity_cannot_be_verified_is_not_asked(consultation: Consultation, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    paths = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", *paths]
    subprocess.run(make, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with MessagesServer("normal", tls=context) as server:
        question = disclosure(recipient(server.base_url))
        answer = consultation.ask(question, consent(question), KEY, lambda _: None, QUICK).wait(PATIENCE)
        assert server.requests == []
    assert answer.state is AnswerState.FAILED
    assert answer.problem is not None
    assert answer.problem.code == "ask_not_trusted"


STREAM = 'event: a\ndata: {"type": "a", "x": "ü"}\n\n: comment\n\nevent: b\r\ndata: {"type":\r\ndata: "b"}\r\n\r\ndata: [DONE]\n\n'


@given(st.lists(st.integers(0, len(STREAM.encode())), max_size=8))
def test_events_are_the_same_however_the_bytes_are_cut(cuts: list[int]) -> None:
    data, events = STREAM.encode(), Events()
    edges = [0, *sorted(cuts), len(data)]
    found = [event for low, high in pairwise(edges) for event in events.feed(data[low:high])]
    assert found == [{"type": "a", "x": "ü"}, {"type": "b"}]
    assert events.nameless == 1


@pytest.mark.parametrize("data", [b"\xff", b"{", b"NaN", b"[" * 100_000, b'{"a": Infinity}'])
def test_what_is_no_event_is_refused_in_one_way(data: bytes) -> None:
    with pytest.raises(NotTheStream):
        list(Events().feed(b"event: a\ndata: " + data + b"\n\n"))


@pytest.mark.parametrize("chunk", [b"x" * 65_536, b"data: " + b"x" * 65_530 + b"\n"])
def test_an_event_without_end_is_refused_before_it_fills_the_memory(chunk: bytes) -> None:
    events = Events()
    with pytest.raises(NotTheStream):
        list(chain.from_iterable(events.feed(chunk) for _ in range(200)))


def test_an_event_of_a_kind_that_means_nothing_stays_in_the_child() -> None:
    sent: list[dict[str, Any]] = []

    async def hand_over() -> bool:
        batch = Batch(cast("Child", SimpleNamespace(send=sent.append)), 1)
        for kind in ("surprise", ["message_stop"], None):
            batch.add({"type": kind, "x": [1] * 1_000})
        batch.add({"type": "message_stop"})
        batch.flush()
        return batch.any

    assert asyncio.run(hand_over())
    assert sent == [{"kind": "events", "id": 1, "events": [{"type": "message_stop"}]}]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after-ms": "300", "retry-after": "9"}, 0.3),
        ({"retry-after": "-4"}, 0.0),
        ({"retry-after": "nan"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 99999 07:28:00 GMT"}, None),
        ({"retry-after": "1e999"}, float("inf")),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_time_to_wait_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds
