"""Text from a disc, a server or a model reaches every widget as text: nothing in it acts, nothing is opened."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from viewer.gui.widgets.boxes import Note
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Elided, Words
from viewer.gui.widgets.plain_text import as_tip, show_text

PAYLOADS = [
    '<img src="/etc/hostname">',
    "<b>bold</b>",
    "DOE<br>JANE",
    "&lt;b&gt;",
    '<a href="http://clinic.invalid">click</a>',
    "a\u202egnp.exe",
    "x\x1b[31m\x07y",
    "Tom & Jerry",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_labels_never_guess_markup(qtbot: QtBot, payload: str) -> None:
    note = Note(payload, strong=payload)
    widgets = [Words(payload), Elided(payload), note]
    for widget in widgets:
        qtbot.addWidget(widget)
    for label in (*widgets[:2], *note.findChildren(Words)):
        assert isinstance(label, QLabel)
        if label.text():
            assert label.textFormat() == Qt.TextFormat.PlainText
        assert not set(label.text()) & {"\u202e", "\x1b", "\x07"}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_tooltip_shows_the_very_words(payload: str) -> None:
    document = QTextDocument()
    document.setHtml(as_tip(payload))
    shown = document.toPlainText()
    visible = "".join(c for c in payload if c not in "\u202e\x1b\x07")
    assert shown.split() == visible.split()


def test_a_tooltip_keeps_its_lines_and_makes_no_tower() -> None:
    document = QTextDocument()
    document.setHtml(as_tip("From below, CT, soft\naxial, CT\n" + 3 * "This set is doubtful, and here is why. "))
    document.setTextWidth(50)
    name, technical, *rest = document.toPlainText().split("\n")
    assert (name, technical, len(rest)) == ("From below, CT, soft", "axial, CT", 2)
    assert document.idealWidth() > 200


def test_an_ampersand_in_a_name_makes_no_shortcut(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    show_text(button, "Tom & Jerry")
    assert button.shortcut().isEmpty()
    action = QAction()
    show_text(action, "A & B")
    assert action.text() == "A && B"


def test_a_blocked_button_keeps_focus_and_gives_its_reason(qtbot: QtBot) -> None:
    done: list[str] = []
    button = Button("Send", "primary", do=lambda: done.append("sent"))
    qtbot.addWidget(button)
    button.set_blocked("Write a question first.")
    assert button.isEnabled()
    assert button.focusPolicy() != Qt.FocusPolicy.NoFocus
    assert button.accessibleDescription() == "Write a question first."
    with qtbot.waitSignal(button.refused) as refused:
        button.click()
    assert refused.args == ["Write a question first."]
    button.set_blocked("")
    button.click()
    assert done == ["sent"]
