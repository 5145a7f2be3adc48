"""A place of the shared data read as the program reads it: every file with its pictures, or with the reason why none."""

from __future__ import annotations

import csv
import hashlib
import tarfile
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from tests.data import shared_data
from viewer.codec.pool import Decoder
from viewer.disc.open import open_medium
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, Frame, Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.picture.look import Look
from viewer.picture.render import render
from viewer.problem import ProblemError
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Slice, Source
from viewer.volume.source import open_source, stored_values
from viewer.volume.values import applied, frame_values

PACKED = {"discs/12-nonascii-deep-paths": "discs/12-nonascii-deep-paths.tar"}


@dataclass(frozen=True)
class Picture:
    """One frame after decoding and drawing: what truth.json compares, or the code of the Problem instead."""

    number: int
    digest: str = ""
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    colour: bool = False
    slope: float = 1.0
    words: frozenset[str] = frozenset()
    failure: str = ""
    letters: bool = False
    scale: bool = False
    levels: int = 0  # different grey levels or colour values as drawn


@dataclass
class File:
    """One file: its pictures, the kinds of the series they are in, or the row of the import report."""

    pictures: list[Picture] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    listed: str = ""  # kind of the row in the report
    reason: str = ""
    words: set[str] = field(default_factory=set)  # of the file's header
    set_words: set[str] = field(default_factory=set)  # of the series it was put into

    @property
    def shown(self) -> list[Picture]:
        """Pictures that could be decoded and drawn."""
        return [picture for picture in self.pictures if not picture.failure]

    @property
    def said(self) -> set[str]:
        """Every word said of this file by itself."""
        return self.words.union(*(picture.words | {picture.failure} for picture in self.pictures)) - {""}


@dataclass(frozen=True)
class Read:
    """A place: its index and its files by path."""

    index: DiscIndex
    files: dict[str, File]

    @property
    def words(self) -> set[str]:
        """Codes said of the disc as a whole."""
        return {one.code for one in self.index.problems}


@cache
def manifest() -> dict[str, dict[str, dict[str, str]]]:
    """place → path within → row of MANIFEST.csv."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    with shared_data("MANIFEST.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            top, second, rest = row["path"].split("/", 2)
            place = f"{top}/{second}" if top == "discs" else "files"
            found[place][rest if top == "discs" else f"{second}/{rest}"] = row
    return dict(found)


@cache
def folder(place: str) -> Path:
    """The folder of a place; the one whose names no file system need take is unpacked first."""
    if place not in PACKED:
        return shared_data(*place.split("/"))
    target = Path(tempfile.mkdtemp(prefix="sidelight-table-"))
    with tarfile.open(shared_data(*PACKED[place].split("/"))) as packed:
        packed.extractall(target, filter="data")
    return target / place.split("/")[1]


@cache
def decoder() -> Decoder:
    """One pool for all places; its processes end with this one."""
    return Decoder(workers=2)


@cache
def read(place: str) -> Read:
    """Index a place and draw every frame of it."""
    medium = open_medium(str(folder(place)))
    index = read_disc(medium, Job("table"), lambda index: None)
    reader = FrameReader(medium, decoder(), Budget(2**30))
    files: dict[str, File] = defaultdict(File)
    for row in index.account.skipped:
        files[row.path].listed, files[row.path].reason = row.kind, row.reason
    for study in index.studies:
        for series in study.series:
            for header in series.documents:
                files[header.path].kinds.add(series.kind.value)
            for group in range(len(series.groups)):
                _draw(series, group, reader, files)
    medium.close()
    return Read(index, dict(files))


def _draw(series: Series, group: int, reader: FrameReader, files: dict[str, File]) -> None:
    source = open_source(series, group, reader)
    for place, frame in enumerate(series.groups[group].frames):
        file = files[frame.header.path]
        file.kinds.add(series.kind.value)
        file.words |= {one.code for one in frame.header.problems}
        file.set_words |= {one.code for one in series.problems}
        file.pictures.append(_picture(source, place, frame, reader))
    source.close()


def _picture(source: Source, place: int, frame: Frame, reader: FrameReader) -> Picture:
    try:
        cut = source.slice(Plane.NATIVE, place)
        drawn = render(cut, Look())
        values = stored_values(source, place, reader)
    except ProblemError as failure:
        return Picture(frame.number, failure=failure.problem.code)
    assert drawn.pixels.dtype == np.uint8
    if frame.header.mosaic_tiles is not None:  # truth.json speaks of the whole sheet
        values = applied(frame_values(frame, reader._stored(frame.header, 1, None, lambda: None, 1)))
    return Picture(
        frame.number,
        hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest(),
        float(values.min()),
        float(values.max()),
        float(values.mean(dtype=np.float64)),
        values.ndim == 3,
        abs(cut.slope),
        frozenset(one.code for one in cut.problems),
        letters=drawn.letters is not None,
        scale=_has_scale(cut),
        levels=len(np.unique(drawn.pixels)),
    )


def _has_scale(cut: Slice) -> bool:
    return cut.pixel_mm is not None and bool(cut.scale_kind)
