"""Our own PNG read back, by the standard's own words (ISO/IEC 15948): what the tests hold its writer against."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from viewer.picture.png import MAX_EDGE, NONE, SUB, UP, png_chunks

CHANNELS = {0: 1, 2: 3}  # colour type → bytes per pixel


def read_png(data: bytes) -> NDArray[np.uint8]:
    """The pixels of a PNG written by `encode_png`; raises ValueError for any other."""
    chunks = png_chunks(data)
    if tuple(kind for kind, _ in chunks) != (b"IHDR", b"IDAT", b"IEND") or len(chunks[0][1]) != 13 or chunks[2][1]:
        raise ValueError("not a PNG of ours")
    width, height, bits, colour, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    if bits != 8 or colour not in CHANNELS or any(rest) or not (1 <= width <= MAX_EDGE and 1 <= height <= MAX_EDGE):
        raise ValueError("not a PNG of ours")
    channels = CHANNELS[colour]
    raw = _inflated(chunks[1][1], height * (width * channels + 1))
    rows = _unfiltered(np.frombuffer(raw, np.uint8).reshape(height, -1), channels)
    return rows if channels == 1 else rows.reshape(height, width, 3)


def _inflated(data: bytes, size: int) -> bytes:
    """Exactly `size` bytes, and never more in memory, however much is packed."""
    try:
        inflater = zlib.decompressobj()
        raw = inflater.decompress(data, size + 1)
    except zlib.error as error:
        raise ValueError("the PNG is damaged") from error
    if len(raw) != size or not inflater.eof:
        raise ValueError("the PNG is damaged")
    return raw


def _unfiltered(rows: NDArray[np.uint8], channels: int) -> NDArray[np.uint8]:
    out = np.empty((len(rows), rows.shape[1] - 1), np.uint8)
    above = np.zeros(out.shape[1], np.uint8)
    for number, row in enumerate(rows):
        kind, content = int(row[0]), row[1:]
        if kind == SUB:
            content = np.add.accumulate(content.reshape(-1, channels), axis=0, dtype=np.uint8).ravel()
        elif kind == UP:
            content = content + above
        elif kind != NONE:
            raise ValueError("not a PNG of ours")
        out[number] = above = content
    return out
