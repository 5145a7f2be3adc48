"""One damaged disc through the real program: index, every picture, a cut across; what came out and how long it took."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from tests.damage.kinds import Case, Part, lay_out
from tests.damage.originals import NAMES, neighbour, original
from viewer.codec.pool import Decoder
from viewer.disc.open import open_medium
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.picture.look import Look
from viewer.picture.render import render
from viewer.problem import ProblemError, Severity
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Slice
from viewer.volume.source import open_source

GOOD = "GOOD"
MOST_FRAMES = 6  # looked at of one series


@dataclass
class Outcome:
    """What became of a case. `pixels`: "same", "other", "none" against the undamaged file (PIXELS only)."""

    number: int
    kind: str
    encoding: str
    part: str
    seconds: float = 0.0
    pixels: str = ""
    marked: bool = False
    frames: int = 0
    refused: list[str] = field(default_factory=list)
    wrong_shape: bool = False
    neighbour_lost: bool = False
    untrue: bool = False
    error: str = ""
    recovery: float = 0.0  # seconds to the next good compressed slice after a worker's death
    good_refused: str = ""  # what was said of that one, if it did not come


@cache
def truth(name: str) -> tuple[np.ndarray, ...]:
    """The values of the frames of an undamaged file."""
    with folder_of() as folder, walker() as walk:
        (folder / "DAMAGED").write_bytes(original(name).data)
        cuts = [found for _, _, found in walk.pictures(folder)]
        refused = [cut for cut in cuts if isinstance(cut, str)]
        if refused or len(cuts) != original(name).frames:
            raise RuntimeError(f"{name}: {len(cuts)} pictures, refused {refused}: nothing to compare with")
        return tuple(cut.modality_values() for cut in cuts if isinstance(cut, Slice))


@contextmanager
def folder_of() -> Iterator[Path]:
    """An empty folder, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sidelight-damage-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Walker:
    """The rooms below the window, with one pool of decoders for many discs."""

    def __init__(self, workers: int = 1) -> None:
        self.decoder = Decoder(workers=workers)
        self.index: DiscIndex | None = None
        self._lock = threading.Lock()

    def pictures(self, folder: Path) -> Iterator[tuple[Series, str, Slice | str]]:
        """(series, path, slice or code) of every picture; also draws each and cuts volumes across."""
        medium = open_medium(str(folder))
        try:
            self.index = read_disc(medium, Job("damage"), lambda index: None)
            reader = FrameReader(medium, self.decoder, Budget(256 * 2**20))
            for study in self.index.studies:
                for series in study.series:
                    for group in range(len(series.groups)):
                        yield from self._group(series, group, reader)
        finally:
            medium.close()

    def _group(self, series: Series, group: int, reader: FrameReader) -> Iterator[tuple[Series, str, Slice | str]]:
        frames = series.groups[group].frames
        source = open_source(series, group, reader)
        for index in range(len(frames))[:MOST_FRAMES]:
            try:
                cut = source.slice(Plane.NATIVE, index)
                assert render(cut, Look()).pixels.dtype == np.uint8
                yield series, frames[index].header.path, cut
            except ProblemError as failure:
                yield series, frames[index].header.path, failure.problem.code
        for plane in source.planes:
            if plane is not Plane.NATIVE:
                with suppress(ProblemError):
                    render(source.slice(plane, source.count(plane) // 2), Look())
        source.close()

    def next_good(self) -> tuple[float, str]:
        """(seconds until the next good compressed slice, what was wrong with it: "" for nothing)."""
        with folder_of() as folder:
            (folder / GOOD).write_bytes(original("jpeg-ls").data)
            began = time.perf_counter()
            found = [cut if isinstance(cut, str) else "" for _, _, cut in self.pictures(folder)]
            return time.perf_counter() - began, " ".join(found) if found else "not shown"

    def kill_worker(self) -> None:
        """What the system does to a worker that takes too much."""
        for worker in list(self.decoder._idle):
            worker.process.kill()


@contextmanager
def walker(workers: int = 1) -> Iterator[Walker]:
    """A walker whose processes end with it."""
    made = Walker(workers)
    try:
        yield made
    finally:
        made.decoder.close()


def prepare() -> None:
    """Make everything that is made once, so that no case pays for it."""
    for name in NAMES:
        truth(name)


def run_case(seed: int, one: Case, walk: Walker) -> Outcome:
    """Walk through one case; nothing it does may escape but as a word in the outcome."""
    outcome = Outcome(one.number, one.kind.name, one.encoding, one.kind.part.value)
    with folder_of() as folder:
        lay_out(seed, one, folder)
        (folder / GOOD).write_bytes(neighbour())
        began = time.perf_counter()
        try:
            found = list(walk.pictures(folder))
        except BaseException as failure:
            outcome.error = "".join(traceback.format_exception(failure))[-1500:]
            found = []
        outcome.seconds = time.perf_counter() - began
        _judge(outcome, one, found, walk.index)
    if {"decoder_died", "decoder_too_slow"} & set(outcome.refused):
        outcome.recovery, outcome.good_refused = walk.next_good()
    return outcome


def _judge(outcome: Outcome, one: Case, found: list[tuple[Series, str, Slice | str]], index: DiscIndex | None) -> None:
    if outcome.error or index is None:
        return
    account = index.account
    outcome.untrue = account.found != account.shown + len(account.skipped)
    good = [cut for _, path, cut in found if path == GOOD]
    outcome.neighbour_lost = not any(isinstance(cut, Slice) for cut in good)
    damaged = [(series, cut) for series, path, cut in found if path != GOOD]
    outcome.frames = len(damaged)
    outcome.refused = [cut for _, cut in damaged if isinstance(cut, str)]
    outcome.wrong_shape = any(_wrong_shape(series, cut) for series, cut in damaged if isinstance(cut, Slice))
    outcome.marked = (
        any(_is_marked(cut) for _, cut in damaged)
        or any(row.path == "DAMAGED" for row in account.skipped)
    )  # fmt: skip
    if one.encoding and one.kind.part is not Part.MEDIUM:
        outcome.pixels = _compared(one.encoding, [cut for _, cut in damaged])


def _wrong_shape(series: Series, cut: Slice) -> bool:
    """A picture of another shape than its header says."""
    return cut.values.shape[:2] != (series.rows, series.columns)


def _is_marked(cut: Slice | str) -> bool:
    return isinstance(cut, str) or any(word.severity is not Severity.NOTE for word in cut.problems)


def _compared(name: str, cuts: list[Slice | str]) -> str:
    """ "same" when every frame of the good file came out as it was, "none" when none came at all, else "other"."""
    wanted = truth(name)
    values = [cut.modality_values() if isinstance(cut, Slice) else None for cut in cuts]
    if not any(value is not None for value in values):
        return "none"
    if len(values) == len(wanted) and all(
        value is not None and np.array_equal(value, good) for value, good in zip(values, wanted)
    ):
        return "same"
    return "other"
