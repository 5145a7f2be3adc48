"""Files: what comes in (a folder, a ZIP, what was dropped) and what is taken along (the PDF, the table of marks)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from viewer.gui.bridge import Bridge
from viewer.gui.pages.start_page import StartPage
from viewer.gui.saves import Saves
from viewer.gui.sets.browser import Browser
from viewer.gui.widgets import file_dialogs
from viewer.gui.window.pages import Pages
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.problem import CAN_BE_UNLOCKED, Problem
from viewer.text.translate import tr
from viewer.usecases.documents import can_be_read
from viewer.usecases.saving import home
from viewer.usecases.several import paths_at

if TYPE_CHECKING:
    from viewer.usecases.session import Session


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: its place ("" for the sample), all of them where they are several, passwords that were given (in
    memory only)."""

    path: str = ""
    several: tuple[str, ...] = ()
    passwords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is being read or was."""

    asked: Asked
    job: Job[DiscIndex]


@dataclass(frozen=True, slots=True)
class Telling:
    """The status line: an answer to what the person did, and how far something is that goes on by itself."""

    say: Callable[[str], None]
    report: Callable[[str], None]


class Files:
    """What comes in and what is taken along."""

    def __init__(
        self,
        session: Session,
        bridge: Bridge,
        window: QWidget,
        start_page: StartPage,
        browser: Browser,
        telling: Telling,
        saves: Saves,
        pages: Pages,
    ) -> None:
        self._session, self._bridge, self._window = session, bridge, window
        self._start_page, self._browser = start_page, browser
        self._telling, self._saves, self._pages = telling, saves, pages
        self._tells = False
        self._last: Reading | None = None  # asked for last
        self._before: Reading | None = None  # what stays open where that cannot be opened

    # --- in
    @property
    def asked(self) -> Asked:
        """What was opened last."""
        return self._last.asked if self._last is not None else Asked()

    def open_path(self, path: str, password: str | None = None) -> None:
        """Read a folder, file or ZIP; of several things that were opened at once, just these again."""
        if len(several := paths_at(path)) > 1:
            self._open_several(several, password)
            return
        known = self._known(Asked(path))
        asked = Asked(path, passwords=(password, *known) if password else known)
        self._follow(asked, self._session.open_path(path, password, known))

    def open_sample(self) -> None:
        """Open the bundled sample."""
        self._follow(Asked(), self._session.open_sample())

    def open_again(self, password: str | None = None, *, tells: bool = True) -> None:
        """Read the open disc anew: what could not be read before may answer now, what was locked may open, what was not
        waited for may come. `tells`: the report says how it went."""
        self._tells = tells
        asked = self.asked
        if asked.several:
            self._open_several(asked.several, password)
        elif asked.path:
            self.open_path(asked.path, password)
        else:
            self.open_sample()

    def _known(self, asked: Asked) -> tuple[str, ...]:
        """The passwords that were given for the same."""
        same = (self.asked.path, self.asked.several) == (asked.path, asked.several)
        return self.asked.passwords if same else ()

    def _follow(self, asked: Asked, job: Job[DiscIndex]) -> None:
        if self._start_page.password.isHidden():
            self._start_page.show_problem(None)
        if self._last is not None and self._last.job.problem is None:
            self._before = self._last
        self._last = Reading(asked, job)
        self._show_reading(job)

    def _show_reading(self, job: Job[DiscIndex]) -> None:
        stop = tr("Stop reading") if self.asked.path else tr("Stop")  # the sample is made first, not read
        self._start_page.reading.button.setText(stop)
        self._start_page.reading.show_job(job)
        self._browser.follow(job, stop)
        self._bridge.follow(job, self._opened)

    def _opened(self, job: Job[DiscIndex]) -> None:
        if self._last is None or job is not self._last.job:
            return  # something else was asked for since
        self._start_page.reading.show_job(job)
        if not job.finished:
            self._telling.report(job.progress.words or tr("Looking for files"))
        elif job.problem is not None:
            self._cannot_open(self._last.asked, job.problem)
        elif job.result is None:
            self._telling.say(tr("Reading was stopped.") if self.asked.path else tr("The sample was not opened."))
            self._fall_back()
        else:
            self._start_page.show_problem(None)
            words = tr("Everything was read. Nothing on the disc was changed.")
            whole = job.result.complete
            self._telling.report(words if whole else tr("Reading was stopped. What was read so far can be used."))
            self._tell_of(job.result)

    def _cannot_open(self, asked: Asked, problem: Problem) -> None:
        if problem.code in CAN_BE_UNLOCKED:
            self._start_page.ask_password(asked.path, problem, self.open_path)
        else:
            self._start_page.show_problem(problem)
        self._pages.show_start()  # also while another scan is open: a line at the foot is easily missed
        self._telling.say(problem.words)
        self._fall_back()

    def _fall_back(self) -> None:
        """What was open before stays, and is what "read again" means."""
        if self._before is not None and self._session.store.state.disc is not None:
            self._last = self._before
            if not self._last.job.finished:
                self._show_reading(self._last.job)

    def _tell_of(self, disc: DiscIndex) -> None:
        """Where there is no picture: the papers, or why there is nothing; the report when it was asked for."""
        papers = [series.id for series in disc.every_series if can_be_read(series)]
        if self._tells or not (disc.picture_count or papers):
            self._pages.show_report()
        elif not disc.picture_count:
            self._pages.show_document(papers[0])
        self._tells = False

    def _open_several(self, paths: tuple[str, ...], password: str | None = None) -> None:
        known = self._known(Asked(paths[0], paths))
        asked = Asked(paths[0], paths, (password, *known) if password else known)
        self._follow(asked, self._session.open_several(paths, asked.passwords))

    def open_dropped(self, paths: list[str]) -> None:
        """One thing is opened as if it had been chosen; of several files only these."""
        if len(paths) == 1:
            self.open_path(paths[0])
            return
        self._open_several(tuple(paths))

    def choose_folder(self) -> None:
        """Ask for the folder of the disc."""
        path = file_dialogs.choose_folder(self._window, tr("Choose the folder of the disc"), self._begin())
        if path:
            self.open_path(path)

    def choose_file(self) -> None:
        """Ask for a ZIP or one file."""
        path = file_dialogs.choose_file(self._window, tr("Choose a ZIP file or one picture"), self._begin())
        if path:
            self.open_path(path)

    def _begin(self) -> str:
        """Where a dialog starts: beside what was opened last, else in the person's own folder."""
        path = self.asked.path
        return os.path.dirname(path) if path else str(home())

    # --- out
    def choose_pdf(self) -> None:
        """Ask where the report goes, and write it."""
        path = self._where(tr("Save as PDF"), self._session.take_along.pdf_name(), "PDF (*.pdf)")
        if path is not None:
            self.save_pdf(path)

    def save_pdf(self, path: Path) -> None:
        """Write the report there."""
        self._saves.follow(
            self._session.take_along.pdf(path, self._session.store.state.view.conversation), self.choose_pdf
        )

    def choose_table(self) -> None:
        """Ask where the table of marks goes, and write it."""
        name = Path(self._session.take_along.pdf_name()).stem
        path = self._where(tr("Save as table"), f"{name}.csv", "CSV (*.csv)")
        if path is not None:
            self.save_table(path)

    def save_table(self, path: Path) -> None:
        """Write the marks there."""
        self._saves.follow(self._session.take_along.table(path), self.choose_table)

    def _where(self, title: str, name: str, kinds: str) -> Path | None:
        path = file_dialogs.choose_place(self._window, title, str(home() / name), kinds)
        return Path(path) if path else None
