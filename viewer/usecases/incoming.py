"""Incoming: a disc is read in a job, which tells of it as it goes on. The last one a person asked for wins; one that cannot
be opened leaves the open one alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from viewer.codec.pool import Decoder
from viewer.disc.copied import CopiedMedium
from viewer.disc.medium import Medium
from viewer.index.model import DiscIndex
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job, Jobs
from viewer.jobs.mistakes import tell_of
from viewer.problem import ProblemError, problem
from viewer.usecases import looking
from viewer.usecases.disc import OpenDisc
from viewer.usecases.left import Recalled
from viewer.usecases.read_before import InArchive


@dataclass(frozen=True, slots=True)
class News:
    """What a reading job has found so far; `recalled` once all is read."""

    job: Job[DiscIndex]
    opened: OpenDisc
    index: DiscIndex
    recalled: Recalled | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who is asked on the worker what was kept of a disc, and told, on the store's thread and in an event of its own each,
    so that the window may paint in between."""

    recall: Callable[[DiscIndex, str], tuple[DiscIndex, Recalled]]
    take: Callable[[News], None]  # of all news
    go_on: Callable[[News], None]  # then, while it is read
    settle: Callable[[News], None]  # then, once all is read


class Incoming:
    """Lives on the store's thread."""

    def __init__(
        self,
        jobs: Jobs,
        decoder: Decoder,
        before: InArchive | None,
        call_soon: Callable[[Callable[[], None]], None],
    ) -> None:
        self._jobs, self._decoder, self._before = jobs, decoder, before
        self._call_soon = call_soon
        self._budget = Budget()
        self._wanted: Job[DiscIndex] | None = None  # asked for last
        self._now: Job[DiscIndex] | None = None  # whose news are taken
        self._begun: list[Job[DiscIndex]] = []

    def begin(
        self, find: Callable[[Job[DiscIndex]], str], medium_at: Callable[[str], Medium], hearing: Hearing
    ) -> Job[DiscIndex]:
        """Read what lies at the path that `find` names; raises nothing: the job has the problem."""

        def work(job: Job[DiscIndex]) -> DiscIndex:
            path = find(job)
            medium = medium_at(path)
            self._call_soon(lambda: self._take_over(job))
            try:
                return self._read(job, medium, path, hearing)
            except BaseException:
                medium.close()
                raise

        self._wanted = self._jobs.start("open", work, behind=True)
        self._begun = [*(one for one in self._begun if not one.finished), self._wanted]
        return self._wanted

    def _read(self, job: Job[DiscIndex], medium: Medium, path: str, hearing: Hearing) -> DiscIndex:
        from viewer.usecases.open_disc import read_disc  # a tenth of the window's start

        made: list[OpenDisc] = []

        def opened(index: DiscIndex, *, reading: bool) -> OpenDisc:
            if not made:
                made.append(self._looked_at(medium, path, index, reading))
            return made[0]

        def tell(news: News, then: Callable[[News], None]) -> None:
            self._call_soon(lambda: hearing.take(news))
            self._call_soon(lambda: then(news))

        def grown(index: DiscIndex) -> None:
            tell(News(job, opened(index, reading=True), index), hearing.go_on)

        def whole(index: DiscIndex) -> None:
            if isinstance(medium, CopiedMedium):
                index = replace(index, problems=(problem("read_from_copy", path), *index.problems))
            index, recalled = hearing.recall(index, path)
            tell(News(job, opened(index, reading=False), index, recalled), hearing.settle)

        return read_disc(medium, job, grown, self._before, whole)

    def _looked_at(self, medium: Medium, path: str, index: DiscIndex, reading: bool) -> OpenDisc:
        """The geometry of the first picture on screen is worked out here, on the worker: it may be of thousands."""
        opened = OpenDisc(medium, self._decoder, self._budget, index, path)
        series = looking.start_series(index, reading=reading)
        if series is not None:
            try:
                looking.first_group(series, lambda group: opened.source_of(series, group))
            except (IndexError, ProblemError):
                pass  # said where the set is shown
            except Exception as mistake:  # noqa: BLE001  told; the disc is read on, and other sets are shown
                tell_of(mistake)
        return opened

    def _take_over(self, job: Job[DiscIndex]) -> None:
        """The medium of `job` could be opened: its news are taken, unless something else was asked for meanwhile."""
        if job is not self._wanted:
            job.cancel()
            return
        if self._now is not None:
            self._now.cancel()
        self._now = job

    def is_now(self, job: Job[DiscIndex]) -> bool:
        """Whether the news of this job are taken."""
        return job is self._now

    def stop(self) -> tuple[Job[DiscIndex], ...]:
        """Read no more. Returns the jobs that may still be writing down what they read."""
        for job in self._begun:  # also one that was asked for before the last, and has not opened its medium yet
            job.cancel()
        self._wanted = self._now = None
        return self.left_behind()

    def left_behind(self) -> tuple[Job[DiscIndex], ...]:
        """Readings of discs that were left and may still be writing down what they read."""
        return tuple(job for job in self._begun if job.cancelled and not job.finished)
