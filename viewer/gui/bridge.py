"""Bridge: the only place where threads become signals. One queue, one signal, drained on the window's thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot

from viewer.gui.pace import AtWork
from viewer.jobs.jobs import Job
from viewer.jobs.mistakes import tell_of

T = TypeVar("T")
SLICE_SECONDS = 0.004
PROGRESS_SECONDS = 1 / 30


class _Bell(QObject):
    """What of the bridge is Qt's. It belongs to the application: were it Python's, it would go with the last one who
    knows the bridge, and where that is a worker, its timers would be taken down beside the window that runs them."""

    rung = Signal()

    def __init__(self, drain: Callable[[], None]) -> None:
        super().__init__(QCoreApplication.instance())
        self._drain = drain
        self.at_work = AtWork(self)
        self.rung.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self.rest = QTimer(self)  # not another signal: Qt hands out all of them before it paints or hears the hand
        self.rest.setSingleShot(True)
        self.rest.timeout.connect(self._hear)

    @Slot()  # known to Qt from the start: a method tied up at `connect` and called from other threads has crashed (PYSIDE-3124)
    def _hear(self) -> None:
        self._drain()


class Bridge:
    """Made and stopped on the window's thread; `call_soon` and `follow` may be called from any."""

    def __init__(self) -> None:
        self._queue: deque[Callable[[], None]] = deque()
        self._stopped = False
        self._is_told = False  # the window knows that there is something in the queue
        self._ringing = threading.Lock()  # while it rings the bell must stay
        self._bell = _Bell(self._drain)

    def call_soon(self, work: Callable[[], None]) -> None:
        """Run `work` on the window's thread, soon, in order."""
        if not self._stopped:
            self._queue.append(work)
            if not self._is_told:  # a signal for each would have all portions handed out before the window paints
                self._is_told = True
                with self._ringing:
                    if not self._stopped:
                        self._bell.rung.emit()

    def stop(self) -> None:
        """Nothing more reaches the window: it is closing, and what comes late has no place any more. A second call does
        nothing."""
        if self._stopped:
            return
        with self._ringing:
            self._stopped = True
        self._queue.clear()
        self._bell.at_work.end()
        self._bell.deleteLater()

    def follow(self, job: Job[T], show: Callable[[Job[T]], None]) -> None:
        """Call `show(job)` on the window's thread: at most 30 times a second, and once at the end."""
        due = [0.0]

        def told(job: Job[T]) -> None:
            now = time.monotonic()
            ended = job.finished
            if ended and (mistake := job.mistake) is not None:
                tell_of(mistake)  # the person gets a sentence
            if ended or now >= due[0]:
                due[0] = now + PROGRESS_SECONDS
                # Progress that arrives after the end is no news, and would tell of the end before what came with it.
                self.call_soon(lambda: show(job) if ended or not job.finished else None)

        job.listen(told)

    def _drain(self) -> None:
        if self._stopped:  # what was rung before
            return
        # In portions: a long queue must not hold up painting and the person's hand.
        end = time.monotonic() + SLICE_SECONDS
        self._bell.at_work.begin()
        try:
            while self._queue and not self._stopped:  # a worker may have got past the question as it stopped
                self._queue.popleft()()
                if time.monotonic() > end:
                    break
        finally:
            self._is_told = False
            if self._queue and not self._stopped:  # also what a worker added in this very moment
                self._is_told = True
                self._bell.rest.start(0)
