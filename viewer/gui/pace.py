"""Pace: the interpreter set so that the window goes first, and the full search for reference cycles kept for still moments.

The collector stops every thread while it walks all objects: 45 ms with the headers of 3,000 files in memory. Young
objects are still searched by themselves, in steps of a few milliseconds.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from viewer.jobs.turns import WINDOW_FIRST

if TYPE_CHECKING:
    from viewer.usecases.session import Session

SWITCH_SECONDS = 0.0005  # how long a worker may keep the interpreter from the window; the default is ten times that
YOUNG, MIDDLE, NEVER = 1000, 10, 1 << 30
STILL_MS = 5000


def set_pace() -> None:
    """For the window's process, once, before workers begin."""
    WINDOW_FIRST.listen_for_window()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(YOUNG, MIDDLE, NEVER)


class StillMoments(QObject):
    """Collects cycles when nothing has changed for five seconds, and puts what is left out of the next search."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._last: object = None
        self._disc: object = None
        self._is_due = True
        timer = QTimer(self)
        timer.setInterval(STILL_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Whether this is a still moment; the first one after each time of work is used."""
        state = self._session.store.state
        if state is not self._last:
            self._last, self._is_due = state, True
            return
        if not self._is_due or (state.disc is not None and not state.disc.complete):
            return
        self._is_due = False
        if (state.disc and state.disc.key) != self._disc:
            self._disc = state.disc and state.disc.key
            gc.unfreeze()  # what belonged to the disc before must not stay
        gc.collect()
        gc.freeze()
