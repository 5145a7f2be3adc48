"""How large a picture a model takes as it is, and what it counts for one."""

from __future__ import annotations

import math
from dataclasses import dataclass

PATCH = 28  # pixels; a model counts a picture in squares of this side
SMALLEST_SENT_EDGE = 200
USUAL_FACTOR = 8


@dataclass(frozen=True, slots=True)
class Tier:
    """What a model takes without making it smaller: the longer edge in pixels, and squares in all."""

    edge: int
    patches: int


TIERS = {"standard": Tier(1568, 1568), "high": Tier(2576, 4784)}


def patches(width: int, height: int) -> int:
    """Squares a model counts for a picture that it does not make smaller, padded right and bottom; these are its tokens."""
    return math.ceil(width / PATCH) * math.ceil(height / PATCH)


def is_taken_as_it_is(width: int, height: int, tier: str) -> bool:
    """Whether a model of this tier takes a picture without making it smaller; an unknown tier means standard."""
    return _fits(width, height, _tier(tier))


def send_size(width: int, height: int, tier: str) -> tuple[int, int]:
    """The box to send a picture of natural size (width, height) in, so that the service never resizes it.

    Small pictures are enlarged by a whole number (256 → 1024, 320 → 960, 512 → 1024; crops until their edges reach
    200), large ones made smaller to the tier's caps ("standard" or "high"; unknown means standard).
    """
    caps, usual = _tier(tier), TIERS["standard"]
    needed = max(USUAL_FACTOR, math.ceil(SMALLEST_SENT_EDGE / max(1, min(width, height))))
    for factor in range(min(needed, usual.edge // max(width, height)), 1, -1):
        if _fits(width * factor, height * factor, usual):
            return (width * factor, height * factor)
    if _fits(width, height, caps):
        return (width, height)
    for longest in range(min(caps.edge, max(width, height)), 1, -1):
        scale = longest / max(width, height)
        smaller = (max(1, math.floor(width * scale + 1e-9)), max(1, math.floor(height * scale + 1e-9)))
        if _fits(*smaller, caps):
            return smaller
    return (1, 1)


def _tier(name: str) -> Tier:
    return TIERS.get(name, TIERS["standard"])


def _fits(width: int, height: int, tier: Tier) -> bool:
    return max(width, height) <= tier.edge and patches(width, height) <= tier.patches
