"""Follow: ids and slice numbers move while a disc is being read, and may differ on a copied disc. What the program
keeps by them (panes, looks, marks, sent pictures) finds its pictures again here, by numbers that do not move.

What cannot be found gets the id "": it stays in its list but never lies on another picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from viewer.document.model import (
    ChosenRegion,
    Conversation,
    Conversations,
    Document,
    KnownSeries,
    PaneView,
    SentPicture,
    Turn,
    View,
)
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, FrameRef, Series
from viewer.index.spot import Spot, spot_of
from viewer.marks.mark import Mark
from viewer.picture.look import Look
from viewer.usecases.looking import Point, own_plane, point_at
from viewer.usecases.marking import on_source
from viewer.volume.slice import Source

NOWHERE = ""
_TOLD_AS_SHARED = frozenset({"same_number", "packed_again"})
SourceOf = Callable[[str, int], Source | None]


def known_series(disc: DiscIndex) -> tuple[KnownSeries, ...]:
    """Which series each id means now."""
    return tuple(
        KnownSeries(
            series.id,
            series.uid,
            next((group.frames[0].ref for group in series.groups if group.frames), None),
            sum(len(group.frames) for group in series.groups),
        )
        for series in disc.every_series
    )


def new_ids(known: Iterable[KnownSeries], disc: DiscIndex) -> dict[str, str]:
    """Old id → id in `disc`, for the series that are there."""
    every = _by_number(disc)
    ids = {row.id: _found(every, row.uid, row.first) for row in known}
    return {old: series.id for old, series in ids.items() if series is not None}


def find_series(disc: DiscIndex, uid: str, frame: FrameRef | None) -> Series | None:
    """The series that holds the picture, of this number or (put together by hand) of another; without the picture the
    one of this number, where there is only one."""
    return _found(_by_number(disc), uid, frame)


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of a disc by their number, and those that were put together by hand."""

    alike: dict[str, list[Series]]
    made: tuple[Series, ...]


def _by_number(disc: DiscIndex) -> _Series:
    alike: dict[str, list[Series]] = {}
    for series in disc.every_series:
        alike.setdefault(series.uid, []).append(series)
    return _Series(alike, tuple(series for series in disc.every_series if series.made_of))


def _found(every: _Series, uid: str, frame: FrameRef | None) -> Series | None:
    alike = every.alike.get(uid, [])
    for series in (*alike, *every.made):
        if frame is not None and frame_place(series, frame) is not None:
            return series
    return alike[0] if len(alike) == 1 else None


def frame_place(series: Series, frame: FrameRef) -> tuple[int, int] | None:
    """(group, index) of a picture in its series."""
    for number, group in enumerate(series.groups):
        for index, one in enumerate(group.frames):
            if one.ref == frame:
                return number, index
    return None


def frame_at(series: Series, group: int, index: int) -> FrameRef | None:
    """The picture at a place of a series."""
    if 0 <= group < len(series.groups) and 0 <= index < len(series.groups[group].frames):
        return series.groups[group].frames[index].ref
    return None


class Follower:
    """One step from an index to a fuller one. `old` and `new` give sources where there are any (for geometry)."""

    def __init__(self, before: DiscIndex, after: DiscIndex, old: SourceOf, new: SourceOf) -> None:
        self._before, self._after, self._old, self._new = before, after, old, new
        self._recounted = recounted(before, after)
        known = (replace(row, first=self._now(row.first)) for row in known_series(before))
        self._ids = new_ids(known, after)

    def view(self, view: View) -> View:
        """The same pictures on screen."""
        panes = tuple(pane for pane in map(self._pane, view.panes) if pane.series_id)
        looks = self._looks(view)
        active = view.active if len(panes) == len(view.panes) else 0
        return replace(view, panes=panes, active=active, looks=looks, region=self._region(view.region))

    def document(self, document: Document) -> Document:
        """The same marks on the same pictures; the same object where none moved."""
        marks = tuple(self._mark(mark) for mark in document.marks)
        return document if marks == document.marks else replace(document, marks=marks)

    def conversations(self, talks: Conversations) -> Conversations:
        """What was sent points to the same pictures; the same object where nothing moved."""
        return with_sent(talks, self._sent)

    def _now(self, frame: FrameRef | None) -> FrameRef | None:
        """The key that the picture of this key has now."""
        return self._recounted.get(frame, frame) if frame is not None else None

    def _pane(self, pane: PaneView) -> PaneView:
        old = spot_of(pane)
        series_id, group, plane, index = self._moved(old, None)
        return replace(pane, series_id=series_id, group=group, plane=plane, index=index)

    def _region(self, region: ChosenRegion | None) -> ChosenRegion | None:
        if region is None:
            return None
        old = spot_of(region)
        series_id, group, plane, index = self._moved(old, None)
        return ChosenRegion(series_id, group, plane, index, region.region) if plane is region.plane else None

    def _mark(self, mark: Mark) -> Mark:
        anchor = mark.anchor
        spot = spot_of(anchor)
        series_id, group, _, index = self._moved(spot, anchor.frame, middle_of(mark.points_lps))
        series = self._after.series(series_id)
        uid = series.uid if series is not None else anchor.series_uid
        frame = self._now(anchor.frame)
        place = replace(anchor, series_id=series_id, series_uid=uid, group=group, index=index, frame=frame)
        moved = mark if place == anchor else replace(mark, anchor=place)
        if not mark.points_lps or self._is_as_it_was(anchor.series_id, series):
            return moved
        return self._laid_anew(moved)

    def _is_as_it_was(self, old: str, series: Series | None) -> bool:
        before = self._before.series(old)
        return series is None or (before is not None and before.groups is series.groups)

    def _laid_anew(self, mark: Mark) -> Mark:
        """Rows and columns of a plane begin elsewhere where the body has become longer or shorter. A picture in the set's
        own direction is shown as it was made where that direction is not on offer any more."""
        anchor = mark.anchor
        series, new = self._after.series(anchor.series_id), self._new(anchor.series_id, anchor.group)
        if series is None or new is None or anchor.plane is Plane.NATIVE:
            return mark
        if anchor.plane not in new.planes and anchor.plane is own_plane(series):
            index = new.index_at(Plane.NATIVE, np.asarray(middle_of(mark.points_lps)))
            if index is not None:
                frame = frame_at(series, anchor.group, index)
                mark = replace(mark, anchor=replace(anchor, plane=Plane.NATIVE, index=index, frame=frame))
        return on_source(mark, new)

    def _sent(self, sent: SentPicture) -> SentPicture:
        spot = spot_of(sent)
        series_id, group, _, index = self._moved(spot, sent.frame)
        return replace(sent, series_id=series_id, group=group, index=index, frame=self._now(sent.frame))

    def _moved(self, spot: Spot, frame: FrameRef | None, near: Point | None = None) -> Spot:
        """Where the same picture stands now. near: LPS mm of what matters on it, else its corner."""
        series_id, group, plane, index = spot
        before = self._before.series(series_id)
        after = self._after.series(self._ids.get(series_id, NOWHERE))
        if before is None or after is None:
            return Spot(NOWHERE, group, plane, index)
        if before.groups is after.groups:
            return Spot(after.id, group, plane, index)
        point = near or self._corner(spot)
        there = frame_at(before, group, index) if plane is Plane.NATIVE else self._nearest(spot, point)
        shown = self._now(frame or there)
        if shown is not None and frame_place(after, shown) is None:
            after = self._holding(shown) or after
        place = frame_place(after, shown) if shown is not None else None
        if plane is Plane.NATIVE:
            return Spot(after.id, *(place[:1] if place else (group,)), plane, place[1] if place else index)
        return self._moved_plane(spot, after, place or (group, 0), point)

    def _holding(self, frame: FrameRef) -> Series | None:
        return next((series for series in self._after.every_series if frame_place(series, frame) is not None), None)

    def _corner(self, spot: Spot) -> Point | None:
        series_id, group, plane, index = spot
        old = self._old(series_id, group)
        if old is None:
            return None
        affine = old.to_voxel(plane if plane in old.planes else Plane.NATIVE, index)
        return None if affine is None else point_at(affine, 0, 0)

    def _nearest(self, spot: Spot, point: Point | None) -> FrameRef | None:
        """The picture as it was made that lies nearest to a point."""
        before, old = self._before.series(spot.series_id), self._old(spot.series_id, spot.group)
        index = old.index_at(Plane.NATIVE, np.asarray(point)) if old is not None and point is not None else None
        return None if before is None or index is None else frame_at(before, spot.group, index)

    def _moved_plane(self, spot: Spot, after: Series, place: tuple[int, int], point: Point | None) -> Spot:
        """By the place in the body; where the direction is gone, the nearest picture as it was made: by its number
        (`place`) where the set has no room of its own any more."""
        _, _, plane, index = spot
        group, nearest = place
        new = self._new(after.id, group)
        if point is None or new is None:
            return Spot(after.id, group, plane, index)
        shown = plane if plane in new.planes else Plane.NATIVE
        found = new.index_at(shown, np.asarray(point))
        if found is None:  # the set has no room of its own any more
            found = nearest if shown is not plane else min(index, new.count(shown) - 1)
        return Spot(after.id, group, shown, found)

    def _looks(self, view: View) -> tuple[tuple[str, Look], ...]:
        """Looks by their new ids. A set made by hand looks as the one did that its first picture was in."""
        looks = {self._ids[old]: look for old, look in view.looks if old in self._ids}
        if view.looks and self._before.complete:
            before, gone = dict(view.looks), self._gone()
            for series in self._made():
                first = series.groups[0].frames[0].ref
                origin = next((one for one in gone if frame_place(one, first)), None)
                if origin is not None and origin.id in before:
                    looks.setdefault(series.id, before[origin.id])
        return tuple(looks.items())

    def _made(self) -> Iterator[Series]:
        """Sets with pictures that were not there before."""
        known = {series.id for series in self._before.every_series}
        return (series for series in self._after.every_series if series.groups and series.id not in known)

    def _gone(self) -> tuple[Series, ...]:
        """Sets of before that are not there any more, as those put together or taken apart by hand."""
        there = {series.id for series in self._after.every_series}
        return tuple(series for series in self._before.every_series if series.id not in there)


def recounted(before: DiscIndex, after: DiscIndex) -> dict[FrameRef, FrameRef]:
    """Old key → new key of pictures whose number is on several files: which copy each is, is counted anew as more of them
    come in. Known again by their files."""
    shared = on_several_files(before) | on_several_files(after)
    if not shared:
        return {}
    now = {(frame.header.path, frame.number): frame.ref for frame in after.every_frame if frame.ref.sop_uid in shared}
    old = [frame for frame in before.every_frame if frame.ref.sop_uid in shared]
    return {frame.ref: now.get((frame.header.path, frame.number), frame.ref) for frame in old}


def on_several_files(disc: DiscIndex) -> set[str]:
    """Numbers (SOP Instance UID) of more than one file. Looked for in sets that say so: a disc may have many pictures."""
    told = (series for series in disc.every_series if any(note.code in _TOLD_AS_SHARED for note in series.problems))
    return {frame.ref.sop_uid for series in told for frame in series.frames if frame.ref.copy}


def middle_of(points: Sequence[Point]) -> Point | None:
    """The mean of points (LPS mm), None of none."""
    if not points:
        return None
    x, y, z = np.mean(points, axis=0)
    return float(x), float(y), float(z)


def with_sent(talks: Conversations, change: Callable[[SentPicture], SentPicture]) -> Conversations:
    """The talks with each sent picture changed; the same object where none changed."""

    def turned(turn: Turn) -> Turn:
        return replace(turn, sent=tuple(change(sent) for sent in turn.sent))

    items = tuple(Conversation(talk.id, tuple(turned(turn) for turn in talk.turns)) for talk in talks.items)
    return talks if items == talks.items else Conversations(items)
