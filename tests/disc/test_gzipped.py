"""Pictures packed one by one: read in place, within limits, and said where they are damaged."""

from __future__ import annotations

import gzip
import io
import zipfile
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


@pytest.mark.parametrize("nested", [False, True])
def test_packed_pictures_inside_a_zip_open_too(packed: Path, nested: bool) -> None:
    files = {file.name: file.read_bytes() for file in packed.iterdir()}
    if nested:
        files = {"inner.zip": zipped(files)}
    (packed.parent / "all").mkdir()
    archive = packed.parent / "all" / "export.zip"
    archive.write_bytes(zipped(files))
    for chosen in (archive, archive.parent):
        index = read_folder(chosen)
        assert (index.picture_count, index.account.shown) == (8, 8)
        assert {row.kind for row in index.account.skipped} <= {"packed"}
    medium = open_medium(str(archive))
    for file in packed.iterdir():
        whole, path = gzip.decompress(file.read_bytes()), f"inner.zip/{file.name}" if nested else file.name
        assert medium.read(path, 0, 64) == whole[:64]
        assert medium.read(path, 1000, 10**9) == whole[1000:]
    medium.close()


def test_what_is_damaged_or_too_large_inside_a_zip_is_told(packed: Path) -> None:
    one, other, *_ = sorted(packed.iterdir())
    bomb = gzip.compress(bytes(128) + b"DICM" + bytes(60_000_000))
    broken = other.read_bytes()[:300] + b"\xff" * 40 + other.read_bytes()[340:]
    archive = packed.parent / "export.zip"
    archive.write_bytes(zipped({"1.gz": one.read_bytes(), "2.gz": broken, "bomb.gz": bomb, "text.gz": b"no"}))
    index = read_folder(archive)
    assert index.picture_count == 1
    assert {row.path: row.kind for row in index.account.skipped} == {
        "2.gz": "damaged", "bomb.gz": "too_large", "text.gz": "not_dicom",
    }  # fmt: skip


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_packed_files_that_are_no_pictures_stay_packed(tmp_path: Path) -> None:
    (tmp_path / "scan.nii.gz").write_bytes(gzip.compress(b"n" * 1000))
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(128) + b"DICM" + bytes(60_000_000)))
    (tmp_path / "only-the-name.gz").write_bytes(b"text, not packed at all")
    rows = {row.path: (row.kind, row.code) for row in read_folder(tmp_path).account.skipped}
    assert rows["scan.nii.gz"] == ("unopened", "")
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
