"""Plain names: "Lower back, MRI" for an examination, "From the side, T2" for a series. Words come from tables."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from viewer.dicom.header import Header
from viewer.geometry.affine import normal_of
from viewer.geometry.direction import nearest_plane
from viewer.geometry.plane import Plane
from viewer.index.kind import is_localizer
from viewer.index.model import Frame, SeriesKind
from viewer.index.objects import is_screen_picture, not_picture
from viewer.index.split import common_direction, image_type
from viewer.text.resources import resource
from viewer.text.translation import tr

_PLANES = {Plane.AXIAL: "From below", Plane.CORONAL: "From the front", Plane.SAGITTAL: "From the side"}
_WORDS = re.compile(r"[^\W_]+")
_SHORT = 4  # words up to this length must stand alone; "hip" is not in "ship"


@dataclass(frozen=True, slots=True)
class Word:
    """A row of a word table: what to say, and the keywords (several languages) that call for it."""

    say: str
    keywords: tuple[str, ...]


@cache
def words(table: str) -> tuple[Word, ...]:
    """The rows of `resources/words/TABLE.json`: [["say", "keyword", …], …]; earlier rows win."""
    rows = json.loads(resource("words", f"{table}.json").read_text("utf-8"))
    return tuple(Word(row[0], tuple(folded(keyword) for keyword in row[1:])) for row in rows)


def folded(text: str) -> str:
    """Lower case without accents, words separated by single spaces, digits kept with their letters."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("*", "star"))
    return " ".join(_WORDS.findall("".join(c for c in plain if not unicodedata.combining(c))))


def find_word(table: str, texts: Iterable[str]) -> str:
    """What the table says to the first of `texts` in which it finds a keyword; "" for none."""
    for text in texts:
        plain = folded(text)
        padded, found = f" {plain} ", None
        if plain:
            found = next((row for row in words(table) if any(_fits(key, plain, padded) for key in row.keywords)), None)
        if found is not None:
            return found.say
    return ""


def _fits(keyword: str, plain: str, padded: str) -> bool:
    return f" {keyword} " in padded or ((len(keyword) > _SHORT or not keyword.isascii()) and keyword in plain)


def study_name(headers: Sequence[Header]) -> str:
    """The part of the body and the kinds of scan, e.g. "Lower back, MRI"; the kinds alone where no part is told."""
    pictures = [header for header in headers if header.pixels is not None] or headers
    part = find_word("body", _told(pictures))
    kinds = list(dict.fromkeys(_modality(h) for h in pictures if not is_screen_picture(h)))
    known = [kind for kind in kinds if kind] or [tr("Pictures")]
    together = tr(" and ").join(known[:3])
    return f"{tr(part)}, {together}" if part else together[:1].upper() + together[1:]


def _told(headers: Sequence[Header]) -> list[str]:
    """Texts that may name the part of the body, the most trustworthy first."""
    studies = dict.fromkeys(header.study_description for header in headers)
    parts = dict.fromkeys(header.body_part for header in headers)
    rest = dict.fromkeys(text for header in headers for text in (header.protocol, header.series_description))
    return [text for text in (*studies, *parts, *rest) if text]


def _modality(header: Header) -> str:
    say = next((row.say for row in words("modality") if header.modality.casefold() in row.keywords), "")
    return tr(say) if say else ""


def series_name(frames: Sequence[Frame], kind: SeriesKind) -> str:
    """Direction, kind of scan and what is special, e.g. "From the side, T2"."""
    header = frames[0].header
    plane = _plane(frames)
    if is_localizer(frames[0]):
        return ", ".join([tr("Overview"), *([plane[0].lower() + plane[1:]] if plane else [])])
    if is_screen_picture(header):
        dose = find_word("special", [header.series_description, header.protocol]) == "Dose table"
        return tr("Dose table") if dose else tr("Screen picture")
    scan = _mr_words(frames[0]) if header.modality == "MR" else _other_words(header, kind)
    parts = [plane, *scan] if plane else [*scan]
    name = ", ".join(part for part in parts if part) or tr("Pictures")
    return name[:1].upper() + name[1:]


def document_name(header: Header) -> str:
    """The plain name of an object that is not a picture."""
    row = not_picture(header)
    return tr(row.name) if row is not None else tr("Damaged pictures")


def _plane(frames: Sequence[Frame]) -> str:
    if not common_direction(frames):
        return ""
    normal = normal_of(frames[0].facts.orientation)
    return tr(_PLANES[nearest_plane(normal)]) if normal is not None else ""


def _other_words(header: Header, kind: SeriesKind) -> list[str]:
    what = _modality(header) or tr("picture")
    if kind is SeriesKind.CINE:
        what = tr("{what} film", what=what)
    part = ""
    if header.modality in ("CR", "DX", "RG", "MG", "XA", "RF"):
        part = tr(find_word("body", [header.body_part, header.series_description, header.study_description])).lower()
        side = {"L": tr("left"), "R": tr("right")}.get(header.laterality.upper(), "")
        part = " ".join(text for text in (part, side) if text)
    return [what, _kernel(header), part, _agent(header) if header.modality == "CT" else ""]


def _agent(header: Header) -> str:
    return tr("with contrast agent") if header.contrast_agent else ""


def _kernel(header: Header) -> str:
    if header.modality != "CT" or not header.kernel:
        return ""
    siemens = re.fullmatch(r"[A-Z]{1,2}(\d\d)[a-z]?.*", header.kernel.split("\\")[0].strip())
    if siemens:
        return tr("sharp (bone)") if int(siemens[1]) >= 60 else tr("soft") if int(siemens[1]) <= 49 else ""
    say = find_word("kernel", [header.kernel])
    return tr(say) if say else ""


def _mr_words(frame: Frame) -> list[str]:
    header = frame.header
    told = (header.series_description, header.protocol, header.sequence_name)
    special = find_word("special", told)
    weight = find_word("weighting", told) or _weighting(frame)
    if special in ("Map of diffusion (ADC)", "Diffusion", "Activity (fMRI)", "Blood flow", "Angiography"):
        weight = ""
    picture = _mr_picture(frame)
    fat = find_word("fat", told)
    agent = _agent(header) if weight == "T1" or find_word("agent", told) else ""
    said = [tr(word) if word else "" for word in (weight, special.lower() if weight else special, fat)]
    found = [word for word in (*said, picture, agent) if word]
    return found or [_modality(header)]


def _mr_picture(frame: Frame) -> str:
    """Phase and the like, told by the third value of the image type."""
    values = image_type(frame)
    names = {"P": "phase", "R": "real part", "I": "imaginary part", "PHASE": "phase", "PHASE MAP": "phase"}
    say = next((names[value] for value in values[2:4] if value in names), "")
    return tr(say) if say else ""


def _weighting(frame: Frame) -> str:
    """From the times of the sequence, only where they leave no doubt."""
    header = frame.header
    repetition, echo = header.repetition_time, header.echo_time if header.echo_time is not None else frame.facts.echo
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
