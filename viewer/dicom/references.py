"""What one object says of others: the pictures it refers to, by number and frame (PS3.3 10.3, C.17.2.1)."""

from __future__ import annotations

from typing import NamedTuple

from viewer.dicom.fields import Fields

MOST_REFERENCES = 100_000
MOST_FRAMES = 65_536
IMAGES, SOP, SERIES, INSTANCES = 0x00081140, 0x00081199, 0x00081115, 0x0008114A
_UID, _FRAMES, _SERIES_UID = 0x00081155, 0x00081160, 0x0020000E


class Reference(NamedTuple):
    """A picture: its SOP Instance UID, and frames from 1 (empty: all of them)."""

    uid: str
    frames: tuple[int, ...] = ()

    def holds(self, uid: str, frame: int) -> bool:
        """Whether this frame of this picture is meant."""
        return self.uid == uid and (not self.frames or frame in self.frames)


def references(fields: Fields, tag: int) -> tuple[Reference, ...]:
    """The references in a sequence; those without a number are left out."""
    found = (reference(item) for item in fields.items(tag, MOST_REFERENCES))
    return tuple(one for one in found if one.uid)


def reference(item: Fields) -> Reference:
    """The reference in one item."""
    frames = [int(value) for value in item.decimals(_FRAMES)[:MOST_FRAMES] if value is not None and 1 <= value < 2**31]
    return Reference(item.uid(_UID), tuple(frames))


def by_series(fields: Fields) -> tuple[tuple[str, tuple[Reference, ...]], ...]:
    """(Series Instance UID, its pictures) of a Referenced Series Sequence (0008,1115)."""
    return tuple(
        (item.uid(_SERIES_UID), references(item, IMAGES) or references(item, SOP) or references(item, INSTANCES))
        for item in fields.items(SERIES, 10_000)
    )
