"""What modality values mean beside their own unit: the uptake value of PET, real-world values (PS3.3 C.7.6.16.2.11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor, inf, isclose, isfinite

from viewer.index.model import Frame
from viewer.problem import Problem
from viewer.volume.suv import SuvFactor, suv_factor

_PET = "PT"
_SAME = 1e-4  # numbers in files are rounded
_NO_UNIT = frozenset({"", "1"})  # UCUM for a plain number


@dataclass(frozen=True, slots=True)
class ValueScale:
    """other value = modality value * factor + offset, in `unit`, for modality values from `low` to `high`; where there are
    `entries` that is the number of the one that is the other value."""

    unit: str
    factor: float
    offset: float = 0.0
    low: float = -inf
    high: float = inf
    entries: tuple[float, ...] = ()

    def of(self, value: float) -> float | None:
        """The other value of a modality value; None outside the range that is told."""
        if not self.low <= value <= self.high:
            return None
        other = value * self.factor + self.offset
        if not self.entries:
            return other
        number = floor(other + 0.5)
        return self.entries[number] if 0 <= number < len(self.entries) else None


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
        if one.unit in _NO_UNIT or one.unit == unit or (one.entries and not isfinite(one.first)):
            continue
        slope, intercept = (1.0, -one.first) if one.entries else (one.slope, one.intercept)
        factor = slope / facts.slope
        low, high = sorted(end * facts.slope + facts.intercept for end in (one.first, one.last))
        scales.append(ValueScale(one.unit, factor, intercept - factor * facts.intercept, low, high, one.entries))
    return tuple(scales)


def scales_across(frames: Sequence[Frame], unit: str, uptake: SuvFactor | Problem | None) -> tuple[ValueScale, ...]:
    """The meanings that hold for all frames alike, and so for a cut through them: in the widest range of any. The slopes of
    the frames may differ, if only their real-world values follow them."""
    told = {(id(frame.facts.real_world), frame.facts.slope, frame.facts.intercept): frame for frame in frames}
    first, *others = (scales_of(frame, unit, uptake) for frame in told.values())
    return tuple(found for one in first if (found := _in_all(one, others)) is not None)


def _in_all(one: ValueScale, others: Sequence[tuple[ValueScale, ...]]) -> ValueScale | None:
    for scales in others:
        same = next((other for other in scales if _is_alike(one, other)), None)
        if same is None:
            return None
        one = replace(one, low=min(one.low, same.low), high=max(one.high, same.high))
    return one


def _is_alike(one: ValueScale, other: ValueScale) -> bool:
    near = isclose(one.factor, other.factor, rel_tol=_SAME) and isclose(
        one.offset, other.offset, rel_tol=_SAME, abs_tol=_SAME * abs(one.factor)
    )
    return one.unit == other.unit and one.entries == other.entries and near
