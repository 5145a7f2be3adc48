"""Odd but legal grey pictures in every packing, cut into items in every way, with their values (PS3.5 8.2, A.4)."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.volume.legal import (
    FRAMES_DEFLATED,
    JPEG,
    RLE,
    WRAPPED,
    Legal,
    Values,
    bytes_high_first,
    codec,
    header,
    htj2k,
    jpeg_2000,
    jpeg_ls,
    packed,
    ramp,
    rle,
    words,
)  # fmt: skip

CHANCE = np.random.default_rng(12)


def packed_grey(
    syntax: str,
    encode: Callable[[Values], bytes],
    bits: int = 12,
    signed: bool = False,
    most: float = 0.0,
    allocated: int = 0,
    **how: Any,
) -> Legal:
    """`frames` of `ramp` in streams of `encode`."""
    count = how.pop("frames", 1)
    allocated = allocated or (8 if bits <= 8 else 16)
    kind = f"{'i' if signed else 'u'}{allocated // 8}"
    made = [ramp(bits, signed, number) for number in range(count)]
    streams = [bytes(encode(np.ascontiguousarray(one.astype(kind)))) for one in made]
    dataset = header(allocated, bits, signed=signed)
    if count > 1:
        dataset.NumberOfFrames = count
    return Legal(packed(dataset, syntax, streams, **how), [one.astype(np.float32) for one in made], most)


def rle_words(bits: int) -> Callable[[Values], bytes]:
    return lambda values: rle(bytes_high_first(values.astype(np.int64), bits))


def jpeg_12(values: Values) -> bytes:
    return bytes(codec().jpeg8_encode(values, level=100, bitspersample=12))


def jpeg_8(values: Values) -> bytes:
    return bytes(codec().jpeg8_encode(values, level=100))


def lossless(predictor: int, bits: int) -> Callable[[Values], bytes]:
    return lambda values: bytes(
        codec().jpeg8_encode(values.view(f"u{values.itemsize}"), lossless=True, predictor=predictor, bitspersample=bits)
    )


def near(values: Values) -> bytes:
    return bytes(codec().jpegls_encode(values, level=2))


def deflated_bits() -> Legal:
    """Segmentations: single bits, each frame deflated on its own and filled to whole bytes (PS3.5 A.4.13)."""
    bits = CHANCE.integers(0, 2, (3, 7, 5))
    streams = []
    for frame in bits:
        squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
        raw = np.packbits(frame.reshape(-1).astype(np.uint8), bitorder="little").tobytes()
        streams.append(squeeze.compress(raw) + squeeze.flush())
    dataset = header(1, 1, 0, Rows=7, Columns=5, NumberOfFrames=3)
    data = packed(dataset, WRAPPED, streams).replace(
        WRAPPED.encode(), FRAMES_DEFLATED.encode() + b"\0"
    )  # new to pydicom
    return Legal(data, list(bits.astype(np.float32)))


def wrapped(bits: int, frames: int, **how: Any) -> Legal:
    """Plain frames in items, one each: Encapsulated Uncompressed Explicit VR Little Endian (PS3.5 A.4.11)."""
    made = [ramp(bits, number=number) for number in range(frames)]
    dataset = header(bits, NumberOfFrames=frames)
    return Legal(
        packed(dataset, WRAPPED, [words(one, bits) for one in made], **how), [one.astype(np.float32) for one in made]
    )


PACKED: dict[str, Callable[[], Legal]] = {
    "RLE 8 bits": lambda: packed_grey(RLE, rle_words(8), 8),
    "RLE 16 bits signed": lambda: packed_grey(RLE, rle_words(16), 16, True),
    "RLE 32 bits": lambda: packed_grey(RLE, rle_words(32), 32, allocated=32),
    "JPEG 8 bits": lambda: packed_grey(JPEG + "50", jpeg_8, 8, most=4),
    "JPEG 12 bits": lambda: packed_grey(JPEG + "51", jpeg_12, 12, most=8),
    "JPEG 8 bits, labelled extended": lambda: packed_grey(JPEG + "51", jpeg_8, 8, most=4),
    **{
        f"JPEG lossless {bits} bits, predictor {predictor}": (
            partial(packed_grey, JPEG + "57", lossless(predictor, bits), bits)
        )
        for bits, predictor in ((8, 1), (8, 4), *((bits, number) for bits in (12, 16) for number in range(1, 8)))
    },
    "JPEG lossless 16 bits signed": lambda: packed_grey(JPEG + "70", lossless(1, 16), 16, True),
    "JPEG lossless liblj92": lambda: packed_grey(
        JPEG + "70", lambda one: codec().ljpeg_encode(one, bitspersample=12), 12
    ),
    "JPEG-LS 16 bits": lambda: packed_grey(JPEG + "80", jpeg_ls, 16),
    "JPEG-LS 16 bits signed": lambda: packed_grey(JPEG + "80", jpeg_ls, 16, True),
    "JPEG-LS near": lambda: packed_grey(JPEG + "81", near, 12, most=2),
    "JPEG-LS near, 8 bits": lambda: packed_grey(JPEG + "81", near, 8, most=2),
    "JPEG 2000 signed 16 bits": lambda: packed_grey(JPEG + "90", jpeg_2000, 16, True),
    "JPEG 2000 signed 12 bits": lambda: packed_grey(
        JPEG + "90", lambda one: jpeg_2000(one, bitspersample=12), 12, True
    ),
    "JPEG 2000 10 bits": lambda: packed_grey(JPEG + "90", lambda one: jpeg_2000(one, bitspersample=10), 10),
    "JPEG 2000 8 bits signed": lambda: packed_grey(JPEG + "90", jpeg_2000, 8, True),
    "JPEG 2000 in a JP2 file": lambda: packed_grey(JPEG + "90", lambda one: jpeg_2000(one, codecformat="jp2"), 16),
    "JPEG 2000 lossy, signed": lambda: packed_grey(
        JPEG + "91", lambda one: jpeg_2000(one, reversible=False, level=90), 16, True, most=12
    ),
    "HTJ2K 16 bits": lambda: packed_grey(JPEG + "201", htj2k, 16),
    "HTJ2K 16 bits signed": lambda: packed_grey(JPEG + "201", htj2k, 16, True),
    "HTJ2K 8 bits": lambda: packed_grey(JPEG + "202", htj2k, 8),
    "deflated frames of bits": deflated_bits,
    "plain frames in items": lambda: wrapped(16, 3),
    "plain frames in items, no table": lambda: wrapped(8, 3, table="none"),
    **{
        f"fragments: {name}, table {table}, pieces {pieces}, frames {frames}": (
            partial(
                packed_grey, syntax, encode, bits,
                frames=frames, pieces=pieces, table=table, most=4 if encode is jpeg_8 else 0,
            )
        )
        for name, syntax, encode, bits in (
            ("JPEG", JPEG + "50", jpeg_8, 8),
            ("JPEG-LS", JPEG + "80", jpeg_ls, 16),
            ("JPEG 2000", JPEG + "90", jpeg_2000, 16),
            ("HTJ2K", JPEG + "201", htj2k, 16),
        )
        for table, pieces, frames in (
            ("none", 3, 1),
            ("none", 1, 4),
            ("none", 3, 4),
            ("basic", 3, 4),
            ("extended", 1, 4),
            ("extended", 3, 4),
        )
    },
    "RLE frames, no table": lambda: packed_grey(RLE, rle_words(16), 16, frames=4, table="none"),
    "RLE frames, extended table": lambda: packed_grey(RLE, rle_words(16), 16, frames=4, table="extended"),
}  # fmt: skip
