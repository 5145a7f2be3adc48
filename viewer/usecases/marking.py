"""Marks: where they belong, which lie on a slice, and what they measure."""

from __future__ import annotations

import uuid
from dataclasses import replace

import numpy as np

from viewer.document.model import Document
from viewer.geometry.plane import Affine
from viewer.index.model import Series
from viewer.index.spot import spot_of
from viewer.marks.mark import Anchor, Mark, MarkKind, Measurement, RegionStatistics
from viewer.marks.measure import measure_length
from viewer.marks.statistics import region_statistics
from viewer.problem import Problem, ProblemError
from viewer.usecases.looking import points_lps
from viewer.volume.slice import Slice, Source

SAME_POINT = 1e-6  # of a pixel
Points = tuple[tuple[float, float], ...]


def new_mark(kind: MarkKind, series: Series, slice_: Slice, points: Points, text: str) -> Mark:
    """A mark on this slice, bound to the picture itself where the slice is one."""
    anchor = Anchor(series.id, series.uid, slice_.plane, slice_.index, slice_.group, slice_.frame)
    return Mark(uuid.uuid4().hex[:12], kind, anchor, points, points_lps(slice_, points), text)


def marks_on(document: Document, slice_: Slice) -> tuple[Mark, ...]:
    """The marks that lie on a slice, as they lie there; hidden ones too."""
    return tuple(lying for mark in document.marks if (lying := _lying_on(mark, slice_)) is not None)


def _lying_on(mark: Mark, slice_: Slice) -> Mark | None:
    """A picture as it was made is also shown in the set's own direction, perhaps turned over: its marks lie on both."""
    anchor = mark.anchor
    if spot_of(anchor) == spot_of(slice_):
        return mark
    here = (anchor.frame, anchor.series_id, anchor.group) == (slice_.frame, slice_.series_id, slice_.group)
    if anchor.frame is None or not here or slice_.affine is None or not mark.points_lps:
        return None
    return on_grid(replace(mark, anchor=replace(anchor, plane=slice_.plane, index=slice_.index)), slice_.affine)


def on_grid(mark: Mark, affine: Affine) -> Mark:
    """The mark with the points of the grid `affine` (column, row → LPS mm) that lie where it lies in the body; the very
    mark where these are its points."""
    there = np.column_stack([np.asarray(mark.points_lps), np.ones(len(mark.points_lps))]).T
    grid = np.linalg.solve(affine, there)[:2].T
    if np.allclose(grid, mark.points, rtol=0.0, atol=SAME_POINT):
        return mark
    return replace(mark, points=tuple((float(column), float(row)) for column, row in grid))


def on_source(mark: Mark, source: Source) -> Mark:
    """The mark with the points of its slice of `source` as that lies now; as it was where the slice has no place."""
    affine = source.to_voxel(mark.anchor.plane, mark.anchor.index)
    return mark if affine is None else on_grid(mark, affine)


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
