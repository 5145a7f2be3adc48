"""Locked ZIPs: alone, within a folder, two with two passwords, and ones that are locked only in part."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.locked_zip import write_locked_zip
from viewer.disc.open import open_medium
from viewer.problem import ProblemError

FILES = {"IM1": b"one" * 50, "IM2": b"two" * 70}


def code_of(path: Path, password: str | None = None) -> str:
    with pytest.raises(ProblemError) as caught:
        open_medium(str(path), password)
    return caught.value.problem.code


def test_a_locked_zip_opens_with_its_password_only(tmp_path: Path) -> None:
    write_locked_zip(tmp_path / "a.zip", FILES, "right")
    assert code_of(tmp_path / "a.zip") == "zip_needs_password"
    assert code_of(tmp_path / "a.zip", "wrong") == "zip_wrong_password"
    medium = open_medium(str(tmp_path / "a.zip"), "right")
    assert {found.path: medium.read(found.path, 0, 999) for found in medium.walk()} == FILES


def test_a_zip_locked_in_a_way_that_is_neither_of_the_two_says_so(tmp_path: Path) -> None:
    write_locked_zip(tmp_path / "a.zip", {"IM1": b"one"}, "right")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    for start, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(start) + flags] |= 0x40  # "strong encryption" (APPNOTE 4.4.4)
    (tmp_path / "a.zip").write_bytes(bytes(data))
    assert code_of(tmp_path / "a.zip") == "zip_locked_otherwise"
    assert code_of(tmp_path / "a.zip", "right") == "zip_locked_otherwise"


def test_two_locked_zips_in_a_folder_open_with_two_passwords(tmp_path: Path) -> None:
    write_locked_zip(tmp_path / "a.zip", FILES, "one")
    write_locked_zip(tmp_path / "b.zip", FILES, "other")

    def codes(*passwords: str) -> list[str]:
        first, *rest = (*passwords, "")
        found = open_medium(str(tmp_path), first or None, rest).walk()
        return sorted(one.problem.code for one in found if one.problem is not None)

    assert codes() == ["zip_needs_password", "zip_needs_password"]
    assert codes("one") == ["zip_wrong_password"]
    assert codes("other", "one") == []


def test_what_is_locked_among_open_files_says_so_and_opens_with_the_password(tmp_path: Path) -> None:
    write_locked_zip(tmp_path / "a.zip", {"IM1": b"secret"}, "right", {"IM2": b"open"})
    medium = open_medium(str(tmp_path / "a.zip"))
    assert medium.read("IM2", 0, 99) == b"open"
    with pytest.raises(ProblemError) as caught:
        medium.read("IM1", 0, 99)
    assert caught.value.problem.code == "zip_needs_password"
    assert open_medium(str(tmp_path / "a.zip"), "right").read("IM1", 0, 99) == b"secret"


def test_a_locked_zip_within_a_zip_opens_with_the_password(tmp_path: Path) -> None:
    import zipfile

    write_locked_zip(tmp_path / "inner.zip", FILES, "right")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(tmp_path / "inner.zip", "inner.zip")
        outer.writestr("note.txt", "see inside")
    medium = open_medium(str(tmp_path / "outer.zip"), "right")
    assert medium.read("inner.zip/IM1", 0, 999) == FILES["IM1"]
