"""Before a disc is forgotten: what goes, what stays, and two buttons. Nothing is removed without the second click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Card, column_of, row_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Glyph, Words
from viewer.jobs.jobs import Job
from viewer.problem import Problem, problem
from viewer.text.translate import tr
from viewer.usecases.forgetting import what_goes, what_stays
from viewer.usecases.rows import RecentDisc

WIDTH = 720


class ForgetPage(QScrollArea):
    """A page in the panes' place; Esc keeps everything. rows: the discs, None: all there are. `done` hears how it
    went."""

    def __init__(self, shell: Shell, rows: tuple[RecentDisc, ...] | None, done: Callable[[Problem], None]) -> None:
        super().__init__()
        self._shell, self._rows, self._done = shell, rows, done
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self._title())
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(16)
        column.addLayout(column_of(Words(self._title(), "title"), Words(self._which(), "lead"), spacing=4))
        column.addWidget(_list_of(tr("This goes, for good"), "trash-2", what_goes()))
        column.addWidget(_list_of(tr("This stays"), "lock", what_stays()))
        self.keep = Button(tr("Keep everything"), do=shell.leave_page)
        self.forget = Button(
            tr("Forget it") if rows is not None else tr("Forget them all"), "primary", "trash-2", self._go
        )
        column.addLayout(row_of(self.forget, self.keep, 1))
        column.addStretch(1)
        page.setMaximumWidth(WIDTH)
        self.setWidget(page)

    def _title(self) -> str:
        return tr("Forget this disc?") if self._rows is not None else tr("Forget all discs?")

    def _which(self) -> str:
        if self._rows is None:
            return tr("All that was ever opened on this computer, also what is no longer listed.")
        return "; ".join(f"{row.name} · {row.words}" for row in self._rows)

    def _go(self) -> None:
        """The open disc is closed by this, and the page with it."""
        shell, done = self._shell, self._done
        shell.leave_page()

        def told(job: Job[None]) -> None:
            if job.finished:
                how = job.problem or problem("disc_forgotten")
                done(how)
                shell.say(how.words)

        shell.bridge.follow(shell.session.forget(self._rows), told)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)  # a careless Return keeps everything


def _list_of(title: str, glyph: str, rows: tuple[str, ...]) -> Card:
    card = Card()
    card.column.addWidget(Words(title, "section"))
    for words in rows:
        line = row_of(Glyph(glyph), Words(words))
        line.setStretch(1, 1)
        card.column.addLayout(line)
    return card
