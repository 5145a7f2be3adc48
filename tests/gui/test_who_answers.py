"""Who answers, in the settings: no button is dead, and a key is kept for nobody but who is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT
from viewer.gui.panels.settings import SettingsPage
from viewer.gui.panels.who_answers import ADDRESS, ANTHROPIC, WhoAnswers
from viewer.gui.widgets.controls import Button
from viewer.gui.window.window import MainWindow
from viewer.usecases.providers import AskSetup

MADE_UP = "sk-made-up"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that were kept, "" for one that was forgotten."""
    keys: list[str] = []
    keep = AskSetup.keep_key

    def keep_key(self: AskSetup, key: str) -> object:
        keys.append(key)
        return keep(self, key)

    monkeypatch.setattr(AskSetup, "keep_key", keep_key)
    return keys


@pytest.fixture
def card(qtbot: QtBot, window: MainWindow) -> WhoAnswers:
    made = WhoAnswers(window)
    qtbot.addWidget(made)
    made.show()
    return made


def button(card: WhoAnswers, words: str) -> Button:
    return next(one for one in card.findChildren(Button) if one.accessibleName() == words)


@pytest.mark.parametrize("words", ["Keep this key", "Forget the key"])
def test_a_key_is_kept_or_forgotten_for_no_other_than_who_is_chosen(
    card: WhoAnswers, kept: list[str], words: str
) -> None:
    """The address is not typed yet: who answered before must not get its key, and must not lose its own."""
    card.choices[ADDRESS].setChecked(True)
    card.key.setText(MADE_UP)
    button(card, words).click()
    assert kept == []
    assert card.report.isVisible()
    assert "Type the address first" in card.report.accessibleName()
    assert card.key.text() == MADE_UP


def test_to_keep_no_key_says_what_is_lacking(card: WhoAnswers, kept: list[str]) -> None:
    button(card, "Keep this key").click()
    assert card.report.isVisible()
    assert card.report.accessibleName() == "Paste the key first."
    QTest.keyClicks(card.key, MADE_UP)
    assert not button(card, "Keep this key").reason
    QTest.keyClick(card.key, Qt.Key.Key_Return)
    assert kept == [MADE_UP]
    assert card.key.text() == ""


def test_to_forget_a_key_is_answered(qtbot: QtBot, card: WhoAnswers, kept: list[str]) -> None:
    button(card, "Forget the key").click()
    assert kept == [""]
    qtbot.waitUntil(card.report.isVisible, timeout=LIMIT)
    assert card.report.accessibleName() == "No key is kept for this service now."


def test_who_comes_back_from_anthropic_finds_the_address_again(qtbot: QtBot, window: MainWindow) -> None:
    first = WhoAnswers(window)
    first.choices[ADDRESS].setChecked(True)
    first.address.setText("http://127.0.0.1:9")
    assert first.keep_choice()
    first.choices[ANTHROPIC].setChecked(True)
    assert window.session.setup.settings().provider == ANTHROPIC
    second = WhoAnswers(window)  # the page is made anew each time
    for card in (first, second):
        qtbot.addWidget(card)
    second.choices[ADDRESS].setChecked(True)
    assert second.address.text() == "http://127.0.0.1:9"
    assert window.session.setup.settings().base_url == "http://127.0.0.1:9"


def wheel_over(widget: QWidget) -> bool:
    """Whether it took the turn for itself."""
    at = QPointF(widget.rect().center())
    event = QWheelEvent(
        at, QPointF(widget.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


@pytest.mark.parametrize("which", ["model", "theme", "text_size"])
def test_who_scrolls_the_settings_changes_nothing_in_them(qtbot: QtBot, window: MainWindow, which: str) -> None:
    """The page goes on under the pointer, and a box comes below it: another model would have answered, at another price."""
    page = SettingsPage(window)
    qtbot.addWidget(page)
    page.resize(700, 300)
    page.show()
    qtbot.waitExposed(page)
    box = {"model": page.who_answers.model, "theme": page.look.theme, "text_size": page.look.text_size}[which]
    assert box.count() > 1
    before, model = box.currentIndex(), window.session.setup.settings().model
    assert not wheel_over(box)  # it is the page's
    assert box.currentIndex() == before
    assert window.session.setup.settings().model == model
    assert not box.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus
