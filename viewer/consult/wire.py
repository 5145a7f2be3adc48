"""Messages between the window's process and its consult child: length-prefixed JSON, with one optional binary part.

Layout: 4 bytes length of the JSON, 4 bytes length of the binary part (both big-endian), the JSON as UTF-8, the binary.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

_HEAD = struct.Struct(">II")
MAX_PART = 256 * 1024 * 1024  # bytes; a longer part means that the stream is out of step

Message = dict[str, Any]  # decoded JSON


def write_message(stream: BinaryIO, message: Mapping[str, object], binary: bytes = b"") -> None:
    """Write one message and flush; raises OSError (BrokenPipeError) when nobody reads any more."""
    text = json.dumps(message).encode("ascii")
    stream.write(_HEAD.pack(len(text), len(binary)) + text)
    if binary:
        stream.write(binary)
    stream.flush()


def read_message(stream: BinaryIO) -> tuple[Message, bytes] | None:
    """The next message and its binary part; None at the end of the stream or when it is out of step."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    text_length, binary_length = _HEAD.unpack(head)
    if max(text_length, binary_length) > MAX_PART:
        return None
    text, binary = stream.read(text_length), stream.read(binary_length)
    if len(text) < text_length or len(binary) < binary_length:
        return None
    message = json.loads(text)
    return (message, binary) if isinstance(message, dict) else None
