"""Whose turn it is: one interpreter lock serves all threads, and each Qt call of the window gives it up for a moment.

A worker in plain Python takes it then and keeps it for a whole switch interval: a repaint of fifty calls waited fifty
times. So the window says when it is at work, and workers step aside between two of their steps.
"""

from __future__ import annotations

import threading
from types import TracebackType

LONGEST = 0.05  # seconds a worker waits in one go: a window that works without end must not stop the work behind it


class Turns:
    """`with WINDOW_FIRST:` around what the window does (its own thread only); `step_aside()` in the loops of workers."""

    def __init__(self) -> None:
        self._depth = 0
        self._free = threading.Event()
        self._free.set()

    def __enter__(self) -> None:
        self._depth += 1
        if self._depth == 1:
            self._free.clear()

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if not self._depth:
            self._free.set()

    def step_aside(self) -> None:
        """Wait while the window is at work; costs next to nothing when it is not."""
        if not self._free.is_set():
            self._free.wait(LONGEST)


WINDOW_FIRST = Turns()
