"""What a screen reader meets: every control has a name, the picture says which it is, the keyboard reaches all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import pane_of
from viewer.gui.window.makers import ROOMS
from viewer.gui.window.window import MainWindow

CONTROLS = {
    QAccessible.Role.PushButton, QAccessible.Role.ButtonMenu, QAccessible.Role.CheckBox, QAccessible.Role.RadioButton,
    QAccessible.Role.Slider, QAccessible.Role.EditableText, QAccessible.Role.ComboBox, QAccessible.Role.List,
    QAccessible.Role.SpinBox, QAccessible.Role.MenuItem, QAccessible.Role.Canvas, QAccessible.Role.Graphic,
}  # fmt: skip


def parts(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """The tree below, itself first, leaving out what is not on screen."""
    state = interface.state()
    if state.invisible:
        return
    yield interface
    for number in range(min(interface.childCount(), 400)):
        child = interface.child(number)
        if child.isValid():
            yield from parts(child)


def unnamed(widget: QWidget) -> list[str]:
    """Controls that a screen reader would call just "button"."""
    root = QAccessible.queryAccessibleInterface(widget)
    assert root is not None
    found = []
    for part in parts(root):
        if part.role() in CONTROLS and not part.text(QAccessible.Text.Name).strip():
            thing = part.object()
            if isinstance(thing, QWidget) and not thing.isVisible():
                continue
            found.append(f"{part.role().name} {type(thing).__name__}")
    return found


@pytest.mark.parametrize("rooms", [ROOMS])
@pytest.mark.parametrize("action", ["", "report", "settings", "keys", "about", "marks_list", "facts", "ask"])
def test_no_control_is_without_a_name(qtbot: QtBot, opened: MainWindow, action: str) -> None:
    if action:
        opened.act(action)
    assert unnamed(opened) == []


def test_no_control_of_the_start_page_is_without_a_name(window: MainWindow) -> None:
    assert unnamed(window) == []


def test_the_picture_says_which_it_is_and_where(qtbot: QtBot, opened: MainWindow) -> None:
    view = pane_of(opened).view
    told = QAccessible.queryAccessibleInterface(view)
    assert told is not None
    assert "picture 5 of 9" in told.text(QAccessible.Text.Name)
    before = told.text(QAccessible.Text.Name)
    opened.act("next_slice")
    qtbot.waitUntil(lambda: told.text(QAccessible.Text.Name) != before)
    assert told.text(QAccessible.Text.Description)


def test_tab_reaches_every_part_and_comes_back(qtbot: QtBot, opened: MainWindow) -> None:
    opened.activateWindow()
    opened.browser.sets.setFocus()
    seen: list[QWidget] = []
    for _ in range(80):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in seen:
            break
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    names = [widget.accessibleName() for widget in seen]
    assert all(names), [type(widget).__name__ for widget in seen if not widget.accessibleName()]
    for part in (opened.browser, opened.tools, pane_of(opened)):
        assert any(part.isAncestorOf(widget) for widget in seen), part


def test_f6_into_the_right_dock_lands_on_a_control_that_shows_its_ring(opened: MainWindow) -> None:
    opened.activateWindow()
    opened.show_panel("facts")
    pane_of(opened).view.setFocus()
    opened.act("next_pane")
    focused = QApplication.focusWidget()
    assert focused is not None
    assert opened.right.isAncestorOf(focused)
    assert focused.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert focused.accessibleName()
