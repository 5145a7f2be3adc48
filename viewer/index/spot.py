"""Spot: which slice is meant. Compared whole, so that nobody forgets a part: echoes lie at the same plane and number."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from viewer.geometry.plane import Plane


class Spot(NamedTuple):
    """A slice of the disc by the id of its series, the number of its group, its plane and its number, all from 0."""

    series_id: str
    group: int
    plane: Plane
    index: int  # type: ignore[assignment]  # of a tuple: nobody searches in this one


class OnSlice(Protocol):
    """What shows or lies on one slice: a pane, a mark's anchor, a chosen part, a picture that left."""

    @property
    def series_id(self) -> str: ...

    @property
    def group(self) -> int: ...

    @property
    def plane(self) -> Plane: ...

    @property
    def index(self) -> int: ...


def spot_of(thing: OnSlice) -> Spot:
    """The slice that `thing` shows or lies on."""
    return Spot(thing.series_id, thing.group, thing.plane, thing.index)
