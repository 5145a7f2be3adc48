"""Look: which panes show what, the window a series starts with, and how panes follow one another.

Functions over the state and the sources; the only effects are `store.dispatch` calls in `session.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from viewer.document.model import PaneView, State
from viewer.geometry.affine import unit_normal
from viewer.geometry.direction import nearest_plane
from viewer.geometry.plane import Affine, Plane
from viewer.index.listing import is_minor
from viewer.index.model import DiscIndex, Series
from viewer.picture.calibration import region_words
from viewer.text.dates import date_words
from viewer.text.translate import count_of, tr
from viewer.volume.slice import Slice, Source

Point = tuple[float, float, float]
DIRECTIONS = (Plane.SAGITTAL, Plane.AXIAL, Plane.CORONAL)


def own_plane(series: Series) -> Plane:
    """The direction a series was taken in, or native where no direction is known."""
    first = next((frame for group in series.groups for frame in group.frames), None)
    cosines = first.facts.orientation if first is not None else None
    return Plane.NATIVE if cosines is None else nearest_plane(np.cross(cosines[:3], cosines[3:]))


def panes_for(series: Series, source: Source, group: int = 0) -> tuple[PaneView, ...]:
    """The panes a series starts with: its own direction large, the other two small where they are on offer."""
    own = own_plane(series)
    offered = [plane for plane in DIRECTIONS if plane in source.planes]
    if own not in offered:
        return (pane_at_middle(series, source, Plane.NATIVE, group),)
    planes = [
        own,
        *(plane for plane in (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL) if plane in offered and plane != own),
    ]
    return tuple(pane_at_middle(series, source, plane, group) for plane in planes)


def first_group(series: Series, source: Callable[[int], Source | None]) -> int:
    """The group a series starts with: the first that has all the directions on offer, for others may be copied in part."""
    for group in range(len(series.groups)):
        found = source(group)
        if found is not None and set(series.planes) <= set(found.planes):
            return group
    return 0


def pane_at_middle(series: Series, source: Source, plane: Plane, group: int = 0) -> PaneView:
    """A fitted pane at the middle slice."""
    return PaneView(series.id, group, plane, max(0, source.count(plane) // 2))


def centre_of(source: Source, pane: PaneView, rows: int, columns: int) -> Point | None:
    """The LPS point in the middle of a slice of `rows` × `columns`, or None without geometry."""
    affine = source.to_voxel(pane.plane, pane.index)
    return None if affine is None else point_at(affine, (columns - 1) / 2, (rows - 1) / 2)


def point_at(affine: Affine, column: float, row: float) -> Point:
    """LPS mm of a place on a slice."""
    x, y, z = (affine @ np.array([column, row, 0.0, 1.0]))[:3]
    return (float(x), float(y), float(z))


def carried_along(source: Source, plane: Plane, index: int, crosshair: Point | None) -> Point | None:
    """The crosshair moved along the slice's normal onto slice `index`, so that scrolling one pane leads the others."""
    affine = source.to_voxel(plane, index)
    if affine is None or crosshair is None:
        return crosshair
    normal = unit_normal(affine[:3, 0], affine[:3, 1])
    point = np.asarray(crosshair)
    moved = point + normal * float(normal @ (affine[:3, 3] - point))
    return (float(moved[0]), float(moved[1]), float(moved[2]))


def same_room(disc: DiscIndex, one: str, other: str) -> bool:
    """Whether two series share one coordinate system: the same series, or an equal frame of reference and person."""
    if one == other:
        return True
    first, second = disc.series(one), disc.series(other)
    if first is None or second is None:
        return False
    a, b = reference_of(first), reference_of(second)
    return bool(a) and a == b


def reference_of(series: Series) -> str:
    """Frame of Reference UID of a series, "" when it has none."""
    for group in series.groups:
        for frame in group.frames:
            return frame.header.frame_of_reference
    return ""


def why_not_three(state: State) -> str:
    """Why three directions are off for the active series, in words; "" when they are on."""
    pane = state.view.pane
    series = state.disc.series(pane.series_id) if state.disc and pane else None
    if series is None or any(plane in series.planes for plane in DIRECTIONS):
        return ""
    for _, problem in series.blocked:
        return problem.words
    return "Three directions is off: these pictures are not a stack of parallel slices."


def start_series(disc: DiscIndex, *, reading: bool = False) -> Series | None:
    """The series to show first: the first one that is not a helper, else the first with pictures. While `reading` goes
    on None rather than an overview: what it was taken for mostly comes after it."""
    shown = [series for series in disc.every_series if series.frames]
    if reading:
        return next((series for series in shown if not is_minor(series)), None)
    return next((series for series in shown if not series.helper), shown[0] if shown else None)


def middle_of(source: Source, panes: tuple[PaneView, ...]) -> Point | None:
    """The one point that lies on the slices of all panes, or of as many as there are."""
    point: Point | None = None
    for pane in panes:
        affine = source.to_voxel(pane.plane, pane.index)
        if affine is None:
            return None
        point = point_at(affine, 0, 0) if point is None else carried_along(source, pane.plane, pane.index, point)
    first = source.to_voxel(panes[0].plane, panes[0].index) if panes else None
    if point is None or first is None or len(panes) == 3:
        return point
    return carried_along(source, panes[0].plane, panes[0].index, point)


def points_lps(slice_: Slice, points: tuple[tuple[float, float], ...]) -> tuple[Point, ...]:
    """LPS mm of points on a slice; empty where its place in the body is unknown."""
    if slice_.affine is None:
        return ()
    return tuple(point_at(slice_.affine, column, row) for column, row in points)


def value_words(slice_: Slice, column: int, row: int) -> str:
    """The value at a pixel with its unit: "612", "43 HU"; "outside the scan"; colour as its three parts."""
    rows, columns = slice_.values.shape[:2]
    if not (0 <= row < rows and 0 <= column < columns):
        return ""
    if slice_.padding is not None and slice_.padding[row, column]:
        return tr("outside the scan")
    if words := region_words(slice_, column, row):
        return words
    value = slice_.values[row, column]
    if slice_.is_colour:
        return " · ".join(str(int(part)) for part in value)
    number = float(value) * slice_.slope + slice_.intercept
    others = ((scale, scale.of(number)) for scale in slice_.scales)
    told = [
        _number_words(number, slice_.unit),
        *(_number_words(value, scale.unit) for scale, value in others if value is not None),
    ]
    return " · ".join(told)


def _number_words(number: float, unit: str) -> str:
    text = f"{number:.0f}" if abs(number) >= 100 or number == int(number) else f"{number:.3g}"
    return f"{text} {unit}".strip()


def disc_words(date: str, pictures: int, marks: int, questions: int) -> str:
    """The second line of "Opened before": "12 March 2024 · 72 pictures · 3 marks · 1 question"."""
    parts = [date_words(date), count_of(pictures, "{n} picture", "{n} pictures")]
    if marks:
        parts.append(count_of(marks, "{n} mark", "{n} marks"))
    if questions:
        parts.append(count_of(questions, "{n} question", "{n} questions"))
    return " · ".join(part for part in parts if part)
