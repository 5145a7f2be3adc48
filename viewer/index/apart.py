"""Pictures of one direction that are still not one body: other thickness, another run of the scanner, another region.

Each function takes parallel pictures and gives them in one or several lots; nothing is ever left out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.affine import normal_of, orthonormal
from viewer.geometry.spacing import SAME_PLACE_MM, middle_of, slice_stack
from viewer.index.model import Frame
from viewer.index.mosaic import tile_size
from viewer.index.order import column, places_of, share, stack_along_normal

if TYPE_CHECKING:
    from numpy.typing import NDArray

_THICKNESS, _COPY = column("facts", "thickness_mm"), column("ref", "copy")
_RUN, _SYSTEM = column("header", "acquisition_number"), column("header", "frame_of_reference")
FEWEST_MOMENTS, MOST_WATCHES = 3, 2  # pictures at one place that are a watch; watches of one scan
SAME_THICKNESS = 0.02  # part of it by which it may be off
HOLE_SHARE = 0.5  # a hole of more than this share of the whole parts two regions
STATION_SHARE, FEWEST_OF_STATION = 0.4, 2  # of a picture's height or width, by which it lies beside the next
OFF_STEP_MM = 0.05  # places may be off their even steps by so much
RUN_STEPS = 5.0  # … or, between two runs of the scanner, of more than so many steps


def by_copy(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Apart by folder where each of several folders holds the very same numbers on other pictures: after careless
    anonymising these are different examinations, often different people, and never one body. Folders of a single
    picture each are none where the pictures lie in a row."""
    if not any(_COPY(frames)):
        return [list(frames)]
    found = _by(frames, _folders(frames))
    numbers = [{(frame.ref.sop_uid, frame.number) for frame in lot} for lot in found]
    same = all(told == numbers[0] and len(told) == len(lot) for told, lot in zip(numbers, found, strict=True))
    return found if same and not (len(found) == len(frames) and _in_a_row(frames)) else [list(frames)]


def _in_a_row(frames: Sequence[Frame]) -> bool:
    """True for three or more pictures that lie behind one another in even steps, some of them perhaps lost: slices of one
    body, as pictures of different people never lie."""
    stack = stack_along_normal(frames)
    if stack is None or len(frames) < 3 or stack.sway_mm > OFF_STEP_MM:
        return False
    return _step(_along(frames, frames[0])) is not None


def by_system(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Apart where one series tells several coordinate systems, each with places of its own: their millimetres say nothing of
    one another (PS3.3 C.7.4.1). The same places again are times of one body, a system for a picture or two is careless
    anonymising, and one that is left out says nothing."""
    if len({*_SYSTEM(frames)} - {""}) < 2 or places_of(frames) is None:
        return [list(frames)]
    found = _by(frames, _SYSTEM(frames))
    if min(map(len, found)) <= FEWEST_OF_STATION:
        return [list(frames)]
    pairs = combinations([_along(lot, frames[0]) for lot in found], 2)
    return found if any(_has_own(one, other) and _has_own(other, one) for one, other in pairs) else [list(frames)]


def by_station(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Apart where the table was moved on: a spine, legs or a whole body taken in parts that lie above or beside one another
    in the plane of their pictures. Slices of a tilted scanner drift as far, but little by little."""
    places = places_of(frames)
    directions = orthonormal(frames[0].facts.orientation)
    if len(frames) < 2 * FEWEST_OF_STATION or places is None or directions is None:
        return [list(frames)]
    number = np.zeros(len(frames), np.int64)
    for direction, wide in zip(directions, _sides_mm(frames[0]), strict=True):
        along = places @ np.array(direction)
        if float(np.ptp(along)) > STATION_SHARE * wide:
            ranked = np.sort(along)
            after = np.flatnonzero(np.diff(ranked) > STATION_SHARE * wide)
            number = number * (len(after) + 1) + np.searchsorted((ranked[after] + ranked[after + 1]) / 2, along)
    found = _by(frames, number.tolist())
    return found if sum(len(lot) >= FEWEST_OF_STATION for lot in found) > 1 else [list(frames)]


def _sides_mm(frame: Frame) -> tuple[float, float]:
    """(width, height) of a picture that has a place."""
    rows, columns = tile_size(frame.header)
    between_rows, between_columns = frame.facts.spacing or (1.0, 1.0)
    return columns * between_columns, rows * between_rows


def by_thickness(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Apart by thickness where thick and thin pictures cover the same stretch: two reconstructions of one scan.
    Where one begins beyond the other the scan merely went on in other steps, and where all lie in one whole row it is
    one body, whatever its pictures say of their thickness."""
    if share(_THICKNESS(frames)):
        return [list(frames)]
    found = _by(frames, _thicknesses(frames))
    if len(found) < 2 or places_of(frames) is None or _in_one_row(_along(frames, frames[0])):
        return [list(frames)]
    reaches = [_reach(_along(lot, frames[0])) for lot in found]
    return found if any(_overlap(one, other) for one, other in combinations(reaches, 2)) else [list(frames)]


def _thicknesses(frames: Sequence[Frame]) -> list[float | None]:
    """The thickness of each; one that is a little off another, as some scanners work it out anew for each picture, is the
    same, and so is one that is left out where the others agree."""
    meant: dict[float | None, float] = {}
    before = 0.0
    for told in sorted({told for told in _THICKNESS(frames) if told is not None}):
        meant[told] = meant[before] if before and told - before <= SAME_THICKNESS * told else told
        before = told
    if len(set(meant.values())) == 1:
        meant[None] = next(iter(meant.values()))
    return [meant.get(told) for told in _THICKNESS(frames)]


def _in_one_row(along: NDArray[np.float64]) -> bool:
    """True where places, each once, lie in even steps and none is lost."""
    step = _step(along)
    return step is not None and float(np.diff(along).max()) < 1.5 * step


def by_watch(frames: Sequence[Frame]) -> list[list[Frame]]:
    """A body apart from what the scanner took again and again at one of its places, to see the contrast agent come: told by
    its thickness or its acquisition number. Such pictures are moments, not slices."""
    if (share(_THICKNESS(frames)) and share(_RUN(frames))) or places_of(frames) is None:
        return [list(frames)]
    for told in (map(_rounded, _THICKNESS(frames)), _RUN(frames)):
        found = _by(frames, told)
        watched = [lot for lot in found if len(lot) >= FEWEST_MOMENTS and _width(lot) <= SAME_PLACE_MM]
        rest = [frame for lot in found if not any(lot is one for one in watched) for frame in lot]
        if 0 < len(watched) <= MOST_WATCHES and rest and _width(rest) > SAME_PLACE_MM:
            return [rest, *watched]
    return [list(frames)]


def _width(frames: Sequence[Frame]) -> float:
    low, high = _reach(_along(frames, frames[0]))
    return high - low


def by_run(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Apart where two runs of the scanner cover part of the same stretch at places of their own: told by their acquisition
    number; two series that were given one number, by what else they are called; two examinations, by their folders.

    Runs over the same places are times of one volume, runs between one another's places are one volume scanned in
    turns: those stay together, also where pictures are lost.
    """
    lots = [list(frames)]
    for run in _RUNS:
        lots = [part for lot in lots for part in _by_run(lot, run)]
    return lots


def _by_run(frames: list[Frame], run: Callable[[Sequence[Frame]], Iterable[Hashable]]) -> list[list[Frame]]:
    told = list(run(frames))
    if share(told):
        return [frames]
    if places_of(frames) is None:
        return [frames]
    found = _by(frames, told)
    runs = [_along(lot, frames[0]) for lot in found]
    steps = [_step(run) for run in runs]
    known = [step for step in steps if step is not None]
    if len(known) < len(runs):
        return [frames]
    if not _walks_on(runs, known) and _in_turns(np.sort(np.concatenate(runs)), known):
        return [frames]
    return found if any(_crosses(one, other) for one, other in combinations(runs, 2)) else [frames]


def _folders(frames: Sequence[Frame]) -> list[str]:
    return [frame.header.path.rpartition("/")[0] for frame in frames]


_RUNS: tuple[Callable[[Sequence[Frame]], Iterable[Hashable]], ...] = (
    column("header", "acquisition_number"), column("header", "series_number", "series_description"), _folders,
)  # fmt: skip


def by_hole(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Apart where a hole is so wide that no body should be drawn across it; order within a lot as given."""
    places, normal = places_of(frames), normal_of(frames[0].facts.orientation)
    if len(frames) < 3 or places is None or normal is None:
        return [list(frames)]
    along = places @ normal
    cuts = _holes(frames, along)
    if not cuts:
        return [list(frames)]
    lots: list[list[Frame]] = [[] for _ in range(len(cuts) + 1)]
    for frame, number in zip(frames, np.searchsorted(np.array(cuts), along), strict=True):
        lots[int(number)].append(frame)
    return lots


def _holes(frames: Sequence[Frame], along: NDArray[np.float64]) -> list[float]:
    """Places along the normal in the middle of each such hole."""
    order = np.argsort(along, kind="stable")
    ranked = along[order]
    steps = np.diff(ranked)
    real = steps[steps > SAME_PLACE_MM]
    if len(real) < 2:
        return []
    extent, usual = float(ranked[-1] - ranked[0]), middle_of(real)
    wide = np.flatnonzero(steps > max(RUN_STEPS * usual, SAME_PLACE_MM))
    return [
        float(ranked[at] + steps[at] / 2)
        for at in wide
        if steps[at] > HOLE_SHARE * extent or _other_run(frames, order, int(at) + 1)
    ]


def _other_run(frames: Sequence[Frame], order: NDArray[np.intp], at: int) -> bool:
    """True where no run of the scanner (acquisition number) reaches over the hole before picture `at` of `order`."""
    below = {frames[number].header.acquisition_number for number in order[:at]}
    above = {frames[number].header.acquisition_number for number in order[at:]}
    return None not in below | above and below.isdisjoint(above)


def _by(frames: Sequence[Frame], told: Iterable[Hashable]) -> list[list[Frame]]:
    """Apart by what is told of each."""
    found: dict[Hashable, list[Frame]] = {}
    for frame, name in zip(frames, told, strict=True):
        found.setdefault(name, []).append(frame)
    return list(found.values())


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _along(frames: Sequence[Frame], first: Frame) -> NDArray[np.float64]:
    """(n,) mm along the normal of `first`, in rising order."""
    places, normal = places_of(frames), normal_of(first.facts.orientation)
    assert places is not None
    assert normal is not None
    return np.sort(places @ normal)


def _reach(along: NDArray[np.float64]) -> tuple[float, float]:
    return float(along[0]), float(along[-1])


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1]) - SAME_PLACE_MM


def _step(along: NDArray[np.float64]) -> float | None:
    """mm between places, each once, that lie in even steps but for those that are lost; None where they do not."""
    steps = np.diff(along)
    if len(along) < 2 or float(steps.min()) <= SAME_PLACE_MM:
        return None
    stack = slice_stack(np.outer(along, (0.0, 0.0, 1.0)), np.array((0.0, 0.0, 1.0)))
    if stack.uniform or stack.step_mm is None:
        return stack.step_mm
    counts = np.rint(steps / stack.step_mm)
    return stack.step_mm if bool(np.all(np.abs(steps - counts * stack.step_mm) <= OFF_STEP_MM)) else None


def _in_turns(whole: NDArray[np.float64], steps: Sequence[float]) -> bool:
    """True where runs of these steps are together one row of places: a whole one, or, with places lost, one as wide as a
    run's or as many times closer as there are runs."""
    step = _step(whole)
    if step is None:
        return False
    is_whole = float(np.diff(whole).max()) < 1.5 * step
    return is_whole or any(abs(step * times - own) <= OFF_STEP_MM for own in steps for times in (1, len(steps)))


def _walks_on(runs: Sequence[NDArray[np.float64]], steps: Sequence[float]) -> bool:
    """True where runs of equally many places, none of them lost, begin further apart than one of their steps, as those of
    one volume scanned in turns never do: a few pictures taken again and again as the table moves on."""
    spans = [float(run[-1] - run[0]) / (len(run) - 1) for run in runs]
    whole = all(abs(span - step) <= OFF_STEP_MM for span, step in zip(spans, steps, strict=True))
    alike = len({len(run) for run in runs}) == 1
    begins = [float(run[0]) for run in runs]
    return whole and alike and max(begins) - min(begins) > max(steps) - OFF_STEP_MM


def _crosses(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """True where two runs overlap and each has places that the other has not."""
    return _overlap(_reach(one), _reach(other)) and _has_own(one, other) and _has_own(other, one)


def _has_own(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    at = np.clip(np.searchsorted(other, one), 1, len(other) - 1)
    nearest = np.minimum(np.abs(other[at] - one), np.abs(other[at - 1] - one))
    return bool(np.any(nearest > SAME_PLACE_MM))
