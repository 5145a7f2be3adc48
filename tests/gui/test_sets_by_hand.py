"""Sets put together and taken apart in the list, by mouse and by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT, open_disc
from viewer.gui.sets.set_rows import RowKind
from viewer.gui.window.window import MainWindow
from viewer.index.model import Series


@pytest.fixture
def opened_cd(qtbot: QtBot, window: MainWindow, cd_folder: Path) -> MainWindow:
    """The window with a made CD on screen."""
    window.show()
    open_disc(qtbot, window, cd_folder)
    return window


def sets(window: MainWindow) -> list[Series]:
    disc = window.session.store.state.disc
    assert disc is not None
    return [series for study in disc.studies for series in study.series if series.groups]


def at(window: MainWindow, series_id: str) -> QPoint:
    listed = window.browser.sets
    return listed.visualRect(listed.model().index(listed.model().row_of(series_id), 0)).center()  # type: ignore[attr-defined]


def click(window: MainWindow, series_id: str, *, more: bool = False) -> None:
    keys = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(window.browser.sets.viewport(), Qt.MouseButton.LeftButton, keys, at(window, series_id))


def test_two_sets_are_chosen_and_put_together_and_ctrl_z_parts_them(qtbot: QtBot, opened_cd: MainWindow) -> None:
    window = opened_cd
    first, second = (series.id for series in sets(window)[:2])
    before, count = [series.id for series in sets(window)], sum(len(series.frames) for series in sets(window))
    click(window, first)
    assert window.chosen_sets == (first,)
    shown = window.session.store.state.view.panes[0].series_id
    click(window, second, more=True)
    assert window.session.store.state.view.panes[0].series_id == shown
    assert set(window.chosen_sets) == {first, second}
    window.act("sets_together")
    qtbot.waitUntil(lambda: len(sets(window)) < len(before), timeout=LIMIT)
    whole = next(series for series in sets(window) if series.made_of)
    assert set(whole.made_of) == {first, second}
    assert sum(len(series.frames) for series in sets(window)) == count
    assert window.session.store.state.view.panes[0].series_id == whole.id
    window.act("undo")
    assert [series.id for series in sets(window)] == before


def test_what_cannot_be_done_says_why_and_does_nothing(qtbot: QtBot, opened_cd: MainWindow) -> None:
    window = opened_cd
    click(window, sets(window)[0].id)
    before = window.session.store.state.disc
    window.act("sets_together")
    assert "Choose two or more sets" in window.actions_bound.reason("sets_together")
    assert window.session.store.state.disc is before


def test_the_menu_of_a_set_holds_what_can_be_done_with_it(qtbot: QtBot, opened_cd: MainWindow) -> None:
    window, listed = opened_cd, opened_cd.browser.sets
    place = at(window, sets(window)[0].id)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, listed.viewport().mapToGlobal(place))
    listed.contextMenuEvent(event)
    (menu,) = (menu for menu in listed.findChildren(QMenu) if menu.isVisible())
    titles = [entry.text() for entry in menu.actions()]
    menu.close()
    assert "Put together as one set" in titles
    assert "Put back as read" in titles


def test_sets_are_chosen_with_the_keyboard(qtbot: QtBot, opened_cd: MainWindow) -> None:
    window, listed = opened_cd, opened_cd.browser.sets
    click(window, sets(window)[0].id)
    listed.setFocus()
    QTest.keyClick(listed, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    chosen = window.chosen_sets
    assert len(chosen) == 2
    rows = [row for row in listed.model().rows if row.kind is RowKind.SET]  # type: ignore[attr-defined]
    assert chosen == tuple(row.series_id for row in rows[:2])
