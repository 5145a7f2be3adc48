"""Discs that are pulled out, stall, or give errors while they are read: the report stays true, nothing escapes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typing_extensions import override

from tests.damage.failing import FailingMedium, PulledOut
from viewer.codec.pool import Decoder
from viewer.disc import folder as folder_room
from viewer.disc.medium import Medium
from viewer.disc.open import open_medium
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.phantom.disc import DiscKind, write_disc
from viewer.problem import ProblemError, Severity
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.source import open_source

SLICES = 12


@pytest.fixture(scope="module")
def disc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two series, a list and a viewer, as on a CD."""
    folder = tmp_path_factory.mktemp("disc")
    write_disc(folder, DiscKind.CD, SLICES, 64)
    return folder


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(workers=1)
    yield made
    made.close()


def index_of(medium: Medium) -> DiscIndex:
    return read_disc(medium, Job("read"), lambda index: None)


def adds_up(index: DiscIndex) -> None:
    """Every file is shown or listed, and none is both."""
    account = index.account
    shown = {frame.header.path for study in index.studies for series in study.series for frame in series.frames}
    skipped = [row.path for row in account.skipped]
    assert account.found == account.shown + len(skipped)
    assert account.shown == len(shown)
    assert shown.isdisjoint(skipped)
    assert len(set(skipped)) == len(skipped)
    assert all(row.reason for row in account.skipped)


def sources(index: DiscIndex, medium: Medium, decoder: Decoder) -> Iterator[Source]:
    reader = FrameReader(medium, decoder, Budget(2**28))
    for study in index.studies:
        for series in study.series:
            for group in range(len(series.groups)):
                source = open_source(series, group, reader)
                yield source
                source.close()


@pytest.mark.parametrize("seed", range(12))
def test_reads_that_fail_come_short_and_stall_leave_a_true_report(disc: Path, decoder: Decoder, seed: int) -> None:
    whole = index_of(open_medium(str(disc)))
    medium = FailingMedium(open_medium(str(disc)), seed, error=0.1, short=0.1, stall=0.05)
    index = index_of(medium)
    adds_up(index)
    assert index.account.found == whole.account.found
    assert index.picture_count <= whole.picture_count
    for source in sources(index, medium, decoder):
        source.load()
        assert source.loaded[0] <= source.loaded[1] == source.count(Plane.NATIVE)


@pytest.mark.parametrize("reads", [0, 1, 7, 20, 33])
def test_a_disc_pulled_out_while_it_is_read_lists_all_the_rest_as_gone(disc: Path, reads: int) -> None:
    medium = FailingMedium(open_medium(str(disc)), 1, pulled_after=reads)
    index = index_of(medium)
    adds_up(index)
    assert index.account.shown <= reads
    assert len(index.account.skipped) >= index.account.found - reads


def test_a_disc_pulled_out_while_its_pictures_load_keeps_those_that_are_there(disc: Path, decoder: Decoder) -> None:
    index = index_of(open_medium(str(disc)))
    for after in (0, 1, 5):
        medium = FailingMedium(open_medium(str(disc)), 2, pulled_after=after)
        for source in sources(index, medium, decoder):
            source.load()
            count = source.count(Plane.NATIVE)
            shown, words = 0, set()
            for number in range(count):
                try:
                    source.slice(Plane.NATIVE, number)
                    shown += 1
                except ProblemError as failure:
                    words.add(failure.problem.code)
            assert shown <= after
            assert words <= {"file_gone"}
            for plane in {*source.planes} & {Plane.CORONAL, Plane.SAGITTAL}:
                across = source.slice(plane, source.count(plane) // 2)
                assert shown == count or across.padding is not None or across.problems


def test_what_came_short_is_marked_and_never_shown_as_whole(disc: Path, decoder: Decoder) -> None:
    index = index_of(open_medium(str(disc)))
    whole = FrameReader(open_medium(str(disc)), decoder, Budget(2**28))
    medium = FailingMedium(open_medium(str(disc)), 5, short=0.5)
    for source in sources(index, medium, decoder):
        for number, frame in enumerate(source.series.frames):
            try:
                cut = source.slice(Plane.NATIVE, number)
            except ProblemError:
                continue
            same = np.array_equal(cut.values, whole.stored(frame).array)
            assert same or any(word.severity is not Severity.NOTE for word in cut.problems)


@pytest.mark.parametrize("seed", range(4))
def test_a_drive_that_errs_is_asked_again_and_what_stays_unread_is_said(
    disc: Path, decoder: Decoder, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = PulledOut(seed, 0.25, (errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE))
    monkeypatch.setattr(folder_room, "_PAUSE_S", 0.0)
    for name in ("pread", "preadv"):
        monkeypatch.setattr(os, name, failing(getattr(os, name), drive))
    medium = open_medium(str(disc))
    index = index_of(medium)
    adds_up(index)
    words = set()
    for source in sources(index, medium, decoder):
        source.load()
        for number in range(source.count(Plane.NATIVE)):
            try:
                source.slice(Plane.NATIVE, number)
            except ProblemError as failure:
                words.add(failure.problem.code)
    assert words <= {"file_gone", "file_not_readable"}


def failing(call: Callable[..., Any], drive: PulledOut) -> Callable[..., Any]:
    """The system's call, failing now and then for files that are not the workers' own memory."""

    def either(handle: int, *rest: Any) -> Any:
        if "memfd" not in os.readlink(f"/proc/self/fd/{handle}"):
            drive.check()
        return call(handle, *rest)

    return either


def test_a_folder_that_vanishes_between_the_walk_and_the_reading_is_a_list_of_reasons(tmp_path: Path) -> None:
    write_disc(tmp_path / "disc", DiscKind.CT, 4, 32)
    medium = open_medium(str(tmp_path / "disc"))
    files = list(medium.walk())
    (tmp_path / "disc").rename(tmp_path / "gone")

    class Walked(FailingMedium):
        @override
        def walk(self) -> Iterator[Any]:
            return iter(files)

    index = index_of(Walked(medium, 0))
    adds_up(index)
    assert index.picture_count == 0
    assert len(index.account.skipped) == len(files) == 4


def test_a_real_file_system_that_fails(disc: Path, tmp_path: Path) -> None:
    """Through FUSE, where this computer lets us."""
    tool = Path(__file__).resolve().parents[3] / "shared" / "tools" / "faultfs.py"
    if not tool.exists():
        pytest.skip("the failing file system is not here")
    pytest.importorskip("mfusepy", reason="mfusepy is not installed, so no file system can be made to fail")
    place, flag = tmp_path / "mount", tmp_path / "pulled"
    place.mkdir()
    served = subprocess.Popen([sys.executable, str(tool), str(disc), str(place), "--pulled", str(flag)])
    try:
        for _ in range(100):
            if place.is_mount() or served.poll() is not None:
                break
            _pause(served)
        if not place.is_mount():
            pytest.skip("FUSE does not work here")
        medium = open_medium(str(place))
        adds_up(index_of(medium))
        flag.touch()
        pulled = index_of(open_medium(str(place)))
        adds_up(pulled)
        assert pulled.picture_count == 0
    finally:
        subprocess.run(["fusermount3", "-u", str(place)], check=False)
        served.terminate()
        served.wait()


def _pause(process: subprocess.Popen[bytes]) -> None:
    """Wait a moment, less when the process ends."""
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return
