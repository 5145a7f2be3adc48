"""What kind of scan a picture is, in closed words: every answer is a member of an enum, whatever a file says."""

from __future__ import annotations

import math
import re
from enum import StrEnum
from functools import lru_cache

import numpy as np

from viewer.dicom.header import FrameFacts, Header
from viewer.geometry.affine import cross, slice_affine
from viewer.geometry.direction import nearest_plane, obliquity_degrees
from viewer.geometry.plane import Plane, Vector
from viewer.index.model import Frame, Series, SeriesKind
from viewer.index.objects import is_screen_picture
from viewer.index.words import find_word
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


class Weighting(StrEnum):
    """What an MRI shows bright, as far as the file tells."""

    T1 = "t1"
    T2 = "t2"
    PD = "pd"
    FLAIR = "flair"
    STIR = "stir"
    T2_STAR = "t2_star"
    DIFFUSION = "diffusion"
    ADC = "adc"
    PERFUSION = "perfusion"
    ANGIOGRAPHY = "angiography"
    LOCALIZER = "localizer"


class Sharpness(StrEnum):
    """What a CT was made for."""

    SHARP = "sharp"
    SOFT = "soft"


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


SPECIAL = {
    "Map of diffusion (ADC)": Weighting.ADC,
    "Diffusion": Weighting.DIFFUSION,
    "Blood flow": Weighting.PERFUSION,
    "Angiography": Weighting.ANGIOGRAPHY,
}
MAPS = frozenset({"Map of nerve fibres (FA)", "Map of relaxation times"})  # numbers, not brightness
NO_SIZES = frozenset(
    {"P", "R", "I", "PHASE", "PHASE MAP", "FIELD_MAP"}
)  # phase and the like: times say nothing of them
TOLD = {
    "FLAIR": Weighting.FLAIR,
    "STIR": Weighting.STIR,
    "T2*": Weighting.T2_STAR,
    "T2": Weighting.T2,
    "T1": Weighting.T1,
    "proton density": Weighting.PD,
}
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


def weighting_of(header: Header, facts: FrameFacts) -> Weighting | None:
    """The weighting of an MRI, from its names where they say it, else from its times; None where both leave doubt."""
    if header.modality != "MR":
        return None
    image_type = {value.upper() for value in (facts.frame_type or header.image_type)}
    if image_type & {"LOCALIZER", "LOCALISER"}:
        return Weighting.LOCALIZER
    if "ADC" in image_type:
        return Weighting.ADC
    if facts.b_value:
        return Weighting.DIFFUSION
    told = (header.series_description, header.protocol, header.sequence_name)
    special = find_word("special", told)
    if special in SPECIAL or special in MAPS:
        return SPECIAL.get(special)
    return TOLD.get(find_word("weighting", told)) or (None if image_type & NO_SIZES else _from_times(header, facts))


def _from_times(header: Header, facts: FrameFacts) -> Weighting | None:
    """PS3.3 C.8.3.1: repetition, echo and inversion time (ms), flip angle (degrees), only where they leave no doubt."""
    repetition, inversion = header.repetition_time, header.inversion_time or 0.0
    echo = header.echo_time if header.echo_time is not None else facts.echo
    sequence = header.scanning_sequence.upper()
    if repetition is None or echo is None or "EP" in sequence:
        return None
    if inversion > 1500 and echo > 70:
        return Weighting.FLAIR
    if 80 <= inversion <= 250 and "GR" not in sequence:
        return Weighting.STIR
    if "GR" in sequence and "SE" not in sequence:
        flip = header.flip_angle or 0.0
        return Weighting.T1 if echo < 8 and flip >= 8 else Weighting.T2_STAR if echo >= 15 and 0 < flip <= 40 else None
    if repetition >= 1800:
        return Weighting.T2 if echo >= 70 else Weighting.PD if echo <= 45 else None
    return Weighting.T1 if repetition <= 900 and echo <= 30 else None


def sharpness_of(header: Header) -> Sharpness | None:
    """Whether a CT was made sharp or soft, from the maker's name for it; None where that says nothing."""
    if header.modality != "CT":
        return None
    say = find_word("kernel", (header.kernel,))
    told = next((sharpness for sharpness in Sharpness if say.startswith(sharpness.value)), None)
    numbered = re.match(r"[A-Za-z]{1,2}(\d\d)", header.kernel.strip())  # one maker's: the higher, the sharper
    if told is not None or numbered is None:
        return told
    number = int(numbered[1])
    return Sharpness.SHARP if number >= 60 else Sharpness.SOFT if number <= 49 else None


def contrast_of(header: Header) -> Contrast:
    """Whether the file says that a contrast agent was given."""
    return Contrast.YES if header.contrast_agent else Contrast.UNKNOWN


def body_region_of(header: Header) -> BodyRegion:
    """The part of the body, from the words of the file through a closed table."""
    told = (header.study_description, header.body_part, header.protocol, header.series_description)
    return PARTS.get(find_word("body", told), BodyRegion.UNKNOWN)


def normal_of_slice(slice_: Slice) -> Vector | None:
    """Unit normal (3,) of a slice in LPS, pointing to the patient's left, back or head; None without geometry."""
    if slice_.affine is None:
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
        return None if slice_.plane is Plane.NATIVE else (slice_.plane, 0.0)
    return (nearest_plane(normal), obliquity_degrees(normal))


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
    return (int(np.argmax(np.abs(normal))), float(normal @ (centre - middle)))


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
