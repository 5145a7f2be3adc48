"""Which characters the shipped fonts can write, read from their `cmap` tables (ISO/IEC 14496-22, formats 4 and 12).

A character without a glyph would come out of the PDF as nothing at all, so it is shown as □ and counted instead.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from viewer.text.resources import resource

MISSING = "□"
_INVISIBLE = frozenset("\n\t \u200c\u200d\ufe0e\ufe0f")


def font_folder() -> Path:
    """The only fonts a page is set in."""
    return resource("fonts")


def printable(text: str) -> tuple[str, int]:
    """`text` with every character that no shipped font has shown as □, and how many there were."""
    known = _covered()
    out = [c if c in _INVISIBLE or ord(c) in known else MISSING for c in text]
    return "".join(out), sum(1 for before, after in zip(text, out) if before != after)


@cache
def _covered() -> frozenset[int]:
    files = sorted(font_folder().glob("*.?tf"))
    return frozenset().union(*(_code_points(_cmap(path)) for path in files))


def _cmap(path: Path) -> bytes:
    with path.open("rb") as file:
        (tables,) = struct.unpack(">4xH6x", file.read(12))
        for tag, _, offset, length in struct.iter_unpack(">4sIII", file.read(16 * tables)):
            if tag == b"cmap":
                file.seek(offset)
                return file.read(length)
    return b"\0\0\0\0"


def _code_points(cmap: bytes) -> set[int]:
    (count,) = struct.unpack_from(">2xH", cmap)
    points: set[int] = set()
    for offset in {struct.unpack_from(">I", cmap, 8 + 8 * number)[0] for number in range(count)}:
        (kind,) = struct.unpack_from(">H", cmap, offset)
        if kind == 12:
            points |= _format_12(cmap, offset)
        elif kind == 4:
            points |= _format_4(cmap, offset)
    return points


def _format_12(cmap: bytes, offset: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", cmap, offset + 12)
    rows = struct.iter_unpack(">III", cmap[offset + 16 : offset + 16 + 12 * groups])
    return {point for first, last, _ in rows for point in range(first, last + 1)}


def _format_4(cmap: bytes, offset: int) -> set[int]:
    (double,) = struct.unpack_from(">H", cmap, offset + 6)
    shape = f">{double // 2}H"
    last = struct.unpack_from(shape, cmap, offset + 14)
    first = struct.unpack_from(shape, cmap, offset + 16 + double)
    return {point for low, high in zip(first, last) for point in range(low, high + 1) if high < 0xFFFF}
