"""Our own PNG: IHDR, IDAT, IEND and nothing else, so that nothing can hide in what leaves (ISO/IEC 15948).

Grey 8 (colour type 0) or RGB 8 (colour type 2); no alpha, no palette, no text. The same pixels give the same bytes.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_EDGE = 32_768
LEVEL = 6
NONE, SUB, UP = 0, 1, 2


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """The PNG of uint8 (height, width) grey or (height, width, 3) RGB; raises ValueError for anything else."""
    height, width, channels = _shape(pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    rows = np.ascontiguousarray(pixels).reshape(height, width * channels)
    data = zlib.compress(_filtered(rows, channels).tobytes(), LEVEL)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _shape(pixels: NDArray[np.uint8]) -> tuple[int, int, int]:
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 3):
        raise ValueError("a PNG is made of uint8 grey or RGB")
    if not all(1 <= edge <= MAX_EDGE for edge in pixels.shape[:2]):
        raise ValueError("a PNG has at least one pixel and edges of a sane length")
    return (pixels.shape[0], pixels.shape[1], 1 if pixels.ndim == 2 else 3)


def _filtered(rows: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    """Each row after its filter byte; of none, left and above the one with the smallest sum (PNG 12.8)."""
    sub = rows.copy()
    sub[:, channels:] -= rows[:, :-channels]
    up = rows.copy()
    up[1:] -= rows[:-1]
    sums = [np.abs(candidate.view(np.int8).astype(np.int16)).sum(axis=1) for candidate in (rows, sub, up)]
    chosen = np.argmin(sums, axis=0)
    out = np.empty((len(rows), rows.shape[1] + 1), np.uint8)
    out[:, 0] = chosen
    for number, candidate in enumerate((rows, sub, up)):
        out[chosen == number, 1:] = candidate[chosen == number]
    return out


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_chunks(data: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """(kind, content) of every chunk; raises ValueError on a bad sum, a cut, or bytes after the last chunk."""
    if not data.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    chunks: list[tuple[bytes, bytes]] = []
    at = len(SIGNATURE)
    while at < len(data):
        if len(data) - at < 12:
            raise ValueError("the PNG is cut off")
        (length,) = struct.unpack_from(">I", data, at)
        body = data[at + 4 : at + 8 + length]
        if len(body) != length + 4 or data[at + 8 + length : at + 12 + length] != struct.pack(">I", zlib.crc32(body)):
            raise ValueError("the PNG is damaged")
        chunks.append((body[:4], body[4:]))
        at += 12 + length
    return tuple(chunks)
