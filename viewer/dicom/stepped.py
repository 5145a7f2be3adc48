"""Frames whose places follow from the first by steps: slices of nuclear medicine, planes of a radiotherapy dose.

PS3.3 C.8.4.15: the steps of nuclear medicine have a sign (rule R-G12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from viewer.dicom.fields import Fields
from viewer.dicom.frames import orientation_of
from viewer.dicom.header import FrameFacts

DOSE_OFFSETS = 0x3004000C
_DETECTOR, _DETECTOR_VECTOR, _SLICE_VECTOR, _TIME_SLOTS = 0x00540022, 0x00540020, 0x00540080, 0x00540070


def nuclear_facts(fields: Fields, base: FrameFacts, frames: int) -> tuple[FrameFacts, tuple[FrameFacts, ...]]:
    """Shared and per-frame facts of a nuclear medicine object; positions only for reconstructed slices."""
    detectors = fields.items(_DETECTOR, 64)
    if frames > 1 and not ("RECON TOMO" in base.frame_type or "RECON GATED TOMO" in base.frame_type):
        return _views(fields, replace(base, position=None), frames, detectors)
    if detectors:
        position = base.position or detectors[0].vector3(0x00200032)
        orientation = base.orientation or orientation_of(detectors[0], 0x00200037)
        base = replace(base, position=position, orientation=orientation)
    step = fields.decimal(0x00180088)
    if frames < 2 or base.position is None or base.orientation is None:
        return base, ()
    if not step:  # the place of the first, and nobody tells which way and how far the others lie
        return replace(base, position=None), ()
    numbers = fields.numbers(_SLICE_VECTOR) or tuple(range(1, frames + 1))
    if len(numbers) != frames:
        return base, ()
    normal = _normal(base.orientation)
    x, y, z = base.position
    slots = fields.numbers(_TIME_SLOTS)
    times: Sequence[int | None] = slots if len(slots) == frames else (base.temporal,) * frames
    made = []
    for number, time in zip(numbers, times, strict=True):
        along = (number - 1) * step
        place = (x + along * normal[0], y + along * normal[1], z + along * normal[2])
        made.append(replace(base, position=place, temporal=time))
    return base, tuple(made)


def _views(
    fields: Fields, base: FrameFacts, frames: int, detectors: list[Fields]
) -> tuple[FrameFacts, tuple[FrameFacts, ...]]:
    """Views through the body, each as its detector looks (PS3.3 C.8.4.11): one from behind has left and right exchanged. Where
    detectors turn they are told of for the first view only."""
    if "TOMO" in base.frame_type or "GATED TOMO" in base.frame_type:
        return replace(base, orientation=None), ()
    looks = [orientation_of(one, 0x00200037) or base.orientation for one in detectors] or [base.orientation]
    if len(set(looks)) == 1:
        return replace(base, orientation=looks[0]), ()
    numbers = fields.numbers(_DETECTOR_VECTOR)
    if len(numbers) != frames or not all(1 <= number <= len(looks) for number in numbers):
        return replace(base, orientation=None), ()
    return replace(base, orientation=None), tuple(replace(base, orientation=looks[number - 1]) for number in numbers)


def dose_facts(fields: Fields, base: FrameFacts, frames: int) -> tuple[FrameFacts, tuple[FrameFacts, ...]]:
    """Shared and per-frame facts of a radiotherapy dose, whose planes lie at Grid Frame Offsets (PS3.3 C.8.8.3.2):
    from the first plane along the normal, or, where the first is the plane's own height, heights in the patient."""
    offsets = [value for value in fields.decimals(DOSE_OFFSETS) if value is not None and abs(value) < 1e5]
    if frames < 2 or base.position is None or base.orientation is None or len(offsets) != frames:
        return (replace(base, position=None), ()) if frames > 1 else (base, ())
    normal = _normal(base.orientation)
    x, y, z = base.position
    heights = offsets[0] != 0 and abs(offsets[0] - z) < 0.01 and abs(normal[2]) > 0.999
    way = (0.0, 0.0, 1.0) if heights else normal
    made = []
    for offset in offsets:
        along = offset - offsets[0]
        made.append(replace(base, position=(x + along * way[0], y + along * way[1], z + along * way[2])))
    return base, tuple(made)


def _normal(orientation: tuple[float, float, float, float, float, float]) -> tuple[float, float, float]:
    """The direction across a picture, from its six cosines."""
    a, b, c, d, e, f = orientation
    return b * f - c * e, c * d - a * f, a * e - b * d
