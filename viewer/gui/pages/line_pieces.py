"""Lines of a document in pieces that are laid out at once, and how many of them fit: what a clinic wrote has no end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from viewer.usecases.documents import DocumentLine

LINE, LONGEST, MOST_BREAKS = 100, 800, 40  # characters of a line, and characters and breaks of one piece of words


def in_pieces(lines: Sequence[DocumentLine]) -> tuple[DocumentLine, ...]:
    """Words of any length in pieces that are laid out at once: a line of 200,000 characters took six seconds."""
    pieces: list[DocumentLine] = []
    for line in lines:
        *names, name = _pieces(line.name)
        first, *others = _pieces(line.words)
        if not names and not others:
            pieces.append(line)
            continue
        pieces += [replace(line, name=part, words="", links=()) for part in names]
        pieces.append(replace(line, name=name, words=first))
        pieces += [replace(line, name="", words=words, links=()) for words in others]
    return tuple(pieces)


def _pieces(words: str) -> Iterator[str]:
    """At least one; broken at a line, else at a space, else between words, so that no name is hidden in parts."""
    at = 0
    while len(words) - at > LONGEST or words.count("\n", at) > MOST_BREAKS:
        end = min(at + LONGEST, len(words))
        breaks = [one.end() for one in islice(re.compile("\n").finditer(words, at, end), MOST_BREAKS)]
        end = breaks[-1] if breaks else _between_words(words, at, end)
        yield words[at:end].rstrip("\n")
        at = end
    yield words[at:]


def _between_words(words: str, at: int, end: int) -> int:
    """Where to break before `end`; there, where one word reaches from `at` on."""
    space = words.rfind(" ", at, end) + 1
    mark = None if space else re.search(r"\W\w*\Z", words[at:end])
    return space or (at + mark.start() + 1 if mark else end)


def fitting(lines: Sequence[DocumentLine], room: int) -> tuple[int, int]:
    """(how many of these fit into a room of so many short lines, the room that is left)."""
    for count, line in enumerate(lines):
        if room <= 0:
            return count, 0
        room -= 1 + len(line.words) // LINE
    return len(lines), room
