"""Coming up: the order in which the window's parts are made. First it paints; then the panes and whatever else a first scan
needs are imported and made, bit by bit; with a scan its parts come on screen one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from viewer.gui.bridge import Bridge
from viewer.gui.look.script_fonts import lending_steps
from viewer.gui.pace import put_aside
from viewer.gui.steps import Steps
from viewer.gui.window import makers
from viewer.gui.window.fitting import Fitting
from viewer.gui.window.right_dock import TABS, RightDock
from viewer.gui.window.warming import Step, Warming, later_steps
from viewer.gui.window.window_place import tab_before

if TYPE_CHECKING:
    from viewer.gui.panes.area import PaneArea
    from viewer.usecases.session import Session


class ComingUp(QObject):
    """Makes the panes, in `pictures`, and fills the right dock; `fitting` shows what has come up."""

    made = Signal(object)  # the panes, once

    def __init__(
        self, session: Session, bridge: Bridge, pictures: QStackedWidget, right: RightDock, fitting: Fitting
    ) -> None:
        super().__init__(pictures)
        self.area: PaneArea | None = None
        self._session, self._pictures, self._right, self._fitting = session, pictures, right, fitting
        self._warming = Warming(session, bridge, self)

    def warm_up(self, icons: Iterable[Step], hidden: Sequence[QWidget]) -> None:
        """After the first paint: draw `icons`, import and make what a first scan needs, dress what is still `hidden`."""
        from viewer.jobs.heap import memory_at_hand  # what it imports is not needed before the first paint

        ratio = self._pictures.devicePixelRatioF()
        later = (
            *memory_at_hand(),
            *later_steps(self.need_panes, self._right, ratio, hidden),
            *lending_steps(),
            put_aside,
        )
        self._warming.start(icons, later)

    @property
    def is_warm(self) -> bool:
        """Whether what a first scan needs is made."""
        return self._warming.is_done

    def show_open(self, is_open: bool) -> None:
        """A scan was opened, or the last one closed."""
        self._fitting.show_open(is_open)
        if is_open and not self._warming.importing:  # else they come with the last import
            self.need_panes()
        if is_open:
            Steps.now().add(self, self._bring_up_next)
        if is_open and self.area is not None:
            Steps.now().add(self, self._fill_right)  # the panel of the last time, where another one was made ahead

    def _bring_up_next(self) -> None:
        """One after the other, paint in between: all at once would hold up the window for too long."""
        if self._fitting.bring_up_next():
            Steps.now().add(self, self._bring_up_next)

    def need_panes(self) -> PaneArea:
        """The panes and pyqtgraph come here, after the first paint, not with the window."""
        if self.area is None:
            self.area = self._fitting.area = area = makers.pane_area(self._session, self._pictures)
            self.made.emit(area)
            self._pictures.addWidget(area)
            self._pictures.setCurrentWidget(area)
            self._right.announce(self._right.tab or tab_before(self._session, TABS) or "ask")
            if self._fitting.is_open:
                self._fitting.fit()
                Steps.now().add(self, self._fill_right)
        return self.area

    def _fill_right(self) -> None:
        self._right.show_tab(self._right.tab)

    def stop(self) -> None:
        """The window closes: nothing comes up any more."""
        self._warming.stop()
        Steps.now().leave_out(self)
        if self.area is not None:
            self.area.leave()
