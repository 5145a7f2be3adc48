"""Pace: the interpreter set so that the window goes first, and reference cycles searched for on its own thread alone.

By itself the collector runs in whatever thread makes one object too many, and takes down what it finds there. A widget
taken down by a worker stops the program for ever: the worker holds a lock of Qt and waits for the interpreter, the
window the other way round. So the collector is off, and timers of the window look for it: young objects as they come,
those since the last search in still moments, and all of them (50 to 120 ms) where nothing has changed for a minute.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from viewer.jobs.turns import WINDOW_FIRST, Turns

if TYPE_CHECKING:
    from viewer.document.model import State
    from viewer.index.model import DiscIndex
    from viewer.usecases.session import Session

SWITCH_SECONDS = 0.0005  # how long a worker may keep the interpreter from the window; the default is ten times that
YOUNG, MIDDLE = 2000, 3  # new objects, and searches of these, before the next search
SOON_MS, LATER_MS, STILL_MS = 20, 250, 5000
LONG = 12  # still moments in a row


def set_pace() -> None:
    """For the window's process, once, before workers begin; from then on cycles go only where `YoungOnes` looks."""
    WINDOW_FIRST.listen_for_window()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()


class AtWork(QObject):
    """From `begin` until what it brings about is laid out and painted, workers step aside. Qt hands out all posted events
    before it looks at timers, so a timer tells when that is done."""

    def __init__(self, parent: QObject, turns: Turns = WINDOW_FIRST) -> None:
        super().__init__(parent)
        self._turn = _Turn(turns)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.end)
        # It may go before its timer strikes. What is called here must take nothing: for an argument PySide would wrap the
        # half-gone QObject, for which it makes the Python classes of all of Qt (50 ms) in a list that an import on a
        # worker adds to: one of sixty windows closed at its start ended in a crash.
        parent.destroyed.connect(self._turn.end)

    def begin(self) -> None:
        """On the window's thread; as often as anything begins."""
        self._turn.begin()
        self._timer.start(1)  # at 0 it could strike together with what calls this

    def end(self) -> None:
        """Also called as the window closes."""
        self._timer.stop()
        self._turn.end()


class _Turn:
    """One `begin` and one `end` at most, whoever calls them how often; no part of Qt, so that it outlives its owner."""

    def __init__(self, turns: Turns) -> None:
        self._turns, self._is_on = turns, False

    def begin(self) -> None:
        if not self._is_on:
            self._is_on = True
            self._turns.begin()

    def end(self) -> None:
        if self._is_on:
            self._is_on = False
            self._turns.end()


class YoungOnes(QObject):
    """Searches new objects for cycles, as often as there are many; made and called on the window's thread.

    Not what a disc brings while it is read: facts that only grow, among which a search finds nothing (9 ms for 3,000
    files).
    """

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._disc: DiscIndex | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._timer.start(LATER_MS)

    def look(self) -> None:
        """Search if there is reason to, and look again soon where there was."""
        before, self._disc = self._disc, self._session.store.state.disc
        is_growing = self._disc is not before or (self._disc is not None and not self._disc.complete)
        young, middle, _ = gc.get_count()
        if young >= YOUNG and is_growing:
            put_aside()
        elif young >= YOUNG:
            gc.collect(1 if middle >= MIDDLE else 0)
        self._timer.start(SOON_MS if young >= YOUNG else LATER_MS)


class StillMoments(QObject):
    """Searches for cycles among what is not put aside when nothing has changed for five seconds, and among everything when
    a disc was read since and nothing has changed for a minute; what is left is put aside."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._last: State | None = None
        self._disc: str | None = None
        self._still = 0  # looks since the last change
        timer = QTimer(self)
        timer.setInterval(STILL_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Whether this is a still moment; the first one after each time of work is used."""
        state = self._session.store.state
        if state is not self._last or (state.disc is not None and not state.disc.complete):
            self._last, self._still = state, 0
            return
        self._still += 1
        disc = state.disc.key if state.disc else None
        if self._still == LONG and disc != self._disc:
            self._disc = disc
            gc.unfreeze()  # what belonged to the disc before must not stay
        elif self._still != 1:
            return
        gc.collect()
        put_aside()


def put_aside() -> None:
    """No later search goes through what there is now, until `StillMoments` looks at everything; this takes no time."""
    gc.freeze()
