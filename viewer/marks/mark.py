"""Marks: what a person draws on a picture. Bound to a frame (native) or to a plane of a series, never to a screen.

Points are in the pixel grid of the slice they were drawn on (column, row; pixel centres at whole numbers), with the
LPS millimetres beside them where geometry is known, so that a mark can be found in other planes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from viewer.geometry.plane import Plane
from viewer.index.model import FrameRef


class MarkKind(StrEnum):
    """What a person can draw, each with a tool of its own."""

    ARROW = "arrow"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    LENGTH = "length"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The slice a mark lies on."""

    series_id: str
    series_uid: str
    plane: Plane
    index: int
    group: int = 0
    frame: FrameRef | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. Points by kind: arrow (tip, tail), rectangle and ellipse (two corners), length (two ends), text (one)."""

    id: str
    kind: MarkKind
    anchor: Anchor
    points: tuple[tuple[float, float], ...]
    points_lps: tuple[tuple[float, float, float], ...] = ()
    text: str = ""
    hidden: bool = False

    def moved(self, points: tuple[tuple[float, float], ...], lps: tuple[tuple[float, float, float], ...]) -> Mark:
        """The same mark at other points."""
        return replace(self, points=points, points_lps=lps)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number with its unit and its calibration in words ("in the patient", "at the detector", "px")."""

    value: float
    unit: str
    calibration: str
    words: str  # "23.1 mm, in the patient"
    note: str = ""  # "exact to about 1 mm"


@dataclass(frozen=True, slots=True)
class RegionStatistics:
    """Of the modality values whose pixel centres lie inside; population spread; padding left out and counted."""

    mean: float
    spread: float
    smallest: float
    largest: float
    pixels: int
    left_out: int
    area_mm2: float | None
    unit: str
    words: tuple[str, ...] = ()  # lines for the label and the list
