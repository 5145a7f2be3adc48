"""Every way a server can behave, through the real window: the state, its words, what is kept, and what was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.consult.test_scripts import CASES, ELSEWHERE, TIMED
from tests.end_to_end.person import Person, all_text, sitting
from tests.fakes.messages_rules import Rules
from tests.fakes.messages_server import ANSWER, REASONING, SCRIPTS, MessagesServer
from tests.patience import PATIENCE
from viewer.answer.answer import AnswerState
from viewer.consult.limits import Limits
from viewer.document.changes import Change
from viewer.document.model import State, Turn
from viewer.gui.panels.ask import AskPanel
from viewer.gui.panels.preview import PreviewPage
from viewer.gui.panels.turn_view import TurnView
from viewer.phantom.disc import DiscKind, write_disc

QUICK = Limits(connect=60.0, silence_local=60.0, overall_local=PATIENCE, backoff=0.3, longest_wait=60.0)
# Both far above what a busy machine needs to bring the question to the wire (0.8 s was once too little).
SILENT = replace(QUICK, silence_local=2.0)
ENDLESS = replace(QUICK, overall_local=4.0)
KEY = "sk-made-up"
QUESTION = "What is the round thing?"
FIRST_WORDS = {
    AnswerState.COMPLETE: "Complete",
    AnswerState.CUT_OFF: "Cut off",
    AnswerState.REFUSED: "Refused",
    AnswerState.STOPPED: "Stopped",
    AnswerState.BROKEN: "Broken off",
    AnswerState.TIMED_OUT: "Timed out",
    AnswerState.FAILED: "Failed",
}
TRIED_AGAIN = {"500", "529", "endless_error"}  # before anything arrived, and each time after a visible wait
LEARNED = {"400": "ask_more_simply"}  # the program above the client learns from a refusal by an address
KNOWN_BLOCKS = {"text", "thinking", "redacted_thinking"}  # others do not pass the door


class Sitting:
    """A person at a window with a disc open, and the server that will be asked."""

    def __init__(self, person: Person, server: MessagesServer) -> None:
        self.person, self.server = person, server
        self.states: list[AnswerState] = []
        person.session.store.listen(self._note)

    def _note(self, before: State, after: State, change: Change) -> None:
        if after.conversations is not before.conversations and after.conversations.items:
            self.states.append(after.conversations.items[-1].turns[-1].answer.state)

    @property
    def panel(self) -> AskPanel:
        return self.person.find(AskPanel)

    @property
    def turn_view(self) -> TurnView:
        """The last question; it comes on screen a moment after it is in the store."""

        def shown() -> list[TurnView]:
            views = [view for view in self.panel.findChildren(TurnView) if view.isVisible()]
            return [view for view in views if view.turn.id == self.person.last_turn.id]

        self.person.until(shown, "the question is not on screen")
        return shown()[0]

    def play(self, *scripts: str, **settings: object) -> None:
        """What the server does with the next question."""
        self.server.play(*scripts, rules=Rules(key=KEY), **settings)
        self.states.clear()

    def preview(self) -> PreviewPage:
        """A new question, up to what would leave."""
        self.until_no_preview()
        if self.person.view.conversation:
            self.person.press("A new question", self.panel)
        return self.person.write_question(QUESTION)

    def send(self) -> None:
        """A new question leaves."""
        self.preview()
        self.person.agree()

    def ask(self) -> Turn:
        """A new question, waited for; what the store says is on screen."""
        self.send()
        turn = self.person.wait_for_the_end()
        self.person.until(lambda: self.turn_view.state_line.isVisible() or self.turn_view.state_note.isVisible())
        return turn

    def until_no_preview(self) -> None:
        """Until the page of an earlier question is gone."""
        self.person.until(lambda: not self.person.window.findChildren(PreviewPage))

    def wait_for(self, *states: AnswerState) -> None:
        """Until the answer stands like this."""
        self.person.until(lambda: self.person.last_turn.answer.state in states, f"never {states}")

    def until_shown(self, words: str) -> None:
        """Until the words are on screen."""
        self.person.until(lambda: words in all_text(self.panel), words)


@pytest.fixture(scope="module")
def one_sitting(
    tmp_path_factory: pytest.TempPathFactory, qapp: QApplication, request: pytest.FixtureRequest
) -> Iterator[Sitting]:
    """One window for the whole file: opened once, asked often, as in a long evening."""
    folder = tmp_path_factory.mktemp("endings")
    write_disc(folder / "cd", DiscKind.CD, slices=6, size=64)
    with pytest.MonkeyPatch.context() as patch, MessagesServer() as server:
        patch.setenv("SIDELIGHT_DATA", str(folder / "data"))
        patch.setenv("SIDELIGHT_API_KEY", KEY)
        patch.setattr("viewer.consult.consultation.Limits", lambda: QUICK)
        with sitting(QtBot(request), patch) as person:
            person.open_folder(folder / "cd")
            person.session.setup.choose("address", server.base_url, "made-up-model")
            person.open_ask_panel().refresh()
            tested = person.session.setup.test_connection()  # the child is up: tests of time limits are of nothing else
            person.until(lambda: tested.finished)
            yield Sitting(person, server)


@pytest.fixture
def seat(one_sitting: Sitting) -> Iterator[Sitting]:
    """The sitting with nothing going on, before and after; its window is the active one, or no shortcut would fire."""
    one_sitting.person.window.activateWindow()
    one_sitting.person.until(one_sitting.person.window.isActiveWindow)
    yield one_sitting
    if one_sitting.person.session.asking:
        one_sitting.person.session.stop()
        one_sitting.person.wait_for_the_end()
    if one_sitting.person.window.findChildren(PreviewPage):
        one_sitting.person.window.leave_page()
        one_sitting.panel.question.clear()


def with_limits(seat: Sitting, limits: Limits, patch: pytest.MonkeyPatch) -> None:
    """Other bounds for one test; the time in a test is not the time of a person."""
    patch.setattr(seat.person.session._consultation, "_limits", limits)


def check_ending(seat: Sitting, turn: Turn, state: AnswerState, text: str, code: str) -> None:
    """Store and screen say the same, in words, and what arrived is kept."""
    answer, view = turn.answer, seat.turn_view
    assert (answer.state, answer.text) == (state, text)
    assert (answer.problem.code if answer.problem else "") == code
    words = all_text(view)
    assert f"{FIRST_WORDS[state]}." in words
    assert not [word for word in FIRST_WORDS.values() if f"{word}." in words and word != FIRST_WORDS[state]]
    if answer.problem is not None:
        assert answer.problem.text in words
        assert answer.problem.remedy in words
    assert ("shows a spine from the side" in words) == (text == ANSWER)
    complete = state is AnswerState.COMPLETE
    assert ("The answer ends here." in words) == (bool(text) and not complete)
    seat.person.until(lambda: ("Ask once more" in all_text(view)) == (not complete))
    assert not seat.panel.talk.stop_button.isVisible()
    assert seat.panel.talk.follow_up.isVisible()
    assert "For information, not a diagnosis" in all_text(seat.panel)


def test_every_script_of_the_server_is_played_here() -> None:
    assert set(CASES) | set(TIMED) | ELSEWHERE == set(SCRIPTS)


@pytest.mark.parametrize("script", CASES)
def test_every_ending_is_told_in_words_and_keeps_what_arrived(seat: Sitting, script: str) -> None:
    state, text, code = CASES[script]
    code = LEARNED.get(script, code)
    seat.play(script, delay=0.002)
    turn = seat.ask()
    assert not seat.server.complaints
    check_ending(seat, turn, state, text, code)
    tries = 3 if script in TRIED_AGAIN else 1
    assert len(seat.server.asked) == tries == turn.answer.attempts
    assert (AnswerState.WAITING in seat.states) == (tries > 1), "a try that nobody was told about"
    if text and script != "empty_reasoning":
        assert turn.answer.reasoning == REASONING


@pytest.mark.parametrize("script", TIMED)
def test_silence_and_endlessness_end_in_words(seat: Sitting, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_limits(seat, SILENT if script.startswith("stall") else ENDLESS, monkeypatch)
    seat.play(script)
    turn = seat.ask()
    text = turn.answer.text if script == "endless_answer" else ANSWER if script == "stall_mid_stream" else ""
    check_ending(seat, turn, AnswerState.TIMED_OUT, text, TIMED[script])
    assert len(seat.server.asked) == 1


def seconds_shown(seat: Sitting) -> int:
    """The number in the countdown."""
    found = re.search(r"Trying again in (\d+) second", all_text(seat.panel))
    assert found, all_text(seat.panel)
    return int(found[1])


def test_a_busy_service_is_waited_for_with_a_countdown_and_a_stop(seat: Sitting) -> None:
    seat.play("429", retry_after="30")
    seat.send()
    seat.wait_for(AnswerState.WAITING)
    seat.until_shown("Waiting. The service is busy. Trying again in")
    first = seconds_shown(seat)
    assert 25 < first <= 30
    seat.person.until(lambda: seconds_shown(seat) < first, "the countdown stands still")
    assert seat.panel.talk.stop_button.isVisible()
    seat.person.press("Stop", seat.panel)
    turn = seat.person.wait_for_the_end()
    check_ending(seat, turn, AnswerState.STOPPED, "", "answer_stopped_early")
    assert len(seat.server.asked) == 1


def test_after_the_wait_the_same_bytes_go_out_once_more(seat: Sitting) -> None:
    seat.play("429", "normal", retry_after="0.3")
    turn = seat.ask()
    check_ending(seat, turn, AnswerState.COMPLETE, ANSWER, "")
    first, second = seat.server.asked
    assert first.body == second.body
    assert AnswerState.WAITING in seat.states


def test_a_redirect_takes_nothing_to_another_host(seat: Sitting) -> None:
    with MessagesServer() as other:
        seat.play("redirect", redirect_to=other.base_url)
        turn = seat.ask()
        assert other.connections == 0
    check_ending(seat, turn, AnswerState.FAILED, "", "ask_redirected")


def test_a_hostile_answer_is_only_words(seat: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    seat.play("hostile")
    assert seat.ask().answer.state is AnswerState.COMPLETE
    view = seat.turn_view.answer
    shown = all_text(seat.panel)
    assert "<script>alert(1)</script>" in shown
    assert "click" in shown
    assert not [letter for letter in shown if not letter.isprintable() and letter not in "\n\u2029\u2002"]
    assert_inert(view.document())
    for place in (view.viewport().rect().topLeft(), view.viewport().rect().center()):
        seat.person.bot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.loads == 0
    assert not opened


def assert_inert(document: QTextDocument) -> None:
    """No piece of the text leads anywhere or is a picture."""
    cursor = QTextCursor(document)
    while cursor.movePosition(QTextCursor.MoveOperation.NextCharacter):
        style = cursor.charFormat()
        assert not style.isAnchor()
        assert not style.anchorHref()
        assert not style.isImageFormat()


def test_two_megabytes_are_shown_in_part_and_that_is_said(seat: Sitting) -> None:
    seat.play("two_megabytes")
    turn = seat.ask()
    assert turn.answer.state is AnswerState.COMPLETE
    assert turn.answer.hidden
    assert len(turn.answer.text) == 200_000
    view = seat.turn_view.answer
    seat.person.until(lambda: view.toPlainText() == turn.answer.text, "not all of it came on screen")
    assert "More came than can be shown here" in all_text(seat.turn_view)


def test_an_answer_beyond_all_measure_is_cut_and_said(seat: Sitting) -> None:
    seat.play("too_long")
    turn = seat.ask()
    assert turn.answer.state is AnswerState.CUT_OFF
    assert turn.answer.problem is not None
    assert turn.answer.problem.text in all_text(seat.turn_view)
    assert "The answer ends here." in all_text(seat.turn_view)


def test_ask_once_more_shows_what_would_leave_before_anything_does(seat: Sitting) -> None:
    seat.play("cut_before_end", "normal")
    seat.ask()
    seat.until_shown("\u2002Ask once more")
    seat.person.press("Ask once more", seat.turn_view)
    seat.person.until(lambda: seat.person.window.findChildren(PreviewPage))
    page = seat.person.find(PreviewPage)
    assert QUESTION in all_text(page)
    assert len(seat.server.asked) == 1
    seat.person.agree()
    check_ending(seat, seat.person.wait_for_the_end(), AnswerState.COMPLETE, ANSWER, "")


def test_a_follow_up_returns_every_block_unchanged_and_stands_below(seat: Sitting) -> None:
    seat.play("unknown", "normal")
    first = seat.ask()
    talk = seat.person.view.conversation
    seat.person.bot.keyClicks(seat.panel.talk.follow_up, "And the bright part?")
    seat.person.press("See and send", seat.panel)
    seat.person.until(lambda: seat.person.window.findChildren(PreviewPage))
    assert "And the bright part?" in all_text(seat.person.find(PreviewPage))
    seat.person.agree()
    second = seat.person.wait_for_the_end()
    assert not seat.server.complaints
    assert second.answer.state is AnswerState.COMPLETE
    assert seat.person.view.conversation == talk
    sent = seat.server.asked[1].json["messages"]
    received = [block for block in json.loads(first.answer.blocks) if block["type"] in KNOWN_BLOCKS]
    assert [block["type"] for block in received] == ["thinking", "redacted_thinking", "text"]
    assert sent[0] == seat.server.asked[0].json["messages"][0]
    assert sent[1] == {"role": "assistant", "content": received}
    views = [view for view in seat.panel.findChildren(TurnView) if view.isVisible()]
    assert [QUESTION in all_text(views[0]), "And the bright part?" in all_text(views[1])] == [True, True]
    assert views[0].geometry().bottom() < views[1].geometry().top()
    assert seat.panel.talk.follow_up.toPlainText() == ""


def test_the_status_line_never_tells_of_an_earlier_answer(seat: Sitting) -> None:
    seat.play("normal", "stall_mid_stream")
    seat.ask()
    status = seat.person.window.status
    seat.person.until(lambda: "Complete" in all_text(status))
    seat.person.bot.keyClicks(seat.panel.talk.follow_up, "And the bright part?")
    seat.person.press("See and send", seat.panel)
    seat.person.until(lambda: seat.person.window.findChildren(PreviewPage))
    seat.person.agree()
    seat.person.until(lambda: seat.panel.talk.stop_button.isVisible())
    assert "Complete" not in all_text(status)
    seat.person.press("Stop", seat.panel)
    seat.person.wait_for_the_end()


def test_the_size_of_what_leaves_is_told_whole_in_large_letters(seat: Sitting) -> None:
    seat.play("normal")
    page = seat.preview()
    words = page.size_words
    seat.person.window.appearance.resize_text(200)
    try:
        seat.person.until(lambda: words.width() >= words.minimumSizeHint().width())
        seat.person.until(lambda: words.height() >= words.heightForWidth(words.width()))
        assert words.fontMetrics().horizontalAdvance(words.text()) <= words.width() or words.wordWrap()
    finally:
        seat.person.window.appearance.resize_text(100)
    seat.person.press("Do not send", page)
    seat.until_no_preview()
    seat.panel.question.clear()


@pytest.mark.parametrize("way", ["button", "escape"])
def test_what_was_previewed_and_declined_never_leaves(seat: Sitting, way: str) -> None:
    seat.play("normal")
    page = seat.preview()
    if way == "button":
        seat.person.press("Do not send", page)
    else:
        seat.person.bot.keyClick(page, Qt.Key.Key_Escape)
    seat.until_no_preview()
    assert seat.panel.question.toPlainText() == QUESTION, "the question must survive"
    assert not seat.server.requests
    assert not seat.person.session.asking
    seat.panel.question.clear()


# --- Stop, in every state. What takes longest is what the person feels: from the click to the store.
STALLED = "stalled"
STOPPABLE: dict[str, tuple[str, dict[str, object], Callable[[Sitting], object]]] = {
    "sending": ("stall_before_headers", {}, lambda seat: seat.server.arrived.is_set()),
    "waiting": ("429", {"retry_after": "50"}, lambda seat: state_of(seat) is AnswerState.WAITING),
    "reasoning": (
        "slow", {"reasoning": "Hm. " * 900, "delay": 0.01}, lambda seat: state_of(seat) is AnswerState.REASONING,
    ),
    "answering": (
        "slow", {"answer": "Word. " * 900, "delay": 0.01}, lambda seat: state_of(seat) is AnswerState.ANSWERING,
    ),
    STALLED: ("stall_mid_stream", {}, lambda seat: seat.person.last_turn.answer.text == ANSWER),
}  # fmt: skip


def state_of(seat: Sitting) -> AnswerState:
    return seat.person.last_turn.answer.state


def stop_by(seat: Sitting, hand: Callable[[], None]) -> None:
    """The store says so before the hand's event is over; how long that takes is a row of `sidelight bench`."""
    hand()
    assert state_of(seat) is AnswerState.STOPPED


@pytest.mark.parametrize("state", STOPPABLE)
def test_stop_works_at_once_in_every_state(seat: Sitting, state: str) -> None:
    script, settings, reached = STOPPABLE[state]
    for _ in range(3):
        seat.play(script, **settings)
        seat.send()
        seat.person.until(lambda: reached(seat), f"never {state}")
        seat.person.until(seat.panel.talk.stop_button.isVisible)
        kept = seat.person.last_turn.answer.text
        button, left = seat.panel.talk.stop_button, Qt.MouseButton.LeftButton
        stop_by(seat, lambda: seat.person.bot.mouseClick(button, left))  # noqa: B023
        turn = seat.person.last_turn
        assert turn.answer.text.startswith(kept)
        assert "Stopped." in all_text(seat.turn_view)
        assert seat.server.closed.wait(PATIENCE), "the connection must be closed"
        assert len(seat.server.asked) == 1
    assert ("The answer ends here." in all_text(seat.turn_view)) == bool(seat.person.last_turn.answer.text)


def test_escape_stops_too(seat: Sitting) -> None:
    seat.play("stall_mid_stream")
    seat.send()
    seat.person.until(lambda: seat.person.last_turn.answer.text == ANSWER)
    focus: QWidget = QApplication.focusWidget() or seat.person.window
    stop_by(seat, lambda: seat.person.bot.keyClick(focus, Qt.Key.Key_Escape))
    check_ending(seat, seat.person.last_turn, AnswerState.STOPPED, ANSWER, "answer_stopped")


def test_a_closed_window_ends_what_is_on_its_way(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_disc(tmp_path / "cd", DiscKind.CT, slices=5, size=48)
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SIDELIGHT_API_KEY", KEY)
    with MessagesServer("stall_mid_stream", rules=Rules(key=KEY)) as server, sitting(qtbot, monkeypatch) as person:
        person.open_folder(tmp_path / "cd")
        person.session.setup.choose("address", server.base_url, "made-up-model")
        person.open_ask_panel().refresh()
        person.write_question(QUESTION)
        person.agree()
        person.until(lambda: person.state.conversations.items and person.last_turn.answer.text == ANSWER)
        person.window.close()
        assert server.closed.wait(PATIENCE), "the connection outlived the window"
