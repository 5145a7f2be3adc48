"""Looks for a disc in the drive while the start page is on screen, on a worker: a drive that spins up holds up nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from viewer.disc.drives import Drive, discs_in_drives
from viewer.gui.bridge import Bridge
from viewer.gui.pages.start_page import StartPage
from viewer.jobs.jobs import Job

if TYPE_CHECKING:
    from viewer.usecases.session import Session

EVERY_MS = 3000


class DriveWatch(QObject):
    """`look` is asked again every few seconds, but never twice at once."""

    def __init__(
        self,
        session: Session,
        bridge: Bridge,
        page: StartPage,
        look: Callable[[], tuple[Drive, ...]] = discs_in_drives,
    ) -> None:
        super().__init__(page)
        self._session, self._bridge, self._page, self._look = session, bridge, page, look
        self._running: Job[tuple[Drive, ...]] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()
        self.check()

    def check(self) -> None:
        """Look now, unless nobody would see it or an answer is still awaited."""
        if not self._page.isVisible() or (self._running is not None and not self._running.finished):
            return
        self._running = self._session.jobs.start("drives", lambda job: self._look(), behind=True)
        self._bridge.follow(self._running, self._found)

    def stop(self) -> None:
        """The window closes."""
        self._timer.stop()

    def _found(self, job: Job[tuple[Drive, ...]]) -> None:
        if job.finished and job.result is not None:
            self._page.disc_card.show_discs(job.result)
