"""Server-sent events from bytes, bounded. An event without a name is counted and left out, as the service's client does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

MAX_LINE = 2 * 1024 * 1024  # bytes of one line, or of one event's data: ten times what is shown of a whole answer
MAX_STREAM = 256 * 1024 * 1024  # bytes of one answer with its envelope


class NotTheStream(Exception):
    """The bytes are not what a Messages stream may hold."""


class Events:
    """Feed bytes with `feed`; get the events' JSON objects. `nameless` counts those without an `event:` line.

    `cleaned` is given the data of each event and gives what is to be read of it.
    """

    def __init__(self, cleaned: Callable[[bytes], bytes] = bytes) -> None:
        self.nameless = 0
        self._cleaned = cleaned
        self._rest = b""
        self._name = b""
        self._data: list[bytes] = []
        self._received = 0
        self._held = 0  # bytes of the event that is not whole yet

    def feed(self, chunk: bytes) -> Iterator[dict[str, Any]]:
        """Events that are whole with this chunk; raises NotTheStream for broken text, broken JSON or too much."""
        self._received += len(chunk)
        self._rest += chunk
        if self._received > MAX_STREAM or (b"\n" not in chunk and len(self._rest) > MAX_LINE):
            raise NotTheStream
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            event = self._line(line.removesuffix(b"\r"))
            if event is not None:
                yield event

    def _line(self, line: bytes) -> dict[str, Any] | None:
        if not line:
            return self._event()
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"event":
            self._name = value
        elif field == b"data":
            self._data.append(value)
            self._held += len(value)
            if self._held > MAX_LINE:
                raise NotTheStream
        return None

    def _event(self) -> dict[str, Any] | None:
        name, data = self._name, b"\n".join(self._data)
        self._name, self._data, self._held = b"", [], 0
        if not data:
            return None
        if not name:
            self.nameless += 1
            return None
        try:
            event = json.loads(self._cleaned(data).decode("utf-8"), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise NotTheStream from error
        if not isinstance(event, dict):
            return None
        return _error_of(event) if name == b"error" and event.get("type") != "error" else event


def _error_of(event: dict[str, Any]) -> dict[str, Any]:
    """llama.cpp puts what went wrong where its kind should stand: {"code": 500, "message": …, "type": "server_error"}."""
    inner = event.get("error")
    said = {"message": inner} if isinstance(inner, str) else inner if isinstance(inner, dict) else event
    return {"type": "error", "error": said}


def _no_constant(name: str) -> float:
    raise ValueError(name)
