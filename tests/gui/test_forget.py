"""Forgetting in the window: from the menu and from "Opened before", never without the second click."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT, open_disc
from viewer.gui.pages.forget_page import ForgetPage
from viewer.gui.pages.recent_row import RecentRow
from viewer.gui.steps import Steps
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.problem_note import ProblemNote
from viewer.gui.window.window import MainWindow
from viewer.marks.mark import MarkKind

WORDS = b"Zweiundvierzig-Marker"


def is_kept(data: Path) -> bool:
    return any(WORDS in path.read_bytes() for path in data.rglob("*") if path.is_file())


def page_of(window: MainWindow) -> ForgetPage:
    page = window.centre.page
    assert isinstance(page, ForgetPage)
    return page


def draw(window: MainWindow) -> None:
    pane = window.active_pane
    assert pane is not None
    assert pane.slice is not None
    window.session.add_mark(MarkKind.TEXT, pane.slice, ((3.0, 3.0),), WORDS.decode())


def wait_for_end(qtbot: QtBot, window: MainWindow) -> None:
    notes = window.start_page.findChildren(ProblemNote)
    qtbot.waitUntil(
        lambda: any("Forgotten" in note.accessibleName() for note in notes if note.isVisible()), timeout=LIMIT
    )


def test_the_open_disc_is_forgotten_after_a_second_click(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    draw(opened)
    opened.act("forget")
    page = page_of(opened)
    words = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "1 mark" in words
    assert "This goes, for good" in words
    assert "The list of what left this computer" in words
    QTest.mouseClick(page.forget, Qt.MouseButton.LeftButton)
    wait_for_end(qtbot, opened)
    assert opened.session.store.state.disc is None
    assert opened.centre.currentWidget() is opened.start_page
    qtbot.waitUntil(lambda: not opened.start_page.findChildren(RecentRow), timeout=LIMIT)
    assert not is_kept(tmp_path / "data")


def test_return_and_escape_keep_everything(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    draw(opened)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        opened.act("forget")
        qtbot.waitUntil(page_of(opened).keep.hasFocus, timeout=LIMIT)
        QTest.keyClick(page_of(opened).keep, key)
        qtbot.waitUntil(lambda: opened.centre.shows_pictures, timeout=LIMIT)
        assert len(opened.session.store.state.document.marks) == 1


def test_one_of_the_discs_opened_before_is_forgotten(
    qtbot: QtBot, opened: MainWindow, cd_folder: Path, tmp_path: Path
) -> None:
    draw(opened)
    opened.act("close_disc")
    open_disc(qtbot, opened, cd_folder)
    opened.act("close_disc")
    page = opened.start_page
    qtbot.waitUntil(lambda: Steps.now().is_done and len(page.findChildren(RecentRow)) == 2, timeout=LIMIT)
    rows = page.findChildren(RecentRow)  # as they were made, the newest first
    QTest.mouseClick(rows[1].forget, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page_of(opened).forget, Qt.MouseButton.LeftButton)
    wait_for_end(qtbot, opened)
    qtbot.waitUntil(lambda: len(opened.start_page.findChildren(RecentRow)) == 1, timeout=LIMIT)
    assert not is_kept(tmp_path / "data")


def test_return_on_the_bin_of_a_line_asks_and_does_not_open_the_disc(qtbot: QtBot, opened: MainWindow) -> None:
    opened.act("close_disc")
    qtbot.waitUntil(lambda: len(opened.start_page.findChildren(RecentRow)) == 1, timeout=LIMIT)
    (row,) = opened.start_page.findChildren(RecentRow)
    row.forget.setFocus()
    QTest.keyClick(row.forget, Qt.Key.Key_Return)
    assert page_of(opened).isVisible()


def test_all_discs_opened_before_are_forgotten(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    draw(opened)
    opened.act("close_disc")
    (link,) = (one for one in opened.start_page.findChildren(Button) if "Forget them all" in one.text())
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    QTest.mouseClick(page_of(opened).forget, Qt.MouseButton.LeftButton)
    wait_for_end(qtbot, opened)
    assert not is_kept(tmp_path / "data")
    assert opened.session.recent() == ()


def test_a_disc_that_is_not_read_to_its_end_cannot_be_forgotten(window: MainWindow) -> None:
    window.act("forget")
    assert window.centre.page is None
    assert window.actions_bound.reason("forget") == "Open a scan first."
