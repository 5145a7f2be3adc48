"""Copying: a slow disc is copied to this computer once it was read whole, so that it may come out, and is read from there
where it is out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from viewer.disc.copies import CopiedAlong, copy_of, is_out
from viewer.disc.copy import CopyReport
from viewer.disc.medium import Medium
from viewer.disc.open import open_medium
from viewer.disc.slow import is_slow
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job, Jobs


class Copying:
    """`folder` holds the copies; None: nothing is copied. `medium_at` is for any thread, the rest for the store's."""

    def __init__(self, jobs: Jobs, folder: Path | None) -> None:
        self._jobs, self._folder = jobs, folder
        self.job: Job[CopyReport] | None = None
        self.on_begun: Callable[[Job[CopyReport]], None] = lambda job: None

    def medium_at(self, path: str, password: str | None, also: Sequence[str]) -> Medium:
        """The medium at a place; its copy where it is out, the disc together with its copy where it is slow. Raises
        ProblemError."""
        if self._folder is None:
            return open_medium(path, password, also)
        if is_out(path) and (copied := copy_of(self._folder, path)) is not None:
            return copied
        medium = open_medium(path, password, also)
        return CopiedAlong(medium) if is_slow(path) else medium

    def begin(self, medium: Medium, index: DiscIndex) -> None:
        """A disc was read to its end: it is copied where it is slow."""
        folder = self._folder
        if isinstance(medium, CopiedAlong) and folder is not None and index.complete and index.studies:
            self.job = self._jobs.start("copy", lambda job: medium.copy(folder, job, index.key), behind=True)
            self.on_begun(self.job)

    def stop(self) -> None:
        """What is copied so far stays and is gone on with the next time."""
        if self.job is not None:
            self.job.cancel()

    def leave(self) -> None:
        """The disc is left."""
        self.stop()
        self.job = None
