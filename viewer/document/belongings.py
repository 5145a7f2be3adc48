"""Belongings: what else a disc holds for its pictures: stars, saved views, outlines. Names and ids only.

Read once all of a disc is known; the drawings themselves are read when somebody wants to see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from viewer.index.model import FrameRef
from viewer.picture.drawn import Colour
from viewer.problem import Problem

Place = tuple[str, int, int]  # series id, group, index of a picture as stored


@dataclass(frozen=True, slots=True)
class KeyPicture:
    """A picture somebody put a star on, or set aside (`rejected`)."""

    frame: FrameRef
    place: Place
    title: str  # "Of Interest"
    note: str = ""
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class SavedView:
    """How somebody left some pictures. `id` is the path of its file."""

    id: str
    name: str
    words: str
    frames: tuple[FrameRef, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """One outlined part. `id` tells its file and number."""

    id: str
    name: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class OutlineSet:
    """The outlines of one file, and the coordinate system or the sets of pictures they belong to."""

    id: str
    name: str
    frame_of_reference: str
    series_uids: tuple[str, ...]
    outlines: tuple[Outline, ...]
    note: str = ""


@dataclass(frozen=True)  # without slots: stars are looked up with every repaint
class Belongings:
    """All of them, newest saved view first. `problems`: files that could not be read."""

    keys: tuple[KeyPicture, ...] = ()
    views: tuple[SavedView, ...] = ()
    sets: tuple[OutlineSet, ...] = ()
    problems: tuple[Problem, ...] = ()

    def keys_on(self, frame: FrameRef | None) -> tuple[KeyPicture, ...]:
        """The stars of one picture."""
        return self._by_frame.get(frame, ()) if frame is not None and self.keys else ()

    @cached_property
    def _by_frame(self) -> dict[FrameRef, tuple[KeyPicture, ...]]:
        found: dict[FrameRef, tuple[KeyPicture, ...]] = {}
        for key in self.keys:
            found[key.frame] = (*found.get(key.frame, ()), key)
        return found
