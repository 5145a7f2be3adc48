"""VolumeSource: parallel grey pictures in space, and the planes of the body through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.affine import pixel_mm
from viewer.geometry.grid import (
    MOST_SLICES,
    SLICE,
    PlaneAxes,
    VolumeGeometry,
    plane_affine,
    plane_axes,
    plane_view,
    straightened,
)
from viewer.geometry.grid import index_at as nearest
from viewer.geometry.plane import Affine, Plane
from viewer.index.model import Series
from viewer.problem import Problem, ProblemError, problem
from viewer.text.translate import count_of
from viewer.volume.across import Across
from viewer.volume.cuts import Cuts, plane_mask
from viewer.volume.native import NativeFrames, is_inverted, read_only
from viewer.volume.reader import FrameReader
from viewer.volume.scales import ValueScale, scales_across
from viewer.volume.slice import Slice
from viewer.volume.thin import Thinned, thinning
from viewer.volume.values import FrameValues, unit_of
from viewer.volume.voxels import VoxelStore

if TYPE_CHECKING:
    from numpy.typing import NDArray

Check = Callable[[], None]

_EVEN_BYTES = 5  # float32 and a mask
_FEWEST_EVEN = 64  # slices of a grid made even that may be had however short memory is, else twice the stored ones


class VolumeSource(NativeFrames):
    """Protocol `Source`: native, and the planes of the body along the volume's own axes."""

    def __init__(self, series: Series, group: int, reader: FrameReader, geometry: VolumeGeometry) -> None:
        super().__init__(series, group)
        self.geometry = geometry
        self._budget = reader.budget
        voxels = VoxelStore(self.frames, reader)
        most = MOST_SLICES
        self._voxels: VoxelStore | Thinned = voxels
        if not reader.budget.take(self, voxels.nbytes + _even_bytes(geometry, most)):
            most = max(_FEWEST_EVEN, 2 * len(self.frames))
            wanted = voxels.nbytes + _even_bytes(geometry, most)
            self._voxels = Thinned(self.frames, reader, thinning(wanted, reader.budget))
        self._axes: dict[Plane, PlaneAxes] = {plane: plane_axes(geometry, plane) for plane in Plane}
        self._affines: dict[tuple[Plane, int], Affine] = {}
        own = self._voxels.geometry_of(geometry)
        self._even = straightened(own, most)
        pixels = self.frames[0].header.pixels
        padding = pixels.padding if pixels is not None else None
        self._cuts = Cuts(self._voxels, own, self._even, padding, reader.budget)

    @property
    def planes(self) -> tuple[Plane, ...]:
        return self._series.planes

    def count(self, plane: Plane) -> int:
        if plane is Plane.NATIVE:
            return len(self.frames)
        return self._geometry_of(plane).shape[self._axes[plane].index_axis]

    def _along_slices(self, plane: Plane) -> bool:
        return self._axes[plane].index_axis == SLICE

    def _geometry_of(self, plane: Plane) -> VolumeGeometry:
        """The stored pictures' own geometry along them, the even one across them."""
        return self.geometry if self._along_slices(plane) else self._even

    def _stored_index(self, plane: Plane, index: int) -> int:
        return len(self.frames) - 1 - index if self._axes[plane].index_flip else index

    def _affine(self, plane: Plane, index: int) -> Affine:
        """Worked out once: a scroll step must not wait for it."""
        if (plane, index) not in self._affines:
            self._affines[plane, index] = plane_affine(self._geometry_of(plane), plane, index)
        return self._affines[plane, index]

    def slice(self, plane: Plane, index: int) -> Slice:
        """See `Source.slice`. Native and the plane of the stored pictures need one frame, the others all of them."""
        if plane not in self.planes:
            raise ProblemError(problem("plane_not_offered"))
        self.checked(index, self.count(plane))
        if self._along_slices(plane):
            stored = self._stored_index(plane, index)
            return self._parallel(plane, index, self._voxels.get(stored, threads=2))
        self.load()
        return self._across_slice(self._cuts.prepared(), plane, index, build=True)

    def takes_all(self, plane: Plane) -> bool:
        return plane in self.planes and not self._along_slices(plane)

    def ready(self, plane: Plane, index: int) -> Slice | None:
        if plane not in self.planes or not 0 <= index < self.count(plane):
            return None
        if self._along_slices(plane):
            values = self._voxels.ready(self._stored_index(plane, index))
            return None if values is None else self._parallel(plane, index, values)
        across = self._cuts.at_hand(self._axes[plane])
        return None if across is None else self._across_slice(across, plane, index, build=False)

    def _parallel(self, plane: Plane, index: int, values: FrameValues) -> Slice:
        """A stored picture, turned the way the plane is shown."""
        native = self.native(self._stored_index(plane, index), values)
        if plane is Plane.NATIVE:
            return native
        axes, affine = self._axes[plane], self._affine(plane, index)
        single = np.asarray(values.values)[None]
        rows_mm, columns_mm = pixel_mm(affine)
        return replace(
            native,
            plane=plane,
            index=index,
            values=read_only(plane_view(single, axes, 0)),
            padding=None if values.padding is None else plane_mask(values.padding[None], axes, 0),
            affine=affine,
            pixel_mm=(rows_mm, columns_mm),
            aspect=rows_mm / columns_mm,
        )

    def _across_slice(self, across: Across, plane: Plane, index: int, build: bool) -> Slice:
        """A cut across the stored pictures; what they say of themselves, the middle one says for all."""
        values, padding = self._cuts.cut(across, self._axes[plane], index, build)
        middle = len(self.frames) // 2
        frame = self.frames[middle]
        affine = self._affine(plane, index)
        rows_mm, columns_mm = pixel_mm(affine)
        known = self._voxels.peek(middle)
        return Slice(
            series_id=self._series.id,
            group=self._group,
            plane=plane,
            index=index,
            count=self.count(plane),
            values=read_only(values),
            slope=self._voxels.slope,
            intercept=self._voxels.intercept,
            unit=unit_of(frame),
            scales=self._scales,
            no_uptake=self._uptake if isinstance(self._uptake, Problem) else None,
            padding=padding if padding is not None and padding.any() else None,
            affine=affine,
            pixel_mm=(rows_mm, columns_mm),
            aspect=rows_mm / columns_mm,
            scale_kind="patient",
            inverted=is_inverted(frame),
            windows=self.windows(middle, known) if known is not None else frame.facts.windows,
            on_four_legs=frame.header.on_four_legs,
            in_patient=frame.header.in_patient,
            voi_luts=frame.header.voi_luts_on(frame.number),
            problems=self._view_words(across),
        )

    @cached_property
    def _scales(self) -> tuple[ValueScale, ...]:
        return scales_across(self.frames, unit_of(self.frames[len(self.frames) // 2]), self._uptake)

    def _view_words(self, across: Across) -> tuple[Problem, ...]:
        words = (*across.problems, *self._voxels.problems)
        if self._voxels.failures:
            words += (problem("frames_unreadable", count=self._voxels.failures),)
        if self._damaged:
            said = count_of(
                self._damaged, "{n} picture it cuts through is damaged", "{n} pictures it cuts through are damaged"
            )
            words += (problem("frames_damaged", damaged=said),)
        return words

    @cached_property
    def _damaged(self) -> int:
        """Known once all are read, as they are for a cut across them."""
        return self._voxels.damaged

    def load(self, check: Check = lambda: None) -> None:
        def go_on() -> None:
            check()
            self._cuts.must_be_open()

        self._voxels.fill(go_on)
        self._cuts.must_be_open()

    @property
    def loaded(self) -> tuple[int, int]:
        return self._voxels.done, len(self.frames)

    def to_voxel(self, plane: Plane, index: int) -> Affine | None:
        if plane not in self.planes or not 0 <= index < self.count(plane):
            return None
        return self._affine(plane, index)

    def index_at(self, plane: Plane, point: NDArray[np.float64]) -> int | None:
        return nearest(self._geometry_of(plane), plane, point) if plane in self.planes else None

    def values_range(self) -> tuple[float, float] | None:
        def there() -> list[FrameValues]:
            known = (self._voxels.peek(index) for index in range(len(self.frames)))
            return [values for values in known if values is not None]

        return self.range_of(self._voxels.done, there)

    def close(self) -> None:
        self._cuts.close()
        self._voxels.close()
        self._budget.give_back(self)


def _even_bytes(geometry: VolumeGeometry, most: int) -> int:
    """What the grid made even takes beside the voxels, with at most so many slices."""
    even = straightened(geometry, most)
    return 0 if even is geometry else int(np.prod(even.shape, dtype=np.int64)) * _EVEN_BYTES
