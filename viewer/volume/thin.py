"""A series larger than memory: native pictures come and go, the planes across are cut from every k-th point."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.grid import VolumeGeometry, volume_geometry
from viewer.index.model import Frame
from viewer.jobs.budget import Budget
from viewer.problem import Problem, ProblemError, problem
from viewer.volume.frames import FrameStore, OneFills, outward, side_by_side
from viewer.volume.reader import FrameReader
from viewer.volume.values import FrameValues, applied, frame_values, is_damaged
from viewer.volume.voxels import common_dtype, frame_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

Check = Callable[[], None]


def thinning(nbytes: int, budget: Budget) -> int:
    """Every how many points in a row and in a column, so that a volume of `nbytes` takes half of what is free."""
    return max(2, ceil(sqrt(nbytes / max(1, budget.free // 2))))


class Thinned:
    """Same face as `VoxelStore`; `array` is (slices, rows / step, columns / step)."""

    def __init__(self, frames: Sequence[Frame], reader: FrameReader, step: int) -> None:
        self.frames = frames
        self.step = step
        self._reader = reader
        self._native = FrameStore(frames, reader)
        dtype = common_dtype(frames)
        self.symbolic = dtype is not None
        self.slope = frames[0].facts.slope if self.symbolic else 1.0
        self.intercept = frames[0].facts.intercept if self.symbolic else 0.0
        rows, columns = frame_shape(frames[0])
        shape = (len(frames), -(-rows // step), -(-columns // step))
        self.array: NDArray[np.generic] = np.zeros(shape, dtype if dtype is not None else np.float32)
        self.mask: NDArray[np.bool_] | None = None
        self.failures = self.damaged = 0
        self._state = np.zeros(len(frames), np.bool_)
        self._lock = threading.Lock()
        self._filling = OneFills()
        reader.budget.take(self, self.array.nbytes, pinned=True)

    @property
    def done(self) -> int:
        """Frames whose points are in `array`."""
        return int(self._state.sum())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Said with every plane across."""
        return (problem("detail_reduced", step=self.step),)

    def geometry_of(self, geometry: VolumeGeometry) -> VolumeGeometry:
        """The geometry of `array`: the first pixel stays where it is."""
        directions = [geometry.affine[:3, axis] / np.linalg.norm(geometry.affine[:3, axis]) for axis in (0, 1)]
        _, rows_mm, columns_mm = geometry.spacing_mm
        spacing = rows_mm * self.step, columns_mm * self.step
        made = volume_geometry(geometry.positions, np.concatenate(directions).tolist(), spacing, *self.array.shape[1:])
        assert made is not None
        return made

    def peek(self, index: int) -> FrameValues | None:
        """A native picture that is in memory."""
        return self._native.peek(index)

    def ready(self, index: int) -> FrameValues | None:
        """The same: here a frame is looked through as it is read."""
        return self._native.peek(index)

    def get(self, index: int, check: Check = lambda: None, threads: int = 1) -> FrameValues:
        """A native picture; raises ProblemError."""
        return self._native.get(index, check, threads)

    def fill(self, check: Check) -> None:
        """Go through all frames once, middle first, and keep every k-th point of each."""

        def bring(index: int) -> bool:
            self._thin(index, check)
            return True

        with self._filling.one(check):
            wanted = [index for index in outward(len(self.frames)) if not self._state[index]]
            side_by_side(wanted, bring, check, self._reader.threads)

    def _thin(self, index: int, check: Check) -> None:
        frame, every = self.frames[index], slice(None, None, self.step)
        missing: NDArray[np.bool_] | bool | None
        failed = damaged = 0
        try:
            values = self._native.peek(index) or frame_values(frame, self._reader.stored(frame, None, check))
            missing = values.padding
            damaged = is_damaged(frame, values.problems)
            points = values.values if self.symbolic else applied(values)
            self.array[index] = points[every, every]
        except ProblemError:
            missing, failed = True, 1
        with self._lock:
            self.failures += failed
            self.damaged += damaged
            if missing is not None:
                self.mask = np.zeros(self.array.shape, np.bool_) if self.mask is None else self.mask
                self.mask[index] = missing if isinstance(missing, bool) else missing[every, every]
            self._state[index] = True

    def close(self) -> None:
        """Give everything up."""
        self._native.close()
        self._reader.budget.give_back(self)
