"""Where one picture cuts another: the line on it, and the panes that show two sets side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from viewer.document.model import PaneView, State
from viewer.geometry.plane import Affine, Plane
from viewer.index.model import Series
from viewer.usecases.looking import own_plane, pane_at_middle, same_room
from viewer.volume.slice import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

SourceOf = Callable[[str, int], Source]
Line = tuple[tuple[float, float], tuple[float, float]]
Counts = tuple[Plane, Plane]
ROWS_AND_COLUMNS: dict[Plane, Counts] = {
    Plane.AXIAL: (Plane.CORONAL, Plane.SAGITTAL),
    Plane.CORONAL: (Plane.AXIAL, Plane.SAGITTAL),
    Plane.SAGITTAL: (Plane.AXIAL, Plane.CORONAL),
}
NEARLY_PARALLEL = 0.05  # sine of about 3 degrees: the line would run about at random


def crossing(shown: Affine, other: Affine, rows: int, columns: int) -> Line | None:
    """The line along which a picture of `rows` × `columns` cuts the plane of `shown`, as two (column, row) of `shown`.

    Both affines (4, 4): (column, row, 0, 1) → LPS mm. None where they do not meet or run nearly alongside.
    """
    normal = _normal(shown)
    if normal is None or (across := _normal(other)) is None:
        return None
    if float(np.linalg.norm(np.cross(normal, across))) < NEARLY_PARALLEL:
        return None
    edges = np.array([(-0.5, -0.5), (columns - 0.5, -0.5), (columns - 0.5, rows - 0.5), (-0.5, rows - 0.5)])
    corners = np.array([(other @ (column, row, 0.0, 1.0))[:3] for column, row in edges])
    heights = (corners - shown[:3, 3]) @ normal
    ends = [
        corners[n] + (corners[m] - corners[n]) * (heights[n] / (heights[n] - heights[m]))
        for n, m in ((0, 1), (1, 2), (2, 3), (3, 0))
        if (heights[n] < 0) != (heights[m] < 0)
    ]
    return (_pixel(shown, ends[0]), _pixel(shown, ends[1])) if len(ends) == 2 else None


def _normal(affine: Affine) -> NDArray[np.float64] | None:
    normal: NDArray[np.float64] = np.cross(affine[:3, 0], affine[:3, 1])
    length = float(np.linalg.norm(normal))
    return normal / length if np.isfinite(length) and length > 0 else None


def _pixel(affine: Affine, point: NDArray[np.float64]) -> tuple[float, float]:
    """The nearest place on a picture, (column, row): its two directions stand at right angles."""
    step = point - affine[:3, 3]
    column, row = (float(step @ affine[:3, n] / (affine[:3, n] @ affine[:3, n])) for n in (0, 1))
    return (column, row)


def lines_on(state: State, number: int, shown: Affine, source_of: SourceOf) -> tuple[Line, ...]:
    """Where the other panes cut the slice of pane `number`; panes of the same set have the crosshair for this."""
    panes, disc = state.view.panes, state.disc
    if disc is None or number >= len(panes):
        return ()
    here = panes[number]
    others = [
        pane
        for pane in panes
        if pane.series_id and pane.series_id != here.series_id and same_room(disc, here.series_id, pane.series_id)
    ]
    found = (_line(shown, pane, source_of) for pane in others)
    return tuple(line for line in found if line is not None)


def _line(shown: Affine, pane: PaneView, source_of: SourceOf) -> Line | None:
    source = source_of(pane.series_id, pane.group)
    affine = source.to_voxel(pane.plane, pane.index)
    if affine is None:
        return None
    axes = ROWS_AND_COLUMNS.get(pane.plane)
    rows, columns = (source.count(axis) for axis in axes) if axes else (source.series.rows, source.series.columns)
    return crossing(shown, affine, rows, columns)


def panes_beside(state: State, series: Series, source: Source) -> tuple[PaneView, ...]:
    """The panes on screen with `series` at its middle in the second of them; the large one stays."""
    panes = state.view.panes
    own = own_plane(series)
    beside = pane_at_middle(series, source, own if own in source.planes else Plane.NATIVE)
    return (panes[0], beside, *panes[2:]) if panes else (beside,)
