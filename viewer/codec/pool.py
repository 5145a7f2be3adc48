"""Decoder: compressed pictures are decoded in worker processes that may be lost without harm.

A worker is started when first needed, ended when its time is over, and replaced when it died. Its answer is a fixed
head and exactly as many bytes as the header's description asks for; nothing from it is unpickled or trusted further.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

import numpy as np

from viewer.codec.stored import StoredFrame, byte_view, stored_dtype, stored_shape
from viewer.codec.worker import ANSWER, CODES, MAGIC, NOTES, PHOTOMETRICS
from viewer.dicom.header import PixelDescription
from viewer.problem import Problem, ProblemError, problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

Check = Callable[[], None]

_LARGEST_STREAM = 512 * 2**20
_CPU_SECONDS, _CPU_PER_MEGAPIXEL = 1.0, 0.6  # the slowest honest decoder (JPEG 2000) takes 0.1 s per megapixel
_KEPT_AREA = 16 * 2**20  # a larger picture's memory is given back at once
_PIPE = 2**20
_WALL = 8.0  # times the CPU limit, which ends what never ends: the machine may be busy with other work
_START_SECONDS = 20.0  # of wall time for a new process to be there, 0.3 on an idle machine
TOO_SLOW = frozenset(-int(getattr(signal, name, 0)) for name in ("SIGPROF", "SIGXCPU"))
_START = "import sys; sys.path.insert(0, sys.argv[1]); from viewer.codec.worker import main; main()"


class Decoding(Protocol):
    """What `volume` needs of a decoder."""

    @property
    def workers(self) -> int: ...

    def decode(
        self,
        stream: bytes,
        description: PixelDescription,
        transfer_syntax: str,
        check: Check = ...,
        into: NDArray[np.generic] | None = ...,
        threads: int = ...,
    ) -> StoredFrame: ...


class _Worker:
    """One process. Used by one thread at a time."""

    def __init__(self) -> None:
        self.area = os.memfd_create("sidelight-frame") if hasattr(os, "memfd_create") else -1
        root = str(Path(__file__).resolve().parents[2])
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, root, str(self.area)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(self.area,) if self.area >= 0 else (),
            env=small_environment(),
        )
        _widen(self.process.stdin)
        self.serial = 0
        self.deadline = float("inf")
        self.overdue = False

    def ask(self, head: dict[str, object], stream: bytes) -> tuple[int, int, int, int]:
        """(code, photometric, notes, bytes); raises OSError when the process died or answered nonsense."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.serial = (self.serial + 1) % 2**32
        words = json.dumps({**head, "serial": self.serial, "length": len(stream)}).encode()
        self.process.stdin.write(len(words).to_bytes(4, "little") + words)
        self.process.stdin.write(stream)
        self.process.stdin.flush()
        answer = self.process.stdout.read(ANSWER.size)
        if len(answer) < ANSWER.size:
            raise OSError("no answer")
        magic, serial, code, photometric, notes, size = ANSWER.unpack(answer)
        if magic != MAGIC or serial != self.serial or code >= len(CODES) or photometric >= len(PHOTOMETRICS):
            raise OSError("no sense")
        return code, photometric, notes, size

    def fetch(self, target: memoryview) -> None:
        """Fill `target` (bytes) with the decoded values; raises OSError where the worker gives fewer."""
        at = 0
        while at < len(target):
            if self.area >= 0:
                got = os.preadv(self.area, [target[at:]], at)
            else:
                assert self.process.stdout is not None
                got = self.process.stdout.readinto(target[at:])  # type: ignore[attr-defined]
            if not got:
                raise OSError("short")
            at += got
        if self.area >= 0 and at > _KEPT_AREA:
            os.ftruncate(self.area, 0)

    def end(self) -> int:
        """Kill the process, give back what it held, return its exit code."""
        self.process.kill()
        code = self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        if self.area >= 0:
            os.close(self.area)
            self.area = -1
        return code


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a whole stream fit into the pipe, where the system can: else the two processes take turns many times."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        if pipe is not None:
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


@lru_cache(maxsize=256)
def _in_words(description: PixelDescription) -> dict[str, object]:
    """What a worker is told of a picture; the same for all of a series."""
    return {**asdict(description), "padding": None}


def _empty(shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    try:
        return np.empty(shape, dtype)
    except MemoryError as failure:
        raise ProblemError(problem("picture_too_large")) from failure


def small_environment() -> dict[str, str]:
    """As little as a process needs to start; one thread for linear algebra keeps its address space small."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "2"}


class Decoder:
    """A pool of decoder processes. Safe to call from several threads; each waits for a free worker."""

    def __init__(self, workers: int = 0) -> None:
        self._most = workers or max(1, min(4, os.cpu_count() or 1))
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._free = threading.Condition()
        self._closed = False
        self._watch: threading.Thread | None = None

    @property
    def workers(self) -> int:
        """How many pictures may be decoded at once."""
        return self._most

    def warm(self) -> None:
        """Start one worker ahead of need (0.2 s), so that the first compressed picture does not wait for it."""
        self._give_back(self._take(lambda: None))

    def decode(
        self,
        stream: bytes,
        description: PixelDescription,
        transfer_syntax: str,
        check: Check = lambda: None,
        into: NDArray[np.generic] | None = None,
        threads: int = 1,
    ) -> StoredFrame:
        """Stored values of one compressed picture (PS3.5 8.2, Annex A.4).

        `into`: an array of the right shape and dtype to be filled, else one is made. `check` may raise to cancel
        before the work begins. Raises ProblemError: picture_damaged, picture_contradicts, decoder_died,
        decoder_too_slow, picture_too_large, unknown_encoding.
        """
        shape, dtype = stored_shape(description), stored_dtype(description)
        if len(stream) > _LARGEST_STREAM:
            raise ProblemError(problem("picture_too_large"))
        array = into if into is not None else _empty(shape, dtype)
        if array.shape != shape or array.dtype != dtype or not array.flags.c_contiguous:
            raise ProblemError(problem("picture_contradicts"))
        cpu = _CPU_SECONDS + _CPU_PER_MEGAPIXEL * description.rows * description.columns / 1e6 * threads
        head = {
            "description": _in_words(description),
            "transfer_syntax": transfer_syntax[:64],
            "threads": threads,
            "cpu_seconds": cpu,
        }
        try:
            photometric, notes = self._ask(head, stream, byte_view(array), cpu * _WALL, check)
        except ProblemError as failure:
            if failure.problem.code != "decoder_died" or self._closed:
                raise  # once more, in a new process: the others may have been killed with this one, between two pictures
            photometric, notes = self._ask(head, stream, byte_view(array), cpu * _WALL, check, fresh=True)
        words = tuple(problem(name) for bit, name in enumerate(NOTES) if notes >> bit & 1)
        return StoredFrame(array, PHOTOMETRICS[photometric] or description.photometric, words)

    def _ask(
        self,
        head: dict[str, object],
        stream: bytes,
        target: memoryview,
        seconds: float,
        check: Check,
        fresh: bool = False,
    ) -> tuple[int, int]:
        """(photometric, notes); `target` is filled. A worker that fails is ended and not used again."""
        worker = self._take(check, fresh)
        try:
            worker.deadline = time.monotonic() + seconds + (0.0 if worker.serial else _START_SECONDS)
            code, photometric, notes, size = worker.ask(head, stream)
            if code:
                raise ProblemError(problem(CODES[code]))
            if size != len(target):
                raise OSError("wrong size")
            worker.fetch(target)
            return photometric, notes
        except (OSError, ValueError) as failure:
            raise ProblemError(self._lost(worker)) from failure
        finally:
            worker.deadline = float("inf")
            self._give_back(worker)

    def close(self) -> None:
        """End all workers. A decode that runs now ends with `decoder_died`."""
        with self._free:
            self._closed = True
            idle, busy = tuple(self._idle), tuple(self._busy)
            self._idle.clear()
            self._free.notify_all()
        for worker in busy:
            worker.process.kill()  # who uses it ends it, once: another may have the number of its file by then
        for worker in idle:
            worker.end()
        if self._watch is not None:
            self._watch.join()

    def _take(self, check: Check, fresh: bool = False) -> _Worker:
        check()
        while (worker := self._waited(fresh)) is None:
            check()  # not under the lock: it may wait for the window, and the window for the lock
        return worker

    def _waited(self, fresh: bool) -> _Worker | None:
        """A worker, taken; None where none came free for a little."""
        with self._free:
            worker = self._found(fresh)
            if worker is None:
                self._free.wait(0.05)
            else:
                self._busy.add(worker)
            return worker

    def _found(self, fresh: bool) -> _Worker | None:
        """An idle worker that lives (unless it has to be a `fresh` one), a new one while there may be more, else None."""
        if self._closed:
            raise ProblemError(problem("decoder_died"))
        if fresh and self._idle and len(self._idle) + len(self._busy) >= self._most:
            self._idle.pop(0).end()
        while self._idle and not fresh:
            worker = self._idle.pop()
            if worker.process.poll() is None:
                return worker
            worker.end()
        return self._started() if len(self._busy) < self._most else None

    def _started(self) -> _Worker:
        if self._watch is None:
            self._watch = threading.Thread(target=self._guard, name="sidelight-decoder-watch", daemon=True)
            self._watch.start()
        try:
            return _Worker()
        except OSError as failure:
            raise ProblemError(problem("decoder_died")) from failure

    def _give_back(self, worker: _Worker) -> None:
        with self._free:
            self._busy.discard(worker)
            if worker.area == -1 and worker.process.poll() is not None:
                pass
            elif self._closed:
                worker.end()
            else:
                self._idle.append(worker)
            self._free.notify()

    def _lost(self, worker: _Worker) -> Problem:
        """End a worker that failed and say why it did."""
        overdue = worker.overdue
        try:
            code = worker.process.wait(0.2)
        except subprocess.TimeoutExpired:
            code = 0
        worker.end()
        return problem("decoder_too_slow" if overdue or code in TOO_SLOW else "decoder_died")

    def _guard(self) -> None:
        """End workers whose time is over (wall clock; their CPU time they watch themselves)."""
        while True:
            with self._free:
                if self._closed:
                    return
                late = [worker for worker in self._busy if worker.deadline < time.monotonic()]
                self._free.wait(0.25)
            for worker in late:
                worker.overdue = True
                worker.process.kill()
