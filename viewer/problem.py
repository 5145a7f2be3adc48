"""Problem: what went wrong, in a plain sentence, and what a person can do about it.

There are two kinds of failure only:

    ProblemError      a Problem a person can act on; carried up and *shown where the good thing would stand*
    anything else     a bug; never swallowed, ends in the local crash report

Each code has one row in `PROBLEMS`. A sentence never holds an exception's text, a path or a tag number;
`Problem.where` carries the path or frame for the details view. Values are inserted by `problem(code, ...)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad: *note* explains, *doubt* puts a mark on what is shown, *loss* means something is not shown."""

    NOTE = "note"
    DOUBT = "doubt"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be. `text` says what happened, `remedy` what to do (may be empty)."""

    code: str
    severity: Severity
    text: str
    remedy: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A row of the table: the sentence and remedy are `str.format` templates."""

    severity: Severity
    text: str
    remedy: str = ""


class ProblemError(Exception):
    """A failure a person can act on."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


NOTE, DOUBT, LOSS = Severity.NOTE, Severity.DOUBT, Severity.LOSS

PROBLEMS: dict[str, ProblemRow] = {
    # --- disc
    "path_missing": ProblemRow(LOSS, "There is nothing at this place.", "Check that the disc is in the drive, then choose the folder again."),
    "path_not_readable": ProblemRow(LOSS, "This folder may not be read.", "Copy the disc to a folder of your own, or ask for the right to read it."),
    "folder_empty": ProblemRow(NOTE, "This folder is empty.", "Choose the folder of the disc itself."),
    # --- dicom
    # --- index
    # --- codec and volume
    # --- picture and marks
    # --- disclosure
    # --- consult and answer
    # --- archive
    # --- report
}  # fmt: skip


def problem(code: str, where: str = "", **values: object) -> Problem:
    """Build the Problem of `code` from its row; raises KeyError for an unknown code (a bug)."""
    row = PROBLEMS[code]
    return Problem(code, row.severity, row.text.format(**values), row.remedy.format(**values), where)
