"""What an ending says: where only the service knows the reason, its own words go along, as its words."""

from __future__ import annotations

import pytest

from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import said_words
from viewer.problem import problem


@pytest.mark.parametrize(
    "code", ["ask_not_accepted", "ask_service_down", "ask_unexpected_status", "answer_service_error"]
)
def test_the_service_s_own_reason_is_told_where_only_it_knows(code: str) -> None:
    ended = problem(code, where="image input is not supported - hint: provide the mmproj", host="127.0.0.1:8080")
    assert "image input is not supported" in said_words(Answer(AnswerState.FAILED, problem=ended))


def test_a_refused_key_is_told_in_our_words_alone() -> None:
    ended = problem("ask_key_refused", where="no", host="127.0.0.1:8080")
    assert said_words(Answer(AnswerState.FAILED, problem=ended)) == ""
