"""What a question will cost, before it is sent: picture patches, text bytes, the dated price table. Never asks a server."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from viewer.answer.models import ModelFacts, Price, model_facts, model_table
from viewer.answer.picture_size import patches
from viewer.text.translate import tr

BYTES_PER_TOKEN = 3.3  # Latin and most alphabets, as UTF-8
TOKENS_PER_WIDE = 1.1  # Chinese, Japanese, Korean: per character
SYSTEM_OVERHEAD = 1.15
PRICED_HOST = "api.anthropic.com"  # the table holds for it alone
SHORT_ANSWER = 1_500  # tokens, thinking included


@dataclass(frozen=True, slots=True)
class Estimate:
    """`words` for people ("about 1 US cent", "price unknown"); `low_dollars` is None when the price is unknown."""

    words: str
    low_dollars: float | None
    input_tokens: int
    priced_on: str  # month of the price table, "2026-11"


def text_tokens(text: str) -> int:
    """A guess from the text's size; within about a third."""
    others = "" if text.isascii() else text  # most text: asked for with every key that is typed
    wide = sum(
        1 for character in others if "\u2e80" <= character <= "\ud7ff" or "\U00020000" <= character <= "\U0003ffff"
    )
    narrow = len(text.encode("utf-8", "replace")) - 3 * wide
    return math.ceil(round(max(narrow, 0) / BYTES_PER_TOKEN + wide * TOKENS_PER_WIDE, 3))


def estimate(
    model_id: str, pictures: Iterable[tuple[int, int]], texts: Iterable[str], max_tokens: int, system: str = ""
) -> Estimate:
    """Cost of one question: `pictures` as (width, height) in pixels, all `texts` of the turns, history included."""
    tokens = sum(patches(width, height) for width, height in pictures)
    tokens += sum(text_tokens(text) for text in texts) + math.ceil(SYSTEM_OVERHEAD * text_tokens(system))
    dated = model_table().dated
    facts = model_facts(model_id)
    if facts is None or not facts.prices:
        return Estimate(tr("price unknown"), None, tokens, dated)
    price = _price_for(facts, tokens)
    low = (tokens * price.input + min(SHORT_ANSWER, max_tokens) * price.output) / 1e6
    high = (tokens * price.input + max_tokens * price.output) / 1e6
    return Estimate(_words(low, high), low, tokens, dated)


def elsewhere_words(*, is_local: bool) -> str:
    """Instead of a price where the table does not hold: at every address but Anthropic's own."""
    return tr("free of charge") if is_local else tr("price not known")


def elsewhere(*, is_local: bool) -> str:
    """The same in a sentence: what a program on this computer does with a question cannot be seen from here."""
    if is_local:
        return tr("free of charge, unless that program passes it on to a paid service")
    return tr("price not known: ask whoever runs this address")


def _price_for(facts: ModelFacts, tokens: int) -> Price:
    return next((row for row in facts.prices if row.up_to is None or tokens <= row.up_to), facts.prices[-1])


def _cents(dollars: float) -> str:
    cents = dollars * 100
    return str(math.ceil(cents)) if cents >= 1 else "1"


def _words(low: float, high: float) -> str:
    if high < 0.01:
        return tr("less than 1 US cent")
    if high >= 1:
        return tr("about {low} to {high} US dollars", low=f"{low:.2f}", high=f"{high:.2f}")
    if _cents(low) == _cents(high):
        return tr("about {cents} US cents", cents=_cents(high))
    return tr("about {low} to {high} US cents", low=_cents(low), high=_cents(high))
