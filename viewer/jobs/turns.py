"""Whose turn it is: one interpreter lock serves all threads, and each Qt call of the window gives it up for a moment.

A worker in plain Python takes it then and keeps it for a whole switch interval: a repaint of fifty calls waited fifty
times. So the window says when it is at work, and workers step aside between two of their steps.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from types import TracebackType

BEHIND = 5  # steps of niceness: about a third of the processor time where both want it
LONGEST = 0.25  # seconds that workers wait from `begin`: a window at work without end must not stop what is behind it


class Turns:
    """`with WINDOW_FIRST:` around what the window does (its own thread only); `step_aside()` in the loops of workers."""

    def __init__(self) -> None:
        self._depth = 0
        self._window = 0
        self._since = 0.0
        self._has_window = False
        self._free = threading.Event()
        self._free.set()

    def listen_for_window(self) -> None:
        """There is a window: workers that begin from now on stand back for it."""
        self._has_window = True

    def join(self) -> None:
        """Called by each worker as it begins."""
        if self._has_window:
            stand_back()

    def begin(self) -> None:
        """The window is at work; for each `begin` an `end`."""
        if not self._depth:
            self._since = time.monotonic()
        self._depth += 1
        self._window = threading.get_ident()
        if self._depth == 1:
            self._free.clear()

    def end(self) -> None:
        """What `begin` began is done."""
        self._depth -= 1
        if not self._depth:
            self._free.set()

    def __enter__(self) -> None:
        self.begin()

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def step_aside(self) -> None:
        """Wait while the window is at work; costs next to nothing when it is not, nor on the window's own thread."""
        if self._depth and threading.get_ident() != self._window:
            left = self._since + LONGEST - time.monotonic()
            if left > 0:
                self._free.wait(left)


def stand_back() -> None:
    """This thread lets others go first for a processor (Linux, where threads have a rank each; elsewhere nothing)."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BEHIND)


def take_turns() -> None:
    """This thread keeps its share but never pushes another one off a processor as it wakes up (Linux; elsewhere
    nothing)."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


WINDOW_FIRST = Turns()
