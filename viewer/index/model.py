"""The index: patient → study → series → frame, and the account of every file found.

Everything is frozen and built by `index.build`. A `FrameRef` is the key of everything saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from viewer.dicom.header import FrameFacts, Header, Person
from viewer.disc.medium import FoundFile
from viewer.geometry.plane import Plane
from viewer.index.mosaic import tile_size
from viewer.problem import Problem


class SeriesKind(StrEnum):
    """What a series is to look at."""

    VOLUME = "volume"  # parallel slices with known positions: three directions
    STACK = "stack"  # pictures that belong together without a common geometry
    CINE = "cine"  # one multi-frame object in time
    SINGLE = "single"
    DOCUMENT = "document"  # report, PDF, dose table
    OTHER = "other"  # listed with its reason, not a picture


@dataclass(frozen=True, slots=True)
class FrameRef:
    """SOP Instance UID and frame number from 1; `copy` > 0 tells apart different pictures with one UID."""

    sop_uid: str
    number: int = 1
    copy: int = 0


_new = object.__new__
_put_uid, _put_number, _put_copy = (vars(FrameRef)[name].__set__ for name in ("sop_uid", "number", "copy"))


def frame_ref(sop_uid: str, number: int, copy: int) -> FrameRef:
    """A `FrameRef`, made for every picture of a disc: its `__init__` takes more than twice as long."""
    made = _new(FrameRef)
    _put_uid(made, sop_uid)
    _put_number(made, number)
    _put_copy(made, copy)
    return made


class Frame(NamedTuple):
    """One picture: its key, the header it belongs to, and its own facts. A tuple, since one is made for every picture of a
    disc: a frozen dataclass takes three times as long."""

    ref: FrameRef
    header: Header
    facts: FrameFacts

    @property
    def number(self) -> int:
        """Frame number within its file, from 1."""
        return self.ref.number


@dataclass(frozen=True, slots=True)
class FrameGroup:
    """Frames that form one volume or stack, in order; a 4D series has several ("echo 1", "time 3 of 5")."""

    label: str
    frames: tuple[Frame, ...]


def together(groups: Sequence[FrameGroup]) -> tuple[Frame, ...]:
    """All frames of all groups, in order; of one group the very same tuple."""
    return groups[0].frames if len(groups) == 1 else tuple(frame for group in groups for frame in group.frames)


@dataclass(frozen=True, slots=True)
class Series:
    """Pictures that belong together. `id` is short and stable for a folder ("s1", or "s1-2" after a split)."""

    id: str
    uid: str
    number: int | None
    modality: str
    description: str  # as stored, made plain
    name: str  # plain words: "From the side, T2"
    kind: SeriesKind
    groups: tuple[FrameGroup, ...]
    planes: tuple[Plane, ...]  # planes on offer, native always when there is a picture
    spacing_mm: tuple[float, float, float] | None  # between slices, between rows, between columns
    helper: bool = False  # scouts, screen pictures, dose pages: folded under "Helpers"
    blocked: tuple[tuple[Plane, Problem], ...] = ()  # why a plane is not offered
    problems: tuple[Problem, ...] = ()
    documents: tuple[Header, ...] = ()  # for kind document and other
    made_of: tuple[str, ...] = ()  # made by hand: ids of the sets as they were read that its pictures come from

    @property
    def frames(self) -> tuple[Frame, ...]:
        """All frames of all groups."""
        return together(self.groups)

    @property
    def in_patient(self) -> bool:
        """False where its places tell no side of the patient: see `Header.in_patient`."""
        return all(frame.header.in_patient for group in self.groups for frame in group.frames[:1])

    @property
    def step_mm(self) -> float | None:
        """From one picture to the next, where that is the same all along; None where it is not, or not known."""
        is_uneven = any(note.code == "spacing_uneven" for note in self.problems)
        return self.spacing_mm[0] if self.spacing_mm is not None and not is_uneven else None

    @property
    def rows(self) -> int:
        """Rows of the first picture (of one tile of a mosaic), 0 without one."""
        return self._size[0]

    @property
    def columns(self) -> int:
        """Columns of the first picture (of one tile of a mosaic), 0 without one."""
        return self._size[1]

    @property
    def _size(self) -> tuple[int, int]:
        frames = self.groups[0].frames if self.groups else ()
        return tile_size(frames[0].header) if frames else (0, 0)


@dataclass(frozen=True, slots=True)
class Study:
    """One examination."""

    uid: str
    date: str  # YYYYMMDD or ""
    description: str
    name: str  # plain words: "Lower back, MRI"
    person: Person
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not shown as a picture, and why. `kind` groups rows of the report."""

    path: str
    kind: str  # "viewer" | "damaged" | "packed_otherwise" | "not_dicom" | "not_a_picture" | "dicomdir" | "duplicate" | "unreadable" | "empty" | "locked" | "system" | "packed" | "unopened" | "link"
    reason: str
    size: int = 0
    code: str = ""  # of the problem behind it, where there is one


@dataclass(frozen=True, slots=True)
class Account:
    """Every file of the disc: shown + skipped = found. `missing` are listed in DICOMDIR but not there."""

    found: int = 0
    dicom: int = 0
    shown: int = 0
    skipped: tuple[Skipped, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiscIndex:
    """What is on a disc. `key` recognises the same disc again, also copied elsewhere (hash of its UIDs)."""

    root: str
    key: str
    studies: tuple[Study, ...]
    account: Account
    problems: tuple[Problem, ...] = ()
    complete: bool = True

    @property
    def every_series(self) -> Iterator[Series]:
        """The series of all studies, in the order of the list."""
        return (series for study in self.studies for series in study.series)

    @property
    def every_frame(self) -> Iterator[Frame]:
        """The pictures of all sets."""
        return (frame for series in self.every_series for group in series.groups for frame in group.frames)

    def series(self, series_id: str) -> Series | None:
        """The series with this id, or None."""
        return next((series for series in self.every_series if series.id == series_id), None)

    def study_of(self, series_id: str) -> Study | None:
        """The study that holds the series with this id, or None."""
        for study in self.studies:
            if any(series.id == series_id for series in study.series):
                return study
        return None

    @property
    def picture_count(self) -> int:
        """Frames in all series."""
        return sum(len(group.frames) for series in self.every_series for group in series.groups)


__all__ = [
    "Account", "DiscIndex", "FoundFile", "Frame", "FrameGroup", "FrameRef", "Series", "SeriesKind", "Skipped", "Study",
]  # fmt: skip
