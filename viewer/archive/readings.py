"""Readings: the facts of the files of a disc as they were read, so that opening it again reads only what has changed.

Rows of numbers into tables of values, as lines of JSON, packed; a row says only where it differs from the one before it.
The first line holds the tables, each further one some rows: writing or reading one line keeps the interpreter from the
window for a moment only. Nothing is executed on reading, and what does not come back whole is no reading at all. Files
that hold tables of numbers (LUTs, palettes, colour profiles) are left out: they are read anew.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, get_type_hints

from viewer.archive.shape import Unreadable, plain_value, typed_value
from viewer.dicom.header import FrameFacts, Header, record
from viewer.disc.medium import FileKind, FoundFile
from viewer.jobs.turns import WINDOW_FIRST

VERSION = 5
ROWS = 100  # of one line
MOST_FILES = 100_000
MOST_BYTES = 64 * 1024 * 1024  # unpacked
MOST_FRAMES = 5_000  # of one file
_OWN = ("path", "size", "shared")
_HEADER, _FRAME = tuple(name for name in Header.names if name not in _OWN), FrameFacts.names
_of_header, _of_frame = attrgetter(*_HEADER), attrgetter(*_FRAME)
_COLUMNS = len(_HEADER) + len(_FRAME)


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was read: what it is, and its header where it is DICOM."""

    found: FoundFile
    header: Header | None

    def is_still(self, found: FoundFile) -> bool:
        """Whether this is that file, unchanged."""
        return found.changed != 0 and (found.size, found.changed) == (self.found.size, self.found.changed)


def written_readings(files: Iterable[Known]) -> bytes:
    """The files, packed; b"" where there are too many. Files that cannot be kept are left out."""
    tables: list[dict[object, int]] = [{} for _ in range(_COLUMNS)]
    before: list[int] = [-1] * _COLUMNS
    rows: list[list[object]] = []
    for known in files:
        WINDOW_FIRST.step_aside()
        if len(rows) >= MOST_FILES:
            return b""
        found, header = known.found, known.header
        if not _can_keep(known):
            continue
        changes: list[int] = []
        if header is not None:
            cells = _cells(header, tables)
            changes = [part for at, cell in enumerate(cells) if cell != before[at] for part in (at, cell)]
            before = cells
        rows.append([found.path, found.size, found.changed, found.kind.value, changes if header is not None else None])
    kept = {"v": VERSION, "names": [*_HEADER, *_FRAME], "tables": [[plain_value(v) for v in t] for t in tables]}
    lots = (rows[at : at + ROWS] for at in range(0, len(rows), ROWS))
    text = b"\n".join(_line(one) for one in (kept, *lots))
    return zlib.compress(text, 1) if len(text) <= MOST_BYTES else b""


def _line(value: object) -> bytes:
    WINDOW_FIRST.step_aside()
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _can_keep(known: Known) -> bool:
    """Files that are as they should be, and that the medium can tell changes of."""
    header = known.header
    if known.found.problem is not None or not known.found.changed or known.found.kind is FileKind.DICOMDIR:
        return False
    if header is None:
        return known.found.kind is not FileKind.DICOM
    if len(header.per_frame) > MOST_FRAMES:
        return False
    voi_luts = header.voi_luts or any(facts.voi_luts for facts in (header.shared, *header.per_frame))
    return not voi_luts and all(one is None for one in (header.modality_lut, header.palette, header.profile))


def _cells(header: Header, tables: list[dict[object, int]]) -> list[int]:
    values = _of_header(header) + _of_frame(header.shared)
    return [table.setdefault(value, len(table)) for table, value in zip(tables, values, strict=True)]


def read_readings(packed: bytes) -> Mapping[str, Known]:
    """What was kept, by path; empty where it is not as this program writes it."""
    try:
        first, *lines = _unpacked(packed).split(b"\n") if packed else [b"{}"]
        kept = json.loads(first)
        if kept.get("v") != VERSION or kept["names"] != [*_HEADER, *_FRAME]:
            return {}
        return _read(kept["tables"], _rows(lines))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error, Unreadable):
        return {}


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(packed, MOST_BYTES)
    if not unpacker.eof:
        raise ValueError("larger than what is written")
    return text


def _rows(lines: list[bytes]) -> Iterator[Any]:
    for line in lines:
        WINDOW_FIRST.step_aside()
        yield from json.loads(line)


def _read(tables: list[list[object]], files: Iterable[Any]) -> dict[str, Known]:
    names = [*_HEADER, *_FRAME]
    of_file, in_file = get_type_hints(Header), get_type_hints(FrameFacts)
    hints = [of_file[name] for name in _HEADER] + [in_file[name] for name in _FRAME]
    values = [[typed_value(hint, value) for value in table] for hint, table in zip(hints, tables, strict=True)]
    of_header: dict[str, object] = {}
    of_frame: dict[str, object] = {}
    split = len(_HEADER)
    found: dict[str, Known] = {}
    for path, size, changed, kind, changes in files:
        header = None
        if changes is not None:
            for at, cell in zip(changes[::2], changes[1::2]):
                (of_header if at < split else of_frame)[names[at]] = values[at][cell]
            if len(of_header) < split or len(of_frame) < len(_FRAME):
                raise ValueError("a first row must be whole")
            own = {"path": str(path), "size": int(size), "shared": record(FrameFacts, of_frame.copy())}
            header = record(Header, {**of_header, **own})
        found[path] = Known(FoundFile(str(path), int(size), FileKind(kind), None, int(changed)), header)
    return found
