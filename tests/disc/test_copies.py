"""A slow disc that is copied while it is looked at."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from viewer.disc.copies import CopiedAlong, contents_of, prune
from viewer.disc.copy import JOURNAL, CopyReport
from viewer.disc.folder import FolderMedium
from viewer.jobs.jobs import Cancelled, Job
from viewer.problem import ProblemError


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    root = tmp_path / "disc"
    (root / "DICOM").mkdir(parents=True)
    for number in range(5):
        (root / "DICOM" / f"IM{number}").write_bytes(bytes([number]) * 3000)
    return root


def test_the_disc_may_come_out_once_it_is_copied(disc: Path, tmp_path: Path) -> None:
    medium = CopiedAlong(FolderMedium(disc))
    before = {found.path: medium.read(found.path, 10, 100) for found in medium.walk()}
    report = medium.copy(tmp_path / "copies", Job[CopyReport]("copy"))
    assert report.disc_may_come_out
    shutil.rmtree(disc)
    assert {path: medium.read(path, 10, 100) for path in before} == before
    assert all(str(medium.local(path)).startswith(str(tmp_path / "copies")) for path in before)


def test_what_is_not_copied_yet_is_read_from_the_disc(disc: Path, tmp_path: Path) -> None:
    medium, job = CopiedAlong(FolderMedium(disc)), Job[CopyReport]("copy")
    job.listen(lambda job: job.cancel() if job.progress.words.startswith("Copying file 3") else None)
    with pytest.raises(Cancelled):
        medium.copy(tmp_path / "copies", job)
    assert [medium.read(f"DICOM/IM{number}", 0, 2) for number in range(5)] == [bytes([n, n]) for n in range(5)]
    from_copy = [path for path in (f"DICOM/IM{n}" for n in range(5)) if medium.local(path) != disc / path]
    assert 0 < len(from_copy) < 5
    again = CopiedAlong(FolderMedium(disc))
    assert again.copy(tmp_path / "copies", Job[CopyReport]("copy")).read == 5 - len(from_copy)


def test_a_copy_that_was_taken_away_is_read_from_the_disc_again(disc: Path, tmp_path: Path) -> None:
    medium = CopiedAlong(FolderMedium(disc))
    medium.copy(tmp_path / "copies", Job[CopyReport]("copy"))
    shutil.rmtree(tmp_path / "copies")
    assert medium.read("DICOM/IM4", 0, 3) == b"\4\4\4"
    assert medium.local("DICOM/IM4") == disc / "DICOM" / "IM4"


def test_without_space_the_disc_is_still_read(disc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=100)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    medium = CopiedAlong(FolderMedium(disc))
    with pytest.raises(ProblemError) as failure:
        medium.copy(tmp_path / "copies", Job[CopyReport]("copy"))
    assert failure.value.problem.code == "copy_no_space"
    assert medium.read("DICOM/IM1", 0, 1) == b"\1"


def test_a_copy_belongs_to_what_is_on_the_disc(disc: Path) -> None:
    before = contents_of(FolderMedium(disc))
    assert contents_of(FolderMedium(disc)) == before
    facts = (disc / "DICOM" / "IM2").stat()
    os.utime(disc / "DICOM" / "IM2", ns=(facts.st_atime_ns, facts.st_mtime_ns + 5_000_000_000))
    assert contents_of(FolderMedium(disc)) != before


def test_old_copies_and_those_beyond_the_limit_are_removed(tmp_path: Path) -> None:
    now, day = 2_000_000_000.0, 24 * 3600
    for name, days in (("kept", 99), ("new", 1), ("second", 2), ("third", 3), ("old", 40)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "00000001").write_bytes(bytes(1000))
        (folder / JOURNAL).write_bytes(b"")
        os.utime(folder / JOURNAL, (now - days * day, now - days * day))
    prune(tmp_path, "kept", most_bytes=2500, now=now)
    assert {one.name for one in tmp_path.iterdir()} == {"kept", "new", "second"}
    prune(tmp_path / "nowhere", "kept")
