"""Gestures: what a drag does, from the press to the release. One small class per gesture, all through the session.

A press without movement changes nothing; `cancel` puts back what the drag has changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from PySide6.QtCore import QPointF
from typing_extensions import override

from viewer.document.changes import MarkSelected, PaneChanged, RegionChosen
from viewer.document.model import ChosenRegion, Tool
from viewer.gui.panes.held import Gesture, Place, at_index, put_placement
from viewer.gui.panes.overlay import region_handles, region_rect
from viewer.index.spot import spot_of
from viewer.marks.mark import Anchor, Mark, MarkKind
from viewer.marks.shapes import BODY, Hit, drawn, hit, is_worth_keeping, kept_on_picture, moved_points, with_handle_at
from viewer.picture.look import Region, Window
from viewer.picture.orient import Placement
from viewer.picture.window import drag_window
from viewer.text.translate import tr

CLICK_PIXELS = 4.0
HANDLE_REACH = 12.0
ZOOM_PER_PIXEL = 0.008
MARK_TOOLS = {
    Tool.ARROW: MarkKind.ARROW,
    Tool.LENGTH: MarkKind.LENGTH,
    Tool.ELLIPSE: MarkKind.ELLIPSE,
    Tool.RECTANGLE: MarkKind.RECTANGLE,
}


class WindowGesture(Gesture):
    """Right = wider, up = brighter on screen, scaled by the data and the pane's width."""

    def __init__(self, place: Place, start: QPointF) -> None:
        self._place, self._start = place, start
        self._look = place.look
        self._is_negative = place.slice.inverted != place.look.inverted  # high values are dark
        self._window: Window | None = place.session.window_for(place.slice)
        self._range = place.session.source(place.pane.series_id, place.pane.group).values_range()

    @override
    def move(self, at: QPointF) -> None:
        """Change the window by the way since the press."""
        way = at - self._start
        if self._window is None:
            return
        width, down = self._place.placement.pane_width, -way.y() if self._is_negative else way.y()
        window = drag_window(self._window, way.x(), down, width, self._range)
        self._place.session.set_look(self._place.pane.series_id, replace(self._place.look, window=window))

    @override
    def cancel(self) -> None:
        """The look of the press."""
        self._place.session.set_look(self._place.pane.series_id, self._look)


class PanGesture(Gesture):
    """The picture follows the hand."""

    def __init__(self, place: Place, start: QPointF) -> None:
        self._place, self._start = place, start

    def _placed(self, at: QPointF) -> Placement:
        return self._place.placement.panned(at.x() - self._start.x(), at.y() - self._start.y())

    @override
    def move(self, at: QPointF) -> None:
        """Show the picture at its new place."""
        put_placement(self._place, self._placed(at))

    @override
    def cancel(self) -> None:
        """Back to the place of the press."""
        self._place.session.store.dispatch(PaneChanged(self._place.number, at_index(self._place)))


class ZoomGesture(PanGesture):
    """Up = closer, around the point of the press."""

    @override
    def _placed(self, at: QPointF) -> Placement:
        factor = math.exp((self._start.y() - at.y()) * ZOOM_PER_PIXEL)
        return self._place.placement.zoomed(factor, self._start.x(), self._start.y())


class CrosshairGesture(Gesture):
    """The same point in all panes."""

    def __init__(self, place: Place, start: QPointF) -> None:
        self._place = place
        self._before = place.session.store.state.view.crosshair
        self.move(start)

    @override
    def move(self, at: QPointF) -> None:
        """Lead the other panes to the point under the pointer."""
        affine = self._place.slice.affine
        if affine is None:
            return
        rows, columns = self._place.slice.values.shape[:2]
        point = self._place.placement.to_slice(at.x(), at.y())
        column, row = min(max(point[0], 0.0), columns - 1.0), min(max(point[1], 0.0), rows - 1.0)
        x, y, z = (affine[:3, 0] * column + affine[:3, 1] * row + affine[:3, 3]).tolist()
        self._place.session.move_crosshair((x, y, z))

    @override
    def cancel(self) -> None:
        """Back to the point before."""
        if self._before is not None:
            self._place.session.move_crosshair(self._before)


# Which edges a handle moves: left, top, right, bottom; the order is that of `region_handles`.
_HANDLE_EDGES = ("lt", "t", "rt", "r", "rb", "b", "lb", "l")


class RegionGesture(Gesture):
    """Draw a new frame, or move or change the one that is there."""

    on_picture = True

    def __init__(self, place: Place, start: QPointF) -> None:
        self._place, self._start = place, start
        chosen = place.session.store.state.view.region
        self._before = chosen
        self._grip = grip_at(place, start)
        self._rect = region_rect(place.placement, chosen.region) if chosen and self._grip else None

    @override
    def move(self, at: QPointF) -> None:
        """The frame follows."""
        a, b = self._start, at
        if self._rect is not None:
            way = at - self._start
            rect = self._rect
            if self._grip == "move":
                a, b = rect.topLeft() + way, rect.bottomRight() + way
            else:
                left = rect.left() + (way.x() if "l" in self._grip else 0)
                right = rect.right() + (way.x() if "r" in self._grip else 0)
                top = rect.top() + (way.y() if "t" in self._grip else 0)
                bottom = rect.bottom() + (way.y() if "b" in self._grip else 0)
                a, b = QPointF(left, top), QPointF(right, bottom)
        self._choose(self._place.placement.region((a.x(), a.y()), (b.x(), b.y())))

    @override
    def cancel(self) -> None:
        """The frame of the press."""
        self._place.session.store.dispatch(RegionChosen(self._before))

    def _choose(self, region: Region | None) -> None:
        if region is None:
            return
        chosen = ChosenRegion(*spot_of(self._place.slice), region)
        self._place.session.store.dispatch(RegionChosen(chosen))


def grip_at(place: Place, at: QPointF) -> str:
    """What of the chosen part lies under the pointer: edges of a handle ("lt"), "move", or "" for nothing."""
    chosen = place.session.store.state.view.region
    if chosen is None or spot_of(chosen) != spot_of(place.slice):
        return ""
    rect = region_rect(place.placement, chosen.region)
    for edges, point in zip(_HANDLE_EDGES, region_handles(rect), strict=True):
        if max(abs(point.x() - at.x()), abs(point.y() - at.y())) <= HANDLE_REACH:
            return edges
    return "move" if rect.contains(at) else ""


class DrawGesture(Gesture):
    """A new mark grows from the press to the pointer."""

    on_picture = True

    def __init__(self, place: Place, start: QPointF, kind: MarkKind) -> None:
        self._place = place
        first = place.placement.to_slice(start.x(), start.y())
        anchor = Anchor(place.pane.series_id, "", place.slice.plane, place.slice.index)
        self._mark = Mark("", kind, anchor, (first, first))

    @override
    def move(self, at: QPointF) -> None:
        """Show it as a draft."""
        self._mark = drawn(self._mark, self._place.placement.to_slice(at.x(), at.y()))
        self._place.draft(self._mark)

    @override
    def end(self, at: QPointF) -> None:
        """Keep it when it is large enough to be meant."""
        self.move(at)
        self._place.draft(None)
        if is_worth_keeping(self._mark, self._place.placement.to_pane):
            rows, columns = self._place.slice.values.shape[:2]
            points = kept_on_picture(self._mark.points, columns, rows)
            self._place.session.add_mark(self._mark.kind, self._place.slice, points)

    @override
    def cancel(self) -> None:
        """No mark."""
        self._place.draft(None)

    @override
    def drop(self) -> None:
        self.cancel()


class MoveMarkGesture(Gesture):
    """A handle or a whole mark follows the hand; one undo step, rolled back by Esc."""

    on_picture = True

    def __init__(self, place: Place, start: QPointF, mark: Mark, handle: int) -> None:
        self._place, self._mark, self._handle = place, mark, handle
        self._first = place.placement.to_slice(start.x(), start.y())
        self._step: AbstractContextManager[None] | None = None
        place.session.store.dispatch(MarkSelected(mark.id))

    @override
    def move(self, at: QPointF) -> None:
        """Show the mark at its new place."""
        if self._step is None:
            self._step = self._place.session.store.gesture(tr("Move mark"))
            self._step.__enter__()
        column, row = self._place.placement.to_slice(at.x(), at.y())
        rows, columns = self._place.slice.values.shape[:2]
        if self._handle == BODY:
            points = moved_points(self._mark, column - self._first[0], row - self._first[1])
        else:
            points = with_handle_at(self._mark, self._handle, column, row)
        self._place.session.move_mark(self._mark, self._place.slice, kept_on_picture(points, columns, rows))

    @override
    def end(self, at: QPointF) -> None:
        """The step is done."""
        if self._step is not None:
            self._step.__exit__(None, None, None)

    @override
    def cancel(self) -> None:
        """Roll back."""
        if self._step is not None:
            broken_off = BrokenOffError()
            try:
                self._step.__exit__(BrokenOffError, broken_off, None)
            except BrokenOffError:
                return

    @override
    def drop(self) -> None:
        self.cancel()


class BrokenOffError(Exception):
    """Esc during a gesture: makes the store roll back."""


class TextGesture(Gesture):
    """A click says where the words belong."""

    on_picture = True

    def __init__(self, place: Place, start: QPointF) -> None:
        self._place = place

    @override
    def end(self, at: QPointF) -> None:
        """Write there."""
        self._place.write(at, self._place.placement.to_slice(at.x(), at.y()))


def mark_under(place: Place, at: QPointF) -> tuple[Mark, Hit] | None:
    """The mark under the pointer and what of it."""
    marks = place.session.marks_on(place.slice)
    found = hit(marks, place.placement.to_pane, at.x(), at.y(), 8.0, place.session.store.state.view.selected_mark)
    return None if found is None else (next(mark for mark in marks if mark.id == found.mark_id), found)


SIMPLE: dict[Tool, Callable[[Place, QPointF], Gesture]] = {
    Tool.WINDOW: WindowGesture,
    Tool.PAN: PanGesture,
    Tool.ZOOM: ZoomGesture,
    Tool.CROSSHAIR: CrosshairGesture,
    Tool.REGION: RegionGesture,
    Tool.TEXT: TextGesture,
}


def gesture_of(tool: Tool, place: Place, start: QPointF) -> Gesture:
    """What a press of the left button begins: a mark under the pointer first, else the tool."""
    under = mark_under(place, start)
    if under is not None and tool is not Tool.REGION:
        return MoveMarkGesture(place, start, under[0], under[1].handle)
    if tool in MARK_TOOLS:
        return DrawGesture(place, start, MARK_TOOLS[tool])
    return SIMPLE[tool](place, start)
