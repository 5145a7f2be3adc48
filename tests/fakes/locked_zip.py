"""ZIPs locked with a password, as people make them: Python reads these but writes none."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

_HEADER = bytes(range(11))  # random in real ones


class _Keys:
    """The old ZIP encryption (APPNOTE 6.1)."""

    def __init__(self, password: bytes) -> None:
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self.update(byte)

    def update(self, byte: int) -> None:
        first, second, third = self.keys
        first = _crc(byte, first)
        second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.keys = [first, second, _crc(second >> 24, third)]

    def locked(self, plain: bytes) -> bytes:
        out = bytearray()
        for byte in plain:
            mix = (self.keys[2] | 2) & 0xFFFF
            out.append(byte ^ ((mix * (mix ^ 1)) >> 8 & 0xFF))
            self.update(byte)
        return bytes(out)


def _crc(byte: int, crc: int) -> int:
    return (crc >> 8) ^ _TABLE_OF[(crc ^ byte) & 0xFF]


def _table() -> list[int]:
    table = []
    for number in range(256):
        for _ in range(8):
            number = (number >> 1) ^ (0xEDB88320 if number & 1 else 0)
        table.append(number)
    return table


_TABLE_OF = _table()


def write_locked_zip(
    path: Path, members: Mapping[str, bytes], password: str, open_ones: Mapping[str, bytes] | None = None
) -> None:
    """`members` locked with `password` beside `open_ones`, which are not."""
    packed, sizes = io.BytesIO(), {}
    with zipfile.ZipFile(packed, "w") as made:
        for name, plain in members.items():
            keys = _Keys(password.encode())
            check = zlib.crc32(plain)
            made.writestr(name, keys.locked(_HEADER + bytes([check >> 24])) + keys.locked(plain))
            sizes[name] = (len(plain), check)
        for name, plain in (open_ones or {}).items():
            made.writestr(name, plain)
        offsets = {info.filename: info.header_offset for info in made.infolist()}
    data = bytearray(packed.getvalue())
    for name, (size, check) in sizes.items():
        _mark(data, offsets[name], 6, 14, size, check)
        central = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()) + 1)
        _mark(data, central, 8, 16, size, check)
    path.write_bytes(bytes(data))


def _mark(data: bytearray, at: int, flags: int, check_at: int, size: int, check: int) -> None:
    """Flag, checksum and true size into a local or central header."""
    data[at + flags] |= 1
    data[at + check_at : at + check_at + 4] = check.to_bytes(4, "little")
    data[at + check_at + 8 : at + check_at + 12] = size.to_bytes(4, "little")
