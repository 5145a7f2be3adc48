"""Jobs report, stop and fail in the open."""

from __future__ import annotations

import threading

import pytest

from viewer.jobs.jobs import Cancelled, Job, Jobs
from viewer.problem import ProblemError, problem


def test_a_job_gives_its_result_and_its_progress() -> None:
    seen: list[tuple[int, int]] = []
    go = threading.Event()

    def work(job: Job[str]) -> str:
        go.wait(5)
        for step in range(3):
            job.report(step, 3)
        return "done"

    jobs = Jobs()
    job = jobs.start("count", work)
    job.listen(lambda job: seen.append((job.progress.done, job.progress.total)))
    go.set()
    assert job.wait(5) == "done"
    assert seen[:3] == [(0, 3), (1, 3), (2, 3)]
    jobs.close()


def test_a_cancelled_job_stops_at_its_next_step() -> None:
    running, cancelled = threading.Event(), threading.Event()

    def work(job: Job[None]) -> None:
        running.set()
        cancelled.wait(5)
        job.check()

    jobs = Jobs()
    job = jobs.start("endless", work)
    assert running.wait(5)
    job.cancel()
    cancelled.set()
    with pytest.raises(Cancelled):
        job.wait(5)
    jobs.close()


def test_a_problem_is_kept_for_the_screen() -> None:
    def work(job: Job[None]) -> None:
        raise ProblemError(problem("path_missing"))

    jobs = Jobs()
    job = jobs.start("fail", work)
    with pytest.raises(ProblemError):
        job.wait(5)
    assert job.problem is not None
    assert job.problem.code == "path_missing"
    jobs.close()


def test_a_listener_that_comes_late_still_hears_the_end() -> None:
    jobs = Jobs()
    job = jobs.start("quick", lambda job: 1)
    job.wait(5)
    heard: list[int | None] = []
    job.listen(lambda job: heard.append(job.result))
    assert heard == [1]
    jobs.close()


def test_work_asked_for_while_closing_ends_as_cancelled() -> None:
    jobs = Jobs()
    jobs.close()
    with pytest.raises(Cancelled):
        jobs.start("late", lambda job: 1).wait(5)
