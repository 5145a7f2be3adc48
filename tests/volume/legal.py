"""What odd but legal files are made of: headers, pixels plain or in items, streams (PS3.3 C.7.6.3, PS3.5 8 and Annex A)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import UID

from tests.damage.originals import written

IMPLICIT, EXPLICIT, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED, RLE, FRAMES_DEFLATED = "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8.1"
WRAPPED = "1.2.840.10008.1.2.1.98"
JPEG = "1.2.840.10008.1.2.4."
ROWS, COLUMNS = 21, 26
Values = np.ndarray


@dataclass(frozen=True)
class Legal:
    """A file and its frames: float32 (rows, columns) grey, index or (rows, columns, 3) colour."""

    data: bytes
    wanted: Sequence[Values]
    most: float = 0.0


def ramp(bits: int, signed: bool = False, number: int = 0) -> Values:
    """(ROWS, COLUMNS) over the whole range of so many bits, with some noise."""
    top = (1 << bits) - 1
    line = np.add.outer(np.arange(ROWS) / ROWS, np.arange(COLUMNS) / COLUMNS) / 2
    noise = np.random.default_rng(number).random((ROWS, COLUMNS)) * 0.02
    values = np.clip((line + noise) * top, 0, top).astype(np.int64)
    values[0, 0], values[-1, -1] = 0, top
    return values - (1 << bits - 1) if signed else values


def header(bits: int = 16, stored: int = 0, high: int = -1, signed: bool = False, **more: Any) -> Dataset:
    """A picture without its pixels."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = UID("1.2.840.10008.5.1.4.1.1.7"), UID("1.2.3.4")
    made.StudyInstanceUID, made.SeriesInstanceUID, made.Modality = UID("1.2.3"), UID("1.2.3.1"), "OT"
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.Rows, made.Columns = ROWS, COLUMNS
    made.BitsAllocated, made.BitsStored = bits, stored or bits
    made.HighBit = made.BitsStored - 1 if high < 0 else high
    made.PixelRepresentation = int(signed)
    for keyword, value in more.items():
        setattr(made, keyword, value)
    return made


def words(values: Values, bits: int, big: bool = False) -> bytes:
    """Values as words of so many bits."""
    kind = f"{'>' if big else '<'}u{bits // 8}"
    return (values & ((1 << bits) - 1)).astype(kind).tobytes()


def native(dataset: Dataset, pixels: bytes, syntax: str = EXPLICIT, vr: str = "") -> bytes:
    """The file with plain pixels; an odd length gets its byte."""
    vr = vr or ("OB" if dataset.BitsAllocated <= 8 and syntax != IMPLICIT else "OW")
    dataset.add_new(0x7FE00010, vr, pixels + b"\0" * (len(pixels) % 2))
    return written(dataset, syntax)


def packed(dataset: Dataset, syntax: str, frames: Sequence[bytes], pieces: int = 1, table: str = "basic") -> bytes:
    """The file with its frames in items (PS3.5 A.4). table: "basic", "none" or "extended"."""
    body, starts, lengths = b"", [], []
    for stream in frames:
        lengths.append(len(stream))
        stream += b"\0" * (len(stream) % 2)
        starts.append(len(body))
        step = max(2, -(-len(stream) // pieces // 2) * 2)
        for at in range(0, len(stream), step):
            piece = stream[at : at + step]
            body += struct.pack("<HHI", 0xFFFE, 0xE000, len(piece)) + piece
    basic = struct.pack(f"<{len(starts)}I", *starts) if table == "basic" else b""
    if table == "extended":
        dataset.add_new(0x7FE00001, "OV", struct.pack(f"<{len(starts)}Q", *starts))
        dataset.add_new(0x7FE00002, "OV", struct.pack(f"<{len(starts)}Q", *lengths))
    head = written(dataset, syntax) + struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, 0xFFFFFFFF)
    items = struct.pack("<HHI", 0xFFFE, 0xE000, len(basic)) + basic + body
    return head + items + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def rle(planes: Sequence[bytes]) -> bytes:
    """PS3.5 Annex G, literal runs only."""
    segments = []
    for plane in planes:
        runs = [plane[at : at + 128] for at in range(0, len(plane), 128)]
        made = b"".join(bytes([len(run) - 1]) + run for run in runs)
        segments.append(made + b"\0" * (len(made) % 2))
    offsets = [64 + sum(map(len, segments[:number])) for number in range(len(segments))]
    return struct.pack("<16I", len(segments), *offsets, *[0] * (15 - len(segments))) + b"".join(segments)


def bytes_high_first(values: Values, bits: int) -> list[bytes]:
    """The bytes of words as RLE wants them: all of the highest first (PS3.5 G.2)."""
    return [(values >> shift & 255).astype(np.uint8).tobytes() for shift in range(bits - 8, -1, -8)]


def codec() -> Any:
    import imagecodecs

    return imagecodecs


def jpeg_ls(values: Values) -> bytes:
    """Signed values are packed as the words they are (PS3.5 8.2.3)."""
    return bytes(codec().jpegls_encode(values.view(f"u{values.itemsize}")))


def jpeg_2000(values: Values, **more: Any) -> bytes:
    return bytes(codec().jpeg2k_encode(values, **{"codecformat": "j2k", "level": 0, "reversible": True, **more}))


def htj2k(values: Values) -> bytes:
    return bytes(codec().htj2k_encode(values, reversible=True))
