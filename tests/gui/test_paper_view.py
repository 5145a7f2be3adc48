"""A PDF of the disc in the window: pages to turn, wide enough to read, and the way out where one cannot be drawn."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pikepdf
import pytest
import typst
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests import clinic
from tests.data import shared_data
from tests.gui.conftest import LIMIT, open_disc, save_as, until_filled
from viewer.codec import paper
from viewer.gui.pages.document_page import DocumentPage
from viewer.gui.pages.paper_view import PaperView
from viewer.gui.window.window import MainWindow
from viewer.index.model import SeriesKind

PAGES = b"#set page(width: 100pt, height: 50pt)\n#for i in range(3) { [Page #i]; pagebreak() }\nEnd"


def locked(document: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="chief", user="secret"))
    return out.getvalue()


@pytest.fixture
def disc(ct_folder: Path, tmp_path: Path) -> Path:
    """A made CT to which letters are added."""
    return Path(shutil.copytree(ct_folder, tmp_path / "disc"))


def page_of(qtbot: QtBot, window: MainWindow, disc: Path, *documents: bytes) -> DocumentPage:
    """The document page of a set with these PDFs."""
    letters = [clinic.letter(document, clinic.pictures(disc)[0]) for document in documents]
    for number, letter in enumerate(letters):
        letter.SeriesInstanceUID, letter.InstanceNumber = letters[0].SeriesInstanceUID, number
        clinic.write(letter, disc / f"LETTER{number}")
    open_disc(qtbot, window, disc)
    return shown_page(qtbot, window)


def shown_page(qtbot: QtBot, window: MainWindow) -> DocumentPage:
    assert window.session.store.state.disc is not None
    every = (one for study in window.session.store.state.disc.studies for one in study.series)
    series = next(
        one for one in every if one.kind is SeriesKind.DOCUMENT and one.documents[0].sop_class == clinic.ROOT + "104.1"
    )
    window.pages.show_document(series.id)
    page = window.centre.page
    assert isinstance(page, DocumentPage)
    until_filled(qtbot, page)
    return page


def wait_for(qtbot: QtBot, view: PaperView, number: int) -> None:
    qtbot.waitUntil(lambda: view.sheet.page is not None and view.sheet.page.number == number, timeout=LIMIT)


def words_on(page: DocumentPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_the_pages_of_a_pdf_are_turned_by_hand(qtbot: QtBot, window: MainWindow, disc: Path) -> None:
    page = page_of(qtbot, window, disc, typst.compile(PAGES))
    (view,) = page.papers
    wait_for(qtbot, view, 0)
    assert view.sheet.height() == pytest.approx(view.sheet.width() / 2, abs=1)
    assert view.sheet.width() == view.width()
    assert not view.before.isEnabled()
    assert "of 4" in words_on(page)
    qtbot.mouseClick(view.after, Qt.MouseButton.LeftButton)
    wait_for(qtbot, view, 1)
    view.number.setText("4")
    qtbot.keyClick(view.number, Qt.Key.Key_Return)
    wait_for(qtbot, view, 3)
    assert not view.after.isEnabled()
    assert view.below.isHidden() or not view.below.isVisible()
    qtbot.mouseClick(view.before, Qt.MouseButton.LeftButton)
    wait_for(qtbot, view, 2)
    qtbot.mouseClick(view.below, Qt.MouseButton.LeftButton)
    wait_for(qtbot, view, 3)
    assert "Save the PDF…" in [button.accessibleName() for button in page.findChildren(QPushButton)]


def test_a_larger_page_is_drawn_anew_with_more_dots(qtbot: QtBot, window: MainWindow, disc: Path) -> None:
    page = page_of(qtbot, window, disc, typst.compile(PAGES))
    (view,) = page.papers
    wait_for(qtbot, view, 0)
    assert view.sheet.page is not None
    before = view.sheet.page.dots.shape[1]
    assert before >= view.sheet.width()
    assert view.smaller.reason
    qtbot.mouseClick(view.larger, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.sheet.page is not None and view.sheet.page.dots.shape[1] > before, timeout=LIMIT)
    assert view.sheet.width() > view.width()
    assert not view.smaller.reason


def test_a_name_may_stand_on_the_pages_and_the_window_says_so(qtbot: QtBot, window: MainWindow, disc: Path) -> None:
    page = page_of(qtbot, window, disc, typst.compile(PAGES))
    (view,) = page.papers
    wait_for(qtbot, view, 0)
    assert "A name may stand on them" in words_on(page)
    window.act("names")
    qtbot.waitUntil(lambda: "A name may stand on them" not in words_on(page), timeout=LIMIT)
    assert page.papers == [view]  # the page is where it was
    assert view.sheet.page is not None


def test_a_locked_pdf_says_so_and_can_still_be_saved(
    qtbot: QtBot, window: MainWindow, disc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = locked(typst.compile(PAGES))
    page = page_of(qtbot, window, disc, document)
    (view,) = page.papers
    qtbot.waitUntil(lambda: view.problem.isVisible(), timeout=LIMIT)
    assert "locked with a password" in words_on(page)
    assert not view.sheet.isVisible()
    target = tmp_path / "letter.pdf"
    save_as(page, "Save the PDF…", target, monkeypatch)
    qtbot.waitUntil(target.exists, timeout=LIMIT)
    assert target.read_bytes().rstrip() == document.rstrip(b"\0").rstrip()


def test_drawing_can_be_stopped_and_begun_again(
    qtbot: QtBot, window: MainWindow, disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as stuck:
        stuck.setattr(paper, "_START", "import time; time.sleep(600)")
        page = page_of(qtbot, window, disc, typst.compile(PAGES))
        (view,) = page.papers
        qtbot.waitUntil(lambda: view.stop_button.isVisible(), timeout=LIMIT)
        qtbot.mouseClick(view.stop_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: view.open_button.isVisible(), timeout=LIMIT)
    assert not view.stop_button.isVisible()
    qtbot.mouseClick(view.open_button, Qt.MouseButton.LeftButton)
    wait_for(qtbot, view, 0)


def test_of_several_pdfs_the_first_opens_by_itself(qtbot: QtBot, window: MainWindow, disc: Path) -> None:
    page = page_of(qtbot, window, disc, typst.compile(PAGES), typst.compile(b"= Zwei"))
    first, second = page.papers
    wait_for(qtbot, first, 0)
    assert second.open_button.isVisible()
    qtbot.mouseClick(second.open_button, Qt.MouseButton.LeftButton)
    wait_for(qtbot, second, 0)
    assert not second.number.isVisible()  # one page has nothing to turn


def test_leaving_the_page_ends_the_drawing(
    qtbot: QtBot, window: MainWindow, disc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "_START", "import time; time.sleep(600)")
    (view,) = page_of(qtbot, window, disc, typst.compile(PAGES)).papers
    qtbot.waitUntil(lambda: view._job is not None, timeout=LIMIT)
    job = view._job
    window.escape()
    assert window.centre.page is None
    assert job is not None
    qtbot.waitUntil(lambda: job.finished, timeout=LIMIT)
    assert job.result is None


def test_the_pdf_of_a_real_disc_is_seen_in_the_window(qtbot: QtBot, window: MainWindow) -> None:
    open_disc(qtbot, window, shared_data("discs/01-lumbar-spine-mr"))
    (view,) = shown_page(qtbot, window).papers
    wait_for(qtbot, view, 0)
    assert view.sheet.page is not None
    assert (view.sheet.page.dots < 100).all(-1).sum() > 100  # letters on white
    seen = view.sheet.grab().toImage()
    darkest = min(seen.pixelColor(x, y).lightness() for x in range(0, seen.width(), 2) for y in range(seen.height()))
    assert darkest < 100
