"""Outlines: the border of a mask, and where outlines drawn on parallel planes meet any other plane.

Lines are (n, 2, 2): n times (start, end), each (column, row) with pixel centres at whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.geometry.plane import Affine

if TYPE_CHECKING:
    from numpy.typing import NDArray

Points: TypeAlias = "NDArray[np.float64]"
Lines: TypeAlias = "NDArray[np.float64]"
ALONGSIDE = 0.02  # sine of about one degree: such planes count as parallel
SAME_PLANE_MM = 0.01
ROUNDED_MM = 0.1  # between curves of one plane whose points were rounded
MOST_DIRECTIONS = 64  # of the planes of one structure


@cache
def no_lines() -> Lines:
    """None: (0, 2, 2)."""
    return np.empty((0, 2, 2))


def mask_border(mask: NDArray[np.bool_]) -> Lines:
    """The edges between pixels inside and outside, straight runs in one piece."""
    if not mask.any():
        return no_lines()
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, left = int(rows[0]), int(columns[0])
    inside = np.pad(mask[top : rows[-1] + 1, left : columns[-1] + 1], 1)
    across = _runs(inside[1:, :] != inside[:-1, :])  # (line, start, end)
    upright = _runs((inside[:, 1:] != inside[:, :-1]).T)
    lines = np.empty((len(across) + len(upright), 2, 2))
    lines[: len(across), :, 1] = across[:, :1]
    lines[: len(across), :, 0] = across[:, 1:]
    lines[len(across) :, :, 0] = upright[:, :1]
    lines[len(across) :, :, 1] = upright[:, 1:]
    # line 0 lies between the padding and the first pixel; padding itself is pixel -1
    lines[: len(across), :, 0] -= 1.5
    lines[: len(across), :, 1] -= 0.5
    lines[len(across) :, :, 0] -= 0.5
    lines[len(across) :, :, 1] -= 1.5
    return lines + (left, top)


def _runs(edges: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(line, start, end) of the runs of True in each line."""
    lines, length = edges.shape
    fenced = np.zeros((lines, length + 2), np.bool_)
    fenced[:, 1:-1] = edges
    flat = fenced.reshape(-1)
    line, place = np.divmod(np.flatnonzero(flat[1:] != flat[:-1]), length + 2)  # a start, an end, a start …
    return np.stack((line[::2], place[::2], place[1::2]), 1).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Layer:
    """Outlines on one plane at `height` mm along the common normal: curves (n, 3) in LPS mm."""

    height: float
    curves: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """Closed outlines on parallel planes, lowest first, `step` mm apart (the usual distance)."""

    normal: Points
    step: float
    layers: tuple[Layer, ...]


def layers_of(curves: Sequence[Points]) -> Layers | None:
    """Outlines sorted into planes across the direction of the largest; None where they are not flat and parallel."""
    normal = _direction(curves)
    if normal is None or not all(is_flat(curve, normal) for curve in curves):
        return None
    heights = [float((curve @ normal).mean()) for curve in curves]
    order = np.argsort(heights, kind="stable")
    same = _same_plane(np.diff(np.sort(heights)))
    found: list[Layer] = []
    for place in order:
        if found and heights[place] - found[-1].height <= same:
            found[-1] = Layer(found[-1].height, (*found[-1].curves, curves[place]))
        else:
            found.append(Layer(heights[place], (curves[place],)))
    steps = np.diff([layer.height for layer in found])
    return Layers(normal, float(np.median(steps)) if len(steps) else 1.0, tuple(found))


def _direction(curves: Sequence[Points]) -> Points | None:
    """The normal of the largest curve: that of a tiny one is mostly the rounding of its points."""
    first = max(curves, key=_area, default=None)
    return None if first is None else plane_normal(first)


def _area(curve: Points) -> float:
    return float(np.linalg.norm(_area_vector(curve))) if len(curve) > 2 else 0.0


def _area_vector(curve: Points) -> Points:
    """Twice the area of a closed curve (n, 3), along its normal."""
    ways = curve - curve[0]
    area: Points = np.cross(ways[:-1], ways[1:]).sum(0)
    return area


def is_flat(curve: Points, normal: Points) -> bool:
    """Whether a curve (n, 3) lies in a plane across a direction, but for what rounding and an unsteady hand explain."""
    return float(np.ptp(curve @ normal)) <= max(1.0, 0.05 * float(np.ptp(curve, axis=0).max()))


def _same_plane(steps: NDArray[np.float64]) -> float:
    """How far apart heights of one plane may be: some round every point, and one plane must not become two of which
    only the nearer is seen. Less where nearly all planes are as close as that."""
    rough = min(ROUNDED_MM, 0.2 * float(np.percentile(steps, 90))) if len(steps) else 0.0
    return max(SAME_PLANE_MM, rough)


def together(curves: Sequence[Points]) -> tuple[tuple[Layers, ...], tuple[Points, ...]]:
    """(outlines by the direction of their planes: mostly one, those that are not flat)."""
    directions: list[Points] = []
    held: list[list[Points]] = []
    others: list[Points] = []
    for curve in sorted(curves, key=_area, reverse=True):
        place = next((n for n, normal in enumerate(directions) if is_flat(curve, normal)), -1)
        normal = plane_normal(curve) if place < 0 and len(directions) < MOST_DIRECTIONS else None
        if place >= 0:
            held[place].append(curve)
        elif normal is not None and is_flat(curve, normal):
            directions.append(normal)
            held.append([curve])
        else:
            others.append(curve)
    return tuple(layers for own in held if (layers := layers_of(own)) is not None), tuple(others)


def plane_normal(curve: Points) -> Points | None:
    """The unit normal of a flat closed curve (n, 3), by its area; None for a line or a point."""
    if len(curve) < 3:
        return None
    area = _area_vector(curve)
    size = float(np.linalg.norm(area))
    if not np.isfinite(size) or size < 1e-6:
        return None
    normal: Points = area / size
    main = int(np.argmax(np.abs(normal)))
    return normal if normal[main] > 0 else -normal


def heights_and_places(affine: Affine, points: Points) -> tuple[NDArray[np.float64], Points]:
    """(mm above a slice (n,), (column, row) below each point (n, 2)) of LPS points (n, 3)."""
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    length = float(np.linalg.norm(normal))
    axes = np.column_stack((affine[:3, 0], affine[:3, 1], normal / length))
    found: Points = np.linalg.solve(axes, (points - affine[:3, 3]).T).T.astype(np.float64, copy=False)
    return found[:, 2], found[:, :2]


def pieces_within(heights: NDArray[np.float64], places: Points, half: float) -> tuple[Lines, Points]:
    """(what of an open line lies within `half` mm of a slice, (m, 2) where it runs through it from one side to the other).

    heights (n,): of its points above the slice in mm; places (n, 2): (column, row) below them.
    """
    low, rise = heights[:-1], np.diff(heights)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack(((-half - low) / rise, (half - low) / rise))
    level = rise == 0
    ends[:, level] = np.where(np.abs(low[level]) <= half, ((0.0,), (1.0,)), ((2.0,), (2.0,)))
    start, end = np.clip(ends.min(0), 0, None), np.clip(ends.max(0), None, 1)
    there = start <= end
    ways = np.diff(places, axis=0)
    first, last = places[:-1] + ways * start[:, None], places[:-1] + ways * end[:, None]
    through = there & (low * heights[1:] < 0) & (np.minimum(np.abs(low), np.abs(heights[1:])) > half)
    return np.stack((first, last), 1)[there], (first + last)[through] / 2


def layers_on(layers: Layers, affine: Affine) -> tuple[tuple[Points, ...], Lines]:
    """(closed curves (n, 2) lying in the slice, border lines where the slice cuts across), in (column, row).

    A slice along the planes shows the curves within half a step of it; one across shows the border of the body that
    the outlines bound when each reaches half a step up and down (holes by even and odd).
    """
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    normal = normal / np.linalg.norm(normal)
    along = np.cross(normal, layers.normal)
    sine = float(np.linalg.norm(along))
    if sine < ALONGSIDE:
        return _lying(layers, affine), no_lines()
    return (), _across(layers, affine, normal, along / sine, sine)


def _lying(layers: Layers, affine: Affine) -> tuple[Points, ...]:
    origin = float(affine[:3, 3] @ layers.normal)
    near = [layer for layer in layers.layers if abs(layer.height - origin) <= layers.step / 2 + SAME_PLANE_MM]
    if not near:
        return ()
    layer = min(near, key=lambda one: abs(one.height - origin))
    return tuple(heights_and_places(affine, curve)[1] for curve in layer.curves)


def _across(layers: Layers, affine: Affine, normal: Points, along: Points, sine: float) -> Lines:
    """Spans of each plane along the cut, as walls of one step and the differences between neighbours."""
    origin = affine[:3, 3]
    up = (layers.normal - normal * float(normal @ layers.normal)) / sine**2  # one mm of height, within the slice
    base = float(origin @ layers.normal)
    half = layers.step / 2
    pieces: list[tuple[float, float, float, float]] = []  # along, height, along, height
    before: list[float] = []
    top = -np.inf
    for layer in layers.layers:
        ends = _span_ends(layer, origin, normal, along, up, base)
        bottom = layer.height - half
        joined = ends
        if bottom - top <= half:
            bottom, joined = (top + bottom) / 2, sorted(before + ends)
        else:
            pieces += _lids(before, top)
        pieces += _lids(joined, bottom)
        upper = layer.height + half
        pieces += [(end, bottom, end, upper) for end in ends]
        before, top = ends, upper
    pieces += _lids(before, top)
    if not pieces:
        return no_lines()
    told = np.array(pieces).reshape(-1, 2, 2)
    points = origin + told[..., :1] * along + (told[..., 1:] - base) * up
    return heights_and_places(affine, points.reshape(-1, 3))[1].reshape(-1, 2, 2)


def _lids(ends: list[float], height: float) -> list[tuple[float, float, float, float]]:
    """Level pieces over the spans between ends, two by two."""
    return [(a, height, b, height) for a, b in zip(ends[::2], ends[1::2]) if b - a > 1e-9]


def _span_ends(layer: Layer, origin: Points, normal: Points, along: Points, up: Points, base: float) -> list[float]:
    """Where the outlines of one plane cross the slice, in mm along the cut, in order; an even number."""
    ends: list[float] = []
    foot = origin + (layer.height - base) * up
    for curve in layer.curves:
        heights = (curve - foot) @ normal
        following, next_points = np.roll(heights, -1), np.roll(curve, -1, 0)
        crossed = (heights < 0) != (following < 0)
        if crossed.any():
            part = heights[crossed] / (heights[crossed] - following[crossed])
            places = curve[crossed] + (next_points[crossed] - curve[crossed]) * part[:, None]
            ends += ((places - foot) @ along).tolist()
    return sorted(ends)
