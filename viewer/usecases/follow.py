"""Follow: ids and slice numbers move while a disc is being read, and may differ on a copied disc. What the program
keeps by them (panes, looks, marks, sent pictures) finds its pictures again here, by numbers that do not move.

What cannot be found gets the id "": it stays in its list but never lies on another picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

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
from viewer.marks.mark import Mark
from viewer.usecases.looking import point_at
from viewer.volume.slice import Source

NOWHERE = ""
Spot = tuple[str, int, Plane, int]  # series id, group, plane, index
SourceOf = Callable[[str, int], Source | None]


def known_series(disc: DiscIndex) -> tuple[KnownSeries, ...]:
    """Which series each id means now."""
    return tuple(
        KnownSeries(series.id, series.uid, next((group.frames[0].ref for group in series.groups if group.frames), None))
        for study in disc.studies
        for series in study.series
    )


def new_ids(known: Iterable[KnownSeries], disc: DiscIndex) -> dict[str, str]:
    """Old id → id in `disc`, for the series that are there."""
    ids = {row.id: find_series(disc, row.uid, row.first) for row in known}
    return {old: series.id for old, series in ids.items() if series is not None}


def find_series(disc: DiscIndex, uid: str, frame: FrameRef | None) -> Series | None:
    """The series of this number that holds the picture; without the picture only where the number is on one series."""
    alike = [series for study in disc.studies for series in study.series if series.uid == uid]
    holding = next((series for series in alike if frame is not None and frame_place(series, frame) is not None), None)
    return holding or (alike[0] if len(alike) == 1 else None)


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
        self._ids = new_ids(known_series(before), after)

    def view(self, view: View) -> View:
        """The same pictures on screen."""
        panes = tuple(pane for pane in map(self._pane, view.panes) if pane.series_id)
        looks = tuple((self._ids[old], look) for old, look in view.looks if old in self._ids)
        active = view.active if len(panes) == len(view.panes) else 0
        return replace(view, panes=panes, active=active, looks=looks, region=self._region(view.region))

    def document(self, document: Document) -> Document:
        """The same marks on the same pictures; the same object where none moved."""
        marks = tuple(self._mark(mark) for mark in document.marks)
        return document if marks == document.marks else Document(marks)

    def conversations(self, talks: Conversations) -> Conversations:
        """What was sent points to the same pictures; the same object where nothing moved."""
        return with_sent(talks, self._sent)

    def _pane(self, pane: PaneView) -> PaneView:
        old = (pane.series_id, pane.group, pane.plane, pane.index)
        series_id, group, plane, index = self._moved(old, None)
        return replace(pane, series_id=series_id, group=group, plane=plane, index=index)

    def _region(self, region: ChosenRegion | None) -> ChosenRegion | None:
        if region is None:
            return None
        old = (region.series_id, region.group, region.plane, region.index)
        series_id, group, plane, index = self._moved(old, None)
        return ChosenRegion(series_id, group, plane, index, region.region) if plane is region.plane else None

    def _mark(self, mark: Mark) -> Mark:
        anchor = mark.anchor
        spot = (anchor.series_id, anchor.group, anchor.plane, anchor.index)
        series_id, group, _, index = self._moved(spot, anchor.frame)
        return replace(mark, anchor=replace(anchor, series_id=series_id, group=group, index=index))

    def _sent(self, sent: SentPicture) -> SentPicture:
        spot = (sent.series_id, sent.group, sent.plane, sent.index)
        series_id, group, _, index = self._moved(spot, sent.frame)
        return replace(sent, series_id=series_id, group=group, index=index)

    def _moved(self, spot: Spot, frame: FrameRef | None) -> Spot:
        """Where the same picture stands now."""
        series_id, group, plane, index = spot
        before = self._before.series(series_id)
        after = self._after.series(self._ids.get(series_id, NOWHERE))
        if before is None or after is None:
            return (NOWHERE, group, plane, index)
        if before.groups is after.groups:
            return (after.id, group, plane, index)
        if plane is Plane.NATIVE:
            shown = frame or frame_at(before, group, index)
            group, index = (frame_place(after, shown) if shown else None) or (group, index)
            return (after.id, group, plane, index)
        return self._moved_plane(spot, after)

    def _moved_plane(self, spot: Spot, after: Series) -> Spot:
        """By the place in the body; where the direction is gone, the nearest picture as it was made."""
        series_id, group, plane, index = spot
        old, new = self._old(series_id, group), self._new(after.id, group)
        affine = old.to_voxel(plane, index) if old is not None else None
        if affine is None or new is None:
            return (after.id, group, plane, index)
        shown = plane if plane in new.planes else Plane.NATIVE
        found = new.index_at(shown, np.asarray(point_at(affine, 0, 0)))
        return (after.id, group, shown, index if found is None else found)


def with_sent(talks: Conversations, change: Callable[[SentPicture], SentPicture]) -> Conversations:
    """The talks with each sent picture changed; the same object where none changed."""

    def turned(turn: Turn) -> Turn:
        return replace(turn, sent=tuple(change(sent) for sent in turn.sent))

    items = tuple(Conversation(talk.id, tuple(turned(turn) for turn in talk.turns)) for talk in talks.items)
    return talks if items == talks.items else Conversations(items)


# --- coming back to a disc, perhaps a copy, perhaps with another version of the program


class Finder:
    """Puts what was kept for a disc onto the series it has now. `known` says what the kept ids meant."""

    def __init__(self, known: tuple[KnownSeries, ...], disc: DiscIndex) -> None:
        self._disc = disc
        self._known = bool(known)
        self._ids = new_ids(known, disc)

    def view(self, view: View) -> View:
        """Panes and looks of series that are still there."""
        panes = tuple(replace(pane, series_id=self._id(pane.series_id)) for pane in view.panes)
        kept = tuple(pane for pane in panes if pane.series_id)
        looks = tuple((self._id(old), look) for old, look in view.looks if self._id(old))
        active = view.active if len(kept) == len(panes) else 0
        return replace(view, panes=kept, active=active, looks=looks, region=None, known=())

    def document(self, document: Document) -> Document:
        """Marks on the pictures they were drawn on."""
        return Document(tuple(self._mark(mark) for mark in document.marks))

    def conversations(self, talks: Conversations) -> Conversations:
        """What was sent, on the pictures it was made of."""
        return with_sent(talks, self._sent)

    def _mark(self, mark: Mark) -> Mark:
        anchor = mark.anchor
        spot = (anchor.series_id, anchor.group, anchor.plane, anchor.index)
        series_id, group, _, index = self._found(spot, anchor.series_uid, anchor.frame)
        return replace(mark, anchor=replace(anchor, series_id=series_id, group=group, index=index))

    def _sent(self, sent: SentPicture) -> SentPicture:
        spot = (sent.series_id, sent.group, sent.plane, sent.index)
        if not sent.series_uid and sent.frame is None:
            return replace(sent, series_id=self._id(sent.series_id))
        series_id, group, _, index = self._found(spot, sent.series_uid, sent.frame)
        return replace(sent, series_id=series_id, group=group, index=index)

    def _id(self, old: str) -> str:
        """The id now; files from before ids were explained are taken at their word."""
        if self._known:
            return self._ids.get(old, NOWHERE)
        return old if self._disc.series(old) is not None else NOWHERE

    def _found(self, spot: Spot, uid: str, frame: FrameRef | None) -> Spot:
        series_id, group, plane, index = spot
        same = self._disc.series(self._id(series_id))
        if frame is None and same is not None and same.uid == uid:
            return (same.id, group, plane, index)
        series = find_series(self._disc, uid, frame)
        if series is None:
            return (NOWHERE, group, plane, index)
        place = frame_place(series, frame) if frame is not None else None
        if frame is not None and place is None:
            return (NOWHERE, group, plane, index)
        if plane is Plane.NATIVE and place is not None:
            group, index = place
        return (series.id, group, plane, index)
