"""The other end on this machine: takes a question whole, notes when, and streams an answer of a wanted length."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from typing_extensions import override

PIECE = 1000  # characters of one delta
LINE = "This is one line of a long answer, about as long as a line of an answer is.\n"


def event(kind: str, **fields: object) -> bytes:
    """One server-sent event."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode()


def answer_of(characters: int, reasoning: int = 0) -> list[bytes]:
    """The events of an answer with about so many characters, after a summary of the reasoning of so many."""
    message: dict[str, object] = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "bench",
        "content": [],
        "stop_reason": None,
    }
    usage = {"input_tokens": 1, "output_tokens": 1}
    thought = block_of(0, "thinking", reasoning) if reasoning else []
    return [
        event("message_start", message={**message, "usage": usage}),
        *thought,
        *block_of(1 if thought else 0, "text", characters),
        event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 1}),
        event("message_stop"),
    ]


def block_of(index: int, kind: str, characters: int) -> list[bytes]:
    """The events of one block, "text" or "thinking"."""
    text = LINE * (characters // len(LINE) + 1)
    pieces = [
        event("content_block_delta", index=index, delta={"type": f"{kind}_delta", kind: text[at : at + PIECE]})
        for at in range(0, characters, PIECE)
    ]
    start = event("content_block_start", index=index, content_block={"type": kind, kind: ""})
    return [start, *pieces, event("content_block_stop", index=index)]


class Sink:
    """Where it listens, when questions had arrived whole, and what it answers."""

    def __init__(self, events: list[bytes], holds: bool = False) -> None:
        self.arrived: list[float] = []
        self.over = threading.Event()
        sink = self

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Read the body, answer at once; where it `holds`, never come to the end."""
                self.rfile.read(int(self.headers["Content-Length"]))
                sink.arrived.append(time.perf_counter())
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Content-Length", str(sum(map(len, events)) + holds))
                self.end_headers()
                for one in events:
                    self.wfile.write(one)
                if holds:
                    sink.over.wait()

            @override
            def log_message(self, format: str, *args: Any) -> None:
                """Quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.base_url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def listening(characters: int = 4, holds_after: int | None = None, reasoning: int = 0) -> Iterator[Sink]:
    """A sink that answers with so many characters, or with the first so many events and then nothing more."""
    events = answer_of(characters, reasoning)
    sink = Sink(events[:holds_after], holds_after is not None)
    threading.Thread(target=sink.server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield sink
    finally:
        sink.over.set()
        sink.server.shutdown()
        sink.server.server_close()
