"""An answer in the panel: tables are tables, and letters of every script the PDF can print are there."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor, QTextLayout, QTextTable
from pytestqt.qtbot import QtBot

from viewer.gui.look.script_fonts import lending_steps
from viewer.gui.look.theme import Appearance
from viewer.gui.panels.answer_view import AnswerView


@pytest.fixture
def view(qtbot: QtBot) -> AnswerView:
    made = AnswerView()
    qtbot.addWidget(made)
    made.resize(320, 100)
    made.show()
    return made


def test_a_table_stands_as_a_table_between_its_neighbours(view: AnswerView) -> None:
    view.finish("Levels:\n\n| Level | Bright? |\n|---|---|\n| L4/L5 | **yes** |\n\nAsk your doctor.")
    (table,) = (frame for frame in view.document().rootFrame().childFrames() if isinstance(frame, QTextTable))
    assert (table.rows(), table.columns()) == (2, 2)
    cell = table.cellAt(1, 1).firstCursorPosition().block()
    assert cell.text() == "yes"
    assert view.document().toPlainText().split("\n")[0] == "Levels:"
    assert view.document().toPlainText().rstrip().endswith("Ask your doctor.")
    assert view.height() >= int(view.document().size().height())


@pytest.mark.parametrize(
    "words", ["椎間板", "腰椎间盘", "요추 추간판", "العمود الفقري", "межпозвоночный", "μεσοσπονδύλιος"]
)
def test_no_letter_is_an_empty_box(view: AnswerView, words: str) -> None:
    for step in lending_steps():
        step()
    layout = QTextLayout(words, Appearance.now().font())
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    glyphs = [number for run in layout.glyphRuns() for number in run.glyphIndexes()]
    assert glyphs
    assert 0 not in glyphs


def test_what_was_chosen_while_it_streamed_stays_chosen_at_its_end(view: AnswerView) -> None:
    text = "# A spine 🦴\n\nIt is **well** seen.\n\n- The *first* one.\n- The second one, too.\n\nAsk your doctor."
    view.grow(text)
    place = view.toPlainText().index("first") + 1  # Qt counts the bone as two
    chosen = view.textCursor()
    chosen.setPosition(place)
    chosen.setPosition(view.toPlainText().index(" one, too") + 1, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(chosen)
    view.finish(text)
    assert view.textCursor().selectedText() == "first one.\u2029• The second"


def test_an_answer_in_which_nothing_was_chosen_ends_without_a_choice(view: AnswerView) -> None:
    view.grow("It is **well** seen.")
    view.finish("It is **well** seen.")
    assert not view.textCursor().hasSelection()


def test_an_answer_of_thousands_of_parts_stays_as_it_streamed(view: AnswerView) -> None:
    """Short as it is, Qt would stand still for seconds: 5,000 characters are 2,400 cells or 1,600 paragraphs."""
    large = "|" + "a|" * 12 + "\n|" + "-|" * 12 + "\n" + ("|" + "b|" * 12 + "\n") * 190
    for text in (large, "a\n\n" * 1_600, "a|b\n-|-\nc|d\n\n" * 400):
        view.finish(text)
        assert not view.document().rootFrame().childFrames()
        assert view.shown == text
    view.finish("|a|b|\n|-|-|\n" + "|some words|and others|\n" * 40)
    assert view.document().rootFrame().childFrames()
