"""Folders and files as they come: links, pipes, odd names, failing drives."""

from __future__ import annotations

import errno
import os
import tarfile
import time
from pathlib import Path

import pytest

from tests.data import shared_data
from viewer.disc.folder import ChosenMedium, FolderMedium
from viewer.disc.medium import FileKind, FoundFile
from viewer.disc.open import open_medium
from viewer.problem import ProblemError


def by_path(medium: FolderMedium) -> dict[str, FoundFile]:
    return {found.path: found for found in medium.walk()}


def test_every_file_of_a_tree_is_found_once_with_its_size(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name, size in (("x", 3), ("a/y", 0), ("a/b/z", 9)):
        (tmp_path / name).write_bytes(bytes(size))
    found = list(FolderMedium(tmp_path).walk())
    assert sorted((f.path, f.size) for f in found) == [("a/b/z", 9), ("a/y", 0), ("x", 3)]


def test_a_single_file_is_a_medium_with_that_file(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"abcdef")
    medium = open_medium(str(tmp_path / "one"))
    assert [f.path for f in medium.walk()] == ["one"]
    assert medium.read("one", 2, 3) == b"cde"
    assert medium.read("one", 4, 30) == b"ef"


def test_links_and_pipes_are_named_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    root = tmp_path / "disc"
    root.mkdir()
    (root / "good").write_bytes(b"good")
    (root / "file_link").symlink_to(outside / "secret")
    (root / "folder_link").symlink_to(outside)
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe")
    medium = FolderMedium(root)
    found = by_path(medium)
    codes = {path: f.problem.code if f.problem else "" for path, f in found.items()}
    assert codes == {
        "good": "", "file_link": "link_not_followed", "folder_link": "link_not_followed",
        "loop": "link_not_followed", "pipe": "not_a_regular_file",
    }  # fmt: skip
    for path in ("file_link", "folder_link/secret", "pipe", "../outside/secret", "/etc/hostname", "loop/good/../good"):
        with pytest.raises(ProblemError):
            medium.read(path, 0, 4)


def test_names_that_are_no_text_are_walked_and_read(tmp_path: Path) -> None:
    with open(os.path.join(os.fsencode(tmp_path), b"\xff\xfe na\xefve"), "wb") as file:
        file.write(b"abc")
    (found,) = (medium := FolderMedium(tmp_path)).walk()
    assert medium.read(found.path, 0, 3) == b"abc"


def test_paths_of_six_hundred_characters_and_all_scripts_open(tmp_path: Path) -> None:
    with tarfile.open(shared_data("discs", "12-nonascii-deep-paths.tar")) as packed:
        packed.extractall(tmp_path, filter="data")
    medium = FolderMedium(tmp_path)
    found = list(medium.walk())
    assert len(found) == 44
    assert max(len(f.path) for f in found) > 500
    assert all(medium.read(f.path, 128, 4) == b"DICM" for f in found)


def test_a_tree_without_end_is_cut_and_said(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(140):
        deep = deep / "d"
        deep.mkdir()
    (deep / "x").write_bytes(b"x")
    words = [f.problem.code for f in FolderMedium(tmp_path).walk() if f.problem]
    assert words == ["folder_too_deep"]


@pytest.mark.parametrize(("failures", "readable"), [(2, True), (9, False)])
def test_a_failing_read_is_tried_again_three_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int, readable: bool
) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    medium, left = FolderMedium(tmp_path), [failures]
    whole = os.pread

    def scratched(handle: int, size: int, offset: int) -> bytes:
        left[0] -= 1
        if left[0] >= 0:
            raise OSError(errno.EIO, "scratched")
        return whole(handle, size, offset)

    monkeypatch.setattr(os, "pread", scratched)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    if readable:
        assert medium.read("x", 0, 3) == b"abc"
        return
    with pytest.raises(ProblemError) as caught:
        medium.read("x", 0, 3)
    assert caught.value.problem.code == "file_not_readable"


def test_a_file_that_went_away_is_said(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    medium = FolderMedium(tmp_path)
    list(medium.walk())
    (tmp_path / "x").unlink()
    with pytest.raises(ProblemError) as caught:
        medium.read("x", 0, 3)
    assert caught.value.problem.code == "file_gone"


def test_nothing_there_and_a_pipe_are_said_when_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, code in (("gone", "path_missing"), ("pipe", "not_a_regular_file")):
        with pytest.raises(ProblemError) as caught:
            open_medium(str(tmp_path / name))
        assert caught.value.problem.code == code


def test_an_unreadable_folder_is_listed_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "x").write_bytes(b"x")
    whole = os.scandir

    def guarded(path: str) -> object:
        if path.endswith("a"):
            raise PermissionError(errno.EACCES, "no")
        return whole(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = by_path(FolderMedium(tmp_path))
    assert found["a"].kind is FileKind.UNREADABLE
    assert found["a"].problem is not None
    assert found["a"].problem.code == "folder_not_readable"


def test_several_files_with_one_name_are_told_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "IM1").write_bytes(name.encode())
    medium = ChosenMedium([tmp_path / "a" / "IM1", tmp_path / "b" / "IM1"])
    found = [f.path for f in medium.walk()]
    assert found == ["IM1", "IM1 (2)"]
    assert [medium.read(path, 0, 1) for path in found] == [b"a", b"b"]


def test_of_chosen_files_and_folders_only_these_are_found_and_nothing_leads_out_of_them(tmp_path: Path) -> None:
    for name in ("a/x/IM1", "b/x/IM1", "b/x/deep/IM2", "c/IM3", "IM4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    medium = ChosenMedium([tmp_path / "a" / "x", tmp_path / "b" / "x", tmp_path / "IM4"])
    read = {found.path: medium.read(found.path, 0, 99).decode() for found in medium.walk()}
    assert read == {"x/IM1": "a/x/IM1", "x (2)/IM1": "b/x/IM1", "x (2)/deep/IM2": "b/x/deep/IM2", "IM4": "IM4"}
    assert medium.local("x (2)/IM1") == (tmp_path / "b" / "x" / "IM1").resolve()
    for path in ("c/IM3", "x/../../c/IM3", "IM4/x", "x (3)/IM1"):
        with pytest.raises(ProblemError):
            medium.read(path, 0, 1)


def test_reading_a_whole_disc_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    before = {p: p.stat().st_mtime_ns for p in [tmp_path, *tmp_path.rglob("*")]}
    medium = FolderMedium(tmp_path)
    for found in medium.walk():
        medium.read(found.path, 0, 10)
    assert {p: p.stat().st_mtime_ns for p in [tmp_path, *tmp_path.rglob("*")]} == before
