"""The one door: what leaves is exactly what is shown, and nothing of a file's own text is in it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosure.made import (
    ANTHROPIC,
    LAPTOP,
    QUESTION,
    choose,
    dates_of,
    everything_in,
    forms_of,
    marked_header,
    past_of,
    prepared,
    series_of,
)
from tests.fakes.messages_rules import Rules, canonical, check_body
from tests.picture.png import read_png
from viewer.disclosure.frame import Consent, Disclosure
from viewer.disclosure.prepare import MAX_QUESTION, give_consent, prepare
from viewer.picture.describe import PictureDescription
from viewer.picture.look import Region
from viewer.picture.png import png_chunks
from viewer.picture.scan import Modality
from viewer.problem import ProblemError

SNAPSHOT = Path(__file__).with_name("body-v1.json")
ANSWER = [
    {"type": "thinking", "thinking": "I look at the bands.", "signature": "c2VhbA=="},
    {"type": "text", "text": "These are the discs."},
]
KEYS = {
    "": {"max_tokens", "messages", "model", "output_config", "stream", "system", "thinking"},
    "output_config": {"effort"},
    "thinking": {"type", "display", "budget_tokens"},
    "messages": {"role", "content"},
    "messages.content": {"type", "text", "source", "transformations", "thinking", "signature", "data"},
    "messages.content.source": {"type", "media_type", "data"},
    "messages.content.transformations": {"oversized_image"},
}


def fields_of(disclosure: Disclosure) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(disclosure.body)
    return fields


def refusal(**more: Any) -> str:
    with pytest.raises(ProblemError) as refused:
        prepared(**more)
    return refused.value.problem.code


def keys_in(value: Any, place: str = "") -> set[tuple[str, str]]:
    if isinstance(value, list):
        return {pair for item in value for pair in keys_in(item, place)}
    if not isinstance(value, dict):
        return set()
    inner = {pair for key, item in value.items() for pair in keys_in(item, f"{place}.{key}".strip("."))}
    return inner | {(place, key) for key in value}


def test_no_text_of_a_file_leaves_in_any_form() -> None:
    header, markers = marked_header()
    assert len(markers) > 30
    series = replace(series_of(header), description=markers[0], name=markers[1], modality=markers[2])
    leaving = everything_in(prepared(choose(series)))
    folded = leaving.lower()
    for marker in markers:
        forms = list(forms_of(marker)) + (list(dates_of(marker)) if len(marker) == 8 and marker.isdigit() else [])
        for form in forms:
            assert form not in leaving, (marker, form)
            assert form.lower() not in folded, (marker, form)


def test_the_marker_search_would_find_a_leak() -> None:
    _, markers = marked_header()
    for leak in (markers[0], markers[3].upper(), markers[5][::-1], hashlib.sha256(markers[7].encode()).hexdigest()):
        leaving = everything_in(prepared(question=f"leak {leak}?"))
        assert any(form in leaving for marker in markers for form in forms_of(marker)), leak


def test_only_known_fields_are_in_the_body() -> None:
    first = prepared()
    again = prepared(past=(past_of(first, ANSWER),))
    for disclosure in (first, again, prepared(to=LAPTOP), prepared(to=replace(ANTHROPIC, model="claude-haiku-4-5"))):
        for place, key in keys_in(fields_of(disclosure)):
            assert key in KEYS[place], (place, key)


def test_the_body_is_the_agreed_one_byte_for_byte() -> None:
    """A change of the words or the form of the request is a new version of the prompt, not an accident."""
    disclosure = prepared(choose(times=1))
    picture = base64.b64encode(disclosure.frames[0].png)
    assert disclosure.body.count(picture) == 1
    assert disclosure.body.replace(picture, b"(the picture)") == SNAPSHOT.read_bytes()


def test_the_service_takes_the_body_as_it_is() -> None:
    headers = [("Content-Type", "application/json")]
    first = prepared()
    check_body(headers, first.body, Rules(), set())
    issued = {canonical(block) for block in ANSWER}
    check_body(headers, prepared(choose(seed=9), past=(past_of(first, ANSWER),)).body, Rules(), issued)
    check_body(headers, prepared(to=replace(ANTHROPIC, model="claude-haiku-4-5")).body, Rules(), issued)


@pytest.mark.parametrize("colour", [False, True])
def test_the_picture_sent_is_the_picture_shown_and_nothing_hides_in_it(colour: bool) -> None:
    chosen = choose()
    if colour:
        chosen = replace(chosen, picture=replace(chosen.picture, pixels=np.dstack([chosen.picture.pixels] * 3)))
    (frame,) = prepared(chosen).frames
    assert np.array_equal(read_png(frame.png), chosen.picture.pixels)
    assert [kind for kind, _ in png_chunks(frame.png)] == [b"IHDR", b"IDAT", b"IEND"]
    assert png_chunks(frame.png)[0][1][8:10] == bytes([8, 2 if colour else 0])
    assert hashlib.sha256(frame.png).hexdigest() == frame.sha256
    assert (frame.height, frame.width) == chosen.picture.pixels.shape[:2]
    assert np.allclose(np.reshape(frame.to_slice, (3, 3)), chosen.picture.to_slice)
    image = fields_of(prepared(chosen))["messages"][0]["content"][0]
    assert base64.b64decode(image["source"]["data"]) == frame.png


def test_every_change_makes_another_hash_and_equal_choices_the_same() -> None:
    first = prepared()
    assert first.sha256 == hashlib.sha256(first.body).hexdigest() == prepared().sha256
    others = [
        prepared(question=QUESTION + " "),
        prepared(question=QUESTION + "!"),
        prepared(choose(seed=4)),
        prepared(choose(number=17)),
        prepared(to=replace(ANTHROPIC, model="claude-sonnet-5-5")),
        prepared(to=replace(ANTHROPIC, max_tokens=15_999)),
        prepared(to=LAPTOP),
        prepared(language="de"),
        prepared(past=(past_of(first, ANSWER),)),
    ]
    hashes = [other.sha256 for other in others]
    assert hashes[0] == first.sha256  # a space at the end is no change of the words
    assert len({first.sha256, *hashes[1:]}) == len(others)


def test_the_words_shown_are_all_the_words_in_the_body() -> None:
    first = prepared(language="ja")
    again = prepared(choose(seed=9), past=(past_of(first, ANSWER),), question="And here?")
    for disclosure in (first, again):
        fields = fields_of(disclosure)
        blocks = [block for message in fields["messages"] for block in message["content"]]
        told = [fields["system"], *(block.get("text") or block.get("thinking") or "" for block in blocks)]
        seals = [block["signature"] for block in blocks if "signature" in block]
        shown = [words for words in disclosure.words if "returned unchanged" not in words]
        assert [words for words in told if words] == shown
        assert len(disclosure.words) - len(shown) == len(seals)
        assert disclosure.system_words == disclosure.words[0] == fields["system"]
    assert "The person reads Japanese." in first.words
    assert first.words[-1] == QUESTION


def test_a_picture_comes_before_its_words_and_the_question_last() -> None:
    disclosure = prepared(choose(), choose(number=3, seed=8))
    content = fields_of(disclosure)["messages"][0]["content"]
    assert [block["type"] for block in content] == ["image", "text", "image", "text", "text"]
    assert content[1]["text"].startswith("Picture 1 of 2, 80 × 80 pixels. MRI; ")
    assert content[3]["text"].startswith("Picture 2 of 2, 80 × 80 pixels. MRI; ")
    assert content[4]["text"] == QUESTION


def test_a_follow_up_keeps_what_was_said_as_an_unchanged_beginning() -> None:
    first = prepared()
    again = prepared(past=(past_of(first, ANSWER),), question="And here?")
    before, after = fields_of(first), fields_of(again)
    assert after["messages"][:1] == before["messages"]
    assert after["messages"][1] == {"role": "assistant", "content": ANSWER}
    assert after["messages"][2]["content"] == [{"type": "text", "text": "And here?"}]
    assert [frame.sha256 for frame in again.frames] == [frame.sha256 for frame in first.frames]
    assert again.body.count(b'"type":"image"') == 1
    history = first.body[: first.body.index(b'"}]}],"model"')]
    assert again.body.startswith(history)


def test_a_follow_up_needs_no_picture_of_its_own() -> None:
    first = prepared()
    again = prepare_without_pictures(past=(past_of(first, ANSWER),))
    assert [frame.png for frame in again.frames] == [frame.png for frame in first.frames]


def prepare_without_pictures(**more: Any) -> Disclosure:
    return prepare((), QUESTION, ANTHROPIC, pictures_on_disc=72, **more)


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [ANSWER[0]],
        [{"type": "text", "text": ""}],
        [{"type": "image", "source": {"type": "url", "url": "https://example.invalid/x"}}],
        ["not a block", 7, None, {"type": ["text"]}],
        [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}],
    ],
)
def test_a_turn_without_an_answer_to_return_lends_its_picture_to_the_next_question(blocks: list[Any]) -> None:
    first = prepared()
    again = prepare_without_pictures(past=(past_of(first, blocks),))
    assert fields_of(again)["messages"] == fields_of(first)["messages"]


def test_no_picture_at_all_is_refused() -> None:
    with pytest.raises(ProblemError) as refused:
        prepare_without_pictures()
    assert refused.value.problem.code == "no_picture_chosen"


@pytest.mark.parametrize("stored", ["", "{", "null", "7", '{"type":"text"}', "[" * 100_000])
def test_a_damaged_history_is_no_history(stored: str) -> None:
    first = prepared()
    turn = replace(past_of(first, []), answer_blocks=stored)
    assert len(fields_of(prepared(past=(turn,)))["messages"]) == 1


def test_thinking_goes_back_only_to_the_model_that_made_it_and_only_with_its_seal() -> None:
    first = prepared()
    unsealed = [{"type": "thinking", "thinking": "I look", "signature": ""}, ANSWER[1]]

    def returned(blocks: list[Any], **how: Any) -> list[Any]:
        model = how.pop("model", "")
        body = fields_of(prepared(past=(past_of(first, blocks, model=model),), **how))
        content: list[Any] = body["messages"][1]["content"]
        return content

    assert returned(ANSWER, model=ANTHROPIC.model) == ANSWER
    assert returned(ANSWER, model="claude-sonnet-5-5") == ANSWER[1:]
    assert returned(unsealed) == ANSWER[1:]
    assert returned(unsealed, to=LAPTOP) == unsealed


def test_thinking_goes_back_only_to_the_place_that_made_it() -> None:
    first = prepared()
    for place, returned in ((ANTHROPIC.base_url, ANSWER), (LAPTOP.base_url, ANSWER[1:])):
        past = past_of(first, ANSWER, model=ANTHROPIC.model, base_url=place)
        assert fields_of(prepared(past=(past,)))["messages"][1]["content"] == returned


def test_a_text_without_a_word_is_not_returned_because_the_service_refuses_it_for_good() -> None:
    first = prepared()
    blank = {"type": "text", "text": "\n\n"}
    assert fields_of(prepared(past=(past_of(first, [blank, *ANSWER]),)))["messages"][1]["content"] == ANSWER
    assert len(fields_of(prepared(past=(past_of(first, [ANSWER[0], blank]),)))["messages"]) == 1


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["type", "text", "thinking", "signature", "data", "x"]), inner, max_size=4),
                    max_leaves=12))  # fmt: skip
def test_whatever_an_answer_held_only_known_blocks_go_back(stored: Any) -> None:
    first = prepared()
    turn = replace(past_of(first, []), answer_blocks=json.dumps(stored))
    disclosure = prepared(past=(turn,))
    assert all(key in KEYS[place] for place, key in keys_in(fields_of(disclosure)))


def test_the_question_is_cleaned_and_bounded() -> None:
    assert prepared(question="  Is\x00 this\u202e \x1b[1mright?\n").question == "Is this [1mright?"
    assert refusal(question=" \n\x00\u200b ") == "question_missing"
    assert prepared(question="x" * MAX_QUESTION).question == "x" * MAX_QUESTION
    assert refusal(question="x" * (MAX_QUESTION + 1)) == "question_too_long"


def test_a_question_of_any_script_leaves_as_typed() -> None:
    for question in ("Что это?", "これは何ですか", "ما هذا؟", 'He said "disc" \\ and </script>', "a\nb"):
        disclosure = prepared(question=question)
        assert fields_of(disclosure)["messages"][0]["content"][-1]["text"] == question
        assert json.dumps(question, ensure_ascii=False).encode() in disclosure.body


def test_a_picture_the_service_would_shrink_is_refused() -> None:
    large = choose()
    wide = replace(large, picture=replace(large.picture, pixels=np.zeros((8, 1569), np.uint8)))
    heavy = replace(large, picture=replace(large.picture, pixels=np.zeros((1200, 1200), np.uint8)))
    for chosen in (wide, heavy):
        with pytest.raises(ProblemError) as refused:
            prepared(chosen)
        assert refused.value.problem.code == "picture_too_large_to_send"
        assert prepared(chosen, to=replace(ANTHROPIC, image_tier="high")).frames


def test_a_picture_that_packs_too_badly_is_refused() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (1400, 1400, 3), dtype=np.uint8)
    chosen = replace(choose(), picture=replace(choose().picture, pixels=noise))
    with pytest.raises(ProblemError) as refused:
        prepared(chosen, to=replace(ANTHROPIC, image_tier="high"))
    assert refused.value.problem.code == "picture_too_large_to_send"


def test_too_many_pictures_are_refused() -> None:
    twenty = [choose(seed=seed) for seed in range(20)]
    assert len(prepared(*twenty).frames) == 20
    with pytest.raises(ProblemError) as refused:
        prepared(*twenty, choose(seed=21))
    assert refused.value.problem.code == "too_many_pictures"


def test_fields_only_the_service_knows_stay_away_from_other_servers() -> None:
    fields = fields_of(prepared(to=LAPTOP))
    assert set(fields) == {"max_tokens", "messages", "model", "stream", "system", "thinking"}
    assert fields["thinking"] == {"type": "adaptive", "display": "summarized"}
    plain = fields_of(prepared(to=replace(LAPTOP, wants_reasoning=False)))
    assert set(plain) == set(fields) - {"thinking"}
    assert set(fields["messages"][0]["content"][0]) == {"type", "source"}
    strict = fields_of(prepared())
    assert strict["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert strict["output_config"] == {"effort": "medium"}
    assert strict["messages"][0]["content"][0]["transformations"] == {"oversized_image": "error"}


def test_a_model_that_wants_a_number_for_its_thinking_gets_one_it_takes() -> None:
    older = replace(ANTHROPIC, model="claude-haiku-4-5")
    assert fields_of(prepared(to=older))["thinking"]["budget_tokens"] == 4096
    assert fields_of(prepared(to=replace(older, max_tokens=2000)))["thinking"]["budget_tokens"] == 1999
    assert "thinking" not in fields_of(prepared(to=replace(older, max_tokens=1000)))


def test_what_is_not_sent_is_counted() -> None:
    assert prepared().not_sent == "Not sent: name, birth date, clinic, file names, dates, the other 71 pictures."
    part = prepared(choose(region=Region(0, 0, 20, 20)))
    assert part.not_sent.endswith("dates, the rest of the picture, the other 71 pictures.")
    assert prepared(pictures_on_disc=1).not_sent.endswith("file names, dates.")
    assert prepared(pictures_on_disc=2).not_sent.endswith("dates, the other picture.")
    two = prepared(choose(), choose(number=3, seed=8))
    assert two.not_sent.endswith("the other 70 pictures.")
    again = prepared(choose(number=3, seed=8), past=(past_of(prepared(), ANSWER),))
    assert again.not_sent.endswith("the other 70 pictures.")
    same = prepared(past=(past_of(prepared(), ANSWER),))
    assert same.not_sent.endswith("the other 71 pictures.")
    cut = replace(choose(), frame=None)
    assert prepared(cut).not_sent.endswith("dates, the 72 pictures on the disc themselves.")


def test_the_cost_counts_the_history_too() -> None:
    first = prepared()
    again = prepared(choose(seed=9), past=(past_of(first, ANSWER),))
    assert first.estimate.input_tokens > 9
    assert again.estimate.input_tokens > first.estimate.input_tokens + 9
    assert prepared(to=LAPTOP).estimate.low_dollars is None


def test_consent_is_to_these_bytes_and_this_address() -> None:
    disclosure = prepared()
    assert give_consent(disclosure, "2026-11-21T12:00:00+01:00") == Consent(
        disclosure.sha256, "https://api.anthropic.com", "2026-11-21T12:00:00+01:00"
    )


@pytest.mark.parametrize(
    "description",
    [
        PictureDescription(Modality.MR, unit="Quux"),
        PictureDescription(Modality.MR, edges=("Quux", "P", "H", "F")),
    ],
)
def test_a_word_outside_the_closed_vocabulary_cannot_pass(description: PictureDescription) -> None:
    with pytest.raises(ValueError, match="closed vocabulary"):
        prepared(replace(choose(), description=description))


def test_the_instructions_are_short_and_hold_nothing_of_one_person() -> None:
    words = prepared().system_words
    assert 250 <= len(words.split()) <= 500
    assert all(phrase in words for phrase in ("not a doctor", "do not diagnose", "never an instruction", "emergency"))
    assert "step by step" not in words.lower()
