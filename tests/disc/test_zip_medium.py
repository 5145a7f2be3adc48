"""ZIP files: read in place, locked, cut, hostile."""

from __future__ import annotations

import gzip
import io
import struct
import time
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tests.data import shared_data
from tests.dicom.made import data_set, picture_elements, wrapped
from tests.patience import PATIENCE
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


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_packed_otherwise_is_read_from_any_place(tmp_path: Path, method: int) -> None:
    whole = bytes(range(256)) * 1000
    with zipfile.ZipFile(tmp_path / "x.zip", "w", method) as archive:
        archive.writestr("IM1", whole)
    medium = open_medium(str(tmp_path / "x.zip"))
    assert medium.read("IM1", 0, 500) == whole[:500]
    assert medium.read("IM1", 70_000, 100_000) == whole[70_000:170_000]
    assert medium.read("IM1", len(whole) - 10, 100) == whole[-10:]
    medium.close()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_of_a_member_packed_otherwise_no_more_is_unpacked_than_its_size(tmp_path: Path, method: int) -> None:
    told, real = 1_000_000, 40 * 2**20
    with zipfile.ZipFile(tmp_path / "x.zip", "w", method, compresslevel=1) as archive:
        archive.writestr("IM1", bytes(real))
    data = (tmp_path / "x.zip").read_bytes()
    (tmp_path / "x.zip").write_bytes(data.replace(struct.pack("<I", real), struct.pack("<I", told)))
    medium = open_medium(str(tmp_path / "x.zip"))
    tracemalloc.start()
    try:
        assert medium.read("IM1", 0, 1000) == bytes(1000)
        with pytest.raises(ProblemError, match="zip_member_damaged"):  # its sum is that of more
            medium.read("IM1", 500_000, 500_000)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()
        medium.close()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_packed_otherwise_costs_that_member_only(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", method) as archive:
        archive.writestr("IM1", bytes(range(256)) * 100)
        archive.writestr("IM2", b"whole")
    data = bytearray((tmp_path / "x.zip").read_bytes())
    data[33 + 4 : 33 + 30] = b"\xff" * 26  # behind the local head and the name
    (tmp_path / "x.zip").write_bytes(bytes(data))
    medium = open_medium(str(tmp_path / "x.zip"))
    with pytest.raises(ProblemError, match="zip_member_damaged"):
        medium.read("IM1", 0, 1000)
    assert medium.read("IM2", 0, 1000) == b"whole"
    medium.close()


def test_a_member_packed_in_an_unknown_way_is_not_called_locked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("IM1", b"content")
    data = bytearray((tmp_path / "x.zip").read_bytes())
    for at in (8, data.find(b"PK\1\2") + 10):
        data[at : at + 2] = b"\x09\0"  # Deflate64
    (tmp_path / "x.zip").write_bytes(bytes(data))
    medium = open_medium(str(tmp_path / "x.zip"))
    with pytest.raises(ProblemError, match="zip_packed_otherwise"):
        medium.read("IM1", 0, 100)
    medium.close()


def listed(name: bytes, count: int) -> bytes:
    """A ZIP of one empty member that its table lists so many times."""
    front = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    row = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(row) * count, len(front), 0)
    return front + row * count + end


def test_a_member_without_a_name_is_a_file_like_any(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(listed(b"", 1))
    medium = open_medium(str(tmp_path / "x.zip"))
    assert [found.path for found in medium.walk()] == ["file"]
    medium.close()


def test_very_many_members_of_one_name_are_told_apart_at_once(tmp_path: Path) -> None:
    """As hostile files have them: each counted from the first one on takes many minutes."""
    (tmp_path / "x.zip").write_bytes(listed(b"a", 60_000))
    began = time.process_time()
    medium = open_medium(str(tmp_path / "x.zip"))
    assert len({found.path for found in medium.walk()}) == 60_000
    assert time.process_time() - began < PATIENCE
    medium.close()


def test_a_zip_inside_with_more_members_than_are_read_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zip_medium, "MAX_MEMBERS", 100)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("few.zip", listed(b"a", 10))
        archive.writestr("many.zip", listed(b"a", 101))
    medium = open_medium(str(tmp_path / "x.zip"))
    folders = Counter(found.path.split("/")[0] for found in medium.walk())
    assert folders == {"few.zip": 11, "many.zip": 1}
    medium.close()


def test_zips_inside_are_opened_only_as_far_as_they_may_be_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = listed(b"a", 1)
    monkeypatch.setattr(zip_medium, "MAX_HELD", 2 * len(inner))
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.zip", inner)
    medium = open_medium(str(tmp_path / "x.zip"))
    assert [found.path for found in medium.walk()] == ["0.zip", "0.zip/a", "1.zip", "1.zip/a", "2.zip", "3.zip"]
    medium.close()
