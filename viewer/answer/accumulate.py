"""Accumulator: the stream's raw events folded into an Answer, tolerant of what real servers leave out.

Events are plain dictionaries as they came (`message_start`, `content_block_start` …); anything unknown is ignored.
Blocks are kept as received, with thinking signatures and unknown kinds, so that a follow-up can return them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import ClassVar

from viewer.answer.answer import Answer, AnswerState, Usage
from viewer.answer.ending import ending_of, tells_no_room
from viewer.problem import Problem, problem
from viewer.text.plain import one_line, plain

MAX_ANSWER = 3 * 1024 * 1024  # characters kept of one answer, reasoning and all other blocks included
MAX_SHOWN = 200_000  # characters of a text that are shown
MAX_BLOCKS = 1_000
_TAIL = 4_000  # characters kept back at most, so that what belongs together is cleaned together

Event = Mapping[str, object]


class PlainText:
    """A text that grows, always plain: what is settled is cleaned once, only the last word is cleaned again."""

    def __init__(self) -> None:
        self._settled: list[str] = []
        self._length = 0
        self._tail = ""
        self.received = 0

    def add(self, text: str) -> None:
        """Append foreign text; beyond `MAX_SHOWN` it is only counted."""
        self.received += len(text)
        if self._length >= MAX_SHOWN:
            return
        self._tail += text
        cut = max(self._tail.rfind(" "), self._tail.rfind("\n")) + 1
        if not cut and len(self._tail) > _TAIL:
            cut = len(self._tail) - 1
        if cut:
            self._settle(self._tail[:cut])
            self._tail = self._tail[cut:]

    def _settle(self, text: str) -> None:
        cleaned = plain(text, MAX_SHOWN - self._length)
        self._length += len(cleaned)
        self._settled = ["".join(self._settled), cleaned] if len(self._settled) > 200 else [*self._settled, cleaned]

    def whole(self) -> str:
        """The text so far, at most `MAX_SHOWN` characters."""
        left = MAX_SHOWN - self._length
        return "".join(self._settled) + (plain(self._tail, left) if left > 0 and self._tail else "")

    @property
    def overflow(self) -> bool:
        """Whether more came than is shown."""
        return self._length >= MAX_SHOWN and self.received > MAX_SHOWN


class _Block:
    """One content block as received: its first form, then the deltas, joined when it is needed."""

    def __init__(self, first: Mapping[str, object]) -> None:
        self.first = dict(first)
        self.pieces: dict[str, list[str]] = {}
        self.citations: list[object] = []
        self.closed = False

    @property
    def kind(self) -> str:
        return str(self.first.get("type", ""))

    def grow(self, key: str, text: str) -> None:
        self.pieces.setdefault(key, []).append(text)

    def whole(self) -> dict[str, object]:
        joined = {
            key: _string(self.first.get(key)) + "".join(pieces)
            for key, pieces in self.pieces.items()
            if key != "partial_json"
        }
        block = {**self.first, **joined}
        if self.citations:
            earlier = block.get("citations")
            block["citations"] = [*(earlier if isinstance(earlier, list) else []), *self.citations]
        if "partial_json" in self.pieces:
            block["input"] = _parsed("".join(self.pieces["partial_json"]))
        return block

    @property
    def returnable(self) -> bool:
        """Whether the service would take it back: whole, not empty, and not a call that nobody answers."""
        if self.kind == "tool_use":
            return False
        if self.kind == "text":
            return bool(self.whole().get("text"))
        return self.closed


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


# delta type → key of the delta and of the block it grows
_DELTAS = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "input_json_delta": "partial_json",
}


class Accumulator:
    """Fold events with `add`, look with `answer`, end with `finish` or `end`."""

    def __init__(self, model: str = "") -> None:
        self._answer = Answer(model=model)
        self._text = PlainText()
        self._reasoning = PlainText()
        self._blocks: dict[int, _Block] = {}
        self._usage: dict[str, int] = {}
        self._received = 0
        self._stop_reason: str | None = None
        self._category: str | None = None
        self._has_stopped = False

    @property
    def ended(self) -> bool:
        """Whether an ending was set; later events change nothing."""
        return self._answer.state.ended

    @property
    def any_event(self) -> bool:
        """Whether something of an answer arrived."""
        return bool(self._blocks) or self._stop_reason is not None

    def add(self, event: Event) -> None:
        """Fold one event; never raises on what a server may send."""
        if self.ended:
            return
        handler = self._HANDLERS.get(_string(event.get("type")))
        if handler is None:
            return
        handler(self, event)
        if self._received > MAX_ANSWER or len(self._blocks) > MAX_BLOCKS:
            self.end(AnswerState.CUT_OFF, problem("answer_too_long"))

    def answer(self) -> Answer:
        """What is known now. `blocks` is filled in when the answer has ended."""
        return replace(
            self._answer,
            text=self._text.whole(),
            reasoning=self._reasoning.whole(),
            usage=self._usage_now(),
            hidden=self._text.overflow or self._reasoning.overflow,
            blocks=self._blocks_json() if self.ended else "[]",
        )

    def tell(self, **fields: object) -> None:
        """Set facts that come from beside the stream: `state`, `request_id`, `attempts`, `wait_seconds`, `seconds`."""
        if not self.ended:
            self._answer = replace(self._answer, **fields)  # type: ignore[arg-type]

    def finish(self) -> None:
        """The stream is over: complete only if the service said why it stopped and that it stopped."""
        if self.ended:
            return
        if self._stop_reason is None or not self._has_stopped:
            self.end(AnswerState.BROKEN, problem("answer_broken"))
        else:
            self.end(*ending_of(self._stop_reason, self._category))

    def end(self, state: AnswerState, reason: Problem | None) -> None:
        """Set the ending; the first one counts."""
        if not self.ended:
            self._answer = replace(self._answer, state=state, problem=reason, wait_seconds=0.0)

    def _on_start(self, event: Event) -> None:
        message = _mapping(event.get("message"))
        model = one_line(_string(message.get("model")))
        if model:
            self._answer = replace(self._answer, model=model)
        self._count(message.get("usage"))

    def _on_block_start(self, event: Event) -> None:
        block = _Block(_mapping(event.get("content_block")))
        self._blocks[self._index(event)] = block
        self._received += len(repr(block.first))
        match block.kind:
            case "text":
                if self._text.received:
                    self._text.add("\n\n")
                self._show("text", _string(block.first.get("text")))
            case "thinking":
                if self._reasoning.received:
                    self._reasoning.add("\n\n")
                self._answer = replace(self._answer, state=AnswerState.REASONING)
                self._show("thinking", _string(block.first.get("thinking")))
            case _:
                pass

    def _on_delta(self, event: Event) -> None:
        delta = _mapping(event.get("delta"))
        block = self._blocks.setdefault(self._index(event), _Block(self._missing_block(delta)))
        if delta.get("type") == "citations_delta":
            block.citations.append(delta.get("citation"))
            self._received += len(repr(delta))
            return
        key = _DELTAS.get(_string(delta.get("type")))
        if key is None:
            return
        text = _string(delta.get(key))
        self._received += len(text)
        block.grow(key, text)
        self._show(key, text)

    def _missing_block(self, delta: Mapping[str, object]) -> dict[str, object]:
        """A block whose start never came (some servers lose their first events)."""
        kind = "thinking" if delta.get("type") in ("thinking_delta", "signature_delta") else "text"
        return {"type": kind, kind: ""}

    def _show(self, key: str, text: str) -> None:
        if not text:
            return
        if key == "text":
            self._text.add(text)
            self._answer = replace(self._answer, state=AnswerState.ANSWERING)
        elif key == "thinking":
            self._reasoning.add(text)
            self._answer = replace(self._answer, state=AnswerState.REASONING)

    def _on_block_stop(self, event: Event) -> None:
        block = self._blocks.get(self._index(event))
        if block is not None:
            block.closed = True

    def _on_message_delta(self, event: Event) -> None:
        delta = _mapping(event.get("delta"))
        if isinstance(delta.get("stop_reason"), str):
            self._stop_reason = str(delta["stop_reason"])
            category = _mapping(delta.get("stop_details")).get("category")
            self._category = category if isinstance(category, str) else None
        self._count(event.get("usage"))

    def _on_message_stop(self, event: Event) -> None:
        self._has_stopped = True
        self.finish()

    def _on_error(self, event: Event) -> None:
        error = _mapping(event.get("error"))
        said = one_line(_string(error.get("message")), 300)
        if not tells_no_room(said):
            self.end(AnswerState.BROKEN, problem("answer_service_error", where=said))
        elif self._text.received or self._reasoning.received:
            self.end(AnswerState.CUT_OFF, problem("answer_context_limit"))
        else:
            self.end(AnswerState.BROKEN, problem("ask_no_room", where=said))

    def _on_ping(self, event: Event) -> None:
        """A sign of life, nothing else."""

    def _index(self, event: Event) -> int:
        index = event.get("index")
        return index if isinstance(index, int) else max(self._blocks, default=0)

    def _count(self, usage: object) -> None:
        """Counts are cumulative: the last one given stands."""
        given = _mapping(usage)
        for key in ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"):
            self._note(key, given.get(key))
        self._note("thinking_tokens", _mapping(given.get("output_tokens_details")).get("thinking_tokens"))

    def _note(self, key: str, value: object) -> None:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40:
            self._usage[key] = value

    def _usage_now(self) -> Usage:
        count = self._usage.get
        return Usage(
            input_tokens=count("input_tokens"),
            output_tokens=count("output_tokens"),
            thinking_tokens=count("thinking_tokens"),
            cache_read_tokens=count("cache_read_input_tokens"),
            cache_write_tokens=count("cache_creation_input_tokens"),
        )

    def _blocks_json(self) -> str:
        whole = [block.whole() for _, block in sorted(self._blocks.items()) if block.returnable]
        return _json_text(whole)

    _HANDLERS: ClassVar[dict[str, Callable[[Accumulator, Event], None]]] = {
        "message_start": _on_start,
        "content_block_start": _on_block_start,
        "content_block_delta": _on_delta,
        "content_block_stop": _on_block_stop,
        "message_delta": _on_message_delta,
        "message_stop": _on_message_stop,
        "error": _on_error,
        "ping": _on_ping,
    }


KINDS = tuple(Accumulator._HANDLERS)  # of events that tell something


def _json_text(blocks: list[dict[str, object]]) -> str:
    """Compact JSON that is always valid UTF-8; a lone half of a surrogate pair becomes the replacement character."""
    text = json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
