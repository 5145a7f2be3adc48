"""Slice: the modality values on one cut, with everything the picture needs to draw them. No window, no screen.

Source: what a series offers to look at (a volume or a stack), behind one small protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from viewer.dicom.header import FileWindow, Lut, UltrasoundRegion
from viewer.geometry.plane import Affine, Plane
from viewer.index.model import FrameRef, Series
from viewer.problem import Problem
from viewer.volume.scales import ValueScale

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Slice:
    """Values on a cut. Which one it is: `spot_of(slice_)`.

    values: (rows, columns) integer or float32 for grey, (rows, columns, 3) uint8 RGB for colour. Grey modality
    value = values * slope + intercept (slope 1, intercept 0 when already applied). Row 0 is the top of the picture.
    affine: (4, 4), (column, row, 0, 1) → LPS mm of pixel centres; None where geometry is unknown.
    pixel_mm: mm between rows, between columns, or None; `aspect` = height of a pixel / its width (1.0 unknown).
    """

    series_id: str
    plane: Plane
    index: int
    count: int
    values: NDArray[np.generic]
    group: int = 0
    slope: float = 1.0
    intercept: float = 0.0
    unit: str = ""  # "HU", "SUVbw", "Bq/ml" … or "" (a plain value)
    scales: tuple[ValueScale, ...] = ()  # what the modality values mean besides: SUV, real-world values
    no_uptake: Problem | None = None  # of PET: why there is no SUV
    padding: NDArray[np.bool_] | None = None
    affine: Affine | None = None
    pixel_mm: tuple[float, float] | None = None
    aspect: float = 1.0
    scale_kind: str = ""  # Header.spacing_kind; "patient" for cross-sections
    is_colour: bool = False
    inverted: bool = False  # MONOCHROME1
    windows: tuple[FileWindow, ...] = ()  # in modality values, the file's first
    voi_luts: tuple[Lut, ...] = ()
    frame: FrameRef | None = None  # for native cuts and for planes that are stored frames
    thickness_mm: float | None = None
    letters_hint: tuple[str, str] | None = None  # Patient Orientation (right, down) where there is no affine
    on_four_legs: bool = False  # an animal, whose directions have other names
    in_patient: bool = True  # False: the affine tells no side of the patient (`Header.in_patient`)
    regions: tuple[UltrasoundRegion, ...] = ()  # parts of an ultrasound picture with scales of their own
    problems: tuple[Problem, ...] = ()  # shown as a mark on the picture

    @property
    def is_stored(self) -> bool:
        """Whether this is a picture of the scanner and not a cut made through several."""
        return self.frame is not None or self.plane is Plane.NATIVE

    def modality_values(self) -> NDArray[np.float32]:
        """Values after the modality LUT as float32 (PS3.3 C.11.1), same shape; colour unchanged but float32."""
        values = self.values.astype(np.float32)
        if not self.is_colour and (self.slope != 1.0 or self.intercept != 0.0):
            values = (self.values.astype(np.float64) * self.slope + self.intercept).astype(np.float32)
        return values


class Source(Protocol):
    """A series (one group of it) to look at. All methods may block: call them from a job, not from the window."""

    @property
    def series(self) -> Series: ...

    @property
    def group(self) -> int: ...

    @property
    def planes(self) -> tuple[Plane, ...]:
        """Planes on offer now; `Series.blocked` tells why another is not."""
        ...

    def count(self, plane: Plane) -> int:
        """Number of slices in this plane."""
        ...

    def slice(self, plane: Plane, index: int) -> Slice:
        """The slice `index` (0 = most inferior, posterior or rightmost; for native 0 = first in order).

        Row 0 is anterior (axial) or the head, column 0 the patient's right (axial, coronal) or anterior (sagittal);
        native exactly as stored. Raises ProblemError, IndexError.
        """
        ...

    def takes_all(self, plane: Plane) -> bool:
        """Whether a slice of this plane is cut through all frames, so that they have to be loaded first."""
        ...

    def ready(self, plane: Plane, index: int) -> Slice | None:
        """The slice if it can be had without reading or decoding (under 2 ms), else None."""
        ...

    def load(self, check: Callable[[], None] = lambda: None) -> None:
        """Bring in all frames, middle first then outward, calling `check` between frames (it may raise)."""
        ...

    @property
    def loaded(self) -> tuple[int, int]:
        """(frames in memory, frames in all)."""
        ...

    def to_voxel(self, plane: Plane, index: int) -> Affine | None:
        """(4, 4) of a slice without reading pixels: (column, row, 0, 1) → LPS mm, or None."""
        ...

    def index_at(self, plane: Plane, point: NDArray[np.float64]) -> int | None:
        """The slice of `plane` nearest to an LPS point (3,), clipped to the range; None without geometry."""
        ...

    def values_range(self) -> tuple[float, float] | None:
        """1st and 99th percentile of modality values without padding, from what is loaded; None before that."""
        ...

    def close(self) -> None:
        """Free memory."""
        ...
