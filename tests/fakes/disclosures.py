"""Disclosures and consents made by hand, in the agreed form of the body, for tests below and beside the door."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib

from viewer.answer.body import body_bytes
from viewer.answer.price import Estimate
from viewer.disclosure.frame import Consent, Disclosure, KeyStyle, Recipient


def png(width: int = 64, height: int = 48, shade: int = 90) -> bytes:
    """A small grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def recipient(base_url: str, provider: str = "anthropic", style: KeyStyle = KeyStyle.BEARER) -> Recipient:
    """A recipient at `base_url`."""
    return Recipient(provider, "Anthropic", base_url, "claude-opus-5-5", "Claude Opus 5.5", style)


def user_turn(question: str, picture: bytes) -> dict[str, object]:
    """A question with its picture."""
    source = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(picture).decode()}
    image = {"type": "image", "source": source, "transformations": {"oversized_image": "error"}}
    words = [{"type": "text", "text": "Picture 1 of 1 · 64×48 px"}, {"type": "text", "text": question}]
    return {"role": "user", "content": [image, *words]}


def disclosure(
    to: Recipient, question: str = "Was zeigt dieses Bild? 漢字 😀", past: tuple[tuple[str, str], ...] = ()
) -> Disclosure:
    """What would leave; `past`: earlier questions with the blocks of their answers (JSON)."""
    messages: list[dict[str, object]] = []
    for earlier, blocks in past:
        messages += [user_turn(earlier, png()), {"role": "assistant", "content": json.loads(blocks)}]
    body = body_bytes(
        {
            "max_tokens": to.max_tokens,
            "messages": [*messages, user_turn(question, png())],
            "model": to.model,
            "output_config": {"effort": "medium"},
            "stream": True,
            "system": [{"type": "text", "text": "You explain pictures."}],
            "thinking": {"type": "adaptive", "display": "summarized"},
        }
    )
    estimate = Estimate("price unknown", None, 0, "2026-11")
    return Disclosure(
        to, (), question, "You explain pictures.", (), body, hashlib.sha256(body).hexdigest(), estimate, ""
    )


def consent(to: Disclosure) -> Consent:
    """A yes to exactly this."""
    return Consent(to.sha256, to.recipient.base_url, "2026-11-21T12:00:00+00:00")
