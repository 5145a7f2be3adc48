"""A disc that was read before: only what has changed is read again, and what comes out is the same."""

from __future__ import annotations

import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typing_extensions import override

from tests.dicom.tree import picture, write_tree
from viewer.archive.archive import Archive
from viewer.archive.readings import Known, read_readings, written_readings
from viewer.disc.folder import FolderMedium
from viewer.disc.inside import FolderWithArchives
from viewer.disc.medium import FileKind, FoundFile
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.usecases.open_disc import read_disc
from viewer.usecases.read_before import InArchive


class Counting(FolderMedium):
    """Knows which files were read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.reads: list[str] = []

    @override
    def read(self, path: str, offset: int, size: int) -> bytes:
        self.reads.append(path)
        return super().read(path, offset, size)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "disc"
    write_tree(root, series=3, pictures=20, others=6, size=8)
    return root


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path / "data")
    yield made
    made.close()


def opened(root: Path, archive: Archive) -> tuple[DiscIndex, set[str]]:
    medium = Counting(root)
    index = read_disc(medium, Job("read"), lambda _: None, InArchive(archive))
    return index, set(medium.reads)


def test_a_disc_opened_again_is_the_same_and_hardly_read(tree: Path, archive: Archive) -> None:
    first, read = opened(tree, archive)
    again, read_again = opened(tree, archive)
    assert again == first
    assert len(read) == 66
    assert len(read_again) == 3  # one of each series, to be sure


def test_files_that_were_changed_added_or_removed_are_noticed(tree: Path, archive: Archive) -> None:
    opened(tree, archive)
    folder = tree / "DICOM" / "PA000001" / "SE000001"
    (folder / "IM000005").unlink()
    (folder / "IM000006").write_bytes(b"nothing of a picture any more")
    (folder / "NEW").write_bytes(picture(1, 99, 8, random.Random(1)))
    index, read = opened(tree, archive)
    assert {Path(path).name for path in read} >= {"IM000006", "NEW"}
    assert len(read) <= 5
    assert index == read_disc(FolderMedium(tree), Job("read"), lambda _: None)
    assert (index.account.found, index.account.shown) == (66, 59)


def test_another_disc_with_the_same_names_sizes_and_times_is_read_anew(tree: Path, archive: Archive) -> None:
    opened(tree, archive)
    for file in sorted(tree.rglob("IM*")):
        facts = file.stat()
        file.write_bytes(file.read_bytes().replace(b"Muster^Erika", b"Marple^Janes"))
        os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    index, read = opened(tree, archive)
    assert len(read) == 66
    assert "Marple" in index.studies[0].person.name


def test_forgetting_a_disc_forgets_what_was_read_of_it(tree: Path, archive: Archive) -> None:
    index, _ = opened(tree, archive)
    assert archive.reading(FolderMedium(tree).fingerprint)
    archive.forget(index.key)
    assert archive.reading(FolderMedium(tree).fingerprint) == b""
    assert len(opened(tree, archive)[1]) == 66


def test_a_reading_that_is_broken_counts_for_nothing() -> None:
    whole = written_readings([Known(FoundFile("a.txt", 3, FileKind.DOCUMENT, None, 7), None)])
    assert set(read_readings(whole)) == {"a.txt"}
    for broken in (whole[:-3], b"", b"x" * 40, whole[:6] + b"\0" + whole[7:]):
        assert read_readings(broken) == {}


def test_what_lies_in_a_packed_file_without_its_ending_is_not_read_again(
    tree: Path, tmp_path: Path, archive: Archive
) -> None:
    folder = tmp_path / "packed"
    folder.mkdir()
    (folder / "note.txt").write_text("see the packed file")
    with zipfile.ZipFile(folder / "EXPORT", "w") as made:
        for path in sorted(tree.rglob("*")):
            made.write(path, str(path.relative_to(tree)))
    reads: list[str] = []

    class Noting(FolderWithArchives):
        @override
        def read(self, path: str, offset: int, size: int) -> bytes:
            reads.append(path)
            return super().read(path, offset, size)

    def read() -> DiscIndex:
        reads.clear()
        return read_disc(Noting(FolderMedium(folder)), Job("read"), lambda _: None, InArchive(archive))

    first = read()
    assert first.account.shown == 60
    assert len(set(reads)) == 68
    assert read() == first
    assert len(set(reads)) < 8
