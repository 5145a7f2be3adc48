"""What modality values mean beside their own unit: the uptake value of PET, real-world values (PS3.3 C.7.6.16.2.11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from viewer.index.model import Frame
from viewer.problem import Problem
from viewer.volume.suv import SuvFactor, suv_factor

_PET = "PT"
_NO_UNIT = frozenset({"", "1"})  # UCUM for a plain number


@dataclass(frozen=True, slots=True)
class ValueScale:
    """other value = modality value * factor + offset, in `unit`, for modality values from `low` to `high`."""

    unit: str
    factor: float
    offset: float = 0.0
    low: float = -inf
    high: float = inf

    def of(self, value: float) -> float | None:
        """The other value of a modality value; None outside the range that is told."""
        return value * self.factor + self.offset if self.low <= value <= self.high else None


def uptake_of(frames: Sequence[Frame]) -> SuvFactor | Problem | None:
    """The uptake factor of a PET series or why there is none; None for all other series, raw counts of a file among
    them that no one calls PET."""
    header = frames[0].header
    return suv_factor(header, [frame.facts for frame in frames]) if header.modality == _PET else None


def scales_of(frame: Frame, unit: str, uptake: SuvFactor | Problem | None) -> tuple[ValueScale, ...]:
    """All other meanings of the values of a frame whose modality values are in `unit`."""
    scales = []
    if isinstance(uptake, SuvFactor) and not unit.startswith("SUV"):
        scales.append(ValueScale(uptake.name, uptake.factor))
    facts = frame.facts
    if frame.header.modality_lut is not None or facts.slope == 0:
        return tuple(scales)
    for one in facts.real_world:
        if one.entries or one.unit in _NO_UNIT or one.unit == unit:
            continue
        factor = one.slope / facts.slope
        ends = sorted(end * facts.slope + facts.intercept for end in (one.first, one.last))
        scales.append(ValueScale(one.unit, factor, one.intercept - factor * facts.intercept, ends[0], ends[1]))
    return tuple(scales)
