"""Pane: one picture with its slider row. Shows what the store says; what the hand does goes back through the session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from viewer.document.changes import MarkSelected, PaneActivated, PaneChanged
from viewer.document.model import PaneView, State
from viewer.gui.look.tokens import PANE
from viewer.gui.panes.corner import CornerButton
from viewer.gui.panes.gestures import PanGesture, ZoomGesture, gesture_of, mark_under
from viewer.gui.panes.held import Gesture, Held, Place, put_placement
from viewer.gui.panes.laid_over import Drawing, LaidOver
from viewer.gui.panes.overlay import SMALL_PANE, Shown
from viewer.gui.panes.picture_view import PictureView
from viewer.gui.panes.pointing import Pointing
from viewer.gui.panes.selected_mark import SelectedMark
from viewer.gui.panes.slider_row import SliderRow
from viewer.gui.panes.writing import Writer
from viewer.gui.widgets.plain_text import show_tip
from viewer.index.spot import Spot, spot_of
from viewer.jobs.jobs import Job
from viewer.marks.mark import Mark, MarkKind
from viewer.picture.look import Look
from viewer.picture.orient import Placement, zoom_to
from viewer.problem import Problem
from viewer.text.translate import count_of, tr
from viewer.volume.slice import Slice, Source

if TYPE_CHECKING:
    from viewer.usecases.session import Session

LOADING_MS = 300
GROUPS_FROM = 360  # pixels of width from which the choice of a time or echo has room


class Pane(QWidget):
    """Number `number` of the view's panes."""

    maximise = Signal(int)
    pointed = Signal(str)
    arrived = Signal()  # the picture that is wanted, or why there is none
    told = Signal(str)  # a sentence about what a key did, or why it did nothing
    menu_wanted = Signal(object, QPointF)

    def __init__(self, session: Session, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.number = number
        self._state = session.store.state
        self._wanted: Spot | None = None
        self._source: Source | None = None
        self._shown_key: Spot | None = None
        self._loading: Job[Slice] | None = None
        self._over = LaidOver(session, number)
        self._notice = ""
        self._doubts: tuple[str, ...] = ()
        self._told = ("", "")
        self._active = False
        self.view = PictureView(self)
        self.row = SliderRow(self)
        self._corner = CornerButton(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.row)
        self.setMinimumSize(160, 120)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LOADING_MS)
        self._late.timeout.connect(self._say_loading)
        self._pointing = Pointing(session, self.view, self.pointed.emit)
        self._writer = Writer(self.view, self.view.room)
        self.selected = SelectedMark(session, self.view, self._writer)
        self._connect()

    def _connect(self) -> None:
        self.view.pressed.connect(self._press)
        self.view.scrolled.connect(lambda steps: self.step(steps))
        self.view.zoomed.connect(self.zoom)
        self.view.resized.connect(self._placed_anew)
        self.view.double_clicked.connect(lambda: self.maximise.emit(self.number))
        self.view.clicked_right.connect(self._want_menu)
        self.view.menu_key.connect(lambda at: self.menu_wanted.emit(self, at))
        self.view.keyed.connect(self._key)
        self.row.moved.connect(lambda index: self._session.go_to(self.number, index))
        self.row.groups.chosen.connect(self._choose_group)
        self.view.takes_key = lambda event: self.selected.takes(Qt.Key(event.key()))
        self._corner.clicked.connect(lambda: self.maximise.emit(self.number))

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What Tab reaches in it, one after the other."""
        return (self.view, self.row.groups.button, self.row.slider)

    # --- showing what the store says
    @property
    def pane(self) -> PaneView | None:
        """What the store says this pane shows."""
        panes = self._state.view.panes
        return panes[self.number] if self.number < len(panes) else None

    @property
    def slice(self) -> Slice | None:
        """The slice on screen."""
        return self.view.picture.slice

    @property
    def placement(self) -> Placement | None:
        """Where it lies."""
        return self.view.picture.placement

    def show_state(self, state: State) -> None:
        """The hot path: called after every change of the view or the marks."""
        self._state = state
        pane = self.pane
        self._show_active(state.view.active == self.number)
        if pane is None or not pane.series_id or state.disc is None:
            self._forget()
            return
        self._show_groups(pane)
        key, source = spot_of(pane), self._session.source(pane.series_id, pane.group)
        if key != self._wanted or source is not self._source:  # a set that grew has another source
            self._source = source
            self._want(key, source)
        elif self.slice is not None:
            self._show(self.slice)

    def _show_groups(self, pane: PaneView) -> None:
        series = self._state.disc.series(pane.series_id) if self._state.disc else None
        labels = tuple(group.label for group in series.groups) if series else ()
        self.row.groups.show_groups(labels, pane.group, has_room=self.width() >= GROUPS_FROM)

    def _choose_group(self, group: int) -> None:
        self._activate()
        self._session.show_group(group)

    def _want(self, key: Spot, source: Source) -> None:
        self._wanted = key
        if self._loading is not None:
            self._loading.cancel()
            self._loading = None
        self.row.show_place(key.index, source.count(key.plane))
        ready = source.ready(key.plane, key.index)
        if ready is not None:
            self._arrived(key, ready)
            return
        if self._shown_key is None or self._shown_key.series_id != key.series_id:
            self.view.picture.show_slice(None, Look(), None)
        self._late.start()
        self._loading = self._session.fetch(*key, lambda outcome: self._arrived(key, outcome))
        self._lay_over()

    def _arrived(self, key: Spot, outcome: Slice | Problem) -> None:
        if key != self._wanted:
            return
        self._late.stop()
        self._loading = None
        self._notice = ""
        self._shown_key = key
        if isinstance(outcome, Problem):
            self._notice = outcome.words
            self.view.picture.show_slice(None, Look(), None)
            self._lay_over()
        else:
            self._show(outcome)
        self.arrived.emit()

    def _show(self, slice_: Slice) -> None:
        pane = self.pane
        if pane is None:
            return
        look, picture = self._state.view.look_on(slice_), self.view.picture
        is_other = picture.show_slice(slice_, look, self._session.window_for(slice_))
        is_moved = picture.place(self._placement_of(slice_, look, pane))
        self._lay_over(is_new=is_other or is_moved)

    def _placement_of(self, slice_: Slice, look: Look, pane: PaneView) -> Placement:
        room = self.view.room()
        size = (max(room.width(), 1.0), max(room.height(), 1.0))
        return Placement.of(slice_, look, size, pane.zoom, pane.centre)

    def _placed_anew(self) -> None:
        if self.pane is not None and self.pane.series_id:
            self._show_groups(self.pane)
        if self.slice is not None:
            self._show(self.slice)
        self._corner.dress()

    def _forget(self) -> None:
        self._wanted = self._shown_key = self._source = None
        self._notice = ""
        self.view.picture.show_slice(None, Look(), None)
        self.view.overlay.shown = Shown()
        self.view.redraw()

    def _show_active(self, active: bool) -> None:
        if active != self._active:
            self._active = active
            self.update()

    def _say_loading(self) -> None:
        if self._wanted is not None:
            self._notice = tr("Loading picture {n}", n=self._wanted.index + 1)
            self._lay_over()

    # --- words and overlays
    def _lay_over(self, *, is_new: bool = False) -> None:
        """Everything over the picture, from the state and the slice on screen. Where neither it nor the picture
        (`is_new`) is another one nothing is painted: a change of the store is mostly one of other panes or none."""
        pane = self.pane
        if pane is None:
            return
        width = self.view.room().width()
        shown = self._over.on(self._state, pane, self._notice, self._drawing(width))
        self._tell_doubts(shown.doubts if width < SMALL_PANE else ())
        if self.slice is not None:
            self._tell_reader(shown, self.slice)
        if is_new or shown != self.view.overlay.shown:
            self.view.overlay.shown = shown
            self.view.redraw()

    def _drawing(self, width: float) -> Drawing | None:
        slice_, placement = self.slice, self.placement
        if slice_ is None or placement is None:
            return None
        look, window = self._state.view.look_on(slice_), self._session.window_for(slice_)
        return Drawing(slice_, look, window, placement, width)

    def _tell_doubts(self, doubts: tuple[str, ...]) -> None:
        """A small pane only counts them: its tooltip says which."""
        if doubts != self._doubts:
            self._doubts = doubts
            show_tip(self.view, " ".join(doubts))

    def _tell_reader(self, shown: Shown, slice_: Slice) -> None:
        words = tr("{title}, picture {n} of {all}", title=shown.title, n=slice_.index + 1, all=slice_.count)
        if (words, shown.place) != self._told:
            self._told = (words, shown.place)
            self.view.setAccessibleName(words)
            self.view.setAccessibleDescription(shown.place)

    # --- what the hand does
    def _at(self) -> Place | None:
        pane, slice_, placement = self.pane, self.slice, self.placement
        series = self._state.disc.series(pane.series_id) if pane is not None and self._state.disc is not None else None
        if pane is None or series is None or slice_ is None or placement is None or self._shown_key is None:
            return None
        pane = replace(pane, index=slice_.index)
        return Place(self._session, self.number, pane, series, slice_, placement, self._show_draft, self._write)

    def _want_menu(self, at: QPointF) -> None:
        """The menu of the right button is about the mark under the pointer, if there is one."""
        place = self._at()
        under = mark_under(place, at) if place is not None else None
        if under is not None:
            self._session.store.dispatch(MarkSelected(under[0].id))
        self.menu_wanted.emit(self, at)

    def _press(self, button: Qt.MouseButton, at: QPointF) -> None:
        if not self._active:
            self._session.store.dispatch(PaneActivated(self.number))
        place = self._at()
        gesture = self._gesture_for(button, place, at) if place is not None else None
        self.view.gesture = Held(place, gesture) if place is not None and gesture is not None else None

    def _gesture_for(self, button: Qt.MouseButton, place: Place, at: QPointF) -> Gesture | None:
        if button == Qt.MouseButton.RightButton:
            return ZoomGesture(place, at)
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self.view.space_held):
            return PanGesture(place, at)
        if button == Qt.MouseButton.LeftButton:
            return gesture_of(self._state.view.tool, place, at)
        return None

    def step(self, by: int) -> None:
        """Scroll by `by` pictures."""
        if self.pane is not None and self.pane.series_id:
            self._activate()
            self._session.step(self.number, by)

    def zoom(self, factor: float, at: QPointF) -> None:
        """Closer by `factor`, the point under the pointer stays."""
        place = self._at()
        if place is not None:
            self._activate()
            put_placement(place, place.placement.zoomed(factor, at.x(), at.y()))

    def _activate(self) -> None:
        if not self._active:
            self._session.store.dispatch(PaneActivated(self.number))

    def _key(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.selected.takes(key):
            self.selected.move(key, far=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            event.accept()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and not event.modifiers():
            self.choose_preset(key - Qt.Key.Key_1)
            event.accept()

    def choose_preset(self, number: int) -> None:
        """The window with this number, from 0, where there is one; says which, or that there is none."""
        pane = self.pane
        if pane is None or not pane.series_id:
            return
        presets = self._session.presets(pane.series_id)
        if number < len(presets):
            shown, view = self.slice, self._state.view
            look = replace(view.look_on(shown) if shown else view.look(pane.series_id), window=presets[number])
            self._session.set_look(pane.series_id, look)
            self.told.emit(tr("Brightness: {name}", name=presets[number].name))
        elif presets:
            self.told.emit(count_of(len(presets), "There is only {n} preset here.", "There are only {n} presets here."))
        else:
            self.told.emit(tr("There are no brightness presets for these pictures. 0 works it out anew."))

    def show_area(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Fit this part of the picture, from its first to its last (column, row) counted from 1."""
        series = self._session.series(self.pane.series_id) if self.pane is not None and self.pane.series_id else None
        if series is None or self.pane is None:
            return
        room, spacing = self.view.room(), series.frames[0].facts.spacing
        tall = spacing[0] / spacing[1] if spacing is not None else 1.0
        zoom, centre = zoom_to(first, last, (series.columns, series.rows), tall, (room.width(), room.height()))
        self._session.store.dispatch(PaneChanged(self.number, replace(self.pane, zoom=zoom, centre=centre)))

    def put_back(self) -> None:
        """Fit the picture again."""
        if self.pane is not None:
            self._session.store.dispatch(PaneChanged(self.number, replace(self.pane, zoom=1.0, centre=None)))

    # --- writing on the picture
    def _show_draft(self, mark: Mark | None) -> None:
        self._over.draft = mark
        self._lay_over()

    def _write(self, at: QPointF, point: tuple[float, float]) -> None:
        place = self._at()
        if place is None:
            return

        def keep(words: str) -> None:
            if place.holds_picture:  # a line left open while another disc came in says nothing of its pictures
                self._session.add_mark(MarkKind.TEXT, place.slice, (point,), words)
            else:
                self.told.emit(tr("The words were not kept: their picture is no longer open."))

        self._writer.edit(at, "", keep)

    def cancel(self) -> bool:
        """Break off what is going on here; whether there was anything."""
        return self.view.cancel_gesture()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = QPen(QColor(PANE.accent if self._active else PANE.ground), 2)
        frame.setJoinStyle(Qt.PenJoinStyle.MiterJoin)  # a bevelled corner would leave a point unpainted
        painter.setPen(frame)
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def show_maximised(self, maximised: bool) -> None:
        """The corner button: fill the room, or all panes again."""
        self._corner.show_state(maximised)
