"""Small files made for tests, written byte by byte so that they may be wrong on purpose, and a medium in memory."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from viewer.dicom.header import Header
from viewer.dicom.read import read_header

LONG = frozenset({"OB", "OW", "SQ", "UN", "UT", "OF", "OD"})
MR = "1.2.840.10008.5.1.4.1.1.4"


class Found(NamedTuple):
    path: str
    size: int


class Memory:
    """One file in memory, counting the bytes that were read of it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.read_bytes = 0

    def read(self, path: str, offset: int, size: int) -> bytes:
        part = self.data[offset : offset + size]
        self.read_bytes += len(part)
        return part


def element(tag: int, vr: str, value: bytes | str, little: bool = True, explicit: bool = True) -> bytes:
    """One element with an even value."""
    raw = value.encode("latin-1") if isinstance(value, str) else value
    raw += (b"\0" if vr in ("UI", "OB", "UN") else b" ") * (len(raw) % 2)
    order = "<" if little else ">"
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if not explicit:
        return head + struct.pack(order + "I", len(raw)) + raw
    if vr in LONG:
        return head + vr.encode() + struct.pack(order + "HI", 0, len(raw)) + raw
    return head + vr.encode() + struct.pack(order + "H", len(raw)) + raw


def us(number: int, little: bool = True) -> bytes:
    return struct.pack("<H" if little else ">H", number)


def picture_elements(rows: int = 8, columns: int = 8) -> dict[int, tuple[str, bytes | str]]:
    """The elements of a small MR picture; change or remove rows of it."""
    return {
        0x00080016: ("UI", MR), 0x00080018: ("UI", "1.2.3.4"), 0x00080060: ("CS", "MR"),
        0x00100010: ("PN", "Muster^Erika"), 0x0020000D: ("UI", "1.2.3"), 0x0020000E: ("UI", "1.2.3.1"),
        0x00200013: ("IS", "7"), 0x00200032: ("DS", "1\\2\\3"), 0x00200037: ("DS", "1\\0\\0\\0\\1\\0"),
        0x00280002: ("US", us(1)), 0x00280004: ("CS", "MONOCHROME2"), 0x00280010: ("US", us(rows)),
        0x00280011: ("US", us(columns)), 0x00280030: ("DS", "0.5\\0.5"), 0x00280100: ("US", us(16)),
        0x00280101: ("US", us(12)), 0x00280102: ("US", us(11)), 0x00280103: ("US", us(0)),
        0x7FE00010: ("OW", bytes(rows * columns * 2)),
    }  # fmt: skip


def data_set(elements: dict[int, tuple[str, bytes | str]], explicit: bool = True) -> bytes:
    return b"".join(element(tag, vr, value, explicit=explicit) for tag, (vr, value) in sorted(elements.items()))


def wrapped(body: bytes, syntax: str = "1.2.840.10008.1.2.1") -> bytes:
    """Preamble, meta group and `body`."""
    return bytes(128) + b"DICM" + element(0x00020010, "UI", syntax) + body


def deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return wrapped(packer.compress(body) + packer.flush(), "1.2.840.10008.1.2.1.99")


def item(content: bytes) -> bytes:
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


def encapsulated(fragments: list[bytes], table: bytes = b"") -> bytes:
    """The picture element with its offset table and fragments."""
    head = struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, 0xFFFFFFFF)
    return head + item(table) + b"".join(item(f) for f in fragments) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def header(data: bytes, head: int = 16 * 1024) -> Header:
    """`read_header` of a file in memory."""
    return read_header(Memory(data), Found("made.dcm", len(data)), data[:head])


def codes(made: Header) -> set[str]:
    return {problem.code for problem in made.problems}
