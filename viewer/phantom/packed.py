"""A made series once more in each of the ways that pictures are packed in (PS3.5 A.4): for measurements."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint16]


def rle(picture: Words) -> bytes:
    """PS3.5 Annex G: high bytes, then low bytes, each row packed on its own."""
    from imagecodecs import packbits_encode

    segments = []
    for shift in (8, 0):
        plane = (picture >> shift & 255).astype(np.uint8)
        segment = b"".join(bytes(packbits_encode(row.tobytes())) for row in plane)
        segments.append(segment + b"\0" * (len(segment) % 2))
    return struct.pack("<16I", 2, 64, 64 + len(segments[0]), *[0] * 13) + b"".join(segments)


def _jpeg_lossless(picture: Words) -> bytes:
    from imagecodecs import ljpeg_encode

    return bytes(ljpeg_encode(picture, bitspersample=12))


def _jpeg_ls(picture: Words) -> bytes:
    from imagecodecs import jpegls_encode

    return bytes(jpegls_encode(picture))


def _jpeg_2000(picture: Words) -> bytes:
    from imagecodecs import jpeg2k_encode

    return bytes(jpeg2k_encode(picture, codecformat="j2k", reversible=True, level=0))


def _htj2k(picture: Words) -> bytes:
    from imagecodecs import htj2k_encode

    return bytes(htj2k_encode(picture, reversible=True))


_JPEG = "1.2.840.10008.1.2.4."
PACKERS: dict[str, tuple[str, Callable[[Words], bytes]]] = {
    "RLE": ("1.2.840.10008.1.2.5", rle),
    "JPEG lossless": (_JPEG + "70", _jpeg_lossless),
    "JPEG-LS": (_JPEG + "80", _jpeg_ls),
    "JPEG 2000": (_JPEG + "90", _jpeg_2000),
    "HTJ2K": (_JPEG + "201", _htj2k),
}


def write_packed(files: list[Path], folder: Path, name: str) -> None:
    """Write each of `files` (16 bit grey, not packed) into `folder`, packed as `PACKERS[name]`. Raises OSError."""
    import pydicom
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID

    syntax, pack = PACKERS[name]
    folder.mkdir(parents=True, exist_ok=True)
    for path in files:
        dataset = pydicom.dcmread(path)
        picture = np.frombuffer(dataset.PixelData, "<u2").reshape(dataset.Rows, dataset.Columns)
        dataset.PixelData = encapsulate([pack(picture)])
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
        dataset.file_meta.TransferSyntaxUID = UID(syntax)
        dataset.save_as(folder / path.name)
