"""Rounds: pictures at the same places again, of which nothing but their order or their moment tells the volumes apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from viewer.index.model import Frame
from viewer.index.order import as_recorded, recorded
from viewer.index.repeated import PlaceOf, each_once
from viewer.index.varying import sortable
from viewer.problem import Severity

NEARLY_WHOLE = 0.75  # more of its places than that has a volume of which a few pictures are lost


def by_direction(part: Sequence[Frame], place: PlaceOf) -> list[list[Frame]]:
    """Volumes of one value: pictures of unlike directions of diffusion are never in one."""
    lots: dict[Hashable, list[Frame]] = {}
    for frame in as_recorded(part):
        lots.setdefault(frame.facts.direction, []).append(frame)
    return [frames for lot in lots.values() for frames in recorded_apart(lot, place) or rounds_of(lot, place)]


def rounds_of(part: Sequence[Frame], place: PlaceOf) -> list[list[Frame]]:
    """The first picture of each place, then the second of each … as recorded; of a picture that was copied twice, once
    in part, the whole one comes first."""
    rounds: list[list[Frame]] = []
    seen: dict[int, int] = {}
    for frame in _whole_copies_first(_in_time(part, place), place):
        turn = seen.get(place[id(frame)], 0)
        seen[place[id(frame)]] = turn + 1
        if turn == len(rounds):
            rounds.append([])
        rounds[turn].append(frame)
    return rounds


def _whole_copies_first(listed: Sequence[Frame], place: PlaceOf) -> list[Frame]:
    """Damaged pictures of which a whole copy is there, behind all others; one without a copy keeps its turn."""
    whole = {_picture(frame, place) for frame in listed if not _is_damaged(frame)}
    return sorted(listed, key=lambda frame: _is_damaged(frame) and _picture(frame, place) in whole)


def _picture(frame: Frame, place: PlaceOf) -> tuple[int, str, int]:
    return place[id(frame)], frame.ref.sop_uid, frame.ref.number


def _is_damaged(frame: Frame) -> bool:
    return any(found.severity is not Severity.NOTE for found in frame.header.problems)


_MOMENTS: tuple[Callable[[Frame], float | str | None], ...] = (
    lambda frame: frame.facts.temporal,
    lambda frame: frame.facts.trigger_time,
    lambda frame: frame.facts.reference_ms,
    lambda frame: frame.facts.acquisition_time or None,
)


def _in_time(part: Sequence[Frame], place: PlaceOf) -> list[Frame]:
    """As taken, where every picture tells its moment and no two of one place tell the same; else as recorded."""
    for moment in _MOMENTS:
        told = {(place[id(frame)], moment(frame)) for frame in part}
        if len(told) == len(part) and all(value is not None for _, value in told):
            return sorted(part, key=lambda frame: (sortable(moment(frame)), recorded(frame)))
    return as_recorded(part)


def recorded_apart(part: Sequence[Frame], place: PlaceOf) -> list[list[Frame]]:
    """Volumes of which pictures are lost, as the order of recording tells them apart: one volume after the other, or place
    after place. [] where nothing is lost, where much is, or where the order does not tell."""
    often = Counter(place[id(frame)] for frame in part)
    most = max(often.values())
    if len(part) == most * len(often):
        return []
    listed = as_recorded(part)
    ways = _passes(listed, place, 1), _passes(listed, place, -1), _by_number(listed, place, most)
    return next((lots for lots in ways if len(lots) == most and _nearly_whole(lots, place, len(often))), [])


def _nearly_whole(lots: Sequence[Sequence[Frame]], place: PlaceOf, places: int) -> bool:
    return all(len(lot) > NEARLY_WHOLE * places and each_once(lot, place) for lot in lots)


def _passes(listed: Sequence[Frame], place: PlaceOf, way: int) -> list[list[Frame]]:
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


def _by_number(listed: Sequence[Frame], place: PlaceOf, most: int) -> list[list[Frame]]:
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


def same_numbers(rounds: Sequence[Sequence[Frame]]) -> bool:
    """True where each round has the same numbers, each once: one volume stored several times, not several times of it."""
    numbers = [{(frame.ref.sop_uid, frame.ref.number) for frame in frames} for frames in rounds]
    return all(told == numbers[0] and len(told) == len(rounds[0]) for told in numbers)
