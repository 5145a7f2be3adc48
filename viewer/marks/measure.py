"""Lengths, and what a length may claim: each number says how its scale came about (R-M1, R-M2, R-M3, R-M4)."""

from __future__ import annotations

import numpy as np

from viewer.marks.mark import Mark, Measurement
from viewer.picture.calibration import scale_at
from viewer.text.translate import tr
from viewer.volume.slice import Slice

FILLED_IN = frozenset(
    {"gap_in_view", "gaps_in_view", "steps_uneven", "detail_reduced"}
)  # notes of a cut whose lengths are near, not true
WHOLE_FROM_MM = 100.0  # lengths from here on are given in whole millimetres (R-M7)


def measure_length(mark: Mark, slice_: Slice) -> Measurement:
    """The distance between the two points of a length, in mm along the slice (unequal pixels count as they are).

    Raises ProblemError where a number would be false: see `scale_at`.
    """
    scale = scale_at(slice_, mark.points[:2])
    (x0, y0), (x1, y1) = mark.points[:2]
    between_rows, between_columns = scale.pixel_mm
    value = float(np.hypot((x1 - x0) * between_columns, (y1 - y0) * between_rows))
    coarse = max(scale.pixel_mm)
    short = tr(scale.calibration.short)
    length = length_words(value, min(scale.pixel_mm))
    is_near = any(note.code in FILLED_IN for note in slice_.problems)
    return Measurement(
        value=value,
        unit="mm",
        calibration=short,
        words=tr("{length}, {calibration}", length=f"≈ {length}" if is_near else length, calibration=short),
        note=tr("exact to about {n} mm", n=f"{float(f'{coarse:.1g}'):g}"),
    )


def length_words(mm: float, pixel_mm: float) -> str:
    """A length as people read it: "23.1 mm", whole millimetres from 100 mm on; finer only where pixels are tiny."""
    decimals = 0 if mm >= WHOLE_FROM_MM else 1
    if pixel_mm < 0.05 and mm < 10:
        decimals = 2
    return tr("{n} mm", n=f"{mm:.{decimals}f}")
