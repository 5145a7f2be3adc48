"""With the keyboard alone: every control of every page is reached by Tab, and one sees where one is in every theme."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QScrollBar,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT, open_disc, pane_of
from viewer.gui.look.theme import Appearance
from viewer.gui.look.tokens import THEMES
from viewer.gui.panels.ask import AskPanel
from viewer.gui.panes.slider_row import PictureSlider
from viewer.gui.widgets.boxes import Card
from viewer.gui.widgets.controls import Button, IconButton, Line
from viewer.gui.window.makers import ROOMS
from viewer.gui.window.toolbar import Tool
from viewer.gui.window.window import MainWindow

CONTROLS = (QAbstractButton, QLineEdit, QComboBox, QSlider, QAbstractItemView)
PAGES = ["", "report", "settings", "keys", "about", "marks_list", "facts", "ask"]


def controls_of(window: MainWindow) -> list[QWidget]:
    """What a mouse can press on screen now; tools but one are reached with arrows, step buttons stand for keys."""
    middle = window.centralWidget()
    assert middle is not None
    found: list[QWidget] = []
    for kind in CONTROLS:
        found += [one for one in middle.findChildren(kind) if one.isVisible()]
    inner = (Tool, QScrollBar)
    return [one for one in found if not isinstance(one, inner) and not isinstance(one.parentWidget(), QComboBox)]


def walked(window: MainWindow, key: Qt.Key = Qt.Key.Key_Tab) -> Iterator[QWidget]:
    """Press Tab from the list on until it comes round."""
    seen: list[QWidget] = []
    for _ in range(200):
        focused = QApplication.focusWidget()
        if focused is None or focused in seen:
            return
        seen.append(focused)
        yield focused
        QTest.keyClick(focused, key)


def settled(window: MainWindow) -> tuple[list[QWidget], list[QWidget]]:
    """What can be pressed and what Tab reached, of one moment: a panel that fills while Tab goes round is walked again."""
    while True:
        there, reached = controls_of(window), list(walked(window))
        if there == controls_of(window):
            return there, reached
        window.browser.sets.setFocus()


# What has no stop of its own: arrows, F, arrows in their group, the box around the line.
STANDS_FOR_A_KEY = {"StepButton", "CornerButton", "QRadioButton"}


@pytest.mark.parametrize("rooms", [ROOMS])
def test_tab_reaches_every_control_of_every_page(qtbot: QtBot, opened: MainWindow) -> None:
    opened.activateWindow()
    for action in PAGES:
        if action:
            opened.act(action)
        opened.browser.sets.setFocus()
        qtbot.waitUntil(opened.browser.sets.hasFocus)
        there, reached = settled(opened)
        for one in there:
            told = f"{action}: {type(one).__name__} “{one.accessibleName()}”"
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert one in reached, told
            else:
                assert type(one).__name__ in STANDS_FOR_A_KEY, told
        opened.browser.sets.setFocus()
        assert set(walked(opened, Qt.Key.Key_Backtab)) == set(reached), action


@pytest.mark.parametrize("rooms", [ROOMS])
def test_tab_goes_through_the_window_from_left_to_right(qtbot: QtBot, opened: MainWindow) -> None:
    opened.activateWindow()
    opened.browser.sets.setFocus()
    qtbot.waitUntil(opened.browser.sets.hasFocus, timeout=LIMIT)
    _, reached = settled(opened)
    assert opened.area is not None
    left, panes = (part.findChildren(QWidget) for part in (opened.browser, opened.area))
    right, bar = (part.findChildren(QWidget) for part in (opened.right, opened.tools))
    places = [next(n for n, part in enumerate((left, panes, right, bar)) if one in part) for one in reached]
    first = places.index(1)
    assert set(places[:first]) == {0}
    rest = [place for place in places[first:] if place]
    assert rest == sorted(rest)
    assert len(set(rest)) == 3


def test_tab_reaches_every_control_of_the_start_page(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    window.start_page.focus_here()
    qtbot.waitUntil(window.start_page.drop.button.hasFocus)
    reached = list(walked(window))
    assert [one for one in controls_of(window) if one not in reached] == []


def look_of(widget: QWidget) -> QImage:
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    widget.render(image, QPoint())
    return image


def test_what_is_reached_by_key_looks_otherwise_in_every_theme(qtbot: QtBot) -> None:
    appearance = Appearance("light")
    card = Card()
    controls: list[QWidget] = [Button("words", role) for role in ("", "primary", "link", "chip")]
    controls += [IconButton("x", "Close"), Line(), PictureSlider(), Button("the last one")]
    for control in controls:
        card.column.addWidget(control)
    qtbot.addWidget(card)
    card.show()
    card.activateWindow()
    for theme in THEMES:
        appearance.choose(theme)
        for control, following in pairwise(controls):
            following.setFocus(Qt.FocusReason.TabFocusReason)
            qtbot.waitUntil(following.hasFocus)
            before = look_of(control)
            control.setFocus(Qt.FocusReason.TabFocusReason)
            qtbot.waitUntil(control.hasFocus)
            assert look_of(control) != before, (theme, type(control).__name__, control.property("role"))
    appearance.choose("light")


@pytest.mark.parametrize("role", ["", "primary", "chip"])
def test_a_button_reached_by_tab_has_one_ring_and_nothing_over_its_words(qtbot: QtBot, role: str) -> None:
    """The style's own frame lay inside the ring, half transparent over the words."""
    Appearance("light").choose("light")
    box = Card()
    before, button = Button("Before"), Button("       ", role)  # no words: all ground
    for one in (before, button):
        box.column.addWidget(one)
    qtbot.addWidget(box)
    box.show()
    box.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus, timeout=LIMIT)
    inside = button.rect().adjusted(6, 6, -6, -6)

    def shades() -> set[int]:
        image = button.grab(inside).toImage()
        return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}

    assert len(shades()) == 1
    QTest.keyClick(before, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: bool(button.property("keyfocus")), timeout=LIMIT)
    assert len(shades()) == 1


def test_a_scan_is_looked_at_marked_and_closed_without_a_mouse(
    qtbot: QtBot, window: MainWindow, ct_folder: Path
) -> None:
    open_disc(qtbot, window, ct_folder)
    window.activateWindow()
    window.browser.sets.setFocus()
    QTest.keyClick(window.browser.sets, Qt.Key.Key_F6)
    view = pane_of(window).view
    qtbot.waitUntil(view.hasFocus)
    store = window.session.store
    first = store.state.view.panes[0].index
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert store.state.view.panes[0].index == first + 1
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, Qt.Key.Key_I)
    QTest.keyClick(view, Qt.Key.Key_F)
    assert store.state.view.maximised
    QTest.keyClick(view, Qt.Key.Key_F)
    QTest.keyClick(view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert window.centre.page is not None
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.centre.page is None
    QTest.keyClick(view, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert store.state.disc is None
    qtbot.waitUntil(window.start_page.drop.button.hasFocus)


def test_tab_goes_down_the_page_for_a_question_as_it_is_read(
    qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIDELIGHT_API_KEY", "sk-made-up")
    opened.session.setup.choose("address", "http://127.0.0.1:9", "made-up-model")
    panel = AskPanel(opened)
    qtbot.addWidget(panel)
    panel.resize(320, 700)
    panel.show()
    panel.refresh()
    qtbot.waitUntil(lambda: panel.question.isVisible() and panel.see.isVisible())
    stops: list[QWidget] = []
    at = panel.nextInFocusChain()
    while at is not None and at is not panel:
        if panel.isAncestorOf(at) and at.isVisible() and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stops.append(at)
        at = at.nextInFocusChain()
    assert {panel.question, panel.models, panel.see} <= set(stops)

    def top(one: QWidget) -> int:
        return one.mapTo(panel, QPoint()).y()

    qtbot.waitUntil(lambda: top(panel.question) < top(panel.models) < top(panel.see))  # all is in its place
    assert [top(one) for one in stops] == sorted(map(top, stops))
