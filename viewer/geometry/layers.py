"""Layers: closed outlines on parallel planes, and where the body they bound meets any other plane.

Worked out for all curves at once: a plan holds tens of thousands, and a slice is asked for with every scroll step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.affine import cross
from viewer.geometry.outline import ALONGSIDE, Lines, Points, area_of, heights_and_places, no_lines, plane_normal
from viewer.geometry.plane import Affine

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_PLANE_MM = 0.01
ROUNDED_MM = 0.1  # between curves of one plane whose points were rounded
MOST_DIRECTIONS = 64  # of the planes of one structure


@dataclass(frozen=True, slots=True)
class Layer:
    """Outlines on one plane at `height` mm along the common normal: curves (n, 3) in LPS mm."""

    height: float
    curves: tuple[Points, ...]


@dataclass(frozen=True)  # without slots: what every cut needs is worked out once
class Layers:
    """Closed outlines on parallel planes, lowest first, `step` mm apart (the usual distance)."""

    normal: Points
    step: float
    layers: tuple[Layer, ...]

    @cached_property
    def heights(self) -> NDArray[np.float64]:
        """Of the planes (n,), rising."""
        return np.array([layer.height for layer in self.layers])

    @cached_property
    def edges(self) -> tuple[Points, NDArray[np.bool_], NDArray[np.intp]]:
        """(points (3, n) of all curves, each closed by its first; whether a curve goes on to the next point (n - 1,);
        number of the plane (n - 1,))."""
        curves = [(number, curve) for number, layer in enumerate(self.layers) for curve in layer.curves]
        lengths = [len(curve) + 1 for _, curve in curves]
        points = np.concatenate([part for _, curve in curves for part in (curve, curve[:1])])
        goes_on = np.ones(len(points) - 1, np.bool_)
        goes_on[np.cumsum(lengths)[:-1] - 1] = False
        plane = np.repeat([number for number, _ in curves], lengths)[:-1]
        return np.ascontiguousarray(points.T), goes_on, plane

    def worked_out(self) -> Layers:
        """The same, with `edges` at hand: for a place where nobody waits for a slice."""
        _ = self.edges
        return self


def together(curves: Sequence[Points]) -> tuple[tuple[Layers, ...], tuple[Points, ...]]:
    """(outlines by the direction of their planes: mostly one, those that are not flat). The largest tells a direction: that
    of a tiny one is mostly the rounding of its points."""
    directions: list[tuple[Points, list[Points]]] = []
    others: list[Points] = []
    for curve in sorted(curves, key=area_of, reverse=True):
        held = next((held for normal, held in directions if _is_flat(curve, normal)), None)
        normal = plane_normal(curve) if held is None and len(directions) < MOST_DIRECTIONS else None
        if held is not None:
            held.append(curve)
        elif normal is not None and _is_flat(curve, normal):
            directions.append((normal, [curve]))
        else:
            others.append(curve)
    return tuple(_sorted(held, normal) for normal, held in directions), tuple(others)


def _is_flat(curve: Points, normal: Points) -> bool:
    """Whether a curve (n, 3) lies in a plane across a direction, but for what rounding and an unsteady hand explain."""
    along = curve @ normal
    off = float(along.max() - along.min())
    return off <= 1.0 or off <= 0.05 * float((curve.max(0) - curve.min(0)).max())


def _sorted(curves: Sequence[Points], normal: Points) -> Layers:
    heights = [float((curve @ normal).mean()) for curve in curves]
    order = np.argsort(heights, kind="stable")
    same = _same_plane(np.diff(np.sort(heights)))
    found: list[tuple[float, list[Points]]] = []
    for place in order.tolist():
        if found and heights[place] - found[-1][0] <= same:
            found[-1][1].append(curves[place])
        else:
            found.append((heights[place], [curves[place]]))
    steps = np.diff([height for height, _ in found])
    layers = tuple(Layer(height, tuple(own)) for height, own in found)
    return Layers(normal, float(np.median(steps)) if len(steps) else 1.0, layers)


def _same_plane(steps: NDArray[np.float64]) -> float:
    """How far apart heights of one plane may be: some round every point, and one plane must not become two of which
    only the nearer is seen. Less where nearly all planes are as close as that."""
    apart = steps[steps > SAME_PLANE_MM]  # many curves of one plane lie closer
    rough = min(ROUNDED_MM, 0.2 * float(np.percentile(apart, 90))) if len(apart) else 0.0
    return max(SAME_PLANE_MM, rough)


def layers_on(layers: Layers, affine: Affine) -> tuple[tuple[Points, ...], Lines]:
    """(closed curves (n, 2) lying in the slice, border lines where the slice cuts across), in (column, row).

    A slice along the planes shows the curves within half a step of it; one across shows the border of the body that
    the outlines bound when each reaches half a step up and down (holes by even and odd).
    """
    normal = cross(affine[:3, 0], affine[:3, 1])
    normal = normal / np.linalg.norm(normal)
    along = cross(normal, layers.normal)
    sine = float(np.linalg.norm(along))
    if sine < ALONGSIDE:
        return _lying(layers, affine), no_lines()
    return (), _across(layers, affine, normal, along / sine, sine)


def _lying(layers: Layers, affine: Affine) -> tuple[Points, ...]:
    off = np.abs(layers.heights - float(affine[:3, 3] @ layers.normal))
    nearest = int(np.argmin(off))
    if off[nearest] > layers.step / 2 + SAME_PLANE_MM:
        return ()
    curves = layers.layers[nearest].curves
    places = heights_and_places(affine, np.concatenate(curves))[1]
    return tuple(np.split(places, np.cumsum([len(curve) for curve in curves])[:-1]))


def _across(layers: Layers, affine: Affine, normal: Points, along: Points, sine: float) -> Lines:
    """Spans of each plane along the cut, as walls of one step and the differences between neighbours."""
    origin = affine[:3, 3]
    up = (layers.normal - normal * float(normal @ layers.normal)) / sine**2  # one mm of height, within the slice
    base = float(origin @ layers.normal)
    ends, plane = _ends(layers, origin, normal, along)
    if not len(ends):
        return no_lines()
    half = layers.step / 2
    bottoms, lower, upper, lids_at = _borders(layers.heights, half)
    walls = np.stack((ends, bottoms[plane], ends, layers.heights[plane] + half), 1)
    lids = _lids(np.concatenate((ends, ends)), np.concatenate((lower[plane], upper[plane])), lids_at)
    told = np.concatenate((walls, lids)).reshape(-1, 2, 2)
    points = origin + told[..., :1] * along + (told[..., 1:] - base) * up
    return heights_and_places(affine, points.reshape(-1, 3))[1].reshape(-1, 2, 2)


def _ends(
    layers: Layers, origin: Points, normal: Points, along: Points
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """(mm along the cut where an outline crosses the slice, number of its plane), an even number of each plane."""
    points, goes_on, plane = layers.edges
    heights = normal @ points - float(normal @ origin)
    above = heights >= 0
    crossed = np.flatnonzero((above[:-1] != above[1:]) & goes_on)
    first, second = heights[crossed], heights[crossed + 1]
    places = along @ points[:, crossed], along @ points[:, crossed + 1]
    part = first / (first - second)
    return places[0] + (places[1] - places[0]) * part - float(along @ origin), plane[crossed]


def _borders(
    heights: NDArray[np.float64], half: float
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """(bottom of each plane, number of the border below it, of the one above it, height of each border): neighbours that
    touch, or nearly, share one."""
    bottoms, tops = heights - half, heights + half
    shared = np.zeros(len(heights), np.bool_)
    shared[1:] = bottoms[1:] - tops[:-1] <= half
    bottoms[1:] = np.where(shared[1:], (tops[:-1] + bottoms[1:]) / 2, bottoms[1:])
    lower = np.cumsum(np.where(shared, 1, 2)) - 2  # a plane that shares begins with the border above the one before
    upper = lower + 1
    at = np.empty(int(upper[-1]) + 1)
    at[upper], at[lower] = tops, bottoms
    return bottoms, lower, upper, at


def _lids(ends: NDArray[np.float64], border: NDArray[np.intp], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 4): level pieces over the spans between the ends on each border, two by two."""
    order = np.lexsort((ends, border))
    first, second = ends[order[::2]], ends[order[1::2]]
    height = at[border[order[::2]]]
    there = second - first > 1e-9
    return np.stack((first, height, second, height), 1)[there]
