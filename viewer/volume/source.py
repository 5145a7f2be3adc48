"""Sources: a group of frames as something to look at. `open_source` chooses between a volume and a stack."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.header import FileWindow
from viewer.geometry.affine import pixel_mm, slice_affine
from viewer.geometry.grid import (
    MOST_SLICES,
    SLICE,
    PlaneAxes,
    VolumeGeometry,
    plane_affine,
    plane_axes,
    plane_view,
    straightened,
    volume_geometry,
)
from viewer.geometry.grid import index_at as nearest
from viewer.geometry.plane import Affine, Plane
from viewer.index.model import Frame, Series
from viewer.problem import Problem, ProblemError, problem
from viewer.volume.across import Across, resampled
from viewer.volume.frames import FrameStore
from viewer.volume.reader import FrameReader
from viewer.volume.scales import scales_of, uptake_of
from viewer.volume.slice import Slice, Source
from viewer.volume.thin import Thinned, thinning
from viewer.volume.values import FrameValues, applied, frame_values, joined, padding_of, unit_of, windows_of
from viewer.volume.voxels import VoxelStore, frame_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

Check = Callable[[], None]

_EVEN_BYTES = 5  # float32 and a mask
_FEWEST_EVEN = 64  # slices of a grid made even that may be had however short memory is, else twice the stored ones
_SECOND_LAYOUT_FROM = 32 * 2**20  # below, a strided cut is fast enough
_RANGE_FRAMES, _RANGE_VALUES = 24, 8192  # what the overall range is worked out from


def open_source(series: Series, group: int, reader: FrameReader) -> Source:
    """The source of one group: a volume where its geometry and the series allow planes, else a stack of pictures.

    Raises IndexError for no such group, ProblemError where the group has no pictures.
    """
    frames = series.groups[group].frames
    if not frames:
        raise ProblemError(problem("pixels_missing"))
    geometry = _geometry(series, frames)
    if geometry is None:
        return StackSource(series, group, reader)
    return VolumeSource(series, group, reader, geometry)


def _geometry(series: Series, frames: Sequence[Frame]) -> VolumeGeometry | None:
    """The geometry of a grey volume that offers planes."""
    first = frames[0]
    shape = frame_shape(first)
    grey = all(
        frame.header.pixels is not None
        and frame.header.pixels.samples == 1
        and frame.header.pixels.photometric != "PALETTE COLOR"
        and frame_shape(frame) == shape
        for frame in frames
    )
    facts = first.facts
    places = [frame.facts.position for frame in frames]
    if not grey or len(frames) < 2 or set(series.planes) <= {Plane.NATIVE}:
        return None
    if facts.orientation is None or facts.spacing is None or any(place is None for place in places):
        return None
    return volume_geometry([place for place in places if place], facts.orientation, facts.spacing, *shape)


def _read_only(values: NDArray[np.generic]) -> NDArray[np.generic]:
    view = values.view()
    view.flags.writeable = False
    return view


class _Frames:
    """What a volume and a stack share: native slices out of single frames."""

    def __init__(self, series: Series, group: int) -> None:
        self._series = series
        self._group = group
        self.frames = series.groups[group].frames
        self._windows: dict[int, tuple[FileWindow, ...]] = {}
        self._uptake = uptake_of(series.frames)
        self._range: tuple[int, tuple[float, float] | None] = (0, None)

    @property
    def series(self) -> Series:
        return self._series

    @property
    def group(self) -> int:
        return self._group

    def native(self, index: int, values: FrameValues) -> Slice:
        """The stored picture `index` as a slice."""
        frame = self.frames[index]
        header, facts = frame.header, frame.facts
        affine = slice_affine(facts.position, facts.orientation, facts.spacing)
        return Slice(
            series_id=self._series.id,
            plane=Plane.NATIVE,
            index=index,
            count=len(self.frames),
            values=_read_only(values.values),
            slope=values.slope,
            intercept=values.intercept,
            unit="" if values.is_colour else unit_of(frame),
            scales=() if values.is_colour else scales_of(frame, unit_of(frame), self._uptake),
            no_uptake=self._uptake if isinstance(self._uptake, Problem) else None,
            padding=values.padding,
            affine=affine,
            pixel_mm=facts.spacing,
            aspect=_aspect(frame),
            scale_kind=header.spacing_kind,
            is_colour=values.is_colour,
            inverted=_inverted(frame, values),
            windows=self.windows(index, values),
            voi_luts=() if values.is_colour else header.voi_luts,
            frame=frame.ref,
            thickness_mm=facts.thickness_mm,
            letters_hint=header.patient_orientation if affine is None else None,
            regions=header.regions,
            problems=values.problems,
        )

    def windows(self, index: int, values: FrameValues) -> tuple[FileWindow, ...]:
        """The windows of a frame in modality values, worked out once."""
        if index not in self._windows:
            self._windows[index] = windows_of(self.frames[index], values)
        return self._windows[index]

    def _checked(self, index: int, count: int) -> None:
        if not 0 <= index < count:
            raise IndexError(index)

    def _range_of(self, held: int, values: Callable[[], list[FrameValues]]) -> tuple[float, float] | None:
        """The range, worked out anew each time another eighth of the frames has come in."""
        part = -(-held * 8 // len(self.frames))
        if self._range[0] != part:
            self._range = (part, _percentiles(values()))
        return self._range[1]


def _aspect(frame: Frame) -> float:
    """Height of a pixel by its width (R-G11)."""
    spacing, ratio = frame.facts.spacing, frame.header.pixel_aspect
    if spacing is not None:
        return spacing[0] / spacing[1]
    return ratio[0] / ratio[1] if ratio is not None and min(ratio) > 0 else 1.0


def _inverted(frame: Frame, values: FrameValues) -> bool:
    pixels = frame.header.pixels
    return pixels is not None and pixels.photometric == "MONOCHROME1" and not values.is_colour


def _percentiles(frames: list[FrameValues]) -> tuple[float, float] | None:
    """1st and 99th percentile of modality values without padding, from a sample of the frames."""
    samples = []
    for values in frames[:: max(1, len(frames) // _RANGE_FRAMES)]:
        if values.is_colour:
            continue
        step = max(1, values.values.size // _RANGE_VALUES)
        sample = values.values.reshape(-1)[::step].astype(np.float64) * values.slope + values.intercept
        keep = np.isfinite(sample)
        if values.padding is not None:
            keep &= ~values.padding.reshape(-1)[::step]
        samples.append(sample[keep])
    together = np.concatenate(samples) if samples else np.empty(0)
    if not together.size:
        return None
    low, high = np.percentile(together, (1, 99))
    return float(low), float(high)


class StackSource(_Frames):
    """Pictures without a common geometry, or a single one: the native plane only."""

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
        self._checked(index, len(self.frames))
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
        return self._range_of(self._store.held, self._store.values)

    def close(self) -> None:
        self._store.close()


class VolumeSource(_Frames):
    """Parallel grey pictures in space: native, and the planes of the body along the volume's own axes."""

    def __init__(self, series: Series, group: int, reader: FrameReader, geometry: VolumeGeometry) -> None:
        super().__init__(series, group)
        self.geometry = geometry
        self._reader = reader
        voxels = VoxelStore(self.frames, reader)
        most = MOST_SLICES
        self._voxels: VoxelStore | Thinned = voxels
        if not reader.budget.take(self, voxels.nbytes + _even_bytes(geometry, most)):
            most = max(_FEWEST_EVEN, 2 * len(self.frames))
            wanted = voxels.nbytes + _even_bytes(geometry, most)
            self._voxels = Thinned(self.frames, reader, thinning(wanted, reader.budget))
        self._axes: dict[Plane, PlaneAxes] = {plane: plane_axes(geometry, plane) for plane in Plane}
        self._affines: dict[tuple[Plane, int], Affine] = {}
        self._own = self._voxels.geometry_of(geometry)
        self._even = straightened(self._own, most)
        self._across: Across | None = None
        self._columns: NDArray[np.generic] | None = None
        self._lock = threading.Lock()
        self._closed = False

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
        self._checked(index, self.count(plane))
        if self._along_slices(plane):
            stored = self._stored_index(plane, index)
            return self._parallel(plane, index, self._voxels.get(stored, threads=2))
        self.load()
        return self._cut(self._prepared(), plane, index, build=True)

    def ready(self, plane: Plane, index: int) -> Slice | None:
        if plane not in self.planes or not 0 <= index < self.count(plane):
            return None
        if self._along_slices(plane):
            values = self._voxels.ready(self._stored_index(plane, index))
            return None if values is None else self._parallel(plane, index, values)
        across = self._across
        if across is None or (self._columns is None and self._wants_columns(across, plane)):
            return None
        return self._cut(across, plane, index, build=False)

    def _parallel(self, plane: Plane, index: int, values: FrameValues) -> Slice:
        """A stored picture, turned the way the plane is shown."""
        stored = self._stored_index(plane, index)
        native = self.native(stored, values)
        if plane is Plane.NATIVE:
            return native
        axes = self._axes[plane]
        single = np.asarray(values.values)[None]
        padding = None if values.padding is None else _plane_mask(values.padding[None], axes, 0)
        affine = self._affine(plane, index)
        return _replaced(native, plane, index, plane_view(single, axes, 0), padding, affine)

    def _prepared(self) -> Across:
        """The voxels for cuts across the slices; made once, when all frames are there."""
        with self._lock:
            if self._across is None:
                self._must_be_open()
                array, mask = self._voxels.array, self._padding()
                self._across = (
                    Across(self._own, array, mask, ())
                    if self._even is self._own
                    else resampled(self._own, self._even, array, mask, self._must_be_open)
                )
            return self._across

    def _padding(self) -> NDArray[np.bool_] | None:
        """A mask is only made where resampling needs it; cuts from the voxels work it out for themselves."""
        if self._even is self._own:
            return self._voxels.mask
        hidden, pixels = self._voxels.mask, self.frames[0].header.pixels
        shown = padding_of(self._voxels.array, pixels.padding) if pixels is not None and self._voxels.symbolic else None
        return joined(hidden, shown)

    def _wants_columns(self, across: Across, plane: Plane) -> bool:
        """Whether a second layout would pay: a cut along columns through a large array is slow (4 ms against 0.1)."""
        axes = self._axes[plane]
        large = across.voxels.nbytes >= _SECOND_LAYOUT_FROM
        return axes.index_axis == 2 and large and across.voxels.nbytes <= self._reader.budget.free

    def _cut(self, across: Across, plane: Plane, index: int, build: bool) -> Slice:
        axes = self._axes[plane]
        if build and self._columns is None and self._wants_columns(across, plane):
            self._columns = self._second_layout(across)
        view = across.voxels
        if axes.index_axis == 2 and self._columns is not None:
            view = self._columns.transpose(1, 2, 0)
        values = plane_view(view, axes, index)
        missing = None if across.mask is None else _plane_mask(across.mask, axes, index)
        if across.voxels is self._voxels.array and self._voxels.symbolic:
            pixels = self.frames[0].header.pixels
            shown = padding_of(values, pixels.padding if pixels is not None else None)
            missing = joined(missing, shown)
        return self._across_slice(across, plane, index, values, missing)

    def _second_layout(self, across: Across) -> NDArray[np.generic] | None:
        """(columns, slices, rows), filled slice by slice: five times faster than one transposition."""
        with self._lock:
            if self._columns is not None or not self._reader.budget.take(self, across.voxels.nbytes):
                return self._columns
            count, rows, columns = across.voxels.shape
            second = np.empty((columns, count, rows), across.voxels.dtype)
            for number in range(count):
                self._must_be_open()
                second[:, number, :] = across.voxels[number].T
            return second

    def _across_slice(
        self,
        across: Across,
        plane: Plane,
        index: int,
        values: NDArray[np.generic],
        padding: NDArray[np.bool_] | None,
    ) -> Slice:
        middle = len(self.frames) // 2
        frame = self.frames[middle]
        affine = self._affine(plane, index)
        rows_mm, columns_mm = pixel_mm(affine)
        known = self._voxels.peek(middle)
        windows = self.windows(middle, known) if known is not None else frame.facts.windows
        return Slice(
            series_id=self._series.id,
            plane=plane,
            index=index,
            count=self.count(plane),
            values=_read_only(values),
            slope=self._voxels.slope,
            intercept=self._voxels.intercept,
            unit=unit_of(frame),
            scales=scales_of(frame, unit_of(frame), self._uptake),
            no_uptake=self._uptake if isinstance(self._uptake, Problem) else None,
            padding=padding if padding is not None and padding.any() else None,
            affine=affine,
            pixel_mm=(rows_mm, columns_mm),
            aspect=rows_mm / columns_mm,
            scale_kind="patient",
            inverted=frame.header.pixels is not None and frame.header.pixels.photometric == "MONOCHROME1",
            windows=windows,
            voi_luts=frame.header.voi_luts,
            problems=self._view_words(across),
        )

    def _view_words(self, across: Across) -> tuple[Problem, ...]:
        words = (*across.problems, *self._voxels.problems)
        if self._voxels.failures:
            words += (problem("frames_unreadable", count=self._voxels.failures),)
        return words

    def load(self, check: Check = lambda: None) -> None:
        def go_on() -> None:
            check()
            self._must_be_open()

        self._voxels.fill(go_on)
        self._must_be_open()

    def _must_be_open(self) -> None:
        """Raises ProblemError once the source was closed: more of the disc is known, or another one is open. What is made
        of its voxels then (seconds and hundreds of megabytes for a large scan) nobody will see."""
        if self._closed:
            raise ProblemError(problem("picture_cannot_be_shown"))

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

        return self._range_of(self._voxels.done, there)

    def close(self) -> None:
        self._closed = True
        self._across = self._columns = None
        self._voxels.close()
        self._reader.budget.give_back(self)


def _even_bytes(geometry: VolumeGeometry, most: int) -> int:
    """What the grid made even takes beside the voxels, with at most so many slices."""
    even = straightened(geometry, most)
    return 0 if even is geometry else int(np.prod(even.shape, dtype=np.int64)) * _EVEN_BYTES


def _plane_mask(mask: NDArray[np.bool_], axes: PlaneAxes, index: int) -> NDArray[np.bool_]:
    return plane_view(mask, axes, index).view(np.bool_)


def _replaced(
    native: Slice,
    plane: Plane,
    index: int,
    values: NDArray[np.generic],
    padding: NDArray[np.bool_] | None,
    affine: Affine,
) -> Slice:
    from dataclasses import replace

    rows_mm, columns_mm = pixel_mm(affine)
    return replace(
        native,
        plane=plane,
        index=index,
        values=_read_only(values),
        padding=padding,
        affine=affine,
        pixel_mm=(rows_mm, columns_mm),
        aspect=rows_mm / columns_mm,
    )


def stored_values(source: Source, index: int, reader: FrameReader) -> NDArray[np.float32]:
    """Exactly the stored native picture `index` after the modality LUT, as float32 (PS3.3 C.11.1).

    Colour keeps the depth of the file as (rows, columns, 3) RGB where 8 bit are not all there is; a palette picture
    gives its indices. Raises ProblemError, IndexError.
    """
    frame = source.series.groups[source.group].frames[index]
    stored = reader.stored(frame)
    if stored.array.ndim == 3 and (stored.array.dtype.itemsize == 1 or stored.photometric_now != "RGB"):
        return source.slice(Plane.NATIVE, index).modality_values()
    indices = frame.header.pixels is not None and frame.header.pixels.photometric == "PALETTE COLOR"
    if stored.array.ndim == 3 or indices:
        return stored.array.astype(np.float32)
    return applied(frame_values(frame, stored))
