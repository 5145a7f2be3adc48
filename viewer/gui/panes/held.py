"""Held: what a drag holds from the press to the release, and how long. Another disc may be opened under the hand, the
set may grow while it is read: what began on one picture never goes on with another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPointF
from typing_extensions import override

from viewer.document.changes import PaneChanged
from viewer.document.model import PaneView
from viewer.geometry.plane import Plane
from viewer.index.model import Series
from viewer.marks.mark import Mark
from viewer.picture.look import Look
from viewer.picture.orient import Placement
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from viewer.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """Where a gesture begins: the pane's number and content at the press."""

    session: Session
    number: int
    pane: PaneView
    series: Series
    slice: Slice
    placement: Placement
    draft: Callable[[Mark | None], None]
    write: Callable[[QPointF, tuple[float, float]], None]

    @property
    def look(self) -> Look:
        """The look of the series now."""
        return self.session.store.state.view.look_on(self.slice)

    @property
    def holds_set(self) -> bool:
        """Whether the pane still shows this set in this direction."""
        now = self._pane_now()
        return (
            now is not None
            and self._series_now() is not None
            and (now.series_id, now.group, now.plane) == (self.pane.series_id, self.pane.group, self.pane.plane)
        )

    @property
    def holds_picture(self) -> bool:
        """Whether this very picture is still found under its number, on screen or not."""
        series, slice_, group = self._series_now(), self.slice, self.pane.group
        if series is None or series.groups is self.series.groups:
            return series is not None
        frames = series.groups[group].frames if slice_.plane is Plane.NATIVE and group < len(series.groups) else ()
        return slice_.index < len(frames) and frames[slice_.index].ref == slice_.frame

    def _pane_now(self) -> PaneView | None:
        panes = self.session.store.state.view.panes
        return panes[self.number] if self.number < len(panes) else None

    def _series_now(self) -> Series | None:
        disc = self.session.store.state.disc
        series = disc.series(self.pane.series_id) if disc is not None else None
        return series if series is not None and series.uid == self.series.uid else None


def at_index(place: Place) -> PaneView:
    """The pane of the press, at the slice it shows by now."""
    panes = place.session.store.state.view.panes
    return replace(place.pane, index=panes[place.number].index) if place.number < len(panes) else place.pane


def put_placement(place: Place, placement: Placement) -> None:
    """Zoom and centre of a placement go into the store."""
    pane = replace(at_index(place), zoom=placement.zoom, centre=placement.centre)
    place.session.store.dispatch(PaneChanged(place.number, pane))


class Gesture:
    """A drag under way."""

    on_picture: ClassVar[bool] = False  # it makes something of this very picture, not of how the set is shown

    def move(self, at: QPointF) -> None:
        """The pointer is at `at`, logical pixels of the pane."""

    def end(self, at: QPointF) -> None:
        """The button was let go there."""

    def cancel(self) -> None:
        """Put back what the drag has changed."""

    def drop(self) -> None:
        """What it began on is gone: nothing of it may go into the store."""


class Held(Gesture):
    """`gesture` as long as what it began on is there; from then on nothing."""

    def __init__(self, place: Place, gesture: Gesture) -> None:
        self._place = place
        self._gesture: Gesture | None = gesture

    def _there(self) -> Gesture | None:
        gesture, place = self._gesture, self._place
        if gesture is not None and not (place.holds_set and (place.holds_picture or not gesture.on_picture)):
            self._gesture = None
            gesture.drop()
        return self._gesture

    @override
    def move(self, at: QPointF) -> None:
        if (gesture := self._there()) is not None:
            gesture.move(at)

    @override
    def end(self, at: QPointF) -> None:
        if (gesture := self._there()) is not None:
            gesture.end(at)

    @override
    def cancel(self) -> None:
        if (gesture := self._there()) is not None:
            gesture.cancel()
