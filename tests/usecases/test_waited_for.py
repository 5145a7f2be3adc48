"""What the person waits for comes first, however slow the disc is; what nobody wants any more is not read on."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.usecases.sitting import Scripted, Sitting, script_media
from viewer.codec.pool import Decoder
from viewer.disc.open import open_medium
from viewer.document.model import PaneView
from viewer.geometry.plane import Plane
from viewer.index.model import Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.problem import Problem
from viewer.usecases import panes
from viewer.usecases.disc import OpenDisc
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Slice, Source
from viewer.volume.source import open_source


def held_up(seat: Sitting, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Scripted, threading.Event]:
    """The disc is open and known, but each of its pictures waits to be read."""
    gate = threading.Event()

    def prepare(medium: Scripted) -> None:
        medium.pictures = gate

    media = script_media(monkeypatch, prepare)
    seat.open(folder)
    seat.until(lambda: media[0].held >= 1)
    return media[0], gate


def test_a_picture_on_screen_does_not_wait_until_its_set_is_loaded(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    medium, gate = held_up(seat, ct, monkeypatch)
    series, got = seat.volume, list[Slice | Problem]()
    waiting: list[Job[Slice]] = []
    for plane in (Plane.CORONAL, Plane.SAGITTAL):
        waiting += [seat.session.fetch(series.id, 0, plane, index, got.append) for index in range(3)]
    frames = series.groups[0].frames
    medium.free.add(frames[len(frames) // 2].header.path)  # its brightness is that of the set
    medium.free.add(frames[8].header.path)
    shown = seat.slice(PaneView(series.id, 0, Plane.NATIVE, 8))
    assert shown.frame == frames[8].ref
    assert not any(job.finished for job in waiting)
    gate.set()
    seat.until(lambda: len(got) == len(waiting))


def test_a_set_is_not_loaded_on_once_nobody_wants_its_cuts(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    _, gate = held_up(seat, ct, monkeypatch)
    series = seat.volume
    source = seat.session.source(series.id)
    job = seat.session.fetch(series.id, 0, Plane.CORONAL, 1, lambda outcome: None)
    seat.session._panes.stop_preloading()
    job.cancel()
    gate.set()
    seat.until(lambda: job.finished)
    assert job.mistake is None
    assert source.loaded[0] < 9


def test_a_set_that_may_still_grow_is_not_loaded_as_a_whole(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    monkeypatch.setattr(panes, "STILL_SECONDS", PATIENCE * 10.0)
    last, gate = max(path.relative_to(ct).as_posix() for path in ct.rglob("*") if path.is_file()), threading.Event()

    def prepare(medium: Scripted) -> None:
        medium.gates[last] = gate

    script_media(monkeypatch, prepare, lambda found: sorted(found, key=lambda one: one.path))
    seat.session.open_path(str(ct))
    seat.until(lambda: seat.state.disc is not None and seat.disc.picture_count == 8)
    series = seat.volume
    cut = seat.session.fetch(series.id, 0, Plane.CORONAL, 1, lambda outcome: None)
    assert seat.slice(PaneView(series.id, 0, Plane.NATIVE, 0)).values.size  # one picture comes at once
    assert not cut.finished
    assert seat.session.source(series.id).loaded[0] < 8
    cut.cancel()
    seat.until(lambda: cut.finished)
    gate.set()
    seat.until(lambda: seat.disc.complete)
    seat.until(lambda: seat.session.source(seat.volume.id).loaded == (9, 9))


def test_a_set_that_a_worker_is_making_ready_holds_up_no_other(cd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers stand back for the window: one that held what it asks for would keep it until it gets its turn."""
    medium = open_medium(str(cd))
    index = read_disc(medium, Job("read"), lambda index: None)
    opened = OpenDisc(medium, Decoder(), Budget(), index, str(cd))
    first, second = [series for series in index.every_series if series.frames][:2]
    begun, gate, made = threading.Event(), threading.Event(), list[str]()

    def slow(series: Series, group: int, reader: FrameReader) -> Source:
        made.append(series.id)
        if series is first:
            begun.set()
            assert gate.wait(PATIENCE)
        return open_source(series, group, reader)

    monkeypatch.setattr("viewer.usecases.disc.open_source", slow)
    got: list[Source] = []
    workers = [threading.Thread(target=lambda: got.append(opened.source_of(first))) for _ in range(3)]
    for worker in workers:
        worker.start()
    assert begun.wait(PATIENCE)
    assert opened.source(second.id).series is second
    assert list(opened.open_sources()) == [(second.id, 0)]
    gate.set()
    for worker in workers:
        worker.join()
    assert made == [first.id, second.id]
    assert got == [opened.source(first.id)] * 3
    opened.close()
