"""Bytes of plain files come straight to their place, and only from files of the medium that hold enough of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from viewer.disc.folder import FolderMedium
from viewer.disc.plain_files import PlainFiles

pytestmark = pytest.mark.skipif(not hasattr(os, "preadv"), reason="such reads are for Linux and the like")


@pytest.fixture
def plain(tmp_path: Path) -> PlainFiles:
    (tmp_path / "disc" / "A").mkdir(parents=True)
    (tmp_path / "disc" / "A" / "one").write_bytes(bytes(range(100)))
    (tmp_path / "beside").write_bytes(bytes(100))
    (tmp_path / "disc" / "A" / "link").symlink_to(tmp_path / "beside")
    medium = FolderMedium(tmp_path / "disc")
    list(medium.walk())
    return PlainFiles(medium)


@pytest.mark.parametrize("turn", [1, 2], ids=("a folder asked for", "a folder known"))
def test_the_bytes_asked_for_are_there(plain: PlainFiles, turn: int) -> None:
    for _ in range(turn):
        target = bytearray(10)
        assert plain.read_into("A/one", 90, memoryview(target))
        assert target == bytes(range(90, 100))


@pytest.mark.parametrize(
    ("path", "offset"),
    [("A/one", 95), ("A/one", 200), ("A/two", 0), ("A/link", 0), ("A", 0)],
    ids=("too short", "behind the end", "not there", "a link", "a folder"),
)
def test_what_is_no_plain_file_with_enough_in_it_is_left_to_the_medium(
    plain: PlainFiles, path: str, offset: int
) -> None:
    assert not plain.read_into(path, offset, memoryview(bytearray(10)))
