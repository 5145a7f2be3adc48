"""Words on screen: as high as they need, whatever they are changed to."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from viewer.gui.widgets.labels import Words


def test_the_height_that_is_kept_is_that_of_the_words_and_letters_of_now(qtbot: QtBot) -> None:
    words = Words("short")
    qtbot.addWidget(words)

    def is_true() -> bool:
        return all(words.heightForWidth(width) == QLabel.heightForWidth(words, width) for width in (40, 90, 300) * 2)

    assert is_true()
    words.set_words("a sentence of several words that needs some lines more")
    assert words.heightForWidth(90) > words.heightForWidth(300)
    assert is_true()
    font = words.font()
    font.setPixelSize(40)
    words.setFont(font)
    assert is_true()
    words.setStyleSheet("padding: 30px")
    assert is_true()
