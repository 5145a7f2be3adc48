"""Jobs report, stop and fail in the open."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.patience import PATIENCE
from viewer.jobs.jobs import Cancelled, Job, Jobs
from viewer.problem import ProblemError, problem


def test_a_job_gives_its_result_and_its_progress() -> None:
    seen: list[tuple[int, int]] = []
    go = threading.Event()

    def work(job: Job[str]) -> str:
        go.wait(PATIENCE)
        for step in range(3):
            job.report(step, 3)
        return "done"

    jobs = Jobs()
    job = jobs.start("count", work)
    job.listen(lambda job: seen.append((job.progress.done, job.progress.total)))
    go.set()
    assert job.wait(PATIENCE) == "done"
    assert seen[:3] == [(0, 3), (1, 3), (2, 3)]
    jobs.close()


class Volume:
    """Something large that a job is about."""


def _cancelled(job: Job[None]) -> None:
    job.cancel()
    job.check()


def _refused(job: Job[None]) -> None:
    raise ProblemError(problem("picture_cannot_be_shown"))


@pytest.mark.parametrize("end", [lambda job: None, _cancelled, _refused])
def test_what_a_job_was_about_goes_with_it_without_a_search_for_cycles(
    end: Callable[[Job[None]], None], frees_by_itself: None
) -> None:
    go, gone, jobs = threading.Event(), threading.Event(), Jobs()

    def start() -> Job[None]:
        volume = Volume()
        weakref.finalize(volume, gone.set)

        def work(job: Job[None]) -> None:
            go.wait(PATIENCE)
            assert volume is not None
            end(job)

        job = jobs.start("load", work)
        job.when_ended(lambda: print(volume, job))  # who listens mostly knows what for
        return job

    job = start()
    go.set()
    assert gone.wait(PATIENCE)
    assert job.finished
    jobs.close()


@pytest.fixture
def frees_by_itself() -> Iterator[None]:
    was = gc.isenabled()
    gc.disable()
    yield
    (gc.enable if was else gc.disable)()  # for the tests of the window it stays off


def test_a_cancelled_job_stops_at_its_next_step() -> None:
    running, cancelled = threading.Event(), threading.Event()

    def work(job: Job[None]) -> None:
        running.set()
        cancelled.wait(PATIENCE)
        job.check()

    jobs = Jobs()
    job = jobs.start("endless", work)
    assert running.wait(PATIENCE)
    job.cancel()
    cancelled.set()
    with pytest.raises(Cancelled):
        job.wait(PATIENCE)
    jobs.close()


def test_a_problem_is_kept_for_the_screen() -> None:
    def work(job: Job[None]) -> None:
        raise ProblemError(problem("path_missing"))

    jobs = Jobs()
    job = jobs.start("fail", work)
    with pytest.raises(ProblemError):
        job.wait(PATIENCE)
    assert job.problem is not None
    assert job.problem.code == "path_missing"
    jobs.close()


def test_a_listener_that_comes_late_still_hears_the_end() -> None:
    jobs = Jobs()
    job = jobs.start("quick", lambda job: 1)
    job.wait(PATIENCE)
    heard: list[int | None] = []
    job.listen(lambda job: heard.append(job.result))
    assert heard == [1]
    jobs.close()


def test_work_asked_for_while_closing_ends_as_cancelled() -> None:
    jobs = Jobs()
    jobs.close()
    with pytest.raises(Cancelled):
        jobs.start("late", lambda job: 1).wait(PATIENCE)


def test_who_begins_to_listen_at_the_very_end_hears_of_it_once() -> None:
    """Between the end and the telling of it."""
    heard: list[str] = []
    ended, may_tell = threading.Event(), threading.Event()
    jobs = Jobs(1)
    go = threading.Event()
    job = jobs.start("short", lambda job: go.wait(PATIENCE))
    tell = job._tell

    def late() -> None:
        ended.set()
        assert may_tell.wait(PATIENCE)
        tell()

    job._tell = late  # type: ignore[method-assign]
    go.set()
    assert ended.wait(PATIENCE)
    job.listen(lambda job: heard.append("early or late"))
    may_tell.set()
    jobs.close()
    jobs._first.shutdown(wait=True)
    assert heard == ["early or late"]


def test_what_has_not_begun_when_the_program_ends_ends_as_cancelled() -> None:
    jobs, go = Jobs(1), threading.Event()
    running = jobs.start("first", lambda job: go.wait(PATIENCE))
    waiting = jobs.start("second", lambda job: None)
    heard: list[bool] = []
    waiting.listen(lambda job: heard.append(job.cancelled))
    jobs.close()
    assert waiting.join(PATIENCE)
    assert heard == [True]
    go.set()
    assert running.wait(PATIENCE)


def test_what_is_waited_for_does_not_stand_in_line_behind_what_takes_long() -> None:
    jobs, go = Jobs(1, behind=1), threading.Event()
    slow = [jobs.start("read a slow disc", lambda job: go.wait(PATIENCE), behind=True) for _ in range(3)]
    assert jobs.start("one picture", lambda job: "there").wait(PATIENCE) == "there"
    assert not any(job.finished for job in slow)
    go.set()
    assert all(job.wait(PATIENCE) for job in slow)
    jobs.close()


def test_with_every_thread_begun_no_call_begins_another_one() -> None:
    jobs, go = Jobs(2, behind=3), threading.Event()
    jobs.begin_threads()
    begun = set(threading.enumerate())
    running = [jobs.start("busy", lambda job: go.wait(PATIENCE), behind=number > 1) for number in range(5)]
    assert set(threading.enumerate()) <= begun
    go.set()
    assert all(job.wait(PATIENCE) for job in running)
    jobs.close()
    jobs.begin_threads()  # the program closes: nothing is left to begin


def test_a_program_that_closes_while_threads_are_begun_waits_for_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs, begun = Jobs(2), list[Future[bool]]()
    submit = ThreadPoolExecutor.submit

    def closing(lane: ThreadPoolExecutor, wait: Callable[[float], bool]) -> None:
        begun.append(submit(lane, wait, PATIENCE))
        jobs.close()

    monkeypatch.setattr(ThreadPoolExecutor, "submit", closing)
    jobs.begin_threads()
    assert [one.result(PATIENCE) for one in begun] == [True]  # told to go on: none has waited to its end
