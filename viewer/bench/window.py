"""The real window without a person: opens a path, sends events as a mouse does, and waits for paint."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from viewer.bench.measure import Spent
from viewer.bench.place import MakeSession, own_place
from viewer.gui.bridge import Bridge
from viewer.gui.panes.pane import Pane
from viewer.gui.start import make_application
from viewer.gui.window.makers import ROOMS
from viewer.gui.window.window import MainWindow
from viewer.index.spot import spot_of
from viewer.usecases.session import Session

SIZE = (1366, 768)
BEAT = 2  # milliseconds
PATIENCE = 300.0  # seconds; for a broken program, never a pause
NONE = Qt.KeyboardModifier.NoModifier


class Paint(QObject):
    """Notices the first paint of a widget for which `ready` holds as it begins."""

    def __init__(self, ready: Callable[[], bool]) -> None:
        super().__init__()
        self.seen = False
        self._ready = ready

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or (event.type() == QEvent.Type.Paint and self._ready())
        return False


class Sitting:
    """One window, from its making to its end."""

    def __init__(self, make_session: MakeSession) -> None:
        self.application, appearance = make_application(["sidelight"], "light")
        self.bridge = Bridge()
        self.session: Session = make_session(self.bridge.call_soon)
        self._beat = QTimer()  # so that waiting for something never becomes waiting for ever
        self._beat.start(BEAT)
        self.window = MainWindow(self.session, self.bridge, appearance, ROOMS)
        self.window.resize(*SIZE)
        self.window.show()
        self.calm()

    def until(self, true: Callable[[], object]) -> None:
        """Run the event loop until something is true."""
        end = time.monotonic() + PATIENCE
        while not true():
            self._turn()
            if time.monotonic() > end:
                raise RuntimeError("the window did not get there")

    def _turn(self) -> None:
        """The event loop once round, as in the program: it waits where there is nothing to do."""
        self.application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def paint(self) -> None:
        """Everything that waits to be painted."""
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        self._turn()

    def calm(self) -> None:
        """Run what waits, smoothing and state lines included."""
        self.rest(0.25)

    def rest(self, seconds: float) -> None:
        """Run what waits for so long."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    @property
    def pane(self) -> Pane:
        """The active pane; raises RuntimeError while there is none."""
        pane = self.window.area.active if self.window.area else None
        if pane is None:
            raise RuntimeError("no picture is open")
        return pane

    def is_shown(self) -> bool:
        """Whether the active pane shows what the store names."""
        view = self.session.store.state.view
        return self._shows(view.active)

    def all_shown(self) -> bool:
        """Whether every pane on screen does; what it takes for the side views is made by then."""
        area = self.window.area
        return area is not None and all(self._shows(n) for n, pane in enumerate(area.panes) if pane.isVisible())

    def _shows(self, number: int) -> bool:
        panes, area = self.session.store.state.view.panes, self.window.area
        if area is None or number >= min(len(panes), len(area.panes)):
            return False
        wanted, slice_ = panes[number], area.panes[number].slice
        if slice_ is None:
            return False
        return spot_of(slice_) == spot_of(wanted)

    def is_read(self) -> bool:
        """Whether the whole disc was read and its picture is on screen."""
        disc = self.session.store.state.disc
        return disc is not None and disc.complete and (not disc.picture_count or self.is_shown())

    def is_loaded(self) -> bool:
        """Whether the shown series is in memory."""
        wanted = self.session.store.state.view.pane
        if wanted is None:
            return True
        held, every = self.session.source(wanted.series_id, wanted.group).loaded
        return held >= every

    def spent_to_paint(self, act: Callable[[], object], ready: Callable[[], bool] = lambda: True) -> Spent:
        """From an act to the end of the first paint that shows it, everything else that runs meanwhile included."""
        paint, target = Paint(ready), self.pane.view.viewport()
        target.installEventFilter(paint)
        began, busy = time.perf_counter(), time.thread_time()
        act()
        while not paint.seen:
            self._turn()
            if time.perf_counter() - began > PATIENCE:
                raise RuntimeError("nothing was painted")
        spent = Spent((time.perf_counter() - began) * 1000, (time.thread_time() - busy) * 1000)
        target.removeEventFilter(paint)
        return spent

    # --- the hand
    def wheel(self, steps: int) -> None:
        """One notch over the active pane."""
        target = self.pane.view.viewport()
        at = QPointF(target.rect().center())
        turn, phase = QPoint(0, -120 * steps), Qt.ScrollPhase.NoScrollPhase
        place = QPointF(target.mapToGlobal(at))
        QApplication.sendEvent(
            target, QWheelEvent(at, place, QPoint(), turn, Qt.MouseButton.NoButton, NONE, phase, False)
        )

    def mouse(self, kind: QEvent.Type, x: float, y: float) -> None:
        """The left button's press, move or release at a share of the active pane."""
        target = self.pane.view.viewport()
        at = QPointF(target.width() * x, target.height() * y)
        one = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        place = QPointF(target.mapToGlobal(at))
        QApplication.sendEvent(target, QMouseEvent(kind, at, place, one, Qt.MouseButton.LeftButton, NONE))

    def close(self) -> None:
        """End the window and what belongs to it."""
        self.window.close()
        self.session.close()
        self.window.deleteLater()
        self.calm()


@contextmanager
def sitting(make_session: MakeSession) -> Iterator[Sitting]:
    """A window in a place of its own."""
    with own_place():
        made = Sitting(make_session)
        try:
            yield made
        finally:
            made.close()
