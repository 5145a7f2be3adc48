"""A clock in the window's thread: how late it strikes, how much of that the thread itself used, and where it was meanwhile."""

from __future__ import annotations

import faulthandler
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from tempfile import TemporaryFile
from typing import TextIO

from PySide6.QtCore import Qt, QTimer

from viewer.bench.measure import Figure, figure, percentile

TICK = 5  # milliseconds
STUCK = 0.020  # seconds without a strike after which the watcher looks where the thread is
PAUSE_LIMIT, FRAME_LIMIT = 50.0, 12.0
ROOM, LONGEST = "viewer", 200
OURS = re.compile(r'File ".*[/\\]viewer[/\\](.+)\.py", line (\d+) in (.+)')


@dataclass(frozen=True, slots=True)
class Pause:
    """One strike, in milliseconds: how late, for how much of it the thread stood in line for a processor (that part
    belongs to other programs; 0 where the system does not tell), its own work since the last one, what a virtual
    machine's host withheld meanwhile (all processors together, in steps of ten), where the thread was seen."""

    late: float
    queued: float
    busy: float
    withheld: float
    place: str

    @property
    def own(self) -> float:
        """What a machine of our own would have shown: the thread's work and its waiting for other threads of ours."""
        return max(0.0, self.late - self.queued)


class Clock:
    """Strikes every 5 ms in the window's thread. `start` and `stop` bound what is measured."""

    def __init__(self) -> None:
        self.pauses: list[Pause] = []
        self._due = self._busy = self._queued = self._withheld = 0.0
        self._watcher = Watcher(threading.get_ident())
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._strike)

    def start(self) -> None:
        """Note from now on."""
        self.pauses = []
        self._watcher.start()  # before the first strike is due: what it takes is no pause of the window
        self._begin()
        self._timer.start()

    def stop(self) -> None:
        """Enough."""
        self._timer.stop()
        self._watcher.stop()

    def _begin(self) -> None:
        self._busy, self._queued, self._withheld = time.thread_time(), queued(), withheld()
        self._due = time.perf_counter() + TICK / 1000

    def _strike(self) -> None:
        late = max(0.0, time.perf_counter() - self._due) * 1000
        waited, busy = (queued() - self._queued) * 1000, (time.thread_time() - self._busy) * 1000
        taken = (withheld() - self._withheld) * 1000
        self.pauses.append(Pause(late, waited, busy, taken, self._watcher.struck()))
        self._begin()

    def figures(self, name: str) -> list[Figure]:
        """The longest pause by the clock and without the waiting in line, and what 99 of 100 strikes stayed below."""
        rows = []
        for words, value in (("longest pause", BY_CLOCK), ("longest pause of our own", OWN)):
            one = max(self.pauses, key=value)
            gone = f", {one.withheld:.0f} ms of processors withheld by the machine's host" if one.withheld else ""
            note = f"{one.busy:.0f} ms on the processor{gone}; {one.place}".rstrip("; ")
            rows.append(figure(f"{name}: {words}", [value(one)], limit=PAUSE_LIMIT, note=note))
        for words, value in (("lateness, 99 of 100", BY_CLOCK), ("lateness of our own, 99 of 100", OWN)):
            high = percentile([value(one) for one in self.pauses], 99)
            rows.append(figure(f"{name}: {words}", [high], limit=FRAME_LIMIT, note=f"{len(self.pauses)} strikes"))
        return rows


BY_CLOCK: Callable[[Pause], float] = attrgetter("late")
OWN: Callable[[Pause], float] = attrgetter("own")


def queued() -> float:
    """Seconds this thread has been ready to run while others had the processors (Linux; elsewhere 0)."""
    try:
        with open("/proc/thread-self/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


def withheld() -> float:
    """Seconds for which the host of this virtual machine gave its processors to others, all of them together (Linux;
    elsewhere 0)."""
    try:
        with open("/proc/stat") as file:
            return int(file.readline().split()[8]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return 0.0


class Watcher:
    """A thread of its own that looks where the watched one is when it has not struck for a while."""

    def __init__(self, thread: int) -> None:
        self._thread = thread
        self._last = 0.0
        self._seen: Counter[str] = Counter()
        self._end = threading.Event()

    def start(self) -> None:
        """Look from now on."""
        self._last = time.perf_counter()
        self._end = threading.Event()
        page = TemporaryFile("w+")  # noqa: SIM115  here, since a busy disk would keep the watcher from watching; it closes it
        threading.Thread(target=self._look, args=(self._end, page), daemon=True, name="bench-watcher").start()

    def stop(self) -> None:
        """Look no more."""
        self._end.set()

    def struck(self) -> str:
        """The thread is alive; the place it was seen at most since the last time, "" where it was never stuck."""
        seen, self._seen = self._seen, Counter()
        self._last = time.perf_counter()
        return seen.most_common(1)[0][0] if seen else ""

    def _look(self, end: threading.Event, page: TextIO) -> None:
        with page:
            while not end.wait(STUCK / 4):
                if time.perf_counter() - self._last > STUCK:
                    self._seen[place_of(stack_of(self._thread, page))] += 1


def stack_of(thread: int, page: TextIO) -> list[str]:
    """Lines of a thread's stack, innermost first.

    By way of a file: `sys._current_frames` makes frame objects of a running thread, and with PySide's calls on the
    stack that ended the interpreter (Python 3.11, one run in two); faulthandler only reads.
    """
    page.seek(0)
    page.truncate()
    faulthandler.dump_traceback(page)
    page.seek(0)
    parts = page.read().replace("Current thread", "Thread").split("Thread 0x")
    stacks = {part.split(" ", 1)[0]: part.splitlines()[1:] for part in parts[1:]}
    return stacks.get(f"{thread:016x}", [])


def place_of(stack: list[str]) -> str:
    """The innermost functions of ours: "panes/area:70 _refresh < usecases/panes:51 show < …"."""
    found = (OURS.search(line) for line in stack if f"/{ROOM}/bench/" not in line)
    return " < ".join(f"{one[1]}:{one[2]} {one[3]}" for one in found if one)[:LONGEST]
