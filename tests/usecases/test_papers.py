"""Pages of a PDF come as pictures; the next is there before it is asked for; nobody looking means nothing is drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import typst

from tests import clinic
from tests.patience import PATIENCE
from tests.usecases.sitting import Sitting
from viewer.codec import paper
from viewer.codec.paper import PaperPage
from viewer.jobs.jobs import Cancelled, Job

PAGES = b"#set page(width: 100pt, height: 50pt)\n#for i in range(3) { [Page #i]; pagebreak() }\nEnd"


@pytest.fixture
def letter(seat: Sitting, ct: Path, tmp_path: Path) -> str:
    """The path on the opened disc of a PDF with four pages."""
    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    clinic.write(clinic.letter(typst.compile(PAGES), clinic.pictures(disc)[0]), disc / "LETTER")
    seat.open(disc)
    (series,) = [one for study in seat.disc.studies for one in study.series if one.documents]
    (document,) = seat.loop.result(seat.session.documents(series.id))
    return document.path


def page(seat: Sitting, path: str, number: int, columns: int = 200) -> PaperPage:
    return seat.loop.result(seat.session.papers.page(path, number, columns))


def test_the_page_after_the_one_on_screen_is_kept_ready(
    seat: Sitting, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = page(seat, letter, 0)
    assert (first.number, first.count, first.dots.shape) == (0, 4, (100, 200, 3))
    seat.until(lambda: len(seat.session.papers._kept) == 2)
    ahead = list(seat.session.papers._kept.values())[-1]
    assert ahead.wait(PATIENCE).number == 1
    monkeypatch.setattr(paper, "_START", "raise SystemExit")  # nothing more can be drawn
    assert seat.session.papers.page(letter, 1, 200) is ahead
    assert page(seat, letter, 0) is first


def test_another_page_ends_the_drawing_of_the_last(seat: Sitting, letter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as stuck:
        stuck.setattr(paper, "_START", "import time; time.sleep(600)")
        never: Job[PaperPage] = seat.session.papers.page(letter, 0, 200)
        other = seat.session.papers.page(letter, 2, 200)
        with pytest.raises(Cancelled):
            never.wait(PATIENCE)
        seat.session.papers.leave()
        with pytest.raises(Cancelled):
            other.wait(PATIENCE)
    assert page(seat, letter, 2).number == 2
    assert page(seat, letter, 3).number == 3


def test_a_page_that_failed_is_drawn_anew_when_asked_again(
    seat: Sitting, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(paper, "_START", "raise SystemExit")
        job = seat.session.papers.page(letter, 0, 200)
        seat.until(lambda: job.finished)
        assert job.problem is not None
        assert job.problem.code == "paper_page_damaged"
    assert page(seat, letter, 0).problem is None


def test_without_a_disc_there_is_no_page(seat: Sitting, letter: str) -> None:
    seat.session.close_disc()
    with pytest.raises(KeyError):
        seat.session.papers.page(letter, 0, 200)
