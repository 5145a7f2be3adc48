"""StackSource: pictures without a common geometry, or a single one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.affine import slice_affine
from viewer.geometry.plane import Affine, Plane
from viewer.index.model import Series
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
        affines = [self.to_voxel(plane, index) for index in range(len(self.frames))]
        distances = [abs(float((point - affine[:3, 3]) @ affine[:3, 2])) for affine in affines if affine is not None]
        return int(np.argmin(distances)) if distances and len(distances) == len(affines) else None

    def values_range(self) -> tuple[float, float] | None:
        return self.range_of(self._store.held, self._store.values)

    def close(self) -> None:
        self._store.close()
