"""Sets put together or taken apart by hand: what a person did, and the index as it stands after it.

The pictures stay what they were read as; only which of them form a set changes, so the count of pictures never does.
Sets made by hand get their kind, order, geometry and problems by the same code as sets that were read. Their ids follow
from the ids they were made of: "s1+s2" together, "s1-1" and "s1-2" apart, "(s1+s2)-1" one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from viewer.index.bodies import groups_together
from viewer.index.listing import start_here, with_helpers
from viewer.index.model import DiscIndex, FrameGroup, FrameRef, Series, Study
from viewer.index.order import natural
from viewer.index.sets import set_of
from viewer.problem import problem
from viewer.text.translate import tr

_OF_FILES = frozenset(
    {"same_number", "packed_again", "part_missing"}
)  # problems that come from files, not from how they lie


class How(StrEnum):
    """What is done with sets."""

    TOGETHER = "together"
    BEFORE = "before"  # apart before a picture
    GROUPS = "groups"  # apart by time, echo or value
    SINGLE = "single"  # each picture by itself


@dataclass(frozen=True, slots=True)
class SetMeant:
    """A set as it stood when something was done with it: its id, its first picture, and how many it held."""

    id: str
    first: FrameRef
    frames: int

    @classmethod
    def of(cls, series: Series) -> SetMeant:
        """A set that holds pictures."""
        return cls(series.id, series.groups[0].frames[0].ref, len(series.frames))

    def find(self, index: DiscIndex) -> Series | None:
        """This set in an index: by its id, else by its pictures."""
        named = index.series(self.id)
        every = (named, *index.every_series)
        return next((one for one in every if one is not None and one.groups and self._is(one)), None)

    def _is(self, series: Series) -> bool:
        return series.groups[0].frames[0].ref == self.first and len(series.frames) == self.frames


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done. `at`: for `BEFORE` the number of the picture (from 0) that begins the second part."""

    how: How
    sets: tuple[SetMeant, ...]
    at: int = 0


def arranged(read: DiscIndex, deeds: Iterable[Deed]) -> DiscIndex:
    """The index as it was read with everything done to it that can be done, in this order. What no longer fits its
    pictures is left out, and a problem says so; nothing else about the index changes."""
    index, lost = read, 0
    for deed in deeds:
        done = _done(index, deed)
        lost += done is None
        index = done or index
    if lost:
        index = replace(index, problems=(*index.problems, problem("sets_not_found")))
    return index


def put_back(read: DiscIndex, deeds: Sequence[Deed], series_id: str) -> tuple[Deed, ...]:
    """The deeds without all that this set, and the sets it shares pictures with, were made by."""
    index, origins = read, list[tuple[Deed, frozenset[str]]]()
    for deed in deeds:
        sets = [meant.find(index) for meant in deed.sets]
        origins.append((deed, frozenset(name for one in sets if one for name in one.made_of or (one.id,))))
        index = _done(index, deed) or index
    shown = index.series(series_id)
    wanted = frozenset(shown.made_of if shown is not None else ())
    while touched := [names for _, names in origins if names & wanted and not names <= wanted]:
        wanted = wanted.union(*touched)
    return tuple(deed for deed, names in origins if not names & wanted)


def _done(index: DiscIndex, deed: Deed) -> DiscIndex | None:
    """The index after a deed; None where it cannot be done."""
    found = [meant.find(index) for meant in deed.sets]
    sets = sorted((one for one in found if one is not None), key=lambda one: natural(one.id))
    if not sets or len({one.id for one in sets}) < len(deed.sets):
        return None
    study = index.study_of(sets[0].id)
    if study is None or any(index.study_of(one.id) is not study for one in sets):
        return None
    made = _MAKERS[deed.how](sets, deed.at)
    return None if made is None else _with(index, study, sets, made)


def _with(index: DiscIndex, study: Study, gone: Sequence[Series], made: Sequence[Series]) -> DiscIndex:
    left = [one for one in study.series if one not in gone]
    listed = tuple(sorted(with_helpers([*left, *made]), key=start_here))
    changed = replace(study, series=listed)
    return replace(index, studies=tuple(changed if one is study else one for one in index.studies))


def _together(sets: Sequence[Series], at: int) -> list[Series] | None:
    if len(sets) < 2:
        return None
    made = _made("+".join(_inside(one.id) for one in sets), sets, groups_together(sets))
    return [replace(made, name=tr("{name}, put together", name=made.name))]


def _before(sets: Sequence[Series], at: int) -> list[Series] | None:
    groups = sets[0].groups
    if at <= 0 or at >= len(groups[0].frames):
        return None
    parts = (
        tuple(FrameGroup(group.label, group.frames[:at]) for group in groups),
        tuple(FrameGroup(group.label, group.frames[at:]) for group in groups if len(group.frames) > at),
    )
    return _parts(sets[0], parts, lambda number: tr("{name}, part {n}", name=sets[0].name, n=number))


def _by_group(sets: Sequence[Series], at: int) -> list[Series] | None:
    groups = sets[0].groups
    if len(groups) < 2:
        return None

    def name(number: int) -> str:
        label = groups[number - 1].label or tr("part {n}", n=number)
        return tr("{name}, {part}", name=sets[0].name, part=label)

    return _parts(sets[0], [(FrameGroup("", group.frames),) for group in groups], name)


def _by_picture(sets: Sequence[Series], at: int) -> list[Series] | None:
    frames = sets[0].frames
    if len(frames) < 2:
        return None
    parts = [(FrameGroup("", (frame,)),) for frame in frames]
    return _parts(sets[0], parts, lambda number: tr("{name}, picture {n}", name=sets[0].name, n=number))


def _parts(whole: Series, parts: Sequence[tuple[FrameGroup, ...]], name: Callable[[int], str]) -> list[Series]:
    made = [_made(f"{_inside(whole.id)}-{number}", (whole,), groups) for number, groups in enumerate(parts, 1)]
    return [replace(one, name=name(number)) for number, one in enumerate(made, 1)]


def _made(series_id: str, sets: Sequence[Series], groups: tuple[FrameGroup, ...]) -> Series:
    notes = dict.fromkeys(note for one in sets for note in one.problems if note.code in _OF_FILES)
    origins = dict.fromkeys(name for one in sets for name in one.made_of or (one.id,))
    return replace(set_of(groups, tuple(notes)), id=series_id, made_of=tuple(origins))


def _inside(series_id: str) -> str:
    return f"({series_id})" if "+" in series_id else series_id


_MAKERS: dict[How, Callable[[Sequence[Series], int], list[Series] | None]] = {
    How.TOGETHER: _together,
    How.BEFORE: _before,
    How.GROUPS: _by_group,
    How.SINGLE: _by_picture,
}
