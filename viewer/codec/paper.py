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

import numpy as np
from numpy.typing import NDArray

from viewer.codec.paper_worker import (
    ANSWER,
    CODES,
    HIGHEST,
    LARGEST_DOCUMENT,
    MAGIC,
    MOST_DOTS,
    WIDEST,
)
from viewer.codec.pool import TOO_SLOW, small_environment
from viewer.jobs.jobs import Cancelled
from viewer.problem import ProblemError, problem

_WALL_SECONDS = 40.0  # the process ends itself after 10 s of CPU time; the machine may be busy with other work
_LOOK_SECONDS = 0.05
_START = "import sys; sys.path.insert(0, sys.argv[1]); from viewer.codec.paper_worker import main; main()"
Unwanted = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One page as a picture. dots: uint8 (rows, columns, RGB), on white. number: from 0. count: all pages there are."""

    number: int
    count: int
    dots: NDArray[np.uint8]


def draw_page(document: bytes, number: int, columns: int, unwanted: Unwanted = lambda: False) -> PaperPage:
    """Page `number` (from 0) of a PDF, about `columns` wide (64 to 2400). Blocks.

    `unwanted` is asked 20 times a second; once True, the process is ended and Cancelled raised. Raises ProblemError:
    paper_damaged, paper_locked, paper_page_damaged, paper_page_too_large, paper_too_slow.
    """
    if len(document) > LARGEST_DOCUMENT:
        raise ProblemError(problem("paper_page_too_large"))
    try:
        process = _started(number, max(64, min(columns, WIDEST)))
    except OSError as failure:
        raise ProblemError(problem("paper_page_damaged")) from failure
    watch = _Watch(process, unwanted)
    try:
        return _fetched(process, document, number)
    except (OSError, ValueError) as failure:
        if unwanted():
            raise Cancelled from failure
        code = "paper_too_slow" if watch.overdue or _out_of_time(process) else "paper_page_damaged"
        raise ProblemError(problem(code)) from failure
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


def _fetched(process: subprocess.Popen[bytes], document: bytes, number: int) -> PaperPage:
    """Raises OSError or ValueError when the process died or answered nonsense."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(document)
    process.stdin.close()
    head = process.stdout.read(ANSWER.size)
    if len(head) < ANSWER.size:
        raise OSError("no answer")
    magic, code, count, columns, rows = ANSWER.unpack(head)
    if magic != MAGIC or code >= len(CODES):
        raise OSError("no sense")
    if code:
        raise ProblemError(problem(CODES[code]))
    if not (0 < columns <= WIDEST + 1 and 0 < rows <= HIGHEST + 1 and columns * rows <= MOST_DOTS * 1.01) or not count:
        raise OSError("no page")
    data = process.stdout.read(columns * rows * 3)
    return PaperPage(number, count, np.frombuffer(data, np.uint8).reshape(rows, columns, 3))


def _out_of_time(process: subprocess.Popen[bytes]) -> bool:
    """Whether the system ended a process that has given up answering, for its CPU time."""
    with suppress(subprocess.TimeoutExpired):
        return process.wait(0.5) in TOO_SLOW
    return False


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
