"""Cuts: the planes across the slices of a volume, out of its voxels once all of them are there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.grid import PlaneAxes, VolumeGeometry, plane_view
from viewer.jobs.budget import Budget
from viewer.problem import ProblemError, problem
from viewer.volume.across import Across, resampled
from viewer.volume.thin import Thinned
from viewer.volume.values import joined, padding_of
from viewer.volume.voxels import VoxelStore

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SECOND_LAYOUT_FROM = 32 * 2**20  # below, a strided cut is fast enough
_COLUMN = 2  # the index axis of cuts along columns


class Cuts:
    """Cuts through `voxels`, which lie in `own`, along the axes of `even`: the same where nothing is to be made even.

    padding: of the stored values. Thread-safe.
    """

    def __init__(
        self,
        voxels: VoxelStore | Thinned,
        own: VolumeGeometry,
        even: VolumeGeometry,
        padding: tuple[float, float] | None,
        budget: Budget,
    ) -> None:
        self._voxels, self._own, self._even, self._padding = voxels, own, even, padding
        self._budget, self._closed = budget, False
        self._across: Across | None = None
        self._columns: NDArray[np.generic] | None = None
        self._lock = threading.Lock()

    def must_be_open(self) -> None:
        """Raises ProblemError once this was closed: more of the disc is known, or another one is open. What is made of
        the voxels then (seconds and hundreds of megabytes for a large scan) nobody will see."""
        if self._closed:
            raise ProblemError(problem("picture_cannot_be_shown"))

    def prepared(self) -> Across:
        """What is cut; made once, when all frames are there."""
        with self._lock:
            if self._across is None:
                self.must_be_open()
                array, mask = self._voxels.array, self._hidden()
                self._across = (
                    Across(self._own, array, mask, ())
                    if self._even is self._own
                    else resampled(self._own, self._even, array, mask, self.must_be_open)
                )
            return self._across

    def at_hand(self, axes: PlaneAxes) -> Across | None:
        """What is cut, where a cut along these axes takes no time."""
        across = self._across
        waits = across is None or (self._columns is None and self._wants_columns(across, axes))
        return None if waits else across

    def _hidden(self) -> NDArray[np.bool_] | None:
        """A mask is only made where resampling needs it; cuts from the voxels work it out for themselves."""
        if self._even is self._own:
            return self._voxels.mask
        shown = padding_of(self._voxels.array, self._padding) if self._voxels.symbolic else None
        return joined(self._voxels.mask, shown)

    def _wants_columns(self, across: Across, axes: PlaneAxes) -> bool:
        """Whether a second layout would pay: a cut along columns through a large array is slow (4 ms against 0.1)."""
        large = across.voxels.nbytes >= _SECOND_LAYOUT_FROM
        return axes.index_axis == _COLUMN and large and across.voxels.nbytes <= self._budget.free

    def cut(
        self, across: Across, axes: PlaneAxes, index: int, build: bool
    ) -> tuple[NDArray[np.generic], NDArray[np.bool_] | None]:
        """Stored values of the cut `index` and where there are none. build: make a second layout where it would pay."""
        if build and self._columns is None and self._wants_columns(across, axes):
            self._columns = self._second_layout(across)
        columns, view = self._columns, across.voxels
        if axes.index_axis == _COLUMN and columns is not None:
            view = columns.transpose(1, 2, 0)
        values = plane_view(view, axes, index)
        missing = None if across.mask is None else plane_mask(across.mask, axes, index)
        if across.voxels is self._voxels.array and self._voxels.symbolic:
            missing = joined(missing, padding_of(values, self._padding))
        return values, missing

    def _second_layout(self, across: Across) -> NDArray[np.generic] | None:
        """(columns, slices, rows), filled slice by slice: five times faster than one transposition."""
        with self._lock:
            if self._columns is not None or not self._budget.take(self, across.voxels.nbytes):
                return self._columns
            count, rows, columns = across.voxels.shape
            second = np.empty((columns, count, rows), across.voxels.dtype)
            for number in range(count):
                self.must_be_open()
                second[:, number, :] = across.voxels[number].T
            return second

    def close(self) -> None:
        """Give the memory back; what is being made stops."""
        self._closed = True
        self._across = self._columns = None
        self._budget.give_back(self)


def plane_mask(mask: NDArray[np.bool_], axes: PlaneAxes, index: int) -> NDArray[np.bool_]:
    """The cut `index` through a mask of (slices, rows, columns)."""
    return plane_view(mask, axes, index).view(np.bool_)
