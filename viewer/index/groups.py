"""Several volumes in one series: the same places again for another time, echo, b-value …

Each candidate attribute is tried in turn; it is taken when it sorts the pictures into groups that each hold every
place once. What does not fit is kept as a further group, never dropped.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from viewer.index.kind import LEFT_OVER
from viewer.index.model import Frame, FrameGroup
from viewer.index.order import as_recorded, column, in_order, recorded, share, stack_along_normal
from viewer.index.shifted import places_again
from viewer.index.split import common_direction, image_type
from viewer.index.weighting import flip_of, inversion_of
from viewer.text.translate import tr

_WEIGHTING = column("facts", "b_value", "echo")
NEARLY_WHOLE = 0.75  # more of its places than that has a volume of which a few pictures are lost
LOST_VALUES = 1.5  # so many times more echoes, b-values or numbered times than pictures at any one place may be
NEAR_WEIGHT, NEAR_WEIGHT_SHARE = 20.0, 0.1  # s/mm², and part of it, by which b-values that are one may be apart


@dataclass(frozen=True, slots=True)
class Attribute:
    """What may vary between the volumes of a series. `label` has {value}, {n} (from 1) and {count}."""

    name: str
    value: Callable[[Frame], Hashable]
    label: str
    splits: bool = False  # a reason of its own to keep pictures apart
    counts: bool = False  # a number that the scanner gave out: no picture has a value of its own by chance
    has_order: bool = True  # of its values one comes before the other; else volumes stay as recorded


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


ATTRIBUTES = (
    Attribute("temporal", lambda f: f.facts.temporal, "Time {n} of {count}", counts=True),
    Attribute("b_value", _weight, "b {value:g}", splits=True),
    Attribute("direction", lambda f: f.facts.direction, "Direction {n} of {count}", has_order=False),
    Attribute("phase", lambda f: _rounded(f.facts.phase_percent), "{value:g} % of the heartbeat"),
    Attribute("trigger", lambda f: _rounded(f.facts.trigger_time), "Moment {n} of {count}"),
    Attribute("echo", lambda f: _rounded(f.facts.echo), "Echo {n} ({value:g} ms)", splits=True),
    Attribute("echo_number", lambda f: f.facts.echo_number, "Echo {n}", splits=True),
    Attribute("inversion", lambda f: _rounded(inversion_of(f)), "Inversion {value:g} ms", splits=True),
    Attribute("flip", lambda f: _rounded(flip_of(f)), "Flip angle {value:g}°", splits=True),
    Attribute("voltage", lambda f: _rounded(f.header.kvp), "{value:g} kV", splits=True),
    Attribute("description", lambda f: f.header.series_description or None, "{value}", splits=True),
    Attribute("type", lambda f: "/".join(image_type(f)[3:]) or None, "{value}"),
    Attribute("sequence", lambda f: f.header.sequence_name or None, "Scan {n} of {count}"),
    Attribute("unit", lambda f: f.facts.rescale_type.strip().upper() or None, "Values {n} of {count}"),
    Attribute("reference", lambda f: _rounded(f.facts.reference_ms), "Time {n} of {count}"),
    Attribute("acquisition", lambda f: f.header.acquisition_number, "Pass {n} of {count}", splits=True),
    Attribute("acquisition_time", lambda f: f.facts.acquisition_time or None, "Time {n} of {count}"),
    Attribute("object", _object, "Part {n} of {count}"),
)


def _near_weight(part: Sequence[Frame], place: dict[int, int]) -> tuple[Attribute, ...]:
    """The b-value where scanners write down not the one that was asked for but the one that came about, which is another
    one in nearly every picture: those near one another are one."""
    told = sorted({frame.facts.b_value for frame in part if frame.facts.b_value is not None})
    if len(told) <= LOST_VALUES * max(Counter(place.values()).values()):
        return ()
    meant: dict[float | None, float] = {}
    lot: list[float] = []
    for weight, after in pairwise((*told, math.inf)):
        lot.append(weight)
        if after - weight > max(NEAR_WEIGHT, NEAR_WEIGHT_SHARE * weight):
            meant |= dict.fromkeys(lot, _roundest(lot[0], lot[-1]))
            lot = []
    return (Attribute("near_b_value", lambda f: meant.get(f.facts.b_value), "b {value:g}", splits=True),)


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


Sets = tuple[tuple[FrameGroup, ...], ...]  # series, each with its groups


def group_parts(part: Sequence[Frame]) -> Sets:
    """One part of a series (in recorded order) as one or more series, each a tuple of groups in order.

    One group where every place occurs once; several where a single attribute explains the repetition; several series
    where two attributes vary at once.
    """
    return _told_apart(part, _rounds_of)


def _told_apart(part: Sequence[Frame], else_: Callable[[Sequence[Frame], dict[int, int]], Sets]) -> Sets:
    """`group_parts`; `else_` makes the groups where no attribute explains why places occur again."""
    stack = stack_along_normal(part)
    if stack is not None and not common_direction(part):
        return _turning(part)
    if stack is None or stack.places == 1:
        return (_alone(part),)
    again = places_again(stack)
    if again is None and stack.places == len(part):
        return _split_by_value(part) or ((FrameGroup("", tuple(map(part.__getitem__, stack.order))),),)
    numbers = stack.place_of if again is None else tuple(int(again[place]) for place in stack.place_of)
    place = dict(zip((id(part[number]) for number in stack.order), numbers, strict=True))
    return _resolve(part, place, max(numbers) + 1) or else_(part, place)


def _rounds_of(part: Sequence[Frame], place: dict[int, int]) -> Sets:
    return (_by_occurrence(part, place),)


def _nothing(part: Sequence[Frame], place: dict[int, int]) -> Sets:
    return ()


def _turning(part: Sequence[Frame]) -> tuple[tuple[FrameGroup, ...], ...]:
    """Pictures that turn from one to the next have no order along a normal: they stay as recorded. A place is the
    position together with the direction."""
    numbers: dict[Hashable, int] = {}
    place = {
        id(frame): numbers.setdefault((frame.facts.position, frame.facts.orientation), len(numbers)) for frame in part
    }
    if len(numbers) == len(part):
        return ((FrameGroup("", tuple(as_recorded(part))),),)
    found = _resolve(part, place, len(numbers)) or _rounds_of(part, place)
    if not all(_even(groups) for groups in found):  # a full turn ends where it began
        return ((FrameGroup("", tuple(as_recorded(part))),),)
    return tuple(tuple(replace(one, frames=tuple(as_recorded(one.frames))) for one in groups) for groups in found)


def _alone(frames: Sequence[Frame]) -> tuple[FrameGroup, ...]:
    """Pictures without places, or all at one place: in time, else as recorded."""
    if frames[0].facts.temporal is None and frames[0].facts.trigger_time is None:
        return (FrameGroup("", in_order(frames)),)

    def moment(frame: Frame) -> tuple[object, ...]:
        return (frame.facts.temporal or 0, frame.facts.trigger_time or 0.0, recorded(frame))

    return (FrameGroup("", tuple(sorted(frames, key=moment))),)


def _by_value(frames: Sequence[Frame], attribute: Attribute) -> dict[Hashable, list[Frame]]:
    found: dict[Hashable, list[Frame]] = {}
    for frame in frames:
        found.setdefault(attribute.value(frame), []).append(frame)
    return found


def _sorted_values(values: Sequence[Hashable]) -> list[Hashable]:
    return sorted(values, key=_sortable)


def _in_sequence(found: dict[Hashable, list[Frame]], attribute: Attribute) -> list[Hashable]:
    return _sorted_values(list(found)) if attribute.has_order else list(found)


def _sortable(value: Hashable) -> tuple[bool, object]:
    return (value is None, value if value is not None else 0)


def _label(attribute: Attribute, value: Hashable, number: int, count: int) -> str:
    if value is None:
        return tr("Others")
    return tr(attribute.label, value=value, n=number, count=count)


def _groups(found: dict[Hashable, list[Frame]], attribute: Attribute) -> tuple[FrameGroup, ...]:
    values = _in_sequence(found, attribute)
    return tuple(
        FrameGroup(_label(attribute, value, number, len(values)), in_order(found[value]))
        for number, value in enumerate(values, 1)
    )


def _resolve(part: Sequence[Frame], place: dict[int, int], places: int) -> Sets:
    """By the attributes that explain why places occur again; () where none do."""
    attributes = (*ATTRIBUTES, *_dimensions(part), *_near_weight(part, place))
    sorted_out = [(attribute, _by_value(part, attribute)) for attribute in attributes]
    varying = [(attribute, found) for attribute, found in sorted_out if len(found) > 1]
    for attribute, found in varying:
        if all(_complete(frames, place, places) for frames in found.values()):
            return (_by_weighting(found, attribute) or _groups(found, attribute),)
    for attribute, found in varying:
        if attribute.splits and len(found) <= len(part) / places:
            inner = [group_parts(frames) for frames in found.values()]
            if all(len(groups) == 1 and len(groups[0]) > 1 and _even(groups[0]) for groups in inner):
                return tuple(groups[0] for groups in inner)
    for attribute, found in varying:
        if attribute.splits and all(_times(frames, place, places) for frames in found.values()):
            return (_nested(found, attribute, place),)
    for attribute, found in varying:
        whole = sum(_complete(frames, place, places) for frames in found.values())
        enough = whole * 2 >= len(found) or _explains(attribute, len(found), place)
        if enough and all(_single(frames, place) for frames in found.values()):
            return (_by_weighting(found, attribute) or _groups(found, attribute),)
    return _by_two(varying, part, place)


def _by_two(
    varying: Sequence[tuple[Attribute, dict[Hashable, list[Frame]]]], part: Sequence[Frame], place: dict[int, int]
) -> Sets:
    """Two attributes at once where pictures are lost, so that no volume need be whole: what has one value of the first is
    told apart by the second, or both together hold every place but once. () where nothing does."""
    most = max(Counter(place.values()).values())
    for attribute, found in varying:
        if attribute.splits and 2 * len(found) <= most and None not in found:
            inner = [_told_apart(frames, _nothing) for frames in found.values()]
            if all(inner):
                return tuple(groups for sets in inner for groups in sets)
    few = [attribute for attribute, found in varying if len(found) <= most]
    for one, other in combinations(few, 2):
        both: dict[Hashable, list[Frame]] = {}
        for frame in part:
            both.setdefault((one.value(frame), other.value(frame)), []).append(frame)
        if len(both) <= most and all(_single(frames, place) for frames in both.values()):
            return (_groups_of_both(both, one, other),)
    for attribute, found in varying:
        if attribute.name in _NEVER_MIXED and len(found) <= most and None not in found:
            return (_nested(found, attribute, place),)
    return ()


# pictures that differ in one of these are never one volume, whatever else is lost or not told
_NEVER_MIXED = frozenset({
    "b_value", "near_b_value", "echo", "echo_number", "inversion", "flip", "voltage", "description", "unit",
})  # fmt: skip


def _groups_of_both(both: dict[Hashable, list[Frame]], one: Attribute, other: Attribute) -> tuple[FrameGroup, ...]:
    values = [_sorted_values(list({pair[at] for pair in both})) for at in (0, 1)]  # type: ignore[index]
    groups = []
    for first in values[0]:
        for second in values[1]:
            if (first, second) in both:
                words = (
                    _label(attribute, value, known.index(value) + 1, len(known))
                    for attribute, value, known in ((one, first, values[0]), (other, second, values[1]))
                )
                groups.append(FrameGroup(", ".join(words), in_order(both[first, second])))
    return tuple(groups)


def _explains(attribute: Attribute, values: int, place: dict[int, int]) -> bool:
    """True where there are about as many values as pictures at the fullest place: of a disc copied in part, few volumes
    are whole, and still every picture belongs to its echo, b-value or time."""
    most = max(Counter(place.values()).values())
    return values <= (LOST_VALUES * most if attribute.splits or attribute.counts else most)


def _by_weighting(found: dict[Hashable, list[Frame]], attribute: Attribute) -> tuple[FrameGroup, ...]:
    """Whole volumes told apart by something else, named by their b-values where these vary among them; else ()."""
    weights = {value: {frame.facts.b_value for frame in frames} for value, frames in found.items()}
    each = {value: next(iter(told)) for value, told in weights.items() if len(told) == 1}
    known = [weight for weight in each.values() if weight is not None]
    if len(known) < len(found) or len(set(known)) < 2 or len(set(known)) == len(found):
        return ()
    ordered = sorted(_in_sequence(found, attribute), key=lambda value: each[value] or 0.0)
    counts, seen = Counter(known), Counter[float]()
    groups = []
    for value in ordered:
        weight = each[value] or 0.0
        seen[weight] += 1
        label = tr("b {value:g}", value=weight)
        if counts[weight] > 1:
            label = tr("{label}, {n} of {count}", label=label, n=seen[weight], count=counts[weight])
        groups.append(FrameGroup(label, in_order(found[value])))
    return tuple(groups)


def _even(groups: Sequence[FrameGroup]) -> bool:
    return len({len(group.frames) for group in groups}) == 1


def _single(frames: Sequence[Frame], place: dict[int, int]) -> bool:
    return len({place[id(frame)] for frame in frames}) == len(frames)


def _complete(frames: Sequence[Frame], place: dict[int, int], places: int) -> bool:
    return len(frames) == places and _single(frames, place)


def _times(frames: Sequence[Frame], place: dict[int, int], places: int) -> bool:
    """True when `frames` hold every place, each equally often."""
    often = Counter(place[id(frame)] for frame in frames)
    return len(often) == places and len(set(often.values())) == 1


def _nested(found: dict[Hashable, list[Frame]], attribute: Attribute, place: dict[int, int]) -> tuple[FrameGroup, ...]:
    """By value, and within a value (one b-value in several directions) by round."""
    groups = []
    for number, value in enumerate(_sorted_values(list(found)), 1):
        label = _label(attribute, value, number, len(found))
        rounds = _by_direction(found[value], place)
        for n, frames in enumerate(rounds, 1):
            told = label if len(rounds) == 1 else tr("{label}, {n} of {count}", label=label, n=n, count=len(rounds))
            groups.append(FrameGroup(told, in_order(frames)))
    return tuple(groups)


def _by_direction(part: Sequence[Frame], place: dict[int, int]) -> list[list[Frame]]:
    """Volumes of one value: pictures of unlike directions of diffusion are never in one."""
    lots: dict[Hashable, list[Frame]] = {}
    for frame in as_recorded(part):
        lots.setdefault(frame.facts.direction, []).append(frame)
    return [frames for lot in lots.values() for frames in _recorded_apart(lot, place) or _rounds(lot, place)]


def _rounds(part: Sequence[Frame], place: dict[int, int]) -> list[list[Frame]]:
    """The first picture of each place, then the second of each … as recorded."""
    rounds: list[list[Frame]] = []
    seen: dict[int, int] = {}
    for frame in _in_time(part, place):
        turn = seen.get(place[id(frame)], 0)
        seen[place[id(frame)]] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(frame)
    return rounds


_MOMENTS: tuple[Callable[[Frame], float | str | None], ...] = (
    lambda frame: frame.facts.temporal,
    lambda frame: frame.facts.trigger_time,
    lambda frame: frame.facts.reference_ms,
    lambda frame: frame.facts.acquisition_time or None,
)


def _in_time(part: Sequence[Frame], place: dict[int, int]) -> list[Frame]:
    """As taken, where every picture tells its moment and no two of one place tell the same; else as recorded."""
    for moment in _MOMENTS:
        told = {(place[id(frame)], moment(frame)) for frame in part}
        if len(told) == len(part) and all(value is not None for _, value in told):
            return sorted(part, key=lambda frame: (_sortable(moment(frame)), recorded(frame)))
    return as_recorded(part)


def _recorded_apart(part: Sequence[Frame], place: dict[int, int]) -> list[list[Frame]]:
    """Volumes of which pictures are lost, as the order of recording tells them apart: one volume after the other, or place
    after place. [] where nothing is lost, where much is, or where the order does not tell."""
    often = Counter(place[id(frame)] for frame in part)
    most = max(often.values())
    if len(part) == most * len(often):
        return []
    listed = as_recorded(part)
    ways = _passes(listed, place, 1), _passes(listed, place, -1), _by_number(listed, place, most)
    return next((lots for lots in ways if len(lots) == most and _nearly_whole(lots, place, len(often))), [])


def _nearly_whole(lots: Sequence[Sequence[Frame]], place: dict[int, int], places: int) -> bool:
    return all(len(lot) > NEARLY_WHOLE * places and _single(lot, place) for lot in lots)


def _passes(listed: Sequence[Frame], place: dict[int, int], way: int) -> list[list[Frame]]:
    """Apart where the places, which rise (`way` 1) or fall (-1), begin anew."""
    lots: list[list[Frame]] = []
    before = 0
    for frame in listed:
        now = way * place[id(frame)]
        if not lots or now <= before:
            lots.append([])
        lots[-1].append(frame)
        before = now
    return lots


def _by_number(listed: Sequence[Frame], place: dict[int, int], most: int) -> list[list[Frame]]:
    """Apart by how far each instance number lies behind the first of its place, where numbers go on by the same step from
    place to place; [] where they do not."""
    numbers = {id(frame): frame.header.instance_number for frame in listed}
    told = {key: number for key, number in numbers.items() if number is not None}
    firsts: dict[int, int] = {}
    for key, number in told.items():
        firsts[place[key]] = min(number, firsts.get(place[key], number))
    if len(set(told.values())) < len(listed) or len(firsts) < 2:
        return []
    step = Counter(firsts[at] - firsts[at - 1] for at in firsts if at - 1 in firsts).most_common(1)
    found: dict[int, list[Frame]] = {}
    for frame in listed:
        behind = told[id(frame)] - place[id(frame)] * (step[0][0] if step else 0)
        found.setdefault(behind, []).append(frame)
    return [found[behind] for behind in sorted(found)] if len(found) == most else []


def _by_occurrence(part: Sequence[Frame], place: dict[int, int]) -> tuple[FrameGroup, ...]:
    apart = _recorded_apart(part, place)
    rounds = apart or _rounds(part, place)
    whole = apart or [frames for frames in rounds if len(frames) == len(rounds[0])]
    label = "Copy {n} of {count}" if _same_numbers(whole) else "Round {n} of {count}"
    labels = [tr(label, n=n, count=len(whole)) for n in range(1, len(whole) + 1)]
    groups = [FrameGroup(label, in_order(frames)) for label, frames in zip(labels, whole, strict=True)]
    rest = [frame for frames in rounds[len(whole) :] for frame in frames]
    if not rest:
        return tuple(groups)
    first = [FrameGroup(tr("Every place once"), groups[0].frames)] if len(groups) == 1 else groups
    return (*first, FrameGroup(tr(LEFT_OVER), in_order(rest)))


def _same_numbers(rounds: Sequence[Sequence[Frame]]) -> bool:
    """True where each round has the same numbers, each once: one volume stored several times, not several times of it."""
    numbers = [{(frame.ref.sop_uid, frame.ref.number) for frame in frames} for frames in rounds]
    return all(told == numbers[0] and len(told) == len(rounds[0]) for told in numbers)


def _split_by_value(part: Sequence[Frame]) -> tuple[tuple[FrameGroup, ...], ...]:
    """Every place once: still apart where echo or b-value changes from one block of places to another, else ()."""
    if share(_WEIGHTING(part)):
        return ()
    for attribute in ATTRIBUTES:
        if attribute.name in ("b_value", "echo"):
            found = _by_value(part, attribute)
            if 1 < len(found) <= len(part) / 2 and None not in found:
                return tuple((FrameGroup("", in_order(frames)),) for frames in found.values())
    return ()
