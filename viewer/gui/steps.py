"""Steps: what comes on screen bit by bit, one bit after the other, each laid out and painted before the next."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from viewer.gui.pace import AtWork

Step = Callable[[], object]
PORTION_SECONDS = 0.006  # laying out and painting what was made takes about as long again


class Steps(QObject):
    """One queue for the whole program: two timers of two parts would strike together, and their paint be one pause."""

    _now: Steps | None = None

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self._queue: deque[tuple[QObject, Step]] = deque()
        self._at_work = AtWork(self)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._take)

    @classmethod
    def now(cls) -> Steps:
        """The queue of the program that is running."""
        if cls._now is None or not isValid(cls._now):
            cls._now = cls(QApplication.instance())
        return cls._now

    def add(self, owner: QObject, step: Step) -> None:
        """`step` in an event of its own, after those that wait; once, however often it is added meanwhile. Left out where
        `owner` is gone by then."""
        if (owner, step) not in self._queue:
            self._queue.append((owner, step))
            self._timer.start()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to come up."""
        return not self._queue

    def leave_out(self, root: QObject) -> None:
        """Take no step of `root` or of its parts any more: it is closing."""
        self._queue = deque((owner, step) for owner, step in self._queue if not _is_part(owner, root))
        if not self._queue:
            self._timer.stop()

    def _take(self) -> None:
        owner, step = self._queue.popleft()
        if not self._queue:
            self._timer.stop()
        if isValid(owner):
            self._at_work.begin()
            step()


class Bits:
    """What a part is made of, made as an iterator goes on: the first bit at once, the others in steps of their own, so that a
    page of a thousand rows holds nothing up. What is made later comes into a part that is on screen by then, and is dressed
    once; what is put together beside it is dressed again as it goes in."""

    def __init__(self, owner: QObject) -> None:
        self._owner = owner
        self._bits: Iterator[None] | None = None
        self._done: Step = lambda: None

    @property
    def is_done(self) -> bool:
        """Whether everything that was begun is made."""
        return self._bits is None

    def make(self, bits: Iterator[None], done: Step = lambda: None) -> None:
        """Instead of what was begun before; `done` is called after the last."""
        self._bits, self._done = bits, done
        if self._has_made_one(bits):
            Steps.now().add(self._owner, self._next)

    def drop(self) -> None:
        """What is left of them is not wanted any more."""
        self._bits = None

    def _next(self) -> None:
        end, bits = time.monotonic() + PORTION_SECONDS, self._bits
        while bits is not None and self._has_made_one(bits):
            if time.monotonic() > end:
                Steps.now().add(self._owner, self._next)
                return

    def _has_made_one(self, bits: Iterator[None]) -> bool:
        for _ in bits:
            return True
        self._bits = None
        self._done()
        return False


def _is_part(owner: QObject, root: QObject) -> bool:
    part: QObject | None = owner if isValid(owner) else None
    while part is not None and part is not root:
        part = part.parent()
    return part is root
