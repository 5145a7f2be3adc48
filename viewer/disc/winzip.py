"""Members of a ZIP that are locked with AES, as WinZip, 7-Zip and the systems' own tools lock them (AE-1 and AE-2).

AES in counter mode, all blocks of a piece at once in numpy; the key comes from the password by PBKDF2. The sum over what
is locked (HMAC-SHA1, its first ten bytes) is held against the one in the file whenever a member is read whole.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_METHOD, _FIELD = 99, 0x9901
_ROUNDS, _CHECK, _SUM, _BLOCK = 1000, 2, 10, 16
_PIECE = 1 << 15  # bytes unlocked at a time, whole blocks
_LOCAL = 30  # bytes of the header before a member, names not counted

Words: TypeAlias = "NDArray[np.uint32]"


@dataclass(frozen=True, slots=True)
class Lock:
    """How a member is locked: bytes of the key, and how it was packed before."""

    key: int
    method: int

    @property
    def salt(self) -> int:
        """Bytes of salt before the member."""
        return self.key // 2


def lock_of(info: ZipInfo) -> Lock | None:
    """The lock of a member that is locked with AES in a way that can be opened; None for any other."""
    extra, at = info.extra, 0
    while info.compress_type == _METHOD and at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _FIELD and size >= 7 and at + 11 <= len(extra):
            strength, method = struct.unpack_from("<BH", extra, at + 8)
            return (
                Lock(8 + 8 * strength, method) if 1 <= strength <= 3 and method in (ZIP_STORED, ZIP_DEFLATED) else None
            )
        at += 4 + size
    return None


def unlocked(archive: ZipFile, info: ZipInfo, lock: Lock, secret: bytes | None, end: int) -> bytes:
    """The first `end` bytes of a member; with `end` beyond its size all of it, its sum checked.

    Raises RuntimeError for a wrong password (as zipfile does), BadZipFile and zlib.error for damage.
    """
    read, size = _stored(archive, info)
    front, inner = lock.salt + _CHECK, size - lock.salt - _CHECK - _SUM
    head = read(0, front)
    if inner < 0 or len(head) < front:
        raise BadZipFile("cut off")
    keys = hashlib.pbkdf2_hmac("sha1", secret or b"", head[: lock.salt], _ROUNDS, 2 * lock.key + _CHECK)
    if secret is None or keys[2 * lock.key :] != head[lock.salt :]:
        raise RuntimeError("wrong password")
    total = hmac.new(keys[lock.key : 2 * lock.key], digestmod="sha1")
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if lock.method == ZIP_DEFLATED else None
    parts, left = [], end
    for piece in _pieces(lambda at, count: read(front + at, count), inner, keys[: lock.key], total.update):
        part = inflate.decompress(piece, left) if inflate is not None else piece[:left]
        parts.append(part)
        left -= len(part)
        if left <= 0:
            return b"".join(parts)
    if not hmac.compare_digest(total.digest()[:_SUM], read(front + inner, _SUM)):
        raise BadZipFile("another sum")
    return b"".join(parts)


def _stored(archive: ZipFile, info: ZipInfo) -> tuple[Callable[[int, int], bytes], int]:
    """Reads at a place of a member as it lies in the file, and how many bytes there are."""
    file = archive.fp
    if file is None:
        raise BadZipFile("closed")

    def at(place: int, count: int) -> bytes:
        file.seek(place)
        return file.read(max(count, 0))

    header = at(info.header_offset, _LOCAL)
    if len(header) < _LOCAL or header[:4] != b"PK\x03\x04":
        raise BadZipFile("no member here")
    start = info.header_offset + _LOCAL + sum(struct.unpack_from("<HH", header, 26))
    return lambda place, count: at(start + place, count), info.compress_size


def _pieces(
    read: Callable[[int, int], bytes], size: int, key: bytes, heard: Callable[[bytes], object]
) -> Iterator[bytes]:
    schedule = _schedule(key)
    for at in range(0, size, _PIECE):
        locked = read(at, min(_PIECE, size - at))
        heard(locked)
        count = -(-len(locked) // _BLOCK)
        stream = _key_stream(schedule, at // _BLOCK + 1, count)[: len(locked)]
        yield (np.frombuffer(locked, np.uint8) ^ stream).tobytes()
        if len(locked) < min(_PIECE, size - at):
            raise BadZipFile("cut off")


# --- AES (FIPS 197), encryption only: counter mode needs no more


@cache
def _tables() -> tuple[NDArray[np.uint8], tuple[Words, ...]]:
    """The substitution box, and the four tables that join it with the mixing of columns."""
    power = np.zeros(256, np.int64)
    value = 1
    for exponent in range(255):
        power[exponent] = value
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)
    inverse = np.zeros(256, np.int64)
    inverse[power[:255]] = power[(255 - np.arange(255)) % 255]
    box = inverse.copy()
    for turn in range(1, 5):
        box ^= (inverse << turn | inverse >> (8 - turn)) & 0xFF
    box ^= 0x63
    double = (box << 1) ^ np.where(box & 0x80, 0x11B, 0)
    first = (double << 24 | box << 16 | box << 8 | (double ^ box)).astype(np.uint32)
    turned = tuple(first if by == 0 else (first >> by | first << (32 - by)).astype(np.uint32) for by in (0, 8, 16, 24))
    return box.astype(np.uint8), turned


def _schedule(key: bytes) -> list[int]:
    """The round keys as words."""
    box, _ = _tables()
    count = len(key) // 4
    words = list(struct.unpack(f">{count}I", key))
    constant = 1

    def substituted(word: int) -> int:
        return int.from_bytes(bytes(int(box[byte]) for byte in word.to_bytes(4, "big")), "big")

    for number in range(count, 4 * (count + 7)):
        word = words[-1]
        if number % count == 0:
            word = substituted((word << 8 | word >> 24) & 0xFFFFFFFF) ^ constant << 24
            constant = constant << 1 ^ (0x11B if constant & 0x80 else 0)
        elif count > 6 and number % count == 4:
            word = substituted(word)
        words.append(words[-count] ^ word)
    return words


def _key_stream(schedule: list[int], first: int, count: int) -> NDArray[np.uint8]:
    """(16 × count,) bytes: the blocks of a counter that starts at `first`, least byte first, each locked."""
    numbers = np.arange(first, first + count, dtype=np.uint64)
    zero = np.zeros(count, np.uint32)
    low, high = numbers.astype(np.uint32).byteswap(), (numbers >> np.uint64(32)).astype(np.uint32).byteswap()
    return locked_blocks(schedule, [low, high, zero, zero])


def locked_blocks(schedule: list[int], words: list[Words]) -> NDArray[np.uint8]:
    """(16 × n,) bytes: n blocks, given as four columns of words, locked."""
    box, tables = _tables()
    state = [word ^ np.uint32(key) for word, key in zip(words, schedule)]
    for start in range(4, len(schedule) - 4, 4):
        state = [_mixed(tables, state, column) ^ np.uint32(schedule[start + column]) for column in range(4)]
    out = np.empty((len(words[0]), 4, 4), np.uint8)
    for column in range(4):
        for row in range(4):
            out[:, column, row] = box.take(_row(state, column, row))
    keys = np.array(schedule[-4:], ">u4").view(np.uint8).reshape(4, 4)
    return (out ^ keys).reshape(-1)


def _mixed(tables: tuple[Words, ...], state: list[Words], column: int) -> Words:
    mixed: Words = tables[0].take(_row(state, column, 0))
    for row in (1, 2, 3):
        mixed ^= tables[row].take(_row(state, column, row))
    return mixed


def _row(state: list[Words], column: int, row: int) -> NDArray[np.uint8]:
    """Byte `row`, from the top, of the column that the shifting of rows brings here."""
    return state[(column + row) % 4].view(np.uint8)[3 - row if sys.byteorder == "little" else row :: 4]
