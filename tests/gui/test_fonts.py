"""Scripts that the system has no font for are written with the shipped ones."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from pytestqt.qtbot import QtBot

from viewer.gui.fonts import SHIPPED, add_missing_scripts


def test_every_script_can_be_written_and_what_the_system_has_is_left_alone(qtbot: QtBot) -> None:
    add_missing_scripts()
    assert all(QFontDatabase.families(script) for script in SHIPPED)
    assert add_missing_scripts() == []


def test_a_shipped_font_holds_its_script(qtbot: QtBot) -> None:
    for name in add_missing_scripts():  # nothing where the system has them all
        assert name in SHIPPED.values()
    for script, word in (
        (QFontDatabase.WritingSystem.Korean, "허리뼈"),
        (QFontDatabase.WritingSystem.Japanese, "ようつい"),
    ):
        metrics = QFontMetrics(QFont(QFontDatabase.families(script)[0]))
        assert all(metrics.inFont(letter) for letter in word)
