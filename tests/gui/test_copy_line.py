"""The word of the status line about a disc that is being copied."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from viewer.disc.copy import CopyReport
from viewer.gui.window.copy_line import CopyLine
from viewer.jobs.jobs import Job
from viewer.problem import ProblemError, problem


def test_the_line_tells_how_far_the_copy_is_and_when_the_disc_may_come_out(qtbot: QtBot) -> None:
    line = CopyLine()
    qtbot.addWidget(line)
    job = Job[CopyReport]("copy")
    job.report(30, 100)
    line.show_job(job)
    assert line.words.text() == "Copying the disc to this computer: 30 %"
    assert not line.button.isHidden()
    job._run(lambda job: CopyReport(Path("x"), (), 1, True, "The disc may come out."))
    line.show_job(job)
    assert line.words.text() == "The disc may come out."
    assert line.button.isHidden()


def test_the_line_says_why_the_disc_has_to_stay_in(qtbot: QtBot) -> None:
    line = CopyLine()
    qtbot.addWidget(line)
    job = Job[CopyReport]("copy")

    def full(job: Job[CopyReport]) -> CopyReport:
        raise ProblemError(problem("copy_no_space"))

    job._run(full)
    line.show_job(job)
    assert line.words.text().startswith(
        "The disc is read on from the drive, leave it in: There is not enough free space"
    )


def test_a_copy_that_was_stopped_leaves_no_word(qtbot: QtBot) -> None:
    line = CopyLine()
    qtbot.addWidget(line)
    job = Job[CopyReport]("copy")
    job.cancel()
    job._run(lambda job: CopyReport(Path("x"), (), 0, True, "never"))
    line.show_job(job)
    assert line.isHidden()
