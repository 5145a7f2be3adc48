"""How far something is and how long it may take, in words: the same for reading a disc and for copying it."""

from __future__ import annotations

from viewer.jobs.jobs import Progress
from viewer.text.translate import count_of, tr

IN_MINUTES = 90  # seconds from which on minutes are told


def reading_words(now: Progress) -> str:
    """ "Reading file 62 of 97, about 20 seconds left"."""
    return with_time_left(now.words or tr("Looking for files"), now.seconds_left)


def with_time_left(words: str, seconds: float | None) -> str:
    """What is done, and how long it takes where that can be guessed."""
    if not seconds:
        return words
    if seconds < IN_MINUTES:
        left = count_of(max(1, round(seconds)), "about {n} second left", "about {n} seconds left")
    else:
        left = count_of(round(seconds / 60), "about {n} minute left", "about {n} minutes left")
    return tr("{words}, {left}", words=words, left=left)
