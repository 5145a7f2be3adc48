"""ZIPs locked with AES: the cipher against the examples of its standard, and members locked here with another one."""

from __future__ import annotations

import hashlib
import hmac
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from viewer.disc.open import open_medium
from viewer.disc.winzip import _schedule, locked_blocks
from viewer.problem import ProblemError

PLAIN = bytes.fromhex("00112233445566778899aabbccddeeff")


@pytest.mark.parametrize(
    ("key", "locked"),
    [
        (16, "69c4e0d86a7b0430d8cdb78070b4c55a"),
        (24, "dda97ca4864cdfe06eaf70a0ec0d7191"),
        (32, "8ea2b7ca516745bfeafc49904b496089"),
    ],
)
def test_blocks_are_locked_as_the_standard_says(key: int, locked: str) -> None:
    words = [np.array([word, word], np.uint32) for word in struct.unpack(">4I", PLAIN)]
    assert locked_blocks(_schedule(bytes(range(key))), words).tobytes().hex() == locked * 2


def key_stream(key: bytes, count: int) -> bytes:
    """Counters written out one by one, each a block."""
    counters = b"".join(number.to_bytes(16, "little") for number in range(1, count + 1))
    words = np.frombuffer(counters, ">u4").reshape(-1, 4).astype(np.uint32)
    return locked_blocks(_schedule(key), [np.ascontiguousarray(words[:, column]) for column in range(4)]).tobytes()


def write_aes_zip(path: Path, name: str, plain: bytes, password: str, key: int = 32) -> None:
    """One member as the document of WinZip describes it (AE-2): all of it at one go."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(plain) + packer.flush()
    salt = bytes(range(1, key // 2 + 1))
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 2 * key + 2)
    stream = key_stream(keys[:key], len(packed) // 16 + 1)
    locked = bytes(a ^ b for a, b in zip(packed, stream))
    total = hmac.new(keys[key : 2 * key], locked, "sha1").digest()[:10]
    info = zipfile.ZipInfo(name)
    info.extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", key // 8 - 1, 8)
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(info, salt + keys[2 * key :] + locked + total)
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(mark) + at
        data[start] |= 1
        data[start + 2 : start + 4] = (99).to_bytes(2, "little")
        data[start + 8 : start + 12] = bytes(4)
        data[start + 16 : start + 20] = len(plain).to_bytes(4, "little")
    path.write_bytes(data)


@pytest.mark.parametrize("key", [16, 24, 32])
def test_a_member_is_read_whole_and_in_part(key: int, tmp_path: Path) -> None:
    plain = np.random.default_rng(key).integers(0, 40, 90_000, np.uint8).tobytes()
    write_aes_zip(tmp_path / "a.zip", "IM1", plain, "Größe 7", key)
    medium = open_medium(str(tmp_path / "a.zip"), "Größe 7")
    assert medium.read("IM1", 0, 16_384) == plain[:16_384]
    assert medium.read("IM1", 100, 200) == plain[100:300]
    assert medium.read("IM1", 70_000, 10**6) == plain[70_000:]


def test_wrong_passwords_and_damage_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    write_aes_zip(path, "IM1", bytes(range(256)) * 400, "right")
    for password, code in ((None, "zip_needs_password"), ("wrong", "zip_wrong_password")):
        with pytest.raises(ProblemError) as caught:
            open_medium(str(path), password)
        assert caught.value.problem.code == code
    data = bytearray(path.read_bytes())
    data[120] ^= 1
    path.write_bytes(data)
    medium = open_medium(str(path), "right")
    with pytest.raises(ProblemError) as caught:
        medium.read("IM1", 0, 10**6)
    assert caught.value.problem.code == "zip_member_damaged"
