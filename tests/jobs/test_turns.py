"""Turns: a worker waits while the window is at work, and never for ever."""

from __future__ import annotations

import threading

import pytest

from viewer.jobs.jobs import Cancelled, Job
from viewer.jobs.turns import WINDOW_FIRST, Turns


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
    worker.join(30)
    assert order == ["window", "worker"]


def test_a_window_that_works_without_end_does_not_stop_the_work_behind_it() -> None:
    turns, went_on = Turns(), threading.Event()

    def work() -> None:
        turns.step_aside()
        went_on.set()

    with turns:
        threading.Thread(target=work).start()
        assert went_on.wait(30)


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
