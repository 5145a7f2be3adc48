"""A small queue that brings work back to the store's thread where there is no window to do it (commands, tests)."""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import TypeVar

from viewer.jobs.jobs import Job

T = TypeVar("T")


class Loop:
    """`call_soon` from any thread; `run_until` on the thread that owns the store."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def call_soon(self, work: Callable[[], None]) -> None:
        """Run `work` on the loop's thread, soon."""
        self._queue.put(work)

    def run_until(self, done: Callable[[], bool], each: float = 0.05) -> None:
        """Run what comes in until `done()`; `done` is asked after each piece and at least every `each` seconds."""
        while not done():
            try:
                self._queue.get(timeout=each)()
            except queue.Empty:
                continue
        while True:
            try:
                self._queue.get_nowait()()
            except queue.Empty:
                return

    def result(self, job: Job[T]) -> T:
        """The job's result, running the loop meanwhile; re-raises the job's failure."""
        self.run_until(lambda: job.finished, 0.01)
        return job.wait(0)
