"""A medium that fails as real ones do: reads that error, come short, take their time, or stop for good. Seeded."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from threading import Lock

from viewer.disc.folder import failure
from viewer.disc.medium import FoundFile, Medium
from viewer.problem import ProblemError


class FailingMedium:
    """Protocol `Medium` around another one.

    error, short, stall: chance of each for one read. pulled_after: reads until the disc is gone.
    """

    def __init__(
        self,
        inner: Medium,
        seed: int,
        error: float = 0.0,
        short: float = 0.0,
        stall: float = 0.0,
        pulled_after: int | None = None,
    ) -> None:
        self._inner = inner
        self._chance = Random(seed)
        self._shares = error, short, stall
        self._left = pulled_after
        self._lock = Lock()
        self.failed: set[str] = set()
        self.shortened: set[str] = set()

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def fingerprint(self) -> str:
        return self._inner.fingerprint

    def walk(self) -> Iterator[FoundFile]:
        return self._inner.walk()

    def inside(self, found: FoundFile) -> Iterable[FoundFile]:
        return self._inner.inside(found)

    def read(self, path: str, offset: int, size: int) -> bytes:
        with self._lock:
            error, short, stall = (self._chance.random() < share for share in self._shares)
            part = self._chance.random()
            if self._left is not None:
                self._left -= 1
            pulled = self._left is not None and self._left < 0
        if stall:
            time.sleep(0.01)
        if error or pulled:
            self.failed.add(path)
            number = errno.ENODEV if pulled else errno.EIO
            raise ProblemError(failure(OSError(number, "made to fail"), path))
        data = self._inner.read(path, offset, size)
        if short and data:
            self.shortened.add(path)
            return data[: int(len(data) * part)]
        return data

    def local(self, path: str) -> Path | None:
        return None  # so that every byte comes through `read`

    def close(self) -> None:
        self._inner.close()


class PulledOut:
    """`os.pread` and its kin for a drive that loses its disc: the real medium retries, then gives up."""

    def __init__(self, seed: int, share: float, numbers: tuple[int, ...]) -> None:
        self._chance, self._share, self._numbers = Random(seed), share, numbers
        self._lock = Lock()

    def check(self) -> None:
        """Raise OSError now and then."""
        with self._lock:
            fails, number = self._chance.random() < self._share, self._chance.choice(self._numbers)
        if fails:
            raise OSError(number, "made to fail")
