"""The scale of stored values, by rule R-P4: slope and intercept both, neither, or a word about it (PS3.3 C.11.1)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from viewer.dicom.fields import Fields, decimals

SLOPE, INTERCEPT, TYPE = 0x00281053, 0x00281052, 0x00281054


class Rescale(NamedTuple):
    """value = stored * slope + intercept where `present`; `word` is the code of a Problem or ""."""

    slope: float = 1.0
    intercept: float = 0.0
    kind: str = ""
    present: bool = False
    word: str = ""


_NONE = Rescale()


def rescale(fields: Fields) -> Rescale:
    """The scale in a header or in a Pixel Value Transformation item (PS3.3 C.7.6.16.2.9)."""
    values = fields.values
    if SLOPE not in values and INTERCEPT not in values:
        return _NONE
    return scale_of(values.get(SLOPE), values.get(INTERCEPT), fields.text(TYPE))


@lru_cache(maxsize=4096)
def scale_of(slope: bytes | None, intercept: bytes | None, kind: str) -> Rescale:
    """The scale of these values; `kind` is what it is called."""
    slopes, intercepts = decimals(slope or b""), decimals(intercept or b"")
    if len(slopes) > 1 or len(intercepts) > 1 or None in slopes or None in intercepts:
        return Rescale(word="rescale_not_number")
    if not slopes and not intercepts:  # named, and left empty
        return _NONE
    if slopes and slopes[0] == 0:
        return Rescale(word="rescale_zero")
    word = "" if slopes and intercepts else "rescale_incomplete"
    return Rescale(_first(slopes, 1.0), _first(intercepts, 0.0), kind, True, word)


def _first(values: tuple[float | None, ...], default: float) -> float:
    return values[0] if values and values[0] is not None else default
