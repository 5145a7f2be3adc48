"""Bytes that no server should send: each ends in a known way, soon, without much memory, and a status counts as what it is."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.fakes.disclosures import disclosure, recipient
from tests.patience import PATIENCE
from viewer.answer.answer import AnswerState
from viewer.answer.ending import NOBODY_THERE
from viewer.consult import transport
from viewer.consult.client import Target, quieten, stream_answer
from viewer.consult.failures import Ended

BROKEN, FAILED, TIMED_OUT = AnswerState.BROKEN, AnswerState.FAILED, AnswerState.TIMED_OUT
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
DEEP = b"[" * 60_000
RUDE: dict[str, tuple[bytes, Iterable[bytes], AnswerState, str]] = {  # beginning, what follows, ending
    "not HTTP": (b"\x00\xff\xfe garbage\r\n\r\n", (), BROKEN, "answer_broken"),
    "an alert of TLS": (b"\x15\x03\x01\x00\x02\x02\x28", (), BROKEN, "answer_broken"),
    "another protocol": (b"HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n", (), BROKEN, "answer_broken"),
    "for ever 100": (b"", itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), TIMED_OUT, "answer_silent"),
    "a header without end": (b"HTTP/1.1 200 OK\r\nX: ", itertools.repeat(b"a" * 65536), BROKEN, "answer_broken"),
    "headers without end": (b"HTTP/1.1 200 OK\r\n", itertools.repeat(b"X: a\r\n" * 999), BROKEN, "answer_broken"),
    "a NUL in a header": (b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n", (), BROKEN, "answer_broken"),
    "odd bytes in the kind": (b"HTTP/1.1 200 \xff\r\nContent-Type: text/event-stream\xff\r\n\r\n", (), BROKEN, "answer_not_understood"),
    "no content": (b"HTTP/1.1 204 X\r\n\r\n", (), BROKEN, "answer_not_understood"),
    "shorter than it says": (STREAM + b"Content-Length: 500\r\n\r\n: x\n\n", (), BROKEN, "answer_broken"),
    "a negative length": (STREAM + b"Content-Length: -5\r\n\r\n", (), BROKEN, "answer_broken"),
    "two lengths": (STREAM + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello", (), BROKEN, "answer_broken"),
    "a bad chunk": (STREAM + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello", (), BROKEN, "answer_broken"),
    "a huge chunk": (STREAM + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello", (), BROKEN, "answer_broken"),
    "two packings": (STREAM + b"Content-Encoding: identity, gzip\r\n\r\nhello", (), BROKEN, "answer_packed"),
    "brotli": (STREAM + b"Content-Encoding: br\r\n\r\nhello", (), BROKEN, "answer_packed"),
    "a line without end": (STREAM + b"\r\ndata: ", itertools.repeat(b"a" * 65536), BROKEN, "answer_not_understood"),
    "a number without end": (STREAM + b'\r\nevent: a\ndata: {"type":' + b"9" * 99_999 + b"}\n\n", (), BROKEN, "answer_not_understood"),
    "a page for a wrong door": (b"HTTP/1.1 400 X\r\nContent-Type: text/html\r\n\r\n<html>sent to HTTPS port</html>", (), FAILED, "ask_unexpected_status"),
    "nowhere to go": (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", (), FAILED, "ask_redirected"),
    "to a script": (b"HTTP/1.1 301 X\r\nLocation: \x01javascript:\r\nContent-Length: 0\r\n\r\n", (), FAILED, "ask_redirected"),
    "no such status": (b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", (), FAILED, "ask_service_down"),
    "a packed error": (b"HTTP/1.1 401 X\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", (), FAILED, "ask_key_refused"),
    "an error cut short": (b"HTTP/1.1 402 X\r\nContent-Length: 900\r\n\r\nabc", (), FAILED, "ask_no_credit"),
    "a deep error": (b"HTTP/1.1 400 X\r\nContent-Type: application/json\r\n\r\n" + DEEP, (), FAILED, "ask_not_accepted"),
    "an error without end": (b"HTTP/1.1 403 X\r\n\r\n", itertools.repeat(b"a" * 65536), FAILED, "ask_not_allowed"),
    "an error that is not UTF-8": (b'HTTP/1.1 400 X\r\nContent-Type: application/json\r\n\r\n{"error": "\xff\xfe\x1b"}', (), FAILED, "ask_not_accepted"),
    "a year too far": (b"HTTP/1.1 429 X\r\nretry-after: Wed, 21 Oct 99999 07:28:00 GMT\r\nContent-Length: 0\r\n\r\n", (), FAILED, "ask_busy"),
}  # fmt: skip


@contextmanager
def rude(first: bytes, more: Iterable[bytes], *, hangs: bool = False) -> Iterator[str]:
    """A server that takes one request and says just these bytes; with `hangs` it then keeps the connection."""
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request or len(request) < expected(request):
                request += connection.recv(65536)
            for piece in itertools.chain((first,), more):
                connection.sendall(piece)
            if hangs:
                over.wait(PATIENCE)

    def expected(request: bytes) -> int:
        head = request.partition(b"\r\n\r\n")[0]
        length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        return len(head) + 4 + int(length.partition(b":")[2])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve)
        server.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            server.join(PATIENCE)


def ending(address: str, silence: float = 20.0, key: str = "sk-test-1234") -> Ended:
    """How one question to this address ends."""
    quieten()
    question = disclosure(recipient(address))
    target = Target(address, key, "Authorization", "2026-10-21", question.sha256, silence=silence)
    with pytest.raises(Ended) as end:
        asyncio.run(stream_answer(target, question.body, lambda _: None, lambda _: None))
    return end.value


@pytest.mark.parametrize("kind", RUDE)
def test_rude_bytes_end_in_a_known_way(kind: str) -> None:
    first, more, state, code = RUDE[kind]
    with rude(first, more) as address:
        end = ending(address, 0.5 if state is TIMED_OUT else 20.0)
    assert (end.state, end.code) == (state, code)
    assert len(end.where) <= 300
    assert end.where.isprintable()


@pytest.mark.parametrize(
    "body", [b'{"error": {"message": "out of memory"}}', b'{"error": "out of memory"}', b'{"detail": "out of memory"}']
)
def test_an_error_that_comes_as_a_success_is_told_in_its_own_words(body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    with rude(head + body, ()) as address:
        end = ending(address)
    assert (end.state, end.code, end.where) == (BROKEN, "answer_not_streamed", "out of memory")


def test_an_error_whose_body_never_comes_is_still_that_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ERROR_SECONDS", 0.2)
    with rude(b"HTTP/1.1 401 X\r\nContent-Length: 10\r\n\r\n", (), hangs=True) as address:
        end = ending(address)
    assert (end.state, end.code) == (FAILED, "ask_key_refused")


def test_a_server_that_wants_a_key_where_there_is_none_is_not_told_to_have_refused_one() -> None:
    with rude(b"HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n", ()) as address:
        assert ending(address, key="").code == "ask_key_wanted"


def test_what_a_rude_server_calls_a_request_is_made_plain() -> None:
    with rude(
        b"HTTP/1.1 500 X\r\nrequest-id: \xc2\x9b31m" + b"x" * 500 + b"\r\nContent-Length: 0\r\n\r\n", ()
    ) as address:
        end = ending(address)
    assert end.request_id.isprintable()
    assert len(end.request_id) <= 100


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this computer, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    paths = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *paths]
    subprocess.run(make, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.parametrize(
    ("said", "code"),
    [(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "ask_not_encrypted"), (b"", "ask_no_connection")],
)
def test_an_address_that_begins_with_https_where_nothing_is_encrypted_is_told_as_that(said: bytes, code: str) -> None:
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve)
        server.start()
        end = ending(f"https://127.0.0.1:{listener.getsockname()[1]}")
        server.join(30)
    assert (end.state, end.code, end.wait) == (FAILED, code, None)
    assert end.code in NOBODY_THERE


@pytest.mark.parametrize("said", [b"", STREAM + b"\r\n: alive\n\n"])
def test_encryption_that_breaks_once_the_question_is_out_is_not_told_as_nothing_sent(
    said: bytes, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    monkeypatch.setattr(transport, "trust", lambda: trusting)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)
    received: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with serving.wrap_socket(connection, server_side=True) as talk:
            while b'"stream":true' not in b"".join(received):
                received.append(talk.recv(65536))
            talk.sendall(said)
            with socket.socket(fileno=talk.detach()) as bare:
                bare.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)  # a record that cannot be read

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve)
        server.start()
        end = ending(f"https://127.0.0.1:{listener.getsockname()[1]}")
        server.join(30)
    assert (end.state, end.code) == (BROKEN, "answer_broken")
    assert b"image/png" in b"".join(received)


def refused(status: int, said: str) -> Ended:
    """The ending where a service gives this status, with these words of its own."""
    body = json.dumps({"error": {"message": said}}).encode()
    with rude(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body, ()) as address:
        return ending(address)


@pytest.mark.parametrize(
    "said",
    [
        "messages.1.content.0: Invalid `signature` in `thinking` block",
        "`thinking` blocks in the latest assistant message cannot be modified",
    ],
)
def test_a_conversation_that_no_question_can_go_on_with_is_told_as_one(said: str) -> None:
    body = b'{"error": {"type": "invalid_request_error", "message": "%s"}}' % said.encode()
    with rude(b"HTTP/1.1 400 X\r\nContent-Length: %d\r\n\r\n" % len(body) + body, ()) as address:
        assert ending(address).code == "ask_history_refused"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"),
        (400, "Model does not support images. Please use a model that does."),
    ],
)
def test_a_model_without_eyes_is_told_as_one_and_not_asked_again(status: int, said: str) -> None:
    end = refused(status, said)
    assert (end.state, end.code, end.wait) == (FAILED, "ask_no_pictures", None)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "This model's maximum context length is 8192 tokens. However, you requested 19041 tokens in all."),
        (400, "'max_tokens' is too large: 16000. This model supports at most 4096 completion tokens."),
        (400, "input length and `max_tokens` exceed context limit: 189000 + 16000 > 200000"),
        (400, "prompt is too long: 210000 tokens > 200000 maximum"),
        (400, "the request exceeds the available context size. try increasing the context size"),
        (500, "Reached context length of 4096 tokens. Try reloading with a larger context length."),
    ],
)
def test_a_question_for_which_a_model_has_no_room_is_told_as_that_and_not_tried_again(status: int, said: str) -> None:
    end = refused(status, said)
    assert (end.state, end.code, end.wait) == (FAILED, "ask_no_room", None)


def test_an_odd_wish_for_reasoning_is_not_told_as_a_lack_of_room() -> None:
    said = "`max_tokens` must be greater than `thinking.budget_tokens`"
    assert refused(400, said).code == "ask_not_accepted"


def test_a_picture_that_is_too_large_for_a_service_is_not_told_as_a_model_without_eyes() -> None:
    said = "The service does not support images larger than 5 MB."
    assert refused(413, said).code == "ask_too_large"


@pytest.mark.parametrize(
    "said",
    [
        "messages.0.content.0.image.source.base64: image exceeds 5 MB maximum: 6543210 bytes > 5242880 bytes",
        "The request body is too large.",
    ],
)
def test_a_question_that_is_too_large_is_told_as_that_also_where_the_status_says_less(said: str) -> None:
    end = refused(400, said)
    assert (end.state, end.code, end.wait, end.where) == (FAILED, "ask_too_large", None, said)


@pytest.mark.parametrize(
    "said",
    [
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.",
        "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
        "Budget has been exceeded! Current cost: 10.2, Max budget: 10.0",
        "You exceeded your current quota, please check your plan and billing details.",
    ],
)
def test_an_account_without_credit_is_told_as_that_also_where_the_status_says_less(said: str) -> None:
    end = refused(400, said)
    assert (end.state, end.code, end.wait, end.where) == (FAILED, "ask_no_credit", None, said)


@pytest.mark.parametrize("said", ["thinking: Extra inputs are not permitted", "Invalid request", ""])
def test_a_refusal_that_is_not_of_the_size_stays_one(said: str) -> None:
    assert refused(400, said).code == "ask_not_accepted"
