"""Turns: a worker waits while the window is at work, and never for ever."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from tests.patience import PATIENCE
from viewer.jobs.jobs import Cancelled, Job
from viewer.jobs.turns import WINDOW_FIRST, Turns, take_turns


def test_a_worker_steps_aside_until_the_window_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.jobs.turns.LONGEST", 30.0)
    turns = Turns()
    order: list[str] = []

    def work() -> None:
        turns.step_aside()
        order.append("worker")

    with turns:
        worker = threading.Thread(target=work)
        worker.start()
        with turns:  # an event inside an event
            pass
        order.append("window")
    worker.join(PATIENCE)
    assert order == ["window", "worker"]


def test_a_window_that_works_without_end_does_not_stop_the_work_behind_it() -> None:
    turns, went_on = Turns(), threading.Event()

    def work() -> None:
        turns.step_aside()
        went_on.set()

    with turns:
        threading.Thread(target=work).start()
        assert went_on.wait(PATIENCE)


def test_the_window_s_turn_ends_with_a_failure_too() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="made up"), turns:
        raise ValueError("made up")
    turns.step_aside()


def test_a_cancelled_job_hears_of_it_when_it_steps_aside() -> None:
    job: Job[None] = Job("made up")
    with WINDOW_FIRST:
        job.cancel()
        with pytest.raises(Cancelled):
            job.check()


@pytest.mark.skipif(sys.platform != "linux", reason="ranks of threads are a matter of Linux")
def test_a_thread_that_takes_turns_keeps_its_rank_and_leaves_the_others_alone() -> None:
    before = os.sched_getscheduler(0)
    seen: list[tuple[int, int]] = []

    def work() -> None:
        take_turns()
        seen.append((os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, threading.get_native_id())))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(PATIENCE)
    assert seen == [(os.SCHED_BATCH, os.getpriority(os.PRIO_PROCESS, 0))]
    assert os.sched_getscheduler(0) == before
