"""Where a slice lies in a pane: true proportions, flip, quarter turns, zoom and place. Painting and hit testing agree.

Slice coordinates are (column, row) with pixel centres at whole numbers: the picture spans −0.5 … columns − 0.5.
Pane coordinates are (x, y) pixels from the pane's top left corner, y downward. Orientation is flip first, then turns
clockwise, as in `Look`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.picture.look import Look, Region
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

Matrix: TypeAlias = "NDArray[np.float64]"
MIN_ZOOM, MAX_ZOOM = 0.02, 64.0  # 64 points shown 1:1 on 3,000 still fit


def proportion(slice_: Slice) -> float:
    """Height of a pixel / its width: from the millimetres where known, else the file's ratio (R-G11); never absurd."""
    aspect = slice_.aspect
    if slice_.pixel_mm is not None and min(slice_.pixel_mm) > 0:
        aspect = slice_.pixel_mm[0] / slice_.pixel_mm[1]
    return aspect if np.isfinite(aspect) and 1e-3 < aspect < 1e3 else 1.0


def orientation_matrix(look: Look) -> Matrix:
    """(2, 2): a direction in the slice (column, row) → the same direction on screen (right, down)."""
    matrix = np.diag([-1.0 if look.flipped else 1.0, 1.0])
    quarter = np.array([[0.0, -1.0], [1.0, 0.0]])  # right becomes down: clockwise on a screen
    for _ in range(look.turned % 4):
        matrix = quarter @ matrix
    return matrix


def turns_of(to_slice: Matrix) -> tuple[bool, int]:
    """(flipped, turned) of the look a picture was drawn with, from its directions (right, down) in the slice, (2, 2)."""
    flipped = bool(np.linalg.det(to_slice) < 0)
    fits = [
        np.sum(orientation_matrix(Look(flipped=flipped, turned=turned)).T * np.sign(to_slice)) for turned in range(4)
    ]
    return flipped, int(np.argmax(fits))


@dataclass(frozen=True)
class Placement:
    """A slice of `columns` × `rows` in a pane. zoom 1.0 = fitted; `centre` = slice point at the pane's middle."""

    columns: int
    rows: int
    pane_width: float
    pane_height: float
    aspect: float = 1.0  # height of a pixel / its width
    flipped: bool = False
    turned: int = 0
    zoom: float = 1.0
    centre: tuple[float, float] | None = None  # (column, row); None = the picture's middle

    @classmethod
    def of(
        cls,
        slice_: Slice,
        look: Look,
        pane: tuple[float, float],
        zoom: float = 1.0,
        centre: tuple[float, float] | None = None,
    ) -> Placement:
        """The placement of a slice in a pane of `pane` = (width, height) pixels."""
        rows, columns = slice_.values.shape[:2]
        return cls(columns, rows, *pane, proportion(slice_), look.flipped, look.turned % 4, zoom, centre)

    @property
    def middle(self) -> tuple[float, float]:
        """The slice point at the pane's middle."""
        return self.centre or ((self.columns - 1) / 2, (self.rows - 1) / 2)

    @cached_property
    def scale(self) -> float:
        """Pane pixels per pixel width of the slice (per column), at the present zoom."""
        width, height = float(self.columns), self.rows * self.aspect
        if self.turned % 2:
            width, height = height, width
        fitted = min(self.pane_width / width, self.pane_height / height)
        return max(fitted, 1e-9) * self.zoom

    @cached_property
    def _linear(self) -> Matrix:
        look = Look(flipped=self.flipped, turned=self.turned)
        return orientation_matrix(look) @ np.diag([self.scale, self.scale * self.aspect])

    @cached_property
    def matrix(self) -> Matrix:
        """(3, 3): (column, row, 1) → (x, y, 1)."""
        matrix = np.eye(3)
        matrix[:2, :2] = self._linear
        matrix[:2, 2] = np.array([self.pane_width / 2, self.pane_height / 2]) - self._linear @ np.array(self.middle)
        return matrix

    @cached_property
    def _inverse(self) -> Matrix:
        return np.linalg.inv(self.matrix).astype(np.float64, copy=False)

    @cached_property
    def image_rect(self) -> tuple[float, float, float, float]:
        """x, y, width, height of the whole picture in the pane (may be larger than the pane)."""
        corners = [self.to_pane(c, r) for c in (-0.5, self.columns - 0.5) for r in (-0.5, self.rows - 0.5)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))

    def to_pane(self, column: float, row: float) -> tuple[float, float]:
        """The pane point of a slice point."""
        x, y, _ = (self.matrix @ np.array([column, row, 1.0])).tolist()
        return (x, y)

    def to_slice(self, x: float, y: float) -> tuple[float, float]:
        """The slice point under a pane point."""
        column, row, _ = (self._inverse @ np.array([x, y, 1.0])).tolist()
        return (column, row)

    def pixel_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The (column, row) of the pixel under a pane point, or None outside the picture."""
        column, row = (int(np.floor(value + 0.5)) for value in self.to_slice(x, y))
        return (column, row) if 0 <= column < self.columns and 0 <= row < self.rows else None

    def zoomed(self, factor: float, x: float, y: float) -> Placement:
        """Zoomed by `factor` (within limits) so that the slice point under (x, y) stays there."""
        held = self.to_slice(x, y)
        zoom = min(max(self.zoom * factor, MIN_ZOOM), MAX_ZOOM)
        closer = replace(self, zoom=zoom, centre=self.middle)
        return closer.panned(*(a - b for a, b in zip((x, y), closer.to_pane(*held), strict=True)))

    def panned(self, dx: float, dy: float) -> Placement:
        """Moved by (dx, dy) pane pixels; the pane's middle stays on the picture."""
        column, row = self.to_slice(self.pane_width / 2 - dx, self.pane_height / 2 - dy)
        column = min(max(column, -0.5), self.columns - 0.5)
        row = min(max(row, -0.5), self.rows - 0.5)
        return replace(self, centre=(column, row))

    def region(self, start: tuple[float, float], end: tuple[float, float]) -> Region | None:
        """The whole pixels touched by the pane rectangle between two points, or None where it misses the picture."""
        points = [self.to_slice(*start), self.to_slice(*end)]
        (x0, x1), (y0, y1) = (sorted(p[axis] + 0.5 for p in points) for axis in (0, 1))
        region = Region(
            max(0, int(np.floor(x0))), max(0, int(np.floor(y0))),
            min(self.columns, int(np.ceil(x1))), min(self.rows, int(np.ceil(y1))),
        )  # fmt: skip
        return region if region.x0 < region.x1 and region.y0 < region.y1 else None


def zoom_to(
    first: tuple[int, int], last: tuple[int, int], size: tuple[int, int], aspect: float, pane: tuple[float, float]
) -> tuple[float, tuple[float, float] | None]:
    """(zoom, centre) that fits a part of a picture into a pane; (1, None) for all of it.

    first, last: (column, row) from 1, maybe outside; size: columns, rows; pane: width, height.
    """
    if first == (1, 1) and last == size:
        return 1.0, None
    width, height = last[0] - first[0] + 1, (last[1] - first[1] + 1) * aspect
    part = min(pane[0] / width, pane[1] / height)
    whole = min(pane[0] / size[0], pane[1] / (size[1] * aspect))
    zoom = min(max(part / max(whole, 1e-9), MIN_ZOOM), MAX_ZOOM)
    return zoom, ((first[0] + last[0]) / 2 - 1, (first[1] + last[1]) / 2 - 1)
