"""Affines of single pictures: (column, row, 0, 1) → LPS mm of pixel centres (PS3.3 C.7.6.2.1.1, 10.7.1.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.plane import Affine, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

FARTHEST_MM = 1e6  # nothing in a scanner lies farther away; keeps sums of hostile numbers finite
SMALLEST_MM = 1e-5  # between pixels; finer than any microscope
TOLERANCE = 1e-3  # for the length of a direction cosine and for the right angle between the two


def cross(one: NDArray[np.float64], other: NDArray[np.float64]) -> Vector:
    """The vector product (3,) of two vectors (3,); numpy's own takes ten times as long, which a scroll step would feel."""
    ax, ay, az = one.tolist()
    bx, by, bz = other.tolist()
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx))


def unit_normal(right: NDArray[np.float64], down: NDArray[np.float64]) -> Vector:
    """Unit normal (3,) of a picture whose rows run along `right` (3,) and whose columns run along `down` (3,)."""
    across = cross(right, down)
    return across / np.float64(math.sqrt(across @ across))


def orthonormal(orientation: Sequence[float] | None) -> tuple[Vector, Vector] | None:
    """The two directions of a picture, (3,) each: of increasing column, of increasing row; made exactly orthonormal.

    None when there are not six finite numbers, or they are worse than rounding explains.
    """
    return None if orientation is None else _orthonormal(tuple(orientation))


@lru_cache(maxsize=4096)  # all pictures of a series ask for the same few
def _orthonormal(orientation: tuple[float, ...]) -> tuple[Vector, Vector] | None:
    if len(orientation) != 6 or not all(abs(part) <= 1 + TOLERANCE for part in orientation):
        return None
    right, down = np.asarray(orientation[:3], np.float64), np.asarray(orientation[3:], np.float64)
    lengths = np.linalg.norm(right), np.linalg.norm(down)
    if max(abs(length - 1.0) for length in lengths) > TOLERANCE or abs(right @ down) > TOLERANCE:
        return None
    right = right / lengths[0]
    down = down - (down @ right) * right
    down = down / np.linalg.norm(down)
    right.flags.writeable = down.flags.writeable = False
    return right, down


def normal_of(orientation: Sequence[float] | None) -> Vector | None:
    """The unit normal (3,), column direction × row direction; None where the orientation is unusable."""
    return None if orientation is None else _normal(tuple(orientation))


@lru_cache(maxsize=4096)
def _normal(orientation: tuple[float, ...]) -> Vector | None:
    directions = _orthonormal(orientation)
    if directions is None:
        return None
    normal = np.cross(*directions)
    normal.flags.writeable = False
    return normal


def has_geometry(
    position: Sequence[float] | None, orientation: Sequence[float] | None, spacing_rc: Sequence[float] | None
) -> bool:
    """True when `slice_affine` would give an affine."""
    if position is None or spacing_rc is None or len(position) != 3 or len(spacing_rc) != 2:
        return False
    # Plain comparisons, false for what is not a number: this is asked of every picture of a disc, several times.
    (x, y, z), (between_rows, between_columns) = position, spacing_rc
    far = FARTHEST_MM
    placed = -far < x < far and -far < y < far and -far < z < far
    sized = SMALLEST_MM < between_rows < far and SMALLEST_MM < between_columns < far
    return placed and sized and orthonormal(orientation) is not None


def slice_affine(
    position: Sequence[float] | None, orientation: Sequence[float] | None, spacing_rc: Sequence[float] | None
) -> Affine | None:
    """(4, 4): (column, row, 0, 1) → LPS mm. The third column is the unit normal.

    `position` is the centre of the first pixel, `spacing_rc` mm between rows, between columns. None when one of the
    three is missing or unusable: without a known geometry there are no letters and no planes.
    """
    directions = orthonormal(orientation)
    if directions is None or position is None or spacing_rc is None:
        return None
    if not has_geometry(position, orientation, spacing_rc):
        return None
    affine = np.eye(4)
    affine[:3, 0] = directions[0] * spacing_rc[1]
    affine[:3, 1] = directions[1] * spacing_rc[0]
    affine[:3, 2] = np.cross(*directions)
    affine[:3, 3] = position
    return affine


def apply(affine: Affine, points: NDArray[np.float64] | Sequence[float]) -> NDArray[np.float64]:
    """`points` (..., 3) moved by a (4, 4) affine; same shape."""
    moved: NDArray[np.float64] = np.asarray(points, np.float64) @ affine[:3, :3].T + affine[:3, 3]
    return moved


def invert(affine: Affine) -> Affine:
    """The inverse (4, 4); raises numpy.linalg.LinAlgError for a flat one."""
    inverse: Affine = np.linalg.inv(affine).astype(np.float64)
    return inverse


def pixel_mm(affine: Affine) -> tuple[float, float]:
    """mm between rows, mm between columns of a picture with this affine."""
    return float(np.linalg.norm(affine[:3, 1])), float(np.linalg.norm(affine[:3, 0]))
