"""A strict loopback Messages server: real HTTP/1.1 and server-sent events over sockets, scripted to misbehave.

    with MessagesServer("normal") as server: ... server.base_url, server.requests
    MessagesServer("429", "normal")   the first request gets the first script, later ones the next, the last repeats

By hand: python -m tests.fakes.messages_server --script normal --port 8123
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from typing_extensions import override

from tests.fakes.messages_rules import Complaint, Rules, canonical, check_body, check_head

REASONING = "The picture is a cut seen from the side. I look at the vertebrae first, then at the discs."
ANSWER = "This picture shows a **spine** from the side.\n\n- The bright parts are fluid.\n- The grey parts are bone."
HOSTILE = (
    "<img src='http://evil.example/x.png'><script>alert(1)</script> ![x](file:///etc/passwd) [click](http://evil.example)\n"
    "\x1b]0;title\x07\x1b[31mred\x9b31m \u202eevil\u202c \u2066x\u2069 \x00\x08\x7f a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301b "
    "<b>bold</b> &lt;b&gt; sidelight://open =cmd|calc \ud83d\ude00"
)
MODELS = [
    {"type": "model", "id": "claude-opus-5-5", "display_name": "Claude Opus 5.5", "lifecycle": "active",
     "capabilities": {"image_input": {"supported": True}}},
    {"type": "model", "id": "claude-text-1", "display_name": "Claude Text", "lifecycle": "active",
     "capabilities": {"image_input": {"supported": False}}},
    {"type": "model", "id": "claude-old-1", "display_name": "Claude Old", "lifecycle": "retired",
     "capabilities": {"image_input": {"supported": True}}},
    {"type": "model", "id": "claude-haiku-5-5", "display_name": "Claude Haiku 5.5", "lifecycle": "active",
     "capabilities": {"image_input": {"supported": True}}},
]  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """One request exactly as it came: `raw` is head and body, `headers` in order with their own capitals."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw: bytes

    @property
    def names(self) -> set[str]:
        """Lower-case header names."""
        return {name.lower() for name, _ in self.headers}

    def header(self, name: str) -> str:
        """Value of a header, "" without it."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


@dataclass
class Settings:
    """What a test may turn."""

    rules: Rules = field(default_factory=Rules)
    strict: bool = True
    chunked: bool = True
    reasoning: str = REASONING
    answer: str = ANSWER
    said: str = ""  # the message of an error, instead of the usual one
    model: str = "claude-opus-5-5"
    delay: float = 0.02  # seconds between the pieces of a slow script
    retry_after: str = "1"
    redirect_to: str = "http://127.0.0.1:9"
    models: str = "normal"  # "normal" | "404" | "openai" | "empty" | "null" | "html"
    piece: int = 24  # characters of one delta


class Talk:
    """One connection of the server: what a script uses to speak."""

    def __init__(self, server: MessagesServer, connection: socket.socket) -> None:
        self.server, self.settings = server, server.settings
        self.connection = connection
        self.chunked = server.settings.chunked

    def head(self, status: int, kind: str, *extra: tuple[str, str], length: int | None = None) -> None:
        """Status line and headers; without `length` the body is chunked or ends with the connection."""
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", "request-id: req_fake_1"]
        lines += [f"{name}: {value}" for name, value in extra]
        if length is not None:
            lines.append(f"Content-Length: {length}")
            self.chunked = False
        elif self.chunked:
            lines.append("Transfer-Encoding: chunked")
        self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode())

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def body(self, data: bytes) -> None:
        """A piece of the body."""
        if data:
            self.send(b"%x\r\n%s\r\n" % (len(data), data) if self.chunked else data)

    def end(self) -> None:
        """The body's proper end."""
        if self.chunked:
            self.send(b"0\r\n\r\n")

    def whole(self, status: int, kind: str, data: bytes, *extra: tuple[str, str]) -> None:
        """A whole answer at once."""
        self.head(status, kind, *extra, length=len(data))
        self.send(data)

    def event(self, event: dict[str, Any], named: bool = True) -> None:
        """One server-sent event."""
        name = f"event: {event['type']}\n" if named else ""
        self.body(f"{name}data: {json.dumps(event)}\n\n".encode())

    def events(self, events: Iterator[dict[str, Any]], delay: float = 0.0) -> None:
        """Several; while `delay` is set, the server's end is noticed between them."""
        for event in events:
            self.event(event)
            if delay and self.server.stopping.wait(delay):
                return

    def stream(self, events: Iterator[dict[str, Any]], delay: float = 0.0) -> None:
        """A whole proper stream of `events`."""
        self.head(200, "text/event-stream; charset=utf-8")
        self.events(events, delay)
        self.end()

    def hang(self) -> None:
        """Say nothing until the test is over or the other side has gone."""
        self.connection.settimeout(0.05)
        while not self.server.stopping.is_set():
            try:
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def reset(self) -> None:
        """End the connection with a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    # --- events ------------------------------------------------------------------------------------------------
    def start(self) -> Iterator[dict[str, Any]]:
        usage = {"input_tokens": 1500, "output_tokens": 1, "cache_read_input_tokens": 0}
        message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": self.settings.model}
        yield {"type": "message_start", "message": {**message, "stop_reason": None, "usage": usage}}
        yield {"type": "ping"}

    def block(self, index: int, first: dict[str, Any], kind: str, key: str, text: str) -> Iterator[dict[str, Any]]:
        yield {"type": "content_block_start", "index": index, "content_block": first}
        for at in range(0, len(text), self.settings.piece):
            delta = {"type": kind, key: text[at : at + self.settings.piece]}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        if first["type"] == "thinking":
            signature = f"sig+{len(text)}/=="
            self.server.issue({"type": "thinking", "thinking": text, "signature": signature})
            delta = {"type": "signature_delta", "signature": signature}
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}

    def thinking(self, index: int = 0) -> Iterator[dict[str, Any]]:
        first = {"type": "thinking", "thinking": "", "signature": ""}
        yield from self.block(index, first, "thinking_delta", "thinking", self.settings.reasoning)

    def text(self, index: int = 1) -> Iterator[dict[str, Any]]:
        yield from self.block(index, {"type": "text", "text": ""}, "text_delta", "text", self.settings.answer)

    def stop(self, reason: str | None, details: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        delta: dict[str, Any] = {"stop_reason": reason, "stop_sequence": None}
        if details is not None:
            delta["stop_details"] = details
        usage = {"output_tokens": 320, "output_tokens_details": {"thinking_tokens": 200}}
        yield {"type": "message_delta", "delta": delta, "usage": usage}

    def last(self) -> Iterator[dict[str, Any]]:
        yield {"type": "message_stop"}

    def usual(self) -> Iterator[dict[str, Any]]:
        for part in (self.start(), self.thinking(), self.text(), self.stop("end_turn"), self.last()):
            yield from part


Script = Callable[[Talk], None]


def _error(status: int, kind: str, message: str, **extra: str) -> Script:
    def script(talk: Talk) -> None:
        headers = [(name.replace("_", "-"), value) for name, value in extra.items()]
        if status == 429:
            headers.append(("retry-after", talk.settings.retry_after))
        talk.whole(status, "application/json", Complaint(status, kind, talk.settings.said or message).body(), *headers)

    return script


def _normal(talk: Talk) -> None:
    talk.stream(talk.usual())


def _slow(talk: Talk) -> None:
    talk.stream(talk.usual(), talk.settings.delay)


def _cut_before_end(talk: Talk) -> None:
    talk.chunked = False
    talk.head(200, "text/event-stream")
    for part in (talk.start(), talk.thinking(), talk.text()):
        talk.events(part)


def _cut_chunked(talk: Talk) -> None:
    talk.chunked = True
    talk.head(200, "text/event-stream")
    for part in (talk.start(), talk.thinking(), talk.text()):
        talk.events(part)


def _cut_before_stop(talk: Talk) -> None:
    talk.chunked = False
    talk.head(200, "text/event-stream")
    for part in (talk.start(), talk.thinking(), talk.text(), talk.stop("end_turn")):
        talk.events(part)


def _reset(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    for part in (talk.start(), talk.thinking(), talk.text()):
        talk.events(part)
    time.sleep(0.05)  # let what was sent be read: a reset drops what lies in the receiver's buffer
    talk.reset()


def _reset_at_once(talk: Talk) -> None:
    talk.reset()


def _stall_before_headers(talk: Talk) -> None:
    talk.hang()


def _stall_after_headers(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    talk.hang()


def _stall_mid_stream(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    for part in (talk.start(), talk.thinking(), talk.text()):
        talk.events(part)
    talk.hang()


def _error_event(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    for part in (talk.start(), talk.thinking(), talk.text()):
        talk.events(part)
    talk.event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})
    talk.end()


def _llama_error(*, begins: bool) -> Script:
    """As llama.cpp's server ends an answer for which there is no room any more: an error whose type is not "error"."""

    def script(talk: Talk) -> None:
        talk.head(200, "text/event-stream")
        for part in (talk.start(), talk.thinking(), talk.text()) if begins else ():
            talk.events(part)
        said = json.dumps({"code": 500, "message": "Context size has been exceeded.", "type": "server_error"})
        talk.body(f"event: error\ndata: {said}\n\n".encode())
        talk.end()

    return script


def _html(talk: Talk) -> None:
    talk.whole(200, "text/html", b"<html><body>Welcome to the hotel network</body></html>")


def _html_as_stream(talk: Talk) -> None:
    talk.whole(200, "text/event-stream", b"<html>\n<body>\n\nWelcome\n\n</body></html>\n\n")


def _plain_json(talk: Talk) -> None:
    content = [{"type": "text", "text": talk.settings.answer}]
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": content, "stop_reason": "end_turn"}
    talk.whole(200, "application/json", json.dumps(message).encode())


def _nameless(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    for event in talk.usual():
        talk.event(event, named=False)
    talk.end()


def _no_message_start(talk: Talk) -> None:
    talk.stream(event for event in talk.usual() if event["type"] != "message_start")


def _redirect(talk: Talk) -> None:
    talk.whole(307, "text/plain", b"", ("Location", talk.settings.redirect_to + "/v1/messages"))


def _refusal_before(talk: Talk) -> None:
    def events() -> Iterator[dict[str, Any]]:
        yield from talk.start()
        yield from talk.stop("refusal", {"type": "refusal", "category": "bio", "explanation": "policy"})
        yield from talk.last()

    talk.stream(events())


def _refusal_after(talk: Talk) -> None:
    def events() -> Iterator[dict[str, Any]]:
        for part in (talk.start(), talk.thinking(), talk.text()):
            yield from part
        yield from talk.stop("refusal", {"type": "refusal", "category": None})
        yield from talk.last()

    talk.stream(events())


def _stops_with(reason: str) -> Script:
    def script(talk: Talk) -> None:
        def events() -> Iterator[dict[str, Any]]:
            for part in (talk.start(), talk.thinking(), talk.text(), talk.stop(reason), talk.last()):
                yield from part

        talk.stream(events())

    return script


def _thinking_only(talk: Talk) -> None:
    def events() -> Iterator[dict[str, Any]]:
        for part in (talk.start(), talk.thinking(), talk.stop("max_tokens"), talk.last()):
            yield from part

    talk.stream(events())


def _unknown(talk: Talk) -> None:
    def events() -> Iterator[dict[str, Any]]:
        yield from talk.start()
        yield {"type": "weather_report", "sunny": True}
        yield from talk.thinking(0)
        future = {"type": "future_block", "zeta": [1, None, {"a": "ü"}], "data": "opaque"}
        talk.server.issue(future)
        yield {"type": "content_block_start", "index": 1, "content_block": future}
        yield {"type": "content_block_delta", "index": 1, "delta": {"type": "future_delta", "x": 1}}
        yield {"type": "content_block_stop", "index": 1}
        redacted = {"type": "redacted_thinking", "data": "b3BhcXVl"}
        talk.server.issue(redacted)
        yield {"type": "content_block_start", "index": 2, "content_block": redacted}
        yield {"type": "content_block_stop", "index": 2}
        for part in (talk.text(3), talk.stop("end_turn"), talk.last()):
            yield from part

    talk.stream(events())


def _empty_reasoning(talk: Talk) -> None:
    talk.settings.reasoning = ""
    _normal(talk)


def _two_megabytes(talk: Talk) -> None:
    talk.settings.answer, talk.settings.piece = "This is one line of a long answer. \n" * 58_000, 1000
    _normal(talk)


def _too_long(talk: Talk) -> None:
    talk.settings.answer, talk.settings.piece = "x" * 5_000_000, 10_000
    _normal(talk)


def _hostile(talk: Talk) -> None:
    talk.settings.answer, talk.settings.piece = HOSTILE, 7
    _normal(talk)


def _gzip_bomb(talk: Talk) -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024), 6)
    talk.whole(200, "text/event-stream", bomb, ("Content-Encoding", "gzip"))


def _endless_drip(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    talk.events(talk.start())
    while not talk.server.stopping.wait(talk.settings.delay):
        talk.event({"type": "ping"})


def _endless_answer(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    talk.events(talk.start())
    yielded = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "word "}}
    while not talk.server.stopping.wait(talk.settings.delay):
        talk.event(yielded)


def _endless_error(talk: Talk) -> None:
    talk.head(500, "text/plain")
    while not talk.server.stopping.is_set():
        talk.body(b"x" * 65536)


def _stays_open(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    talk.events(talk.usual())
    talk.hang()


def _bad_json(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    for part in (talk.start(), talk.thinking(), talk.text()):
        talk.events(part)
    talk.body(b'event: content_block_delta\ndata: {"type": "content_\n\n')
    talk.end()


def _bad_utf8(talk: Talk) -> None:
    talk.head(200, "text/event-stream")
    for part in (talk.start(), talk.thinking(), talk.text()):
        talk.events(part)
    talk.body(b'event: ping\ndata: {"type": "\xff\xfe"}\n\n')
    talk.end()


def _openai_error(talk: Talk) -> None:
    talk.whole(404, "application/json", b'{"detail":"Not Found"}')


SCRIPTS: dict[str, Script] = {
    "normal": _normal,
    "slow": _slow,
    "cut_before_end": _cut_before_end,
    "cut_chunked": _cut_chunked,
    "cut_before_stop": _cut_before_stop,
    "reset": _reset,
    "reset_at_once": _reset_at_once,
    "stall_before_headers": _stall_before_headers,
    "stall_after_headers": _stall_after_headers,
    "stall_mid_stream": _stall_mid_stream,
    "error_event": _error_event,
    "html": _html,
    "html_as_stream": _html_as_stream,
    "plain_json": _plain_json,
    "nameless": _nameless,
    "no_message_start": _no_message_start,
    "redirect": _redirect,
    "400": _error(400, "invalid_request_error", "messages.0: something is wrong"),
    "401": _error(401, "authentication_error", "invalid x-api-key"),
    "402": _error(402, "billing_error", "Your credit balance is too low"),
    "403": _error(403, "permission_error", "Your account may not use this model"),
    "404": _error(404, "not_found_error", "model: unknown"),
    "404_other_shape": _openai_error,
    "400_no_room": _error(400, "exceed_context_size_error", "request (9652 tokens) exceeds the available context size"),
    "no_room_before": _llama_error(begins=False),
    "no_room_after": _llama_error(begins=True),
    "413": _error(413, "request_too_large", "Request exceeds the maximum size"),
    "429": _error(429, "rate_limit_error", "Number of requests has exceeded your rate limit"),
    "500": _error(500, "api_error", "Internal server error"),
    "529": _error(529, "overloaded_error", "Overloaded"),
    "refusal_before": _refusal_before,
    "refusal_after": _refusal_after,
    "max_tokens": _stops_with("max_tokens"),
    "context": _stops_with("model_context_window_exceeded"),
    "tool_use": _stops_with("tool_use"),
    "new_stop_reason": _stops_with("tired"),
    "thinking_only": _thinking_only,
    "unknown": _unknown,
    "empty_reasoning": _empty_reasoning,
    "two_megabytes": _two_megabytes,
    "too_long": _too_long,
    "hostile": _hostile,
    "gzip_bomb": _gzip_bomb,
    "endless_drip": _endless_drip,
    "endless_answer": _endless_answer,
    "endless_error": _endless_error,
    "stays_open": _stays_open,
    "bad_json": _bad_json,
    "bad_utf8": _bad_utf8,
}


class MessagesServer:
    """The server; a context manager. `requests` are all that came, `connections` counts also those without a request."""

    def __init__(self, *scripts: str, port: int = 0, tls: ssl.SSLContext | None = None, **settings: Any) -> None:
        self.settings = Settings(**settings)
        self.requests: list[Recorded] = []
        self.connections = 0
        self.complaints: list[Complaint] = []
        self.stopping = threading.Event()
        self.arrived = threading.Event()  # set with the first request
        self.closed = threading.Event()  # set each time a talk is over
        self._scripts = scripts or ("normal",)
        self._issued: set[str] = set()
        self._count = 0
        self._tcp = _Tcp(("127.0.0.1", port), self)
        self.port = self._tcp.server_address[1]
        self.base_url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        if tls is not None:
            self._tcp.socket = tls.wrap_socket(self._tcp.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def asked(self) -> list[Recorded]:
        """The questions among the requests."""
        return [request for request in self.requests if request.path == "/v1/messages"]

    def play(self, *scripts: str, **settings: Any) -> None:
        """Use other scripts and settings from now on, forgetting what came."""
        self._scripts, self._count = scripts, 0
        self.settings = Settings(**settings)
        self.requests.clear()
        self.complaints.clear()
        self.arrived.clear()
        self.closed.clear()

    def issue(self, block: dict[str, Any]) -> None:
        """Remember a block that a follow-up must return unchanged."""
        self._issued.add(canonical(block))

    def start(self) -> None:
        """Serve on a thread of its own."""
        threading.Thread(target=self._tcp.serve_forever, args=(0.02,), name="fake-messages", daemon=True).start()

    def stop(self) -> None:
        """End all talks."""
        self.stopping.set()
        self._tcp.shutdown()
        self._tcp.server_close()

    def __enter__(self) -> MessagesServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def respond(self, request: Recorded, talk: Talk) -> None:
        """Answer one request."""
        try:
            if request.method == "GET" and request.path.split("?")[0] == "/v1/models":
                if self.settings.strict:
                    check_head(list(request.headers), self.settings.rules)
                _models(talk, request.path)
            elif request.method == "POST" and request.path == "/v1/messages":
                if self.settings.strict:
                    check_head(list(request.headers), self.settings.rules)
                    check_body(list(request.headers), request.body, self.settings.rules, self._issued)
                SCRIPTS[self._next()](talk)
            else:
                raise Complaint(404, "not_found_error", "Not found")
        except Complaint as complaint:
            self.complaints.append(complaint)
            talk.whole(complaint.status, "application/json", complaint.body())

    def _next(self) -> str:
        self._count += 1
        return self._scripts[min(self._count, len(self._scripts)) - 1]


def _page(path: str) -> bytes:
    """One model at a time, whatever number was asked for."""
    ids = [model["id"] for model in MODELS]
    after = path.partition("after_id=")[2]
    at = ids.index(after) + 1 if after in ids else 0
    return json.dumps({"data": MODELS[at : at + 1], "has_more": at + 1 < len(ids), "last_id": ids[at]}).encode()


def _huge_page(path: str) -> bytes:
    """A thousand models with much said about each, and always more to come."""
    rows = [{"id": f"{len(path)}-{number}", "about": ["x"] * 200} for number in range(1_000)]
    return json.dumps({"data": rows, "has_more": True, "last_id": path[-9:] + "x"}).encode()


def _models(talk: Talk, path: str) -> None:
    kinds: dict[str, tuple[int, str, bytes]] = {
        "normal": (200, "application/json", json.dumps({"data": MODELS, "has_more": False}).encode()),
        "404": (404, "application/json", b'{"detail":"Not Found"}'),
        "openai": (
            200,
            "application/json",
            b'{"object":"list","data":[{"id":"llava:13b","object":"model"},{"x":1},7]}',
        ),
        "null": (200, "application/json", b'{"object":"list","data":null}'),
        "empty": (200, "application/json", b'{"data":[]}'),
        "html": (200, "text/html", b"<html>no</html>"),
        "pages": (200, "application/json", _page(path)),
        "endless": (200, "application/json", b'{"data":[{"id":"one"}],"has_more":true,"last_id":"one"}'),
        "huge": (200, "application/json", _huge_page(path)),
    }
    talk.whole(*kinds[talk.settings.models])


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], owner: MessagesServer) -> None:
        self.owner = owner
        super().__init__(address, _Connection)


class _Connection(socketserver.StreamRequestHandler):
    @override
    def handle(self) -> None:
        assert isinstance(self.server, _Tcp)
        owner = self.server.owner
        owner.connections += 1
        try:
            request = self._read()
            if request is not None:
                owner.requests.append(request)
                owner.arrived.set()
                owner.respond(request, Talk(owner, self.connection))
        except OSError:
            pass  # the other side went away: that is its right
        finally:
            owner.closed.set()

    @override
    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def _read(self) -> Recorded | None:
        raw = first = self.rfile.readline(65536)
        if not first.strip():
            return None
        method, path, _ = first.decode("latin-1").split(" ", 2)
        headers: list[tuple[str, str]] = []
        while (line := self.rfile.readline(65536)) not in (b"\r\n", b""):
            raw += line
            name, _, value = line.decode("latin-1").partition(":")
            headers.append((name, value.strip()))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        body = self.rfile.read(length)
        return Recorded(method, path, tuple(headers), body, raw + b"\r\n" + body)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--script", action="append", choices=sorted(SCRIPTS), help="repeat for one after the other")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--lax", action="store_true", help="accept any request")
    given = parser.parse_args()
    server = MessagesServer(*(given.script or ["normal"]), port=given.port, strict=not given.lax)
    server.start()
    print(f"{server.base_url} plays {given.script or ['normal']}; Ctrl+C ends it", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()
