"""Plain names: "Lower back, MRI" for an examination, "From the side, T2" for a series. Words come from tables."""

from __future__ import annotations

from collections.abc import Sequence

from viewer.dicom.header import Header
from viewer.dicom.sop_class import FOR_PROCESSING, PARAMETRIC_MAP
from viewer.geometry.affine import normal_of
from viewer.geometry.direction import is_other_side, nearest_plane
from viewer.geometry.plane import Plane
from viewer.index.frames import loss
from viewer.index.kind import Offer
from viewer.index.model import Frame, FrameGroup, SeriesKind, together
from viewer.index.objects import is_screen_picture, not_picture
from viewer.index.order import column
from viewer.index.spectral import spectral_words
from viewer.index.split import image_type
from viewer.index.weighting import (
    PROJECTIONS,
    RELAXATION,
    SPECIAL,
    VESSELS,
    Sharpness,
    Weighting,
    brightness_of,
    is_localizer,
    part_of_signal,
    sharpness_of,
    special_in_type,
    special_of,
    told_weighting,
)
from viewer.index.words import find_word, folded, words
from viewer.text.translate import tr

_SPECIAL_OF_CT = ("Blood flow", VESSELS, "Timing of the contrast agent", *PROJECTIONS)
_WEIGHTINGS = {
    Weighting.T1: "T1",
    Weighting.T2: "T2",
    Weighting.PD: "proton density",
    Weighting.FLAIR: "FLAIR",
    Weighting.STIR: "STIR",
    Weighting.T2_STAR: "T2*",
}
_SHARPNESS = {Sharpness.BONE: "sharp (bone)", Sharpness.LUNG: "sharp (lung)", Sharpness.SOFT: "soft"}
_DIXON = {
    **dict.fromkeys(("w", "water"), "fat made dark"),
    **dict.fromkeys(("f", "fat"), "fat alone"),
    **dict.fromkeys(("in", "ip", "inphase", "in_phase"), "water and fat added"),
    **dict.fromkeys(("opp", "op", "out", "outphase", "opp_phase", "out_phase", "opposed"), "water less fat"),
}
_OF_BLOOD = {
    **dict.fromkeys(("cbf", "rcbf", "relcbf", "pbf"), "how much flows"),
    **dict.fromkeys(("cbv", "rcbv", "relcbv", "pbv"), "how much there is"),
    **dict.fromkeys(("mtt", "rmtt", "relmtt"), "how long it stays"),
    "ttp": "when most has come",
    "tmax": "how late it comes",
}
_VIEWS = {
    **dict.fromkeys(("CC", "XCC", "XCCL", "XCCM"), "from above"),
    **dict.fromkeys(("MLO", "LMO"), "slanting"),
    **dict.fromkeys(("ML", "LM", "LL", "RL", "LAT", "LLAT", "RLAT", "LATERAL"), "side"),
    **dict.fromkeys(("AP", "PA"), "front"),
}
_PLANES = {Plane.AXIAL: "From below", Plane.CORONAL: "From the front", Plane.SAGITTAL: "From the side"}
_OTHER_SIDE = {Plane.AXIAL: "From above", Plane.CORONAL: "From behind"}
_WITHOUT_SIDES = {Plane.AXIAL: "First direction", Plane.CORONAL: "Second direction", Plane.SAGITTAL: "Third direction"}


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
    plane = _plane(frames[0], offered.planes) if offered.parallel else ""
    if is_localizer(frames[0]):
        return ", ".join([tr("Overview"), *([_inside(plane)] if plane else [])])
    if is_screen_picture(header) and offered.kind is not SeriesKind.VOLUME:
        dose = find_word("special", [header.series_description, header.protocol]) == "Dose table"
        return tr("Dose table") if dose else tr("Screen picture")
    scan = _mr_words(groups, offered.kind) if header.modality == "MR" else _other_words(together(groups), offered.kind)
    parts = [plane, *scan] if plane else [*scan]
    return _begun(", ".join(part for part in parts if part) or tr("Pictures"))


def document_name(header: Header) -> str:
    """The plain name of an object that is not a picture."""
    row = not_picture(header)
    if row is not None:
        return tr(row.name)
    lost = loss(header)
    unknown = lost is not None and lost.code == "unknown_encoding"
    return tr("Pictures packed in an unknown way") if unknown else tr("Damaged pictures")


def _plane(frame: Frame, offered: Sequence[Plane]) -> str:
    """From where the pictures are seen; a direction on offer is always shown from below or from the front."""
    normal = normal_of(frame.facts.orientation)
    if normal is None or not frame.header.in_patient:
        return ""
    plane = nearest_plane(normal)
    return seen_from(plane, other_side=plane not in offered and is_other_side(normal, plane))


def seen_from(plane: Plane, *, other_side: bool) -> str:
    """From where a picture in this direction is seen, "" for one without a direction."""
    words = (_OTHER_SIDE.get(plane) if other_side else None) or _PLANES.get(plane)
    return tr(words) if words else ""


def direction_without_sides(plane: Plane) -> str:
    """What a direction is called of a volume that tells no side of the patient (`Header.in_patient`); "" for native."""
    words = _WITHOUT_SIDES.get(plane)
    return tr(words) if words else ""


def with_direction(name: str, seen: str) -> str:
    """The name of a set with `seen` where it tells from where it is seen; "" leaves that out."""
    said = {tr(words).casefold() for words in (*_PLANES.values(), *_OTHER_SIDE.values())}
    now = (
        (seen if part[:1].isupper() else _inside(seen)) if part.casefold() in said else part
        for part in name.split(", ")
    )
    return ", ".join(part for part in now if part)


def _other_words(frames: Sequence[Frame], kind: SeriesKind) -> list[str]:
    header = frames[0].header
    what = _film(header) if kind is SeriesKind.CINE else _modality(header) or tr("picture")
    if header.sop_class == PARAMETRIC_MAP:
        what = tr("map of values")
    part = _part_of_body(frames) if header.modality in ("CR", "DX", "RG", "MG", "XA", "RF") else ""
    view = _view(frames) if header.modality in ("CR", "DX", "RG", "MG") and header.frames == 1 else ""
    return (
        [what, spectral_words(frames), *_ct_words(header)]
        if header.modality == "CT"
        else [what, tr("raw") if header.sop_class in FOR_PROCESSING else "", part, view, _uncorrected(header)]
    )


_TOLD = column("header", "body_part", "series_description", "study_description")
_SIDE, _VIEW = column("header", "laterality"), column("header", "view")


def _part_of_body(frames: Sequence[Frame]) -> str:
    """Side and part that X-rays show, each only where it is that of all: one set often holds both hands or both breasts."""
    sides = {{"L": tr("left"), "R": tr("right")}.get(side.upper(), "") for side in _SIDE(frames)}
    parts = {tr(find_word("body", list(told))).lower() for told in set(_TOLD(frames))}
    return " ".join(text for told in (sides, parts) if len(told) == 1 for text in told if text)


def _view(frames: Sequence[Frame]) -> str:
    """From where X-rays were taken, with the clinic's own letters, where that is known and the same of all."""
    told = {view.upper() for view in _VIEW(frames)}
    view = told.pop() if len(told) == 1 else ""
    return tr("{words} ({letters})", words=tr(_VIEWS[view]), letters=view) if view in _VIEWS else ""


def _ct_words(header: Header) -> list[str]:
    special = find_word("special", [header.series_description, *header.image_type[2:]])
    blood = _map_of_blood(header.series_description, header.image_type) if special == "Blood flow" else ""
    said = _inside(tr(special)) if special in _SPECIAL_OF_CT else ""
    sharpness = sharpness_of(header)
    return [tr(_SHARPNESS[sharpness]) if sharpness else "", said, blood, _agent(header)]


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


def _mr_words(groups: Sequence[FrameGroup], kind: SeriesKind) -> list[str]:
    frame = groups[0].frames[0]
    header = frame.header
    told = (header.series_description, header.protocol, header.sequence_name)
    special = next((one for group in groups if (one := special_of(group.frames[0]))), "")  # b 0 comes first
    picture = part_of_signal(frame)
    weight = _weightings(groups) if special == RELAXATION or special not in SPECIAL else ""
    both = (special_in_type(frame), find_word("special", told[:1])) if special not in PROJECTIONS else ()
    projected = next((one for one in both if one in PROJECTIONS), "")
    fat = _part_of_dixon(header.series_description, image_type(frame)) or find_word("fat", told)
    agent = _agent(header) if weight == tr("T1") or find_word("agent", told) else ""
    said = [tr(word) if word else "" for word in (_inside(special) if weight else special, fat)]
    also = [
        _map_of_blood(header.series_description, image_type(frame)),
        _inside(tr(projected)) if projected else "",
        tr(picture) if picture else "",
    ]
    found = [word for word in (weight, *said, *also, agent) if word]
    return found or [_film(header) if kind is SeriesKind.CINE else _modality(header)]


def _weightings(groups: Sequence[FrameGroup]) -> str:
    """One weighting, or two ("proton density and T2") of two echoes; of more groups what the clinic says; "" where one
    group leaves a doubt."""
    found = list(dict.fromkeys(brightness_of(group.frames[0]) for group in groups))
    told = told_weighting(groups[0].frames[0].header)
    if len(found) > 1 and len(groups) > 2 and told is not None:
        found = [told]
    return "" if None in found else tr(" and ").join(tr(_WEIGHTINGS[one]) for one in found if one is not None)


def _map_of_blood(description: str, types: tuple[str, ...]) -> str:
    """Which of the pictures that are worked out from the arrival of blood, "" for none of them."""
    told = [*folded(" ".join(types[2:])).split(), *folded(description).split()]
    return next((tr(_OF_BLOOD[word]) for word in told if word in _OF_BLOOD), "")


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
