"""Several volumes in one series: the same places again for another time, echo, b-value …

Each candidate attribute is tried in turn; it is taken when it sorts the pictures into groups that each hold every
place once. What does not fit is kept as a further group, never dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from itertools import combinations

from viewer.index.kind import LEFT_OVER
from viewer.index.model import Frame, FrameGroup
from viewer.index.order import as_recorded, column, in_order, recorded, share, stack_along_normal
from viewer.index.repeated import PlaceOf, each_once, equally_often, fullest, is_whole
from viewer.index.rounds import by_direction, recorded_apart, rounds_of, same_numbers
from viewer.index.shifted import places_again
from viewer.index.split import common_direction
from viewer.index.varying import (
    ATTRIBUTES,
    Attribute,
    ByValue,
    by_value,
    explains,
    in_sequence,
    sorted_values,
    varying_in,
)
from viewer.text.translate import tr

_WEIGHTING = column("facts", "b_value", "echo")


Sets = tuple[tuple[FrameGroup, ...], ...]  # series, each with its groups


def group_parts(part: Sequence[Frame]) -> Sets:
    """One part of a series (in recorded order) as one or more series, each a tuple of groups in order.

    One group where every place occurs once; several where a single attribute explains the repetition; several series
    where two attributes vary at once.
    """
    return _told_apart(part, _rounds_of)


def _told_apart(part: Sequence[Frame], else_: Callable[[Sequence[Frame], PlaceOf], Sets]) -> Sets:
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


def _rounds_of(part: Sequence[Frame], place: PlaceOf) -> Sets:
    return (_by_occurrence(part, place),)


def _nothing(part: Sequence[Frame], place: PlaceOf) -> Sets:
    return ()


def _turning(part: Sequence[Frame]) -> Sets:
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


def _label(attribute: Attribute, value: Hashable, number: int, count: int) -> str:
    if value is None:
        return tr("Others")
    return tr(attribute.label, value=value, n=number, count=count)


def _groups(found: ByValue, attribute: Attribute) -> tuple[FrameGroup, ...]:
    values = in_sequence(found, attribute)
    return tuple(
        FrameGroup(_label(attribute, value, number, len(values)), in_order(found[value]))
        for number, value in enumerate(values, 1)
    )


def _resolve(part: Sequence[Frame], place: PlaceOf, places: int) -> Sets:
    """By the attributes that explain why places occur again; () where none do."""
    varying = varying_in(part, place)
    for attribute, found in varying:
        if all(is_whole(frames, place, places) for frames in found.values()):
            return (_by_weighting(found, attribute) or _groups(found, attribute),)
    for attribute, found in varying:
        if attribute.splits and attribute.alone and len(found) <= len(part) / places:
            inner = [group_parts(frames) for frames in found.values()]
            if all(len(groups) == 1 and len(groups[0]) > 1 and _even(groups[0]) for groups in inner):
                return _labelled(found, attribute, inner)
    for attribute, found in varying:
        if attribute.splits and all(equally_often(frames, place, places) for frames in found.values()):
            return (_nested(found, attribute, place),)
    for attribute, found in varying:
        whole = sum(is_whole(frames, place, places) for frames in found.values())
        enough = whole * 2 >= len(found) or explains(attribute, len(found), place)
        if enough and all(each_once(frames, place) for frames in found.values()):
            return (_by_weighting(found, attribute) or _groups(found, attribute),)
    return _by_two(varying, part, place)


def _by_two(varying: Sequence[tuple[Attribute, ByValue]], part: Sequence[Frame], place: PlaceOf) -> Sets:
    """Two attributes at once where pictures are lost, so that no volume need be whole: what has one value of the first is
    told apart by the second, or both together hold every place but once. () where nothing does."""
    most = fullest(place)
    for attribute, found in varying:
        if attribute.splits and 2 * len(found) <= most and None not in found:
            inner = [_told_apart(frames, _nothing) for frames in found.values()]
            if all(inner):
                return _labelled(found, attribute, inner)
    few = [attribute for attribute, found in varying if len(found) <= most]
    for one, other in combinations(few, 2):
        both: ByValue = {}
        for frame in part:
            both.setdefault((one.value(frame), other.value(frame)), []).append(frame)
        if len(both) <= most and all(each_once(frames, place) for frames in both.values()):
            return (_groups_of_both(both, one, other),)
    for attribute, found in varying:
        if not attribute.mixes and len(found) <= most and None not in found:
            return (_nested(found, attribute, place),)
    return ()


def _labelled(found: ByValue, attribute: Attribute, inner: Sequence[Sets]) -> Sets:
    """The sets of each value, with the value in the label of what there is to choose from: "Echo 2 (80 ms), Time 1 of 3"."""
    values = in_sequence(found, attribute)
    told = []
    for value, sets in zip(found, inner, strict=True):
        label = _label(attribute, value, values.index(value) + 1, len(values))
        told += [
            tuple(replace(one, label=f"{label}, {one.label}" if one.label else "") for one in groups) for groups in sets
        ]
    return tuple(told)


def _groups_of_both(both: ByValue, one: Attribute, other: Attribute) -> tuple[FrameGroup, ...]:
    values = [sorted_values({pair[at] for pair in both}) for at in (0, 1)]  # type: ignore[index]
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


def _by_weighting(found: ByValue, attribute: Attribute) -> tuple[FrameGroup, ...]:
    """Whole volumes told apart by something else, named by their b-values where these vary among them; else ()."""
    weights = {value: {frame.facts.b_value for frame in frames} for value, frames in found.items()}
    each = {value: next(iter(told)) for value, told in weights.items() if len(told) == 1}
    known = [weight for weight in each.values() if weight is not None]
    if len(known) < len(found) or len(set(known)) < 2:
        return ()
    ordered = sorted(in_sequence(found, attribute), key=lambda value: each[value] or 0.0)
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


def _nested(found: ByValue, attribute: Attribute, place: PlaceOf) -> tuple[FrameGroup, ...]:
    """By value, and within a value (one b-value in several directions) by round."""
    groups = []
    for number, value in enumerate(sorted_values(found), 1):
        label = _label(attribute, value, number, len(found))
        rounds = by_direction(found[value], place)
        for n, frames in enumerate(rounds, 1):
            told = label if len(rounds) == 1 else tr("{label}, {n} of {count}", label=label, n=n, count=len(rounds))
            groups.append(FrameGroup(told, in_order(frames)))
    return tuple(groups)


def _by_occurrence(part: Sequence[Frame], place: PlaceOf) -> tuple[FrameGroup, ...]:
    apart = recorded_apart(part, place)
    rounds = apart or rounds_of(part, place)
    whole = apart or [frames for frames in rounds if len(frames) == len(rounds[0])]
    label = "Copy {n} of {count}" if same_numbers(whole) else "Round {n} of {count}"
    labels = [tr(label, n=n, count=len(whole)) for n in range(1, len(whole) + 1)]
    groups = [FrameGroup(label, in_order(frames)) for label, frames in zip(labels, whole, strict=True)]
    rest = [frame for frames in rounds[len(whole) :] for frame in frames]
    if not rest:
        return tuple(groups)
    first = [FrameGroup(tr("Every place once"), groups[0].frames)] if len(groups) == 1 else groups
    return (*first, FrameGroup(tr(LEFT_OVER), in_order(rest)))


def _split_by_value(part: Sequence[Frame]) -> Sets:
    """Every place once: still apart where echo or b-value changes from one block of places to another, else ()."""
    if share(_WEIGHTING(part)):
        return ()
    for attribute in ATTRIBUTES:
        if attribute.name in ("b_value", "echo"):
            found = by_value(part, attribute)
            if 1 < len(found) <= len(part) / 2 and None not in found:
                return tuple((FrameGroup("", in_order(frames)),) for frames in found.values())
    return ()
