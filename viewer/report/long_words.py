"""Places where a line may end within a very long word (an address, a number, boxes): else it would run off the page."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from viewer.report.glyphs import MISSING

# Not of writings without blanks (Thai, Lao, Burmese, Khmer), whose lines typst knows where to end.
_LONG_WORD = re.compile(r"[!-\u0dff\u0f00-\u0fff\u10a0-\u177f\u1800-\u2fff]{30,}|□{8,}")
_PIECE, _BOXES = 15, 8  # characters
_ENDS_OPEN = frozenset("\u200c\u200d")
_VIRAMA = 9  # combining class of what ties a letter to the next one


def breakable(text: str) -> str:
    """`text` with U+200B every few characters of a word of 30 or more: it stays on the page, also in the narrow column
    beside the picture. What is drawn as one with its neighbour is not parted from it."""
    return _LONG_WORD.sub(lambda word: _in_pieces(word.group()), text)


def _in_pieces(word: str) -> str:
    out: list[str] = []
    length = 0
    for before, c in pairwise(f" {word}"):
        if length >= (_BOXES if c == MISSING else _PIECE) and not _are_one(before, c):
            out.append("\u200b")
            length = 0
        out.append(c)
        length += 1
    return "".join(out)


def _are_one(before: str, c: str) -> bool:
    tied = unicodedata.combining(before) == _VIRAMA or before in _ENDS_OPEN
    return tied or c in _ENDS_OPEN or unicodedata.category(c)[0] == "M"
