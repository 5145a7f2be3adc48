"""How the scale of a picture came about, in words for people (rules R-M1, R-M2, R-M3, R-M4)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from viewer.dicom.header import UltrasoundRegion
from viewer.picture.look import Region
from viewer.picture.orient import proportion
from viewer.problem import ProblemError, problem
from viewer.text.translate import tr
from viewer.volume.slice import Slice

SAME_PROPORTION = 0.02  # of a pixel's height by its width
CENTIMETRES, SECONDS, CENTIMETRES_A_SECOND = 3, 4, 7  # PS3.3 C.8.5.5, (0018,6024) and (0018,6026)


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
    "ultrasound": Calibration("ultrasound", "The scale is that of this part of the ultrasound picture."),
}  # fmt: skip
IN_PATIENT = CALIBRATIONS["patient"]


def calibration_of(slice_: Slice) -> Calibration | None:
    """How this slice's scale came about, or None where it has none."""
    if slice_.pixel_mm is None or not all(math.isfinite(mm) and mm > 0 for mm in slice_.pixel_mm):
        return None
    return CALIBRATIONS.get(slice_.scale_kind, CALIBRATIONS["unverified"])


def unless_in_patient(calibration: Calibration) -> str:
    """Where a size is not one inside the body it says so: " at the detector"."""
    return "" if calibration is IN_PATIENT else f" {tr(calibration.short)}"


@dataclass(frozen=True, slots=True)
class Scale:
    """What a pixel measures at some place of a picture: mm between rows, between columns, and how that is known."""

    pixel_mm: tuple[float, float]
    calibration: Calibration


def scale_at(slice_: Slice, points: Iterable[tuple[float, float]]) -> Scale:
    """The scale that holds for all of these (column, row) together.

    In an ultrasound picture each region has its own (R-M3): across two of them, outside all of them, or on an axis of
    time or speed a length would be a false number. Raises ProblemError: no_scale, regions_crossed, outside_regions,
    region_no_length.
    """
    if slice_.regions:
        return _scale_in_regions(slice_.regions, tuple(points))
    calibration = calibration_of(slice_)
    if calibration is None or slice_.pixel_mm is None:
        raise ProblemError(problem("no_scale"))
    return Scale(slice_.pixel_mm, calibration)


def scale_of_part(slice_: Slice, part: Region | None = None) -> tuple[float, float] | None:
    """What a pixel measures (between rows, between columns, mm) where a picture or a part of it shows the body. None where
    that is not one thing: a part of an ultrasound may be a curve over time, or show the body twice, once enlarged (R-M3)."""
    if not slice_.regions:
        return slice_.pixel_mm
    rows, columns = slice_.values.shape[:2]
    part = part or Region(0, 0, columns, rows)
    scales = {_pixel_mm(region) for region in slice_.regions if _touches(region, part)}
    scales.discard(None)
    found = scales.pop() if len(scales) == 1 else None
    as_drawn = found is not None and abs(found[0] / found[1] / proportion(slice_) - 1) < SAME_PROPORTION
    return found if as_drawn else None


def _touches(region: UltrasoundRegion, part: Region) -> bool:
    return region.x0 < part.x1 and region.x1 >= part.x0 and region.y0 < part.y1 and region.y1 >= part.y0


def has_scale(slice_: Slice) -> bool:
    """Whether a length can be measured anywhere on this slice."""
    if slice_.regions:
        return any(_pixel_mm(region) is not None for region in slice_.regions)
    return calibration_of(slice_) is not None


def _scale_in_regions(regions: tuple[UltrasoundRegion, ...], points: tuple[tuple[float, float], ...]) -> Scale:
    holding = [{n for n, region in enumerate(regions) if _holds(region, *point)} for point in points]
    if not all(holding):
        raise ProblemError(problem("outside_regions"))
    common = set.intersection(*holding) if holding else set()
    scales = {_pixel_mm(regions[n]) for n in common}
    if len(scales) != 1 or any(not _alike(regions, both) for both in holding):
        raise ProblemError(problem("regions_crossed"))
    found = scales.pop()
    if found is None:
        raise ProblemError(problem("region_no_length"))
    return Scale(found, CALIBRATIONS["ultrasound"])


def _alike(regions: tuple[UltrasoundRegion, ...], overlapping: set[int]) -> bool:
    """Where regions lie over one another with different scales, nobody can say which one counts."""
    return len({_pixel_mm(regions[n]) for n in overlapping}) == 1


def _holds(region: UltrasoundRegion, column: float, row: float) -> bool:
    return region.x0 - 0.5 <= column <= region.x1 + 0.5 and region.y0 - 0.5 <= row <= region.y1 + 0.5


def _pixel_mm(region: UltrasoundRegion) -> tuple[float, float] | None:
    """(between rows, between columns) in mm, only where both axes are centimetres; steps may be negative."""
    if region.unit_x != CENTIMETRES or region.unit_y != CENTIMETRES or not region.delta_x or not region.delta_y:
        return None
    return (round(abs(region.delta_y) * 10, 9), round(abs(region.delta_x) * 10, 9))


def region_words(slice_: Slice, column: float, row: float) -> str:
    """Time and speed under the pointer in the parts of an ultrasound picture that show those: "0.42 s, 85 cm/s"."""
    for region in slice_.regions:
        if _holds(region, column, row) and _pixel_mm(region) is None:
            along = _axis(region.unit_x, region.delta_x, column - region.x0, region.reference_x)
            up = _axis(region.unit_y, region.delta_y, row - region.y0, region.reference_y)
            return ", ".join(part for part in (along, up) if part)
    return ""


def _axis(unit: int, step: float | None, place: float, reference: int | None) -> str:
    """Speed counts from its base line, which the file must name; time from the region's left edge."""
    if not step:
        return ""
    if unit == SECONDS:
        return tr("{n} s", n=f"{place * abs(step):.2f}")
    if unit == CENTIMETRES_A_SECOND and reference is not None:
        return tr("{n} cm/s", n=f"{(place - reference) * step:.0f}")
    return ""
