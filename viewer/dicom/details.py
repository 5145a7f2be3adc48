"""On demand: structured reports as rows (PS3.3 C.17.3), encapsulated PDF (C.24)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from viewer.dicom.charset import person_name
from viewer.dicom.dataset import data_set
from viewer.dicom.fields import Fields
from viewer.dicom.references import SOP, Reference, references
from viewer.dicom.source import WRONG_BYTES, FileFacts, FileReader
from viewer.dicom.walk import MAX_DEPTH, Everything
from viewer.problem import ProblemError, problem
from viewer.text.dates import date_words
from viewer.text.plain import one_line
from viewer.text.translate import tr

MAX_ROWS = 20_000
MOST_QUOTED = 120  # letters of a line that another one stands for
_CONTENT, _KIND, _CONCEPT, _MEASURED, _NUMBER = 0x0040A730, 0x0040A040, 0x0040A043, 0x0040A300, 0x0040A30A
_UNIT, _CODE, _CODE_MEANING, _CODE_VALUE = 0x004008EA, 0x0040A168, 0x00080104, 0x00080100
_TEXT, _UID, _PERSON, _DAY, _TIME, _MOMENT = 0x0040A160, 0x0040A124, 0x0040A123, 0x0040A121, 0x0040A122, 0x0040A120
_WHY_NONE, _REFERENCED = 0x0040A301, 0x0040DB73
_DOCUMENT, _DOCUMENT_LENGTH, _GRAPHIC = 0x00420011, 0x00420015, 0x00700023
_SHAPES = {"POINT": "a point", "MULTIPOINT": "points", "POLYLINE": "a line", "POLYGON": "an outline",
           "CIRCLE": "a circle", "ELLIPSE": "an ellipse", "ELLIPSOID": "an ellipsoid"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SrRow:
    """One content item: its depth (0 = title), concept, value as text, and the pictures or objects it points at."""

    level: int
    name: str
    value: str
    references: tuple[Reference, ...] = ()


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
    told: dict[tuple[int, ...], SrRow] = {}  # by place in the tree: 1, then the number of the child at each depth
    meant: list[tuple[int, tuple[int, ...]]] = []  # rows that stand for another one
    waiting: list[tuple[Fields, tuple[int, ...]]] = [(root, (1,))] if _CONCEPT in root or _CONTENT in root else []
    while waiting and len(rows) < MAX_ROWS:
        item, place = waiting.pop()
        level = len(place) - 1
        told[place] = SrRow(level, _meaning(item.item(_CONCEPT)), _value(item), references(item, SOP))
        if _REFERENCED in item:
            meant.append((len(rows), item.numbers(_REFERENCED, 4)))
        rows.append(told[place])
        if level < MAX_DEPTH:
            waiting += [(child, (*place, n)) for n, child in reversed(list(enumerate(item.items(_CONTENT), 1)))]
    for row, place in meant:
        rows[row] = _by_reference(rows[row], told.get(place))
    return rows


def _by_reference(row: SrRow, other: SrRow | None) -> SrRow:
    """A row that stands for another one of the report (0040,DB73), by its place in the tree (PS3.3 C.17.3.2.5)."""
    if other is None:
        return replace(row, value=tr("points at a line that is not shown here"))
    words = one_line(": ".join(part for part in (other.name, other.value) if part), MOST_QUOTED)
    return replace(row, value=tr("see “{words}”", words=words) if words else "", references=other.references)


def _meaning(code: Fields | None) -> str:
    return (code.text(_CODE_MEANING) or code.text(_CODE_VALUE)) if code is not None else ""


def _value(item: Fields) -> str:
    """What a row holds, in words; "" for one that only names or holds others."""
    read = _VALUES.get(item.word(_KIND))
    return read(item) if read is not None else ""


def _measured(item: Fields) -> str:
    """A number with its unit, or why there is none."""
    measured = item.item(_MEASURED)
    if measured is None:
        return _meaning(item.item(_WHY_NONE))
    unit = _meaning(measured.item(_UNIT))
    return " ".join(part for part in (measured.text(_NUMBER), "" if unit == "no units" else unit) if part)


def _clock(text: str) -> str:
    """ "14:32" from "143207.5"; what is no time as it stands."""
    return f"{text[:2]}:{text[2:4]}" if text[:4].isdecimal() and len(text) >= 4 else text


def _moment(text: str) -> str:
    """ "12 March 2024 at 14:32" from "20240312143207+0100"; what is no moment as it stands."""
    day = date_words(text[:8])
    if not day or not text[8:12].isdecimal():
        return day or text
    return tr("{date} at {time}", date=day, time=_clock(text[8:12]))


def _shape(item: Fields) -> str:
    return tr(_SHAPES.get(item.word(_GRAPHIC), "a drawing"))


_VALUES: dict[str, Callable[[Fields], str]] = {
    "TEXT": lambda item: item.long_text(_TEXT),
    "UIDREF": lambda item: item.long_text(_UID),
    "PNAME": lambda item: person_name(item.raw(_PERSON), item.declared)[0],
    "DATE": lambda item: date_words(item.text(_DAY)) or item.text(_DAY),
    "TIME": lambda item: _clock(item.text(_TIME)),
    "DATETIME": lambda item: _moment(item.text(_MOMENT)),
    "CODE": lambda item: _meaning(item.item(_CODE)),
    "NUM": _measured,
    "SCOORD": _shape,
    "SCOORD3D": _shape,
}
"""How a row of each value type (PS3.3 C.17.3.2.1) is told."""


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
    """The bytes of a document inside a file (0042,0011), without the one that makes them even where the file tells their
    length (0042,0015); b"" without. Raises ProblemError."""
    fields = data_set(medium, found, {_DOCUMENT, _DOCUMENT_LENGTH}).fields
    document = fields.raw(_DOCUMENT)
    length = next(iter(fields.numbers(_DOCUMENT_LENGTH, 4)), len(document))
    return document[:length] if length == len(document) - 1 else document
