"""A disc in a slow drive: looked at as soon as it is read, copied meanwhile, taken out when the program says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.usecases.sitting import sitting
from viewer.disc.copy import CopyReport
from viewer.jobs.jobs import Job
from viewer.marks.mark import MarkKind
from viewer.problem import ProblemError
from viewer.volume.slice import Slice


def test_a_slow_disc_is_copied_and_may_come_out(cd: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.usecases.copying.is_slow", lambda path: True)
    copying: list[Job[CopyReport]] = []
    with sitting() as seat:
        seat.session.when_copying(copying.append)
        seat.open(cd)
        seat.until(lambda: bool(copying) and copying[0].finished)
        report = copying[0].wait(0)
        assert report.text == "Everything is on this computer now. The disc may come out."
        assert len(list((data / "copies").iterdir())) == 1
        shutil.rmtree(cd)
        assert isinstance(seat.show_native(seat.volume, 3), Slice)


def test_a_copied_disc_opens_from_its_copy_once_it_is_out(
    cd: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.usecases.copying.is_slow", lambda path: True)
    copying: list[Job[CopyReport]] = []
    with sitting() as seat:
        seat.session.when_copying(copying.append)
        disc = seat.open(cd)
        seat.until(lambda: bool(copying) and copying[0].finished)
        values = seat.show_native(seat.volume, 3).values.copy()
        seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "words")
    shutil.rmtree(cd)
    cd.mkdir()  # an empty drive
    with sitting() as seat:
        row = seat.session.recent()[0]
        assert (row.is_there, row.is_copied) == (False, True)
        copied = seat.open(row.path)
        assert copied.key == disc.key
        assert (copied.picture_count, copied.account.found) == (disc.picture_count, disc.account.found)
        assert [one.code for one in copied.problems] == ["read_from_copy", *(one.code for one in disc.problems)]
        assert np.array_equal(seat.show_native(seat.volume, 3).values, values)
        assert [mark.text for mark in seat.state.document.marks] == ["words"]
        forgetting = seat.session.forget([row])
        seat.until(lambda: forgetting.finished)
    cd.rmdir()
    with sitting() as seat, pytest.raises(ProblemError) as caught:
        seat.open(cd)
    assert caught.value.problem.code == "path_missing"


def test_copying_can_be_stopped_and_leaving_the_disc_stops_it(cd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.usecases.copying.is_slow", lambda path: True)
    copying: list[Job[CopyReport]] = []
    with sitting() as seat:

        def stop(job: Job[CopyReport]) -> None:
            copying.append(job)
            seat.session.stop_copying()

        seat.session.when_copying(stop)
        seat.open(cd)
        seat.until(lambda: bool(copying) and copying[0].finished)
        assert copying[0].cancelled
        assert isinstance(seat.show_native(seat.volume, 2), Slice)


def test_a_quick_disc_is_not_copied(cd: Path, data: Path) -> None:
    with sitting() as seat:
        seat.session.when_copying(lambda job: pytest.fail("nothing to copy"))
        seat.open(cd)
    assert not (data / "copies").exists()
