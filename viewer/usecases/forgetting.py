"""Forgetting: what this computer keeps about a disc goes, at the person's word: marks, talks, the pictures that were sent,
the place, what was read of its files, its copy. The disc itself and the list of sendings stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from viewer.archive.archive import Archive
from viewer.disc.copies import forget_copies
from viewer.jobs.jobs import Job, Jobs
from viewer.text.translate import tr
from viewer.usecases.rows import RecentDisc

LONGEST_S = 30.0  # the program ends without what a drive does not let go of


class Forgetting:
    """Over the archive and the folder of copies."""

    def __init__(self, archive: Archive, copies: Path, jobs: Jobs) -> None:
        self._archive, self._copies, self._jobs = archive, copies, jobs
        self._running: list[Job[None]] = []

    def start(self, rows: Sequence[RecentDisc] | None, writing: Sequence[Job[Any]]) -> Job[None]:
        """Forget these discs, None: all. writing: jobs that were told to stop and may still write about them."""
        job = self._jobs.start("forget", lambda job: self._forget(rows, writing))
        self._running = [one for one in self._running if not one.finished] + [job]
        return job

    def finish(self) -> None:
        """Blocks until what was begun is done: quitting at once must not keep what was to go."""
        for job in self._running:
            job.join(LONGEST_S)

    def _forget(self, rows: Sequence[RecentDisc] | None, writing: Sequence[Job[Any]]) -> None:
        """What lies in the archive goes at once, and again when nobody can write any more: a drive may take long to stop."""
        self._archive.forget(*self._keys(rows))
        for job in writing:
            job.join()
        forget_copies(self._copies, lambda key, name: rows is None or _is_of(rows, key, name))
        if writing:
            self._archive.forget(*self._keys(rows))

    def _keys(self, rows: Sequence[RecentDisc] | None) -> frozenset[str]:
        return self._archive.kept_discs() if rows is None else frozenset(row.key for row in rows)


def _is_of(rows: Sequence[RecentDisc], key: str, name: str) -> bool:
    """Whether a copy is of one of these discs; older copies tell only where the disc lay."""
    return key in {row.key for row in rows} if key else name in {row.path for row in rows}


def what_goes() -> tuple[str, ...]:
    """What forgetting a disc takes away, in plain words."""
    return (
        tr("Your marks and measurements, and the sets you put together or took apart"),
        tr("Your questions, the answers, and the pictures kept with them"),
        tr("The place where you were, and the line under “Opened before”"),
        tr("What was read of its files, and a copy of the disc where one was made"),
    )


def what_stays() -> tuple[str, ...]:
    """What it leaves as it is."""
    return (
        tr("The disc or folder itself: Sidelight never changes it"),
        tr("The list of what left this computer: when, to whom and how much, without pictures and words"),
        tr("What was already sent: it cannot be called back from here"),
        tr("PDFs and tables you saved yourself"),
    )
