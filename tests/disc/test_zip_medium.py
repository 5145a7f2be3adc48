"""ZIP files: read in place, locked, cut, hostile."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from tests.data import shared_data
from tests.dicom.made import data_set, picture_elements, wrapped
from viewer.disc import zip_medium
from viewer.disc.medium import FileKind
from viewer.disc.open import open_medium
from viewer.problem import ProblemError


def refused(path: Path, password: str | None = None) -> str:
    with pytest.raises(ProblemError) as caught:
        open_medium(str(path), password)
    return caught.value.problem.code


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("lws-password.zip", None, "zip_needs_password"),
        ("lws-password.zip", "wrong", "zip_wrong_password"),
        ("lws-password-aes.zip", None, "zip_needs_password"),
        ("lws-password-aes.zip", "wrong", "zip_wrong_password"),
        ("cut.zip", None, "zip_cut"),
    ],
)
def test_a_zip_that_does_not_open_says_why(name: str, password: str | None, code: str) -> None:
    assert refused(shared_data("discs", "10-zip", name), password) == code


@pytest.mark.parametrize(
    ("name", "password", "pictures"),
    [
        ("lws.zip", None, 9),
        ("lws-password.zip", "sidelight", 5),
        ("lws-password-aes.zip", "Größe 7", 5),
        ("nested.zip", None, 4),
        ("climb.zip", None, 1),
    ],
)
def test_members_are_read_in_place(name: str, password: str | None, pictures: int) -> None:
    medium = open_medium(str(shared_data("discs", "10-zip", name)), password)
    paths = [found.path for found in medium.walk()]
    assert sum(medium.read(path, 128, 4) == b"DICM" for path in paths) == pictures
    assert all(medium.local(path) is None for path in paths)
    medium.close()


def test_names_that_climb_are_read_as_content_and_said() -> None:
    medium = open_medium(str(shared_data("discs", "10-zip", "climb.zip")))
    odd = [found for found in medium.walk() if found.problem is not None]
    assert {found.problem.code for found in odd if found.problem} == {"zip_odd_name"}
    assert all(".." not in found.path and not found.path.startswith("/") for found in odd)


def test_any_part_of_a_member_is_what_was_packed(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("deep/x", content)
    medium = open_medium(str(tmp_path / "a.zip"))
    for offset, size in ((0, 10), (200_000, 500), (255_990, 100), (300_000, 5), (70_000, 100_000)):
        assert medium.read("deep/x", offset, size) == content[offset : offset + size]


def test_a_bomb_is_left_out_and_the_rest_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_medium, "FREE_SIZE", 1024**2)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb", bytes(8 * 1024**2))
        packed.writestr("good", b"good")
    found = {f.path: f for f in open_medium(str(tmp_path / "a.zip")).walk()}
    assert found["bomb"].kind is FileKind.UNREADABLE
    assert found["bomb"].problem is not None
    assert found["bomb"].problem.code == "zip_too_large"
    assert found["good"].problem is None


def test_a_scan_that_is_mostly_air_is_no_bomb_however_well_it_packs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_medium, "FREE_SIZE", 1024**2)
    scan = wrapped(data_set(picture_elements(2048, 2048)))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("scan", scan)
        packed.writestr("mark only", bytes(128) + b"DICM" + bytes(8 * 1024**2))
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert packed.getinfo("scan").file_size > zip_medium.MAX_RATIO * packed.getinfo("scan").compress_size
    medium = open_medium(str(tmp_path / "a.zip"))
    found = {one.path: one.problem and one.problem.code for one in medium.walk()}
    assert found == {"scan": None, "mark only": "zip_too_large"}
    assert medium.read("scan", len(scan) - 1000, 1000) == scan[-1000:]
    medium.close()
    (tmp_path / "scan.dcm.gz").write_bytes(gzip.compress(scan))
    medium = open_medium(str(tmp_path / "scan.dcm.gz"))
    assert [(one.size, one.problem) for one in medium.walk()] == [(len(scan), None)]


def test_a_third_zip_inside_is_listed_and_not_opened(tmp_path: Path) -> None:
    content = b"end"
    for name in ("x", "c.zip", "b.zip"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr(name, content)
        content = buffer.getvalue()
    (tmp_path / "a.zip").write_bytes(content)
    assert [f.path for f in open_medium(str(tmp_path / "a.zip")).walk()] == ["b.zip", "b.zip/c.zip"]


def test_two_members_of_one_name_are_both_there(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("x", b"1")
        packed.writestr("./x", b"2")
    medium = open_medium(str(tmp_path / "a.zip"))
    assert sorted(medium.read(f.path, 0, 1) for f in medium.walk()) == [b"1", b"2"]


def test_a_damaged_member_is_said_and_its_neighbour_opens(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bad", bytes(range(256)) * 10)
        packed.writestr("good", b"good")
    data = bytearray(path.read_bytes())
    data[40:60] = b"\xff" * 20
    path.write_bytes(data)
    medium = open_medium(str(path))
    with pytest.raises(ProblemError) as caught:
        medium.read("bad", 0, 2560)
    assert caught.value.problem.code == "zip_member_damaged"
    assert medium.read("good", 0, 4) == b"good"


def test_zips_inside_a_folder_open_like_folders() -> None:
    medium = open_medium(str(shared_data("discs", "10-zip")))
    found = {f.path: f for f in medium.walk()}
    inside = [path for path in found if path.startswith("lws.zip/")]
    assert sum(medium.read(path, 128, 4) == b"DICM" for path in inside) == 9
    assert found["lws-password.zip"].problem is not None
    assert found["lws-password.zip"].problem.code == "zip_needs_password"
    again = open_medium(str(shared_data("discs", "10-zip")))
    assert again.read(inside[0], 0, 64) == medium.read(inside[0], 0, 64)
