"""The bridge: work from any thread arrives on the window's thread, in order, and jobs are followed to their end."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.patience import PATIENCE
from viewer.gui.bridge import SLICE_SECONDS, Bridge
from viewer.gui.none_guard import keep_none_alive
from viewer.jobs.jobs import Job, Jobs


def test_work_from_many_threads_runs_here_and_in_order(qtbot: QtBot) -> None:
    bridge, here = Bridge(), threading.get_ident()
    seen: list[tuple[int, int, int]] = []

    def send(worker: int) -> None:
        for number in range(200):
            bridge.call_soon(lambda number=number: seen.append((worker, number, threading.get_ident())))  # type: ignore[misc]

    threads = [threading.Thread(target=send, args=(worker,)) for worker in range(3)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: len(seen) == 600)
    for thread in threads:
        thread.join()
    assert {place for _, _, place in seen} == {here}
    for worker in range(3):
        assert [number for who, number, _ in seen if who == worker] == list(range(200))


def test_the_window_breathes_between_the_portions_of_a_burst(qtbot: QtBot) -> None:
    bridge, breaths = Bridge(), QTimer()
    at_breath: list[int] = []
    done: list[int] = []

    def work() -> None:
        end = time.perf_counter() + SLICE_SECONDS
        while time.perf_counter() < end:
            pass
        done.append(len(done))

    breaths.timeout.connect(lambda: at_breath.append(len(done)))
    breaths.start(0)
    for _ in range(20):
        bridge.call_soon(work)
    qtbot.waitUntil(lambda: len(done) == 20)
    assert len(set(at_breath) - {0, 20}) >= 15, "painting and the hand come between any two portions"


def test_a_mistake_in_a_burst_keeps_nothing_else_back(qtbot: QtBot) -> None:
    bridge = Bridge()
    done: list[int] = []

    def wrong() -> None:
        raise ValueError("made up")

    with capture_exceptions() as caught:
        for work in (wrong, lambda: done.append(1), wrong, lambda: done.append(2)):
            bridge.call_soon(work)
        qtbot.waitUntil(lambda: done == [1, 2])
        bridge.call_soon(lambda: done.append(3))
        qtbot.waitUntil(lambda: done == [1, 2, 3])
    assert [kind for kind, *_ in caught] == [ValueError, ValueError]


def test_a_job_is_followed_at_most_thirty_times_a_second_and_to_its_end(qtbot: QtBot) -> None:
    bridge, jobs = Bridge(), Jobs(1)
    told: list[tuple[int, bool]] = []

    def work(job: Job[str]) -> str:
        for number in range(1000):
            job.report(number, 1000)
        return "done"

    job = jobs.start("count", work)
    bridge.follow(job, lambda job: told.append((job.progress.done, job.finished)))
    qtbot.waitUntil(lambda: bool(told) and told[-1][1])
    jobs.close()
    assert len(told) < 500
    assert job.result == "done"


def test_a_mistake_in_a_job_has_a_sentence_for_the_person_and_a_place_for_who_mends_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge, jobs = Bridge(), Jobs(1)
    printed: list[tuple[type[BaseException], bool]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: printed.append((kind, trace is not None)))
    said: list[str] = []

    def work(job: Job[str]) -> str:
        raise KeyError("a name from the disc")

    bridge.follow(jobs.start("break", work), lambda job: said.append(job.problem.code if job.problem else ""))
    qtbot.waitUntil(lambda: bool(said))

    def stopped(job: Job[None]) -> None:
        job.cancel()
        job.check()

    bridge.follow(jobs.start("stop", stopped), lambda job: said.append(job.problem.code if job.problem else ""))
    qtbot.waitUntil(lambda: len(said) == 2)
    jobs.close()
    assert said == ["mistake", ""]
    assert printed == [(KeyError, True)]


def test_none_outlives_a_million_calls_that_return_nothing() -> None:
    keep_none_alive()
    if sys.version_info < (3, 12):
        assert sys.getrefcount(None) > 1 << 30


def test_the_end_of_a_job_is_told_once_and_after_all_that_was_sent_before_it(qtbot: QtBot) -> None:
    bridge, jobs, seen = Bridge(), Jobs(1), []
    follow_on = threading.Event()

    def work(job: Job[int]) -> int:
        follow_on.wait(PATIENCE)
        job.report(1, 2, "half")
        bridge.call_soon(lambda: seen.append("news"))
        return 7

    job = jobs.start("work", work)
    bridge.follow(job, lambda job: seen.append("end" if job.finished else "half"))
    follow_on.set()
    assert job.wait() == 7  # all is queued now, nothing was told yet
    qtbot.waitUntil(lambda: "end" in seen)
    assert seen == ["news", "end"]
    jobs.close()


def test_work_that_was_just_being_handed_over_as_the_window_closed_is_not_done(qtbot: QtBot) -> None:
    """The worker had asked whether the bridge still stands, and hands over after it has stopped."""
    bridge, done = Bridge(), []
    asked, may_go_on = threading.Event(), threading.Event()

    class Slow(deque[Callable[[], None]]):
        @override
        def append(self, work: Callable[[], None]) -> None:
            asked.set()
            assert may_go_on.wait(PATIENCE)
            super().append(work)

    bridge._queue = Slow()
    worker = threading.Thread(target=lambda: bridge.call_soon(lambda: done.append("work")))
    worker.start()
    assert asked.wait(PATIENCE)
    bridge.stop()
    may_go_on.set()
    worker.join()
    bridge._drain()
    qtbot.wait(0)
    assert not done


def test_the_last_who_knows_a_bridge_may_be_a_worker(qtbot: QtBot) -> None:
    """Its timers run on the window's thread; a warning of Qt about that would fail this test."""
    known, gone = [Bridge()], []

    def leave_it_to_a_worker() -> None:
        worker = threading.Thread(target=known.clear)
        worker.start()
        worker.join()
        gone.append(True)

    for _ in range(3):
        known[0].call_soon(lambda: QTimer.singleShot(0, leave_it_to_a_worker) if not gone else None)
    qtbot.waitUntil(lambda: bool(gone))
    assert not known
    qtbot.wait(20)  # as long as its timers would have run
