"""What kind of scan a picture is, in closed words: every answer is a member of an enum, whatever a file says."""

from __future__ import annotations

import math
from enum import StrEnum
from functools import lru_cache

import numpy as np

from viewer.dicom.header import Header
from viewer.geometry.affine import cross, slice_affine
from viewer.geometry.direction import is_other_side, nearest_plane, obliquity_degrees
from viewer.geometry.plane import Affine, Plane, Vector
from viewer.index.model import Frame, Series, SeriesKind
from viewer.index.objects import is_screen_picture
from viewer.index.weighting import is_typed_localizer
from viewer.index.words import find_word
from viewer.text.translate import tr
from viewer.volume.slice import Slice


class Modality(StrEnum):
    """Kinds of scan that are told apart in words; everything else is OTHER."""

    CT = "CT"
    MR = "MR"
    PT = "PT"
    NM = "NM"
    US = "US"
    CR = "CR"
    DX = "DX"
    RG = "RG"
    IO = "IO"
    PX = "PX"
    MG = "MG"
    XA = "XA"
    RF = "RF"
    SC = "SC"
    ES = "ES"
    XC = "XC"
    GM = "GM"
    SM = "SM"
    OP = "OP"
    OPT = "OPT"
    OTHER = "OT"


MODALITY_CODES = frozenset(member.value for member in Modality)


class Contrast(StrEnum):
    """Whether a contrast agent was given; an absent word in the file proves nothing."""

    YES = "yes"
    UNKNOWN = "unknown"


class BodyRegion(StrEnum):
    """Parts of the body, coarse."""

    HEAD = "head"
    NECK = "neck"
    NECK_SPINE = "neck spine"
    UPPER_BACK = "upper back"
    LOWER_BACK = "lower back"
    SPINE = "spine"
    CHEST = "chest"
    HEART = "heart"
    BREAST = "breast"
    TRUNK = "chest and belly"
    BELLY = "belly"
    PELVIS = "pelvis"
    SHOULDER = "shoulder"
    ELBOW = "elbow"
    HAND = "hand and wrist"
    ARM = "arm"
    HIP = "hip"
    KNEE = "knee"
    FOOT = "ankle and foot"
    LEG = "leg"
    WHOLE_BODY = "whole body"
    UNKNOWN = ""


PARTS = {
    "Whole body": BodyRegion.WHOLE_BODY, "Neck spine": BodyRegion.NECK_SPINE, "Upper back": BodyRegion.UPPER_BACK,
    "Lower back": BodyRegion.LOWER_BACK, "Spine": BodyRegion.SPINE, "Eyes": BodyRegion.HEAD, "Ears": BodyRegion.HEAD,
    "Face and sinuses": BodyRegion.HEAD, "Jaw and teeth": BodyRegion.HEAD, "Pituitary gland": BodyRegion.HEAD,
    "Head": BodyRegion.HEAD, "Neck": BodyRegion.NECK, "Heart": BodyRegion.HEART, "Breast": BodyRegion.BREAST,
    "Chest and belly": BodyRegion.TRUNK, "Chest": BodyRegion.CHEST, "Liver and bile ducts": BodyRegion.BELLY,
    "Kidneys": BodyRegion.BELLY, "Prostate": BodyRegion.PELVIS, "Pelvis": BodyRegion.PELVIS,
    "Belly": BodyRegion.BELLY, "Belly and pelvis": BodyRegion.BELLY, "Hip": BodyRegion.HIP, "Knee": BodyRegion.KNEE, "Ankle and foot": BodyRegion.FOOT,
    "Thigh": BodyRegion.LEG, "Lower leg": BodyRegion.LEG, "Leg": BodyRegion.LEG, "Shoulder": BodyRegion.SHOULDER,
    "Elbow": BodyRegion.ELBOW, "Hand and wrist": BodyRegion.HAND, "Arm": BodyRegion.ARM,
}  # fmt: skip


def frame_of(series: Series, slice_: Slice) -> Frame | None:
    """The stored frame a slice is, else the middle frame of its series; None without pictures."""
    frames = series.frames
    if slice_.frame is not None:
        own = next((frame for frame in frames if frame.ref == slice_.frame), None)
        if own is not None:
            return own
    return frames[len(frames) // 2] if frames else None


def modality_of(series: Series) -> Modality:
    """The kind of scan; a picture of a screen is one, whatever machine it shows."""
    if series.kind is not SeriesKind.VOLUME and any(is_screen_picture(frame.header) for frame in series.frames[:1]):
        return Modality.SC
    code = series.modality.strip().upper()
    return Modality(code) if code in MODALITY_CODES else Modality.OTHER


def contrast_of(header: Header) -> Contrast:
    """Whether the file says that a contrast agent was given."""
    return Contrast.YES if header.contrast_agent else Contrast.UNKNOWN


def body_region_of(header: Header) -> BodyRegion:
    """The part of the body, from the words of the file through a closed table."""
    told = (header.study_description, header.body_part, header.protocol, header.series_description)
    return PARTS.get(find_word("body", told), BodyRegion.UNKNOWN)


def normal_of_slice(slice_: Slice) -> Vector | None:
    """Unit normal (3,) of a slice in LPS, pointing to the patient's left, back or head; None without geometry."""
    if slice_.affine is None or not slice_.in_patient:
        return None
    normal = cross(slice_.affine[:3, 0], slice_.affine[:3, 1])
    length = math.sqrt(normal @ normal)
    if not math.isfinite(length) or length == 0:
        return None
    unit: Vector = normal / length
    return unit if unit[int(np.argmax(np.abs(unit)))] > 0 else -unit


def direction_of(slice_: Slice) -> tuple[Plane, float] | None:
    """The nearest plane of the body and the lean away from it in degrees; None without geometry."""
    normal = normal_of_slice(slice_)
    if normal is None:
        return None if slice_.plane is Plane.NATIVE or not slice_.in_patient else (slice_.plane, 0.0)
    return (nearest_plane(normal), obliquity_degrees(normal))


def is_from_other_side(affine: Affine | None, plane: Plane) -> bool:
    """`is_other_side` of a picture with this affine (pixel to LPS, as it is drawn)."""
    return affine is not None and is_other_side(cross(affine[:3, 0], affine[:3, 1]), plane)


def is_fat_dark(series: Series) -> bool:
    """Whether the name of a set says that its fat was made dark, as `index.names` does from the words of the clinic."""
    told = tr("fat made dark")
    return any(part.partition(" (")[0] == told for part in series.name.split(", "))


def is_projection(series: Series) -> bool:
    """An overview of CT looks through the body: it is no slice, and has neither a thickness nor CT numbers."""
    return series.modality == "CT" and any(is_typed_localizer(frame) for frame in series.frames[:1])


def offset_from_middle(slice_: Slice, series: Series) -> tuple[int, float] | None:
    """(axis 0 x, 1 y, 2 z; mm) of a slice from the middle of its series along its own normal; None without geometry.

    Positive is towards the patient's left, back or head. Looks at two frames only, so it may be asked while scrolling.
    """
    normal = normal_of_slice(slice_)
    middle = middle_of(series)
    if normal is None or middle is None or slice_.affine is None:
        return None
    rows, columns = slice_.values.shape[:2]
    centre = (slice_.affine @ np.array([(columns - 1) / 2, (rows - 1) / 2, 0.0, 1.0]))[:3]
    return (int(np.argmax(np.abs(normal))), round(float(normal @ (centre - middle)), 3))


def middle_of(series: Series) -> Vector | None:
    """The LPS point (3,) halfway between the centres of the first and the last picture of the leading group."""
    frames = series.groups[0].frames if series.groups else ()
    if not frames:
        return None
    ends = [_centre_of(frame) for frame in (frames[0], frames[-1])]
    if ends[0] is None or ends[1] is None:
        return None
    middle: Vector = (ends[0] + ends[1]) / 2
    return middle


def _centre_of(frame: Frame) -> Vector | None:
    pixels = frame.header.pixels
    if pixels is None:
        return None
    facts = frame.facts
    return _centre(facts.position, facts.orientation, facts.spacing, pixels.rows, pixels.columns)


@lru_cache(maxsize=64)  # asked at each step of a scroll, always about the same two frames
def _centre(
    position: tuple[float, ...] | None, orientation: tuple[float, ...] | None, spacing: tuple[float, ...] | None,
    rows: int, columns: int,
) -> Vector | None:  # fmt: skip
    affine = slice_affine(position, orientation, spacing)
    if affine is None:
        return None
    centre: Vector = (affine @ np.array([(columns - 1) / 2, (rows - 1) / 2, 0.0, 1.0]))[:3]
    return centre
