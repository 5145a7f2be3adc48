"""Marks: where they belong, which lie on a slice, and what they measure."""

from __future__ import annotations

import uuid

from viewer.document.model import Document
from viewer.index.model import Series
from viewer.index.spot import spot_of
from viewer.marks.mark import Anchor, Mark, MarkKind, Measurement, RegionStatistics
from viewer.marks.measure import measure_length
from viewer.marks.statistics import region_statistics
from viewer.problem import Problem, ProblemError
from viewer.usecases.looking import points_lps
from viewer.volume.slice import Slice

Points = tuple[tuple[float, float], ...]


def new_mark(kind: MarkKind, series: Series, slice_: Slice, points: Points, text: str) -> Mark:
    """A mark on this slice, bound to the picture itself where the slice is one."""
    anchor = Anchor(series.id, series.uid, slice_.plane, slice_.index, slice_.group, slice_.frame)
    return Mark(uuid.uuid4().hex[:12], kind, anchor, points, points_lps(slice_, points), text)


def marks_on(document: Document, slice_: Slice) -> tuple[Mark, ...]:
    """The marks that lie on a slice, hidden ones too."""
    return tuple(mark for mark in document.marks if spot_of(mark.anchor) == spot_of(slice_))


def measured(mark: Mark, slice_: Slice) -> Measurement | RegionStatistics | Problem | None:
    """Length or statistics of a mark, a Problem where a number would be false; None for arrow and text."""
    try:
        if mark.kind is MarkKind.LENGTH:
            return measure_length(mark, slice_)
        if mark.kind in (MarkKind.ELLIPSE, MarkKind.RECTANGLE):
            return region_statistics(mark, slice_)
    except ProblemError as failure:
        return failure.problem
    return None
