"""Bad input: each ends in one plain sentence with what to do; the rest works; nothing is written on the disc;
no work is lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pydicom
import pytest
import typst

from tests.data import shared_data
from tests.usecases.sitting import Scripted, Sitting, script_media, sitting, snapshot_of
from viewer.app import run
from viewer.document.model import PaneView
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.marks.mark import MarkKind
from viewer.phantom.disc import DiscKind, write_disc
from viewer.picture.png import encode_png, png_chunks
from viewer.problem import Problem, ProblemError
from viewer.usecases.saving import keep_originals
from viewer.usecases.take_along import TakeAlong

JARGON = ("Error", "Traceback", "Errno", "None", "exception", "0x", "/tmp")


def is_plain(problem: Problem) -> bool:
    """A sentence with what to do, without jargon."""
    words = f"{problem.text} {problem.remedy}"
    return problem.text.endswith(".") and bool(problem.remedy) and not any(word in words for word in JARGON)


def one_sentence(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """A command that ends with 2 and one line on standard error."""
    capsys.readouterr()
    assert run(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert not any(word in err for word in JARGON), err
    return err


def adds_up(index: DiscIndex) -> bool:
    account = index.account
    return account.found == account.shown + len(account.skipped) and all(row.reason for row in account.skipped)


# --- what is not a disc


def test_an_empty_folder(empty_folder: Path, seat: Sitting, capsys: pytest.CaptureFixture[str]) -> None:
    index = seat.open(empty_folder)
    (problem,) = index.problems
    assert problem.code == "folder_empty"
    assert is_plain(problem)
    assert run(["index", str(empty_folder)]) == 0
    assert problem.text in capsys.readouterr().out
    with pytest.raises(ProblemError) as failure:
        seat.session.prepare("What?")
    assert is_plain(failure.value.problem)


def test_a_folder_without_dicom(tmp_path: Path, seat: Sitting) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear colleague", "utf-8")
    index = seat.open(folder)
    assert adds_up(index)
    assert index.problems
    assert is_plain(index.problems[0])
    assert seat.view.panes == ()


def test_a_file_instead_of_a_folder(ct: Path, tmp_path: Path, seat: Sitting) -> None:
    picture = next(path for path in ct.rglob("*") if path.is_file())
    index = seat.open(picture)
    assert index.picture_count == 1
    assert seat.slice().values.size
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleague", "utf-8")
    index = seat.open(letter)
    assert adds_up(index)
    assert is_plain(index.problems[0])


@pytest.mark.parametrize("name", ["nothing", "a\0b", "x" * 5000])
def test_a_place_that_is_none(name: str, tmp_path: Path, seat: Sitting, capsys: pytest.CaptureFixture[str]) -> None:
    job = seat.session.open_path(str(tmp_path / name))
    seat.until(lambda: job.finished)
    assert job.problem is not None
    assert is_plain(job.problem)
    one_sentence(capsys, "index", str(tmp_path / name))


NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Somebody without rights, for a moment."""
    if not hasattr(os, "setresuid") or os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose parents anybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_that_may_not_be_read(open_place: Path, ct: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = open_place / "closed"
    write_disc(folder, DiscKind.CT, slices=3, size=16)
    folder.chmod(0o700)
    assert run(["index", str(ct)]) == 0  # everything is imported before the rights are gone
    with as_nobody():
        assert "does not allow you to read" in one_sentence(capsys, "index", str(folder))


def test_a_folder_inside_that_may_not_be_read(open_place: Path, ct: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = open_place / "open"
    write_disc(folder / "a", DiscKind.CT, slices=3, size=16)
    (folder / "closed").mkdir(mode=0o700)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700 if path.name == "closed" else 0o755)
    assert run(["index", str(ct)]) == 0
    capsys.readouterr()
    with as_nobody():
        assert run(["index", str(folder), "--json"]) == 0
    index = json.loads(capsys.readouterr().out)
    (row,) = index["files"]["skipped"]
    assert row["reason"] == "A folder on the disc could not be read."
    assert index["files"]["shown"] == 3


def test_a_folder_the_system_refuses(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    job = seat.session.open_path(str(ct))
    seat.until(lambda: job.finished)
    assert job.problem is not None
    assert job.problem.code == "path_not_readable"
    assert is_plain(job.problem)
    one_sentence(capsys, "index", str(ct))


def test_one_file_that_may_not_be_read(ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting) -> None:
    from viewer.disc import folder as room

    read, closed = room.read_regular, sorted(str(path) for path in ct.rglob("*") if path.is_file())[4]

    def refused(path: str, offset: int, size: int) -> bytes:
        if path == os.path.realpath(closed):
            raise OSError(errno.EACCES, "no")
        return read(path, offset, size)

    monkeypatch.setattr(room, "read_regular", refused)
    index = seat.open(ct)
    assert adds_up(index)
    assert index.picture_count == 8
    (row,) = index.account.skipped
    assert row.kind == "unreadable"
    assert row.reason == "This computer does not allow you to read a file."


# --- the disc is pulled out


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EIO])
def test_a_disc_pulled_out_while_it_is_read(
    code: int, cd: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    def prepare(medium: Scripted) -> None:
        medium.fails = lambda path, offset: code if medium.reads > 12 else 0

    media = script_media(monkeypatch, prepare)
    index = seat.open(cd)
    assert adds_up(index)
    assert not index.complete
    assert index.problems[0].code == "disc_taken_out"
    assert is_plain(index.problems[0])
    assert media[0].reads < 60, "each file of a disc that is gone was waited for"
    got = seat.fetched() if seat.view.panes else None
    assert got is None or not isinstance(got, Problem) or is_plain(got)


def test_work_on_a_disc_that_was_pulled_out_is_there_when_it_is_back(
    ct: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting
) -> None:
    state = {"in": True, "headers": 0}

    def failing(path: str, offset: int) -> int:
        """Headers only, so that what is read beside them does not depend on luck."""
        state["headers"] += offset == 0
        return errno.ENOENT if offset == 0 and state["in"] and state["headers"] > 6 else 0

    def prepare(medium: Scripted) -> None:
        medium.fails = failing

    script_media(monkeypatch, prepare)
    index = seat.open(ct)
    assert not index.complete
    assert index.problems[0].code == "disc_taken_out"
    state["in"] = False
    slice_ = seat.slice()
    mark = seat.session.add_mark(MarkKind.ARROW, slice_, ((2, 2), (7, 7)))
    seat.open(ct)
    assert seat.disc.complete
    assert [one.id for one in seat.state.document.marks] == [mark.id]
    assert seat.state.document.marks[0].anchor.frame == slice_.frame


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EIO])
def test_a_disc_pulled_out_while_pictures_are_fetched(
    code: int, cd: Path, monkeypatch: pytest.MonkeyPatch, seat: Sitting, tmp_path: Path
) -> None:
    media = script_media(monkeypatch)
    seat.open(cd)
    small = next(s for st in seat.disc.studies for s in st.series if s.frames and s is not seat.volume)
    mark = seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "kept")
    media[0].fails = lambda path, offset: code
    seat.session.arrange((PaneView(small.id),))
    got = seat.fetched()
    assert isinstance(got, Problem)
    assert is_plain(got)
    assert seat.state.document.marks == (mark,)
    media[0].fails = lambda path, offset: 0
    seat.session.close_disc()
    seat.open(cd)
    assert [one.id for one in seat.state.document.marks] == [mark.id]


def test_a_folder_that_vanishes_under_the_program(cd: Path, seat: Sitting, tmp_path: Path) -> None:
    seat.open(cd)
    shutil.rmtree(cd)
    seat.session.take_along.pdf(tmp_path / "a.pdf")
    seat.session.close_disc()
    (row,) = seat.session.recent()
    assert not row.is_there
    job = seat.session.open_path(str(cd))
    seat.until(lambda: job.finished)
    assert job.problem is not None
    assert is_plain(job.problem)


# --- damaged files


def test_cut_and_empty_files_lie_beside_good_ones(ct: Path, tmp_path: Path, seat: Sitting) -> None:
    folder = Path(shutil.copytree(ct, tmp_path / "bad"))
    first, second, third, *_ = sorted(path for path in folder.rglob("*") if path.is_file())
    first.write_bytes(b"")
    second.write_bytes(second.read_bytes()[:300])
    third.write_bytes(third.read_bytes()[:-700])
    index = seat.open(folder)
    assert adds_up(index)
    reasons = {row.path.rpartition("/")[2]: row for row in index.account.skipped}
    assert reasons[first.name].kind == "empty"
    assert reasons[second.name].kind == "damaged"
    assert index.picture_count >= 6
    assert seat.slice().values.size
    words = [one.text for st in index.studies for s in st.series for one in s.problems]
    words += [p.text for s in (seat.volume,) for f in s.frames for p in f.header.problems]
    assert third.name in reasons or any("cut off" in text for text in words)


# --- places with odd names


@pytest.mark.parametrize("number", [0, 4], ids=["the first", "one within"])
def test_a_picture_of_bits_that_no_picture_has_costs_its_set_only_that_picture(
    ct: Path, tmp_path: Path, seat: Sitting, number: int
) -> None:
    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    paths = sorted(path for path in disc.rglob("*") if path.is_file())
    damaged = pydicom.dcmread(paths[number])
    damaged.BitsAllocated, damaged.BitsStored, damaged.HighBit = 64, 64, 63
    damaged.save_as(paths[number])
    seat.open(disc)
    source, refused = seat.session.source(seat.volume.id), []
    for index in range(source.count(Plane.NATIVE)):
        try:
            source.slice(Plane.NATIVE, index)
        except ProblemError as failure:
            refused.append(failure.problem.code)
    assert refused == ["picture_contradicts"]
    assert source.count(Plane.NATIVE) == len(paths)


def test_names_in_every_script_and_very_long_paths(tmp_path: Path, seat: Sitting) -> None:
    truth = write_disc(tmp_path / "odd", DiscKind.ODD_NAMES, slices=6, size=16)
    assert seat.open(tmp_path / "odd").picture_count == truth.frames
    assert seat.slice().values.size


def test_a_path_longer_than_the_system_takes_at_once(ct: Path, tmp_path: Path, seat: Sitting) -> None:
    folder = tmp_path
    for _ in range(12):
        folder = folder / ("Ordner mit langem Namen – 影像 " * 3).strip()
    try:
        shutil.copytree(ct, folder)
    except OSError:
        pytest.skip("this file system takes no such path")
    assert seat.open(tmp_path).picture_count == 9
    seat.session.close_disc()
    assert seat.session.recent()[0].is_there


def test_the_shared_disc_with_deep_foreign_names(tmp_path: Path, seat: Sitting) -> None:
    with tarfile.open(shared_data("discs", "12-nonascii-deep-paths.tar")) as packed:
        packed.extractall(tmp_path / "deep", filter="data")
    index = seat.open(tmp_path / "deep")
    assert adds_up(index)
    assert index.picture_count
    assert seat.slice().values.size


# --- media and disks


def test_a_read_only_medium(cd: Path, seat: Sitting, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    place = tmp_path / "mounted"
    place.mkdir()
    if subprocess.run(["mount", "--bind", str(cd), str(place)], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no mounts")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
        before = snapshot_of(place)
        seat.open(place)
        seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "words")
        seat.session.close_disc()
        seat.open(place)
        assert len(seat.state.document.marks) == 1
        job = seat.session.take_along.pdf(place / "a.pdf")
        seat.until(lambda: job.finished)
        assert job.problem is not None
        assert is_plain(job.problem)
        seat.session.close_disc()
        assert snapshot_of(place) == before
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=False)
    if made.returncode:
        pytest.skip("this machine allows no mounts")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return filler


def test_no_room_for_the_pdf(cd: Path, seat: Sitting, small_disk: Path) -> None:
    fill(small_disk)
    seat.open(cd)
    mark = seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "words")
    job = seat.session.take_along.pdf(small_disk / "a.pdf")
    seat.until(lambda: job.finished)
    assert job.problem is not None
    assert job.problem.code == "pdf_disk_full"
    assert is_plain(job.problem)
    assert not (small_disk / "a.pdf").exists()
    assert seat.state.document.marks == (mark,)


def test_no_room_for_the_archive(
    cd: Path, ct: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch, server: object
) -> None:
    monkeypatch.setenv("SIDELIGHT_DATA", str(small_disk / "data"))
    with sitting() as seat:
        seat.open(cd)
        filler = fill(small_disk)
        slice_ = seat.slice()
        for number in range(40):
            seat.session.add_mark(MarkKind.TEXT, slice_, ((3, 3),), "words " * 200 + str(number))
        seat.until(lambda: seat.session.archive_problem is not None)
        trouble = seat.session.archive_problem
        assert trouble is not None
        assert trouble.code == "archive_full"
        assert is_plain(trouble)
        seat.session.setup.choose_once(None, server.base_url, "m", "bearer")  # type: ignore[attr-defined]
        turn = seat.ask()
        assert turn.answer.problem is not None
        assert is_plain(turn.answer.problem)
        assert not server.requests, "something left without its record"  # type: ignore[attr-defined]
        seat.session.set_setting("theme", "dark")
        seat.session.setup.choose("address", "http://localhost:1", "m")
        assert seat.session.setup.settings().model == "m"
        seat.open(ct)
        assert seat.slice().values.size
        seat.session.close_disc()
        filler.unlink()
        assert seat.session._archive.flush()
        seat.open(cd)
        assert len(seat.state.document.marks) == 40
        assert seat.session.archive_problem is None


def test_a_data_folder_that_cannot_be_written(cd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    monkeypatch.setenv("SIDELIGHT_DATA", str(blocked / "data"))
    with sitting() as seat:
        trouble = seat.session.archive_problem
        assert trouble is not None
        assert is_plain(trouble)
        seat.open(cd)
        mark = seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "words")
        seat.session.close_disc()
        seat.open(cd)
        assert [one.id for one in seat.state.document.marks] == [mark.id]
        seat.loop.result(seat.session.take_along.pdf(tmp_path / "a.pdf"))
        job = seat.session.open_sample()
        seat.until(lambda: job.finished)
        assert job.problem is not None
        assert is_plain(job.problem)
        assert seat.disc.root == str(cd)


@pytest.mark.parametrize("write", [TakeAlong.pdf, TakeAlong.table])
def test_no_file_of_one_s_own_takes_the_place_of_one_on_the_disc(
    write: Callable[[TakeAlong, Path], Job[Path]], cd: Path, seat: Sitting
) -> None:
    seat.open(cd)
    original = cd / seat.session.series(seat.pane.series_id).frames[0].header.path
    before = original.read_bytes()
    job = write(seat.session.take_along, original)
    seat.until(lambda: job.finished)
    assert job.problem is not None
    assert job.problem.code == "not_over_the_disc"
    assert original.read_bytes() == before


def test_a_letter_or_a_picture_of_the_clinic_is_not_replaced_and_a_report_of_one_s_own_is(
    cd: Path, seat: Sitting
) -> None:
    own = encode_png(np.zeros((3, 3), np.uint8))
    resolution = b"\x00\x00\x00\x09pHYs\x00\x00\x0b\x13\x00\x00\x0b\x13\x01\x00\x9a\x9c\x18"  # 72 dots per inch
    shot = own[:33] + resolution + own[33:]
    theirs = {"LETTER.PDF": typst.compile(b"A letter"), "shot.png": shot, "logo.png": b"no picture"}
    for name, data in theirs.items():
        (cd / name).write_bytes(data)
    assert [kind for kind, _ in png_chunks(shot)] == [b"IHDR", b"pHYs", b"IDAT", b"IEND"]
    seat.open(cd)
    for name, data in theirs.items():
        with pytest.raises(ProblemError) as refused:
            keep_originals(seat.disc, cd / name)
        assert refused.value.problem.code == "not_over_the_disc"
        assert (cd / name).read_bytes() == data
    (cd / "own.png").write_bytes(own)
    (cd / "empty.pdf").touch()
    for name in ("own.pdf", "own.pdf", "empty.pdf"):
        seat.loop.result(seat.session.take_along.pdf(cd / name))
    keep_originals(seat.disc, cd / "own.png")


@pytest.mark.parametrize("place", ["missing/a.pdf", "."])
def test_a_place_where_no_pdf_can_be(place: str, cd: Path, seat: Sitting, tmp_path: Path) -> None:
    seat.open(cd)
    job = seat.session.take_along.pdf(tmp_path / place)
    seat.until(lambda: job.finished)
    assert job.problem is not None
    assert is_plain(job.problem)
