"""The facts of frames as the root of a file tells them: place, scale, windows, what varies in a series, times.

What functional groups say stands in `functional_groups`, places that follow by steps in `stepped`.
"""

from __future__ import annotations

from collections.abc import Sequence

from viewer.dicom.fields import Fields
from viewer.dicom.header import FrameFacts, PixelDescription, RealWorldValue
from viewer.dicom.realworld import DOSE_SCALING, MAPPINGS, dose_values, real_world_values
from viewer.dicom.rescale import rescale
from viewer.dicom.spacing import spacing
from viewer.dicom.tables import windows
from viewer.dicom.vendor import b_value, direction

PHASE = 0x00209241


def root_facts(fields: Fields, modality: str, manufacturer: str, is_signed: bool) -> tuple[FrameFacts, str]:
    """(facts of a file without functional groups, kind of its spacing). is_signed: of the pixels."""
    values = fields.values
    position = fields.vector3(0x00200032) if 0x00200032 in values else None
    orientation = orientation_of(fields, 0x00200037) if 0x00200037 in values else None
    measured, kind = spacing(fields, modality, position is not None and orientation is not None)
    scale = rescale(fields)
    weight = b_value(fields, manufacturer)
    return FrameFacts(
        position,
        orientation,
        measured,
        scale.slope,
        scale.intercept,
        scale.kind,
        scale.present,
        windows(fields),
        positive(fields.decimal(0x00180050)) if 0x00180050 in values else None,
        fields.words(0x00080008),
        fields.text(0x00209056) if 0x00209056 in values else "",
        fields.integer(0x00200100) if 0x00200100 in values else None,
        fields.decimal(0x00181060) if 0x00181060 in values else None,
        fields.decimal(0x00180081) if 0x00180081 in values else None,
        fields.integer(0x00180086) if 0x00180086 in values else None,
        weight,
        (),
        fields.text(0x00080032) if 0x00080032 in values else "",
        fields.decimal(0x00541300) if 0x00541300 in values else None,
        _real_world(fields, is_signed),
        direction=direction(fields, manufacturer) if weight else None,
        phase_percent=fields.double(PHASE) if PHASE in values else None,
    ), kind


def _real_world(fields: Fields, is_signed: bool) -> tuple[RealWorldValue, ...]:
    mapped = real_world_values(fields, is_signed) if MAPPINGS in fields.values else ()
    return (*mapped, *dose_values(fields)) if DOSE_SCALING in fields.values else mapped


def positive(value: float | None) -> float | None:
    """`value` where it is a length, else None."""
    return value if value is not None and 0 < value < 1e5 else None


def orientation_of(fields: Fields, tag: int) -> tuple[float, float, float, float, float, float] | None:
    """Six cosines as stored (rounding and right angles are geometry's business); None where they are no directions."""
    return directions_of(fields.vector(tag, 6) or ())


def directions_of(told: Sequence[float | None]) -> tuple[float, float, float, float, float, float] | None:
    """`orientation_of` for numbers that were read."""
    values = [value for value in told if value is not None and abs(value) <= 1.1]
    if len(values) != 6 or len(told) != 6:
        return None
    a, b, c, d, e, f = values
    if not (a or b or c) or not (d or e or f):
        return None
    return (a, b, c, d, e, f)


def goes_below_zero(pixels: PixelDescription | None, facts: FrameFacts) -> bool:
    """Whether modality values can be negative: then a VOI table begins with a signed one (PS3.3 C.11.2.1.1)."""
    if pixels is None:
        return False
    low = -(2 ** (pixels.bits_stored - 1)) if pixels.is_signed else 0
    ends = low, low + 2**pixels.bits_stored - 1
    return min(end * facts.slope + facts.intercept for end in ends) < 0


def frame_times(fields: Fields, frames: int) -> tuple[float, ...]:
    """The frame time vector (0018,1065) in ms, one entry a frame, the first counted as 0; () where it does not fit."""
    vector = fields.decimals(0x00181065)
    if frames < 2 or len(vector) != frames or any(value is None or value < 0 for value in vector[1:]):
        return ()
    return (0.0, *(value or 0.0 for value in vector[1:]))


def frame_time(fields: Fields) -> float | None:
    """Milliseconds per frame (rule R-S7): frame time, mean of the vector, then the rates."""
    one = fields.decimal(0x00181063)
    if one is not None and one > 0:
        return one
    vector = [value for value in fields.decimals(0x00181065)[1:] if value is not None and value > 0]
    if vector:
        return sum(vector) / len(vector)
    rate = next((r for tag in (0x00082144, 0x00180040) if (r := fields.decimal(tag)) is not None and r > 0), None)
    return 1000.0 / rate if rate else None


def aspect(fields: Fields) -> tuple[int, int] | None:
    """(0028,0034) vertical, horizontal."""
    values = fields.decimals(0x00280034)
    if len(values) != 2 or any(value is None or not 1 <= value < 1e6 for value in values):
        return None
    return int(values[0] or 1), int(values[1] or 1)
