"""Watches whether what is done can be kept: the archive writes on a thread of its own and tries again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from viewer.gui.window.status_line import StatusLine
from viewer.problem import Problem
from viewer.text.translate import tr

if TYPE_CHECKING:
    from viewer.usecases.session import Session

EVERY_MS = 1000


class UnsavedWatch(QObject):
    """Tells in the status line why marks and answers are not being saved, from when it is known until they are again."""

    def __init__(self, session: Session, status: StatusLine) -> None:
        super().__init__(status)
        self._session, self._status = session, status
        self._told: Problem | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.check)
        self._timer.start()
        self.check()

    def check(self) -> None:
        """Look now."""
        found = self._session.archive_problem
        if found != self._told:
            self._told = found
            self._status.show_unsaved(found.words if found is not None else "")
            self._status.report(found.words if found is not None else tr("Everything is being kept again."))
