"""Odd but legal colour pictures, plain and packed, with the red, green and blue they mean (PS3.3 C.7.6.3.1.2)."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from tests.volume.legal import (
    BIG,
    COLUMNS,
    EXPLICIT,
    FRAMES_DEFLATED,
    JPEG,
    RLE,
    ROWS,
    WRAPPED,
    Legal,
    Values,
    bytes_high_first,
    codec,
    header,
    htj2k,
    jpeg_2000,
    native,
    packed,
    rle,
    words,
)  # fmt: skip

FULL = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])


def colours(number: int = 0, top: int = 255) -> Values:
    """(ROWS, COLUMNS, 3), smooth, so that chroma may be shared."""
    down, right = np.mgrid[0:ROWS, 0:COLUMNS]
    parts = [down / ROWS, right / COLUMNS, (down + right + number) / (ROWS + COLUMNS + number)]
    return np.rint(np.stack(parts, axis=-1) * top * 0.9 + top * 0.05).astype(np.int64)


def colour_header(photometric: str, planar: int = 0, bits: int = 8, **more: Any) -> Dataset:
    """A colour picture without its pixels."""
    return header(bits, SamplesPerPixel=3, PhotometricInterpretation=photometric, PlanarConfiguration=planar, **more)


def ybr(rgb: Values, narrow: bool = False) -> Values:
    """RGB → Y, Cb, Cr of 8 bits (PS3.3 C.7.6.3.1.2)."""
    scale = np.array([219, 224, 224]) / 255 if narrow else np.ones(3)
    made: Values = np.clip(np.rint((rgb @ FULL.T) * scale + [16 if narrow else 0, 128, 128]), 0, 255).astype(np.int64)
    return made


def rgb_of(samples: Values, narrow: bool = False) -> Values:
    """Y, Cb, Cr → RGB as the standard says, rounded once."""
    turned = (samples - np.array([16 if narrow else 0, 128, 128])) / (
        np.array([219, 224, 224]) / 255 if narrow else np.ones(3)
    )
    back = np.array([[1.0, 0.0, 1.402], [1.0, -0.344136, -0.714136], [1.0, 1.772, 0.0]])
    made: Values = np.clip(np.rint(turned @ back.T), 0, 255)
    return made


def plain_colour(photometric: str, planar: int, bits: int = 8, syntax: str = EXPLICIT, frames: int = 1) -> Legal:
    made = [colours(number, (1 << bits) - 1) for number in range(frames)]
    narrow = photometric.startswith("YBR_PARTIAL")
    stored = [ybr(one, narrow) if photometric.startswith("YBR") else one for one in made]
    wanted = [rgb_of(one, narrow) if photometric.startswith("YBR") else one for one in stored]
    raw = b"".join(words(np.moveaxis(one, 2, 0) if planar else one, bits, syntax == BIG) for one in stored)
    dataset = colour_header(photometric, planar, bits)
    if frames > 1:
        dataset.NumberOfFrames = frames
    return Legal(native(dataset, raw, syntax), [one.astype(np.float32) for one in wanted], 1.0)


def shared_chroma(photometric: str) -> Legal:
    """Y Y Cb Cr (PS3.3 C.7.6.3.1.2)."""
    narrow = photometric.startswith("YBR_PARTIAL")
    samples = ybr(colours(), narrow)
    samples[:, 1::2, 1:] = samples[:, ::2, 1:]
    pairs = samples.reshape(ROWS, COLUMNS // 2, 2, 3)
    raw = np.stack([pairs[:, :, 0, 0], pairs[:, :, 1, 0], pairs[:, :, 0, 1], pairs[:, :, 0, 2]], axis=-1)
    wanted = rgb_of(samples, narrow).astype(np.float32)
    return Legal(native(colour_header(photometric), words(raw, 8)), [wanted], 1.0)


def rle_colour(photometric: str, planar: int, bits: int = 8) -> Legal:
    made = colours(top=(1 << bits) - 1)
    stored = ybr(made) if photometric == "YBR_FULL" else made
    planes = [plane for channel in range(3) for plane in bytes_high_first(stored[..., channel], bits)]
    wanted = rgb_of(stored) if photometric == "YBR_FULL" else made
    dataset = colour_header(photometric, planar, bits)
    return Legal(packed(dataset, RLE, [rle(planes)]), [wanted.astype(np.float32)], 1.0)


def jpeg_colour(photometric: str, inside: str, sampling: str, most: float = 14.0) -> Legal:
    made = colours().astype(np.uint8)
    stream = bytes(codec().jpeg8_encode(made, level=98, colorspace="RGB", outcolorspace=inside, subsampling=sampling))
    return Legal(packed(colour_header(photometric), JPEG + "50", [stream]), [made.astype(np.float32)], most)


def lossless_colour(syntax: str, photometric: str, encode: Callable[[Values], bytes]) -> Legal:
    made = colours()
    stored = ybr(made) if photometric == "YBR_FULL" else made
    wanted = rgb_of(stored) if photometric == "YBR_FULL" else made
    stream = bytes(encode(np.ascontiguousarray(stored.astype(np.uint8))))
    return Legal(packed(colour_header(photometric), syntax, [stream]), [wanted.astype(np.float32)], 1.0)


def deflated_planes() -> Legal:
    """Colour by plane, deflated."""
    made = colours()
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = squeeze.compress(words(np.moveaxis(made, 2, 0), 8)) + squeeze.flush()
    data = packed(colour_header("RGB", 1), WRAPPED, [stream]).replace(
        WRAPPED.encode(), FRAMES_DEFLATED.encode() + b"\0"
    )
    return Legal(data, [made.astype(np.float32)])


def wrapped_planes() -> Legal:
    """Colour by plane, not compressed, in an item."""
    made = colours()
    return Legal(
        packed(colour_header("RGB", 1), WRAPPED, [words(np.moveaxis(made, 2, 0), 8)]), [made.astype(np.float32)]
    )


COLOUR: dict[str, Callable[[], Legal]] = {
    **{
        f"{name}, {'planes' if planar else 'pixels'}": partial(plain_colour, name, planar)
        for name in ("RGB", "YBR_FULL")
        for planar in (0, 1)
    },
    "RGB frames, planes": lambda: plain_colour("RGB", 1, frames=3),
    "RGB of 16 bits": lambda: plain_colour("RGB", 0, 16),
    "RGB of 16 bits, planes": lambda: plain_colour("RGB", 1, 16),
    "RGB of 16 bits, big endian": lambda: plain_colour("RGB", 0, 16, BIG),
    "RGB, big endian": lambda: plain_colour("RGB", 0, 8, BIG),
    "YBR_FULL_422": lambda: shared_chroma("YBR_FULL_422"),
    "YBR_PARTIAL_422": lambda: shared_chroma("YBR_PARTIAL_422"),
    "RLE RGB": lambda: rle_colour("RGB", 0),
    "RLE RGB, planes": lambda: rle_colour("RGB", 1),
    "RLE YBR_FULL": lambda: rle_colour("YBR_FULL", 1),
    "RLE RGB of 16 bits": lambda: rle_colour("RGB", 0, 16),
    "JPEG YBR_FULL_422": lambda: jpeg_colour("YBR_FULL_422", "YCBCR", "422"),
    "JPEG YBR_FULL": lambda: jpeg_colour("YBR_FULL", "YCBCR", "444", 6),
    "JPEG YBR_FULL, 420 inside": lambda: jpeg_colour("YBR_FULL_422", "YCBCR", "420", 20),
    "JPEG RGB": lambda: jpeg_colour("RGB", "RGB", "444", 6),
    "JPEG lossless RGB": lambda: lossless_colour(
        JPEG + "70", "RGB", lambda one: codec().jpeg8_encode(one, lossless=True, colorspace="RGB", outcolorspace="RGB")
    ),
    "JPEG-LS RGB": lambda: lossless_colour(JPEG + "80", "RGB", lambda one: codec().jpegls_encode(one)),
    "JPEG-LS YBR_FULL": lambda: lossless_colour(JPEG + "80", "YBR_FULL", lambda one: codec().jpegls_encode(one)),
    "JPEG 2000 YBR_RCT": lambda: lossless_colour(JPEG + "90", "YBR_RCT", lambda one: jpeg_2000(one, mct=True)),
    "JPEG 2000 RGB": lambda: lossless_colour(JPEG + "90", "RGB", lambda one: jpeg_2000(one, mct=False)),
    "JPEG 2000 YBR_FULL": lambda: lossless_colour(JPEG + "90", "YBR_FULL", lambda one: jpeg_2000(one, mct=False)),
    "HTJ2K RGB": lambda: lossless_colour(JPEG + "201", "YBR_RCT", htj2k),
    "JPEG 2000 YBR_ICT": lambda: Legal(
        packed(
            colour_header("YBR_ICT"), JPEG + "91",
            [jpeg_2000(colours().astype(np.uint8), mct=True, reversible=False, level=60)],
        ),
        [colours().astype(np.float32)],
        4,
    ),
    "deflated colour by plane": deflated_planes,
    "plain colour by plane in an item": wrapped_planes,
}  # fmt: skip
