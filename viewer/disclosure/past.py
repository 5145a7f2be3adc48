"""Earlier turns of a conversation as they go along again: unchanged, or not at all.

A service refuses a history whose thinking blocks were touched, for good. So a block is returned as it was received or
left out; never edited. Blocks of kinds that this program never asks for are left out: they do not pass the door.
"""

from __future__ import annotations

import json
from typing import Any

from viewer.disclosure.frame import PastTurn, Recipient

Block = dict[str, Any]

_THINKING = frozenset({"thinking", "redacted_thinking"})
_KEYS = {
    "text": frozenset({"type", "text", "citations"}),
    "thinking": frozenset({"type", "thinking", "signature"}),
    "redacted_thinking": frozenset({"type", "data"}),
}


def answer_blocks(turn: PastTurn, recipient: Recipient) -> list[Block]:
    """The blocks of an earlier answer that may be returned to `recipient`; empty when there is no answer to return.

    Thinking belongs to the model and the place that made it: for another one, and where its signature is missing
    because the answer was stopped, it is left out whole. So is a text without a word, which the service refuses.
    """
    keep_thinking = turn.model in ("", recipient.model) and turn.base_url in ("", recipient.base_url)
    kept = [
        block for block in _parsed(turn.answer_blocks) if _may_return(block, keep_thinking, recipient.strict_fields)
    ]
    return kept if any(block["type"] == "text" for block in kept) else []


def _parsed(text: str) -> list[Block]:
    try:
        blocks = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []


def _may_return(block: Block, keep_thinking: bool, needs_signature: bool) -> bool:
    kind = block.get("type")
    keys = _KEYS.get(kind) if isinstance(kind, str) else None
    if keys is None or not block.keys() <= keys or not _is_flat(block):
        return False
    if kind in _THINKING and not keep_thinking:
        return False
    if kind == "thinking":
        return isinstance(block.get("thinking"), str) and (bool(block.get("signature")) or not needs_signature)
    return bool((block.get("data" if kind == "redacted_thinking" else "text") or "").strip())


def _is_flat(block: Block) -> bool:
    return all(value is None or isinstance(value, str) for value in block.values())
