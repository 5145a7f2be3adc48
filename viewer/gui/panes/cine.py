"""Cine: the timer that plays the active pane's pictures. A scroll, another set or another pane ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

from viewer.document.model import PaneView, State
from viewer.geometry.plane import Plane
from viewer.text.translate import tr
from viewer.usecases.cine import Timing, timing_of

if TYPE_CHECKING:
    from viewer.usecases.session import Session

TICK_MS = 8
CHECKED_AFTER_MS = 3_000
SLOW = 0.8


class Cine(QObject):
    """`say` puts the speed in the status line; `changed` is called when playing begins or ends."""

    def __init__(self, session: Session, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        super().__init__()
        self._session, self._say, self._changed = session, say, changed
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._clock = QElapsedTimer()
        self._timing: Timing | None = None
        self._number, self._first = 0, 0
        self._shown: PaneView | None = None
        self._steps, self._checked, self._is_own = 0, 0.0, False
        session.store.watch(lambda state: state, self._look)

    @property
    def is_playing(self) -> bool:
        """Whether a film runs."""
        return self._timing is not None

    def toggle(self) -> None:
        """Play, or pause."""
        if self.is_playing:
            self.stop()
        else:
            self._play()

    def stop(self) -> None:
        """Stay at the picture on screen."""
        if self._timing is not None:
            self._timing = None
            self._timer.stop()
            self._changed()

    def _play(self) -> None:
        view = self._session.store.state.view
        pane = view.pane
        if pane is None or not pane.series_id or pane.plane is not Plane.NATIVE:
            return
        self._timing = timing_of(self._session.series(pane.series_id), pane.group)
        self._number, self._first, self._shown = view.active, pane.index, pane
        self._steps, self._checked = 0, 0.0
        self._clock.start()
        self._timer.start()
        self._say(self._timing.words)
        self._changed()

    def _tick(self) -> None:
        timing, shown = self._timing, self._shown
        if timing is None or shown is None:
            return
        elapsed = float(self._clock.elapsed())
        index = timing.index_at(elapsed, self._first)
        if index != shown.index:
            self._steps += 1
            self._is_own = True
            try:
                self._session.go_to(self._number, index)
            finally:
                self._is_own = False
        if elapsed - self._checked >= CHECKED_AFTER_MS:
            self._check(timing, elapsed)

    def _check(self, timing: Timing, elapsed: float) -> None:
        """Once in a while: what is really on screen, where that is slower than the file says."""
        shown = self._steps * 1000.0 / (elapsed - self._checked)
        self._steps, self._checked = 0, elapsed
        if shown < SLOW * timing.per_second:
            rates = {"n": f"{shown:.3g}", "all": f"{timing.per_second:.3g}"}
            self._say(tr("This computer shows {n} of {all} pictures a second; some are skipped.", **rates))

    def _look(self, state: State) -> None:
        """Somebody else moved the pane: the film stops there."""
        before = self._shown
        if self._timing is None or before is None:
            return
        pane = state.view.panes[self._number] if self._number < len(state.view.panes) else None
        if pane is not None and self._is_own and _same_film(pane, before):
            self._shown = pane
        elif (
            pane is None
            or state.view.active != self._number
            or pane.index != before.index
            or not _same_film(pane, before)
        ):
            self.stop()


def _same_film(one: PaneView, other: PaneView) -> bool:
    return (one.series_id, one.group, one.plane) == (other.series_id, other.group, other.plane)
