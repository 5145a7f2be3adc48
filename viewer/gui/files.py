"""Files: what comes in (a folder, a ZIP, what was dropped) and what is taken along (the PDF, the table of marks)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from viewer.gui.bridge import Bridge
from viewer.gui.browser import Browser
from viewer.gui.start_page import StartPage
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.text.translate import tr
from viewer.usecases.documents import can_be_read

if TYPE_CHECKING:
    from viewer.usecases.session import Session

LOCKED = frozenset({"zip_needs_password", "zip_wrong_password"})


@dataclass(frozen=True, slots=True)
class Pages:
    """What opening may bring up: the report (of a set), the papers of a set, the start page."""

    show_report: Callable[[str], None]
    show_document: Callable[[str], None]
    show_start: Callable[[], None]


class Files:
    """`say` puts a sentence in the status line."""

    def __init__(
        self, session: Session, bridge: Bridge, window: QWidget, say: Callable[[str], None], pages: Pages
    ) -> None:
        self._session, self._bridge, self._window = session, bridge, window
        self._say, self._pages = say, pages
        self.start_page: StartPage
        self.browser: Browser
        self._path = ""
        self._several: tuple[str, ...] = ()
        self._tells = False
        self._passwords: tuple[str, ...] = ()  # of what is open; in memory only, gone with the next disc
        self._job: Job[DiscIndex] | None = None

    # --- in
    @property
    def path(self) -> str:
        """What was opened last by its place; "" for the sample."""
        return self._path

    def open_path(self, path: str, password: str | None = None) -> None:
        """Read a folder, file or ZIP."""
        known = self._passwords if path == self._path else ()
        self._passwords = (password, *known) if password else known
        self._path, self._several = path, ()
        self._follow(self._session.open_path(path, password, known))

    def open_sample(self) -> None:
        """Open the bundled sample."""
        self._path, self._several = "", ()
        self._follow(self._session.open_sample())

    def open_again(self, password: str | None = None) -> None:
        """Read the open disc anew: what could not be read before may answer now, what was locked may open; the report
        says how it went."""
        self._tells = True
        if self._several:
            self._open_several(self._several, password)
        elif self._path:
            self.open_path(self._path, password)
        else:
            self.open_sample()

    def _follow(self, job: Job[DiscIndex]) -> None:
        if self.start_page.password.isHidden():
            self.start_page.show_problem(None)
        self._job = job
        self.start_page.reading.show_job(job)
        self.browser.follow(job)
        self._bridge.follow(job, self._opened)

    def _opened(self, job: Job[DiscIndex]) -> None:
        if job is self._job:
            self.start_page.reading.show_job(job)
        if not job.finished:
            self._say(job.progress.words or tr("Looking for files"))
            return
        if job.problem is not None:
            if job.problem.code in LOCKED:
                self.start_page.ask_password(self._path, job.problem, self.open_path)
            else:
                self.start_page.show_problem(job.problem)
            self._pages.show_start()  # also while another scan is open: a line at the foot is easily missed
            self._say(job.problem.words)
            return
        disc = job.result
        if disc is None:
            self._say(tr("Reading was stopped."))
        else:
            self.start_page.show_problem(None)
            words = tr("Everything was read. Nothing on the disc was changed.")
            self._say(words if disc.complete else tr("Reading was stopped. What was read so far can be used."))
            self._tell_of(disc)

    def _tell_of(self, disc: DiscIndex) -> None:
        """Where there is no picture: the papers, or why there is nothing; the report when it was asked for."""
        papers = [series.id for study in disc.studies for series in study.series if can_be_read(series)]
        if self._tells or not (disc.picture_count or papers):
            self._pages.show_report("")
        elif not disc.picture_count:
            self._pages.show_document(papers[0])
        self._tells = False

    def _open_several(self, paths: tuple[str, ...], password: str | None = None) -> None:
        known = self._passwords if paths == self._several else ()
        self._passwords = (password, *known) if password else known
        self._path, self._several = paths[0], paths
        self._follow(self._session.open_several(paths, self._passwords))

    def open_dropped(self, paths: list[str]) -> None:
        """One thing is opened as if it had been chosen; of several files only these."""
        if len(paths) == 1:
            self.open_path(paths[0])
            return
        self._open_several(tuple(paths))

    def choose_folder(self) -> None:
        """Ask for the folder of the disc."""
        path = QFileDialog.getExistingDirectory(self._window, tr("Choose the folder of the disc"), self._begin())
        if path:
            self.open_path(path)

    def choose_file(self) -> None:
        """Ask for a ZIP or one file."""
        path, _ = QFileDialog.getOpenFileName(self._window, tr("Choose a ZIP file or one picture"), self._begin())
        if path:
            self.open_path(path)

    def _begin(self) -> str:
        """Where a dialog starts: beside what was opened last, else in the person's own folder."""
        return os.path.dirname(self._path) if self._path else str(Path.home())

    # --- out
    def choose_pdf(self) -> None:
        """Ask where the report goes, and write it."""
        path = self._where(tr("Save as PDF"), self._session.suggested_pdf_name(), "PDF (*.pdf)")
        if path is not None:
            self.save_pdf(path)

    def save_pdf(self, path: Path) -> None:
        """Write the report there."""
        self._told(self._session.export_pdf(path, self._session.store.state.view.conversation))

    def choose_table(self) -> None:
        """Ask where the table of marks goes, and write it."""
        name = Path(self._session.suggested_pdf_name()).stem
        path = self._where(tr("Save as table"), f"{name}.csv", "CSV (*.csv)")
        if path is not None:
            self.save_table(path)

    def save_table(self, path: Path) -> None:
        """Write the marks there."""
        self._told(self._session.save_table(path))

    def _where(self, title: str, name: str, kinds: str) -> Path | None:
        path, _ = QFileDialog.getSaveFileName(self._window, title, str(Path.home() / name), kinds)
        return Path(path) if path else None

    def _told(self, job: Job[Path]) -> None:
        def done(job: Job[Path]) -> None:
            if job.problem is not None:
                self._say(job.problem.words)
            elif job.result is not None:
                self._say(tr("Saved: {name}", name=job.result.name))

        self._bridge.follow(job, done)
