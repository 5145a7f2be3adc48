"""Foreign text (from a disc, a server, a model) made safe to show: plain, visible order equals logical order.

Controls, bidirectional overrides and tags go: they could hide words or turn their order round. At most four combining
marks stay on a base, and zero-width joiners only where writing needs them.
"""

from __future__ import annotations

import re
import unicodedata

MAX_COMBINING = 4
_JOINERS = "\u200c\u200d"
_LINE_BREAKS = "\u2028\u2029\x85\x0b\x0c"
_DROPPED = frozenset(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C, 0xFEFF, 0x00AD, 0x200B]
    + [*range(0x2060, 0x2065), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080), 0x180E]
)
# Latin, Greek, Cyrillic, Armenian and the usual signs: characters that stay as they are, whatever stands beside them
_HARMLESS = re.compile(
    "[\t\n -~\u00a0-\u00ac\u00ae-\u02ff\u0391-\u0482\u048a-\u0556\u2010-\u2027\u2030-\u205e\u20a0-\u20b5]*"
)
_JOINING_SCRIPTS = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0xFB50, 0xFEFF), (0x2190, 0x2BFF), (0x1F000, 0x1FAFF))


def _joins(character: str) -> bool:
    point = ord(character)
    return any(low <= point <= high for low, high in _JOINING_SCRIPTS) or point == 0xFE0F


def plain(text: str, limit: int = 200_000) -> str:
    """`text` with everything removed that could act or mislead; newline and tab stay; at most `limit` characters."""
    if (text.isascii() and text.isprintable()) or _HARMLESS.fullmatch(text):
        return text[:limit]  # nothing to remove: most of what a window shows
    out: list[str] = []
    marks = 0
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        point = ord(character)
        if character in _LINE_BREAKS:
            character = "\n"
        elif point < 0x20 or 0x7F <= point < 0xA0:
            if character not in "\n\t":
                continue
        elif point in _DROPPED or 0xD800 <= point <= 0xDFFF:
            continue
        elif character in _JOINERS:
            if not out or not _joins(out[-1]):
                continue
        elif unicodedata.category(character) == "Co":
            character = "\u25a1"
        elif unicodedata.combining(character):
            marks += 1
            if marks > MAX_COMBINING:
                continue
        if not unicodedata.combining(character):
            marks = 0
        out.append(character)
        if len(out) >= limit:
            break
    return "".join(out)


def one_line(text: str, limit: int = 200) -> str:
    """`plain(text)` folded into one line of at most `limit` characters, the cut shown by an ellipsis."""
    folded = " ".join(plain(text).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def for_terminal(text: str) -> str:
    """`plain` for a terminal: also surrogate escapes become visible boxes."""
    return plain(text.encode("utf-8", "replace").decode("utf-8", "replace"))
