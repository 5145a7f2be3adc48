"""Writing, lines and coverings that are stored beside the pixels of a picture (overlays 60xx), as masks on its slices.

They are shown on this computer and go nowhere else: what is sent and printed is made from the pixels alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.codec.native import frame_span
from viewer.dicom.header import Header, OverlayPlane
from viewer.dicom.overlay import overlay_mask
from viewer.dicom.source import inflated_bytes
from viewer.disc.medium import FoundFile, Medium
from viewer.index.model import Frame
from viewer.problem import ProblemError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BYTES = 64 * 2**20
_BIG_ENDIAN = "1.2.840.10008.1.2.2"

Mask: TypeAlias = "NDArray[np.bool_]"


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """(rows, columns) of the stored picture each, None where there is none: True where an overlay draws, and where one
    covers as a bitmap shutter (PS3.3 C.7.6.15)."""

    drawn: Mask | None = None
    covered: Mask | None = None


def read_beside(medium: Medium, frame: Frame) -> Beside:
    """What the overlays of a picture say. Blocks."""
    header = frame.header
    if not header.overlays or header.pixels is None or header.mosaic_tiles is not None:
        return Beside()
    covering = {shutter.group for shutter in header.shutters_on(frame.number)}
    return Beside(
        _mask(medium, frame, tuple(plane for plane in header.overlays if plane.group not in covering)),
        _mask(medium, frame, tuple(plane for plane in header.overlays if plane.group in covering)),
    )


def _mask(medium: Medium, frame: Frame, planes: tuple[OverlayPlane, ...]) -> Mask | None:
    header, pixels = frame.header, frame.header.pixels
    shape = (pixels.rows, pixels.columns) if pixels is not None else (0, 0)
    words: NDArray[np.integer] | None = None
    drawn: Mask | None = None
    for plane in planes:
        try:
            if plane.bit is not None and words is None:
                words = _stored_words(medium, frame)
            data = b"" if plane.bit is not None else _data(medium, header, plane)
            mask = overlay_mask(plane, shape, frame.number, data, words)
        except ProblemError:
            continue  # the picture itself is there; a drawing that cannot be read is not drawn
        if mask is not None and mask.any():
            drawn = mask if drawn is None else drawn | mask
    return drawn


def _data(medium: Medium, header: Header, plane: OverlayPlane) -> bytes:
    if not 0 < plane.length <= MOST_BYTES:
        return b""
    return medium.read(header.path, plane.offset, plane.length)


def _stored_words(medium: Medium, frame: Frame) -> NDArray[np.integer] | None:
    """The words of a native picture as they lie in the file, unused bits and all."""
    header = frame.header
    pixels, place = header.pixels, header.place
    if (
        pixels is None
        or place is None
        or place.encapsulated
        or pixels.samples != 1
        or pixels.bits_allocated not in (8, 16)
    ):
        return None
    start, size, _ = frame_span(pixels, frame.number)
    if size > MOST_BYTES or start + size > place.length:
        return None
    if place.inflated:
        found = FoundFile(header.path, header.size)
        raw = inflated_bytes(medium, found, place.deflated_start, place.offset + start, size)
    else:
        raw = medium.read(header.path, place.offset + start, size)
    kind = "u1" if pixels.bits_allocated == 8 else (">u2" if header.transfer_syntax == _BIG_ENDIAN else "<u2")
    words = np.frombuffer(raw, kind)
    return words.reshape(pixels.rows, pixels.columns) if words.size == pixels.rows * pixels.columns else None
