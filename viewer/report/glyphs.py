"""Which characters the shipped fonts can write, read from their `cmap` tables (ISO/IEC 14496-22, formats 4 and 12).

A character without a glyph would come out of the PDF as nothing at all, so it is shown as □ and counted instead; a small
picture (emoji) stands as its name, since a tick that became a box would be an answer that was lost.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import cache
from pathlib import Path

from viewer.text.resources import resource

MISSING = "□"
_INVISIBLE = frozenset("\n\t \u200c\u200d")
_ALIKE = str.maketrans("✅✔❌✖✗✘⭐❗❓", "✓✓××××★!?")
_CHANGES = frozenset(
    "\ufe0e\ufe0f\u20e3\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)  # the small picture before it
_JOINER = "\u200d"
_FIRST_PICTURE = 0x2000  # signs below belong to a writing of its own
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def font_folder() -> Path:
    """The only fonts a page is set in."""
    return resource("fonts")


def printable(text: str) -> tuple[str, int]:
    """`text` with every character that no shipped font has shown as □, and how many there were; small pictures as a sign
    that means the same, or as their names: "[thumbs up sign]"."""
    known = _covered()
    if all(ord(c) in known or c in "\n\t " for c in text):
        return text, 0
    text = _with_names(text, known)
    out = [c if c in _INVISIBLE or ord(c) in known else MISSING for c in text]
    return "".join(out), sum(1 for before, after in zip(text, out) if before != after)


def _with_names(text: str, known: frozenset[int]) -> str:
    """Small pictures that no font has in words; what only changes or joins them goes."""
    out: list[str] = []
    for c in text.translate(_ALIKE):
        is_named = bool(out) and len(out[-1]) > 1
        if c in _CHANGES or (c == _JOINER and is_named):
            continue
        if ord(c) in known:
            out.append(c)
        elif ord(c) in _FLAG_LETTERS:
            out.append(chr(ord(c) - _FLAG_LETTERS.start + ord("A")))
        else:
            is_picture = unicodedata.category(c) == "So" and ord(c) >= _FIRST_PICTURE
            name = unicodedata.name(c, "") if is_picture else ""
            out.append(f"[{name.lower()}]" if name else c)
    return "".join(out)


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
