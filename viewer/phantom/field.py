"""Shapes with soft edges in a box of millimetres, and smooth noise: what made anatomy is built from.

All arrays are float32 (z, y, x) over a `Box`; coordinates are LPS millimetres (PS3.3 C.7.6.2.1.1). Distances are
signed: negative inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Point = tuple[float, float, float]


@dataclass(frozen=True)
class Box:
    """The voxel centres of a box along the patient's axes: x (nx,), y (ny,), z (nz,), each evenly spaced, rising."""

    x: Array
    y: Array
    z: Array

    @classmethod
    def about(cls, centre: Point, counts: tuple[int, int, int], steps: Point) -> Box:
        """`counts` voxels (x, y, z) with `steps` mm between them, around `centre`."""
        axes = [c + (np.arange(n, dtype=np.float32) - (n - 1) / 2) * s for c, n, s in zip(centre, counts, steps)]
        return cls(*(axis.astype(np.float32) for axis in axes))

    @property
    def shape(self) -> tuple[int, int, int]:
        """(nz, ny, nx)."""
        return (len(self.z), len(self.y), len(self.x))

    def grid(self) -> tuple[Array, Array, Array]:
        """x (1, 1, nx), y (1, ny, 1), z (nz, 1, 1) for broadcasting."""
        return self.x[None, None, :], self.y[None, :, None], self.z[:, None, None]

    def part(self, centre: Point, reach: Point) -> tuple[slice, slice, slice] | None:
        """The voxels within `reach` of `centre` along each axis, as slices (z, y, x); None when there are none."""
        cuts = []
        for axis, c, r in zip((self.z, self.y, self.x), centre[::-1], reach[::-1]):
            first, last = np.searchsorted(axis, (c - r, c + r))
            if first == last:
                return None
            cuts.append(slice(int(first), int(last)))
        return (cuts[0], cuts[1], cuts[2])

    def cut(self, part: tuple[slice, slice, slice]) -> Box:
        """The smaller box of `part`."""
        return Box(self.x[part[2]], self.y[part[1]], self.z[part[0]])


def ellipsoid(box: Box, centre: Point, half: Point) -> Array:
    """Signed distance in mm (first order) to an ellipsoid with half axes `half`."""
    x, y, z = (axis - np.float32(c) for axis, c in zip(box.grid(), centre))
    a, b, c = (np.float32(1 / h) for h in half)
    inner = (x * a) ** 2 + (y * b) ** 2 + (z * c) ** 2
    slope = (x * a * a) ** 2 + (y * b * b) ** 2 + (z * c * c) ** 2
    inner = np.sqrt(inner)
    distance: Array = inner * (inner - 1) / np.sqrt(slope + np.float32(1e-9))
    return distance


def joined(one: Array, other: Array, softness: float) -> Array:
    """Signed distance to two shapes melted together over `softness` mm."""
    blend = np.clip(np.float32(0.5) + (other - one) * np.float32(0.5 / softness), 0, 1)
    melted: Array = other + (one - other) * blend - np.float32(softness) * blend * (1 - blend)
    return melted


def smooth_noise(box: Box, spacing: float, seed: int) -> Array:
    """Noise of mean 0 and spread 1 that changes over about `spacing` mm; the same at the same place in every box."""
    lattice = np.random.default_rng(seed).standard_normal((64, 64, 64), np.float32)
    weights = [_spline(axis, spacing) for axis in (box.z, box.y, box.x)]
    field = np.tensordot(weights[0], lattice, (1, 0))
    field = np.tensordot(field, weights[1], (1, 1))
    field = np.tensordot(field, weights[2], (1, 1))
    noise: Array = field * np.float32(3.0)
    return noise


def _spline(axis: Array, spacing: float) -> Array:
    """Cubic B-spline weights (n, 64) of lattice points `spacing` apart that repeat every 64."""
    place = axis / spacing + 32
    distance = np.abs(place[:, None] - np.arange(64, dtype=np.float32)[None, :])
    distance = np.minimum(distance, 64 - distance)
    near, far = np.clip(1 - distance, 0, None), np.clip(2 - distance, 0, None)
    weights: Array = ((far**3 - 4 * near**3) / 6).astype(np.float32)
    return weights


class Painting:
    """Values laid over one another with edges one voxel soft. `palette` gives each tissue its value."""

    def __init__(self, box: Box, palette: Mapping[str, float], edge_mm: float) -> None:
        self.box, self.palette, self.edge = box, palette, np.float32(edge_mm)
        self.values: Array = np.zeros(box.shape, np.float32)

    def lay(self, tissue: str, distance: NDArray[np.floating], part: tuple[slice, slice, slice] | None = None) -> None:
        """Paint where `distance` is negative, in the whole box or in `part` of it."""
        cover = np.clip(0.5 - distance / self.edge, 0, 1).astype(np.float32)
        values = self.values if part is None else self.values[part]
        values += (np.float32(self.palette[tissue]) - values) * cover

    def lay_ellipsoid(self, tissue: str, centre: Point, half: Point) -> None:
        """Paint an ellipsoid, touching only the voxels near it."""
        reach = (half[0] + 3, half[1] + 3, half[2] + 3)
        part = self.box.part(centre, reach)
        if part is not None:
            self.lay(tissue, ellipsoid(self.box.cut(part), centre, half), part)

    def lay_pair(self, tissue: str, centre: Point, half: Point) -> None:
        """Paint an ellipsoid on both sides of the body."""
        self.lay_ellipsoid(tissue, centre, half)
        self.lay_ellipsoid(tissue, (-centre[0], centre[1], centre[2]), half)

    def scanned(self, seed: int, shading: float = 0.1, grain: float = 9.0) -> NDArray[np.uint16]:
        """Stored values (z, y, x): shading of the coil, noise of the receiver (never negative), whole numbers."""
        rng = np.random.default_rng(seed)
        shade = 1 + np.float32(shading) * np.clip(smooth_noise(self.box, 80.0, seed + 1), -2, 2)
        real = self.values * shade + np.float32(grain) * rng.standard_normal(self.box.shape, np.float32)
        other = np.float32(grain) * rng.standard_normal(self.box.shape, np.float32)
        stored: NDArray[np.uint16] = np.hypot(real, other).round().clip(0, 4095).astype(np.uint16)
        return stored
