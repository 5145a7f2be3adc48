"""Numbers from the values of a slice, and how they are written: never finer than the data, never NaN or Infinity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.picture.look import Region
from viewer.problem import ProblemError, problem
from viewer.text.translate import tr
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

Mask: TypeAlias = "NDArray[np.bool_]"
MOST = (100 / 6, 500 / 6)  # percentiles: two thirds lie between them


@dataclass(frozen=True, slots=True)
class ValueStatistics:
    """Of modality values: mean, population spread (divided by n), extremes; `left_out` counts padding."""

    mean: float
    spread: float
    smallest: float
    largest: float
    pixels: int
    left_out: int


def value_statistics(slice_: Slice, box: Region, inside: Mask | None = None) -> ValueStatistics:
    """Statistics of the pixels of `box` (clipped to the slice), or of those of them where `inside` is true.

    `inside` has the shape of the clipped box. Raises ProblemError: region_too_small, region_outside_scan,
    colour_without_values.
    """
    numbers, count = _values_in(slice_, box, inside)
    return ValueStatistics(
        mean=float(numbers.mean()),
        spread=float(numbers.std()),
        smallest=float(numbers.min()),
        largest=float(numbers.max()),
        pixels=int(numbers.size),
        left_out=count - int(numbers.size),
    )


def most_values(slice_: Slice, box: Region) -> tuple[float, float]:
    """Between which two values the middle two thirds of the pixels of `box` lie: what stands out at either end, be it
    noise or a rim of something else, is not among them. Raises ProblemError as `value_statistics` does."""
    numbers, _ = _values_in(slice_, box, None)
    low, high = np.percentile(numbers, MOST, method="nearest").tolist()
    return (low, high)


def _values_in(slice_: Slice, box: Region, inside: Mask | None) -> tuple[NDArray[np.float64], int]:
    """The values without padding, and of how many pixels. They are the source's own, after the modality LUT and before
    any window (R-P1)."""
    if slice_.is_colour:
        raise ProblemError(problem("colour_without_values"))
    box = clipped_box(box, slice_)
    rows, columns = slice(box.y0, box.y1), slice(box.x0, box.x1)
    values = slice_.values[rows, columns].astype(np.float64) * slice_.slope + slice_.intercept
    chosen = np.ones(values.shape, np.bool_) if inside is None else inside
    count = int(np.count_nonzero(chosen))
    if count == 0:
        raise ProblemError(problem("region_too_small"))
    kept = chosen & np.isfinite(values)
    if slice_.padding is not None:
        kept &= ~slice_.padding[rows, columns]
    numbers = values[kept]
    if numbers.size == 0:
        raise ProblemError(problem("region_outside_scan"))
    return numbers, count


def clipped_box(box: Region, slice_: Slice) -> Region:
    """The part of a box that lies on the slice; may be empty (x0 ≥ x1 or y0 ≥ y1)."""
    rows, columns = slice_.values.shape[:2]
    x0, y0 = min(max(0, box.x0), columns), min(max(0, box.y0), rows)
    return Region(x0, y0, max(x0, min(columns, box.x1)), max(y0, min(rows, box.y1)))


def number_words(value: float, fineness: float) -> str:
    """A number for people in steps of `fineness`: (43.21, 1) → "43", (0.001234, 0.0004) → "0.0012"."""
    if not math.isfinite(value):
        return "–"
    decimals = min(9, max(0, math.ceil(-math.log10(fineness) - 1e-9))) if fineness > 0 else 0
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def figure_words(value: float, digits: int = 3) -> str:
    """A number for people with so many digits that count: 0.66667 → "0.667", −670.8 → "−671", 12345 → "12345"; whole
    digits are never cut off, and no power of ten is ever written."""
    if not math.isfinite(value):
        return "–"
    before = math.floor(math.log10(abs(value))) + 1 if value else 1
    text = f"{value:.{min(9, max(0, digits - before))}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−") if float(text) else "0"


def side_words(mm: float) -> str:
    """The side of something in mm: whole ones from 10 on, and two digits of what is smaller."""
    return f"{mm:.0f}" if mm >= 10 else figure_words(mm, 2)


def fineness(slice_: Slice, value: float, spread: float = 0.0) -> float:
    """The step worth showing: 1 for whole numbers, else a tenth of the spread or a hundredth of the value."""
    step = abs(slice_.slope) if slice_.values.dtype.kind in "iub" else 0.0
    if step >= 1:
        return 1.0
    return min(1.0, max(step if not spread else 0.0, spread / 10 or abs(value) / 100)) or 1.0


def with_unit(words: str, unit: str) -> str:
    """ "43 HU", or only the number where there is no unit."""
    return f"{words} {unit}" if unit else words


def area_words(area_mm2: float) -> str:
    """An area for people: cm² from 100 mm², else mm²."""
    if area_mm2 >= 100:
        return tr("{n} cm²", n=f"{area_mm2 / 100:.1f}" if area_mm2 < 10_000 else f"{area_mm2 / 100:.0f}")
    return tr("{n} mm²", n=f"{area_mm2:.0f}" if area_mm2 >= 10 else f"{area_mm2:.2g}")
