"""The estimate before sending: picture patches, text, the dated table."""

from __future__ import annotations

import pytest

from viewer.answer.models import MAX_TOKENS, image_tier, model_facts, model_table
from viewer.answer.price import estimate, text_tokens


def test_the_estimate_of_a_question_with_one_picture() -> None:
    known = estimate("claude-opus-5-5", [(1024, 1024)], ["x" * 1320], MAX_TOKENS, system="y" * 8610)
    assert known.input_tokens == pytest.approx(4769, rel=0.01)
    assert known.low_dollars == pytest.approx(4769 * 4e-6 + 1500 * 20e-6, rel=0.01)
    assert known.words == "about 5 to 34 US cents"  # from a short answer to the longest
    assert known.priced_on == "2026-11"


def test_a_long_prompt_costs_the_higher_tier() -> None:
    for characters, tokens, dollars in ((330_000, 100_000, 0.0105), (330_003, 100_001, 0.0525)):
        known = estimate("claude-haiku-5-5", [], ["x" * characters], 1_000)
        assert known.input_tokens == tokens
        assert known.low_dollars == pytest.approx(dollars, rel=1e-4)


def test_an_unknown_model_has_no_price_and_the_smaller_pictures() -> None:
    unknown = estimate("llava:13b", [(512, 512)], ["hello"], MAX_TOKENS)
    assert (unknown.words, unknown.low_dollars) == ("price unknown", None)
    assert image_tier("llava:13b") == "standard"


def test_wide_writing_counts_by_character() -> None:
    assert text_tokens("漢" * 100) == 110
    assert text_tokens("a" * 330) == 100


def test_a_dated_id_finds_its_row_and_a_longer_name_does_not() -> None:
    assert model_facts("claude-opus-5-20260724") is model_facts("claude-opus-5")
    assert model_facts("claude-opus-5-9") is None
    assert model_facts("claude-opus-5-5x") is None


def test_every_row_of_the_table_is_whole() -> None:
    for row in model_table().rows:
        assert row.tier in ("standard", "high")
        assert row.thinking in ("adaptive", "enabled")
        bounds = [price.up_to for price in row.prices]
        assert not bounds or bounds[-1] is None
        assert all(0 < price.input <= price.output for price in row.prices)
