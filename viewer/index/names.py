"""Plain names: "Lower back, MRI" for an examination, "From the side, T2" for a series. Words come from tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from viewer.dicom.header import Header
from viewer.geometry.affine import normal_of
from viewer.geometry.direction import nearest_plane
from viewer.geometry.plane import Plane
from viewer.index.kind import Offer, is_localizer
from viewer.index.model import Frame, FrameGroup, SeriesKind
from viewer.index.objects import PARAMETRIC_MAP, is_screen_picture, not_picture
from viewer.index.split import image_type
from viewer.index.words import find_word, folded, words
from viewer.text.translate import tr

_PROJECTION, _VESSELS = "Projection (MIP)", "Angiography"
_WITHOUT_WEIGHTING = (
    "Map of diffusion (ADC)",
    "Diffusion",
    "Activity (fMRI)",
    "Blood flow",
    _VESSELS,
    "Map of nerve fibres (FA)",
)
_SPECIAL_OF_CT = ("Blood flow", "Angiography", "Timing of the contrast agent", _PROJECTION)
# what the image type tells where the description does not; the first that fits counts
_TYPES = {"ADC": "Map of diffusion (ADC)", "DIFFUSION": "Diffusion", "FMRI": "Activity (fMRI)"}
_DIXON = {
    **dict.fromkeys(("w", "water"), "fat made dark"),
    **dict.fromkeys(("f", "fat"), "fat alone"),
    **dict.fromkeys(("in", "ip", "inphase", "in_phase"), "water and fat added"),
    **dict.fromkeys(("opp", "op", "out", "outphase", "opp_phase", "out_phase", "opposed"), "water less fat"),
}
_PLANES = {Plane.AXIAL: "From below", Plane.CORONAL: "From the front", Plane.SAGITTAL: "From the side"}


def study_name(headers: Sequence[Header]) -> str:
    """The part of the body and the kinds of scan, e.g. "Lower back, MRI"; the kinds alone where no part is told."""
    pictures = [header for header in headers if header.pixels is not None] or headers
    part = find_word("body", _told(pictures))
    original = [header for header in pictures if not is_screen_picture(header)] or pictures
    kinds = list(dict.fromkeys(_modality(header) for header in original))
    known = [kind for kind in kinds if kind] or [tr("pictures") if pictures[0].pixels else tr("documents")]
    known = known[:3]
    together = tr(", ").join(known[:-1]) + tr(" and ") + known[-1] if len(known) > 1 else known[0]
    return f"{tr(part)}, {together}" if part else _begun(together)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _inside(text: str) -> str:
    return text[:1].lower() + text[1:]


def _told(headers: Sequence[Header]) -> list[str]:
    """Texts that may name the part of the body, the most trustworthy first."""
    studies = dict.fromkeys(header.study_description for header in headers)
    parts = dict.fromkeys(header.body_part for header in headers)
    rest = dict.fromkeys(text for header in headers for text in (header.protocol, header.series_description))
    return [text for text in (*studies, *parts, *rest) if text]


def _modality(header: Header) -> str:
    say = next((row.say for row in words("modality") if header.modality.casefold() in row.keywords), "")
    return tr(say) if say else ""


def series_name(groups: Sequence[FrameGroup], offered: Offer) -> str:
    """Direction, kind of scan and what is special, e.g. "From the side, T2"."""
    frames = groups[0].frames
    header = frames[0].header
    plane = _plane(frames[0]) if offered.parallel else ""
    if is_localizer(frames[0]):
        return ", ".join([tr("Overview"), *([_inside(plane)] if plane else [])])
    if is_screen_picture(header) and offered.kind is not SeriesKind.VOLUME:
        dose = find_word("special", [header.series_description, header.protocol]) == "Dose table"
        return tr("Dose table") if dose else tr("Screen picture")
    scan = _mr_words(groups, offered.kind) if header.modality == "MR" else _other_words(header, offered.kind)
    parts = [plane, *scan] if plane else [*scan]
    return _begun(", ".join(part for part in parts if part) or tr("Pictures"))


def document_name(header: Header) -> str:
    """The plain name of an object that is not a picture."""
    row = not_picture(header)
    return tr(row.name) if row is not None else tr("Damaged pictures")


def _plane(frame: Frame) -> str:
    normal = normal_of(frame.facts.orientation)
    return tr(_PLANES[nearest_plane(normal)]) if normal is not None else ""


def _other_words(header: Header, kind: SeriesKind) -> list[str]:
    what = _film(header) if kind is SeriesKind.CINE else _modality(header) or tr("picture")
    if header.sop_class == PARAMETRIC_MAP:
        what = tr("map of values")
    part = ""
    if header.modality in ("CR", "DX", "RG", "MG", "XA", "RF"):
        part = tr(find_word("body", [header.body_part, header.series_description, header.study_description])).lower()
        side = {"L": tr("left"), "R": tr("right")}.get(header.laterality.upper(), "")
        part = " ".join(text for text in (side, part) if text)
    return [what, *_ct_words(header)] if header.modality == "CT" else [what, part, _uncorrected(header)]


def _ct_words(header: Header) -> list[str]:
    special = find_word("special", [header.series_description])
    said = _inside(tr(special)) if special in _SPECIAL_OF_CT else ""
    return [_kernel(header), said, _agent(header)]


def _uncorrected(header: Header) -> str:
    """PET without correction for the body's own shadow looks bright where nothing is."""
    plain = f" {folded(header.series_description)} "
    told = header.modality == "PT" and any(f" {word} " in plain for word in ("nac", "non ac", "no ac", "uncorrected"))
    return tr("uncorrected") if told else ""


def _film(header: Header) -> str:
    what = _modality(header) or tr("picture")
    return tr("X-ray film of vessels") if header.modality == "XA" else tr("{what} film", what=what)


def _agent(header: Header) -> str:
    return tr("with contrast agent") if header.contrast_agent else ""


def _kernel(header: Header) -> str:
    if header.modality != "CT" or not header.kernel:
        return ""
    siemens = re.fullmatch(r"[A-Z][A-Za-z]?(\d\d)[a-z]?.*", header.kernel.split("\\")[0].strip())
    if siemens:
        return tr("sharp (bone)") if int(siemens[1]) >= 60 else tr("soft") if int(siemens[1]) <= 49 else ""
    say = find_word("kernel", [header.kernel])
    return tr(say) if say else ""


def _mr_words(groups: Sequence[FrameGroup], kind: SeriesKind) -> list[str]:
    frame = groups[0].frames[0]
    header = frame.header
    told = (header.series_description, header.protocol, header.sequence_name)
    special, picture = _special(frame), _mr_picture(frame)
    weight = find_word("weighting", told) or ("" if picture else _weightings(groups))
    if special in _WITHOUT_WEIGHTING:
        weight = ""
    projected = find_word("special", told[:1]) == _PROJECTION != special
    fat = _part_of_dixon(header.series_description, image_type(frame)) or find_word("fat", told)
    agent = _agent(header) if weight == "T1" or find_word("agent", told) else ""
    said = [tr(word) if word else "" for word in (weight, _inside(special) if weight else special, fat)]
    found = [word for word in (*said, _inside(tr(_PROJECTION)) if projected else "", picture, agent) if word]
    return found or [_film(header) if kind is SeriesKind.CINE else _modality(header)]


def _part_of_dixon(description: str, types: tuple[str, ...]) -> str:
    """Which of the four pictures that a scanner makes by telling water from fat (Dixon), "" for none of them."""
    words = folded(description).split()
    about = any("dixon" in word or word in ("flex", "ideal") for word in words)
    ends = [
        *(words[:1] if about or ":" in description else ()),
        *(words[-1:] if about else ()),
        *map(str.lower, types[2:]),
    ]
    return next((_DIXON[word] for word in ends if word in _DIXON), "")


def _special(frame: Frame) -> str:
    """What is special about a series, by its words, else by its image type: "Diffusion", "Angiography" …"""
    header = frame.header
    said = find_word("special", (header.series_description, header.protocol, header.sequence_name))
    if said == _PROJECTION:  # of what, tells the protocol
        return _VESSELS if find_word("special", [header.protocol]) == _VESSELS else said
    types = image_type(frame)[2:]
    return said or next((say for value, say in _TYPES.items() if value in types), "")


def _mr_picture(frame: Frame) -> str:
    """Phase and the like, told by the third value of the image type."""
    values = image_type(frame)
    names = {
        "P": "phase",
        "R": "real part",
        "I": "imaginary part",
        "PHASE": "phase",
        "PHASE MAP": "phase",
        "FIELD_MAP": "field map",
    }
    say = next((names[value] for value in values[2:4] if value in names), "")
    return tr(say) if say else ""


def _weightings(groups: Sequence[FrameGroup]) -> str:
    """One weighting, or two ("proton density and T2") of two echoes; "" where one group leaves a doubt."""
    found = list(dict.fromkeys(_weighting(group.frames[0]) for group in groups))
    return "" if "" in found else tr(" and ").join(tr(one) for one in found)


def _weighting(frame: Frame) -> str:
    """From the times of the sequence, only where they leave no doubt."""
    header = frame.header
    repetition = header.repetition_time
    echo = frame.facts.echo if frame.facts.echo is not None else header.echo_time
    inversion, sequence = header.inversion_time, header.scanning_sequence.upper()
    if repetition is None or echo is None or "EP" in sequence:
        return ""
    if inversion and inversion > 1500 and echo > 70:
        return "FLAIR"
    if "GR" in sequence and "SE" not in sequence:
        return "T1" if echo < 8 and (header.flip_angle or 0) >= 8 else ""
    if repetition >= 1800:
        return "T2" if echo >= 70 else "proton density" if echo <= 45 else ""
    return "T1" if repetition <= 900 and echo <= 30 else ""
