"""Compressed pictures made here, one for each decoder, with the header that belongs to them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from viewer.dicom.header import PixelDescription

JPEG, LOSSLESS, JPEG_LS = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80"
JPEG_2000, HTJ2K, RLE = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.5"
ROWS, COLUMNS = 60, 52


@dataclass(frozen=True)
class Made:
    """A stream, what a header says of it, and the picture it was made from."""

    stream: bytes
    description: PixelDescription
    syntax: str
    picture: NDArray[np.generic]
    exact: bool = True


def twelve_bit(seed: int = 1) -> NDArray[np.uint16]:
    """A ramp with noise, 12 bit."""
    noise = np.random.default_rng(seed).integers(0, 40, (ROWS, COLUMNS))
    return ((np.add.outer(np.arange(ROWS) * 30, np.arange(COLUMNS) * 20) + noise) % 4096).astype(np.uint16)


def rle(picture: NDArray[np.uint16]) -> bytes:
    """PS3.5 Annex G with literal runs only: high bytes, then low bytes."""
    segments = [_literal((picture >> shift & 255).astype(np.uint8).tobytes()) for shift in (8, 0)]
    offsets = [64, 64 + len(segments[0])]
    return struct.pack("<16I", 2, *offsets, *[0] * 13) + b"".join(segments)


def _literal(data: bytes) -> bytes:
    runs = [data[at : at + 128] for at in range(0, len(data), 128)]
    packed = b"".join(bytes([len(run) - 1]) + run for run in runs)
    return packed + b"\0" * (len(packed) % 2)


@cache
def one_of_each() -> tuple[Made, ...]:
    """A good stream for each family."""
    import imagecodecs

    grey = twelve_bit()
    description = PixelDescription(ROWS, COLUMNS, bits_stored=12, high_bit=11)
    eight = (grey >> 4).astype(np.uint8)
    small = PixelDescription(ROWS, COLUMNS, bits_allocated=8, bits_stored=8, high_bit=7)
    return (
        Made(bytes(imagecodecs.jpeg8_encode(eight, level=95)), small, JPEG, eight, exact=False),
        Made(bytes(imagecodecs.ljpeg_encode(grey, bitspersample=12)), description, LOSSLESS, grey),
        Made(bytes(imagecodecs.jpegls_encode(grey)), description, JPEG_LS, grey),
        Made(
            bytes(imagecodecs.jpeg2k_encode(grey, codecformat="j2k", reversible=True, level=0)),
            description,
            JPEG_2000,
            grey,
        ),
        Made(bytes(imagecodecs.htj2k_encode(grey, reversible=True)), description, HTJ2K, grey),
        Made(rle(grey), description, RLE, grey),
    )
