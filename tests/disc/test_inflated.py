"""A film of hundreds of megabytes in a ZIP: every picture of it is as near as the first."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest

from viewer.disc import inflated, zip_medium
from viewer.disc.zip_medium import ZipMedium
from viewer.problem import ProblemError

DATA = random.Random(4).randbytes(40_000) + bytes(300_000) + random.Random(5).randbytes(60_000)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members count as large from 1,000 bytes on."""
    for room, name, value in ((zip_medium, "CACHE", 2000), (zip_medium, "_HEAD", 100), (inflated, "SPAN", 10_000),
                              (inflated, "MOST_STATES", 30), (inflated, "_CHUNK", 777), (inflated, "_PIECE", 3000)):  # fmt: skip
        monkeypatch.setattr(room, name, value)


def packed(folder: Path, how: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "disc.zip"
    with zipfile.ZipFile(path, "w", how) as made:
        made.writestr("before", b"x" * 500)
        made.writestr("FILM", DATA)
        made.writestr("after", b"y" * 500)
    return path


@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2])
def test_any_part_in_any_order_is_what_was_packed(tmp_path: Path, how: int) -> None:
    medium, chance = ZipMedium(packed(tmp_path, how)), random.Random(1)
    for _ in range(60):
        offset, size = chance.randrange(len(DATA) + 10), chance.randrange(30_000)
        assert medium.read("FILM", offset, size) == DATA[offset : offset + size]
    assert medium.read("FILM", 0, len(DATA) + 5) == DATA
    assert medium.read("after", 0, 500) == b"y" * 500
    medium.close()


def test_the_last_part_is_not_unpacked_from_the_start_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    medium = ZipMedium(packed(tmp_path))
    medium.read("FILM", 0, len(DATA))
    calls: list[int] = []
    whole = inflated.Inflated._packed

    def counted(member: inflated.Inflated, at: int) -> bytes:
        calls.append(at)
        return whole(member, at)

    monkeypatch.setattr(inflated.Inflated, "_packed", counted)
    assert medium.read("FILM", len(DATA) - 500, 500) == DATA[-500:]
    assert len(calls) <= 2 + 14_000 // 777


@pytest.mark.parametrize("damage", ["bytes", "checksum", "cut", "header"])
def test_a_damaged_large_member_is_said_and_its_neighbours_open(tmp_path: Path, damage: str) -> None:
    path = packed(tmp_path)
    with zipfile.ZipFile(path) as made:
        info = made.getinfo("FILM")
    data = bytearray(path.read_bytes())
    begin = info.header_offset + 30 + len("FILM")
    table = data.rindex(b"PK\1\2", 0, data.rindex(b"FILM"))
    if damage == "bytes":
        data[begin + 20_000 : begin + 60_000] = b"\xff" * 40_000
    elif damage == "checksum":
        data[table + 16] ^= 1
    elif damage == "header":
        data[info.header_offset] = 0
    else:
        data[table + 20 : table + 24] = (info.compress_size // 2).to_bytes(4, "little")
    path.write_bytes(data)
    medium = ZipMedium(path)
    with pytest.raises(ProblemError) as caught:
        medium.read("FILM", 0, len(DATA))
    assert caught.value.problem.code == "zip_member_damaged"
    assert medium.read("before", 0, 500) == b"x" * 500
    medium.close()
