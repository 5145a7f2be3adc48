"""Marks made up for the tests."""

from __future__ import annotations

from viewer.geometry.plane import Plane
from viewer.marks.mark import Anchor, Mark, MarkKind

Point = tuple[float, float]


def mark(kind: MarkKind, *points: Point, text: str = "", name: str = "m1", hidden: bool = False) -> Mark:
    """A mark on the first slice of a series."""
    return Mark(name, kind, Anchor("s1", "1.2", Plane.NATIVE, 0), points, text=text, hidden=hidden)
