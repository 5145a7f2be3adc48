"""Lengths, and what a length may claim: each number says how its scale came about (rules R-M of the reference)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from viewer.marks.mark import Mark, Measurement
from viewer.problem import ProblemError, problem
from viewer.text.translate import tr
from viewer.volume.slice import Slice

WHOLE_FROM_MM = 100.0  # lengths from here on are given in whole millimetres (R-M7)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Words for one way a scale came about: short ones beside the number, a sentence for the hover and the report."""

    short: str
    sentence: str


CALIBRATIONS = {
    "patient": Calibration(
        "in the patient", "The file says how large a pixel is inside the body, so the length is true."
    ),
    "calibrated": Calibration(
        "calibrated", "The clinic set the scale of this picture; it holds best near the middle and at one depth."
    ),
    "detector": Calibration(
        "at the detector", "Things inside the body are smaller than this, often by 5 to 30 percent."
    ),
    "film": Calibration("on the film", "This is a scanned film: the scale is that of the film, not of the body."),
    "unverified": Calibration("unverified", "The scale comes from the file; how it was found is not known."),
}  # fmt: skip


def calibration_of(slice_: Slice) -> Calibration | None:
    """How this slice's scale came about, or None where it has none (R-M2, R-M4)."""
    if slice_.pixel_mm is None or not all(math.isfinite(mm) and mm > 0 for mm in slice_.pixel_mm):
        return None
    return CALIBRATIONS.get(slice_.scale_kind, CALIBRATIONS["unverified"])


def measure_length(mark: Mark, slice_: Slice) -> Measurement:
    """The distance between the two points of a length, in mm along the slice (unequal pixels count as they are).

    Raises ProblemError no_scale where a number would be false.
    """
    calibration = calibration_of(slice_)
    if calibration is None or slice_.pixel_mm is None:
        raise ProblemError(problem("no_scale"))
    (x0, y0), (x1, y1) = mark.points[:2]
    between_rows, between_columns = slice_.pixel_mm
    value = float(np.hypot((x1 - x0) * between_columns, (y1 - y0) * between_rows))
    coarse = max(slice_.pixel_mm)
    short = tr(calibration.short)
    return Measurement(
        value=value,
        unit="mm",
        calibration=short,
        words=tr("{length}, {calibration}", length=length_words(value, min(slice_.pixel_mm)), calibration=short),
        note=tr("exact to about {n} mm", n=f"{float(f'{coarse:.1g}'):g}"),
    )


def length_words(mm: float, pixel_mm: float) -> str:
    """A length as people read it: "23.1 mm", whole millimetres from 100 mm on; finer only where pixels are tiny."""
    decimals = 0 if mm >= WHOLE_FROM_MM else 1
    if pixel_mm < 0.05 and mm < 10:
        decimals = 2
    return tr("{n} mm", n=f"{mm:.{decimals}f}")
