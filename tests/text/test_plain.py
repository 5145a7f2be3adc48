"""Foreign text cannot act, mislead or flood."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.text.dates import date_words, stored_date
from viewer.text.plain import MAX_COMBINING, for_terminal, one_line, plain

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def test_every_control_and_direction_character_goes() -> None:
    for point in range(0x110000):
        character = chr(point)
        category = unicodedata.category(character)
        shown = plain(f"a{character}b")
        if character in "\n\t":
            assert shown == f"a{character}b"
        elif (
            (category == "Cc" and character not in "\r\x0b\x0c\x85")
            or character in BIDI
            or category == "Cs"
            or 0xE0000 <= point < 0xE0080
        ):
            assert shown == "ab", hex(point)


def test_one_bad_character_changes_nothing_but_itself() -> None:
    """Text without any is handed out as it is; with one, each character is looked at: both must come to the same."""
    for point in range(0x110000):
        if point != 0x0D:
            text = f"a{chr(point)}b\n"
            assert plain(f"{text}\x07") == plain(text), hex(point)


@given(st.text(max_size=400))
def test_plain_twice_is_plain_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_a_tower_of_marks_is_cut() -> None:
    tower = "a" + "\u0301" * 50 + "b"
    assert plain(tower) == "a" + "\u0301" * MAX_COMBINING + "b"


def test_joiners_stay_only_where_writing_needs_them() -> None:
    assert plain("a\u200db") == "ab"
    assert plain("می\u200cخواهم") == "می\u200cخواهم"
    assert plain("👩\u200d⚕\ufe0f") == "👩\u200d⚕\ufe0f"


@pytest.mark.parametrize("escape", ["\x1b]0;title\x07", "\x1b[2J", "\x9b31m", "\x1b]52;c;aGk=\x07", "\x08\x08", "\r"])
def test_a_terminal_gets_no_escapes(escape: str) -> None:
    shown = for_terminal(f"ok{escape}")
    assert all(character.isprintable() or character == "\n" for character in shown)


def test_one_line_says_that_it_was_cut() -> None:
    assert one_line("a b\n c", 10) == "a b c"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"


def test_dates() -> None:
    assert date_words("20240312") == "12 March 2024"
    assert date_words("2024") == ""
    assert date_words("") == ""


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("20240312", "20240312"), ("2024.03.12", "20240312"), ("2024-03-12", "20240312"), ("2024/03/12", "20240312"),
        ("20240312093000", "20240312"), ("", ""), ("0000", ""), ("99999999", ""), ("20240230", ""), ("12.03.2024", ""),
        ("today", ""), ("٢٠٢٤٠٣١٢", ""),
    ],
)  # fmt: skip
def test_a_date_is_known_in_all_the_ways_files_write_it(written: str, date: str) -> None:
    assert stored_date(written) == date
