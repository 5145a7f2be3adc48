"""What may vary between the volumes of one series: time, b-value, echo … and which pictures say the same of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from viewer.index.model import Frame
from viewer.index.repeated import PlaceOf, fullest
from viewer.index.split import image_type
from viewer.index.weighting import flip_of, inversion_of

LOST_VALUES = 1.5  # so many times more echoes, b-values or numbered times than pictures at any one place may be
NEAR_WEIGHT, NEAR_WEIGHT_SHARE = 20.0, 0.1  # s/mm², and part of it, by which b-values that are one may be apart


ByValue = dict[Hashable, list[Frame]]  # the pictures of each value of an attribute


@dataclass(frozen=True, slots=True)
class Attribute:
    """What may vary between the volumes of a series. `label` has {value}, {n} (from 1) and {count}."""

    name: str
    value: Callable[[Frame], Hashable]
    label: str
    splits: bool = False  # a reason of its own to keep pictures apart
    counts: bool = False  # a number that the scanner gave out: no picture has a value of its own by chance
    mixes: bool = True  # pictures that differ in it may be one volume, where others are lost or something is not told
    has_order: bool = True  # of its values one comes before the other; else volumes stay as recorded
    alone: bool = True  # each value is a set of its own where something else varies, too


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _object(frame: Frame) -> Hashable:
    header = frame.header
    if header.concatenation:
        return (0, 0, header.concatenation[0])
    whole = header.frames > 1 or header.mosaic_tiles is not None
    return (1, header.instance_number or 0, header.path) if whole else None


def _weight(frame: Frame) -> float | None:
    """The b-value; scanners of Toshiba tell that of weighted pictures only."""
    weight = frame.facts.b_value
    if weight is None and frame.header.manufacturer.upper().startswith(("TOSHIBA", "CANON")):
        return 0.0
    return _rounded(weight)


def _meaning(frame: Frame) -> str | None:
    """What the values of a map stand for, as its maker calls it (PS3.3 C.7.6.16.2.11)."""
    first = next(iter(frame.facts.real_world), None)
    return (first.label or first.unit or None) if first is not None else None


ATTRIBUTES = (
    Attribute("temporal", lambda f: f.facts.temporal, "Time {n} of {count}", counts=True),
    Attribute("b_value", _weight, "b {value:g}", splits=True, mixes=False, alone=False),
    Attribute("direction", lambda f: f.facts.direction, "Direction {n} of {count}", has_order=False),
    Attribute("phase", lambda f: _rounded(f.facts.phase_percent), "{value:g} % of the heartbeat"),
    Attribute("trigger", lambda f: _rounded(f.facts.trigger_time), "Moment {n} of {count}"),
    Attribute("echo", lambda f: _rounded(f.facts.echo), "Echo {n} ({value:g} ms)", splits=True, mixes=False),
    Attribute("echo_number", lambda f: f.facts.echo_number, "Echo {n}", splits=True, mixes=False),
    Attribute("inversion", lambda f: _rounded(inversion_of(f)), "Inversion {value:g} ms", splits=True, mixes=False),
    Attribute("flip", lambda f: _rounded(flip_of(f)), "Flip angle {value:g}°", splits=True, mixes=False),
    Attribute("voltage", lambda f: _rounded(f.header.kvp), "{value:g} kV", splits=True, mixes=False),
    Attribute("energy", lambda f: _rounded(f.header.energy_kev), "{value:g} keV", splits=True, mixes=False),
    Attribute("description", lambda f: f.header.series_description or None, "{value}", splits=True, mixes=False),
    Attribute("type", lambda f: "/".join(image_type(f)[3:]) or None, "{value}"),
    Attribute("sequence", lambda f: f.header.sequence_name or None, "Scan {n} of {count}"),
    Attribute("unit", lambda f: f.facts.rescale_type.strip().upper() or None, "Values {n} of {count}", mixes=False),
    Attribute("meaning", _meaning, "{value}", mixes=False),
    Attribute("reference", lambda f: _rounded(f.facts.reference_ms), "Time {n} of {count}"),
    Attribute("acquisition", lambda f: f.header.acquisition_number, "Pass {n} of {count}", splits=True),
    Attribute("acquisition_time", lambda f: f.facts.acquisition_time or None, "Time {n} of {count}"),
    Attribute("object", _object, "Part {n} of {count}"),
)


def _near_weight(part: Sequence[Frame], place: PlaceOf) -> tuple[Attribute, ...]:
    """The b-value where scanners write down not the one that was asked for but the one that came about, which is another
    one in nearly every picture: those near one another are one."""
    told = sorted({frame.facts.b_value for frame in part if frame.facts.b_value is not None})
    if len(told) <= LOST_VALUES * fullest(place):
        return ()
    meant: dict[float | None, float] = {}
    lot: list[float] = []
    for weight, after in pairwise((*told, math.inf)):
        lot.append(weight)
        if after - weight > max(NEAR_WEIGHT, NEAR_WEIGHT_SHARE * weight):
            meant |= dict.fromkeys(lot, _roundest(lot[0], lot[-1]))
            lot = []
    return (Attribute("near_b_value", lambda f: meant.get(f.facts.b_value), "b {value:g}", splits=True, mixes=False),)


def _roundest(low: float, high: float) -> float:
    """The roundest number between the two: what somebody may have asked for."""
    for step in (1000, 500, 100, 50, 10, 5, 1):
        if (value := math.ceil(low / step) * step) <= high:
            return float(value)
    return low


def _dimension(at: int) -> Attribute:
    return Attribute(f"dimension {at}", lambda f: f.facts.dimension_index[at], "Round {n} of {count}")


def _dimensions(part: Sequence[Frame]) -> tuple[Attribute, ...]:
    """Where frames stand along the dimensions of their object, whatever these are (PS3.3 C.7.6.17)."""
    most = min(len(frame.facts.dimension_index) for frame in part) if part[0].facts.dimension_index else 0
    return tuple(map(_dimension, range(most)))


def varying_in(part: Sequence[Frame], place: PlaceOf) -> list[tuple[Attribute, ByValue]]:
    """What varies in a part of a series, in the order in which it is tried, with the pictures of each value."""
    attributes = (*ATTRIBUTES, *_dimensions(part), *_near_weight(part, place))
    return [(attribute, found) for attribute in attributes if len(found := by_value(part, attribute)) > 1]


def by_value(frames: Sequence[Frame], attribute: Attribute) -> ByValue:
    """The pictures of each value, values and pictures as they come."""
    found: dict[Hashable, list[Frame]] = {}
    for frame in frames:
        found.setdefault(attribute.value(frame), []).append(frame)
    return found


def sorted_values(values: Iterable[Hashable]) -> list[Hashable]:
    """In rising order, what is not told (None) last."""
    return sorted(values, key=sortable)


def in_sequence(found: ByValue, attribute: Attribute) -> list[Hashable]:
    """The values as volumes follow one another."""
    return sorted_values(found) if attribute.has_order else list(found)


def sortable(value: Hashable) -> tuple[bool, object]:
    """A sort key that puts None last."""
    return (value is None, value if value is not None else 0)


def explains(attribute: Attribute, values: int, place: PlaceOf) -> bool:
    """True where there are about as many values as pictures at the fullest place: of a disc copied in part, few volumes
    are whole, and still every picture belongs to its echo, b-value or time."""
    most = fullest(place)
    return values <= (LOST_VALUES * most if attribute.splits or attribute.counts else most)
