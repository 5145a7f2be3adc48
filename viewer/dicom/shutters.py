"""Shutters: the part of a picture that its makers meant to be seen (PS3.3 C.7.6.11), the rest being covered.

A bitmap shutter covers where an overlay has ones (C.7.6.15); groups of a frame hold shapes only (C.7-17a).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from viewer.dicom.fields import Fields
from viewer.dicom.header import Shutter

SHAPE, OVERLAY_GROUP = 0x00181600, 0x00181623
SHUTTER_TAGS = frozenset(
    {SHAPE, 0x00181602, 0x00181604, 0x00181606, 0x00181608, 0x00181610, 0x00181612, 0x00181620, OVERLAY_GROUP}
)
MOST_CORNERS = 1_000
FARTHEST = 1e6  # pixels


def shutters_of(fields: Fields, overlays: Collection[int] = ()) -> tuple[Shutter, ...]:
    """The shutters of a picture, a frame or a saved view; those that would leave nothing to see are left out, and a
    bitmap whose overlay is not among `overlays` (their groups)."""
    if SHAPE not in fields:
        return ()
    shapes = fields.words(SHAPE)
    group = bitmap_group(fields)
    bitmap = (Shutter(group=group),) if group in overlays else ()
    return (*_shutters(fields, shapes), *bitmap)


def bitmap_group(fields: Fields) -> int:
    """The group of the overlay that a bitmap shutter names; 0 without one, -1 where it names none."""
    if SHAPE not in fields or "BITMAP" not in fields.words(SHAPE):
        return 0
    return fields.number(OVERLAY_GROUP) or -1


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
