"""The word of the status line about a slow disc that is being copied, with a button to stop it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from viewer.disc.copy import CopyReport
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.gui.widgets.time_left import with_time_left
from viewer.jobs.jobs import Job
from viewer.text.translate import tr


class CopyLine(QWidget):
    """Hidden until a copy begins. `stop` is what its button does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stop: Callable[[], None] = lambda: None
        self.words = Words("", "second", wraps=False)
        self.button = Button(tr("Stop copying"), "link", do=lambda: self.stop())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words)
        row.addWidget(self.button)
        self.hide()

    def show_job(self, job: Job[CopyReport]) -> None:
        """How far the copy is, or how it ended."""
        self.button.setVisible(not job.finished)
        self.words.set_words(copying_words(job))
        self.setVisible(bool(self.words.text()))


def copying_words(job: Job[CopyReport]) -> str:
    """One sentence; "" for a copy that somebody stopped."""
    if job.problem is not None:
        return tr("The disc is read on from the drive, leave it in: {why}", why=tr(job.problem.text))
    if job.finished:
        return "" if job.result is None else job.result.text
    done, total, left = job.progress.done, job.progress.total, job.progress.seconds_left
    share = tr("Copying the disc to this computer: {percent} %", percent=100 * done // total if total else 0)
    return with_time_left(share, left)
