"""A slow disc is copied once, in its own order, and the copy is the disc: whole, verified, gone on with after a stop."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from viewer.disc import copy as copying
from viewer.disc.copied import CopiedMedium
from viewer.disc.copies import copied_places, copy_of
from viewer.disc.copy import CopyReport, copy_medium
from viewer.disc.folder import FolderMedium
from viewer.disc.medium import FileKind, FoundFile
from viewer.jobs.jobs import Cancelled, Job, Progress
from viewer.problem import ProblemError, problem


class Disc:
    """A medium in memory that may fail, and counts what is read of it."""

    def __init__(self, files: dict[str, bytes], failing: dict[str, int] | None = None) -> None:
        self.files, self.failing = files, dict(failing or {})
        self.order: list[str] = []

    name, fingerprint = "disc", "f"

    def walk(self) -> Iterator[FoundFile]:
        yield from (FoundFile(path, len(data)) for path, data in self.files.items())

    def inside(self, found: FoundFile) -> tuple[FoundFile, ...]:
        return ()

    def read(self, path: str, offset: int, size: int) -> bytes:
        self.order.append(path)
        if self.failing.get(path, 0) > 0:
            self.failing[path] -= 1
            raise ProblemError(problem("file_not_readable", path))
        return self.files[path][offset : offset + size]

    def local(self, path: str) -> Path | None:
        return None

    def close(self) -> None:
        """Nothing to close."""


def files(count: int = 6, size: int = 3000) -> dict[str, bytes]:
    return {f"D/IM{9 - n}": bytes([n]) * (size + n) for n in range(count)}


def copied(medium: Disc, folder: Path) -> CopyReport:
    return copy_medium(medium, folder, Job("copy"))


def told(medium: CopiedMedium) -> dict[str, bytes]:
    return {found.path: medium.read(found.path, 0, 10**9) for found in medium.walk()}


def test_a_copy_is_the_disc_in_the_order_of_the_disc(tmp_path: Path) -> None:
    disc = Disc(files())
    report = copied(disc, tmp_path / "c")
    assert disc.order == list(disc.files)
    assert report.disc_may_come_out
    assert report.text == "Everything is on this computer now. The disc may come out."
    for medium in (CopiedMedium(tmp_path / "c", report), CopiedMedium(tmp_path / "c")):
        assert list(told(medium).items()) == list(disc.files.items())
        assert medium.name == "disc"
        assert medium.read("D/IM9", 2990, 50) == bytes(10)
        local = medium.local("D/IM9")
        assert local is not None
        assert local.name == "00000001"


def test_two_programs_that_copy_one_disc_do_not_write_into_each_other_s_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PIECE", 1000)
    digest_of, job = copying._digest_of, Job[CopyReport]("copy")
    job.listen(lambda running: running.cancel() if running.progress.done else None)
    others: list[Cancelled] = []

    def meanwhile(path: Path) -> str:
        digest = digest_of(path)
        if not others:  # what was read is whole, and not renamed yet: now the other one begins, and is stopped
            with pytest.raises(Cancelled) as stopped:
                copy_medium(Disc(files()), tmp_path, job)
            others.append(stopped.value)
        return digest

    monkeypatch.setattr(copying, "_digest_of", meanwhile)
    report = copied(Disc(files()), tmp_path)
    assert others
    assert not report.failed
    assert told(CopiedMedium(tmp_path)) == files()
    assert not list(tmp_path.glob("part*"))


def test_what_a_killed_program_left_half_written_goes(tmp_path: Path) -> None:
    for name, age in (("part", 2 * 24 * 3600), ("part_new", 0)):
        (tmp_path / name).write_bytes(b"half")
        moment = time.time() - age
        os.utime(tmp_path / name, (moment, moment))
    copied(Disc(files()), tmp_path)
    assert [one.name for one in tmp_path.glob("part*")] == ["part_new"]


def test_a_copy_that_was_stopped_goes_on_and_reads_nothing_twice(tmp_path: Path) -> None:
    disc, job = Disc(files()), Job[CopyReport]("copy")

    def stop(running: Job[CopyReport]) -> None:
        if running.progress.done > 9000:
            running.cancel()

    job.listen(stop)
    with pytest.raises(Cancelled):
        copy_medium(disc, tmp_path, job)
    before = set(disc.order)
    with pytest.raises(ProblemError):
        CopiedMedium(tmp_path)
    again = Disc(disc.files)
    report = copied(again, tmp_path)
    assert before
    assert before.isdisjoint(again.order)
    assert report.read == len(disc.files) - len(before)
    assert told(CopiedMedium(tmp_path, report)) == disc.files


def test_only_a_whole_copy_stands_for_the_disc_that_is_out(tmp_path: Path) -> None:
    disc, job = Disc(files()), Job[CopyReport]("copy")
    job.listen(lambda running: running.cancel() if running.progress.done > 9000 else None)
    with pytest.raises(Cancelled):
        copy_medium(disc, tmp_path / "one", job)
    assert copied_places(tmp_path) == frozenset({""})
    assert copy_of(tmp_path, "disc") is None
    copied(disc, tmp_path / "one")
    assert copied_places(tmp_path) == frozenset({"disc"})
    found = copy_of(tmp_path, "disc")
    assert found is not None
    assert told(found) == disc.files


def test_a_copy_that_was_spoilt_is_made_again(tmp_path: Path) -> None:
    disc = Disc(files())
    copied(disc, tmp_path)
    (tmp_path / "00000003").write_bytes(b"other bytes")
    (tmp_path / "00000005").unlink()
    again = Disc(disc.files)
    report = copied(again, tmp_path)
    assert again.order == ["D/IM7", "D/IM5"]
    assert told(CopiedMedium(tmp_path, report)) == disc.files


def test_files_that_fail_are_tried_again_at_the_end_and_else_named(tmp_path: Path) -> None:
    disc = Disc(files(), {"D/IM8": 1, "D/IM6": 99})
    report = copied(disc, tmp_path)
    assert disc.order[-2:] == ["D/IM8", "D/IM6"]
    assert [row.path for row in report.failed] == ["D/IM6"]
    assert report.text.endswith("1 file could not be read.")
    for medium in (CopiedMedium(tmp_path, report), CopiedMedium(tmp_path)):
        (lost,) = [found for found in medium.walk() if found.kind is FileKind.UNREADABLE]
        assert lost.path == "D/IM6"
        with pytest.raises(ProblemError) as caught:
            medium.read("D/IM6", 0, 10)
        assert caught.value.problem.code == "file_not_readable"
    assert copied(Disc(disc.files), tmp_path).failed == ()


def test_progress_counts_bytes_up_to_all_of_them(tmp_path: Path) -> None:
    disc, job, seen = Disc(files(), {"D/IM8": 1}), Job[CopyReport]("copy"), list[Progress]()
    job.listen(lambda running: seen.append(running.progress))
    copy_medium(disc, tmp_path, job)
    assert all(one.done <= one.total for one in seen[1:])
    assert seen[-1].done == seen[-1].total == sum(map(len, disc.files.values()))
    assert "may come out" in seen[-1].words


def test_without_space_nothing_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "SPARE", 1 << 60)
    disc = Disc(files())
    with pytest.raises(ProblemError) as caught:
        copied(disc, tmp_path)
    assert caught.value.problem.code == "copy_no_space"
    assert not disc.order


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ProblemError) as caught:
        copied(Disc(files()), tmp_path / "file" / "below")
    assert caught.value.problem.code == "copy_not_kept"


def test_bytes_that_did_not_come_to_rest_as_read_are_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_digest_of", lambda path: "")
    report = copied(Disc(files(2)), tmp_path)
    assert [row.problem.code for row in report.rows if row.problem] == ["copy_not_kept"] * 2


def test_a_sparse_giant_and_a_shorter_file_than_listed_do_no_harm(tmp_path: Path) -> None:
    class Lying(Disc):
        @override
        def walk(self) -> Iterator[FoundFile]:
            yield FoundFile("giant", 1 << 50)
            yield FoundFile("short", 5000)
            yield FoundFile("pipe", 0, FileKind.UNREADABLE, problem("not_a_regular_file", "pipe"))

    report = copied(Lying({"short": b"abc", "giant": b"", "pipe": b""}), tmp_path)
    giant, short, pipe = report.rows
    assert giant.problem is not None
    assert giant.problem.code == "copy_too_large"
    assert pipe.problem is not None
    assert (short.size, CopiedMedium(tmp_path, report).read("short", 0, 99)) == (3, b"abc")


@settings(max_examples=40, deadline=None)
@given(
    names=st.lists(
        st.text(st.characters(codec=None, exclude_characters="\0"), min_size=1, max_size=40), unique=True, max_size=6
    )
)
def test_no_name_of_the_disc_becomes_a_path(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("copy")
    hostile = ["../../etc/passwd", "/etc/passwd", "..\\x", "journal", "part", "00000001", "\udce4\n{}", *names]
    disc = Disc({name: name.encode("utf-8", "surrogatepass") for name in hostile})
    report = copied(disc, root / "c")
    assert [path.name for path in root.iterdir()] == ["c"]
    made = {path.name for path in (root / "c").iterdir()}
    assert made == {"journal", *(f"{n:08}" for n in range(1, len(disc.files) + 1))}
    assert told(CopiedMedium(root / "c")) == told(CopiedMedium(root / "c", report)) == disc.files


@given(st.binary(max_size=300))
def test_a_broken_journal_is_only_a_copy_to_make_again(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("copy")
    disc = Disc(files(2))
    row = {"path": "D/IM9", "number": "../../x", "size": -1, "sha256": 7}
    (folder / "journal").write_bytes(noise + b"\n" + json.dumps(row).encode() + b'\n{"path": "D/IM9", "num')
    assert told(CopiedMedium(folder, copied(disc, folder))) == disc.files
    assert told(CopiedMedium(folder)) == disc.files


def test_a_real_folder_is_copied_with_its_problems(tmp_path: Path) -> None:
    source = tmp_path / "disc"
    (source / "A").mkdir(parents=True)
    (source / "A" / "IM1").write_bytes(b"x" * 100)
    (source / "empty").write_bytes(b"")
    (source / "link").symlink_to("/etc/passwd")
    report = copy_medium(FolderMedium(source), tmp_path / "copy", Job("copy"))
    medium = CopiedMedium(tmp_path / "copy", report)
    kinds = {found.path: found.kind for found in medium.walk()}
    assert kinds == {"A/IM1": FileKind.OTHER, "empty": FileKind.OTHER, "link": FileKind.UNREADABLE}
    assert medium.read("A/IM1", 90, 100) == b"x" * 10
    assert medium.read("empty", 0, 10) == b""


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX here")
def test_nobody_else_on_this_computer_can_read_the_copy(tmp_path: Path) -> None:
    usual = os.umask(0o022)
    try:
        copied(Disc(files()), tmp_path / "copies" / "disc")
    finally:
        os.umask(usual)
    made = [*(tmp_path / "copies").rglob("*"), tmp_path / "copies"]
    assert {one.stat().st_mode & 0o777 for one in made if one.is_dir()} == {0o700}
    assert {one.stat().st_mode & 0o777 for one in made if one.is_file()} == {0o600}
