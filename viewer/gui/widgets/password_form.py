"""The password of a locked ZIP, asked for where the opened scan would stand; never a window over the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from viewer.gui.widgets.boxes import Card, Note, column_of, row_of
from viewer.gui.widgets.controls import Button, Line
from viewer.gui.widgets.labels import Glyph, Words
from viewer.problem import Problem
from viewer.text.translate import tr

WRONG = "zip_wrong_password"


class PasswordForm(Card):
    """Hidden until `ask`; Enter or *Open* tries what was written. The password is kept nowhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open: Callable[[str], None] = lambda password: None
        self._title = Words("", "strong")
        self._why = Words("", "second")
        self.wrong = Note("", "bad")
        self.line = Line(self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setPlaceholderText(tr("Password"))
        self.line.setAccessibleName(tr("Password of the ZIP file"))
        self.line.returnPressed.connect(self._try)
        self.line.textChanged.connect(lambda _: self._show_ready())
        self.button = Button(tr("Open"), "primary", do=self._try)
        head = row_of(Glyph("lock", "accent", 20), column_of(self._title, self._why, spacing=2))
        head.setStretch(1, 1)
        row = row_of(self.line, self.button)
        row.setStretch(0, 1)
        for part in (head, row):
            self.column.addLayout(part)
        self.column.addWidget(self.wrong)
        self.hide()

    def ask(
        self,
        path: str,
        problem: Problem,
        open_with: Callable[[str], None],
        more: int = 0,
        *,
        takes_focus: bool = True,
    ) -> None:
        """Ask for the password of the file at `path`, of `more` others too; a wrong one says so and is asked for again."""
        self._open = open_with
        name = PurePath(path).name
        title = tr("“{name}” is locked", name=name)
        if more:
            title = tr("“{name}” and {n} more packed files are locked", name=name, n=more)
        self._title.set_words(title)
        self._why.set_words(tr("Enter the password; it is usually in the clinic's letter."))
        wrong = problem.code == WRONG
        self.wrong.setVisible(wrong)
        if wrong:
            self.wrong.set_words(tr(problem.remedy), tr(problem.text))
        self.line.clear()
        self._show_ready()
        self.show()
        if takes_focus:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Nothing is locked any more."""
        self.line.clear()
        self.hide()

    def _show_ready(self) -> None:
        self.button.set_blocked("" if self.line.text() else tr("Write the password first."))

    def _try(self) -> None:
        if self.line.text():
            self._open(self.line.text())
