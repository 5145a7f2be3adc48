"""Forgetting a disc: every word of it leaves the data folder; the list of sendings and everything else stay."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.fakes.messages_server import MessagesServer
from tests.patience import PATIENCE
from tests.usecases.sitting import Sitting, sitting
from viewer.archive.readings import Known
from viewer.disc.copy import CopyReport
from viewer.jobs.jobs import Job
from viewer.marks.mark import MarkKind
from viewer.problem import ProblemError, problem
from viewer.usecases.read_before import InArchive
from viewer.usecases.rows import RecentDisc
from viewer.usecases.session import Session

WORDS = b"Zweiundvierzig-Marker"


def files_with(data: Path, needle: bytes) -> list[str]:
    return [str(path.relative_to(data)) for path in data.rglob("*") if path.is_file() and needle in path.read_bytes()]


def write_on(seat: Sitting, server: MessagesServer) -> bytes:
    """A mark with words, a question with the same words; the picture that was sent."""
    seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
    seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3.0, 3.0),), WORDS.decode())
    turn = seat.ask(WORDS.decode())
    return seat.session.sent_png(turn.sent[0].sha256)


def has_copied(copying: list[Job[CopyReport]], number: int) -> bool:
    return len(copying) > number and copying[number].finished


def forget(seat: Sitting, rows: tuple[RecentDisc, ...] | None) -> None:
    seat.loop.result(seat.session.forget(rows))


def test_the_open_disc_is_closed_and_no_word_of_it_stays(ct: Path, data: Path, server: MessagesServer) -> None:
    with sitting() as seat:
        seat.open(ct)
        png = write_on(seat, server)
        seat.session.set_setting("theme", "dark")
        rows = seat.session.ledger_rows()
        row = seat.session.forgettable()
        assert row is not None
        assert "1 mark · 1 question" in row.words
        forget(seat, (row,))
        assert seat.state.disc is None
        assert seat.session.recent() == ()
        assert seat.session.ledger_rows() == rows
        assert seat.session.verify_ledger()[0]
        for needle in (WORDS, png[8:200], str(ct).encode(), ct.name.encode() + b'"'):
            assert files_with(data, needle) == []
    assert files_with(data, WORDS) == []  # nor is it written again at the end
    with sitting() as seat:
        seat.open(ct)
        assert seat.state.document.marks == ()
        assert seat.state.conversations.items == ()
        assert seat.session.setting("theme") == "dark"


def test_what_is_still_being_written_of_a_disc_that_was_left_goes_too(
    ct: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, gate, keep = Event(), Event(), InArchive.keep

    def late(self: InArchive, place: str, key: str, files: Iterable[Known]) -> None:
        begun.set()
        assert gate.wait(PATIENCE)
        keep(self, place, key, files)

    monkeypatch.setattr(InArchive, "keep", late)
    with sitting() as seat:
        seat.session.open_path(str(ct))
        seat.until(lambda: begun.is_set() and seat.session.forgettable() is not None)
        row = seat.session.forgettable()
        assert row is not None
        seat.session.close_disc()
        forgetting = seat.session.forget((row,))
        gate.set()
        seat.loop.result(forgetting)
        assert not seat.session.keeps(row)


def test_a_disc_of_earlier_goes_while_another_is_open(ct: Path, cd: Path, data: Path, server: MessagesServer) -> None:
    with sitting() as seat:
        seat.open(ct)
        write_on(seat, server)
        seat.open(cd)
        seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3.0, 3.0),), "stays")
        forget(seat, tuple(row for row in seat.session.recent() if row.path == str(ct)))
        assert seat.disc.root == str(cd)
        assert [row.path for row in seat.session.recent()] == [str(cd)]
        assert files_with(data, WORDS) == []
    assert files_with(data, b"stays")


def test_an_answer_on_its_way_is_stopped_and_not_kept(ct: Path, data: Path, server: MessagesServer) -> None:
    server.play("slow drip")
    with sitting() as seat:
        seat.open(ct)
        seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
        disclosure = seat.loop.result(seat.session.prepare(WORDS.decode()))
        seat.session.send(disclosure, seat.session.consent(disclosure))
        row = seat.session.forgettable()
        assert row is not None
        forget(seat, (row,))
        assert not seat.session.asking
    assert files_with(data, WORDS) == []
    assert files_with(data, disclosure.frames[0].png[8:200]) == []


def test_quitting_at_once_does_not_keep_what_was_to_go(ct: Path, data: Path, server: MessagesServer) -> None:
    with sitting() as seat:
        seat.open(ct)
        write_on(seat, server)
        row = seat.session.forgettable()
        assert row is not None
        seat.session.forget((row,))
    assert files_with(data, WORDS) == []


def test_the_copy_of_a_slow_disc_goes_and_that_of_another_stays(
    cd: Path, ct: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.usecases.copying.is_slow", lambda path: True)
    copying: list[Job[CopyReport]] = []
    with sitting() as seat:
        seat.session.when_copying(copying.append)
        for number, folder in enumerate((cd, ct)):
            seat.open(folder)
            seat.until(partial(has_copied, copying, number))
        assert len(list((data / "copies").iterdir())) == 2
        forget(seat, tuple(row for row in seat.session.recent() if row.path == str(cd)))
        (left,) = (data / "copies").iterdir()
        assert str(ct).encode() in (left / "journal").read_bytes()
        seat.session.when_copying(lambda job: None)
        seat.open(cd)  # while it is being copied anew
        row = seat.session.forgettable()
        assert row is not None
        forget(seat, (row,))
        assert list((data / "copies").iterdir()) == [left]


def test_a_copy_that_cannot_be_removed_is_said(cd: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.usecases.copying.is_slow", lambda path: True)
    copying: list[Job[CopyReport]] = []

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    with sitting() as seat:
        seat.session.when_copying(copying.append)
        seat.open(cd)
        seat.until(lambda: bool(copying) and copying[0].finished)
        row = seat.session.forgettable()
        monkeypatch.setattr(shutil, "rmtree", refuse)
        with pytest.raises(ProblemError) as failure:
            forget(seat, (row,) if row else ())
        assert failure.value.problem == problem("not_all_forgotten")


def test_all_discs_go_also_those_that_are_no_longer_listed(
    ct: Path, cd: Path, data: Path, server: MessagesServer
) -> None:
    """Two discs that lay in the same drive one after the other: only the second is listed."""
    with sitting() as seat:
        drive = data.parent / "drive"
        shutil.copytree(ct, drive)
        seat.open(drive)
        write_on(seat, server)
        seat.session.close_disc()
        shutil.rmtree(drive)
        shutil.copytree(cd, drive)
        seat.open(drive)
        assert len(seat.session.recent()) == 1
        assert files_with(data, WORDS)
        forget(seat, None)
        assert seat.state.disc is None
        assert seat.session.recent() == ()
        assert len(seat.session.ledger_rows()) == 2
    assert files_with(data, WORDS) == []
    assert files_with(data, str(drive).encode()) == []


def test_what_is_still_being_read_cannot_be_told_apart(seat: Sitting) -> None:
    session: Session = seat.session
    assert session.forgettable() is None
