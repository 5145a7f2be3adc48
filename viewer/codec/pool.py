"""Decoder: compressed pictures are decoded in worker processes that may be lost without harm.

A worker (`process.py`) is started when first needed, ended when its time is over, and replaced when it died.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np

from viewer.codec.process import TOO_SLOW, DecoderProcess
from viewer.codec.stored import StoredFrame, byte_view, stored_dtype, stored_shape
from viewer.codec.worker import CODES, NOTES, PHOTOMETRICS
from viewer.dicom.header import PixelDescription
from viewer.problem import Problem, ProblemError, problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

Check = Callable[[], None]

_LARGEST_STREAM = 512 * 2**20
_CPU_SECONDS, _CPU_PER_MEGAPIXEL = 1.0, 0.6  # the slowest honest decoder (JPEG 2000) takes 0.1 s per megapixel
_WALL = 8.0  # times the CPU limit, which ends what never ends: the machine may be busy with other work
_START_SECONDS = 20.0  # of wall time for a new process to be there, 0.3 on an idle machine


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


@lru_cache(maxsize=256)
def _in_words(description: PixelDescription) -> dict[str, object]:
    """What a worker is told of a picture; the same for all of a series."""
    return {**asdict(description), "padding": None}


def _empty(shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    try:
        return np.empty(shape, dtype)
    except MemoryError as failure:
        raise ProblemError(problem("picture_too_large")) from failure


class Decoder:
    """A pool of decoder processes. Safe to call from several threads; each waits for a free worker."""

    def __init__(self, workers: int = 0) -> None:
        self._most = workers or max(1, min(4, os.cpu_count() or 1))
        self._idle: list[DecoderProcess] = []
        self._busy: set[DecoderProcess] = set()
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

    def _take(self, check: Check, fresh: bool = False) -> DecoderProcess:
        check()
        while (worker := self._waited(fresh)) is None:
            check()  # not under the lock: it may wait for the window, and the window for the lock
        return worker

    def _waited(self, fresh: bool) -> DecoderProcess | None:
        """A worker, taken; None where none came free for a little."""
        with self._free:
            worker = self._found(fresh)
            if worker is None:
                self._free.wait(0.05)
            else:
                self._busy.add(worker)
            return worker

    def _found(self, fresh: bool) -> DecoderProcess | None:
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

    def _started(self) -> DecoderProcess:
        if self._watch is None:
            self._watch = threading.Thread(target=self._guard, name="sidelight-decoder-watch", daemon=True)
            self._watch.start()
        try:
            return DecoderProcess()
        except OSError as failure:
            raise ProblemError(problem("decoder_died")) from failure

    def _give_back(self, worker: DecoderProcess) -> None:
        with self._free:
            self._busy.discard(worker)
            if worker.area == -1 and worker.process.poll() is not None:
                pass
            elif self._closed:
                worker.end()
            else:
                self._idle.append(worker)
            self._free.notify()

    def _lost(self, worker: DecoderProcess) -> Problem:
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
