"""On demand: structured reports as rows (PS3.3 C.17.3), encapsulated PDF (C.24), every tag of a file for the curious."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.dicom.dataset import data_set
from viewer.dicom.fields import Fields
from viewer.dicom.references import SOP, Reference, references
from viewer.dicom.source import WRONG_BYTES, FileFacts, FileReader
from viewer.dicom.walk import MAX_DEPTH, Everything
from viewer.problem import ProblemError, problem
from viewer.text.plain import one_line
from viewer.text.translate import tr

MAX_ROWS = 20_000
_CONTENT, _KIND, _CONCEPT, _MEASURED, _NUMBER = 0x0040A730, 0x0040A040, 0x0040A043, 0x0040A300, 0x0040A30A
_UNIT, _CODE, _CODE_MEANING, _CODE_VALUE = 0x004008EA, 0x0040A168, 0x00080104, 0x00080100
_TEXTS = {
    "TEXT": 0x0040A160, "PNAME": 0x0040A123, "DATE": 0x0040A121, "TIME": 0x0040A122, "DATETIME": 0x0040A120,
    "UIDREF": 0x0040A124,
}  # fmt: skip
_DOCUMENT, _GRAPHIC = 0x00420011, 0x00700023
_SHAPES = {"POINT": "a point", "MULTIPOINT": "points", "POLYLINE": "a line", "POLYGON": "an outline",
           "CIRCLE": "a circle", "ELLIPSE": "an ellipse", "ELLIPSOID": "an ellipsoid"}  # fmt: skip
_SHOWN = 128


@dataclass(frozen=True, slots=True)
class SrRow:
    """One content item: its depth (0 = title), concept, value as text, and the pictures or objects it points at."""

    level: int
    name: str
    value: str
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class TagRow:
    """One element: depth, tag as "(0028,0010)", name from the dictionary or "", value as text (shortened)."""

    level: int
    tag: str
    name: str
    value: str


def read_sr(medium: FileReader, found: FileFacts | str) -> tuple[SrRow, ...]:
    """The tree of a structured report, key object selection or dose report as rows, in reading order.

    Raises ProblemError: not readable, damaged, or no content in it.
    """
    where = found if isinstance(found, str) else found.path
    try:
        rows = _rows(data_set(medium, found, Everything()).fields)
    except WRONG_BYTES as error:
        raise ProblemError(problem("file_damaged", where)) from error
    if not rows:
        raise ProblemError(problem("report_empty", where))
    return tuple(rows)


def _rows(root: Fields) -> list[SrRow]:
    rows: list[SrRow] = []
    waiting: list[tuple[Fields, int]] = [(root, 0)] if _CONCEPT in root or _CONTENT in root else []
    while waiting and len(rows) < MAX_ROWS:
        item, level = waiting.pop()
        rows.append(SrRow(level, _meaning(item.item(_CONCEPT)), _value(item), references(item, SOP)))
        if level < MAX_DEPTH:
            waiting.extend((child, level + 1) for child in reversed(item.items(_CONTENT)))
    return rows


def _meaning(code: Fields | None) -> str:
    return (code.text(_CODE_MEANING) or code.text(_CODE_VALUE)) if code is not None else ""


def _value(item: Fields) -> str:
    kind = item.word(_KIND)
    if kind in _TEXTS:
        return item.long_text(_TEXTS[kind])
    if kind == "CODE":
        return _meaning(item.item(_CODE))
    if kind == "NUM" and (measured := item.item(_MEASURED)) is not None:
        unit = _meaning(measured.item(_UNIT))
        return " ".join(part for part in (measured.text(_NUMBER), "" if unit == "no units" else unit) if part)
    if kind in ("SCOORD", "SCOORD3D"):
        return tr(_SHAPES.get(item.word(_GRAPHIC), "a drawing"))
    return ""


def read_encapsulated_pdf(medium: FileReader, found: FileFacts | str) -> bytes:
    """The bytes of the PDF inside an encapsulated document, from "%PDF-" on. Raises ProblemError where there is none."""
    where = found if isinstance(found, str) else found.path
    document = encapsulated(medium, found)
    start = document.find(b"%PDF-", 0, 1024)
    if start < 0:
        raise ProblemError(problem("document_missing", where))
    end = document.rfind(b"%%EOF")
    return document[start : end + 5] + b"\n" if end > start else document[start:]


def encapsulated(medium: FileReader, found: FileFacts | str) -> bytes:
    """The bytes of a document inside a file (0042,0011); b"" without. Raises ProblemError."""
    return data_set(medium, found, {_DOCUMENT}).fields.raw(_DOCUMENT)


def tag_rows(medium: FileReader, found: FileFacts | str) -> tuple[TagRow, ...]:
    """Every element before the picture as rows, sequences opened. Raises ProblemError."""
    from pydicom.datadict import dictionary_description, dictionary_has_tag, dictionary_VR

    rows: list[TagRow] = []
    root = data_set(medium, found, Everything()).fields
    waiting = [(root, 0, sorted(root.values, reverse=True))]
    while waiting and len(rows) < MAX_ROWS:
        fields, level, tags = waiting[-1]
        if not tags:
            waiting.pop()
            continue
        tag = tags.pop()
        known = dictionary_has_tag(tag)
        vr = dictionary_VR(tag) if known else ""
        name = dictionary_description(tag) if known else ""
        rows.append(TagRow(level, f"({tag >> 16:04X},{tag & 0xFFFF:04X})", name, _shown(fields, tag, vr)))
        if vr == "SQ" and level < MAX_DEPTH:
            waiting.extend((item, level + 1, sorted(item.values, reverse=True)) for item in reversed(fields.items(tag)))
    return tuple(rows)


def _shown(fields: Fields, tag: int, vr: str) -> str:
    raw = fields.raw(tag)
    if vr == "SQ":
        return ""
    if vr in ("US", "SS", "US or SS") and len(raw) <= 2 * _SHOWN:
        return " ".join(str(number) for number in fields.numbers(tag, 2, vr == "SS"))
    if vr in ("UL", "SL") and len(raw) <= 4 * _SHOWN:
        return " ".join(str(number) for number in fields.numbers(tag, 4, vr == "SL"))
    if vr in ("FD", "FL") and len(raw) <= 8 * _SHOWN:
        found = fields.singles(tag) if vr == "FL" else fields.doubles(tag)
        return " ".join("?" if number is None else f"{number:g}" for number in found)
    text = one_line(fields.text(tag), _SHOWN) if len(raw) < 64 * 1024 else ""
    readable = bool(text) and sum(not c.isprintable() or c == "\ufffd" for c in text) == 0 and b"\0" not in raw[:-1]
    return text if readable or not raw else f"{len(raw)} bytes"
