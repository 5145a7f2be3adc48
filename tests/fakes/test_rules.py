"""The strict server rejects what the service rejects, one rule at a time, and takes what it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.disclosures import png, user_turn
from tests.fakes.messages_rules import MODELS, Complaint, Rules, check_body, check_head

HEAD = [("content-type", "application/json")]
TURN: dict[str, Any] = user_turn("What is this?", png())
PICTURE = TURN["content"][0]
GOOD: dict[str, Any] = {
    "max_tokens": 16_000, "messages": [user_turn("What is this?", png())], "model": "claude-opus-5-5", "stream": True,
    "thinking": {"type": "adaptive", "display": "summarized"}, "output_config": {"effort": "medium"},
}  # fmt: skip


def refused(head: list[tuple[str, str]] | None = None, **changes: Any) -> tuple[int, str]:
    fields = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    with pytest.raises(Complaint) as no:
        check_body(head or HEAD, json.dumps(fields).encode(), Rules(), set())
    return no.value.status, no.value.message


def test_a_good_request_is_taken_by_every_model_in_its_own_form() -> None:
    for name, model in MODELS.items():
        thinking = {"type": "adaptive"} if "adaptive" in model.thinking else {"type": "enabled", "budget_tokens": 2048}
        fields = {**GOOD, "model": name, "thinking": thinking}
        if not model.effort:
            del fields["output_config"]
        check_body(HEAD, json.dumps(fields).encode(), Rules(), set())


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"temperature": 1.0}, "temperature"), ({"top_p": 1}, "top_p"), ({"top_k": 5}, "top_k"),
        ({"max_tokens": 0}, "max_tokens"), ({"max_tokens": 200_000}, "max_tokens"), ({"max_tokens": ...}, "max_tokens"),
        ({"thinking": {"type": "disabled"}}, "thinking"), ({"thinking": {"type": "enabled", "budget_tokens": 2048}}, "thinking"),
        ({"thinking": {"type": "adaptive", "budget_tokens": 9}}, "thinking"), ({"output_config": {"effort": "huge"}}, "effort"),
        ({"tool_choice": {"type": "any"}}, "tool_choice"), ({"surprise": 1}, "surprise"), ({"model": ...}, "model"),
        ({"messages": []}, "messages"), ({"messages": [user_turn(" \n", png())]}, "text"),
        ({"messages": [user_turn("x", png()), {"role": "assistant", "content": "Well"}]}, "prefill"),
        ({"messages": [user_turn("x", b"no picture")]}, "picture"),
        ({"model": "claude-haiku-4-5"}, "thinking"),
        ({"messages": [{"role": "user", "content": [PICTURE] * 601}]}, "images"),
    ],
)  # fmt: skip
def test_each_rule_refuses(changes: dict[str, Any], word: str) -> None:
    status, message = refused(**changes)
    assert status == 400
    assert word in message


def test_an_unknown_model_is_not_found_and_a_beta_flag_is_refused() -> None:
    assert refused(model="claude-none-9")[0] == 404
    assert refused(head=[*HEAD, ("anthropic-beta", "x")])[0] == 400
    assert refused(head=[("content-type", "text/plain")])[0] == 400


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ([("anthropic-version", "2026-10-21")], 401),
        ([("authorization", "Bearer k"), ("x-api-key", "k"), ("anthropic-version", "2026-10-21")], 401),
        ([("authorization", "Bearer k"), ("anthropic-version", "1999-01-01")], 400),
    ],
)
def test_the_head_must_be_right(head: list[tuple[str, str]], status: int) -> None:
    with pytest.raises(Complaint) as no:
        check_head(head, Rules())
    assert no.value.status == status
