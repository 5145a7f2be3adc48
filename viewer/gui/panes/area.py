"""PaneArea: one large pane and up to two small ones, as the store says."""

from __future__ import annotations

from operator import attrgetter, is_not
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.document.changes import PaneActivated, PaneMaximised
from viewer.document.model import Layout, State
from viewer.gui.panes.pane import Pane
from viewer.gui.steps import Steps

if TYPE_CHECKING:
    from viewer.usecases.session import Session

GAP = 2
SMALL = 232
SMALL_WIDE = 300
MOST = 3
SHOWN_OF = attrgetter("view", "document", "disc", "belongings")  # the parts of a state that panes show
SIDE_BY_SIDE = 2  # two sets compared are alike; three directions of one set are one large and two small


class PaneArea(QWidget):
    """Holds the panes and sizes them; the active one grows when maximised."""

    pointed = Signal(str)
    told = Signal(str)
    arrived = Signal()
    menu_wanted = Signal(object, QPoint)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.panes: list[Pane] = []
        self._after: QWidget | None = None
        self._small_shown = 2
        self._brought_up = False
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet("PaneArea { background: #000000 }")
        self._state: State | None = None
        self._left = False
        self._stop_watching = session.store.watch(lambda state: state, self._follow)
        self.destroyed.connect(self._stop_watching)

    @property
    def active(self) -> Pane | None:
        """The active pane."""
        number = self._session.store.state.view.active
        return self.panes[number] if number < len(self.panes) else None

    def show_small(self, count: int) -> None:
        """How many small panes there is room for: 2, 1 or 0."""
        if count != self._small_shown:
            self._small_shown = count
            self._arrange()

    def leave(self) -> None:
        """The window is closed: its pictures are given back, and no late change of its size asks for them."""
        self._left = True
        self._stop_watching()

    def redraw(self) -> None:
        """After a change of the text size."""
        for pane in () if self._left else self.panes:
            pane.show_state(self._session.store.state)
            pane.view.redraw()

    def _follow(self, state: State) -> None:
        """Once for each change that a pane may show, whichever parts of the state it touches."""
        before, self._state = self._state, state
        if before is None or any(map(is_not, SHOWN_OF(before), SHOWN_OF(state))):
            self._refresh(state)

    def _refresh(self, state: State) -> None:
        count = len(state.view.panes)
        while len(self.panes) < count:
            self.panes.append(self._made(len(self.panes)))
        shown = self.wanted(state)
        for number, pane in enumerate(self.panes):
            if (number in shown and not pane.isHidden()) or number >= count:
                pane.show_state(state)
            pane.show_maximised(state.view.maximised)
        self._arrange()

    def make_ahead(self) -> None:
        """One pane more, for a disc to come; nothing where all there can be are made."""
        if len(self.panes) < MOST:
            self.panes.append(self._made(len(self.panes)))
            self.panes[-1].hide()

    def _made(self, number: int) -> Pane:
        pane = Pane(self._session, number, self)
        pane.maximise.connect(self._maximise)
        pane.pointed.connect(self.pointed)
        pane.told.connect(self.told)
        pane.arrived.connect(self.arrived)
        pane.menu_wanted.connect(self._menu)
        self._chain(pane, self.panes[-1].stops[-1] if self.panes else self._after)
        return pane

    def come_after(self, stop: QWidget) -> None:
        """Tab comes from `stop` to the first pane; where a scan was open before there were panes, they are there by now."""
        self._after = stop
        for pane in self.panes:
            self._chain(pane, stop)
            stop = pane.stops[-1]

    def _chain(self, pane: Pane, before: QWidget | None) -> None:
        for stop in pane.stops:
            if before is not None:
                self.setTabOrder(before, stop)
            before = stop

    def _menu(self, pane: Pane, at: QPointF) -> None:
        self.menu_wanted.emit(pane, pane.view.mapToGlobal(at.toPoint()))

    def _maximise(self, number: int) -> None:
        store = self._session.store
        if store.state.view.active != number:
            store.dispatch(PaneActivated(number))
        store.dispatch(PaneMaximised(not store.state.view.maximised))

    def wanted(self, state: State) -> list[int]:
        """Numbers of the panes that are to be on screen, the large one first; they come up one after the other."""
        count, view = len(state.view.panes), state.view
        if not count:
            return []
        active = min(view.active, count - 1)
        if view.maximised or view.layout is Layout.ONE or self._small_shown == 0:
            return [active]
        shown = list(range(1 + min(self._small_shown, count - 1)))
        if active not in shown:
            shown[-1] = active
        return shown

    def _arrange(self) -> None:
        """Panes where they belong. Of those not on screen yet one comes up, the large one first, the others each in an
        event of its own: laid out and painted all at once they hold up the window."""
        self._brought_up = False
        if self._left:
            return
        state = self._session.store.state
        shown = self.wanted(state)
        width, height = self.width(), self.height()
        small = SMALL_WIDE if width > 1000 else SMALL
        if len(state.view.panes) == SIDE_BY_SIDE:
            small = (width - GAP) // 2
        for number, pane in enumerate(self.panes):
            if number not in shown:
                pane.hide()
        if not shown:
            return
        rest = shown[1:]
        large = width - (small + GAP if rest else 0)
        self._put(shown[0], 0, 0, large, height, state)
        each = (height - GAP * (len(rest) - 1)) // max(1, len(rest))
        for place, number in enumerate(rest):
            bottom = height if place == len(rest) - 1 else (place + 1) * (each + GAP) - GAP
            self._put(number, large + GAP, place * (each + GAP), small, bottom - place * (each + GAP), state)

    def _put(self, number: int, x: int, y: int, width: int, height: int, state: State) -> None:
        pane = self.panes[number]
        pane.setGeometry(x, y, width, height)
        if not pane.isHidden():
            return
        if self._brought_up:
            Steps.now().add(self, self._arrange)
            return
        self._brought_up = True
        pane.show()
        pane.show_state(state)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
