"""What may leave, byte for byte. Made only by `disclosure.prepare`; `consult` takes nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from viewer.answer.models import MAX_TOKENS
from viewer.answer.price import Estimate
from viewer.geometry.plane import Plane
from viewer.index.model import FrameRef
from viewer.picture.look import Region


class KeyStyle(StrEnum):
    """In which header the key goes."""

    BEARER = "bearer"  # Authorization: Bearer KEY
    X_API_KEY = "x-api-key"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets it. `provider` is a row's id ("anthropic", "address"); `base_url` has no /v1 and no user part."""

    provider: str
    name: str  # "Anthropic"
    base_url: str
    model: str
    model_name: str = ""
    key_style: KeyStyle = KeyStyle.BEARER
    api_version: str = "2026-10-21"
    is_local: bool = False  # the address is this computer
    image_tier: str = "standard"  # "standard" | "high"
    strict_fields: bool = True  # send fields that only the original service knows (thinking display, transformations)
    max_tokens: int = MAX_TOKENS
    wants_reasoning: bool = True  # ask for the summary of the reasoning; off for an address that refused the field

    @property
    def host(self) -> str:
        """Host (and port) as shown to the person."""
        return self.base_url.split("://", 1)[-1].split("/", 1)[0]


@dataclass(frozen=True, slots=True)
class DisclosedFrame:
    """One picture exactly as it leaves, and where it came from (the latter stays here).

    `to_slice`: nine numbers, row-major 3×3, picture pixel centre (x, y, 1) → slice (column, row, 1).
    """

    png: bytes
    sha256: str  # of `png`
    width: int
    height: int
    words: str  # the closed-vocabulary sentence about this picture that leaves with it
    series_id: str
    plane: Plane
    index: int
    group: int = 0
    region: Region | None = None
    frame: FrameRef | None = None
    to_slice: tuple[float, ...] = (1, 0, 0, 0, 1, 0, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier question of the same conversation: goes along again, the answer's blocks unchanged."""

    question: str
    frames: tuple[DisclosedFrame, ...]
    answer_blocks: str
    model: str = ""  # who answered: thinking is returned only to the model that made it; "" means the same one
    base_url: str = ""  # and only to the place it came from


@dataclass(frozen=True, slots=True)
class Disclosure:
    """All that leaves for one question: `body` is the request's exact bytes, `sha256` their hash."""

    recipient: Recipient
    frames: tuple[DisclosedFrame, ...]
    question: str
    system_words: str
    words: tuple[str, ...]  # every text in the body, in order, as shown to the person
    body: bytes
    sha256: str
    estimate: Estimate
    not_sent: str  # "Not sent: name, birth date, …, the other 71 pictures."
    warnings: tuple[str, ...] = ()
    past: tuple[PastTurn, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Consent:
    """A yes to exactly these bytes to exactly this address, given once."""

    sha256: str
    base_url: str
    given_at: str  # ISO 8601 with zone
