"""What a person reads before agreeing: the rows, the words, the warnings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.disclosure.made import ANTHROPIC, LAPTOP, choose, past_of, prepared, series_of
from viewer.dicom.header import Header
from viewer.disclosure.show import exact_words, preview_rows
from viewer.disclosure.warnings import FACE, GOES_AGAIN, LOOK_YOURSELF, NOT_ENCRYPTED, WRITING_LIKELY, writing_is_likely
from viewer.picture.look import Region
from viewer.picture.scan import BodyRegion


def test_the_rows_say_what_leaves_to_whom_and_for_how_much() -> None:
    rows = dict(preview_rows(prepared()))
    assert list(rows) == ["Picture", "Your question", "Goes to", "Answered by", "Cost", "Settings"]
    assert rows["Picture"].startswith("1 picture, 80 × 80 pixels, ")
    assert rows["Picture"].endswith(" KB, as shown, pixel for pixel")
    assert rows["Your question"] == "“What are the light bands between the bones?”"
    assert rows["Goes to"] == "Anthropic, api.anthropic.com, encrypted on the way"
    assert rows["Answered by"] == "Claude Opus 5.5 (claude-opus-5-5)"
    assert rows["Cost"].endswith(", charged to your own account; prices of November 2026")
    assert rows["Settings"] == "answer of at most 16000 tokens, with a summary of the reasoning"


def test_a_part_is_called_a_part_and_several_pictures_are_counted() -> None:
    assert dict(preview_rows(prepared(choose(region=Region(0, 0, 20, 20)))))["Picture"].startswith(
        "1 part of 1 picture, "
    )
    assert dict(preview_rows(prepared(choose(), choose(seed=4))))["Picture"].startswith("2 pictures, ")


def test_a_program_on_this_computer_is_called_that() -> None:
    rows = dict(preview_rows(prepared(to=LAPTOP)))
    assert rows["Goes to"].startswith("Another address, localhost:11434, a program on this computer")
    assert rows["Answered by"] == "seeing-model"
    assert "tokens go out" in rows["Cost"]
    assert "prices of" not in rows["Cost"]


def test_an_open_line_is_named_in_the_row_and_as_a_warning() -> None:
    disclosure = prepared(to=replace(ANTHROPIC, base_url="http://models.example.org:8080"))
    assert dict(preview_rows(disclosure))["Goes to"].endswith("models.example.org:8080, not encrypted on the way")
    assert NOT_ENCRYPTED in disclosure.warnings
    assert NOT_ENCRYPTED not in prepared(to=LAPTOP).warnings


def test_foreign_names_cannot_break_out_of_their_row() -> None:
    disclosure = prepared(to=replace(ANTHROPIC, model_name="Nice\nCost\u202e free " + "x" * 500))
    answered = dict(preview_rows(disclosure))["Answered by"]
    assert "\n" not in answered
    assert "\u202e" not in answered
    assert len(answered) < 300


def test_the_words_are_parted_into_these_and_always_the_same() -> None:
    disclosure = prepared()
    words = exact_words(disclosure)
    assert (words.always, *words.now) == disclosure.words
    assert words.more == f"{len(words.always.split())} words"


def test_the_last_warning_asks_the_person_to_look() -> None:
    assert prepared().warnings == (LOOK_YOURSELF,)
    assert prepared(replace(choose(), writing_likely=True)).warnings == (WRITING_LIKELY, LOOK_YOURSELF)


def test_a_head_from_the_side_can_be_recognised() -> None:
    chosen = choose()
    head = replace(chosen, description=replace(chosen.description, region=BodyRegion.HEAD))
    assert FACE in prepared(head).warnings
    assert FACE not in prepared().warnings
    flat = choose(series_of(orientation=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)))
    flat = replace(flat, description=replace(flat.description, region=BodyRegion.HEAD))
    assert FACE not in prepared(flat).warnings


def test_a_follow_up_says_that_the_earlier_words_go_again() -> None:
    again = prepared(past=(past_of(prepared(), [{"type": "text", "text": "Discs."}]),))
    assert GOES_AGAIN in again.warnings


@pytest.mark.parametrize(
    ("header", "likely"),
    [
        (Header("a", 1, modality="MR"), False),
        (Header("a", 1, modality="CT", burned_in="NO"), False),
        (Header("a", 1, modality="CT", burned_in="YES"), True),
        (Header("a", 1, modality="US"), True),
        (Header("a", 1, modality="CT", sop_class="1.2.840.10008.5.1.4.1.1.7"), True),
        (Header("a", 1, modality="CT", sop_class="1.2.840.10008.5.1.4.1.1.7.4"), True),
        (Header("a", 1, modality="CT", sop_class="1.2.840.10008.5.1.4.1.1.77.1"), False),
        (Header("a", 1, modality="CT", image_type=("DERIVED", "SECONDARY", "SCREEN SAVE")), True),
        (Header("a", 1, modality="CT", image_type=("DERIVED", "SECONDARY", "AXIAL")), False),
    ],
)
def test_pictures_that_often_hold_writing_are_known(header: Header, likely: bool) -> None:
    assert writing_is_likely(header) is likely


@pytest.mark.parametrize(
    ("address", "is_local", "words"),
    [
        ("http://localhost:11434", True, "free of charge, unless that program passes it on to a paid service; about "),
        ("https://gateway.example.org", False, "price not known: ask whoever runs this address; about "),
    ],
)
def test_no_price_of_anthropic_is_told_for_another_address(address: str, is_local: bool, words: str) -> None:
    to = replace(LAPTOP, base_url=address, is_local=is_local, model=ANTHROPIC.model)
    disclosure = prepared(to=to)
    assert dict(preview_rows(disclosure))["Cost"].startswith(words)
    assert "cent" not in dict(preview_rows(disclosure))["Cost"]
    assert disclosure.estimate.low_dollars is None
