"""The child of a run of the window: opens discs `first` to `last` in the real window and prints one line of JSON for each.
It may die."""

from __future__ import annotations

import faulthandler
import gc
import json
import resource
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from PySide6.QtCore import QTimer, QtMsgType, qInstallMessageHandler

from tests.damage.discs import fill, put_packed
from tests.damage.hand import Hand, Step
from viewer.app import make_session
from viewer.bench.clock import Clock
from viewer.bench.window import Sitting, sitting

PAUSE_MS = 100.0
STEPS = 14
KILL_EVERY = 10  # discs between two deaths of all decoders
AT_MOST = 45.0  # seconds for whatever is waited for; longer is a hang
QUIET = ("propagateSizeHints",)  # words of Qt's offscreen screen that tell of no fault


@dataclass
class Outcome:
    """What became of a disc. Seconds and milliseconds as their names say."""

    number: int
    kinds: tuple[str, ...]
    read_seconds: float = 0.0
    slowest_picture_seconds: float = 0.0  # from a step to the picture it asks for or the sentence why there is none
    steps: int = 0
    longest_ms: float = 0.0
    longest_own_ms: float = 0.0
    pauses: list[dict[str, object]] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    recovery_seconds: float | None = None


class Run:
    """One window, disc after disc."""

    def __init__(self, seat: Sitting, mistakes: list[str]) -> None:
        self._seat, self._mistakes = seat, mistakes
        self._clock = Clock()

    def disc(self, seed: int, number: int, folder: Path) -> Outcome:
        """Open one, play with it, close it or leave it for the next."""
        kinds = fill(seed, number, folder)
        gc.collect()  # what making it left behind (millions of values) is no work of the window's
        chance = Random(f"{seed}/{number}/hand")
        outcome = Outcome(number, kinds)
        self._clock.start()
        self._do(lambda: self._seat.window.open_path(str(folder)))
        hand = Hand(self._seat, chance)
        if chance.random() < 0.3:  # a person who does not wait
            self._play(hand.steps(4), chance, outcome)
        began = time.perf_counter()
        self._wait("reading", self._is_read, outcome)
        outcome.read_seconds = time.perf_counter() - began
        self._wait("the first picture", self._is_answered, outcome)
        if chance.random() < 0.3:
            self._play(hand.every_set(), chance, outcome)
        self._play(hand.steps(STEPS), chance, outcome)
        if chance.random() < 0.7:
            self._play((Step("close", lambda: self._seat.window.act("close_disc")),), chance, outcome)
        self._clock.stop()
        outcome.mistakes, self._mistakes[:] = list(self._mistakes), []
        return outcome

    def _play(self, steps: Iterator[Step] | tuple[Step, ...], chance: Random, outcome: Outcome) -> None:
        for step in steps:
            outcome.steps += 1
            began = time.perf_counter()
            self._do(step.do)
            self._turn(chance.choice([0.0, 0.01, 0.03, 0.08]))
            if chance.random() < 0.7:
                self._wait(step.words, self._is_answered, outcome)
                outcome.slowest_picture_seconds = max(outcome.slowest_picture_seconds, time.perf_counter() - began)
            self._note(step.words, outcome)

    def _do(self, act: Callable[[], object]) -> None:
        """In an event, as everything a person does: what goes meanwhile is taken down behind it, else never."""
        done: list[bool] = []

        def deed() -> None:
            try:
                act()
            finally:
                done.append(True)

        QTimer.singleShot(0, deed)
        self._seat.until(lambda: done)

    def _note(self, words: str, outcome: Outcome) -> None:
        found, self._clock.pauses = self._clock.pauses, []
        for pause in found:
            outcome.longest_ms = max(outcome.longest_ms, pause.late)
            outcome.longest_own_ms = max(outcome.longest_own_ms, pause.own)
            if pause.late > PAUSE_MS:
                outcome.pauses.append({"step": words, **asdict(pause), "own": pause.own})

    def _turn(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._seat.until(lambda: time.monotonic() >= end)

    def _wait(self, words: str, true: Callable[[], bool], outcome: Outcome) -> None:
        end = time.monotonic() + AT_MOST
        self._seat.until(lambda: true() or time.monotonic() > end)
        if time.monotonic() > end:
            outcome.hangs.append(words)
        self._note(words, outcome)

    def _is_read(self) -> bool:
        disc = self._seat.session.store.state.disc
        return disc is not None and disc.complete

    def _is_answered(self) -> bool:
        """Every pane on screen shows its picture, or says why there is none."""
        area, panes = self._seat.window.area, self._seat.session.store.state.view.panes
        if area is None or not panes:
            return True
        return all(pane._loading is None for pane in area.panes[: len(panes)] if pane.isVisible())

    def recovery(self, folder: Path) -> float:
        """Seconds from the death of all decoders to the next good packed picture on screen, its disc being opened meanwhile."""
        self._do(lambda: self._seat.window.act("close_disc"))
        decoder = self._seat.session._decoder
        for worker in [*decoder._idle, *decoder._busy]:
            worker.process.kill()
        began = time.perf_counter()
        self._do(lambda: self._seat.window.open_path(str(folder)))
        end = time.monotonic() + AT_MOST
        self._seat.until(lambda: self._shows_something() or time.monotonic() > end)
        return time.perf_counter() - began

    def _shows_something(self) -> bool:
        pane = self._seat.window.active_pane
        return pane is not None and pane.slice is not None


@contextmanager
def listening() -> Iterator[list[str]]:
    """Every exception that nobody caught, and what Qt complains of."""
    heard: list[str] = []

    def hear(kind: type[BaseException], failure: BaseException | None, trace: object) -> None:
        import traceback

        heard.append("".join(traceback.format_exception(failure))[-3000:] if failure else kind.__name__)

    def hear_qt(kind: QtMsgType, where: object, words: str) -> None:
        if not any(one in words for one in QUIET):
            heard.append(f"Qt: {words}"[:500])

    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    sys.excepthook = hear
    threading.excepthook = lambda told: hear(told.exc_type, told.exc_value, None)
    sys.unraisablehook = lambda told: hear(told.exc_type, told.exc_value, None)
    qInstallMessageHandler(hear_qt)
    try:
        yield heard
    finally:
        qInstallMessageHandler(None)
        sys.excepthook, threading.excepthook, sys.unraisablehook = before


def walk(seed: int, numbers: range) -> Iterator[Outcome]:
    """An outcome for each disc, all in one window."""
    with listening() as mistakes, sitting(make_session) as seat, TemporaryDirectory(prefix="sidelight-discs-") as place:
        seat.until(lambda: seat.window.is_warm)
        run = Run(seat, mistakes)
        good = Path(place) / "good"
        put_packed(good)
        for number in numbers:
            folder = Path(place) / str(number)
            folder.mkdir()
            outcome = run.disc(seed, number, folder)
            if number % KILL_EVERY == KILL_EVERY - 1:
                outcome.recovery_seconds = run.recovery(good)
            yield outcome
            shutil.rmtree(Path(place) / str(number - 1), ignore_errors=True)  # the last one may be open still


def main(seed: int, first: int, last: int) -> None:
    """Walk, and print."""
    faulthandler.enable()
    for outcome in walk(seed, range(first, last)):
        print(json.dumps(asdict(outcome)), flush=True)
    print(json.dumps({"memory": {"program_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}}), flush=True)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]))
