"""The child of a damage run: walks cases `first` to `last` and prints one line of JSON for each. It may die."""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from dataclasses import asdict

from tests.damage.kinds import case
from tests.damage.walk import prepare, run_case, walker

TICK = 0.002
KILL_EVERY = 250  # cases between two deaths of a worker by our own hand


class Pauses:
    """A thread that stands for the window: how long did it not get its turn?

    What other programs took of the processors while it, or the thread that works, was ready to run does not count.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._waits = [_Wait(threading.main_thread())]
        threading.Thread(target=self._tick, daemon=True).start()

    def _tick(self) -> None:
        self._waits.append(_Wait(threading.current_thread()))
        last = time.perf_counter()
        while True:
            time.sleep(TICK)
            now = time.perf_counter()
            waited = max(wait.since_last() for wait in self._waits)
            self.longest = max(self.longest, now - last - TICK - waited)
            last = now

    def taken(self) -> float:
        """The longest pause since last asked, in seconds."""
        longest, self.longest = self.longest, 0.0
        return longest


class _Wait:
    """Seconds that a thread was ready to run and no processor was free, as Linux counts them; 0 elsewhere."""

    def __init__(self, thread: threading.Thread) -> None:
        path = f"/proc/self/task/{thread.native_id}/schedstat"
        self._file = os.open(path, os.O_RDONLY) if os.path.exists(path) else -1
        self._known = self._total()

    def _total(self) -> float:
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9 if self._file >= 0 else 0.0

    def since_last(self) -> float:
        """Since this was asked before."""
        before, self._known = self._known, self._total()
        return self._known - before


def main(seed: int, first: int, last: int) -> None:
    """Walk the cases."""
    sys.setswitchinterval(0.002)
    prepare()
    pauses = Pauses()
    with walker() as walk:
        walk.decoder.warm()
        for number in range(first, last):
            one = case(seed, number)
            pauses.taken()
            outcome = run_case(seed, one, walk)
            row = {**asdict(outcome), "pause": pauses.taken()}
            if number % KILL_EVERY == KILL_EVERY - 1:
                walk.kill_worker()
                row["recovery_killed"], row["good_refused"] = walk.next_good()
            print(json.dumps(row), flush=True)
    memory = {
        "worker_kib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
        "program_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps({"memory": memory}), flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]))
