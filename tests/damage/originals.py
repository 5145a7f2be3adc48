"""Whole files of every encoding, made from the phantom: what the damage begins with. Offsets of the pixels are known."""

from __future__ import annotations

import copy
import io
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID

from viewer.phantom.disc import DiscKind, write_ct, write_disc

SIZE, SLICES, LARGE_SIZE = 96, 3, 512
IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED, RLE = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5"
JPEG = "1.2.840.10008.1.2.4."
Grey = np.ndarray


@dataclass(frozen=True)
class Original:
    """A good file. `parts`: (offset, length) of each fragment, or of the one native value; nothing when deflated."""

    name: str
    data: bytes
    parts: tuple[tuple[int, int], ...]
    encapsulated: bool
    frames: int = 1


@cache
def phantom() -> tuple[Dataset, ...]:
    """Neighbouring slices of the made CT, 12 bit in 16."""
    with tempfile.TemporaryDirectory() as folder:
        write_ct(Path(folder), SLICES, SIZE)
        return tuple(pydicom.dcmread(path, defer_size=None) for path in sorted(Path(folder).iterdir()))


@cache
def clip() -> Dataset:
    """A colour clip of three frames."""
    with tempfile.TemporaryDirectory() as folder:
        write_disc(Path(folder), DiscKind.CINE, SLICES, SIZE)
        return pydicom.dcmread(next(Path(folder).rglob("CLIP")))


@cache
def enhanced() -> Dataset:
    """One enhanced object of three frames."""
    with tempfile.TemporaryDirectory() as folder:
        write_disc(Path(folder), DiscKind.ENHANCED, SLICES, SIZE)
        return pydicom.dcmread(next(Path(folder).rglob("ENHANCED")))


def written(dataset: Dataset, syntax: str) -> bytes:
    """A Part 10 file of `dataset`; pixels must already be as the syntax wants them."""
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset, enforce_file_format=True)
    return out.getvalue()


def native(name: str, dataset: Dataset, syntax: str = EXPLICIT) -> Original:
    """The dataset as it is; the pixel value lies at the end of the file."""
    pixels: bytes = dataset.PixelData
    if syntax == BIG and dataset.BitsAllocated == 16:
        dataset.PixelData = np.frombuffer(pixels, "<u2").astype(">u2").tobytes()
    data = written(dataset, syntax)
    frames = int(dataset.get("NumberOfFrames", 1))
    if syntax == DEFLATED:
        return Original(name, data, (), False, frames)
    length = len(dataset.PixelData)
    return Original(name, data, ((len(data) - length, length),), False, frames)


def encapsulated(name: str, dataset: Dataset, syntax: str, streams: list[bytes], pieces: int = 1) -> Original:
    """The dataset with its frames in fragments, `pieces` for each frame, behind an offset table."""
    del dataset.PixelData
    head = written(dataset, syntax) + struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, 0xFFFFFFFF)
    body, parts, table = b"", [], []
    start = len(head) + 8 + 4 * len(streams)
    for stream in streams:
        stream += b"\0" * (len(stream) % 2)
        table.append(len(body))
        step = -(-len(stream) // pieces // 2) * 2
        for at in range(0, len(stream), step):
            piece = stream[at : at + step]
            parts.append((start + len(body) + 8, len(piece)))
            body += struct.pack("<HHI", 0xFFFE, 0xE000, len(piece)) + piece
    offsets = struct.pack("<HHI", 0xFFFE, 0xE000, 4 * len(table)) + struct.pack(f"<{len(table)}I", *table)
    end = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return Original(name, head + offsets + body + end, tuple(parts), True, len(streams))


def copied(dataset: Dataset, **changes: object) -> Dataset:
    """A copy with other elements."""
    other = Dataset()
    for element in dataset:
        other.add(copy.copy(element))  # else a changed value would change the original, too
    for keyword, value in changes.items():
        setattr(other, keyword, value)
    return other


def grey(number: int = 1) -> Grey:
    """(rows, columns) 12-bit values of a slice."""
    return np.frombuffer(phantom()[number].PixelData, "<u2").reshape(SIZE, SIZE)


def small(number: int = 1) -> Grey:
    """The same in 8 bit."""
    return (grey(number) >> 4).astype(np.uint8)


def colour(number: int = 1) -> Grey:
    """(rows, columns, 3) of the clip."""
    picture: Grey = np.frombuffer(clip().PixelData, np.uint8).reshape(SLICES, SIZE, SIZE, 3)[number]
    return picture


def as_small(**more: object) -> Dataset:
    """The header for `small`."""
    return copied(phantom()[1], BitsAllocated=8, BitsStored=8, HighBit=7, PixelData=small().tobytes(), **more)


def as_colour(photometric: str = "RGB", **more: object) -> Dataset:
    """The header for one frame of the clip."""
    picture = copied(clip(), PhotometricInterpretation=photometric, PixelData=colour().tobytes(), **more)
    del picture.NumberOfFrames
    return picture


def rle(planes: list[bytes]) -> bytes:
    """PS3.5 Annex G: each plane a segment, replicated runs where they pay."""
    segments = [packed(plane) for plane in planes]
    offsets = [64 + sum(map(len, segments[:number])) for number in range(len(segments))]
    return struct.pack("<16I", len(segments), *offsets, *[0] * (15 - len(offsets))) + b"".join(segments)


def packed(plane: bytes) -> bytes:
    """PackBits, a row at a time."""
    out = bytearray()
    for row in (plane[at : at + SIZE] for at in range(0, len(plane), SIZE)):
        at = 0
        while at < len(row):
            run = 1
            while at + run < len(row) and run < 128 and row[at + run] == row[at]:
                run += 1
            if run > 2:
                out += bytes([257 - run, row[at]])
                at += run
                continue
            end = at + 1
            while end < len(row) and end - at < 128 and row[end : end + 3] != row[end : end + 1] * 3:
                end += 1
            out += bytes([end - at - 1]) + row[at:end]
            at = end
    return bytes(out + b"\0" * (len(out) % 2))


def high_low(picture: Grey) -> list[bytes]:
    """High bytes, low bytes."""
    return [(picture >> shift & 255).astype(np.uint8).tobytes() for shift in (8, 0)]


def _codecs() -> Any:
    import imagecodecs

    return imagecodecs


def _jpeg_2000(picture: Grey, **more: object) -> bytes:
    return bytes(_codecs().jpeg2k_encode(picture, codecformat="j2k", **more))


MAKERS: dict[str, Callable[[], Original]] = {
    "explicit": lambda: native("explicit", copied(phantom()[1])),
    "implicit": lambda: native("implicit", copied(phantom()[1]), IMPLICIT),
    "big-endian": lambda: native("big-endian", copied(phantom()[1]), BIG),
    "deflated": lambda: native("deflated", copied(phantom()[1]), DEFLATED),
    "8-bit": lambda: native("8-bit", as_small()),
    "1-bit": lambda: native(
        "1-bit",
        copied(
            phantom()[1], BitsAllocated=1, BitsStored=1, HighBit=0,
            PixelData=np.packbits(small() > 60, bitorder="little").tobytes(),
        ),
    ),
    "signed": lambda: native("signed", copied(phantom()[1], PixelRepresentation=1)),
    "rgb": lambda: native("rgb", as_colour()),
    "rgb-planes": lambda: native(
        "rgb-planes", copied(as_colour(), PlanarConfiguration=1, PixelData=np.moveaxis(colour(), 2, 0).tobytes())
    ),
    "clip": lambda: native("clip", copied(clip())),
    "enhanced": lambda: native("enhanced", copied(enhanced())),
    "rle": lambda: encapsulated("rle", copied(phantom()[1]), RLE, [rle(high_low(grey()))]),
    "rle-rgb": lambda: encapsulated(
        "rle-rgb", as_colour(), RLE, [rle([colour()[..., n].tobytes() for n in range(3)])]
    ),
    "jpeg": lambda: encapsulated("jpeg", as_small(), JPEG + "50", [bytes(_codecs().jpeg8_encode(small(), level=92))]),
    "jpeg-colour": lambda: encapsulated(
        "jpeg-colour",
        as_colour("YBR_FULL_422"),
        JPEG + "50",
        [bytes(_codecs().jpeg8_encode(colour(), level=92, colorspace="RGB", outcolorspace="YCBCR", subsampling="422"))],
    ),
    "jpeg-lossless": lambda: encapsulated(
        "jpeg-lossless", copied(phantom()[1]), JPEG + "70", [bytes(_codecs().ljpeg_encode(grey(), bitspersample=12))]
    ),
    "jpeg-ls": lambda: encapsulated(
        "jpeg-ls", copied(phantom()[1]), JPEG + "80", [bytes(_codecs().jpegls_encode(grey()))], 2
    ),
    "jpeg-ls-near": lambda: encapsulated(
        "jpeg-ls-near", copied(phantom()[1]), JPEG + "81", [bytes(_codecs().jpegls_encode(grey(), level=3))]
    ),
    "jpeg-2000": lambda: encapsulated(
        "jpeg-2000", copied(phantom()[1]), JPEG + "90", [_jpeg_2000(grey(), reversible=True, level=0)]
    ),
    "jpeg-2000-lossy": lambda: encapsulated(
        "jpeg-2000-lossy", copied(phantom()[1]), JPEG + "91", [_jpeg_2000(grey(), reversible=False, level=80)], 3
    ),
    "htj2k": lambda: encapsulated(
        "htj2k", copied(phantom()[1]), JPEG + "201", [bytes(_codecs().htj2k_encode(grey(), reversible=True))]
    ),
    "clip-jpeg": lambda: encapsulated(
        "clip-jpeg",
        copied(clip(), PhotometricInterpretation="YBR_FULL"),
        JPEG + "50",
        [
            bytes(_codecs().jpeg8_encode(colour(n), level=92, colorspace="RGB", outcolorspace="YCBCR", subsampling="444"))
            for n in range(SLICES)
        ],
    ),
    "enhanced-jpeg-ls": lambda: encapsulated(
        "enhanced-jpeg-ls",
        copied(enhanced()),
        JPEG + "80",
        [
            bytes(_codecs().jpegls_encode(frame))
            for frame in np.frombuffer(enhanced().PixelData, "<u2").reshape(SLICES, SIZE, SIZE)
        ],
    ),
}  # fmt: skip
NAMES = tuple(MAKERS)


@cache
def large_slice() -> Dataset:
    """A slice of the made CT of the size of a real one: noise in 12 stored bits of 16."""
    with tempfile.TemporaryDirectory() as folder:
        write_ct(Path(folder), 1, LARGE_SIZE)
        return pydicom.dcmread(next(Path(folder).iterdir()), defer_size=None)


def _large(name: str, syntax: str, pack: Callable[[Grey], bytes]) -> Original:
    picture = np.frombuffer(large_slice().PixelData, "<u2").reshape(LARGE_SIZE, LARGE_SIZE)
    return encapsulated(name, copied(large_slice()), syntax, [pack(picture)])


LARGE_MAKERS: dict[str, Callable[[], Original]] = {
    "large-explicit": lambda: native("large-explicit", copied(large_slice())),
    "large-implicit": lambda: native("large-implicit", copied(large_slice()), IMPLICIT),
    "large-jpeg-lossless": lambda: _large(
        "large-jpeg-lossless", JPEG + "70", lambda picture: bytes(_codecs().ljpeg_encode(picture, bitspersample=12))
    ),
    "large-jpeg-2000": lambda: _large(
        "large-jpeg-2000", JPEG + "90", lambda picture: _jpeg_2000(picture, reversible=True, level=0)
    ),
}
LARGE_NAMES = tuple(LARGE_MAKERS)


@cache
def original(name: str) -> Original:
    """The good file of one encoding."""
    return (MAKERS | LARGE_MAKERS)[name]()


@cache
def neighbour() -> bytes:
    """A good slice of the same series, beside the damaged file."""
    return written(copied(phantom()[0]), EXPLICIT)
