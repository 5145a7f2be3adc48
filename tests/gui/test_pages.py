"""Pages in the panes' place give way when pictures are wanted; zoom by keys; two sets compared are alike."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.conftest import LIMIT, open_disc, pane_of
from viewer.gui.look.theme import sheet_of
from viewer.gui.look.tokens import LIGHT, PANE
from viewer.gui.pages.recent_row import RecentRow
from viewer.gui.pages.report_page import ReportPage
from viewer.gui.panels.ask import AskPanel
from viewer.gui.panels.marks import MarksPanel
from viewer.gui.panels.picture_foot import PictureFoot
from viewer.gui.panels.settings import SettingsPage
from viewer.gui.panes.area import GAP
from viewer.gui.sets.set_model import ROW_ROLE
from viewer.gui.sets.set_rows import RowKind
from viewer.gui.widgets.boxes import Note
from viewer.gui.widgets.controls import Button, Choice, IconButton
from viewer.gui.widgets.labels import Elided, Words
from viewer.gui.window.window import MainWindow
from viewer.marks.mark import MarkKind
from viewer.phantom.disc import DiscKind, write_disc
from viewer.problem import problem
from viewer.usecases.actions import ACTIONS, is_on_pictures
from viewer.usecases.rows import RecentDisc


def click_set(window: MainWindow, number: int) -> str:
    """Click the set with this number in the list; its id."""
    sets = window.browser.sets
    rows = [sets.model().index(n, 0) for n in range(sets.model().rowCount())]
    shown = [at for at in rows if at.data(ROW_ROLE).kind is RowKind.SET and at.data(ROW_ROLE).can_be_shown]
    place = QPoint(sets.visualRect(shown[number]).center())
    QTest.mouseClick(sets.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    return str(shown[number].data(ROW_ROLE).series_id)


@pytest.mark.parametrize("page", ["report", "settings", "keys"])
@pytest.mark.parametrize("number", [0, 1])
def test_a_set_chosen_while_a_page_is_up_brings_its_pictures(
    qtbot: QtBot, window: MainWindow, cd_folder: Path, page: str, number: int
) -> None:
    open_disc(qtbot, window, cd_folder)
    window.act(page)
    assert not window.centre.shows_pictures
    chosen = click_set(window, number)
    assert window.centre.shows_pictures
    assert window.session.store.state.view.panes[0].series_id == chosen


@pytest.mark.parametrize("action", ["invert", "tool_ellipse", "layout_one", "one_to_one"])
def test_what_is_done_to_pictures_is_seen(opened: MainWindow, action: str) -> None:
    opened.act("settings")
    assert "Esc" in opened.status.hint.accessibleName() or opened.status.hint.text() != ""
    opened.act(action)
    assert opened.centre.shows_pictures


def test_a_page_stays_for_what_is_not_done_to_pictures(opened: MainWindow) -> None:
    for action in ("names", "theme_dark", "theme_light"):
        opened.act("settings")
        opened.act(action)
        assert not opened.centre.shows_pictures, action
    assert {row.id for row in ACTIONS if is_on_pictures(row.id)} >= {"next_slice", "undo", "layout_three"}


@pytest.mark.parametrize("action", ["invert", "undo", "layout_one", "delete_mark"])
def test_nothing_is_done_to_pictures_behind_what_would_leave(opened: MainWindow, action: str) -> None:
    slice_, page = pane_of(opened).slice, QWidget()
    assert slice_ is not None
    opened.session.add_mark(MarkKind.TEXT, slice_, ((3.0, 3.0),), "a note")
    before = opened.session.store.state
    opened.centre.show_page(page, alone=True)
    opened.act(action)
    assert opened.centre.page is page
    assert opened.session.store.state == before
    assert "decide first whether this picture leaves" in opened.reason.words
    opened.leave_page()
    opened.act(action)
    assert opened.session.store.state != before


def test_the_hint_of_a_page_says_how_to_leave_it(qtbot: QtBot, opened: MainWindow) -> None:
    opened.status._said.stop()
    opened.act("settings")
    qtbot.waitUntil(lambda: opened.status.hint.text() == "Esc: back to the pictures", timeout=LIMIT)
    opened.leave_page()
    qtbot.waitUntil(lambda: "Wheel" in opened.status.hint.text(), timeout=LIMIT)


def test_keys_zoom_show_all_and_show_point_for_point(opened: MainWindow) -> None:
    pane = pane_of(opened)
    assert pane.placement is not None
    fitted = pane.placement.scale
    QTest.keyClick(pane.view, Qt.Key.Key_Plus)
    assert pane.placement.scale == pytest.approx(fitted * 1.25)
    QTest.keyClick(pane.view, Qt.Key.Key_Minus)
    assert pane.placement.scale == pytest.approx(fitted)
    QTest.keyClick(pane.view, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert pane.placement.scale * pane.devicePixelRatioF() == pytest.approx(1.0)
    QTest.keyClick(pane.view, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert pane.placement.scale == pytest.approx(fitted)


def test_two_sets_side_by_side_are_equally_wide(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_disc(tmp_path / "us", DiscKind.CINE, slices=3, size=32)
    write_disc(tmp_path / "ct", DiscKind.CT, slices=3, size=32)
    open_disc(qtbot, window, tmp_path)
    disc = window.session.store.state.disc
    assert disc is not None
    flat, other = sorted((s for study in disc.studies for s in study.series), key=lambda s: s.kind.value != "cine")[:2]
    window.session.show(flat.id)
    window.browser.sets.beside_wanted.emit(other.id)
    qtbot.waitUntil(lambda: window.area is not None and len(window.area.panes) > 1, timeout=LIMIT)
    assert window.area is not None
    assert [pane.series_id for pane in window.session.store.state.view.panes] == [flat.id, other.id]
    left, right = window.area.panes[:2]
    qtbot.waitUntil(lambda: right.isVisible(), timeout=LIMIT)
    assert abs(left.width() - right.width()) <= 1
    assert left.width() + GAP + right.width() == window.area.width()


def test_the_frame_of_the_active_pane_has_whole_corners(opened: MainWindow) -> None:
    pane = pane_of(opened)
    image = pane.grab().toImage()
    corners = {image.pixelColor(x, y).name() for x in (0, image.width() - 1) for y in (0, image.height() - 1)}
    assert corners == {QColor(PANE.accent).name()}


def test_a_title_has_a_short_form_before_it_is_cut(qtbot: QtBot) -> None:
    title = Elided()
    qtbot.addWidget(title)
    title.set_words("Ask about this picture", "Ask")
    title.show()
    title.resize(400, 20)
    assert title.text() == "Ask about this picture"
    title.resize(60, 20)
    assert title.text() == "Ask"
    assert title.accessibleName() == "Ask about this picture"


def test_leaving_the_report_of_a_disc_without_pictures_leads_to_the_start_page(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("nothing to see")
    window.open_path(str(tmp_path))
    qtbot.waitUntil(lambda: window.centre.page is not None, timeout=LIMIT)
    page = window.centre.page
    assert page is not None
    assert "Back to the start page" in [button.text().strip() for button in page.findChildren(Button)]
    window.escape()
    assert window.session.store.state.disc is None
    assert window.centre.currentWidget() is window.start_page


def tells_of(window: MainWindow, folder: Path) -> bool:
    disc = window.session.store.state.disc
    return disc is not None and disc.root == str(folder) and isinstance(window.centre.currentWidget(), ReportPage)


def test_a_second_folder_without_pictures_is_told_of_like_the_first(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "letter.txt").write_text("nothing to see")
        window.open_path(str(folder))
        qtbot.waitUntil(partial(tells_of, window, folder), timeout=LIMIT)


def test_what_cannot_be_opened_is_told_in_the_middle_and_the_open_scan_stays(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    opened.open_path(str(tmp_path / "gone"))
    qtbot.waitUntil(lambda: opened.centre.currentWidget() is opened.start_page, timeout=LIMIT)
    words = " ".join(label.text() for label in opened.start_page.findChildren(QLabel) if label.isVisible())
    assert problem("path_missing").text in words
    assert opened.session.store.state.disc is not None
    click_set(opened, 0)
    assert opened.centre.shows_pictures
    opened.open_path(str(tmp_path / "gone"))
    qtbot.waitUntil(lambda: opened.centre.currentWidget() is opened.start_page, timeout=LIMIT)
    opened.escape()
    assert opened.centre.shows_pictures


def test_the_start_page_over_an_open_scan_shows_the_way_back(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    opened.open_path(str(tmp_path / "gone"))
    qtbot.waitUntil(lambda: opened.centre.asks_to_open, timeout=LIMIT)

    def shown(kind: type[Button] | type[Words], words: str) -> list[Button | Words]:
        found = [one for one in opened.findChildren(kind) if one.isVisible()]
        return [one for one in found if one.text().strip() == words]

    qtbot.waitUntil(lambda: len(shown(Button, "Back to the open scan")) == 1, timeout=LIMIT)
    filled = [one for one in opened.findChildren(Button) if one.isVisible() and one.property("role") == "primary"]
    assert len(filled) == 1, "one filled button on screen"
    assert len(shown(Words, "For information, not a diagnosis")) == 1
    QTest.mouseClick(shown(Button, "Back to the open scan")[0], Qt.MouseButton.LeftButton)
    assert opened.centre.shows_pictures
    opened.session.close_disc()
    qtbot.waitUntil(lambda: bool(shown(Words, "Open your scan")), timeout=LIMIT)
    assert not shown(Button, "Back to the open scan")
    assert len(shown(Words, "For information, not a diagnosis")) == 1


@pytest.fixture
def large(opened: MainWindow) -> Iterator[MainWindow]:
    """The smallest window with the largest letters."""
    opened.resize(960, 600)
    opened.appearance.resize_text(200)
    yield opened
    opened.appearance.resize_text(100)


def test_the_settings_do_not_scroll_sideways_with_large_letters(qtbot: QtBot, large: MainWindow) -> None:
    page = SettingsPage(large)
    large.centre.show_page(page)
    (area,) = page.findChildren(QScrollArea)
    qtbot.waitUntil(lambda: area.viewport().width() > 0 and page.isVisible(), timeout=LIMIT)
    assert area.horizontalScrollBar().maximum() == 0


def test_nothing_of_the_ask_panel_is_cut_with_large_letters(qtbot: QtBot, large: MainWindow) -> None:
    large.session.setup.choose("address", "http://127.0.0.1:9", "made-up")
    panel = AskPanel(large)
    qtbot.addWidget(panel)
    panel.resize(360, 440)
    panel.show()
    panel._turn_to("new")
    panel._place_feet()

    def is_whole() -> bool:
        buttons = [one for one in panel.findChildren(Button) if one.isVisible()]
        return bool(buttons) and all(
            one.width() >= one.sizeHint().width() and one.height() >= one.sizeHint().height() for one in buttons
        )

    qtbot.waitUntil(is_whole, timeout=LIMIT)
    assert panel._feet["new"].is_low
    large.appearance.resize_text(100)
    panel.resize(320, 700)
    qtbot.waitUntil(lambda: not panel._feet["new"].is_low, timeout=LIMIT)
    assert panel.see.text().strip() == panel.see.accessibleName()
    assert not panel.see.icon().isNull()


def test_a_long_name_leaves_room_for_where_the_disc_is(qtbot: QtBot, window: MainWindow) -> None:
    words = "12 March 2024 · 18 pictures"
    disc = RecentDisc("key", "/nowhere", "A name " * 40, words, "2026-01-01T10:00:00+00:00", is_there=False)
    row = RecentRow(disc, lambda path: None, last=True)
    qtbot.addWidget(row)
    row.resize(800, 40)
    row.show()
    name, state = row.findChildren(Elided)
    qtbot.waitUntil(lambda: state.width() > 200, timeout=LIMIT)
    assert name.text().endswith("…")
    assert state.text().startswith("The disc is not in the drive")


def test_a_panel_that_is_gone_hears_of_no_other_letters(qtbot: QtBot, opened: MainWindow) -> None:
    panel = AskPanel(opened)
    panel.deleteLater()
    qtbot.waitUntil(lambda: not isValid(panel), timeout=LIMIT)
    opened.appearance.changed.emit()


def test_icons_grow_with_the_letters_and_come_back(qtbot: QtBot, opened: MainWindow) -> None:
    note, button, small = Note("words"), Button("Send", icon_name="eye"), IconButton("x", "Close")
    for widget in (note, button, small):
        qtbot.addWidget(widget)
        widget.show()
    tool = opened.tools.buttons["tool_pan"]
    sizes = [(100, 16, 16, 16, 20), (200, 32, 32, 24, 30), (100, 16, 16, 16, 20)]
    for percent, *wanted in sizes:
        opened.appearance.resize_text(percent)
        found = [note._glyph.width(), *(one.iconSize().width() for one in (button, small, tool))]
        assert found == wanted
        assert tool.height() <= opened.tools.height()


@pytest.mark.parametrize("width", [300, 640])
def test_the_foot_of_the_picture_that_would_leave_is_whole(qtbot: QtBot, large: MainWindow, width: int) -> None:
    words, controls = Words("1008 × 1008 pixels, 12 KB, shown at its exact size", "second"), QWidget()
    controls.setFixedSize(200, 30)
    foot = PictureFoot(words, controls)
    qtbot.addWidget(foot)
    foot.resize(width, 100)
    foot.show()
    below = width == 300
    qtbot.waitUntil(lambda: (controls.y() > words.geometry().bottom()) is below, timeout=LIMIT)
    assert words.width() >= 200


def test_nothing_in_the_foot_of_the_marks_is_cut_with_large_letters(qtbot: QtBot, large: MainWindow) -> None:
    panel = MarksPanel(large, lambda title: None, lambda: None)
    qtbot.addWidget(panel)
    panel.resize(300, 440)
    panel.show()
    saved = next(one for one in panel.findChildren(Words) if one.text() == "Saved by themselves")
    qtbot.waitUntil(lambda: saved.y() > panel.table.geometry().bottom(), timeout=LIMIT)
    for one in (panel.table, saved):
        assert one.width() >= one.sizeHint().width()


def test_a_box_at_the_foot_of_the_screen_shows_all_it_offers(qtbot: QtBot, opened: MainWindow) -> None:
    box = Choice()
    box.setStyleSheet(sheet_of(LIGHT))
    box.addItems([f"{percent} %" for percent in (100, 125, 150, 175, 200)])
    qtbot.addWidget(box)
    screen = opened.screen().availableGeometry()
    box.move(screen.left(), screen.bottom() - 2 * box.sizeHint().height())
    box.show()
    box.showPopup()
    view = box.view()
    rows = [view.visualRect(view.model().index(row, 0)) for row in range(box.count())]
    assert all(view.viewport().rect().contains(row) for row in rows)
    assert view.window().geometry().bottom() <= box.geometry().top()  # what is chosen now stays to be seen
    box.hidePopup()
