"""How far something is, in words."""

from __future__ import annotations

import pytest

from viewer.gui.widgets.time_left import reading_words
from viewer.jobs.jobs import Progress


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "Reading file 3 of 9"),
        (0.2, "Reading file 3 of 9, about 1 second left"),
        (20.4, "Reading file 3 of 9, about 20 seconds left"),
        (240.0, "Reading file 3 of 9, about 4 minutes left"),
    ],
)
def test_the_time_left_is_told_in_what_a_person_counts(seconds: float | None, words: str) -> None:
    assert reading_words(Progress(3, 9, "Reading file 3 of 9", seconds)) == words


def test_before_the_files_are_known_they_are_being_looked_for() -> None:
    assert reading_words(Progress()) == "Looking for files"
