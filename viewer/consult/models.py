"""Which models can be asked: what the service lists, read tolerantly, or the dated built-in table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viewer.answer.models import model_facts, model_table, offered
from viewer.text.plain import one_line

MAX_MODELS = 500


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model. `takes_pictures` None: the service does not say. `lifecycle`: active, deprecated, retired or ""."""

    id: str
    name: str
    takes_pictures: bool | None = None
    lifecycle: str = ""
    retires: str = ""  # ISO date, "" unknown

    @property
    def can_be_asked(self) -> bool:
        """Whether it may be offered for a question with a picture."""
        return self.takes_pictures is not False and self.lifecycle != "retired"


@dataclass(frozen=True, slots=True)
class ModelList:
    """Rows that can be asked, in the service's order. `from_service` False: the table of `dated` ("2026-11")."""

    rows: tuple[ModelRow, ...]
    from_service: bool
    dated: str = ""


def built_in() -> ModelList:
    """The table shipped with the program."""
    rows = tuple(
        ModelRow(row.id, row.name, True, "active", row.retires.isoformat() if row.retires else "") for row in offered()
    )
    return ModelList(rows, from_service=False, dated=model_table().dated)


def listed(entries: Sequence[object]) -> ModelList:
    """The rows of a service's list (`data` of `GET /v1/models`); whatever is not a model is passed over."""
    rows = (_row(entry) for entry in entries[:MAX_MODELS] if isinstance(entry, Mapping))
    known = {row.id: row for row in rows if row is not None}
    return ModelList(tuple(row for row in known.values() if row.can_be_asked), from_service=True)


def _row(entry: Mapping[str, object]) -> ModelRow | None:
    model_id = entry.get("id")
    if not isinstance(model_id, str) or not model_id or one_line(model_id) != model_id:
        return None
    facts = model_facts(model_id)
    name = entry.get("display_name")
    return ModelRow(
        id=model_id,
        name=one_line(name, 80) if isinstance(name, str) and name.strip() else (facts.name if facts else model_id),
        takes_pictures=_takes_pictures(entry, facts.takes_pictures if facts else None),
        lifecycle=_text(entry.get("lifecycle")),
        retires=_text(entry.get("retires_at"))[:10],
    )


def _takes_pictures(entry: Mapping[str, object], otherwise: bool | None) -> bool | None:
    capabilities = entry.get("capabilities")
    image = capabilities.get("image_input") if isinstance(capabilities, Mapping) else None
    supported = image.get("supported") if isinstance(image, Mapping) else image
    return supported if isinstance(supported, bool) else otherwise


def _text(value: object) -> str:
    return one_line(value, 40) if isinstance(value, str) else ""
