"""What kind of scan a picture is: asked by the list of sets, by the facts and by what is sent, so that all say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from viewer.dicom.header import Header
from viewer.index.model import Frame
from viewer.index.split import image_type
from viewer.index.words import find_word, folded


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
    """What a CT was made for: sharp for bone or for lung, or soft."""

    BONE = "bone"
    LUNG = "lung"
    SOFT = "soft"


# what `resources/words/special.json` calls it
VESSELS, RELAXATION = "Angiography", "Map of relaxation times"
PROJECTIONS = ("Projection (MIP)", "Projection (MinIP)")  # of what is brightest, and of what is darkest
_FIBRES = "Map of nerve fibres (FA)"
_DIFFUSION, _DIFFUSION_MAP, _ACTIVITY = "Diffusion", "Map of diffusion (ADC)", "Activity (fMRI)"
SPECIAL: dict[str, Weighting | None] = {
    _DIFFUSION_MAP: Weighting.ADC,
    _DIFFUSION: Weighting.DIFFUSION,
    "Blood flow": Weighting.PERFUSION,
    VESSELS: Weighting.ANGIOGRAPHY,
    _ACTIVITY: None,
    _FIBRES: None,  # numbers, not brightness
    RELAXATION: None,
}
"""What says more of a picture than a weighting does; None: of these there is no such word."""

_TOLD = {
    "FLAIR": Weighting.FLAIR,
    "STIR": Weighting.STIR,
    "T2*": Weighting.T2_STAR,
    "T2": Weighting.T2,
    "T1": Weighting.T1,
    "proton density": Weighting.PD,
}
_TYPES = {"FMRI": _ACTIVITY, "FA": _FIBRES, "FRACT_ANISO": _FIBRES}
_MAPS = frozenset({_FIBRES, _DIFFUSION_MAP, RELAXATION})
_NO_SIZES = {
    "P": "phase", "PHASE": "phase", "PHASE MAP": "phase", "R": "real part", "I": "imaginary part",
    "FIELD_MAP": "field map",
}  # fmt: skip
_LOCALIZERS = frozenset({"LOCALIZER", "LOCALISER"})

# Of spin echoes unless said otherwise, in ms: see `_by_times`.
STIR_INVERSION, STIR_REPETITION = (80, 280), 1500
FLAIR_INVERSION, FLAIR_ECHO = 1400, 70
LONG_REPETITION, SHORT_REPETITION = 1800, 900
T2_ECHO, PD_ECHO, SURE_PD_ECHO, T1_ECHO = 70, 45, 30, 30
GRADIENT_T1_ECHO, GRADIENT_T1_FLIP = 8, 8
T2_STAR_ECHO, T2_STAR_FLIP = 15, 40

_OVERRULED = {
    Weighting.T1: {Weighting.T2, Weighting.FLAIR},
    Weighting.T2: {Weighting.T1, Weighting.PD, Weighting.FLAIR, Weighting.STIR, Weighting.T2_STAR},
    Weighting.PD: {Weighting.T2, Weighting.FLAIR, Weighting.STIR},
    Weighting.STIR: {Weighting.T1, Weighting.FLAIR},
    Weighting.FLAIR: {Weighting.T1},
}
"""Which times contradict a word. A word for T1 stands at long repetitions: a T1 FLAIR without its inversion looks so."""


def weighting_of(frame: Frame) -> Weighting | None:
    """What an MRI shows: what is special about it, else `brightness_of`; None where the file leaves doubt."""
    if frame.header.modality != "MR":
        return None
    if is_localizer(frame):
        return Weighting.LOCALIZER
    special = special_of(frame)
    return SPECIAL[special] if special in SPECIAL else brightness_of(frame)


def is_localizer(frame: Frame) -> bool:
    """True for scouts: overview pictures on which the scan was planned, told by their type or their description."""
    header = frame.header
    if is_typed_localizer(frame):
        return True
    return header.modality in ("MR", "CT") and find_word("overview", (header.series_description,)) != ""


def is_typed_localizer(frame: Frame) -> bool:
    """Only by the image type: a CT of that type looks through the body and has no CT numbers. The words alone also stand
    over slices that have them, such as those that follow the contrast agent."""
    return not _LOCALIZERS.isdisjoint(image_type(frame))


def special_of(frame: Frame) -> str:
    """What is special about a series, by its words, its image type or its b-value: "Diffusion", "Angiography" …"""
    said, typed = _special_in_words(frame.header), special_in_type(frame)
    if typed == _DIFFUSION_MAP and _is_exponential(frame.header):
        typed = ""
    if said in SPECIAL and typed not in _MAPS:  # a map has the words of the scan that it was worked out from
        return said
    return typed or (_DIFFUSION if frame.facts.b_value else said)


def special_in_type(frame: Frame) -> str:
    """The same as its image type alone tells it, which is a map before it is anything else."""
    found = [_TYPES.get(value) or find_word("special", (value,)) for value in image_type(frame)[2:]]
    return next((one for one in found if one in _MAPS), next(filter(None, found), ""))


def _special_in_words(header: Header) -> str:
    said = find_word("special", _texts(header))
    if said in PROJECTIONS:  # of what, tells the protocol
        return VESSELS if find_word("special", [header.protocol]) == VESSELS else said
    return said


def _is_exponential(header: Header) -> bool:
    """The picture that is worked out from a map of diffusion and looks the other way round; some type it as the map."""
    plain = folded(header.series_description)
    return "exponential" in plain or "eadc" in plain.split()


def _texts(header: Header) -> tuple[str, str, str]:
    return header.series_description, header.protocol, header.sequence_name


def part_of_signal(frame: Frame) -> str:
    """ "phase", "real part" … told by the third to fifth value of the image type; "" for the plain size of the signal. A map
    of the field is one whatever part of a complex value it is written as."""
    found = [_NO_SIZES[value] for value in image_type(frame)[2:5] if value in _NO_SIZES]
    return "field map" if "field map" in found else next(iter(found), "")


def told_weighting(header: Header) -> Weighting | None:
    """What the clinic's words say, from a closed table."""
    return _TOLD.get(find_word("weighting", _texts(header)))


def brightness_of(frame: Frame) -> Weighting | None:
    """T1, T2, T2*, proton density, FLAIR or STIR: by the clinic's words, unless the times contradict, else by the times.

    The words win, since they also know what no time tells (a T2 with balanced echoes, an inversion left out of the file).
    """
    told = told_weighting(frame.header)
    if part_of_signal(frame):
        return told  # the times say nothing of phase and the like
    times = times_of(frame)
    found = None if times is None else _by_times(times)
    if told is None or (times is not None and found is not None and _contradicts(told, found, times)):
        return found
    return told


@dataclass(frozen=True, slots=True)
class Times:
    """PS3.3 C.8.3.1: times in ms, inversion 0 where there is none or none is told; flip angle in degrees."""

    repetition: float
    echo: float
    inversion: float
    flip: float
    inverts: bool  # the file calls it inversion recovery, not only some pulse with a delay
    gradient: bool  # an echo made by gradients alone
    balanced: bool  # a steady state that is not spoiled


def echo_of(frame: Frame) -> float | None:
    """Echo time in ms: of the frame, else of its file (PS3.3 C.7.6.16: what a frame says beats what the file says)."""
    return frame.facts.echo or frame.header.echo_time or None


def repetition_of(frame: Frame) -> float | None:
    """Repetition time in ms."""
    return frame.facts.repetition or frame.header.repetition_time or None


def inversion_of(frame: Frame) -> float | None:
    """Inversion time in ms, 0 where there was none; None where nothing is told."""
    return frame.header.inversion_time if frame.facts.inversion is None else frame.facts.inversion


def flip_of(frame: Frame) -> float | None:
    """Flip angle in degrees."""
    return frame.header.flip_angle if frame.facts.flip is None else frame.facts.flip


def times_of(frame: Frame) -> Times | None:
    """None where repetition or echo is not told, and for whole pictures after one pulse (EPI), where they say little."""
    header, repetition, echo = frame.header, repetition_of(frame), echo_of(frame)
    sequence, variant = header.scanning_sequence.upper(), header.sequence_variant.upper().split("\\")
    if repetition is None or echo is None or "EP" in sequence:
        return None
    return Times(
        repetition=repetition,
        echo=echo,
        inversion=inversion_of(frame) or 0.0,
        flip=flip_of(frame) or 0.0,
        inverts="IR" in sequence,
        gradient="GR" in sequence and "SE" not in sequence,
        balanced="SS" in variant and "SP" not in variant,
    )


def _by_times(times: Times) -> Weighting | None:
    """The weighting that repetition (TR), echo (TE), inversion (TI) and flip angle make, None between the ranges.

    FLAIR: TI from 1400. Water (T1 about 4 s) gives nothing at TI = T1 · (ln 2 − ln(1 + e^(−TR/T1))): 1500 at TR 4000, 2500 at
    TR 11000. TE from 70, since a T1 that is inverted twice also waits that long, with short echoes.
    STIR: TI 80 to 280. Fat (T1 from 120 ms at 0.2 T to 390 ms at 3 T) gives nothing at 0.69 · T1. TR from 1500: all else
    must have come back. With a shorter TR such a delay belongs to a pulse that only darkens fat.
    T1 by inversion: TI between the two (300 to 1400) with a short echo, of spin echoes (T1 FLAIR) as of gradient echoes
    (MPRAGE), there from 0 and whatever the flip angle.
    Gradient echoes: T1 with TE below 8 and a flip of 8° or more; T2* with TE from 15 and a flip up to 40°, where T1 hardly
    counts. In a balanced steady state brightness goes with T2/T1: neither.
    Spin echoes: with TR from 1800 most tissue has come back: T2 with TE from 70 (the T2 of tissue is 40 to 100), proton
    density up to 45. T1 with TR up to 900 and TE up to 30. Between these lie mixtures.
    """
    if times.inversion >= FLAIR_INVERSION and times.echo >= FLAIR_ECHO:
        return Weighting.FLAIR
    if times.gradient:
        return _by_gradient(times)
    low, high = STIR_INVERSION
    if low <= times.inversion <= high and times.repetition >= STIR_REPETITION:
        return Weighting.STIR
    if high < times.inversion < FLAIR_INVERSION and times.echo <= T1_ECHO:
        return Weighting.T1
    if times.repetition >= LONG_REPETITION:
        return Weighting.T2 if times.echo >= T2_ECHO else Weighting.PD if times.echo <= PD_ECHO else None
    return Weighting.T1 if times.repetition <= SHORT_REPETITION and times.echo <= T1_ECHO else None


def _by_gradient(times: Times) -> Weighting | None:
    if times.balanced:
        return None
    if times.echo < GRADIENT_T1_ECHO:
        prepared = 0 < times.inversion < FLAIR_INVERSION
        return Weighting.T1 if prepared or times.flip >= GRADIENT_T1_FLIP else None
    return Weighting.T2_STAR if times.echo >= T2_STAR_ECHO and 0 < times.flip <= T2_STAR_FLIP else None


def _contradicts(told: Weighting, found: Weighting, times: Times) -> bool:
    """Whether a picture with these times cannot be what the words say."""
    if found not in _OVERRULED.get(told, ()):
        return False
    if told in (Weighting.STIR, Weighting.FLAIR):
        return times.inversion > 0  # some files leave it out
    if found is Weighting.STIR:
        return times.inverts  # else the delay may be that of a pulse that darkens fat in a T2
    if found is Weighting.T1:
        return not times.gradient  # a T2 of a steady state has the same times, and not all files call it one
    if found is Weighting.PD:
        return times.echo <= SURE_PD_ECHO  # joints: T2 with dark fat and an echo about 40
    return True


# --- CT

_KERNELS = {"sharp (bone)": Sharpness.BONE, "sharp (lung)": Sharpness.LUNG, "soft": Sharpness.SOFT}
_CANON = {"0": Sharpness.SOFT, "1": Sharpness.SOFT, "2": Sharpness.SOFT, "3": Sharpness.BONE, "5": Sharpness.LUNG,
          "8": Sharpness.BONE}  # fmt: skip


def sharpness_of(header: Header) -> Sharpness | None:
    """Whether a CT was made sharp or soft, from the maker's name for it; None where that says nothing.

    A table of names, else the number in the name. Canon and Toshiba (FC08): the first figure tells the purpose: 0 to 2 body
    and head, 3 bone, 5 lung, 8 bone. Siemens (B70f, Br40d): the higher, the sharper; 50 to 59 serves both.
    """
    if header.modality != "CT":
        return None
    kernel = header.kernel.strip()
    told = _KERNELS.get(find_word("kernel", (kernel,)))
    if told is not None:
        return told
    if canon := re.match(r"FC(\d)\d(?!\d)", kernel, re.IGNORECASE):
        return _CANON.get(canon[1])
    siemens = re.match(r"(?!F)[A-Z][A-Z]?(\d\d)", kernel, re.IGNORECASE)
    if siemens is None:
        return None
    number = int(siemens[1])
    return Sharpness.BONE if number >= 60 else Sharpness.SOFT if number <= 49 else None
