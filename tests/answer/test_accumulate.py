"""Events become an answer, whatever is missing, unknown or cut among them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.answer.accumulate import MAX_SHOWN, Accumulator, PlainText
from viewer.answer.answer import Answer, AnswerState
from viewer.answer.body import BODY_KEYS, body_bytes
from viewer.answer.ending import ending_of, state_words
from viewer.text.plain import plain


def start(index: int, block: dict[str, Any]) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(index: int, kind: str, key: str, text: str) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, key: text}}


def stop(index: int) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


END: list[dict[str, Any]] = [
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}},
    {"type": "message_stop"},
]
THOUGHT = {"type": "thinking", "thinking": "", "signature": ""}


def folded(*events: dict[str, Any]) -> Answer:
    accumulator = Accumulator("m")
    for event in events:
        accumulator.add(event)
    accumulator.finish()
    return accumulator.answer()


def test_blocks_are_kept_whole_with_signature_and_unknown_parts() -> None:
    strange = {"type": "future", "b": [1, None, "ü"], "a": {"x": 1.5}}
    answer = folded(
        start(0, THOUGHT),
        delta(0, "thinking_delta", "thinking", "I "),
        delta(0, "thinking_delta", "thinking", "look"),
        delta(0, "signature_delta", "signature", "c2ln+/=="),
        stop(0),
        start(1, strange),
        stop(1),
        start(2, {"type": "text", "text": "Hel", "citations": None}),
        delta(2, "text_delta", "text", "lo"),
        stop(2),
        *END,
    )
    assert json.loads(answer.blocks) == [
        {"type": "thinking", "thinking": "I look", "signature": "c2ln+/=="},
        strange,
        {"type": "text", "text": "Hello", "citations": None},
    ]
    assert (answer.state, answer.reasoning, answer.text) == (AnswerState.COMPLETE, "I look", "Hello")


def test_an_answer_without_its_first_events_is_still_complete() -> None:
    answer = folded(delta(0, "text_delta", "text", "Hello"), *END)
    assert (answer.state, answer.text, answer.model) == (AnswerState.COMPLETE, "Hello", "m")


def test_half_a_thought_and_a_call_nobody_answers_are_not_given_back() -> None:
    answer = folded(
        start(0, {"type": "tool_use", "id": "t", "name": "x", "input": {}}),
        delta(0, "input_json_delta", "partial_json", '{"a":'),
        stop(0),
        start(1, THOUGHT),
        delta(1, "thinking_delta", "thinking", "half"),
        start(2, {"type": "text", "text": ""}),
        stop(2),
    )
    assert answer.state is AnswerState.BROKEN
    assert answer.blocks == "[]"
    assert answer.reasoning == "half"


def test_counts_are_overwritten_not_added() -> None:
    def counted(output: object) -> dict[str, Any]:
        return {"type": "message_delta", "delta": {}, "usage": {"output_tokens": output}}

    first = {"type": "message_start", "message": {"model": "n", "usage": {"input_tokens": 5, "output_tokens": 1}}}
    answer = folded(first, counted(10), counted(None), counted("many"), counted(True), *END)
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (5, 9)
    assert answer.usage.cache_read_tokens is None


def test_the_first_ending_stands() -> None:
    accumulator = Accumulator()
    accumulator.end(AnswerState.STOPPED, None)
    for event in END:
        accumulator.add(event)
    accumulator.finish()
    assert accumulator.answer().state is AnswerState.STOPPED


def test_what_comes_from_beside_the_stream_is_told_until_the_end() -> None:
    accumulator = Accumulator()
    accumulator.tell(request_id="first", seconds=1.5)
    accumulator.end(AnswerState.STOPPED, None)
    accumulator.tell(request_id="late", state=AnswerState.FAILED)
    answer = accumulator.answer()
    assert (answer.request_id, answer.seconds, answer.state) == ("first", 1.5, AnswerState.STOPPED)


@given(st.lists(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(
        ["content_block_start", "content_block_delta", "content_block_stop", "message_delta", "error", "text_delta"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["type", "index", "delta", "content_block", "usage", "error", "message", "text"]),
                      inner, max_size=5),
    max_leaves=10,
).filter(lambda value: isinstance(value, dict)), max_size=8))  # fmt: skip
@settings(max_examples=60)
def test_no_event_whatsoever_raises(events: list[Any]) -> None:
    answer = folded(*events)
    assert answer.state.ended
    json.loads(answer.blocks)


@given(st.lists(st.text(alphabet="ab \n\r\t\u0301\u200d\x1b\u202e\U0001f469", max_size=6), max_size=30))
def test_text_in_pieces_is_as_plain_as_text_in_one(pieces: list[str]) -> None:
    growing = PlainText()
    for piece in pieces:
        growing.add(piece)
    assert growing.whole() == plain("".join(pieces))


def test_a_long_text_is_shown_in_part_and_counted_whole() -> None:
    growing = PlainText()
    for _ in range(50):
        growing.add("word " * 2_000)
    assert len(growing.whole()) == MAX_SHOWN
    assert growing.overflow
    unbroken = PlainText()
    unbroken.add("x" * 250_000)
    assert len(unbroken.whole()) == MAX_SHOWN


@pytest.mark.parametrize(
    "events",
    [
        [start(0, {"type": "future", "data": "x" * 4_000_000})],
        [start(index, {"type": "text", "text": ""}) for index in range(1_500)],
        [delta(index, "text_delta", "text", "") for index in range(1_500)],
        [
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "citations_delta", "citation": "x" * 4_000_000},
            }
        ],
    ],
)
def test_more_than_is_kept_is_cut_off_whatever_it_is(events: list[dict[str, Any]]) -> None:
    answer = folded(*events)
    assert answer.state is AnswerState.CUT_OFF
    assert answer.problem is not None
    assert answer.problem.code == "answer_too_long"


def test_broken_surrogates_become_valid_text() -> None:
    answer = folded(start(0, {"type": "text", "text": "a\ud800b"}), stop(0), *END)
    assert answer.blocks.encode("utf-8")
    assert answer.text == "ab"


@pytest.mark.parametrize("state", AnswerState)
def test_every_state_has_a_first_word_of_its_own(state: AnswerState) -> None:
    words = {other: state_words(Answer(state=other)).first for other in AnswerState}
    assert words[state]
    assert list(words.values()).count(words[state]) == 1


@pytest.mark.parametrize("state", [state for state in AnswerState if state.ended and state is not AnswerState.COMPLETE])
def test_every_ending_but_complete_has_a_sentence(state: AnswerState) -> None:
    assert state_words(Answer(state=state)).sentence.endswith(".")


@pytest.mark.parametrize(
    "category", ["bio", "cyber", "frontier_llm", "general_harms", "reasoning_extraction", None, "new"]
)
def test_a_refusal_says_its_category_in_plain_words(category: str | None) -> None:
    state, reason = ending_of("refusal", category)
    assert state is AnswerState.REFUSED
    assert reason is not None
    assert "_" not in reason.text
    assert "category" in reason.text


def test_a_body_has_the_agreed_order_and_nothing_unknown() -> None:
    fields: dict[str, object] = {"stream": True, "model": "m", "system": "s", "messages": [], "max_tokens": 1}
    body = body_bytes(fields)
    assert body == b'{"max_tokens":1,"messages":[],"model":"m","stream":true,"system":"s"}'
    assert list(json.loads(body)) == [key for key in BODY_KEYS if key in fields]
    for wrong in ({**fields, "temperature": 1}, {**fields, "stream": False}, {"model": "m"}):
        with pytest.raises(ValueError, match="request body"):
            body_bytes(wrong)
