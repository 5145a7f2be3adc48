"""Presentation states: how somebody left a picture on the screen, to be put back on request (PS3.3 A.33, C.10, C.11).

Rule R-O3: a state holds for the pictures and frames it names, and its chain takes the place of theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import numpy as np

from viewer.dicom.dataset import data_set
from viewer.dicom.fields import Fields
from viewer.dicom.header import FileWindow, Lut, Palette, Shutter
from viewer.dicom.profile import PROFILE, colour_profile, to_screen
from viewer.dicom.references import IMAGES, Reference, by_series, references
from viewer.dicom.shutters import SHUTTER_TAGS, bitmap_group, shutters_of
from viewer.dicom.source import WRONG_BYTES, FileFacts, FileReader
from viewer.dicom.tables import luts, palette, windows
from viewer.problem import ProblemError, problem

MOST_GRAPHICS = 5_000
MOST_POINTS = 200_000
MOST_TEXTS = 1_000
LONGEST_TEXT = 1_024
FARTHEST = 1e6  # pixels: a drawing that far out is nonsense

Point = tuple[float, float]
_Made = TypeVar("_Made")

_LABEL, _DESCRIPTION, _DAY = 0x00700080, 0x00700081, 0x00700082
_FLIP, _ROTATION, _SHAPE, _PRESENTATION_TABLE = 0x00700041, 0x00700042, 0x20500020, 0x20500010
_VOI, _AREAS, _ANNOTATIONS, _SERIES = 0x00283110, 0x0070005A, 0x00700001, 0x00081115
_INTERCEPT, _SLOPE, _MODALITY_TABLE, _VOI_TABLE, _MASK, _PALETTE = (
    0x00281052,
    0x00281053,
    0x00283000,
    0x00283010,
    0x00286100,
    0x00281101,
)
# tables of red, green and blue, whole or in segments, and what their colours are (PS3.3 C.7.9, C.11.15)
_COLOURS = frozenset(
    {_PALETTE, 0x00281102, 0x00281103, *range(0x00281201, 0x00281204), *range(0x00281221, 0x00281224), PROFILE}
)
_OVERLAYS = frozenset(range(0x60003000, 0x60203000, 0x20000))  # drawn by the state itself (PS3.3 A.33.1, C.9.2)
LISTED = frozenset({_LABEL, _DESCRIPTION, _DAY, _SERIES, 0x00080005})
_WANTED = LISTED | {
    _FLIP, _ROTATION, _SHAPE, _PRESENTATION_TABLE, _VOI, _AREAS, _ANNOTATIONS, _INTERCEPT, _SLOPE, _MODALITY_TABLE, _MASK,
    *_COLOURS, *_OVERLAYS,
} | SHUTTER_TAGS  # fmt: skip
_KINDS = frozenset({"POLYLINE", "CIRCLE", "ELLIPSE", "POINT", "INTERPOLATED"})


class Graphic(NamedTuple):
    """A drawing: its points (x, y) in pixels from the corner of the picture, or in 0…1 of the displayed area."""

    kind: str
    points: tuple[Point, ...]
    in_display: bool = False
    filled: bool = False


class Text(NamedTuple):
    """Words at a place; `anchor` is the point they tell of."""

    words: str
    at: Point
    in_display: bool = False
    anchor: Point | None = None
    anchor_in_display: bool = False


class Annotation(NamedTuple):
    """Drawings and words for some pictures (none named: all)."""

    pictures: tuple[Reference, ...]
    graphics: tuple[Graphic, ...]
    texts: tuple[Text, ...]


class Area(NamedTuple):
    """The part of the picture to show: first and last (column, row), from 1 and maybe outside. `aspect`: height of a
    pixel / its width on the screen it was saved on, None where that is not told."""

    pictures: tuple[Reference, ...]
    first: tuple[int, int]
    last: tuple[int, int]
    aspect: float | None = None


class Voi(NamedTuple):
    """Windows and tables for some pictures, in the values that the state's own rescale or table gives."""

    pictures: tuple[Reference, ...]
    windows: tuple[FileWindow, ...]
    tables: tuple[Lut, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedState:
    """What a list says of a state without reading all of it."""

    label: str
    description: str
    day: str  # YYYYMMDD or ""
    pictures: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Presentation:
    """One state. `turned` counts quarter turns clockwise, *then* `flipped` exchanges left and right.

    slope, intercept: the state's own rescale (1 and 0 where it has none); `modality_table` takes its place.
    `table`: the presentation LUT, which takes the place of `inverted`. `colours`: in which grey values are painted, from
    the darkest to the brightest. left_out: what is in the state but is not applied: "table" (a damaged one), "mask",
    "colours" (damaged ones), "bitmap", "overlay", "angle".
    """

    listed: ListedState
    turned: int = 0
    flipped: bool = False
    inverted: bool = False
    slope: float = 1.0
    intercept: float = 0.0
    modality_table: Lut | None = None
    table: Lut | None = None
    colours: Palette | None = None
    vois: tuple[Voi, ...] = ()
    areas: tuple[Area, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    shutters: tuple[Shutter, ...] = ()
    left_out: tuple[str, ...] = ()

    def holds(self, uid: str, frame: int) -> bool:
        """Whether the state is for this frame."""
        return any(one.holds(uid, frame) for one in self.listed.pictures)


def applies(pictures: tuple[Reference, ...], uid: str, frame: int) -> bool:
    """Whether a part of a state is for this frame; one that names no picture is for all of the state's."""
    return not pictures or any(one.holds(uid, frame) for one in pictures)


def list_presentation(medium: FileReader, found: FileFacts | str) -> ListedState:
    """Name and pictures of a state. Raises ProblemError."""
    return _guarded(medium, found, LISTED, _listed)


def read_presentation(medium: FileReader, found: FileFacts | str) -> Presentation:
    """All of a state that can be applied. Raises ProblemError."""
    return _guarded(medium, found, _WANTED, _presentation)


def _guarded(
    medium: FileReader, found: FileFacts | str, wanted: Container[int], make: Callable[[Fields], _Made]
) -> _Made:
    try:
        return make(data_set(medium, found, wanted).fields)
    except WRONG_BYTES as error:
        raise ProblemError(problem("file_damaged", found if isinstance(found, str) else found.path)) from error


def _listed(fields: Fields) -> ListedState:
    pictures = tuple(one for _, held in by_series(fields) for one in held)
    return ListedState(fields.text(_LABEL), fields.text(_DESCRIPTION), fields.text(_DAY), pictures)


def _presentation(fields: Fields) -> Presentation:
    rotation = fields.number(_ROTATION) or 0
    slope, intercept = fields.decimal(_SLOPE), fields.decimal(_INTERCEPT)
    budget = _Budget()
    tables, broken = luts(fields, _PRESENTATION_TABLE, False)
    modality, broken_modality = luts(fields, _MODALITY_TABLE, False)
    vois = [_voi(item) for item in fields.items(_VOI, 1_000)]
    damaged = broken or broken_modality or any(bad for _, bad in vois)
    return Presentation(
        listed=_listed(fields),
        turned=rotation // 90 % 4,
        flipped=fields.word(_FLIP) == "Y",
        inverted=fields.word(_SHAPE) == "INVERSE",
        slope=slope or 1.0,
        intercept=(intercept or 0.0) if slope else 0.0,
        modality_table=modality[0] if modality else None,
        table=tables[0] if tables else None,
        colours=_colours(fields),
        vois=tuple(voi for voi, _ in vois),
        areas=tuple(area for item in fields.items(_AREAS, 1_000) if (area := _area(item)) is not None),
        annotations=tuple(_annotation(item, budget) for item in fields.items(_ANNOTATIONS, 1_000)),
        shutters=shutters_of(fields),
        left_out=tuple(_left_out(fields, rotation, damaged)),
    )


def _colours(fields: Fields) -> Palette | None:
    """The palette as colours of a screen; None without one, or with a damaged one."""
    found = palette(fields, False) if _PALETTE in fields else None
    profile = colour_profile(fields.raw(PROFILE))[0] if found is not None else None
    if found is None or profile is None:
        return found
    return replace(found, colours=to_screen(found.colours, profile))


def _voi(item: Fields) -> tuple[Voi, bool]:
    """(windows and tables, whether a table is damaged)."""
    tables, damaged = luts(item, _VOI_TABLE, False)
    return Voi(references(item, IMAGES), windows(item), tables), damaged


def _left_out(fields: Fields, rotation: int, damaged: bool) -> Iterator[str]:
    if damaged:
        yield "table"
    if _MASK in fields:
        yield "mask"
    if _PALETTE in fields and _colours(fields) is None:
        yield "colours"
    if "BITMAP" in fields.words(0x00181600):
        yield "bitmap"
    covering = bitmap_group(fields)
    if any(tag in fields and tag >> 16 != covering for tag in _OVERLAYS):
        yield "overlay"
    if rotation % 90:
        yield "angle"


class _Budget:
    """How much may still be drawn: counted before anything is made."""

    def __init__(self) -> None:
        self.graphics, self.points, self.texts = MOST_GRAPHICS, MOST_POINTS, MOST_TEXTS

    def take(self, points: int) -> bool:
        """Whether one more drawing of so many points is allowed."""
        if self.graphics <= 0 or points > self.points:
            return False
        self.graphics, self.points = self.graphics - 1, self.points - points
        return True


def _annotation(item: Fields, budget: _Budget) -> Annotation:
    graphics = (_graphic(one, budget) for one in item.items(0x00700009, MOST_GRAPHICS))
    texts = (_text(one, budget) for one in item.items(0x00700008, MOST_TEXTS))
    return Annotation(
        references(item, IMAGES),
        tuple(one for one in graphics if one is not None),
        tuple(one for one in texts if one is not None),
    )


def _graphic(item: Fields, budget: _Budget) -> Graphic | None:
    """(0070,0009): PS3.3 C.10.5.1.2."""
    kind = item.word(0x00700023)
    if kind not in _KINDS or not budget.take(len(item.raw(0x00700022)) // 8):
        return None
    points = pairs(item, 0x00700022)
    if not points:
        return None
    return Graphic(kind, points, item.word(0x00700005) == "DISPLAY", item.word(0x00700024) == "Y")


def _text(item: Fields, budget: _Budget) -> Text | None:
    words = item.long_text(0x00700006)[:LONGEST_TEXT].strip()
    corner, anchor = pairs(item, 0x00700010), pairs(item, 0x00700014)
    if not words or not (corner or anchor) or budget.texts <= 0:
        return None
    budget.texts -= 1
    anchor_in_display = item.word(0x00700004) == "DISPLAY"
    pointed = anchor[0] if anchor and item.word(0x00700015) == "Y" else None
    if not corner:
        return Text(words, anchor[0], anchor_in_display, pointed, anchor_in_display)
    return Text(words, corner[0], item.word(0x00700003) == "DISPLAY", pointed, anchor_in_display)


def pairs(item: Fields, tag: int) -> tuple[Point, ...]:
    """Points (x, y) of an FL; () where one of them is no number."""
    raw = item.raw(tag)
    found = np.frombuffer(raw[: len(raw) // 8 * 8], "<f4" if item.encoding.little else ">f4").astype(np.float64)
    if not np.isfinite(found).all() or (np.abs(found) > FARTHEST).any():
        return ()
    return tuple((x, y) for x, y in found.reshape(-1, 2).tolist())


def _area(item: Fields) -> Area | None:
    first, last = item.numbers(0x00700052, 4, signed=True), item.numbers(0x00700053, 4, signed=True)
    if len(first) != 2 or len(last) != 2 or max(map(abs, (*first, *last))) > FARTHEST:
        return None
    (x0, x1), (y0, y1) = sorted((first[0], last[0])), sorted((first[1], last[1]))
    return Area(references(item, IMAGES), (x0, y0), (x1, y1), _aspect(item)) if x0 < x1 and y0 < y1 else None


def _aspect(item: Fields) -> float | None:
    """Presentation Pixel Spacing (rows, columns), else Aspect Ratio (vertical, horizontal): PS3.3 C.10.4."""
    for tag in (0x00700101, 0x00700102):
        told = [value for value in item.decimals(tag) if value is not None and 0 < value < FARTHEST]
        if len(told) == 2:
            return told[0] / told[1]
    return None
