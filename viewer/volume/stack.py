"""StackSource: pictures without a common geometry, or a single one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.affine import normal_of, slice_affine
from viewer.geometry.plane import Affine, Plane
from viewer.index.model import Frame, Series
from viewer.index.order import has_place
from viewer.problem import ProblemError, problem
from viewer.volume.frames import FrameStore
from viewer.volume.native import NativeFrames
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

Check = Callable[[], None]


class StackSource(NativeFrames):
    """Protocol `Source` with the native plane only."""

    def __init__(self, series: Series, group: int, reader: FrameReader) -> None:
        super().__init__(series, group)
        self._store = FrameStore(self.frames, reader)
        self._across: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None  # a crosshair asks at each move

    @property
    def planes(self) -> tuple[Plane, ...]:
        return (Plane.NATIVE,)

    def count(self, plane: Plane) -> int:
        return len(self.frames) if plane is Plane.NATIVE else 0

    def slice(self, plane: Plane, index: int) -> Slice:
        """See `Source.slice`."""
        if plane is not Plane.NATIVE:
            raise ProblemError(problem("plane_not_offered"))
        self.checked(index, len(self.frames))
        return self.native(index, self._store.get(index, threads=2))

    def takes_all(self, plane: Plane) -> bool:
        return False

    def ready(self, plane: Plane, index: int) -> Slice | None:
        if plane is not Plane.NATIVE or not 0 <= index < len(self.frames):
            return None
        values = self._store.peek(index)
        return None if values is None else self.native(index, values)

    def load(self, check: Check = lambda: None) -> None:
        self._store.fill(check)

    @property
    def loaded(self) -> tuple[int, int]:
        return self._store.held, len(self.frames)

    def to_voxel(self, plane: Plane, index: int) -> Affine | None:
        if plane is not Plane.NATIVE or not 0 <= index < len(self.frames):
            return None
        facts = self.frames[index].facts
        return slice_affine(facts.position, facts.orientation, facts.spacing)

    def index_at(self, plane: Plane, point: NDArray[np.float64]) -> int | None:
        """The picture whose plane passes nearest to the point; None when a picture has no geometry."""
        if self._across is None:
            self._across = _across(self.frames)
        normals, along = self._across
        return int(np.argmin(np.abs(normals @ point - along))) if len(along) else None

    def values_range(self) -> tuple[float, float] | None:
        return self.range_of(self._store.held, self._store.values)

    def close(self) -> None:
        self._store.close()


def _across(frames: Sequence[Frame]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(n, 3) normals of the pictures and (n,) how far along them each lies, in mm; empty when one has no geometry."""
    if not all(has_place(frame) for frame in frames):
        return np.empty((0, 3)), np.empty(0)
    normals = np.array([normal_of(frame.facts.orientation) for frame in frames], np.float64)
    places = np.array([frame.facts.position for frame in frames], np.float64)
    return normals, np.einsum("ij,ij->i", normals, places)
