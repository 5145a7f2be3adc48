"""Coming back to a disc: perhaps a copy, perhaps with more pictures than before, perhaps with another version of the program.
What was kept finds its pictures again by their numbers, and where a set has grown by its place in the body.

What cannot be found gets the id "": it stays in its list but never lies on another picture.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.document.model import ChosenRegion, Conversations, Document, KnownSeries, PaneView, SentPicture, View
from viewer.geometry.plane import Affine, Plane
from viewer.geometry.spacing import SAME_PLACE_MM
from viewer.index.model import DiscIndex, FrameRef, Series
from viewer.index.spot import Spot, spot_of
from viewer.marks.mark import Anchor, Mark
from viewer.usecases.follow import (
    NOWHERE,
    SourceOf,
    find_series,
    frame_at,
    frame_place,
    middle_of,
    new_ids,
    on_several_files,
    with_sent,
)
from viewer.usecases.looking import Point, own_plane, point_at
from viewer.usecases.marking import on_source
from viewer.volume.slice import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

HALF = 0.51  # of the way to the next slice: a point farther from every slice lies outside them


class Finder:
    """Puts what was kept for a disc onto the series it has now. `known` says what the kept ids meant; `source` gives
    the geometry of a series, where it has one."""

    def __init__(self, known: tuple[KnownSeries, ...], disc: DiscIndex, source: SourceOf) -> None:
        self._disc, self._source = disc, source
        self._known = bool(known)
        self._ids = new_ids(known, disc)
        held = {row.id: row.frames for row in known if row.frames}
        counts = {series.id: len(series.frames) for series in disc.every_series}
        self._on_several = on_several_files(disc)
        self._others = {old for old, new in self._ids.items() if held.get(old, counts[new]) != counts[new]}

    def view(self, view: View) -> View:
        """Panes and looks of series that are still there."""
        panes = tuple(self._pane(pane, view.crosshair) for pane in view.panes)
        kept = tuple(pane for pane in panes if pane.series_id)
        looks = tuple((self._id(old), look) for old, look in view.looks if self._id(old))
        active = view.active if len(kept) == len(panes) else 0
        return replace(view, panes=kept, active=active, looks=looks, region=self._region(view.region), known=())

    def _region(self, region: ChosenRegion | None) -> ChosenRegion | None:
        """The chosen part, where its set holds the same pictures: on another one it would be asked about unseen."""
        series_id = self._id(region.series_id) if region is not None else NOWHERE
        if region is None or not series_id or self._has_changed(region.series_id):
            return None
        return replace(region, series_id=series_id)

    def _pane(self, pane: PaneView, crosshair: Point | None) -> PaneView:
        series_id, index = self._id(pane.series_id), None
        source = self._source(series_id, pane.group) if series_id and self._has_changed(pane.series_id) else None
        if source is not None and crosshair is not None and pane.plane in source.planes:
            index = _through(source, pane.plane, crosshair)
        return replace(pane, series_id=series_id, index=pane.index if index is None else index)

    def document(self, document: Document) -> Document:
        """Marks on the pictures they were drawn on."""
        return replace(document, marks=tuple(self._mark(mark) for mark in document.marks))

    def conversations(self, talks: Conversations) -> Conversations:
        """What was sent, on the pictures it was made of."""
        return with_sent(talks, self._sent)

    def _mark(self, mark: Mark) -> Mark:
        anchor = mark.anchor
        if self._is_unsure(anchor.series_id, anchor.frame):
            return replace(mark, anchor=replace(anchor, series_id=NOWHERE))
        if self._has_changed(anchor.series_id) and mark.points_lps:
            placed = self._by_place(mark)
            if placed is not None:
                return placed
        spot = spot_of(anchor)
        series_id, group, plane, index = self._found(spot, anchor.series_uid, anchor.frame)
        return replace(mark, anchor=replace(anchor, series_id=series_id, group=group, plane=plane, index=index))

    def _has_changed(self, old: str) -> bool:
        """Whether the set of this id held other pictures: numbers of slices meant others there."""
        return old in self._others

    def _is_unsure(self, old: str, frame: FrameRef | None) -> bool:
        """Whether nothing tells which of several pictures of one number was meant: their set held others then."""
        return frame is not None and frame.sop_uid in self._on_several and self._has_changed(old)

    def _by_place(self, mark: Mark) -> Mark | None:
        """On the slice that passes through where it was drawn in the body; None where there is none."""
        anchor, middle = mark.anchor, middle_of(mark.points_lps)
        series = find_series(self._disc, anchor.series_uid, anchor.frame)
        place = frame_place(series, anchor.frame) if series is not None and anchor.frame is not None else None
        if series is None or (anchor.frame is not None and place is None):
            return None
        group = place[0] if place is not None else anchor.group
        source = self._source(series.id, group) if group < len(series.groups) else None
        plane = _plane_now(series, source, anchor) if source is not None else None
        if source is None or plane is None or middle is None:
            return None
        is_picture = plane is Plane.NATIVE  # the very one, not another at the same place
        index = place[1] if place is not None and is_picture else _through(source, plane, middle)
        if index is None:
            return None
        frame = frame_at(series, group, index) if plane is Plane.NATIVE else anchor.frame
        return on_source(replace(mark, anchor=Anchor(series.id, series.uid, plane, index, group, frame)), source)

    def _sent(self, sent: SentPicture) -> SentPicture:
        spot = spot_of(sent)
        if self._is_unsure(sent.series_id, sent.frame):
            return replace(sent, series_id=NOWHERE)
        if not sent.series_uid and sent.frame is None:
            return replace(sent, series_id=self._id(sent.series_id))
        series_id, group, plane, index = self._found(spot, sent.series_uid, sent.frame)
        return replace(sent, series_id=series_id, group=group, plane=plane, index=index)

    def _id(self, old: str) -> str:
        """The id now; files from before ids were explained are taken at their word."""
        if self._known:
            return self._ids.get(old, NOWHERE)
        return old if self._disc.series(old) is not None else NOWHERE

    def _found(self, spot: Spot, uid: str, frame: FrameRef | None) -> Spot:
        series_id, group, plane, index = spot
        has_changed = self._has_changed(series_id)
        if frame is None and has_changed:
            return Spot(NOWHERE, group, plane, index)
        same = self._disc.series(self._id(series_id))
        if frame is None and same is not None and same.uid == uid:
            return Spot(same.id, group, plane, index)
        series = find_series(self._disc, uid, frame)
        if series is None:
            return Spot(NOWHERE, group, plane, index)
        place = frame_place(series, frame) if frame is not None else None
        if frame is not None and place is None:
            return Spot(NOWHERE, group, plane, index)
        if place is not None and (plane is Plane.NATIVE or has_changed):
            return self._where(series, *place, plane)
        return Spot(series.id, group, plane, index)

    def _where(self, series: Series, group: int, index: int, plane: Plane) -> Spot:
        """A picture as it was made, in `plane` where that runs along it and is on offer."""
        source = None if plane is Plane.NATIVE else self._source(series.id, group)
        affine = source.to_voxel(Plane.NATIVE, index) if source is not None and plane in source.planes else None
        at = _through(source, plane, point_at(affine, 0, 0)) if source is not None and affine is not None else None
        return Spot(series.id, group, Plane.NATIVE, index) if at is None else Spot(series.id, group, plane, at)


def _plane_now(series: Series, source: Source, anchor: Anchor) -> Plane | None:
    """The direction a mark lies in now: a picture as it was made is shown in the set's own direction where that is on
    offer, and only there. None where it lay across the pictures and that direction is gone."""
    if anchor.frame is not None:
        return own_plane(series) if own_plane(series) in source.planes else Plane.NATIVE
    return anchor.plane if anchor.plane in source.planes else None


def _through(source: Source, plane: Plane, point: Point) -> int | None:
    """The slice of `plane` that passes through a point, to half the way to the next; None where none does."""
    index = source.index_at(plane, np.asarray(point))
    affine = source.to_voxel(plane, index) if index is not None else None
    if index is None or affine is None:
        return None
    others = (source.to_voxel(plane, number) for number in (index - 1, index + 1))
    steps = [_away(affine, other[:3, 3]) for other in others if other is not None]
    return index if _away(affine, np.asarray(point)) <= max(HALF * max(steps, default=0.0), SAME_PLACE_MM) else None


def _away(affine: Affine, point: NDArray[np.float64]) -> float:
    """Millimetres between a slice and a point."""
    return abs(float((point - affine[:3, 3]) @ affine[:3, 2]))
