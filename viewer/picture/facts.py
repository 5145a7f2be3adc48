"""Facts about this picture, worked out on this computer from the header and the pixels, in plain words."""

from __future__ import annotations

import json
import math
from functools import cache

from viewer.dicom.header import Header
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, Series, Study
from viewer.index.weighting import (
    Sharpness,
    Weighting,
    echo_of,
    flip_of,
    inversion_of,
    repetition_of,
    sharpness_of,
    weighting_of,
)
from viewer.picture.calibration import calibration_of, unless_in_patient
from viewer.picture.fact import PictureFact
from viewer.picture.look import Look, Region
from viewer.picture.render import AS_STORED, letters_of
from viewer.picture.scan import (
    Contrast,
    contrast_of,
    direction_of,
    frame_of,
    is_fat_dark,
    is_from_other_side,
    is_projection,
    modality_of,
    offset_from_middle,
)
from viewer.picture.value_facts import value_facts
from viewer.picture.values import (
    figure_words,
    side_words,
)
from viewer.text.plain import one_line
from viewer.text.resources import resource
from viewer.text.translate import count_of, tr
from viewer.volume.slice import Slice

DIRECTION_WORDS = {
    Plane.AXIAL: "From below, as if seen from the feet",
    Plane.CORONAL: "From the front",
    Plane.SAGITTAL: "From the side",
}
OTHER_SIDE_WORDS = {Plane.AXIAL: "From above, as if seen from the head", Plane.CORONAL: "From behind"}
EDGE_WORDS = {
    "L": "the patient's left", "R": "the patient's right", "A": "the front", "P": "the back",
    "H": "towards the head", "F": "towards the feet",
    # of an animal on four legs
    "LE": "the animal's left", "RT": "the animal's right", "V": "the belly", "D": "the back",
    "CR": "towards the head", "CD": "towards the tail",
}  # fmt: skip
OFFSET_WORDS = (
    ("{mm} mm right of the middle", "{mm} mm left of the middle"),
    ("{mm} mm in front of the middle", "{mm} mm behind the middle"),
    ("{mm} mm below the middle", "{mm} mm above the middle"),
)
ANIMAL_OFFSET_WORDS = (
    OFFSET_WORDS[0],
    ("{mm} mm from the middle towards the belly", "{mm} mm from the middle towards the back"),
    ("{mm} mm from the middle towards the tail", "{mm} mm from the middle towards the head"),
)
PROJECTION = "CT overview"  # a row of its own among the kinds of scan
LEAN = 5.0  # degrees from which a cut is called tilted
SHARPNESS_WORDS = {
    Sharpness.BONE: "Sharp: made for bone and lung.",
    Sharpness.LUNG: "Sharp: made for bone and lung.",
    Sharpness.SOFT: "Soft: made for soft tissue such as organs, muscle and brain.",
}


def picture_facts(
    series: Series,
    study: Study | None,
    slice_: Slice,
    region: Region | None = None,
    look: Look = AS_STORED,
) -> tuple[PictureFact, ...]:
    """All facts about a slice as it is looked at, and about the values in `region` (its pixel grid).

    Nothing here fails: what is not known is left out.
    """
    frame = frame_of(series, slice_)
    known = frame.header if frame is not None else Header("", 0)
    rows = [
        _kind(series, study),
        _weighting(frame, is_fat_dark(series), look),
        _contrast(known),
        _kernel(known),
        _direction(slice_, look),
        _which(series, slice_),
        _thickness(series, slice_),
        _size(slice_),
        *value_facts(series, slice_, region),
        _stored(known),
    ]
    return tuple(row for row in rows if row is not None)


def position_words(slice_: Slice, series: Series) -> str:
    """Where a slice lies in its set: "7 mm right of the middle", "12 mm above the middle"; "" without geometry."""
    found = offset_from_middle(slice_, series)
    if found is None or not math.isfinite(found[1]) or slice_.count < 2:
        return ""
    axis, mm = found
    whole = math.floor(abs(mm) + 0.5)
    offsets = ANIMAL_OFFSET_WORDS if slice_.on_four_legs else OFFSET_WORDS
    return tr(offsets[axis][1 if mm > 0 else 0], mm=whole) if whole else tr("in the middle")


# --- what kind of scan


@cache
def _glossary(name: str) -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = json.loads(resource("glossary", f"{name}.json").read_text("utf-8"))
    return table


def _kind(series: Series, study: Study | None) -> PictureFact:
    row = _glossary("kinds")[PROJECTION if is_projection(series) else modality_of(series).value]
    words = tr(row["words"])
    if study is not None and study.name:
        words = f"{one_line(study.name, 80)}. {words}"
    return PictureFact(tr("Kind of scan"), f"{words}.", row["term"])


def _weighting(frame: Frame | None, fat_dark: bool, look: Look) -> PictureFact | None:
    if frame is None or frame.header.modality != "MR":
        return None
    weighting = weighting_of(frame)
    if weighting is None:
        return PictureFact(tr("Shows"), tr("The file does not say clearly what looks bright and what dark."))
    times = (
        ("TR", repetition_of(frame), "ms"), ("TE", echo_of(frame), "ms"), ("TI", inversion_of(frame) or None, "ms"),
        ("flip angle", flip_of(frame), "°"), ("b", frame.facts.b_value, "s/mm²"),
    )  # fmt: skip
    term = ", ".join(f"{name} {value:g} {unit}" for name, value, unit in times if value is not None)
    row = _glossary("weightings")[weighting.value]
    words = tr(row["words"]) + "."
    if fat_dark and "fat_dark" in row:
        words = tr(row["fat_dark"]) + "."
    elif fat_dark and weighting is not Weighting.STIR:
        words = f"{words} {tr('Fat was made dark.')}"
    if look.inverted:
        words = f"{words} {tr('Here light and dark are exchanged.')}"
    return PictureFact(tr("Shows"), words, term)


def _contrast(header: Header) -> PictureFact | None:
    if header.modality not in ("CT", "MR", "XA"):
        return None
    given = contrast_of(header) is Contrast.YES
    words = tr("Yes, the file says that one was given.") if given else tr("The file does not mention one.")
    return PictureFact(tr("Contrast agent"), words, "(0018,0010)" if given else "")


def _kernel(header: Header) -> PictureFact | None:
    sharpness = sharpness_of(header)
    if sharpness is None:
        return None
    words = tr(SHARPNESS_WORDS[sharpness])
    return PictureFact(tr("Sharpness"), words, tr("kernel {name}", name=one_line(header.kernel, 40)))


# --- where


def _direction(slice_: Slice, look: Look) -> PictureFact:
    direction, letters = direction_of(slice_), letters_of(slice_, look)
    parts = []
    if direction is not None and not slice_.on_four_legs:
        lean = tr(", tilted by {n}°", n=round(direction[1])) if direction[1] >= LEAN else ""
        other = is_from_other_side(slice_.affine, direction[0]) != look.flipped
        words = OTHER_SIDE_WORDS.get(direction[0]) if other else None
        parts.append(f"{tr(words or DIRECTION_WORDS[direction[0]])}{lean}.")
    if letters is not None and letters.left and letters.top:
        left, top = tr(_edge_words(letters.left)), tr(_edge_words(letters.top))
        parts.append(tr("The left edge is {left}, the top edge is {top}.", left=left, top=top))
    else:
        parts.append(tr("The file does not say which side is which."))
    return PictureFact(tr("Direction"), " ".join(parts), direction[0].value if direction is not None else "")


def _edge_words(letters: str) -> str:
    """ "AH" → "the front"; of an animal "LE-D" → "the animal's left"."""
    strongest = letters.partition("-")[0]
    return EDGE_WORDS.get(strongest) or EDGE_WORDS[strongest[0]]


def _which(series: Series, slice_: Slice) -> PictureFact:
    total = len(series.frames)
    words = tr("{n} of {count}", n=slice_.index + 1, count=slice_.count)
    place = position_words(slice_, series)
    if place:
        words = f"{words}, {place}"
    if not slice_.is_stored:
        words = f"{words}. {tr('Cut through the set by Sidelight, not a picture of the scanner.')}"
    elif total > slice_.count:
        words = f"{words}; {count_of(total, '{n} picture in this set', '{n} pictures in this set')}"
    return PictureFact(tr("Which picture"), words)


def _thickness(series: Series, slice_: Slice) -> PictureFact | None:
    if is_projection(series):
        return None
    parts = []
    if slice_.thickness_mm is not None and slice_.is_stored:
        parts.append(tr("{mm} mm thick", mm=figure_words(slice_.thickness_mm)))
    if slice_.is_stored and series.step_mm is not None:
        parts.append(tr("{mm} mm from one picture to the next", mm=figure_words(series.step_mm)))
    elif slice_.is_stored and series.spacing_mm is not None:
        parts.append(tr("unevenly spaced"))
    return PictureFact(tr("Thickness"), ", ".join(parts), "") if parts else None


def _size(slice_: Slice) -> PictureFact:
    rows, columns = slice_.values.shape[:2]
    pixels = tr("{columns} × {rows} pixels", columns=columns, rows=rows)
    calibration = calibration_of(slice_)
    if slice_.regions:
        return PictureFact(tr("Size"), tr("{pixels}; its parts have scales of their own", pixels=pixels))
    if slice_.pixel_mm is None or calibration is None:
        return PictureFact(tr("Size"), tr("{pixels}; this picture has no scale", pixels=pixels))
    height, width = rows * slice_.pixel_mm[0], columns * slice_.pixel_mm[1]
    mm = tr("{width} × {height} mm", width=side_words(width), height=side_words(height))
    mm += unless_in_patient(calibration)
    one = " × ".join(dict.fromkeys(figure_words(side, 2) for side in reversed(slice_.pixel_mm)))
    return PictureFact(tr("Size"), f"{mm} ({pixels})", tr("one pixel is {mm} mm", mm=one))


def _stored(header: Header) -> PictureFact | None:
    if not header.lossy:
        return None
    words = tr("The clinic's computer left out fine detail to save room.")
    term = tr("lossy compression")
    if header.lossy_ratio and header.lossy_ratio >= 1:
        term = tr("lossy compression {ratio}:1", ratio=figure_words(header.lossy_ratio, 2))
    return PictureFact(tr("Stored"), words, term)
