"""NativeFrames: the stored pictures of a group as slices, which a stack and a volume share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.header import FileWindow
from viewer.geometry.affine import orthonormal, slice_affine
from viewer.geometry.letters import direction_letters, of_animals
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, Series
from viewer.problem import Problem
from viewer.volume.scales import scales_of, uptake_of
from viewer.volume.slice import Slice
from viewer.volume.values import FrameValues, unit_of, windows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RANGE_FRAMES, _RANGE_VALUES = 24, 8192  # what the overall range is worked out from


class NativeFrames:
    """Slices out of single frames of one group of a series."""

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
            group=self._group,
            plane=Plane.NATIVE,
            index=index,
            count=len(self.frames),
            values=read_only(values.values),
            slope=values.slope,
            intercept=values.intercept,
            unit="" if values.is_colour else unit_of(frame),
            scales=() if values.is_colour else scales_of(frame, unit_of(frame), self._uptake),
            no_uptake=self._uptake if isinstance(self._uptake, Problem) else None,
            padding=values.padding,
            affine=affine,
            pixel_mm=facts.spacing,
            aspect=aspect_of(frame),
            scale_kind=header.spacing_kind,
            is_colour=values.is_colour,
            inverted=is_inverted(frame) and not values.is_colour,
            windows=self.windows(index, values),
            voi_luts=() if values.is_colour else header.voi_luts_on(frame.number),
            frame=frame.ref,
            thickness_mm=facts.thickness_mm,
            letters_hint=_letters_hint(frame) if affine is None else None,
            on_four_legs=header.on_four_legs,
            in_patient=header.in_patient,
            regions=header.regions,
            problems=values.problems,
        )

    def windows(self, index: int, values: FrameValues) -> tuple[FileWindow, ...]:
        """The windows of a frame in modality values, worked out once."""
        if index not in self._windows:
            self._windows[index] = windows_of(self.frames[index], values)
        return self._windows[index]

    def checked(self, index: int, count: int) -> None:
        """Raises IndexError where there is no picture `index` of `count`."""
        if not 0 <= index < count:
            raise IndexError(index)

    def range_of(self, held: int, values: Callable[[], list[FrameValues]]) -> tuple[float, float] | None:
        """The range, worked out anew each time another eighth of the frames has come in."""
        part = -(-held * 8 // len(self.frames))
        if self._range[0] != part:
            self._range = (part, _percentiles(values()))
        return self._range[1]


def read_only(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """A view that cannot be written to."""
    view = values.view()
    view.flags.writeable = False
    return view


def aspect_of(frame: Frame) -> float:
    """Height of a pixel by its width (R-G11)."""
    spacing, ratio = frame.facts.spacing, frame.header.pixel_aspect
    if spacing is not None:
        return spacing[0] / spacing[1]
    return ratio[0] / ratio[1] if ratio is not None and min(ratio) > 0 else 1.0


def is_inverted(frame: Frame) -> bool:
    """Whether low values are bright (PS3.3 C.7.6.3.1.2)."""
    pixels = frame.header.pixels
    return pixels is not None and pixels.photometric == "MONOCHROME1"


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


def _letters_hint(frame: Frame) -> tuple[str, str] | None:
    """Where the right and the lower edge of a picture without a place lie: by its directions, else as the file says."""
    directions = orthonormal(frame.facts.orientation) if frame.header.in_patient else None
    told = frame.header.patient_orientation
    if directions is None:
        return (of_animals(told[0]), of_animals(told[1])) if told and frame.header.on_four_legs else told
    return direction_letters(directions[0]), direction_letters(directions[1])
