"""Structure sets: outlines drawn for planning a radiotherapy, in the patient's millimetres (PS3.3 C.8.8.5, C.8.8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from viewer.dicom.colour import Colour, spare
from viewer.dicom.dataset import data_set
from viewer.dicom.fields import Fields
from viewer.dicom.source import WRONG_BYTES, FileFacts, FileReader
from viewer.problem import ProblemError, problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_STRUCTURES = 2_000
MOST_CONTOURS = 200_000
MOST_POINTS = 4_000_000
FARTHEST_MM = 1e5
_LABEL, _ROIS, _CONTOURS, _REFERENCES, _CURVES = 0x30060002, 0x30060020, 0x30060039, 0x30060010, 0x30060040
_KINDS = {"POINT": "point", "OPEN_PLANAR": "open", "OPEN_NONPLANAR": "open", "CLOSED_PLANAR": "closed",
          "CLOSEDPLANAR_XOR": "closed", "CLOSED_PLANAR_XOR": "closed"}  # fmt: skip


class Structure(NamedTuple):
    """One structure: its number in the file, name, colour, the coordinate system its outlines are in, and whether it has
    any: planning programs keep names that nobody drew."""

    number: int
    name: str
    colour: Colour
    frame_of_reference: str
    is_drawn: bool = True


class Contour(NamedTuple):
    """points (n, 3) in LPS mm; kind "closed", "open" or "point"."""

    kind: str
    points: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StructureSet:
    """The structures of a file, and their outlines by number where those were read. `damaged`: outlines left out."""

    label: str
    structures: tuple[Structure, ...]
    series: tuple[str, ...]
    contours: dict[int, tuple[Contour, ...]]
    damaged: int = 0


def list_structures(medium: FileReader, found: FileFacts | str) -> StructureSet:
    """Names and colours. Raises ProblemError."""
    return _guarded(medium, found, full=False)


def read_structures(medium: FileReader, found: FileFacts | str) -> StructureSet:
    """With all outlines. Raises ProblemError."""
    return _guarded(medium, found, full=True)


def _guarded(medium: FileReader, found: FileFacts | str, *, full: bool) -> StructureSet:
    try:
        wanted = {0x00080005, 0x00200052, _LABEL, _ROIS, _CONTOURS, _REFERENCES}
        return _structures(data_set(medium, found, wanted).fields, full)
    except WRONG_BYTES as error:
        raise ProblemError(problem("file_damaged", found if isinstance(found, str) else found.path)) from error


def _structures(fields: Fields, full: bool) -> StructureSet:
    told: dict[int, list[Fields]] = {}  # 0 is a number as well, and one structure may have several items
    for item in fields.items(_CONTOURS, MOST_STRUCTURES):
        if (number := item.integer(0x30060084)) is not None:
            told.setdefault(number, []).append(item)
    common, series = _referenced(fields)
    structures = []
    for place, item in enumerate(fields.items(_ROIS, MOST_STRUCTURES)):
        number = item.integer(0x30060022)
        if number is None:
            continue
        own = told.get(number, [])
        colour = next(filter(None, map(_colour, own)), None)
        reference = item.uid(0x30060024) or common
        is_drawn = any(one.items(_CURVES, 1) for one in own)
        structures.append(Structure(number, item.text(0x30060026), colour or spare(place), reference, is_drawn))
    reader = _Contours()
    contours = (
        {number: tuple(chain.from_iterable(map(reader.read, own))) for number, own in told.items()} if full else {}
    )
    return StructureSet(fields.text(_LABEL), tuple(structures), series, contours, reader.damaged)


def _referenced(fields: Fields) -> tuple[str, tuple[str, ...]]:
    """(the first coordinate system named, Series Instance UIDs)."""
    common, series = fields.uid(0x00200052), []
    for reference in fields.items(_REFERENCES, 100):
        common = common or reference.uid(0x00200052)
        for study in reference.items(0x30060012, 100):
            series += [one.uid(0x0020000E) for one in study.items(0x30060014, 1_000)]
    return common, tuple(uid for uid in series if uid)


def _colour(item: Fields) -> Colour | None:
    values = [value for value in item.decimals(0x3006002A) if value is not None and 0 <= value <= 255]
    return (int(values[0]), int(values[1]), int(values[2])) if len(values) == 3 else None


class _Contours:
    """Reads outlines as long as there is room for their points."""

    def __init__(self) -> None:
        self.damaged = 0
        self._contours, self._points = MOST_CONTOURS, MOST_POINTS

    def read(self, item: Fields) -> tuple[Contour, ...]:
        found = (self._contour(one) for one in item.items(_CURVES, MOST_CONTOURS))
        return tuple(one for one in found if one is not None)

    def _contour(self, item: Fields) -> Contour | None:
        kind, raw = _KINDS.get(item.word(0x30060042)), item.raw(0x30060050)
        count = raw.count(b"\\") // 3 + 1
        if kind is None or self._contours <= 0 or count > self._points or len(raw) > 512 * count:
            self.damaged += 1
            return None
        self._contours, self._points = self._contours - 1, self._points - count
        points = _points(raw)
        if points is None:
            self.damaged += 1
            return None
        return Contour(kind, points)


def _points(raw: bytes) -> NDArray[np.float64] | None:
    """(n, 3) of a DS of triples; None where it is none."""
    try:
        told = raw.strip(b" \0").split(b"\\")
        values = np.fromiter(map(float, told), np.float64, len(told))  # ten times as fast as numpy reads texts
    except ValueError:
        return None
    if not values.size or values.size % 3 or not np.isfinite(values).all() or float(np.abs(values).max()) > FARTHEST_MM:
        return None
    return values.reshape(-1, 3)
