"""Paper: pages of a PDF become pictures in a process of their own, one for each page, that may be lost without harm.

A process takes 0.2 s to start; a page is asked for by a person, one at a time, and nothing of one page is there when
the next is drawn. Its answer is a fixed head and exactly as many bytes as the head says, within the limits.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from viewer.codec.paper_worker import (
    ANSWER,
    CODES,
    HIGHEST,
    LARGEST_DOCUMENT,
    MAGIC,
    MOST_DOTS,
    OPENED,
    WIDEST,
)
from viewer.codec.process import TOO_SLOW, small_environment
from viewer.jobs.jobs import Cancelled
from viewer.problem import Problem, ProblemError, problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WALL_SECONDS = 40.0  # the process ends itself after 10 s of CPU time; the machine may be busy with other work
_LOOK_SECONDS = 0.05
_START = "import sys; sys.path.insert(0, sys.argv[1]); from viewer.codec.paper_worker import main; main()"
Unwanted = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page as a picture. dots: uint8 (rows, columns, RGB), on white. number: from 0. count: all pages there are.

    `problem`: why there are no dots (shape 0, 0, 3), where the other pages may still be drawn.
    """

    number: int
    count: int
    dots: NDArray[np.uint8]
    problem: Problem | None = None


def draw_page(document: bytes, number: int, columns: int, unwanted: Unwanted = lambda: False) -> PaperPage:
    """Page `number` (from 0) of a PDF, about `columns` wide (64 to 2400). Blocks.

    `unwanted` is asked 20 times a second; once True, the process is ended and Cancelled raised. A page that fails has
    one of the problems paper_damaged (no such page), paper_page_damaged, paper_page_too_large, paper_too_slow; one of
    these, or paper_locked, is raised as a ProblemError where not even the number of pages is known.
    """
    if len(document) > LARGEST_DOCUMENT:
        raise ProblemError(problem("paper_page_too_large"))
    try:
        process = _started(number, max(64, min(columns, WIDEST)))
    except OSError as failure:
        raise ProblemError(problem("paper_page_damaged")) from failure
    watch, count = _Watch(process, unwanted), 0
    try:
        count = _opened(process, document)
        return PaperPage(number, count, _fetched(process))
    except (ProblemError, OSError, ValueError) as failure:
        if unwanted():
            raise Cancelled from failure
        trouble = failure.problem if isinstance(failure, ProblemError) else _lost(process, watch)
        if not count:
            raise ProblemError(trouble) from failure
        return PaperPage(number, count, np.empty((0, 0, 3), np.uint8), trouble)
    finally:
        watch.end()


def _started(number: int, columns: int) -> subprocess.Popen[bytes]:
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _START, root, str(number), str(columns)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=small_environment(),
    )


def _opened(process: subprocess.Popen[bytes], document: bytes) -> int:
    """How many pages there are, 0 when it could not be opened. Raises OSError when the process died."""
    assert process.stdin is not None
    process.stdin.write(document)
    process.stdin.close()
    magic, count = OPENED.unpack(_read(process, OPENED.size))
    if magic != MAGIC:
        raise OSError("no sense")
    return int(count)


def _fetched(process: subprocess.Popen[bytes]) -> NDArray[np.uint8]:
    """The dots. Raises ProblemError with the process's own word, OSError when it died or answered nonsense."""
    magic, code, columns, rows = ANSWER.unpack(_read(process, ANSWER.size))
    if magic != MAGIC or code >= len(CODES):
        raise OSError("no sense")
    if code:
        raise ProblemError(problem(CODES[code]))
    if not (0 < columns <= WIDEST + 1 and 0 < rows <= HIGHEST + 1 and columns * rows <= MOST_DOTS * 1.01):
        raise OSError("no page")
    return np.frombuffer(_read(process, columns * rows * 3), np.uint8).reshape(rows, columns, 3)


def _read(process: subprocess.Popen[bytes], size: int) -> bytes:
    assert process.stdout is not None
    data = process.stdout.read(size)
    if len(data) < size:
        raise OSError("no answer")
    return data


def _lost(process: subprocess.Popen[bytes], watch: _Watch) -> Problem:
    """Why a process gave up answering: its time was over, by the clock or by the system's count, or it died."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(0.5)
    slow = watch.overdue or process.returncode in TOO_SLOW
    return problem("paper_too_slow" if slow else "paper_page_damaged")


class _Watch:
    """Ends a process whose time is over or whose page nobody wants any more: it may never answer by itself."""

    def __init__(self, process: subprocess.Popen[bytes], unwanted: Unwanted) -> None:
        self.overdue = False
        self._process, self._unwanted = process, unwanted
        self._deadline = time.monotonic() + _WALL_SECONDS
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sidelight-paper-watch", daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            self.overdue = time.monotonic() > self._deadline
            if self.overdue or self._unwanted():
                self._process.kill()
                return

    def end(self) -> None:
        """Kill the process if it still runs and give back its pipes."""
        self._over.set()
        self._thread.join()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
