"""What the service rejects, as far as it is documented: one function, errors in the service's own shape."""

from __future__ import annotations

import base64
import binascii
import json
import math
import struct
import zlib
from dataclasses import dataclass
from typing import Any

BODY_KEYS = frozenset(
    [
        "max_tokens",
        "messages",
        "model",
        "cache_control",
        "container",
        "diagnostics",
        "inference_geo",
        "metadata",
        "output_config",
        "service_tier",
        "speed",
        "stop_sequences",
        "stream",
        "system",
        "thinking",
        "tool_choice",
        "tools",
    ]
)
SAMPLING = frozenset({"temperature", "top_p", "top_k"})
API_VERSION = "2026-10-21"
TIERS = {"standard": (1568, 1568), "high": (2576, 4784)}
MAX_BYTES = 32 * 1024 * 1024
MOST_PICTURES = 100  # of a model with 200,000 tokens of context; the others take 600
MANY_PICTURES, MANY_EDGE = 20, 2000  # above so many pictures each may be so large
LARGEST_EDGE = 8000


@dataclass(frozen=True)
class Model:
    """What one model takes: kinds of thinking, tokens of an answer, pictures in one request."""

    thinking: frozenset[str]
    max_tokens: int = 128_000
    pictures: int = 600
    effort: bool = True


ALWAYS = frozenset({"adaptive", "between_tools"})  # thinking that cannot be switched off
CHOICE = ALWAYS | {"disabled"}
MODELS = {
    "claude-opus-5-5": Model(ALWAYS),
    "claude-sonnet-5-5": Model(CHOICE),
    "claude-haiku-5-5": Model(CHOICE),
    "claude-fable-5-1": Model(ALWAYS),
    "claude-opus-5": Model(CHOICE),
    "claude-haiku-4-5": Model(frozenset({"enabled", "disabled"}), 64_000, MOST_PICTURES, effort=False),
}


@dataclass(eq=False)
class Complaint(Exception):
    """A refusal: HTTP status, error type, message."""

    status: int
    type: str
    message: str

    def body(self) -> bytes:
        """The error as the service writes it."""
        error = {"type": self.type, "message": self.message}
        return json.dumps({"type": "error", "error": error, "request_id": "req_fake"}).encode()


@dataclass(frozen=True)
class Rules:
    """How this server differs: where the key is expected, which key, which picture tier, which thinking it issued."""

    auth: str = "authorization"  # "authorization" | "x-api-key" | "none"
    key: str = ""
    tier: str = "standard"
    version: str = API_VERSION


def wrong(message: str) -> Complaint:
    """A 400."""
    return Complaint(400, "invalid_request_error", message)


def check_head(headers: list[tuple[str, str]], rules: Rules) -> None:
    """Credential and version; raises Complaint."""
    found = {name.lower(): value for name, value in headers}
    credentials = [name for name in ("authorization", "x-api-key") if name in found]
    if rules.auth != "none":
        if credentials != [rules.auth]:
            raise Complaint(401, "authentication_error", f"exactly one credential in {rules.auth} expected")
        given = found[rules.auth].removeprefix("Bearer ") if rules.auth == "authorization" else found[rules.auth]
        if not given or (rules.key and given != rules.key):
            raise Complaint(401, "authentication_error", "invalid key")
    if found.get("anthropic-version") != rules.version:
        raise wrong("anthropic-version: unknown version")


def check_body(headers: list[tuple[str, str]], body: bytes, rules: Rules, issued: set[str]) -> dict[str, Any]:
    """The parsed body; raises Complaint. `issued`: the thinking blocks this server made, as canonical JSON."""
    found = {name.lower(): value for name, value in headers}
    if len(body) > MAX_BYTES:
        raise Complaint(413, "request_too_large", "Request exceeds the maximum size")
    if found.get("content-type") != "application/json":
        raise wrong("content-type must be application/json")
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise wrong("body is not JSON") from error
    if not isinstance(fields, dict):
        raise wrong("body is not an object")
    if "anthropic-beta" in found:
        raise wrong("anthropic-beta: unexpected value")
    _check_fields(fields)
    _check_thinking(fields)
    _check_model(fields)
    _check_number_of_pictures(fields)
    for number, message in enumerate(fields["messages"]):
        _check_message(message, number, rules, issued)
    if fields["messages"][0]["role"] != "user":
        raise wrong("messages: first message must use the user role")
    if fields["messages"][-1]["role"] == "assistant":
        raise wrong("This model does not support assistant message prefill.")
    return fields


def _check_fields(fields: dict[str, Any]) -> None:
    for key in fields:
        if key in SAMPLING:
            raise wrong(f"{key}: not supported under this API version")
        if key not in BODY_KEYS:
            raise wrong(f"{key}: Extra inputs are not permitted")
    for key in ("max_tokens", "messages", "model"):
        if key not in fields:
            raise wrong(f"{key}: Field required")
    if type(fields["max_tokens"]) is not int or fields["max_tokens"] < 1:
        raise wrong("max_tokens: must be a positive integer")
    if not isinstance(fields["messages"], list) or not fields["messages"]:
        raise wrong("messages: at least one message is required")
    if not isinstance(fields["model"], str) or not fields["model"]:
        raise wrong("model: must be a string")
    system = fields.get("system", "x")
    if not system or not (isinstance(system, str) or all(set(b) <= {"type", "text", "cache_control"} for b in system)):
        raise wrong("system: text expected")
    effort = (fields.get("output_config") or {}).get("effort", "medium")
    if effort not in ("low", "medium", "high", "xhigh", "max"):
        raise wrong("output_config.effort: unknown level")
    if set(fields.get("output_config") or {}) - {"effort", "format"}:
        raise wrong("output_config: Extra inputs are not permitted")


def _check_thinking(fields: dict[str, Any]) -> None:
    thinking = fields.get("thinking")
    if thinking is None:
        return
    kinds: dict[str, set[str]] = {
        "adaptive": {"type", "display"},
        "enabled": {"type", "display", "budget_tokens"},
        "disabled": {"type"},
        "between_tools": {"type", "display"},
    }
    kind = thinking.get("type")
    if kind not in kinds:
        raise wrong(f"thinking.type: unknown type {kind!r}")
    if set(thinking) - kinds[kind]:
        raise wrong("thinking: Extra inputs are not permitted")
    if thinking.get("display", "omitted") not in ("summarized", "omitted"):
        raise wrong("thinking.display: unknown value")
    if kind == "enabled" and not 1024 <= thinking.get("budget_tokens", 0) < fields["max_tokens"]:
        raise wrong("thinking.budget_tokens: must be at least 1024 and less than max_tokens")


def _check_model(fields: dict[str, Any]) -> None:
    """What depends on the model; another server's models are not known here."""
    model = MODELS.get(fields["model"])
    if model is None:
        if fields["model"].startswith("claude-"):
            raise Complaint(404, "not_found_error", f"model: {fields['model']}")
        return
    if fields["max_tokens"] > model.max_tokens:
        raise wrong(f"max_tokens: {fields['max_tokens']} > {model.max_tokens}, the most this model allows")
    kind = (fields.get("thinking") or {}).get("type")
    if kind is not None and kind not in model.thinking:
        raise wrong(f"thinking.type: {kind!r} is not supported by this model")
    if "effort" in (fields.get("output_config") or {}) and not model.effort:
        raise wrong("output_config.effort: not supported by this model")
    if "adaptive" in model.thinking and (fields.get("tool_choice") or {}).get("type") in ("any", "tool"):
        raise wrong("tool_choice: thinking may not be enabled when tool_choice forces tool use")


def _check_number_of_pictures(fields: dict[str, Any]) -> None:
    blocks = [b for m in fields["messages"] if isinstance(m.get("content"), list) for b in m["content"]]
    sizes = [_size_or_none(block) for block in blocks if block.get("type") == "image"]
    model = MODELS.get(fields["model"])
    if len(sizes) > (model.pictures if model else MOST_PICTURES):
        raise wrong("messages: too many images")
    edge = MANY_EDGE if len(sizes) > MANY_PICTURES else LARGEST_EDGE
    if any(size is not None and max(size) > edge for size in sizes):
        raise wrong(f"messages: an image has an edge of more than {edge} pixels")


def _size_or_none(block: dict[str, Any]) -> tuple[int, int] | None:
    """Width and height; None for what `check_picture` will refuse anyway."""
    try:
        return png_size(base64.b64decode((block.get("source") or {}).get("data", ""), validate=True))
    except (binascii.Error, ValueError, zlib.error, struct.error):
        return None


def _check_message(message: Any, number: int, rules: Rules, issued: set[str]) -> None:
    place = f"messages.{number}"
    if set(message) != {"role", "content"} or message["role"] not in ("user", "assistant"):
        raise wrong(f"{place}: role and content expected")
    content = message["content"]
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not content:
        raise wrong(f"{place}.content: must not be empty")
    kinds = [block.get("type") for block in content]
    if message["role"] == "user" and "image" in kinds and kinds[0] == "text":
        raise wrong(f"{place}.content: a picture must come before the text about it")
    for index, block in enumerate(content):
        _check_block(block, f"{place}.content.{index}", message["role"], rules, issued)


def _check_block(block: dict[str, Any], place: str, role: str, rules: Rules, issued: set[str]) -> None:
    kind = block.get("type")
    if kind == "text":
        if not isinstance(block.get("text"), str) or not block["text"].strip():
            raise wrong(f"{place}.text: text content blocks must hold more than blanks")
        if role == "user" and (block.get("citations") or set(block) - {"type", "text", "cache_control", "citations"}):
            raise wrong(f"{place}: Extra inputs are not permitted")
    elif kind == "image":
        if role != "user":
            raise wrong(f"{place}: pictures only in user messages")
        check_picture(block, place, rules)
    elif kind in ("thinking", "redacted_thinking"):
        if role != "assistant" or canonical(block) not in issued:
            raise wrong(f"{place}: `thinking` or `redacted_thinking` blocks cannot be modified")
    elif kind == "tool_use":
        raise wrong(f"{place}: `tool_use` ids were found without `tool_result` blocks")
    elif role == "user" or canonical(block) not in issued:
        raise wrong(f"{place}.type: unknown block {kind!r}")


def canonical(block: dict[str, Any]) -> str:
    """One text per block, to compare."""
    return json.dumps(block, sort_keys=True)


def check_picture(block: dict[str, Any], place: str, rules: Rules) -> tuple[int, int]:
    """Width and height of a picture block that is in order; raises Complaint."""
    if set(block) - {"type", "source", "cache_control", "transformations"}:
        raise wrong(f"{place}: Extra inputs are not permitted")
    source = block.get("source") or {}
    if source.get("type") != "base64":
        raise wrong(f"{place}.source.type: only base64")
    if source.get("media_type") != "image/png" or set(source) != {"type", "media_type", "data"}:
        raise wrong(f"{place}.source.media_type: image/png expected")
    if len(source["data"]) > 5 * 1024 * 1024:
        raise wrong(f"{place}: image exceeds 5 MB maximum")
    try:
        width, height = png_size(base64.b64decode(source["data"], validate=True))
    except (binascii.Error, ValueError, zlib.error, struct.error) as error:
        raise wrong(f"{place}.source.data: not a picture") from error
    transformations = block.get("transformations", {})
    if set(transformations) - {"oversized_image"}:
        raise wrong(f"{place}.transformations: Extra inputs are not permitted")
    edge, tokens = TIERS[rules.tier]
    too_large = max(width, height) > edge or math.ceil(width / 28) * math.ceil(height / 28) > tokens
    if too_large and transformations.get("oversized_image") == "error":
        raise wrong(f"{place}: image {width}x{height} is larger than the model takes")
    return width, height


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a whole, valid PNG; raises ValueError."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG")
    at, packed, size, ended = 8, b"", (0, 0), False
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        payload = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        if zlib.crc32(kind + payload) != crc:
            raise ValueError("CRC")
        if kind == b"IHDR":
            size = struct.unpack(">II", payload[:8])
        packed += payload if kind == b"IDAT" else b""
        ended = kind == b"IEND"
        at += 12 + length
    if not ended or 0 in size or not zlib.decompress(packed):
        raise ValueError("incomplete")
    return size
