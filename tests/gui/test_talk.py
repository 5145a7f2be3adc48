"""A talk beside the picture: what the AI saw stays in sight, letters of any size, and the way back to earlier talks."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QWidget, QWidgetItem
from pytestqt.qtbot import QtBot
from shiboken6 import getAllValidWrappers, getCppPointer

from tests.document.samples import complete, turn
from tests.gui.conftest import LIMIT, pane_of, show
from viewer.answer.answer import Answer, AnswerState
from viewer.document.changes import AnswerReceived, ConversationShown, QuestionAsked
from viewer.document.model import Turn
from viewer.gui.panels.answer_view import AnswerView
from viewer.gui.panels.ask import SUGGESTIONS, AskPanel
from viewer.gui.panels.question_edit import QuestionEdit
from viewer.gui.panels.sent import image_of
from viewer.gui.panels.talk import so_far_words
from viewer.gui.panels.turn_view import Reasoning, TurnView
from viewer.gui.panes.slider_row import SHORTEST, SliderRow
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Elided, Words, in_lines
from viewer.gui.window.window import MainWindow
from viewer.picture.png import encode_png
from viewer.problem import problem

LONG = "\n\n".join(f"Paragraph {number} of a long answer about one picture." for number in range(40))


@pytest.fixture
def panel(qtbot: QtBot, opened: MainWindow) -> Iterator[AskPanel]:
    """The panel for asking, as in a window of 1366 × 768."""
    opened.session.setup.choose("address", "http://127.0.0.1:9", "made-up")
    made = AskPanel(opened)
    qtbot.addWidget(made)
    made.resize(320, 610)
    made.show()
    yield made
    opened.appearance.resize_text(100)


@pytest.mark.parametrize(
    ("text", "state", "folded"),
    [
        ("", AnswerState.REASONING, False),
        ("This", AnswerState.ANSWERING, True),
        ("", AnswerState.BROKEN, False),
        ("This", AnswerState.BROKEN, True),
        ("", AnswerState.STOPPED, False),
    ],
)
def test_a_reasoning_without_an_answer_stays_to_be_read(
    qtbot: QtBot, text: str, state: AnswerState, folded: bool
) -> None:
    made = Reasoning()
    qtbot.addWidget(made)
    made.show_answer(Answer(state=state, reasoning="I look at the vertebrae.", text=text))
    assert made.folded is folded


def ask(panel: AskPanel, talk: str, *turns: Turn) -> None:
    """Turns that were asked and answered."""
    store = panel._session.store
    for one in turns:
        store.dispatch(QuestionAsked(talk, one))
    store.dispatch(ConversationShown(talk))


def is_in_sight(panel: AskPanel) -> bool:
    """Whether the whole of the picture that left is seen."""
    picture = panel.talk.head.picture
    at = picture.mapTo(panel, QPoint(0, 0))
    return (
        picture.visibleRegion().boundingRect() == picture.rect() and panel.rect().contains(at) and picture.width() > 1
    )


@pytest.mark.parametrize(
    ("width", "height", "percent"), [(320, 610, 100), (480, 900, 100), (320, 460, 100), (384, 450, 200)]
)
def test_what_the_ai_saw_stays_in_sight_while_a_long_talk_scrolls(
    qtbot: QtBot, panel: AskPanel, width: int, height: int, percent: int
) -> None:
    panel._shell.appearance.resize_text(percent)
    panel.resize(width, height)
    ask(panel, "t", turn("1", complete(LONG)), turn("2", complete(LONG)))
    (area,) = (one for one in panel.talk.findChildren(QScrollArea) if one.widget() is not None)
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 2 * area.height() and is_in_sight(panel), timeout=LIMIT)
    for place in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(place)
        assert is_in_sight(panel)
    qtbot.waitUntil(lambda: area.height() >= 0.35 * height, timeout=LIMIT)  # there is room to read in
    assert "Looked at 1 of 20 pictures." in panel.talk.head.looked.text()


def test_an_ending_without_an_answer_stands_right_below_its_question(qtbot: QtBot, opened: MainWindow) -> None:
    failed = Answer(AnswerState.FAILED, problem=problem("ask_key_refused", host="x.example"))
    view = TurnView(opened, turn("1", failed), lambda words: None)
    qtbot.addWidget(view)
    view.resize(300, 600)
    view.show()
    question = view._column.itemAt(0)
    assert question is not None
    between = view.state_note.geometry().top() - question.geometry().bottom() - 1
    assert between == view._column.spacing()


def test_where_a_question_failed_nobody_is_said_to_have_seen_its_picture(qtbot: QtBot, panel: AskPanel) -> None:
    ask(panel, "t", turn("1"))
    head = panel.talk.head
    said = (head.title, head.looked)
    qtbot.waitUntil(lambda: said[1].text() == "Looked at 1 of 20 pictures.", timeout=LIMIT)
    failed = Answer(AnswerState.FAILED, problem=problem("ask_key_refused", host="x.example"))
    panel._session.store.dispatch(AnswerReceived("t", "1", failed))
    qtbot.waitUntil(lambda: said[1].text() == "Looked at none of 20 pictures.", timeout=LIMIT)
    assert said[0].text() == head.picture.accessibleName() == "The picture of this question"


def test_where_nothing_left_the_picture_is_not_said_to_be_sent(qtbot: QtBot, panel: AskPanel) -> None:
    ask(panel, "t", turn("1"))
    head = panel.talk.head
    qtbot.waitUntil(lambda: head.sized.text().startswith("Sent as "), timeout=LIMIT)
    nobody = Answer(AnswerState.FAILED, problem=problem("ask_no_connection", host="x.example"))
    panel._session.store.dispatch(AnswerReceived("t", "1", nobody))
    qtbot.waitUntil(lambda: head.sized.text() == "Nothing was sent.", timeout=LIMIT)


def test_the_picture_is_large_where_there_is_room(qtbot: QtBot, panel: AskPanel) -> None:
    ask(panel, "t", turn("1", complete(LONG)))
    head = panel.talk.head
    qtbot.waitUntil(lambda: head.is_low and head.picture.width() == 72, timeout=LIMIT)
    panel.resize(480, 920)
    qtbot.waitUntil(lambda: not head.is_low and head.picture.width() == 144, timeout=LIMIT)
    assert head.giving_way.isVisible()
    assert head.isAncestorOf(head.giving_way)


def test_another_picture_than_the_one_above_is_said(qtbot: QtBot, panel: AskPanel) -> None:
    first = replace(turn("1", replace(complete(), blocks="[]")), sent=(replace(turn("1").sent[0], sha256="c" * 64),))
    ask(panel, "t", first, turn("2", complete()))
    views = panel.talk.findChildren(TurnView)

    def told() -> list[bool]:
        buttons = [[one.text() for one in view.findChildren(Button) if one.isVisible()] for view in views]
        return ["Show it in the picture" in one for one in buttons]

    qtbot.waitUntil(lambda: all(view.isVisible() for view in views) and any(told()), timeout=LIMIT)
    assert told() == [True, False]


@pytest.mark.parametrize(
    ("blocks", "words"),
    [("[]", "The picture that is shown now goes along."), (None, "The same picture goes along again.")],
)
def test_which_picture_goes_with_a_follow_up_is_told_as_it_is(panel: AskPanel, blocks: str | None, words: str) -> None:
    answer = complete()
    ask(panel, "t", turn("1", answer if blocks is None else replace(answer, blocks=blocks)))
    assert panel.talk.same.text() == words


def test_of_an_answer_that_was_too_long_the_rest_can_be_asked_for(qtbot: QtBot, panel: AskPanel) -> None:
    cut = replace(complete(), state=AnswerState.CUT_OFF, problem=problem("answer_length_limit"))
    full = replace(cut, problem=problem("answer_context_limit"))
    asked: list[tuple[str, str]] = []
    panel._make("talk")
    panel.talk._prepare = lambda question, talk: asked.append((question, talk))

    def offers() -> list[Button]:
        buttons = panel.talk.findChildren(Button)
        return [one for one in buttons if one.accessibleName() == "Ask for the rest" and one.isVisibleTo(panel.talk)]

    ask(panel, "full", turn("0", full))
    assert not offers()
    ask(panel, "t", turn("1", cut))
    qtbot.waitUntil(lambda: len(offers()) == 1, timeout=LIMIT)
    offers()[0].click()
    assert asked == [("Please go on where your answer stopped.", "t")]
    ask(panel, "t", turn("2", complete()))
    assert not offers()


def test_how_long_a_question_has_been_on_its_way_is_said(qtbot: QtBot, panel: AskPanel) -> None:
    assert [so_far_words(seconds) for seconds in (0, 1, 4)] == ["", "1 second so far", "4 seconds so far"]
    ask(panel, "t", turn("1"))
    assert panel.talk.state_line.text().startswith("Sending.")
    qtbot.waitUntil(lambda: "so far" in panel.talk.state_line.text(), timeout=LIMIT)


def test_the_foot_keeps_the_follow_up_after_an_answer_has_ended(qtbot: QtBot, panel: AskPanel) -> None:
    store = panel._session.store
    ask(panel, "t", turn("1"))
    assert panel.talk.stop_button.isVisible()
    store.dispatch(AnswerReceived("t", "1", complete()))
    qtbot.waitUntil(panel.talk.follow_up.isVisible, timeout=LIMIT)
    assert not panel.talk.foot.is_low


def is_reached(panel: AskPanel, *widgets: QWidget) -> bool:
    """Whether these are seen whole, none on another, and stay so while the talk scrolls."""
    bar = panel.talk.scroll_area.verticalScrollBar()
    for place in (0, bar.maximum()):
        bar.setValue(place)
        if not all(one.isVisible() and one.visibleRegion().boundingRect() == one.rect() for one in widgets):
            return False
    return True


def test_the_next_question_is_written_below_an_answer_on_the_smallest_screen(qtbot: QtBot, panel: AskPanel) -> None:
    panel.resize(320, 426)
    ask(panel, "t", turn("1", complete(LONG)))
    talk = panel.talk
    qtbot.waitUntil(lambda: is_reached(panel, talk.follow_up, talk.see_again, talk.head.picture), timeout=LIMIT)


def test_with_the_largest_letters_below_a_note_nothing_is_squeezed_and_stop_is_there(
    qtbot: QtBot, panel: AskPanel
) -> None:
    panel._shell.appearance.resize_text(200)
    panel.resize(400, 290)
    ask(panel, "t", turn("1"))
    talk = panel.talk
    qtbot.waitUntil(lambda: is_reached(panel, talk.stop_button, talk.state_line), timeout=LIMIT)
    panel._session.store.dispatch(AnswerReceived("t", "1", complete(LONG)))
    talk.follow_up.setFocus(Qt.FocusReason.OtherFocusReason)
    talk.scroll_area.verticalScrollBar().setValue(0)
    QTest.keyClicks(talk.follow_up, "And")
    assert not talk.follow_up.visibleRegion().isEmpty()
    whole = [one for one in talk.findChildren(Words) if one.isVisible()]
    qtbot.waitUntil(lambda: all(one.height() >= one.heightForWidth(one.width()) for one in whole), timeout=LIMIT)


def test_who_begins_a_new_question_writes_it_and_turns_no_picture(qtbot: QtBot, panel: AskPanel) -> None:
    panel.activateWindow()
    ask(panel, "t", turn("1", complete()))
    link = next(one for one in panel.talk.findChildren(Button) if one.text() == "A new question")
    link.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(link.hasFocus, timeout=LIMIT)
    link.click()
    assert panel.question.hasFocus()
    chip = next(one for one in panel.findChildren(Button) if one.text() == SUGGESTIONS[0])
    chip.setFocus(Qt.FocusReason.MouseFocusReason)
    chip.click()
    assert panel.question.hasFocus()
    QTest.keyClicks(panel.question, "!")
    assert panel.question.toPlainText() == f"{SUGGESTIONS[0]}!"


def test_a_button_that_is_on_again_is_fitted_to_its_wider_letters(qtbot: QtBot) -> None:
    button = Button("See what will be sent", "primary")
    button.setStyleSheet('QPushButton { letter-spacing: 2px } QPushButton[blocked="true"] { letter-spacing: 0 }')
    qtbot.addWidget(button)
    button.set_blocked("Write a question first.")
    button.show()
    room = button.sizeHint().width()
    button.fit(room)
    assert "\n" not in button.text()
    button.set_blocked("")
    assert button.sizeHint().width() <= room


def height_in_sight(panel: AskPanel, words: str) -> int:
    """How far below the upper edge of what scrolls these words stand, in pixels."""
    (view,) = (one for one in panel.talk.findChildren(AnswerView) if words in one.toPlainText())
    cursor = view.document().find(words)
    return view.mapTo(panel.talk.scroll_area.viewport(), QPoint(0, view.cursorRect(cursor).top())).y()


def test_who_reads_further_up_reads_on_there_as_the_answer_ends(qtbot: QtBot, panel: AskPanel) -> None:
    text, read = LONG.replace("long", "**long**"), "Paragraph 20"
    ask(panel, "t", turn("1", replace(complete(text), state=AnswerState.ANSWERING)))
    bar = panel.talk.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1500, timeout=LIMIT)
    bar.setValue(bar.value() + height_in_sight(panel, read) + 5)
    before = height_in_sight(panel, read)
    panel._session.store.dispatch(AnswerReceived("t", "1", complete(text)))
    qtbot.waitUntil(panel.talk.follow_up.isVisible, timeout=LIMIT)
    assert height_in_sight(panel, read) == before


def test_who_looks_at_the_end_stays_there_as_the_answer_ends(qtbot: QtBot, panel: AskPanel) -> None:
    ask(panel, "t", turn("1", replace(complete(LONG), state=AnswerState.ANSWERING)))
    bar = panel.talk.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1500 and bar.value() == bar.maximum(), timeout=LIMIT)
    panel._session.store.dispatch(AnswerReceived("t", "1", complete(LONG)))
    qtbot.waitUntil(panel.talk.follow_up.isVisible, timeout=LIMIT)
    qtbot.waitUntil(lambda: bar.value() == bar.maximum(), timeout=LIMIT)


def test_talks_of_before_can_be_read_again(qtbot: QtBot, panel: AskPanel) -> None:
    early = replace(turn("1", complete("The first answer.")), question="What is the round thing?")
    late = replace(turn("2", complete("The second answer.")), question="And what is the long one?")
    ask(panel, "a", early)
    ask(panel, "b", late)
    press(qtbot, panel, "A new question")
    rows = [one.accessibleName() for one in panel._asked_before["new"]._buttons]
    assert rows == ["And what is the long one?", "What is the round thing?"]
    press(qtbot, panel, "What is the round thing?")
    assert panel._session.store.state.view.conversation == "a"

    def answers() -> list[str]:
        views = [one for one in panel.talk.findChildren(AnswerView) if one.isVisible()]
        return [one.toPlainText() for one in views if "answer" in one.toPlainText()]

    qtbot.waitUntil(lambda: answers() == ["The first answer."], timeout=LIMIT)


def press(qtbot: QtBot, panel: AskPanel, words: str) -> None:
    """Click the one button of this name, once it is there."""

    def found() -> list[Button]:
        return [one for one in panel.findChildren(Button) if one.isVisible() and one.accessibleName() == words]

    qtbot.waitUntil(lambda: len(found()) == 1, timeout=LIMIT)
    QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)


def test_an_answer_on_screen_takes_other_letters(qtbot: QtBot, panel: AskPanel) -> None:
    ask(panel, "t", turn("1", complete("Some **bold** words.")))
    (view,) = [one for one in panel.talk.findChildren(AnswerView) if "bold" in one.toPlainText()]
    assert view.textCursor().charFormat().font().pixelSize() == 14
    panel._shell.appearance.resize_text(200)
    cursor = view.textCursor()
    cursor.setPosition(3)
    assert cursor.charFormat().font().pixelSize() == 28
    assert view.toPlainText() == "Some bold words."


def test_a_streaming_answer_takes_other_letters_and_goes_on(qtbot: QtBot) -> None:
    from viewer.gui.look.theme import Appearance

    view = AnswerView()
    qtbot.addWidget(view)
    view.grow("One word")
    Appearance.now().changed.emit()
    view.grow("One word more")
    assert view.toPlainText() == "One word more"


@pytest.mark.parametrize("percent", [100, 150, 200])
@pytest.mark.parametrize("width", [240, 320])
def test_the_hint_of_a_question_is_never_cut(qtbot: QtBot, panel: AskPanel, width: int, percent: int) -> None:
    panel._shell.appearance.resize_text(percent)
    edit = QuestionEdit("Ask a follow-up question…", 2, lambda: None)
    qtbot.addWidget(edit)
    edit.resize(width, 10)
    show(qtbot, edit)
    room = edit.viewport().size()
    margin = round(edit.document().documentMargin())
    flags = Qt.TextFlag.TextWordWrap.value
    wanted = edit.fontMetrics().boundingRect(0, 0, room.width() - 2 * margin, 9999, flags, edit.placeholderText())
    assert wanted.height() + 2 * margin <= room.height()


def test_words_without_spaces_are_broken_too(opened: MainWindow) -> None:
    metrics = QFontMetrics(opened.font())
    question = "这张图片显示了什么请用简单的话解释给我听" * 4
    lines = in_lines(question, metrics, 200).split("\n")
    assert "".join(lines) == question
    assert len(lines) > 1
    assert all(metrics.horizontalAdvance(line) <= 200 for line in lines)


def test_a_line_drops_whole_parts_before_a_word_is_cut(qtbot: QtBot) -> None:
    line = Elided("Drag: brightness · Wheel: next picture · Right-drag: zoom", in_parts=True)
    qtbot.addWidget(line)
    line.resize(line.fontMetrics().horizontalAdvance("Drag: brightness · Wheel: next picture") + 8, 20)
    line.show()
    assert line.text() == "Drag: brightness · Wheel: next picture"
    assert "Right-drag: zoom" in line.toolTip()
    assert line.accessibleName().endswith("zoom")


def test_of_a_name_no_part_goes_without_a_sign(qtbot: QtBot) -> None:
    line = Elided("Hong, Gildong (洪 吉洞 · 홍 길동)")
    qtbot.addWidget(line)
    line.resize(line.fontMetrics().horizontalAdvance(line._whole) - 4, 20)
    line.show()
    assert line.text().endswith("…")


def test_the_slider_of_a_picture_keeps_room_with_any_letters(qtbot: QtBot, opened: MainWindow) -> None:
    row = SliderRow()
    qtbot.addWidget(row)
    row.show_place(100, 201)
    row.resize(230, 32)
    row.show()
    before = row._words.width()
    opened.appearance.resize_text(200)
    qtbot.waitUntil(lambda: row.slider.width() >= SHORTEST, timeout=LIMIT)
    opened.appearance.resize_text(100)
    qtbot.waitUntil(lambda: row._words.width() == before and row.slider.width() > 80, timeout=LIMIT)
    assert pane_of(opened).isVisible()


class _Symbol(ctypes.Structure):
    """What `dladdr` tells."""

    _fields_ = [
        ("file", ctypes.c_char_p),
        ("base", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("at", ctypes.c_void_p),
    ]


def gone_items() -> int:
    """Items of layouts that PySide takes for alive and Qt has deleted: something else lies there now."""
    gone = 0
    for item in (one for one in getAllValidWrappers() if type(one) is QWidgetItem):
        table = ctypes.c_uint64.from_address(getCppPointer(item)[0]).value
        found = _Symbol()
        ctypes.CDLL(None).dladdr(ctypes.c_void_p(table), ctypes.byref(found))
        gone += b"QWidgetItem" not in (found.name or b"")
    return gone


@pytest.mark.skipif(sys.platform != "linux", reason="asks the loader of Linux")
def test_no_part_that_moves_leaves_an_item_of_qt_s_behind(qtbot: QtBot, panel: AskPanel, opened: MainWindow) -> None:
    """PySide would take the item of a layout for alive that Qt has deleted; what comes to lie in its place (an icon)
    takes the program down as it goes."""

    def turn_letters() -> None:
        for percent, height in ((200, 400), (100, 900)) * 3:
            opened.appearance.resize_text(percent)
            panel.resize(320, height)
            qtbot.wait(30)

    turn_letters()
    ask(panel, "talk", turn("Why?", complete()))
    turn_letters()
    assert gone_items() == 0


@pytest.mark.parametrize(("rows", "columns"), [(15, 1500), (1500, 15), (1, 1568)])
def test_a_strip_of_a_picture_that_left_can_be_seen(rows: int, columns: int) -> None:
    image = image_of(encode_png(np.full((rows, columns), 200, np.uint8)), 96)
    assert not image.isNull()
    assert min(image.width(), image.height()) == 8
    assert max(image.width(), image.height()) == 96
