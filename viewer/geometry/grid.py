"""Geometry of a volume: voxel (column, row, slice) → LPS mm, and how the three planes of the body lie on its axes.

Planes are the volume's own axes, named by the nearest direction of the body. They are *never* turned to the body:
an oblique volume gives as many pictures as were taken, each as sharp as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.affine import apply, invert, orthonormal, unit_normal
from viewer.geometry.plane import Affine, Plane
from viewer.geometry.spacing import SliceStack, slice_stack

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLICE, ROW, COLUMN = 0, 1, 2  # axes of a voxel array (slices, rows, columns)
MOST_SLICES = 4096  # of a grid made even


@dataclass(frozen=True, slots=True, eq=False)
class VolumeGeometry:
    """Parallel pictures in space.

    affine: (4, 4), (column, row, slice, 1) → LPS mm of voxel centres, shear of a tilted scanner included; for uneven
    steps it runs through the first and the last picture. shape: (slices, rows, columns).
    positions: (slices, 3) true centre of the first pixel of each slice. stack: steps, gaps and tilt; its pictures are
    the slices of this volume, one for each place.
    """

    affine: Affine
    shape: tuple[int, int, int]
    positions: NDArray[np.float64]
    stack: SliceStack

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """mm between slices (along the normal), between rows, between columns."""
        step = self.stack.step_mm
        return (step if step is not None else 0.0, self._length(1), self._length(0))

    @property
    def normal(self) -> NDArray[np.float64]:
        """Unit normal (3,) of the pictures, along which the slices are ordered."""
        return unit_normal(self.affine[:3, 0], self.affine[:3, 1])

    @property
    def tilted(self) -> bool:
        """True when the slices drift sideways by more than half a pixel over the volume."""
        return self.stack.tilted(min(self.spacing_mm[1:]))

    @property
    def sways(self) -> bool:
        """True when single slices lie sideways of the others by more than half a pixel."""
        return self.stack.sways(min(self.spacing_mm[1:]))

    @property
    def regular(self) -> bool:
        """True when planes can be cut from the voxels as they are: even steps, no tilt, and no slice beside the others."""
        return self.stack.uniform and not self.tilted and not self.sways

    def slice_affine(self, index: int) -> Affine:
        """(4, 4) of the stored picture `index` at its true position, (column, row, 0, 1) → LPS mm."""
        affine = self.affine.copy()
        affine[:3, 2] = self.normal
        affine[:3, 3] = self.positions[index]
        return affine

    def _length(self, column: int) -> float:
        return float(np.linalg.norm(self.affine[:3, column]))


def volume_geometry(
    positions: NDArray[np.float64] | Sequence[Sequence[float]],
    orientation: Sequence[float],
    spacing_rc: Sequence[float],
    rows: int,
    columns: int,
) -> VolumeGeometry | None:
    """The volume of pictures at `positions` (slices, 3), already ordered along the normal, one for each place.

    None when the orientation or spacing is unusable, the positions are not in increasing order, or two share a place.
    """
    directions = orthonormal(orientation)
    places = np.asarray(positions, np.float64).reshape(-1, 3)
    if directions is None or len(places) == 0 or not np.all(np.isfinite(places)) or min(spacing_rc) <= 0:
        return None
    normal = np.cross(*directions)
    stack = slice_stack(places, normal)
    if stack.places != len(places) or stack.order != tuple(range(len(places))):
        return None
    affine = np.eye(4)
    affine[:3, 0] = directions[0] * spacing_rc[1]
    affine[:3, 1] = directions[1] * spacing_rc[0]
    affine[:3, 2] = (places[-1] - places[0]) / (len(places) - 1) if len(places) > 1 else normal
    affine[:3, 3] = places[0]
    return VolumeGeometry(affine, (len(places), rows, columns), places, stack)


@dataclass(frozen=True, slots=True)
class PlaneAxes:
    """How a plane lies on a voxel array (slices, rows, columns): for the plane's index, rows and columns the voxel axis
    (0, 1, 2) each runs along, and whether it runs against it."""

    index_axis: int
    row_axis: int
    column_axis: int
    index_flip: bool = False
    row_flip: bool = False
    column_flip: bool = False


# LPS axis and sign along which the index, the rows and the columns of each plane increase.
_DIRECTIONS = {
    Plane.AXIAL: ((2, 1), (1, 1), (0, 1)),
    Plane.CORONAL: ((1, -1), (2, -1), (0, 1)),
    Plane.SAGITTAL: ((0, 1), (2, -1), (1, 1)),
}


def body_axes(geometry: VolumeGeometry) -> tuple[tuple[int, bool], ...]:
    """For the body's x, y and z: the voxel axis (0 slices, 1 rows, 2 columns) nearest to it and whether it runs against.

    Always a permutation, also for a volume turned by 45°. The slices count by their normal, not by a tilted step.
    """
    return _body_axes(geometry.affine[:3, :2].tobytes())


@lru_cache(maxsize=256)  # asked several times for each picture that is scrolled to
def _body_axes(directions: bytes) -> tuple[tuple[int, bool], ...]:
    columns_rows = np.frombuffer(directions).reshape(3, 2)
    matrix = columns_rows / np.linalg.norm(columns_rows, axis=0)
    normal = unit_normal(columns_rows[:, 0], columns_rows[:, 1])
    cosines = np.stack([normal, matrix[:, 1], matrix[:, 0]])  # voxel axis, LPS axis
    weights = np.round(cosines**2, 6)
    best = max(permutations(range(3)), key=lambda p: sum(weights[p[axis], axis] for axis in range(3)))
    return tuple((voxel, bool(cosines[voxel, axis] < 0)) for axis, voxel in enumerate(best))


def plane_axes(geometry: VolumeGeometry, plane: Plane) -> PlaneAxes:
    """How `plane` lies on the voxel axes: row 0 anterior (axial) or head, column 0 the patient's right (axial, coronal)
    or anterior (sagittal), index 0 most inferior, posterior or right. Native: as stored."""
    if plane is Plane.NATIVE:
        return PlaneAxes(SLICE, ROW, COLUMN)
    axes = body_axes(geometry)
    chosen = [(axes[axis][0], axes[axis][1] != (sign < 0)) for axis, sign in _DIRECTIONS[plane]]
    (index, index_flip), (row, row_flip), (column, column_flip) = chosen
    return PlaneAxes(index, row, column, index_flip, row_flip, column_flip)


def plane_shape(geometry: VolumeGeometry, plane: Plane) -> tuple[int, int, int]:
    """(count, rows, columns) of the pictures of `plane`."""
    axes = plane_axes(geometry, plane)
    return geometry.shape[axes.index_axis], geometry.shape[axes.row_axis], geometry.shape[axes.column_axis]


def plane_view(voxels: NDArray[np.generic], axes: PlaneAxes, index: int) -> NDArray[np.generic]:
    """Picture `index` of a plane as a view, (rows, columns) or (rows, columns, 3), of voxels (slices, rows, columns[, 3])."""
    at: list[slice | int] = [slice(None)] * 3
    at[axes.index_axis] = voxels.shape[axes.index_axis] - 1 - index if axes.index_flip else index
    picture = voxels[tuple(at)]
    if axes.row_axis > axes.column_axis:
        picture = picture.swapaxes(0, 1)
    return picture[:: -1 if axes.row_flip else 1, :: -1 if axes.column_flip else 1]


def plane_to_voxel(geometry: VolumeGeometry, plane: Plane, index: int) -> Affine:
    """(4, 4): (column, row, 0, 1) of picture `index` of `plane` → voxel (column, row, slice, 1)."""
    axes = plane_axes(geometry, plane)
    matrix = np.zeros((4, 4))
    matrix[3, 3] = 1.0
    # Voxel array axis a stands at place 2 - a of (column, row, slice).
    runs = (
        (0, axes.column_axis, axes.column_flip),
        (1, axes.row_axis, axes.row_flip),
        (2, axes.index_axis, axes.index_flip),
    )
    for source, axis, flip in runs:
        matrix[2 - axis, source] = -1.0 if flip else 1.0
        matrix[2 - axis, 3] += geometry.shape[axis] - 1 if flip else 0
    matrix[:, 3] += matrix[:, 2] * index
    return matrix


def plane_affine(geometry: VolumeGeometry, plane: Plane, index: int) -> Affine:
    """(4, 4) of picture `index` of `plane`: (column, row, 0, 1) → LPS mm.

    Where the plane is that of the stored pictures, the true position of that picture is used. Raises IndexError, and
    ValueError for another plane of a volume that is not `regular` (make it so with `straightened`).
    """
    if not 0 <= index < plane_shape(geometry, plane)[0]:
        raise IndexError(index)
    axes = plane_axes(geometry, plane)
    affine: Affine = geometry.affine @ plane_to_voxel(geometry, plane, index)
    if axes.index_axis == SLICE:
        number = geometry.shape[SLICE] - 1 - index if axes.index_flip else index
        affine[:3, 3] += geometry.positions[number] - apply(geometry.affine, [0.0, 0.0, float(number)])
    elif not geometry.regular:
        raise ValueError("planes across the slices need even steps, no tilt and no shifts")
    affine[:3, 2] = unit_normal(affine[:3, 0], affine[:3, 1])
    return affine


def index_at(geometry: VolumeGeometry, plane: Plane, point: Sequence[float] | NDArray[np.float64]) -> int:
    """The picture of `plane` nearest to an LPS point (3,), clipped to the range."""
    axes = plane_axes(geometry, plane)
    point = np.asarray(point, np.float64)
    count = geometry.shape[axes.index_axis]
    if axes.index_axis == SLICE:
        found = int(np.argmin(np.abs((geometry.positions - point) @ geometry.normal)))
    else:
        found = int(np.clip(np.rint(apply(invert(geometry.affine), point)[2 - axes.index_axis]), 0, count - 1))
    return count - 1 - found if axes.index_flip else found


@dataclass(frozen=True, slots=True)
class Blend:
    """How one slice of an even grid is made: (1 - share) of slice `below` plus share of slice `below + 1`, each first
    moved by its shift; `in_gap` says that it lies in a hole and is to be drawn as one.

    shift_below, shift_above: (rows, columns) in pixels: the grid's pixel (r, c) lies at (r + rows, c + columns) of the slice.
    """

    below: int
    share: float
    in_gap: bool
    shift_below: tuple[float, float]
    shift_above: tuple[float, float]


def straightened(geometry: VolumeGeometry, most: int = MOST_SLICES) -> VolumeGeometry:
    """An even, right-angled grid over the same body; a volume that is `regular` comes back as it is.

    Its step is the finest that is common in the volume, wider when there would be more than `most` slices. In-plane
    pixels lie where those of the first slice do; the area grows to hold every slice of a tilted stack.
    """
    if geometry.regular:
        return geometry
    normal, stack = geometry.normal, geometry.stack
    extent = float(stack.offsets[-1] - stack.offsets[0])
    step = max(_finest(stack), extent / max(1, most - 1))
    count = round(extent / step) + 1
    step = extent / (count - 1)
    shifts = _in_plane(geometry, geometry.positions - np.outer(stack.offsets - stack.offsets[0], normal))
    spill = (
        1e-6 if geometry.tilted or geometry.sways else 0.5
    )  # of an upright stack no slice leaves the grid by as much as a pixel
    low = np.floor(shifts.min(axis=0) + spill)
    grow = np.ceil(shifts.max(axis=0) - low - spill).astype(int)
    affine = geometry.affine.copy()
    affine[:3, 2] = normal * step
    affine[:3, 3] = geometry.positions[0] + affine[:3, 0] * low[1] + affine[:3, 1] * low[0]
    places = affine[:3, 3] + np.outer(np.arange(count) * step, normal)
    _, rows, columns = geometry.shape
    shape = (count, rows + int(grow[0]), columns + int(grow[1]))
    return VolumeGeometry(affine, shape, places, slice_stack(places, normal))


def blends(source: VolumeGeometry, target: VolumeGeometry) -> tuple[Blend, ...]:
    """For each slice of `target` (from `straightened`) how it is made of the slices of `source`."""
    offsets, count = source.stack.offsets, len(source.positions)
    holes = {gap.after for gap in source.stack.gaps}
    wanted = target.positions @ target.normal
    on_plane = source.positions - np.outer(source.positions @ source.normal, source.normal)
    corner = target.positions[0] - target.normal * float(target.positions[0] @ target.normal)
    shifts = -_in_plane(source, on_plane, corner)
    made = []
    for place in wanted:
        below = int(np.clip(np.searchsorted(offsets, place + 1e-9) - 1, 0, max(0, count - 2)))
        above = min(below + 1, count - 1)
        wide = float(offsets[above] - offsets[below])
        share = float(np.clip((place - offsets[below]) / wide, 0.0, 1.0)) if wide else 0.0
        half = 0.5 * (source.stack.step_mm or 0.0)
        inside = below in holes and half < place - offsets[below] < wide - half
        made.append(Blend(below, share, bool(inside), _pair(shifts[below]), _pair(shifts[above])))
    return tuple(made)


def _finest(stack: SliceStack) -> float:
    """The usual step; where a stack goes on in wider steps, the finest that a tenth of it has."""
    return float(np.quantile(stack.steps, 0.1, method="lower")) if not stack.uniform else float(stack.step_mm or 1.0)


def _in_plane(
    geometry: VolumeGeometry, points: NDArray[np.float64], origin: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """(n, 2) rows and columns in pixels of `points` (n, 3) from `origin` (the first pixel of the first slice)."""
    moved = points - (geometry.positions[0] if origin is None else origin)
    columns, rows = geometry.affine[:3, 0], geometry.affine[:3, 1]
    return np.stack([moved @ rows / (rows @ rows), moved @ columns / (columns @ columns)], axis=1)


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])
