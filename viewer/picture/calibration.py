"""How the scale of a picture came about, in words for people (rules R-M1, R-M2, R-M4 of the reference)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from viewer.volume.slice import Slice


@dataclass(frozen=True, slots=True)
class Calibration:
    """Words for one way a scale came about: short ones beside a number, a sentence for the hover and the report."""

    short: str
    sentence: str


CALIBRATIONS = {
    "patient": Calibration(
        "in the patient", "The file says how large a pixel is inside the body, so the length is true."
    ),
    "calibrated": Calibration(
        "calibrated", "The clinic set the scale of this picture; it holds best near the middle and at one depth."
    ),
    "estimated": Calibration(
        "estimated", "Corrected for magnification by what the file says of the machine; the depth is assumed."
    ),
    "detector": Calibration(
        "at the detector", "Things inside the body are smaller than this, often by 5 to 30 percent."
    ),
    "film": Calibration("on the film", "This is a scanned film: the scale is that of the film, not of the body."),
    "unverified": Calibration("unverified", "The scale comes from the file; how it was found is not known."),
}  # fmt: skip
IN_PATIENT = CALIBRATIONS["patient"]


def calibration_of(slice_: Slice) -> Calibration | None:
    """How this slice's scale came about, or None where it has none."""
    if slice_.pixel_mm is None or not all(math.isfinite(mm) and mm > 0 for mm in slice_.pixel_mm):
        return None
    return CALIBRATIONS.get(slice_.scale_kind, CALIBRATIONS["unverified"])
