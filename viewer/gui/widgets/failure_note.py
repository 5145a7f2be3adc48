"""FailureNote: what a person asked for and did not get, above the pictures until it is read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from viewer.gui.widgets.announce import announce
from viewer.gui.widgets.controls import Button, IconButton
from viewer.gui.widgets.problem_note import ProblemNote
from viewer.problem import Problem
from viewer.text.translate import tr

Again = Callable[[], None]


class FailureNote(ProblemNote):
    """Stays until it is closed, or something is saved again: a line at the foot is cut where it is long, gone after some
    seconds, and a report that was never written would be missed at the doctor's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._again: Again | None = None
        self._retry = Button(tr("Try again…"), do=self._try_again)
        self.add_button(self._retry)
        self.add_button(IconButton("x", tr("Close this note"), self.hide))

    def show_failure(self, problem: Problem, again: Again) -> None:
        """What failed, and the way to try it `again`, with another place to choose."""
        self._again = again
        self.show_problem(problem)
        announce(self, problem.words)

    def _try_again(self) -> None:
        self.hide()
        if self._again is not None:
            self._again()
