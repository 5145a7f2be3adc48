"""Pictures packed one by one: read in place, within limits, and said where they are damaged."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.index.built import read_folder
from viewer.disc.open import open_medium
from viewer.phantom.disc import DiscKind, write_disc
from viewer.problem import ProblemError


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A made CT whose files are packed one by one."""
    write_disc(tmp_path / "ct", DiscKind.CT, slices=8, size=32)
    (tmp_path / "disc").mkdir()
    for file in sorted(path for path in (tmp_path / "ct").rglob("*") if path.is_file()):
        (tmp_path / "disc" / f"{file.name}.dcm.gz").write_bytes(gzip.compress(file.read_bytes()))
    return tmp_path / "disc"


def test_packed_pictures_open_like_those_that_lie_open(packed: Path) -> None:
    index, open_ones = read_folder(packed), read_folder(packed.parent / "ct")
    assert index.picture_count == open_ones.picture_count == 8
    assert index.account.shown == index.account.found == 8
    assert index.studies[0].series[0].spacing_mm == open_ones.studies[0].series[0].spacing_mm
    medium = open_medium(str(packed))
    for file in packed.iterdir():
        whole = gzip.decompress(file.read_bytes())
        assert medium.read(file.name, 0, 64) == whole[:64]
        assert medium.read(file.name, 1000, 10**9) == whole[1000:]
        assert medium.local(file.name) is None
    assert read_folder(next(packed.iterdir())).picture_count == 1


def test_packed_files_that_are_no_pictures_stay_packed(tmp_path: Path) -> None:
    (tmp_path / "scan.nii.gz").write_bytes(gzip.compress(b"n" * 1000))
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(128) + b"DICM" + bytes(60_000_000)))
    (tmp_path / "only-the-name.gz").write_bytes(b"text, not packed at all")
    rows = {row.path: (row.kind, row.code) for row in read_folder(tmp_path).account.skipped}
    assert rows["scan.nii.gz"] == ("not_dicom", "")
    assert rows["bomb.gz"] == ("too_large", "zip_too_large")
    assert rows["only-the-name.gz"] == ("not_dicom", "")


def test_a_cut_or_damaged_packed_picture_is_told(packed: Path) -> None:
    one, other, *_ = sorted(packed.iterdir())
    one.write_bytes(one.read_bytes()[:-400])
    data = bytearray(other.read_bytes())
    data[300:340] = b"\xff" * 40
    other.write_bytes(data)
    with pytest.raises(ProblemError):
        open_medium(str(packed)).read(other.name, 0, 10**6)
    account = read_folder(packed).account
    assert {row.path: row.kind for row in account.skipped}.get(other.name) == "damaged"
    assert account.found == account.shown + len(account.skipped) == 8
