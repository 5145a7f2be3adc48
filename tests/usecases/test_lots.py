"""Files are read in lots, with as many first bytes as files like the last one need: nothing of that shows in the index."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from viewer.disc.medium import FileKind, FoundFile
from viewer.disc.open import open_medium
from viewer.index.account import skipped_file
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.usecases import open_disc

NOISE = Random(7).randbytes(12 * 1024)


def read(folder: Path) -> DiscIndex:
    medium = open_medium(str(folder), None)
    try:
        return open_disc.read_disc(medium, Job("index"), lambda index: None)
    finally:
        medium.close()


def spoil_nothing(folder: Path) -> None:
    """As it is."""


def spoil_some(folder: Path) -> None:
    """A damaged file, an empty one, a text, one that goes on differently than it begins, a double, a link."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    files[2].write_bytes(files[2].read_bytes()[:900])
    (folder / "0 empty").write_bytes(b"")
    (folder / "0 text.txt").write_text("words " * 2000)
    (folder / "5 odd").write_bytes(bytes(4096) + NOISE)
    shutil.copy(files[3], folder / "3 again")
    (folder / "4 link").symlink_to(files[3])


@pytest.mark.parametrize("spoil", [spoil_nothing, spoil_some])
def test_the_index_is_the_same_however_many_files_are_read_in_a_row(
    ct: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None]
) -> None:
    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    spoil(disc)
    found = []
    for lot in (1, 2, 5, 16, 1000):
        monkeypatch.setattr(open_disc, "LOT", lot)
        found.append(read(disc))
    assert found[0].picture_count > 5
    assert all(one == found[0] for one in found)


def test_what_a_file_is_does_not_depend_on_the_files_before_it(ct: Path, tmp_path: Path) -> None:
    for number in range(3):  # after these as few first bytes are read as are enough for such
        read(Path(shutil.copytree(ct, tmp_path / f"same {number}")))
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / "odd").write_bytes(bytes(4096) + NOISE)
    (row,) = read(odd).account.skipped
    assert row == skipped_file(FoundFile("odd", 4096 + len(NOISE), FileKind.ENCRYPTED))
