"""The dated built-in table of models (`resources/models.json`): name, picture tier, thinking, prices.

The service's own list says which models exist; it gives no price and no picture tier, so those come from here, and an
unknown model has none: "price unknown", standard tier.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache

from viewer.text.resources import resource

DEFAULT_MODEL = "claude-opus-5-5"
MAX_TOKENS = 16_000  # the longest answer that is asked for, thinking included


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens, for prompts of at most `up_to` tokens (None: any length)."""

    up_to: int | None
    input: float
    output: float


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One row. `tier` is "standard" or "high" (largest picture), `thinking` is "adaptive" or "enabled" (what it accepts).

    `retires` is the day from which the service no longer answers for it; `prices` rise with `up_to`, empty: unknown.
    """

    id: str
    name: str
    takes_pictures: bool
    tier: str
    thinking: str
    retires: date | None
    prices: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class ModelTable:
    """All rows and the month they were read."""

    dated: str
    rows: tuple[ModelFacts, ...]


@cache
def model_table() -> ModelTable:
    """The table as shipped."""
    raw = json.loads(resource("models.json").read_text("utf-8"))
    return ModelTable(raw["dated"], tuple(_facts(row) for row in raw["models"]))


def _facts(row: dict[str, object]) -> ModelFacts:
    fields = dict(row)
    prices = fields.pop("prices")
    retires = fields.pop("retires")
    assert isinstance(prices, list)
    return ModelFacts(
        **fields,  # type: ignore[arg-type]  # the shipped file, walked whole by a test
        retires=date.fromisoformat(str(retires)) if retires else None,
        prices=tuple(Price(**price) for price in prices),
    )


def model_facts(model_id: str) -> ModelFacts | None:
    """The row of `model_id`, also when it carries a date (`claude-x-20261101`); None if unknown."""
    for row in model_table().rows:
        tail = model_id.removeprefix(row.id)
        if tail != model_id and (not tail or (tail[0] == "-" and tail[1:].isdigit() and len(tail) == 9)):
            return row
    return None


def image_tier(model_id: str) -> str:
    """The picture tier: "high", or "standard" (also for an unknown model)."""
    row = model_facts(model_id)
    return row.tier if row else "standard"


def offered(today: date | None = None) -> tuple[ModelFacts, ...]:
    """Rows that take pictures and are not retired, best first."""
    day = today or date.today()
    return tuple(row for row in model_table().rows if row.takes_pictures and (row.retires is None or row.retires > day))
