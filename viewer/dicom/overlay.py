"""Overlays of groups 6000 to 601E: drawings of one bit a pixel, beside the picture or in its unused bits.

PS3.3 C.9.2 and C.9.3, PS3.5 8.1.2; rule R-O1: own size, origin from 1 and maybe negative, own frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.fields import Fields
from viewer.dicom.header import OverlayPlane, PixelDescription

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUPS = tuple(range(0x6000, 0x6020, 2))
_PARTS = (0x0010, 0x0011, 0x0015, 0x0022, 0x0040, 0x0050, 0x0051, 0x0100, 0x0102, 0x1500)
_DATA = 0x3000
OVERLAY_TAGS = frozenset(group << 16 | part for group in GROUPS for part in _PARTS)
OVERLAY_DATA = frozenset(group << 16 | _DATA for group in GROUPS)
MOST_FRAMES = 100_000


def overlay_planes(
    fields: Fields, places: Mapping[int, tuple[int, int]], pixels: PixelDescription | None
) -> tuple[OverlayPlane, ...]:
    """The overlays of a header. places: tag of the overlay data → (offset, length) in the file."""
    found = (_plane(fields, group << 16, places.get(group << 16 | _DATA), pixels) for group in GROUPS)
    return tuple(plane for plane in found if plane is not None)


def _plane(
    fields: Fields, group: int, place: tuple[int, int] | None, pixels: PixelDescription | None
) -> OverlayPlane | None:
    rows, columns = fields.number(group | 0x0010), fields.number(group | 0x0011)
    bit = None if place is not None else _embedded_bit(fields, group, pixels)
    if place is None and bit is None:
        return None
    if bit is not None and pixels is not None:
        rows, columns = rows or pixels.rows, columns or pixels.columns
    if not rows or not columns:
        return None
    origin = fields.numbers(group | 0x0050, signed=True)
    first = fields.number(group | 0x0051)
    frames = fields.integer(group | 0x0015) or 1
    return OverlayPlane(
        group >> 16,
        rows,
        columns,
        (origin[0], origin[1]) if len(origin) == 2 else (1, 1),
        min(max(frames, 1), MOST_FRAMES),
        first if first else (1 if frames > 1 else None),
        fields.word(group | 0x0040) or "G",
        fields.text(group | 0x1500) or fields.text(group | 0x0022),
        bit,
        *(place or (0, 0)),
        not fields.encoding.little,
    )


def _embedded_bit(fields: Fields, group: int, pixels: PixelDescription | None) -> int | None:
    """The bit of the pixels that holds the overlay; None where that bit belongs to the picture or is none of them. Bit 0
    is written by some who mean the first one above the picture."""
    bit, allocated = fields.number(group | 0x0102), fields.number(group | 0x0100)
    if pixels is None or bit is None or allocated != pixels.bits_allocated or pixels.float_kind:
        return None
    low = pixels.high_bit + 1 - pixels.bits_stored
    if bit == low == 0 and not pixels.is_signed:
        bit = pixels.high_bit + 1
    return bit if bit < allocated and not low <= bit <= pixels.high_bit else None


def overlay_mask(
    plane: OverlayPlane,
    shape: tuple[int, int],
    frame: int = 1,
    data: bytes = b"",
    stored: NDArray[np.integer] | None = None,
) -> NDArray[np.bool_] | None:
    """(rows, columns) of `shape`, True where the overlay draws on frame `frame` (from 1) of the picture.

    data: all bytes of the overlay (`plane.offset`, `plane.length` of the file). stored: for an embedded one the words
    (rows, columns) as stored, before any mask. None where this overlay has nothing to say about that frame.
    Bits that the file does not hold are not drawn.
    """
    number = 0 if plane.first_frame is None else frame - plane.first_frame
    if not 0 <= number < plane.frames:
        return None
    if plane.bit is not None:
        if stored is None or stored.ndim != 2:
            return None
        drawn = (stored >> plane.bit) & 1 != 0
    else:
        drawn = _bits(plane, number, data)
    return _placed(drawn, plane.origin, shape)


def _bits(plane: OverlayPlane, number: int, data: bytes) -> NDArray[np.bool_]:
    """Frame `number` (from 0) of a separate overlay; frames follow one another without gaps, lowest bit first."""
    count = plane.rows * plane.columns
    start = number * count
    packed = data[start // 8 // 2 * 2 : (start + count + 7) // 8 + 1]
    if plane.swapped:
        words = np.frombuffer(packed[: len(packed) // 2 * 2], ">u2").astype("<u2")
        packed = words.tobytes()
    skip = start - start // 8 // 2 * 2 * 8
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")[skip : skip + count]
    drawn = np.zeros(count, np.bool_)
    drawn[: len(bits)] = bits != 0
    return drawn.reshape(plane.rows, plane.columns)


def _placed(drawn: NDArray[np.bool_], origin: tuple[int, int], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The drawing on the picture: its first point lies at `origin` (row, column from 1); what lies outside is cut."""
    mask = np.zeros(shape, np.bool_)
    top, left = origin[0] - 1, origin[1] - 1
    rows = slice(max(top, 0), min(top + drawn.shape[0], shape[0]))
    columns = slice(max(left, 0), min(left + drawn.shape[1], shape[1]))
    if rows.start < rows.stop and columns.start < columns.stop:
        mask[rows, columns] = drawn[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    return mask
