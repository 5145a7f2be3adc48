"""Shutters: the part of a picture that its makers meant to be seen (PS3.3 C.7.6.11), the rest being covered."""

from __future__ import annotations

from collections.abc import Iterator

from viewer.dicom.fields import Fields
from viewer.dicom.header import Shutter

SHAPE = 0x00181600
SHUTTER_TAGS = frozenset({SHAPE, 0x00181602, 0x00181604, 0x00181606, 0x00181608, 0x00181610, 0x00181612, 0x00181620})
MOST_CORNERS = 1_000
FARTHEST = 1e6  # pixels


def shutters_of(fields: Fields) -> tuple[Shutter, ...]:
    """The shutters of a picture or a saved view; those that would leave nothing to see are left out."""
    return tuple(_shutters(fields, fields.words(SHAPE))) if SHAPE in fields else ()


def _shutters(fields: Fields, shapes: tuple[str, ...]) -> Iterator[Shutter]:
    """Values are (row, column) from 1."""
    if "RECTANGULAR" in shapes:
        left, right, top, bottom = (fields.integer(tag) for tag in (0x00181602, 0x00181604, 0x00181606, 0x00181608))
        if (
            left is not None
            and right is not None
            and top is not None
            and bottom is not None
            and left < right
            and top < bottom
        ):
            yield Shutter(corners=((left, top), (right, top), (right, bottom), (left, bottom)))
    if "CIRCULAR" in shapes:
        centre, radius = fields.vector(0x00181610, 2), fields.decimal(0x00181612)
        if centre is not None and radius is not None and 0 < radius < FARTHEST:
            yield Shutter(centre=(centre[1], centre[0]), radius=radius)
    if "POLYGONAL" in shapes:
        values = fields.decimals(0x00181620)[: 2 * MOST_CORNERS]
        rows, columns = values[0::2], values[1::2]
        corners = tuple((x, y) for y, x in zip(rows, columns) if x is not None and y is not None)
        if 3 <= len(corners) == len(values) // 2:
            yield Shutter(corners=corners)
