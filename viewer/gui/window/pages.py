"""Pages: what may stand in the panes' place, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from viewer.disclosure.frame import Disclosure
from viewer.gui.pages.start_page import StartPage
from viewer.gui.sets.browser import Browser
from viewer.gui.shell import Rooms, Shell
from viewer.gui.window import makers
from viewer.gui.window.centre import Centre
from viewer.problem import Problem
from viewer.usecases.rows import RecentDisc


class Pages:
    """`open_again` reads the open disc anew, with a password where one was given."""

    def __init__(
        self,
        shell: Shell,
        rooms: Rooms,
        centre: Centre,
        start_page: StartPage,
        browser: Browser,
        open_again: Callable[[str | None], None],
    ) -> None:
        self._shell, self._rooms, self._session = shell, rooms, shell.session
        self._centre, self._start_page, self._browser = centre, start_page, browser
        self._open_again = open_again

    def show_start(self) -> None:
        """The start page, also while a scan is open."""
        self._centre.show_start()
        self._start_page.focus_here()

    def show_report(self, explain: str = "") -> None:
        """The import report, at the row of a series when given."""
        disc = self._session.store.state.disc
        if disc is not None:
            self._centre.show_page(makers.report_page(self._shell, disc, explain, self.read_again, self.read_again))

    def read_again(self, password: str | None = None) -> None:
        """The open disc is read anew, and the page about it goes."""
        self._shell.leave_page()
        self._open_again(password)

    def show_document(self, series_id: str) -> None:
        """A report or PDF of the disc."""
        self._centre.show_page(makers.document_page(self._shell, series_id))
        self._browser.sets.show_series(series_id)

    def show_preview(self, disclosure: Disclosure, conversation_id: str) -> None:
        """What will leave, docks hidden."""
        self._centre.show_page(self._rooms.preview_page(self._shell, disclosure, conversation_id), alone=True)

    def forget_open(self) -> None:
        """Ask whether the open disc is to be forgotten."""
        row = self._session.forgettable()
        if row is not None:
            self.show_forget((row,))

    def show_forget(self, rows: tuple[RecentDisc, ...] | None) -> None:
        """What goes and what stays, before these discs (None: all) are forgotten."""
        self._centre.show_page(makers.forget_page(self._shell, rows, self._forgotten))

    def _forgotten(self, how: Problem) -> None:
        self._start_page.show_recent()
        self._start_page.show_problem(how)

    def show_settings(self) -> None:
        """Who answers, keys, appearance."""
        self._centre.show_page(self._rooms.settings_page(self._shell))

    def show_help(self, *, about: bool) -> None:
        """Keys and mouse, or what Sidelight is."""
        self._centre.show_page(makers.help_page(self._shell, about=about))
