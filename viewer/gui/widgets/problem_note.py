"""A Problem where the good thing would stand: what happened, what still works, what to do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from viewer.gui.widgets.boxes import Note
from viewer.problem import Problem, Severity
from viewer.text.translate import tr

KINDS = {Severity.NOTE: "info", Severity.DOUBT: "warn", Severity.LOSS: "bad"}


class ProblemNote(Note):
    """A note in the colour of the problem's severity; hidden while there is none."""

    def __init__(self, problem: Problem | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.show_problem(problem)

    def show_problem(self, problem: Problem | None) -> None:
        """Show it, or nothing."""
        self.setVisible(problem is not None)
        if problem is not None:
            self.set_kind(KINDS[problem.severity])
            self.set_words(tr(problem.remedy) if problem.remedy else "", tr(problem.text))
