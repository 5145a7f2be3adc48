"""Every way a server can behave, through the real client in its child, ends in the right state and words."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.consult.conftest import QUICK
from tests.fakes.disclosures import consent, disclosure, recipient
from tests.fakes.messages_rules import Rules
from tests.fakes.messages_server import ANSWER, REASONING, SCRIPTS, MessagesServer
from tests.patience import PATIENCE
from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import state_words
from viewer.consult.consultation import Consultation
from viewer.consult.keys import Key
from viewer.consult.limits import Limits
from viewer.disclosure.frame import KeyStyle

KEY = Key("sk-test-1234")
SILENT = replace(QUICK, silence_remote=2.0)
ENDLESS = replace(QUICK, overall_remote=4.0)

FULL, NOTHING = ANSWER, ""
# script → state, text, code of the problem ("" for none)
CASES: dict[str, tuple[AnswerState, str, str]] = {
    "normal": (AnswerState.COMPLETE, FULL, ""),
    "slow": (AnswerState.COMPLETE, FULL, ""),
    "stays_open": (AnswerState.COMPLETE, FULL, ""),
    "no_message_start": (AnswerState.COMPLETE, FULL, ""),
    "empty_reasoning": (AnswerState.COMPLETE, FULL, ""),
    "unknown": (AnswerState.COMPLETE, FULL, ""),
    "cut_before_end": (AnswerState.BROKEN, FULL, "answer_broken"),
    "cut_chunked": (AnswerState.BROKEN, FULL, "answer_broken"),
    "cut_before_stop": (AnswerState.BROKEN, FULL, "answer_broken"),
    "reset": (AnswerState.BROKEN, FULL, "answer_broken"),
    "reset_at_once": (AnswerState.BROKEN, NOTHING, "answer_broken"),
    "error_event": (AnswerState.BROKEN, FULL, "answer_service_error"),
    "bad_json": (AnswerState.BROKEN, FULL, "answer_not_understood"),
    "bad_utf8": (AnswerState.BROKEN, FULL, "answer_not_understood"),
    "html": (AnswerState.BROKEN, NOTHING, "answer_not_understood"),
    "html_as_stream": (AnswerState.BROKEN, NOTHING, "answer_broken"),
    "plain_json": (AnswerState.BROKEN, NOTHING, "answer_not_streamed"),
    "nameless": (AnswerState.BROKEN, NOTHING, "answer_not_understood"),
    "gzip_bomb": (AnswerState.BROKEN, NOTHING, "answer_packed"),
    "redirect": (AnswerState.FAILED, NOTHING, "ask_redirected"),
    "400": (AnswerState.FAILED, NOTHING, "ask_not_accepted"),
    "401": (AnswerState.FAILED, NOTHING, "ask_key_refused"),
    "402": (AnswerState.FAILED, NOTHING, "ask_no_credit"),
    "403": (AnswerState.FAILED, NOTHING, "ask_not_allowed"),
    "404": (AnswerState.FAILED, NOTHING, "ask_not_found"),
    "400_no_room": (AnswerState.FAILED, NOTHING, "ask_no_room"),
    "no_room_before": (AnswerState.BROKEN, NOTHING, "ask_no_room"),
    "no_room_after": (AnswerState.CUT_OFF, FULL, "answer_context_limit"),
    "404_other_shape": (AnswerState.FAILED, NOTHING, "ask_not_found"),
    "413": (AnswerState.FAILED, NOTHING, "ask_too_large"),
    "500": (AnswerState.FAILED, NOTHING, "ask_service_down"),
    "529": (AnswerState.FAILED, NOTHING, "ask_busy"),
    "endless_error": (AnswerState.FAILED, NOTHING, "ask_service_down"),
    "refusal_before": (AnswerState.REFUSED, NOTHING, "answer_refused"),
    "refusal_after": (AnswerState.REFUSED, FULL, "answer_refused"),
    "max_tokens": (AnswerState.CUT_OFF, FULL, "answer_length_limit"),
    "thinking_only": (AnswerState.CUT_OFF, NOTHING, "answer_length_limit"),
    "context": (AnswerState.CUT_OFF, FULL, "answer_context_limit"),
    "tool_use": (AnswerState.BROKEN, FULL, "answer_wants_more"),
    "new_stop_reason": (AnswerState.BROKEN, FULL, "answer_unknown_end"),
}
TIMED: dict[str, str] = {
    "stall_before_headers": "answer_silent",
    "stall_after_headers": "answer_silent",
    "stall_mid_stream": "answer_silent",
    "endless_drip": "answer_too_slow",
    "endless_answer": "answer_too_slow",
}
ELSEWHERE = {"429", "two_megabytes", "too_long", "hostile"}


def ask(
    consultation: Consultation, server: MessagesServer, limits: Limits = QUICK, seen: list[Answer] | None = None
) -> Answer:
    """One question, waited for."""
    question = disclosure(recipient(server.base_url))
    heard: list[Answer] = [] if seen is None else seen
    return consultation.ask(question, consent(question), KEY, heard.append, limits).wait(PATIENCE)


def test_every_script_of_the_server_has_a_case() -> None:
    assert set(CASES) | set(TIMED) | ELSEWHERE == set(SCRIPTS)


@pytest.mark.parametrize("script", CASES)
def test_a_script_ends_as_it_should_and_keeps_what_arrived(
    script: str, consultation: Consultation, server: MessagesServer
) -> None:
    state, text, code = CASES[script]
    server.play(script, delay=0.002)
    answer = ask(consultation, server)
    assert not server.complaints
    assert answer.state is state
    assert answer.text == text
    assert (answer.problem.code if answer.problem else "") == code
    words = state_words(answer)
    assert words.first
    assert bool(words.sentence) == (state is not AnswerState.COMPLETE)
    if text and script != "empty_reasoning":
        assert answer.reasoning == REASONING


@pytest.mark.parametrize("script", TIMED)
def test_silence_and_endlessness_end_as_timed_out(
    script: str, consultation: Consultation, server: MessagesServer
) -> None:
    server.play(script)
    answer = ask(consultation, server, SILENT if script.startswith("stall") else ENDLESS)
    assert answer.state is AnswerState.TIMED_OUT
    assert answer.problem is not None
    assert answer.problem.code == TIMED[script]
    if script == "stall_mid_stream":
        assert answer.text == FULL
    assert server.closed.wait(PATIENCE), "the connection must be closed after a time-out"


def test_a_pause_between_words_is_shorter_than_the_wait_for_the_first(
    consultation: Consultation, server: MessagesServer
) -> None:
    server.play("stall_mid_stream")
    answer = ask(consultation, server, replace(QUICK, silence_speaking=2.0))
    assert (answer.state, answer.text) == (AnswerState.TIMED_OUT, FULL)
    assert answer.problem is not None
    assert answer.problem.code == "answer_silent"


@pytest.mark.parametrize("script", ["401", "500", "400"])
def test_a_server_that_repeats_the_key_does_not_bring_it_into_what_is_kept(
    script: str, consultation: Consultation, server: MessagesServer
) -> None:
    server.play(script, said=f"Incorrect key provided: {KEY.reveal()}.")
    answer = ask(consultation, server)
    assert answer.problem is not None
    assert answer.problem.where == "Incorrect key provided: [key]."


def test_a_key_in_the_answer_is_left_out(consultation: Consultation, server: MessagesServer) -> None:
    server.play("normal", answer=f"You sent {KEY.reveal()}.", piece=500)
    answer = ask(consultation, server)
    assert answer.text == "You sent [key]."
    assert KEY.reveal() not in answer.blocks


def test_a_complete_answer_tells_model_usage_request_and_blocks(
    consultation: Consultation, server: MessagesServer
) -> None:
    seen: list[Answer] = []
    answer = ask(consultation, server, seen=seen)
    assert (answer.model, answer.request_id, answer.attempts) == ("claude-opus-5-5", "req_fake_1", 1)
    usage = answer.usage
    assert (usage.input_tokens, usage.output_tokens, usage.thinking_tokens) == (1500, 320, 200)
    assert answer.problem is None
    assert seen[-1] == answer
    assert [state.ended for state in (a.state for a in seen)].count(True) == 1


def test_states_come_in_order_and_updates_are_coalesced(consultation: Consultation, server: MessagesServer) -> None:
    server.play("slow", delay=0.01, piece=2)
    seen: list[Answer] = []
    answer = ask(consultation, server, seen=seen)
    order = list(dict.fromkeys(a.state for a in seen))
    assert order == [AnswerState(name) for name in ("sending", "reasoning", "answering", "complete")]
    assert len(seen) <= 30 * answer.seconds + 6
    texts = [a.text for a in seen]
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))


def test_a_busy_service_is_waited_for_visibly_and_tried_again(
    consultation: Consultation, server: MessagesServer
) -> None:
    server.play("429", "normal", retry_after="0.2")
    seen: list[Answer] = []
    answer = ask(consultation, server, seen=seen)
    assert (answer.state, answer.attempts, len(server.asked)) == (AnswerState.COMPLETE, 2, 2)
    waiting = [a for a in seen if a.state is AnswerState.WAITING]
    assert waiting
    assert waiting[0].wait_seconds == pytest.approx(0.2)
    assert "Trying again" in state_words(waiting[0]).sentence
    assert server.asked[0].body == server.asked[1].body


@pytest.mark.parametrize("script", ["429", "500", "529"])
def test_at_most_two_more_tries(script: str, consultation: Consultation, server: MessagesServer) -> None:
    server.play(script, retry_after="0.05")
    answer = ask(consultation, server)
    assert (answer.state, answer.attempts, len(server.asked)) == (AnswerState.FAILED, 3, 3)


@pytest.mark.parametrize("script", ["400", "401", "402", "403", "404", "413", "redirect", "error_event", "reset"])
def test_what_cannot_get_better_or_has_begun_is_not_tried_again(
    script: str, consultation: Consultation, server: MessagesServer
) -> None:
    server.play(script)
    ask(consultation, server)
    assert len(server.asked) == 1


def test_a_service_that_asks_for_an_hour_is_not_waited_for(consultation: Consultation, server: MessagesServer) -> None:
    server.play("429", retry_after="3600")
    answer = ask(consultation, server)
    assert (answer.state, len(server.asked)) == (AnswerState.FAILED, 1)


def test_the_service_s_own_reason_goes_to_the_details_only(consultation: Consultation, server: MessagesServer) -> None:
    server.play("400")
    answer = ask(consultation, server)
    assert answer.problem is not None
    assert answer.problem.where == "messages.0: something is wrong"
    assert "messages.0" not in answer.problem.text


def test_two_megabytes_arrive_whole_and_are_shown_in_part(consultation: Consultation, server: MessagesServer) -> None:
    server.play("two_megabytes")
    answer = ask(consultation, server)
    assert answer.state is AnswerState.COMPLETE
    assert len(answer.text) == 200_000
    assert answer.hidden
    assert len(answer.blocks) > 2_000_000


def test_an_answer_beyond_all_measure_is_cut_and_said(consultation: Consultation, server: MessagesServer) -> None:
    server.play("too_long")
    answer = ask(consultation, server)
    assert answer.state is AnswerState.CUT_OFF
    assert answer.problem is not None
    assert answer.problem.code == "answer_too_long"
    assert server.closed.wait(PATIENCE)


def test_a_hostile_answer_arrives_as_harmless_text(consultation: Consultation, server: MessagesServer) -> None:
    server.play("hostile")
    answer = ask(consultation, server)
    assert answer.state is AnswerState.COMPLETE
    assert not set(answer.text) & set("\x1b\x07\x9b\u202e\u202c\u2066\u2069\x00\x08\x7f")
    assert "<script>alert(1)</script>" in answer.text
    assert "😀" in answer.text
    assert answer.text.count("\u0301") == 4


def test_a_follow_up_returns_every_block_unchanged(consultation: Consultation, server: MessagesServer) -> None:
    server.play("unknown", "normal")
    first = ask(consultation, server)
    question = disclosure(recipient(server.base_url), "And this?", ((disclosure.__name__, first.blocks),))
    second = consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
    assert not server.complaints
    assert second.state is AnswerState.COMPLETE
    kinds = [block["type"] for block in server.asked[1].json["messages"][1]["content"]]
    assert kinds == ["thinking", "future_block", "redacted_thinking", "text"]


def test_the_strict_server_refuses_a_changed_thinking_block(consultation: Consultation, server: MessagesServer) -> None:
    first = ask(consultation, server)
    changed = first.blocks.replace("vertebrae", "discs")
    question = disclosure(recipient(server.base_url), "And this?", (("Before", changed),))
    second = consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
    assert second.state is AnswerState.FAILED
    assert second.problem is not None
    assert second.problem.code == "ask_history_refused"
    assert "new conversation" in second.problem.remedy


def test_an_x_api_key_gateway_gets_only_that_header(consultation: Consultation, server: MessagesServer) -> None:
    server.play("normal", rules=Rules(auth="x-api-key", key="sk-test-1234"))
    question = disclosure(recipient(server.base_url, style=KeyStyle.X_API_KEY))
    answer = consultation.ask(question, consent(question), KEY, lambda _: None).wait(PATIENCE)
    assert answer.state is AnswerState.COMPLETE
    assert "authorization" not in server.asked[0].names


def test_a_place_without_a_key_gets_no_credential(consultation: Consultation, server: MessagesServer) -> None:
    server.play("normal", rules=Rules(auth="none"))
    question = disclosure(recipient(server.base_url, provider="address"))
    answer = consultation.ask(question, consent(question), None, lambda _: None).wait(PATIENCE)
    assert answer.state is AnswerState.COMPLETE
    assert not server.asked[0].names & {"authorization", "x-api-key"}
