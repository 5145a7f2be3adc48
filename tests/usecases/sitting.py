"""A session without a screen in a folder of its own, and media that behave as a test says."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from viewer.answer.answer import Answer
from viewer.app import make_session
from viewer.disc.medium import FoundFile, Medium
from viewer.disc.open import open_medium
from viewer.document.model import PaneView, State, Turn, View
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, Series
from viewer.jobs.jobs import Job
from viewer.problem import Problem, ProblemError, problem
from viewer.usecases import copying, open_disc
from viewer.usecases.loop import Loop
from viewer.usecases.session import Session
from viewer.volume.slice import Slice


class Sitting:
    """One run of the program."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.session: Session = make_session(self.loop.call_soon)

    @property
    def state(self) -> State:
        return self.session.store.state

    @property
    def view(self) -> View:
        return self.state.view

    @property
    def pane(self) -> PaneView:
        pane = self.view.pane
        assert pane is not None
        return pane

    @property
    def disc(self) -> DiscIndex:
        assert self.state.disc is not None
        return self.state.disc

    @property
    def volume(self) -> Series:
        """The largest series."""
        return max((s for study in self.disc.studies for s in study.series), key=lambda s: len(s.frames))

    def open(self, path: Path | str, password: str | None = None) -> DiscIndex:
        """Open and read all of it."""
        job = self.session.open_path(str(path), password)
        self.until(lambda: job.finished)
        job.wait(0)
        return self.disc

    def until(self, true: Callable[[], bool]) -> None:
        """Run the loop until something is so; a limit for a broken program, never a pause."""
        end = time.monotonic() + PATIENCE

        def done() -> bool:
            assert time.monotonic() < end, "it never happened"
            return true()

        self.loop.run_until(done, 0.01)

    def fetched(self, pane: PaneView | None = None) -> Slice | Problem:
        """The slice a pane shows, as the window would get it."""
        pane = pane or self.pane
        got: list[Slice | Problem] = []
        self.session.fetch(pane.series_id, pane.group, pane.plane, pane.index, got.append)
        self.until(lambda: bool(got))
        return got[0]

    def slice(self, pane: PaneView | None = None) -> Slice:
        """The slice a pane shows; fails where it cannot be read."""
        got = self.fetched(pane)
        assert isinstance(got, Slice), got
        return got

    def show_native(self, series: Series, index: int) -> Slice:
        """One pane with a stored picture."""
        self.session.arrange((PaneView(series.id, 0, Plane.NATIVE, index),))
        return self.slice()

    def ask(self, question: str = "What is the round thing?", talk: str = "") -> Turn:
        """Prepare, agree, send and wait for the end."""
        disclosure = self.loop.result(self.session.prepare(question, talk))
        turn_id = self.session.send(disclosure, self.session.consent(disclosure), talk)
        self.until(lambda: self.turn(turn_id).answer.state.ended)
        return self.turn(turn_id)

    def turn(self, turn_id: str) -> Turn:
        return next(t for talk in self.state.conversations.items for t in talk.turns if t.id == turn_id)

    def answer(self, turn_id: str) -> Answer:
        return self.turn(turn_id).answer


@contextmanager
def sitting() -> Iterator[Sitting]:
    """From the start of the program to its end."""
    made = Sitting()
    try:
        yield made
    finally:
        made.session.close()


class Scripted:
    """A medium whose files come in a chosen order, wait at a gate, and may fail (protocol `Medium`)."""

    def __init__(self, inner: Medium, order: Callable[[list[FoundFile]], list[FoundFile]] | None = None) -> None:
        self.inner, self._order = inner, order
        self.gates: dict[str, threading.Event] = {}
        self.fails: Callable[[str, int], int] = lambda path, offset: 0  # an errno, 0 for a good read
        self.pictures: threading.Event | None = None  # a gate for reads behind the first byte of a file …
        self.free: set[str] = set()  # … but not for these
        self.reads = self.held = 0  # reads, and those that came to the second kind of gate
        self.closed = False

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    def walk(self) -> Iterator[FoundFile]:
        found = [one._replace(changed=0) for one in self.inner.walk()]  # read anew each time, whatever is remembered
        yield from self._order(found) if self._order else found

    def inside(self, found: FoundFile) -> Iterable[FoundFile]:
        return self.inner.inside(found)

    def read(self, path: str, offset: int, size: int) -> bytes:
        self.reads += 1
        gate = self.gates.get(path)
        if gate is not None:
            assert gate.wait(PATIENCE)
        if self.pictures is not None and offset:
            self.held += 1
            while path not in self.free and not self.pictures.wait(0.01):
                pass
        code = self.fails(path, offset)
        if code:
            gone = code in (errno.ENOENT, errno.ENODEV)
            raise ProblemError(problem("file_gone" if gone else "file_not_readable", path))
        return self.inner.read(path, offset, size)

    def local(self, path: str) -> Path | None:
        return None

    def close(self) -> None:
        self.closed = True
        self.inner.close()


Media = list[Scripted]


def script_media(
    monkeypatch: pytest.MonkeyPatch,
    prepare: Callable[[Scripted], None] = lambda medium: None,
    order: Callable[[list[FoundFile]], list[FoundFile]] | None = None,
) -> Media:
    """Every disc that is opened from now on is scripted; news come after each file."""
    made: Media = []

    def opened(path: str, password: str | None = None, also: Sequence[str] = ()) -> Medium:
        medium = Scripted(open_medium(path, password, also), order)
        prepare(medium)
        made.append(medium)
        return medium

    monkeypatch.setattr(copying, "open_medium", opened)
    monkeypatch.setattr(open_disc, "FIRST_NEWS_SECONDS", 0.0)
    monkeypatch.setattr(open_disc, "NEWS_SECONDS", 0.0)
    monkeypatch.setattr(open_disc, "NEWS_SHARE", 0.0)
    monkeypatch.setattr(open_disc, "LEFT_SECONDS", -1.0)
    monkeypatch.setattr(open_disc, "LOT", 1)
    return made


def frame_of(sitting: Sitting, pane: PaneView | None = None) -> object:
    """The key of the picture a native pane shows."""
    pane = pane or sitting.pane
    series = sitting.disc.series(pane.series_id)
    assert series is not None
    return series.groups[pane.group].frames[pane.index].ref


def snapshot_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Sizes and times of all files: whether anything was written."""
    return {str(p): (p.lstat().st_size, p.lstat().st_mtime_ns) for p in (folder, *folder.rglob("*"))}


def has_ended(job: Job[DiscIndex]) -> Callable[[], bool]:
    return lambda: job.finished
