"""Outlines: the border of a mask, and where points and lines in the body lie below a slice.

Lines are (n, 2, 2): n times (start, end), each (column, row) with pixel centres at whole numbers.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.geometry.affine import unit_normal
from viewer.geometry.plane import Affine

if TYPE_CHECKING:
    from numpy.typing import NDArray

Points: TypeAlias = "NDArray[np.float64]"
Lines: TypeAlias = "NDArray[np.float64]"
ALONGSIDE = 0.02  # sine of about one degree: such planes count as parallel


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


def area_of(curve: Points) -> float:
    """Twice the area of a closed curve (n, 3)."""
    return float(np.linalg.norm(_area_vector(curve))) if len(curve) > 2 else 0.0


def _area_vector(curve: Points) -> Points:
    """Twice the area of a closed curve (n, 3), along its normal; numpy's own product takes several times as long."""
    x, y, z = (curve - curve[0]).T
    return np.array(
        (
            y[:-1] @ z[1:] - z[:-1] @ y[1:],
            z[:-1] @ x[1:] - x[:-1] @ z[1:],
            x[:-1] @ y[1:] - y[:-1] @ x[1:],
        )
    )


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
    axes = np.column_stack((affine[:3, 0], affine[:3, 1], unit_normal(affine[:3, 0], affine[:3, 1])))
    found: Points = (points - affine[:3, 3]) @ np.linalg.inv(axes).T
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
