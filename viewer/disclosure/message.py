"""The fields of the one request: which blocks in which order. Nothing gets in here but frames, the person's words and ours.

Order (so that a history stays a byte-equal prefix): instructions, then for each turn the pictures, each before its words,
the question last, the answer unchanged.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from viewer.answer.models import model_facts
from viewer.disclosure.frame import DisclosedFrame, PastTurn, Recipient
from viewer.disclosure.past import Block, answer_blocks

LEAST_BUDGET = 1_024  # the service takes no smaller one
THINKING_BUDGET = 4_096  # tokens, for models that want a number; the others decide themselves
OPAQUE = "(a seal that the service put on its reasoning, returned unchanged: {count} characters, sha256 {digest})"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages as plain JSON values, and the pictures in them, each once, in order."""

    messages: tuple[Block, ...]
    frames: tuple[DisclosedFrame, ...]


def conversation(
    recipient: Recipient, past: Iterable[PastTurn], new: Sequence[DisclosedFrame], question: Sequence[str]
) -> Conversation:
    """All turns as messages.

    A picture that stands in an earlier turn is not repeated. A turn without an answer to return is left out, since
    questions and answers take turns; its pictures go with the next question instead.
    """
    placed: dict[str, DisclosedFrame] = {}
    messages: list[Block] = []
    waiting: list[DisclosedFrame] = []
    for turn in past:
        waiting += turn.frames
        answer = answer_blocks(turn, recipient)
        if answer:
            messages.append(_asked(recipient, _unplaced(waiting, placed), [turn.question]))
            messages.append({"role": "assistant", "content": answer})
            waiting = []
    messages.append(_asked(recipient, _unplaced([*waiting, *new], placed), question))
    fully_known = {frame.sha256: frame for frame in new}
    return Conversation(tuple(messages), tuple(fully_known.get(sha, frame) for sha, frame in placed.items()))


def request_fields(recipient: Recipient, system: str, messages: Sequence[Block]) -> dict[str, object]:
    """The fields for `body_bytes`. Fields that only the original service knows go only to strict recipients.

    Others are asked for their reasoning as well: most pass over a field they do not know.
    """
    fields: dict[str, object] = {
        "max_tokens": recipient.max_tokens,
        "messages": list(messages),
        "model": recipient.model,
        "stream": True,
        "system": system,
    }
    return fields | (_thinking(recipient) if recipient.wants_reasoning else {})


def words_in(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Every text in the body in order, as shown to the person; opaque seals are named instead of spelled out."""
    return (str(fields["system"]), *_message_words(fields["messages"]))


def _thinking(recipient: Recipient) -> dict[str, object]:
    facts = model_facts(recipient.model)
    if facts is not None and facts.thinking == "enabled":
        budget = min(THINKING_BUDGET, recipient.max_tokens - 1)
        if budget < LEAST_BUDGET:
            return {}
        return {"thinking": {"type": "enabled", "budget_tokens": budget, "display": "summarized"}}
    effort: dict[str, object] = {"output_config": {"effort": "medium"}} if recipient.strict_fields else {}
    return {**effort, "thinking": {"type": "adaptive", "display": "summarized"}}


def _unplaced(frames: Iterable[DisclosedFrame], placed: dict[str, DisclosedFrame]) -> list[DisclosedFrame]:
    fresh = {frame.sha256: frame for frame in frames if frame.sha256 not in placed}
    placed.update(fresh)
    return list(fresh.values())


def _asked(recipient: Recipient, frames: Iterable[DisclosedFrame], texts: Iterable[str]) -> Block:
    content: list[Block] = []
    for frame in frames:
        content += [_image(frame, recipient.strict_fields), _text(frame.words)]
    return {"role": "user", "content": content + [_text(text) for text in texts]}


def _text(text: str) -> Block:
    return {"type": "text", "text": text}


def _image(frame: DisclosedFrame, strict: bool) -> Block:
    data = base64.b64encode(frame.png).decode("ascii")
    block: Block = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}
    # A server that shrinks without saying so would see another picture than the one agreed to.
    return block | ({"transformations": {"oversized_image": "error"}} if strict else {})


def _message_words(messages: Any) -> Iterator[str]:
    for message in messages:
        for block in message["content"]:
            yield from _block_words(block)


def _block_words(block: Block) -> Iterator[str]:
    for key in ("thinking", "text", "citations"):
        if block.get(key):
            yield block[key]
    for key in ("signature", "data"):
        if block.get(key):
            seal = str(block[key])
            yield OPAQUE.format(count=len(seal), digest=hashlib.sha256(seal.encode("utf-8")).hexdigest()[:12])
