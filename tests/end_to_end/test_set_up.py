"""Asking is set up by hand on the settings page, and works at once, without a restart and by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.end_to_end.person import Person, all_text, sitting
from tests.fakes.messages_server import MessagesServer
from viewer.gui.panels.ask import AskPanel
from viewer.gui.panels.preview import PreviewPage
from viewer.gui.panels.settings import SettingsPage
from viewer.gui.panels.who_answers import ADDRESS, ANTHROPIC, WhoAnswers
from viewer.phantom.disc import DiscKind, write_disc


@pytest.fixture
def set_up(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Person]:
    """A person without a key, on the settings page, come from the ask panel."""
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("SIDELIGHT_API_KEY", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    write_disc(tmp_path / "ct", DiscKind.CT, slices=3, size=32)
    with sitting(qtbot, monkeypatch) as person:
        person.open_folder(tmp_path / "ct")
        person.open_ask_panel()
        person.until(lambda: "Asking needs a key" in all_text(person.find(AskPanel)))
        person.press("Set up asking…", person.find(AskPanel))
        yield person


def choose_address(person: Person, address: str) -> WhoAnswers:
    """The other address, typed."""
    page = person.find(WhoAnswers)
    page.choices[ADDRESS].click()
    assert page.address.hasFocus() or not person.window.isActiveWindow()
    person.bot.keyClicks(page.address, address)
    return page


def test_what_was_set_up_can_be_asked_at_once(set_up: Person) -> None:
    with MessagesServer() as server:
        page = choose_address(set_up, server.base_url)
        assert page.model.currentText() == "", "a model of Anthropic's is none of this address"
        set_up.bot.keyClick(page.address, Qt.Key.Key_Return)
        set_up.bot.keyClicks(page.key, "sk-made-up")
        set_up.bot.keyClick(page.key, Qt.Key.Key_Return)
        set_up.until(lambda: "for this run" in page.key_words.text())
        set_up.press("Test connection")
        set_up.until(lambda: "The connection works" in all_text(page))
        assert "(free of charge)" in page.model.currentText()
        assert "million" not in page.model.currentText()
        set_up.press("Close the settings")
        panel = set_up.find(AskPanel)
        assert "Asking needs" not in all_text(panel)
        assert "Claude Opus 5.5" in panel.models.currentText()
        set_up.window.activateWindow()
        set_up.until(set_up.window.isActiveWindow)
        set_up.window.act("ask")
        assert QApplication.focusWidget() is panel.question
        set_up.bot.keyClicks(panel.question, "What is this?")
        set_up.bot.keyClick(panel.question, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        set_up.until(lambda: bool(set_up.window.findChildren(PreviewPage)), "Ctrl+Return did not go on")
        set_up.agree()
        set_up.wait_for_the_end()
        assert [request.json["model"] for request in server.asked] == ["claude-opus-5-5"]
        assert not server.complaints


def test_an_address_without_a_model_says_what_is_missing(set_up: Person) -> None:
    page = choose_address(set_up, "http://127.0.0.1:9")
    set_up.bot.keyClick(page.address, Qt.Key.Key_Return)
    set_up.until(lambda: "Looking" not in page.key_words.text(), "the key was looked for for ever")
    set_up.press("Close the settings")
    assert "Asking needs a model" in all_text(set_up.find(AskPanel))


def test_each_choice_keeps_its_own_model(set_up: Person) -> None:
    page = choose_address(set_up, "http://127.0.0.1:9")
    set_up.bot.keyClick(page.address, Qt.Key.Key_Return)
    page.model.setEditText("my-model")
    assert page.keep_choice()
    page.choices[ANTHROPIC].click()
    assert "Claude" in page.model.currentText()
    assert set_up.session.setup.recipient().provider == ANTHROPIC
    page.choices[ADDRESS].click()
    assert set_up.session.setup.recipient().model == "my-model"
    assert page.model.currentText().startswith("my-model")
    assert set_up.find(SettingsPage).isVisible()
