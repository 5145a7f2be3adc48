"""Long work off the window's thread: a Job has progress, cancel, a result or a Problem. No Qt here.

A worker gets its `Job` and says how far it is with `job.report(done, total, words)`; between steps it calls
`job.check()`, which raises `Cancelled` once someone called `job.cancel()`. Listeners are called on the worker's
thread: the window listens through `gui/bridge.py`, which is the only place where threads become signals.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from viewer.jobs.turns import WINDOW_FIRST, take_turns
from viewer.problem import Problem, ProblemError, problem

T = TypeVar("T")


class Cancelled(Exception):
    """Raised inside a worker when its job was cancelled."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `total` 0 means unknown; `seconds_left` is None until it can be guessed (after 2 s)."""

    done: int = 0
    total: int = 0
    words: str = ""
    seconds_left: float | None = None


class Job(Generic[T]):
    """One piece of work. Threads may read every attribute; only the worker writes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.progress = Progress()
        self.result: T | None = None
        self.problem: Problem | None = None
        self.error: BaseException | None = None
        self._cancel = threading.Event()
        self._done = threading.Event()
        self._started = time.monotonic()
        self._listeners: list[Callable[[Job[T]], None]] = []
        self._ending = threading.Lock()  # who begins to listen at the very end hears of it once

    @property
    def cancelled(self) -> bool:
        """Whether someone asked the job to stop."""
        return self._cancel.is_set()

    @property
    def mistake(self) -> BaseException | None:
        """What the program did wrong, if that ended the work: neither a Problem nor a stop."""
        return None if isinstance(self.error, ProblemError | Cancelled) else self.error

    @property
    def finished(self) -> bool:
        """Whether the work has ended, well or not."""
        return self._done.is_set()

    def listen(self, listener: Callable[[Job[T]], None]) -> None:
        """Call `listener(job)` on each progress report and once at the end (at once if already ended)."""
        with self._ending:
            late = self.finished
            if not late:
                self._listeners.append(listener)
        if late:
            listener(self)

    def when_ended(self, call: Callable[[], None]) -> None:
        """Call once, when the work has ended, however it did (at once if already ended)."""
        self.listen(lambda job: call() if job.finished else None)

    def cancel(self) -> None:
        """Ask the worker to stop at its next `check`."""
        self._cancel.set()

    def check(self) -> None:
        """Between two steps: let the window go first, and raise `Cancelled` if the job was cancelled."""
        WINDOW_FIRST.step_aside()
        if self._cancel.is_set():
            raise Cancelled

    def pause(self, seconds: float) -> None:
        """Do nothing for so long; raises `Cancelled` as soon as the job was cancelled."""
        if self._cancel.wait(seconds):
            raise Cancelled

    def report(self, done: int, total: int = 0, words: str = "") -> None:
        """Say how far the work is; also checks for cancel."""
        self.check()
        spent = time.monotonic() - self._started
        left = spent * (total - done) / done if spent > 2 and done and total else None
        self.progress = Progress(done, total, words, left)
        self._tell()

    def wait(self, timeout: float | None = None) -> T:
        """The result; re-raises the worker's failure. Only for threads that may block (commands, tests)."""
        if not self._done.wait(timeout):
            raise TimeoutError(self.name)
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the work has ended, however it did; False after `timeout` seconds."""
        return self._done.wait(timeout)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener(self)

    def _let_go(self) -> None:
        """What ended holds nothing of what it was for: a listener that knows its job would keep that, and a whole volume
        with it, until a search for cycles comes by."""
        self._listeners.clear()
        if isinstance(self.error, ProblemError | Cancelled):
            self.error.__traceback__ = None  # its frames know the work and the job; a mistake is told with all of it

    def _drop(self, work: Callable[[Job[T]], T]) -> None:
        """It was never begun and ends at once, as cancelled: nobody waits for it for ever."""
        self.cancel()
        self._run(work)

    def _run(self, work: Callable[[Job[T]], T]) -> None:
        try:
            self.check()
            self.result = work(self)
        except ProblemError as failure:
            self.problem, self.error = failure.problem, failure
        except Cancelled as stop:
            self.error = stop
        except BaseException as mistake:  # noqa: BLE001  a decoder may raise one; kept, told, and re-raised by wait()
            self.problem, self.error = problem("mistake"), mistake
        with self._ending:
            self._done.set()
        self._tell()
        self._let_go()


class Jobs:
    """The worker threads of one program, in two lanes: what the person waits for never stands in line behind what goes
    on by itself, which may take minutes on a slow disc.

    workers: threads for what the person asked for. behind: for reading a disc, loading a set, small pictures and the like.
    """

    def __init__(self, workers: int = 2, behind: int = 2) -> None:
        self._first = ThreadPoolExecutor(workers, "sidelight-first", take_turns)
        self._behind = ThreadPoolExecutor(behind, "sidelight-behind", WINDOW_FIRST.join)
        self._counts = ((self._first, workers), (self._behind, behind))
        self._closed = False

    def begin_threads(self) -> None:
        """Begin every thread now, for a worker to call: each is else begun by the call that needs it, and whoever begins a
        thread waits until it runs, on busy processors the window for up to 40 ms."""
        with suppress(RuntimeError):  # the program closes meanwhile
            for lane, count in self._counts:
                all_begun = threading.Event()
                try:
                    for _ in range(count):  # a thread that waits is not idle, so that the next one is begun, too
                        lane.submit(all_begun.wait)
                finally:  # a thread that went on waiting would keep the program from ending
                    all_begun.set()

    def start(self, name: str, work: Callable[[Job[T]], T], *, behind: bool = False) -> Job[T]:
        """Run `work(job)` on a worker thread. behind: the person does not wait for just this, or knows that it takes long."""
        job: Job[T] = Job(name)
        if self._closed:
            job._drop(work)  # who asks while the program closes needs no answer
        else:
            begun = (self._behind if behind else self._first).submit(job._run, work)
            begun.add_done_callback(lambda begun: job._drop(work) if begun.cancelled() else None)
        return job

    def close(self) -> None:
        """Take no more work and end what has not begun as cancelled; running work should be cancelled by its owner."""
        self._closed = True
        for lane, _ in self._counts:
            lane.shutdown(wait=False, cancel_futures=True)
