"""The window: every action bound, reasons shown, folding, opening, names hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT, open_disc, pane_of
from viewer.document.model import Layout, Tool
from viewer.gui.panels.question_edit import QuestionEdit
from viewer.gui.panes.picture_menu import PresetsMenu
from viewer.gui.widgets.controls import Line
from viewer.gui.widgets.reason_note import off_words
from viewer.gui.window.deeds import TICKS, Deeds
from viewer.gui.window.window import MainWindow
from viewer.text.dates import date_words
from viewer.usecases.actions import ACTIONS


def tool_of(window: MainWindow) -> Tool:
    return window.session.store.state.view.tool


def test_every_row_of_the_table_is_bound_and_nothing_else_is(window: MainWindow) -> None:
    for row in ACTIONS:
        assert callable(window.actions_bound.handler(row.id)), row.id
    assert set(Deeds(window).handlers()) == {row.id for row in ACTIONS}
    assert set(TICKS) == {row.id for row in ACTIONS if row.checkable}


def test_no_key_belongs_to_two_actions() -> None:
    keys = [QKeySequence(key).toString() for row in ACTIONS for key in row.keys]
    assert len(keys) == len(set(keys))


def test_every_action_with_a_menu_stands_in_it(window: MainWindow) -> None:
    in_menus = {entry for menu in window.menuBar().findChildren(QMenu) for entry in menu.actions()}
    assert all(window.actions_bound[row.id] in in_menus for row in ACTIONS if row.menu)


def test_the_start_page_shows_with_docks_hidden_and_the_notice(window: MainWindow) -> None:
    assert window.start_page.isVisible()
    assert not window.browser.isVisible()
    assert not window.right.isVisible()


def test_a_blocked_action_stays_enabled_and_says_why(qtbot: QtBot, window: MainWindow) -> None:
    action = window.actions_bound["tool_length"]
    assert action.isEnabled()
    assert action.property("blocked")
    action.trigger()
    assert window.reason.isVisible()
    assert "choose a set of pictures" in window.reason.words
    assert not action.isChecked()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.reason.isVisible()


def test_opening_a_folder_fills_the_list_and_the_panes(qtbot: QtBot, opened: MainWindow) -> None:
    state = opened.session.store.state
    assert opened.browser.isVisible()
    assert len(state.view.panes) == 3
    model = opened.browser.sets.model()
    assert model.rowCount() >= 1
    assert "9 pictures" in opened.browser.account.text() or "9 pictures" in opened.browser.when.text()


def test_names_are_hidden_until_asked_for_also_in_the_title(opened: MainWindow) -> None:
    assert "Muster" not in opened.windowTitle()
    assert "Muster" not in opened.browser.person.text()
    opened.act("names")
    assert "Muster" in opened.windowTitle()
    assert "Muster" in opened.browser.person.accessibleName()
    opened.act("names")
    assert "Muster" not in opened.windowTitle()


def test_a_folder_that_is_not_there_says_so_on_the_start_page(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.open_path(str(tmp_path / "nothing"))
    qtbot.waitUntil(lambda: window.start_page.problem_note.isVisible(), timeout=LIMIT)
    assert window.start_page.problem_note.accessibleName()


def test_a_folder_dropped_on_the_window_opens(qtbot: QtBot, window: MainWindow, ct_folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(ct_folder))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), copy, data, left, none))
    assert window.start_page.drop.is_over
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), copy, data, left, none))
    assert not window.start_page.drop.is_over
    qtbot.waitUntil(lambda: window.session.store.state.disc is not None, timeout=LIMIT)


def test_a_disc_dropped_on_what_is_being_written_opens_and_is_no_part_of_it(
    qtbot: QtBot, window: MainWindow, ct_folder: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(ct_folder))])
    data.setText(str(ct_folder))  # as file managers send both
    question, line = QuestionEdit("", 2, lambda: None, window.start_page), Line(window.start_page)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for target in (question.viewport(), line):
        QApplication.sendEvent(target, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
        assert window.start_page.drop.is_over
        QApplication.sendEvent(window, QDragLeaveEvent())
    QApplication.sendEvent(question.viewport(), QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    QApplication.sendEvent(question.viewport(), QDropEvent(QPointF(5, 5), copy, data, left, none))
    assert question.toPlainText() == line.text() == ""
    qtbot.waitUntil(lambda: window.session.store.state.disc is not None, timeout=LIMIT)


def test_words_can_be_dropped_and_pasted_into_a_question(qtbot: QtBot) -> None:
    question, data = QuestionEdit("", 2, lambda: None), QMimeData()
    qtbot.addWidget(question)
    data.setText("What is this?")
    assert question.canInsertFromMimeData(data)


def test_the_report_takes_the_place_of_the_panes_and_escape_gives_it_back(
    qtbot: QtBot, window: MainWindow, cd_folder: Path
) -> None:
    open_disc(qtbot, window, cd_folder)
    window.act("report")
    page = window.centre.page
    assert page is not None
    assert page.isVisible()
    window.escape()
    assert window.centre.page is None
    assert window.area is not None
    assert window.area.isVisible()


def test_closing_the_scan_leads_back_to_the_start_page(opened: MainWindow) -> None:
    opened.act("close_disc")
    assert opened.start_page.isVisible()
    assert not opened.browser.isVisible()
    assert opened.windowTitle() == "Sidelight"


def test_the_layout_action_switches_between_one_and_three(qtbot: QtBot, opened: MainWindow) -> None:
    opened.act("layout_three")
    assert opened.session.store.state.view.layout is Layout.ONE
    assert opened.area is not None
    assert [pane.isVisible() for pane in opened.area.panes] == [True, False, False]
    opened.act("layout_three")
    panes = opened.area.panes
    qtbot.waitUntil(lambda: all(pane.isVisible() for pane in panes))


@pytest.mark.parametrize(("width", "words"), [(1366, True), (1100, False)])
def test_words_of_the_tool_bar_fold_first(window: MainWindow, width: int, words: bool) -> None:
    window.resize(width, 700)
    style = window.tools.buttons["open"].toolButtonStyle()
    assert (style == Qt.ToolButtonStyle.ToolButtonTextBesideIcon) is words


def test_a_narrow_window_folds_the_list_to_a_strip_and_keeps_the_large_pane(qtbot: QtBot, opened: MainWindow) -> None:
    opened.resize(960, 600)
    qtbot.waitUntil(lambda: opened.browser.width() == 64, timeout=LIMIT)
    assert pane_of(opened).isVisible()
    assert pane_of(opened).width() >= 0.55 * 960
    assert opened.status.notice.isVisible()
    assert pane_of(opened).row.isVisible()


def test_escape_cancels_before_it_puts_back(opened: MainWindow) -> None:
    opened.act("tool_length")
    assert tool_of(opened) is Tool.LENGTH
    opened.escape()
    assert tool_of(opened) is Tool.WINDOW
    opened.act("invert")
    series = opened.session.store.state.view.panes[0].series_id
    assert opened.session.store.state.view.look(series).inverted
    opened.escape()
    assert not opened.session.store.state.view.look(series).inverted


def test_f6_walks_through_the_parts_of_the_window(qtbot: QtBot, opened: MainWindow) -> None:
    opened.activateWindow()
    opened.browser.sets.setFocus()
    opened.act("next_pane")
    qtbot.waitUntil(lambda: pane_of(opened).view.hasFocus(), timeout=LIMIT)
    opened.act("previous_pane")
    qtbot.waitUntil(lambda: opened.browser.sets.hasFocus(), timeout=LIMIT)


def test_the_tool_bar_is_one_stop_with_arrows_inside(qtbot: QtBot, window: MainWindow) -> None:
    stops = [name for name, tool in window.tools.buttons.items() if tool.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == ["open"]
    assert window.tools.buttons["open"].accessibleName()


def test_the_help_page_names_every_key(window: MainWindow) -> None:
    from viewer.gui.pages.help_page import rows_of_menu

    shown = " ".join(keys for menu in dict.fromkeys(row.menu for row in ACTIONS) for keys, _ in rows_of_menu(menu))
    for row in ACTIONS:
        for key in row.keys:
            assert QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) in shown
    window.act("keys")
    assert window.centre.page is not None


def test_every_action_has_a_menu_a_key_and_a_title(window: MainWindow) -> None:
    for row in ACTIONS:
        assert row.menu, row.id
        assert row.keys, row.id
        assert window.actions_bound[row.id].shortcuts(), row.id


def test_the_colours_are_one_choice_of_four_and_kept(window: MainWindow) -> None:
    window.act("theme_dark")
    names = ("system", "light", "dark", "contrast")
    assert [window.actions_bound[f"theme_{name}"].isChecked() for name in names] == [False, False, True, False]
    assert window.session.setting("theme") == "dark"
    window.act("theme_dark")
    assert window.actions_bound["theme_dark"].isChecked()
    window.act("theme_light")


def test_the_presets_are_in_the_menu_too_with_their_digits(opened: MainWindow) -> None:
    menus = list(opened.findChildren(PresetsMenu))
    assert len(menus) == 1
    menus[0].aboutToShow.emit()
    rows = menus[0].actions()
    series = opened.session.store.state.view.panes[0].series_id
    presets = opened.session.presets(series)
    assert [row.text().split(maxsplit=1)[1] for row in rows] == [preset.name for preset in presets][:9]
    rows[-1].trigger()
    assert opened.session.store.state.view.look(series).window == presets[len(rows) - 1]


def test_another_echo_is_off_with_its_reason_where_there_is_one_only(opened: MainWindow) -> None:
    opened.actions_bound.refresh()
    assert opened.actions_bound.reason("next_group") == "This set has only one time, echo or value."


def test_the_title_says_when_the_pictures_were_made(opened: MainWindow) -> None:
    disc = opened.session.store.state.disc
    assert disc is not None
    study = disc.studies[0]
    assert opened.windowTitle() == f"{study.name}, {date_words(study.date)} — Sidelight"


def test_a_reason_that_names_its_control_is_not_said_twice() -> None:
    assert off_words("Length", "This picture has no scale.") == "Length is off: this picture has no scale."
    whole = "Three directions is off: the pictures are 7 mm apart."
    assert off_words("Three directions", whole) == whole


def test_the_tick_of_full_screen_is_that_of_this_window(qtbot: QtBot, window: MainWindow) -> None:
    tick = window.actions_bound["full_screen"]
    other = QWidget()
    qtbot.addWidget(other)
    other.showFullScreen()
    window.actions_bound.refresh()
    assert not tick.isChecked()
    window.act("full_screen")
    qtbot.waitUntil(tick.isChecked)
    window.act("full_screen")
    qtbot.waitUntil(lambda: not tick.isChecked())
