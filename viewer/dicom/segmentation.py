"""Segmentations: which pixels belong to what, one frame for each part and place (PS3.3 A.51, C.8.20; rule R-O5).

The places of the frames stand in `Header.per_frame`, the pixels are read like those of pictures; here is what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from viewer.dicom.colour import Colour, from_cielab, spare
from viewer.dicom.dataset import data_set
from viewer.dicom.fields import Fields
from viewer.dicom.references import SERIES, Reference, by_series, reference
from viewer.dicom.sop_class import LABEL_MAP
from viewer.dicom.source import WRONG_BYTES, FileFacts, FileReader
from viewer.problem import ProblemError, problem

MOST_SEGMENTS = 2_000
MOST_FRAMES = 50_000
LEAST_BETWEEN_MM, MOST_BETWEEN_MM = 0.01, 1e4
_TYPE, _FULL, _SEGMENTS, _SHARED, _FRAMES = 0x00620001, 0x0062000E, 0x00620002, 0x52009229, 0x52009230
_NUMBER, _LABEL, _CIELAB = 0x00620004, 0x00620005, 0x0062000D
_IDENTIFIED, _SEGMENT_OF, _DERIVED, _SOURCE, _PRESERVED = 0x0062000A, 0x0062000B, 0x00089124, 0x00082112, 0x0028135A
_MEASURES, _BETWEEN = 0x00289110, 0x00180088


class Segment(NamedTuple):
    """One part: its number in the file, what it is called, its colour."""

    number: int
    label: str
    colour: Colour


class SegmentFrame(NamedTuple):
    """Frame `number` (from 1): the segment it shows (0 in a label map: all), and the pictures it was drawn on unless the
    file says that rows and columns are not theirs."""

    number: int
    segment: int
    sources: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Segmentation:
    """A pixel of a frame belongs where its value is at least `least`, or in a label map equals the segment's number.
    between_mm: of neighbouring planes, empty ones counted, where the file tells (0018,0088)."""

    segments: tuple[Segment, ...]
    frames: tuple[SegmentFrame, ...] = ()
    series: tuple[str, ...] = ()
    least: int = 1
    is_label_map: bool = False
    is_fractional: bool = False
    between_mm: float | None = None


def list_segmentation(medium: FileReader, found: FileFacts | str) -> Segmentation:
    """Names and colours of the parts, without the frames. Raises ProblemError."""
    return _guarded(medium, found, full=False)


def read_segmentation(medium: FileReader, found: FileFacts | str) -> Segmentation:
    """What each frame shows. Raises ProblemError."""
    return _guarded(medium, found, full=True)


def _guarded(medium: FileReader, found: FileFacts | str, *, full: bool) -> Segmentation:
    wanted = {0x00080005, 0x00080016, _TYPE, _FULL, _SEGMENTS, SERIES, _BETWEEN, 0x00280008}
    try:
        read = data_set(medium, found, wanted | {_SHARED, _FRAMES} if full else wanted)
        return _segmentation(read.fields, read.fields.uid(0x00080016) or read.sop_class)
    except WRONG_BYTES as error:
        raise ProblemError(problem("file_damaged", found if isinstance(found, str) else found.path)) from error


def _segmentation(fields: Fields, sop_class: str) -> Segmentation:
    is_label_map = sop_class == LABEL_MAP
    is_fractional = fields.word(_TYPE) == "FRACTIONAL"
    most = fields.number(_FULL) or 255
    segments = (_segment(item, place) for place, item in enumerate(fields.items(_SEGMENTS, MOST_SEGMENTS)))
    return Segmentation(
        tuple(one for one in segments if one is not None),
        _frames(fields, is_label_map) if _FRAMES in fields or _SHARED in fields else (),
        tuple(uid for uid, _ in by_series(fields) if uid),
        max(1, (most + 1) // 2) if is_fractional else 1,
        is_label_map,
        is_fractional,
        _between(fields),
    )


def _between(fields: Fields) -> float | None:
    groups = fields.item(_SHARED) or next(iter(fields.items(_FRAMES, 1)), None)
    measures = groups.item(_MEASURES) if groups is not None else None
    told = measures.decimal(_BETWEEN) if measures is not None else fields.decimal(_BETWEEN)
    return told if told is not None and LEAST_BETWEEN_MM < told < MOST_BETWEEN_MM else None


def _segment(item: Fields, place: int) -> Segment | None:
    number = item.number(_NUMBER)
    if number is None:
        return None
    return Segment(number, item.text(_LABEL), from_cielab(item.numbers(_CIELAB)) or spare(place))


def _frames(fields: Fields, is_label_map: bool) -> tuple[SegmentFrame, ...]:
    shared = fields.item(_SHARED)
    everywhere = _segment_of(shared) if shared is not None else 0
    common = _sources(shared) if shared is not None else ()
    claimed = min(max(fields.integer(0x00280008) or 1, 1), MOST_FRAMES)
    found = []
    for number, item in enumerate(fields.items(_FRAMES, claimed), 1):
        segment = 0 if is_label_map else _segment_of(item) or everywhere
        if segment or is_label_map:
            found.append(SegmentFrame(number, segment, _sources(item) or common))
    return tuple(found)


def _segment_of(item: Fields) -> int:
    identified = item.item(_IDENTIFIED)
    return (identified.number(_SEGMENT_OF) or 0) if identified is not None else 0


def _sources(item: Fields) -> tuple[Reference, ...]:
    """Pictures whose very pixels these are: not where the file says that places were not kept (rule R-O5). Many do not
    say (type 3 in PS3.3 C.7.6.16.2.6); whoever draws looks at the size."""
    found = []
    for derived in item.items(_DERIVED, 16):
        for source in derived.items(_SOURCE, 256):
            if source.word(_PRESERVED) in ("YES", "") and (one := reference(source)).uid:
                found.append(one)
    return tuple(found)
