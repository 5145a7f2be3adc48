"""Does each promised encoding decode here? A known small frame of each is made and decoded in the worker, and a known
page of a PDF is drawn."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.codec.paper import draw_page
from viewer.codec.pool import Decoder
from viewer.dicom.header import PixelDescription
from viewer.problem import ProblemError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE = 32
PAGE = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 64 32] /Contents 4 0 R>> endobj
4 0 obj <</Length 26>> stream
1 0 0 rg 0 0 32 32 re f
endstream endobj
trailer <</Root 1 0 R>>
%%EOF
"""  # 64 × 32, the left half red
Words: TypeAlias = "NDArray[np.uint16]"


def known_frame() -> Words:
    """A ramp of 12-bit values, (32, 32)."""
    return (np.arange(SIZE * SIZE, dtype=np.uint16) * 3 % 4096).reshape(SIZE, SIZE)


def rle_stream(values: Words) -> bytes:
    """RLE Lossless (PS3.5 G) of 16-bit grey, literal runs only: the high bytes, then the low bytes."""
    planes = [(values >> 8).astype(np.uint8).tobytes(), (values & 0xFF).astype(np.uint8).tobytes()]
    packed = [b"".join(bytes([len(run) - 1]) + run for run in runs(plane)) for plane in planes]
    packed = [segment + b"\x80" * (len(segment) % 2) for segment in packed]
    offsets = [64, 64 + len(packed[0])]
    return struct.pack("<16I", 2, *offsets, *[0] * 13) + b"".join(packed)


def runs(plane: bytes) -> list[bytes]:
    """Pieces of at most 128 bytes."""
    return [plane[at : at + 128] for at in range(0, len(plane), 128)]


def decoder_report() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of encodings that decode to the known values, and of those that do not."""
    import imagecodecs

    frame = known_frame()
    makers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "RLE": ("1.2.840.10008.1.2.5", lambda: rle_stream(frame)),
        "JPEG lossless": ("1.2.840.10008.1.2.4.70", lambda: bytes(imagecodecs.ljpeg_encode(frame, bitspersample=12))),
        "JPEG-LS": ("1.2.840.10008.1.2.4.80", lambda: bytes(imagecodecs.jpegls_encode(frame))),
        "JPEG 2000": (
            "1.2.840.10008.1.2.4.90",
            lambda: bytes(imagecodecs.jpeg2k_encode(frame, codecformat="j2k", level=0)),
        ),
        "HTJ2K": ("1.2.840.10008.1.2.4.201", lambda: bytes(imagecodecs.htj2k_encode(frame))),
    }
    description = PixelDescription(SIZE, SIZE, 1, 16, 12, 11)
    decoder = Decoder()
    good: list[str] = []
    bad: list[str] = []
    try:
        for name, (syntax, make) in makers.items():
            try:
                same = np.array_equal(decoder.decode(make(), description, syntax).array, frame)
            except (ProblemError, RuntimeError, ValueError, NotImplementedError):
                same = False
            (good if same else bad).append(name)
    finally:
        decoder.close()
    (good if draws_pages() else bad).append("PDF pages")
    return tuple(good), tuple(bad)


def draws_pages() -> bool:
    """Whether the known page comes out as it should."""
    try:
        dots = draw_page(PAGE, 0, 64).dots
    except ProblemError:
        return False
    return dots.shape == (32, 64, 3) and bool((dots[:, :32] == (255, 0, 0)).all() and (dots[:, 32:] == 255).all())
