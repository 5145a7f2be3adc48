"""FrameStore: the frames of a group, read when asked for, the latest kept as far as the memory budget allows."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from viewer.index.model import Frame
from viewer.jobs.turns import WINDOW_FIRST
from viewer.problem import ProblemError
from viewer.volume.reader import FrameReader
from viewer.volume.values import FrameValues, frame_values, looked_through

Check = Callable[[], None]
T = TypeVar("T")
WAIT_SECONDS = 0.05  # between two looks whether what is waited for is still wanted


def outward(count: int) -> list[int]:
    """0 … count - 1, the middle first, then its neighbours on both sides in turn."""
    middle = count // 2
    return sorted(range(count), key=lambda index: (abs(index - middle), index < middle))


def in_runs(indices: Sequence[int], alone: int, length: int) -> list[tuple[int, ...]]:
    """`indices` in order: the first `alone` one by one, since they are wanted soonest, the rest in runs of neighbours
    of up to `length`, which are quicker to read."""
    runs: list[tuple[int, ...]] = [(index,) for index in indices[:alone]]
    sides: dict[bool, list[int]] = {False: [], True: []}
    for index in indices[alone:]:
        side = sides[index > indices[0]]
        if side and (len(side) == length or abs(index - side[-1]) != 1):
            runs.append(tuple(sorted(side)))
            side.clear()
        side.append(index)
    return runs + [tuple(sorted(side)) for side in sides.values() if side]


def side_by_side(indices: Sequence[T], bring: Callable[[T], bool], check: Check, threads: int) -> None:
    """Call `bring` for each index in order, on `threads` threads, the caller's among them.

    Ends early when `bring` says False. What `check` (called before each) or `bring` raise on any thread is raised here.
    """
    waiting, lock, stop = iter(indices), threading.Lock(), threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                with lock:
                    index = next(waiting, None)
                if index is None:
                    return
                check()
                if not bring(index):
                    return
        finally:
            stop.set()

    with ThreadPoolExecutor(max(1, threads - 1), "sidelight-read", WINDOW_FIRST.join) as pool:
        others = [pool.submit(work) for _ in range(threads - 1)]
        work()
        for other in others:
            other.result()


class OneFills:
    """Lets one thread fill a store at a time; who comes meanwhile waits, and finds out then what is left to do. Several at
    once bring in nothing sooner: they get in one another's way at each frame."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def one(self, check: Check) -> Iterator[None]:
        """`check` is called while another fills, and may raise. It may also wait for the window, which never fills a
        store: this lock it does not want."""
        while not self._lock.acquire(timeout=WAIT_SECONDS):
            check()
        try:
            yield
        finally:
            self._lock.release()


class FrameStore:
    """Least recently used frames leave first; one is always kept, even where it alone is over the budget."""

    def __init__(self, frames: Sequence[Frame], reader: FrameReader) -> None:
        self._frames = frames
        self._reader = reader
        self._kept: OrderedDict[int, FrameValues] = OrderedDict()
        self._sizes: dict[int, int] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def held(self) -> int:
        """How many frames are in memory."""
        return len(self._kept)

    def peek(self, index: int) -> FrameValues | None:
        """The frame if it is in memory."""
        with self._lock:
            found = self._kept.get(index)
            if found is not None:
                self._kept.move_to_end(index)
            return found

    def get(self, index: int, check: Check = lambda: None, threads: int = 1) -> FrameValues:
        """The frame, read and decoded when it is not in memory; raises ProblemError."""
        found = self.peek(index)
        if found is None:
            frame = self._frames[index]
            stored = self._reader.stored(frame, None, check, threads)
            found = frame_values(frame, looked_through(frame, stored))
            self._keep(index, found)
        return found

    def fill(self, check: Check) -> None:
        """Read frames from the middle outward until all are there or the budget is used up."""

        def bring(index: int) -> bool:
            if self.held and self._largest() > self._reader.budget.free:
                return False
            with contextlib.suppress(ProblemError):  # said again when someone looks at this very frame
                self.get(index, check)
            return True

        side_by_side(outward(len(self._frames)), bring, check, self._reader.threads)

    def _largest(self) -> int:
        with self._lock:
            return max(self._sizes.values(), default=0)

    def values(self) -> list[FrameValues]:
        """The frames in memory."""
        with self._lock:
            return list(self._kept.values())

    def _keep(self, index: int, values: FrameValues) -> None:
        size = values.values.nbytes + (values.padding.nbytes if values.padding is not None else 0)
        budget = self._reader.budget
        with self._lock:
            if index in self._kept or self._closed:
                return
            while not budget.take(self, size, pinned=not self._kept):
                old, _ = self._kept.popitem(last=False)
                budget.give_back(self, self._sizes.pop(old))
            self._kept[index], self._sizes[index] = values, size

    def close(self) -> None:
        """Give all frames up."""
        with self._lock:
            self._closed = True
            self._kept.clear()
            self._sizes.clear()
            self._reader.budget.give_back(self)
