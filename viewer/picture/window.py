"""Windows: which values become black, which white (PS3.3 C.11.2.1), where a window comes from, how a drag changes it.

All values are modality values (after PS3.3 C.11.1). Levels are 8 bit, rounded half up.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.header import FileWindow, Lut
from viewer.index.model import Series, SeriesKind
from viewer.picture.look import Window, WindowFunction
from viewer.text.translate import tr
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHITE = 255
TAILS = (1.0, 99.0)  # percent: darker is black, brighter is white in the automatic window
LEAST_HU = -1100.0  # air is -1000; what lies lower was put around the scanned circle and is no part of the picture
SAMPLE = 500_000  # values looked at for the automatic window
DRAG_WIDTHS_PER_PANE = 2.0  # a drag over the whole pane changes by twice the width
DRAG_STEPS_PER_RANGE = 4000.0  # … but one pixel never by less than this part of the data's range
FEWEST_TONES = 24  # of 256: a table that shows fewer leaves nothing to be seen
LUT_FIRST = frozenset({"MG", "DX", "CR", "IO", "PX"})  # modalities whose VOI LUT is made for showing (R-P8)
SHARED_MODALITIES = frozenset({"CT", "MR", "PT", "NM"})


# --- the formulas


def window_levels(values: NDArray[np.float64], window: Window) -> NDArray[np.uint8]:
    """Levels 0–255 of modality values (any shape) by PS3.3 C.11.2.1.2.1 and C.11.2.1.3; not-a-number becomes 0.

    A width below 1 under LINEAR means LINEAR_EXACT (parametric maps); a width of 0 or less is a step at the centre.
    A window that is not finite gives black.
    """
    centre, width, function = window.centre, window.width, window.function
    if not (math.isfinite(centre) and math.isfinite(width)):
        return np.zeros(np.shape(values), np.uint8)
    if window.levels:
        return _stepped(values, window)
    if width <= 0:
        return (values > centre).astype(np.uint8) * np.uint8(WHITE)
    if function is WindowFunction.SIGMOID:
        return _sigmoid(values, centre, width)
    if function is WindowFunction.LINEAR and width >= 1:
        if width == 1:
            return (values > centre - 0.5).astype(np.uint8) * np.uint8(WHITE)
        return _ramp(values, centre - 0.5, width - 1)
    return _ramp(values, centre, width)


def _stepped(values: NDArray[np.float64], window: Window) -> NDArray[np.uint8]:
    """Levels by a table of even steps; what lies beyond has the level of its end, what is not a number is black."""
    levels = np.frombuffer(window.levels.encode("latin-1", "replace"), np.uint8)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        steps = (values - (window.centre - window.width / 2)) / (window.width / len(levels))
        index = np.clip(np.nan_to_num(np.floor(steps + 0.5), nan=0.0), 0, len(levels) - 1).astype(np.int64)
    found: NDArray[np.uint8] = np.where(np.isnan(values), np.uint8(0), levels[index]).astype(np.uint8)
    return found


def _ramp(values: NDArray[np.float64], middle: float, width: float) -> NDArray[np.uint8]:
    with np.errstate(invalid="ignore", over="ignore"):
        # The standard's formula with the division last, so that exact halves stay exact and round up.
        levels = values - (middle - width / 2)
        levels *= WHITE
        levels /= width
        levels += 0.5
        return _whole(levels)


def _whole(levels: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Levels cut to 0–255 and to whole numbers, in place; what is not a number becomes 0 (`fmax` passes it over)."""
    np.fmax(levels, 0.0, out=levels)
    np.fmin(levels, WHITE + 0.5, out=levels)
    return levels.astype(np.uint8)


def _sigmoid(values: NDArray[np.float64], centre: float, width: float) -> NDArray[np.uint8]:
    with np.errstate(invalid="ignore", over="ignore"):
        exponent = np.clip(-4.0 * (values - centre) / width, -60.0, 60.0)
        return _whole(WHITE / (1.0 + np.exp(exponent)) + 0.5)


def lut_levels(values: NDArray[np.float64], lut: Lut) -> NDArray[np.uint8]:
    """Levels 0–255 of modality values through a VOI LUT (PS3.3 C.11.2.1.1): below and above hold the end entries."""
    white = float(2 ** min(max(lut.bits, 1), 32) - 1)
    entries = np.clip(np.nan_to_num(lut.entries.astype(np.float64)) * (WHITE / white), 0, WHITE)
    with np.errstate(invalid="ignore"):
        index = np.clip(np.nan_to_num(np.floor(values - lut.first + 0.5), nan=0.0), 0, len(entries) - 1)
    levels: NDArray[np.uint8] = (entries + 0.5).astype(np.uint8)[index.astype(np.int64)]
    return levels


def ramp_ends(window: Window) -> tuple[float, float]:
    """Modality values at or below the first are black, above the second white; a sigmoid has no such ends."""
    if window.function is WindowFunction.SIGMOID or window.levels:
        return (-math.inf, math.inf)
    if window.function is WindowFunction.LINEAR and window.width >= 1:
        half = (window.width - 1) / 2
        return (window.centre - 0.5 - half, window.centre - 0.5 + half)
    half = max(window.width, 0.0) / 2
    return (window.centre - half, window.centre + half)


# --- where a window comes from


def is_sound(window: FileWindow | Window) -> bool:
    """Whether a window can be used: finite, with a width above zero."""
    return math.isfinite(window.centre) and math.isfinite(window.width) and window.width > 0


def file_windows(slice_: Slice) -> tuple[Window, ...]:
    """The sound windows of the file, in its order; an unknown function counts as LINEAR (PS3.3 C.11.2.1.3)."""
    return tuple(
        Window(window.centre, window.width, _function(window.function), window.name, "file")
        for window in slice_.windows
        if is_sound(window)
    )


def _function(text: str) -> WindowFunction:
    name = text.strip().upper()
    return WindowFunction(name) if name in WindowFunction.__members__ else WindowFunction.LINEAR


def lut_windows(slice_: Slice) -> tuple[Window, ...]:
    """One entry per VOI LUT of the file: centre and width are its input range, `origin` is "lut"."""
    return tuple(
        Window(lut.first + len(lut.entries) / 2, float(len(lut.entries)), WindowFunction.LINEAR, name, "lut")
        for name, lut in _named_luts(slice_).items()
    )


def _named_luts(slice_: Slice) -> dict[str, Lut]:
    """The tables of a slice by names that tell them apart, also where the file gives them none, or one to several."""
    luts = [lut for lut in slice_.voi_luts if len(lut.entries)]
    if len(luts) == 1:
        return {luts[0].name: luts[0]}
    found: dict[str, Lut] = {}
    for number, lut in enumerate(luts, 1):
        found[lut.name if lut.name and lut.name not in found else tr("As stored, table {n}", n=number)] = lut
    return found


def lut_of(slice_: Slice, window: Window) -> Lut | None:
    """The VOI LUT a window of origin "lut" stands for, or None (then the window is linear over the same range)."""
    if window.origin != "lut":
        return None
    luts = _named_luts(slice_)
    return luts.get(window.name) or next(iter(luts.values()), None)


def default_window(slice_: Slice, modality: str = "") -> Window | None:
    """What a slice starts with: the file's window or VOI LUT (R-P8), else automatic; None for colour.

    A window of the file that shows the whole picture in flat black or white says nothing and is passed over, and so is
    a table that leaves next to nothing of it, as where its entries use few of the bits they are said to have.
    """
    if slice_.is_colour:
        return None
    windows, luts = _telling(file_windows(slice_), slice_), _telling_luts(slice_)
    first = (*luts, *windows) if modality in LUT_FIRST else (*windows, *luts)
    return first[0] if first else automatic_window(slice_)


def automatic_window(slice_: Slice) -> Window | None:
    """A window over the 1st to 99th percentile of what a slice holds (at most half a million of it); None for colour."""
    if slice_.is_colour:
        return None
    sample = _sample(slice_)
    inside = sample[sample >= LEAST_HU] if slice_.unit == "HU" else sample
    return window_of_values(inside if inside.size else sample)


def _sample(slice_: Slice) -> NDArray[np.float64]:
    """Evenly spread modality values (n,) of a slice, padding and non-finite left out."""
    step = _stride(slice_)
    values = slice_.values[::step, ::step]
    kept = values.ravel() if slice_.padding is None else values[~slice_.padding[::step, ::step]]
    sample: NDArray[np.float64] = kept.astype(np.float64) * slice_.slope + slice_.intercept
    return sample[np.isfinite(sample)]


def _stride(slice_: Slice) -> int:
    """Every so many-th row and column is looked at."""
    return max(1, math.isqrt(max(1, slice_.values.size // SAMPLE)))


def _telling(windows: tuple[Window, ...], slice_: Slice) -> tuple[Window, ...]:
    """The windows that show more than one flat tone; all of them where the values themselves are flat."""
    low, high = _span(slice_) if windows else (0.0, 0.0)
    if low == high:
        return windows
    ends = [ramp_ends(window) for window in windows]
    return tuple(w for w, (black, white) in zip(windows, ends, strict=True) if high > black and low <= white)


def _telling_luts(slice_: Slice) -> tuple[Window, ...]:
    """The tables that show more than a few dark or bright tones; all of them where the values themselves are flat."""
    windows = lut_windows(slice_)
    sample = _sample(slice_) if windows else np.empty(0)
    if not sample.size or sample.min() == sample.max():
        return windows
    shown = [(window, lut_levels(sample, lut)) for window in windows if (lut := lut_of(slice_, window)) is not None]
    return tuple(window for window, levels in shown if int(levels.max()) - int(levels.min()) >= FEWEST_TONES)


def _span(slice_: Slice) -> tuple[float, float]:
    """The smallest and the largest modality value of the sample; (0, 0) where there is none.

    Whole numbers are not turned into modality values one by one: that took longer than drawing the picture.
    """
    if slice_.values.dtype.kind not in "iu" or slice_.padding is not None:
        sample = _sample(slice_)
        return (float(sample.min()), float(sample.max())) if sample.size else (0.0, 0.0)
    step = _stride(slice_)
    values = slice_.values[::step, ::step]
    if not values.size:
        return (0.0, 0.0)
    ends = [float(end) * slice_.slope + slice_.intercept for end in (values.min(), values.max())]
    return (min(ends), max(ends)) if all(math.isfinite(end) for end in ends) else (0.0, 0.0)


def window_of_values(values: NDArray[np.generic], padding: NDArray[np.bool_] | None = None) -> Window:
    """A window over the 1st to 99th percentile of modality values (any shape); padding and non-finite left out."""
    kept = (values if padding is None else values[~padding]).astype(np.float64).ravel()
    kept = kept[np.isfinite(kept)]
    if kept.size == 0:
        return Window(0.5, 1.0, WindowFunction.LINEAR_EXACT)
    low, high = (float(v) for v in np.percentile(kept, TAILS))
    if high <= low:
        low, high = float(kept.min()), float(kept.max())
    return window_over(low, high)


def window_over(low: float, high: float) -> Window:
    """The automatic window from `low` (black) to `high` (white); equal ends give the middle grey."""
    width = high - low
    if not width > abs(low) * 1e-12:
        width = max(abs(low) * 1e-3, 1.0) if low else 1.0
    return Window(low / 2 + high / 2, width, WindowFunction.LINEAR_EXACT)


def is_window_shared(series: Series) -> bool:
    """Whether one window holds for all pictures of a series until the person changes it (R-P9).

    Then it is the middle frame's. Stacks of unlike pictures (X-rays, ultrasound, screen pictures) use each their own.
    """
    if series.kind in (SeriesKind.VOLUME, SeriesKind.CINE):
        return True
    return series.kind is SeriesKind.STACK and series.modality in SHARED_MODALITIES


# --- how a drag changes it


def drag_window(
    window: Window, dx: float, dy: float, pane_width: float, data_range: tuple[float, float] | None = None
) -> Window:
    """The window after a drag of (`dx`, `dy`) pixels from where `window` was: right = wider, up = brighter.

    `window` is the one at the press, (`dx`, `dy`) the way since (y downward). `data_range` (modality values)
    sets the finest step and how far one can get lost. On top of a VOI LUT a linear window over its range starts.
    """
    low, high = data_range or (window.centre - window.width / 2, window.centre + window.width / 2)
    span = max(high - low, window.width * 1e-3, 1e-12)
    step = max(DRAG_WIDTHS_PER_PANE * window.width / max(pane_width, 1.0), span / DRAG_STEPS_PER_RANGE)
    narrowest = min(window.width, span / DRAG_STEPS_PER_RANGE)
    width = min(max(window.width + dx * step, narrowest), max(4 * span, window.width))
    centre = min(max(window.centre + dy * step, min(low - span, window.centre)), max(high + span, window.centre))
    return replace(window, centre=centre, width=width, name="", origin="person", levels="")
