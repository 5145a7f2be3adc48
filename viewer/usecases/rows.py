"""Small frozen rows that the faces show: recent discs, models, settings, report of a connection."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecentDisc:
    """A row of "Opened before"."""

    key: str
    path: str
    name: str  # "Lower back, MRI"
    words: str  # "12 March 2024 · 72 pictures · 3 marks · 1 question"
    when: str  # ISO 8601
    is_there: bool
    is_copied: bool = False  # not there, but a copy of it is on this computer


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model to choose from: what the service lists, or the dated built-in table."""

    id: str
    name: str
    takes_pictures: bool | None  # None: the service does not say
    price_words: str
    from_service: bool


@dataclass(frozen=True, slots=True)
class AskSettings:
    """How asking is set up. `key_words` says in a sentence whether there is a key."""

    provider: str
    base_url: str
    model: str
    key_words: str
    key_style: str = "bearer"


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What *Test connection* found, in plain words. ok False: `words` says what to do."""

    ok: bool
    words: str
    models: tuple[ModelChoice, ...] = ()
