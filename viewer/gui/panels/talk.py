"""A talk: what the AI saw stays at the top, the questions and answers scroll, notice and *Stop* stay at the foot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QElapsedTimer, QPoint, Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from viewer.document.changes import ConversationShown
from viewer.document.model import Conversation, Turn
from viewer.gui.panels.foot import Foot, height_of, move
from viewer.gui.panels.pages import MARGIN, scrolled, stacked
from viewer.gui.panels.question_edit import QuestionEdit
from viewer.gui.panels.sent import SentHead
from viewer.gui.panels.turn_view import TurnView
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Abreast, Note, Rule, column_of, held, row_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.text.translate import count_of, tr

SETTLED_MS = 150
LINES = 2  # of a follow-up question
NEAR_END = 24  # pixels
MOST_AROUND = 0.65  # of the panel's height: what stays above and below an answer
BELOW_HEAD = 8
GO_ON = "Please go on where your answer stopped."

Prepare = Callable[[str, str], None]  # the question, and the talk it belongs to ("": a new one)


def so_far_words(seconds: int) -> str:
    """ "4 seconds so far"; "" within the first."""
    return count_of(seconds, "{n} second so far", "{n} seconds so far") if seconds else ""


def _lacks_rest(last: Turn, turn: Turn) -> bool:
    """Whether a turn is the last one, and only its length ended its answer: then going on may bring the rest."""
    problem = turn.answer.problem
    return turn is last and turn.has_answer and problem is not None and problem.code == "answer_length_limit"


class TalkPage(QWidget):
    """Shows the talk that the store says is shown."""

    def __init__(self, shell: Shell, prepare: Prepare, left: Callable[[], None]) -> None:
        """left: called when a question has just left."""
        super().__init__()
        self._left = left
        self._shell, self._session, self._prepare = shell, shell.session, prepare
        self._shown = ""  # the talk
        self._turns: dict[str, TurnView] = {}
        self.scroll_area = self._make_turns()
        self._make_foot()
        self._second = QTimer(self)
        self._second.setInterval(500)
        self._since = QElapsedTimer()  # the question left
        self._second.timeout.connect(self._show_state)

    # --- what it is made of
    def _make_turns(self) -> QScrollArea:
        """Where the turns of a talk stand; it keeps to its end while that is what is looked at."""
        self._beginning, self._column = QVBoxLayout(), QVBoxLayout()
        self._beginning.setSpacing(4)
        self._column.setSpacing(16)
        self._inside = column_of(self._beginning, self._column, 1, spacing=12, margin=MARGIN)
        inside = QWidget()
        inside.setLayout(self._inside)
        scroll = scrolled(inside)
        self._at_end, self._follows = True, False
        scroll.verticalScrollBar().rangeChanged.connect(self._keep_at_end)
        scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        return scroll

    def _make_foot(self) -> None:
        self.head = SentHead(self._shell, self._beginning)
        self.state_line = Words("", "second")
        self.stop_button = Button(tr("Stop"), "", "circle-stop", self._session.stop)
        self.stop_button.setProperty("big", True)
        self.trouble = Note("", "warn")
        self.trouble.hide()
        self._follow, self._further = self._make_follow_up(), self._make_further()
        self._question_changed()
        notice = Note(tr("For information, not a diagnosis. Ask your doctor before you decide anything."), "info")
        widgets = (notice, self.state_line, self.stop_button, self.trouble, self._follow, self._further)
        foot = column_of(*widgets, spacing=8, margin=MARGIN)
        self.foot = Foot(foot, widgets, self._inside, (self._further, self._follow, notice))
        self._head_column = column_of(self.head)
        self._head_column.setContentsMargins(MARGIN, MARGIN, MARGIN, BELOW_HEAD)
        self._head_parts = (held(self._head_column), Rule())
        self.setLayout(stacked(*self._head_parts, self.scroll_area, foot))

    def _make_follow_up(self) -> QWidget:
        """A further question."""
        self.follow_up = QuestionEdit(tr("Ask a follow-up question…"), LINES, self.see_follow_up)
        self.follow_up.textChanged.connect(self._question_changed)
        self.see_again = Button(tr("See and send"), "", "send-horizontal", self.see_follow_up)
        self.see_again.refused.connect(self.say_problem)
        return held(column_of(self.follow_up, row_of(1, self.see_again), spacing=8))

    def _make_further(self) -> QWidget:
        """What goes along with it, a new question, the PDF."""
        self.same = Words("", "second")
        new = Button(tr("A new question"), "link", do=self._new_question)
        save = Button(tr("Save as PDF"), "link", do=lambda: self._shell.act("save_pdf"))
        return held(column_of(self.same, Abreast(new, save), spacing=8))

    def place(self, width: int, height: int) -> None:
        """In a panel of this size, in pixels: the head takes its part first, then the foot. Where together they would leave
        no room to read in, the head scrolls along."""
        room = width - 2 * MARGIN
        self.head.place(room, height)
        head = height_of(self.head, room) + MARGIN + BELOW_HEAD
        is_crowded = head + self.foot.height_without((self._further, self._follow), width) > MOST_AROUND * height
        if is_crowded != (self.head.parentWidget() is not self._head_parts[0]):
            for part in self._head_parts:
                part.setHidden(is_crowded)
            move(self.head, self._beginning if is_crowded else self._head_column, 0)
        self.foot.place(width, height - (0 if is_crowded else head))

    # --- what shows
    def show_talk(self) -> None:
        """The talk as it is now: what is there already is fed, not made anew."""
        talk = self._session.conversation(self._session.store.state.view.conversation)
        if talk is None:
            return
        if talk.id != self._shown or set(self._turns) - {turn.id for turn in talk.turns}:
            self._clear_turns()
            self._shown = talk.id
        for turn in talk.turns:
            if turn.id not in self._turns:
                self._turns[turn.id] = view = TurnView(self._shell, turn, lambda question: self._prepare(question, ""))
                self._column.addWidget(view)
                self._at_end = True
                if not turn.answer.state.ended:  # it has just left
                    self.follow_up.clear()
                    self._left()
            else:
                self._show_further(turn)
        self._show_sent(talk)
        self._show_state()

    def _show_further(self, turn: Turn) -> None:
        """A turn that is further on. As an answer ends its lines move together; the one at the top stays there, unless it
        is the end that is looked at."""
        view, bar = self._turns[turn.id], self.scroll_area.verticalScrollBar()
        above = view.answer.mapFrom(self.scroll_area.viewport(), QPoint(0, 0)).y()
        reads = turn.answer.state.ended and not self._at_end and 0 < above < view.answer.height()
        letters = view.answer.letters_above(above) if reads else 0
        before = view.answer.height_of(letters) if reads else 0
        view.show_turn(turn)
        if reads:
            bar.setValue(bar.value() + view.answer.height_of(letters) - before)

    def _show_sent(self, talk: Conversation) -> None:
        last = talk.turns[-1]
        self.head.show_turn(last)
        for turn in talk.turns:
            other = bool(turn.sent) and bool(last.sent) and turn.sent[0].sha256 != last.sent[0].sha256
            self._turns[turn.id].say_other_picture(other=other)
            self._turns[turn.id].offer_rest(partial(self._ask_rest, talk.id) if _lacks_rest(last, turn) else None)
        same = tr("The same picture goes along again.")
        self.same.set_words(same if talk.has_answers else tr("The picture that is shown now goes along."))

    def _clear_turns(self) -> None:
        for view in self._turns.values():
            view.hide()  # taken out of its parent it would be dressed and laid out once more before it goes
            self._column.removeWidget(view)
            view.deleteLater()
        self._turns.clear()
        self.scroll_area.verticalScrollBar().setValue(0)

    @property
    def first_stop(self) -> QWidget:
        """Where the focus goes as the talk comes up: to *Stop* while an answer is on its way, else to the next question."""
        return self.follow_up if self.stop_button.isHidden() else self.stop_button

    def _show_state(self) -> None:
        talk = self._session.conversation(self._session.store.state.view.conversation)
        if talk is None:
            return
        answer = talk.turns[-1].answer
        on_the_way = not answer.state.ended
        had_focus = self.stop_button.hasFocus()
        if on_the_way is self.stop_button.isHidden() or on_the_way is not self._follow.isHidden():
            self.state_line.setVisible(on_the_way)
            self.stop_button.setVisible(on_the_way)
            self._follow.setVisible(not on_the_way)
            self._further.setVisible(not on_the_way)
            self.place(self.width(), self.height())  # the foot holds other things now
        if on_the_way:
            if not self._second.isActive():
                self._second.start()
                self._since.start()
                self._follows = True
                self._shell.say(tr("The question is on its way."))  # what was said of an earlier one holds no longer
                self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
            first, sentence = self._session.end_words(answer)
            self.state_line.set_words(f"{first}. {sentence or so_far_words(self._since.elapsed() // 1000)}".strip())
        else:
            self._second.stop()
            QTimer.singleShot(SETTLED_MS, self, self._stop_following)  # how it ended is still laid out
            if had_focus:
                self.follow_up.setFocus(Qt.FocusReason.OtherFocusReason)
                first, sentence = self._session.end_words(answer)
                self._shell.say(f"{first}. {sentence}".strip())

    def say_problem(self, words: str) -> None:
        """Why a question could not be prepared, at the place and in the status line."""
        self.trouble.set_words(words)
        self.trouble.show()
        self._shell.say(words)

    # --- scrolling: only when the view was at its end
    def _scrolled(self, value: int) -> None:
        bar = self.scroll_area.verticalScrollBar()
        self._at_end = value >= bar.maximum() - NEAR_END

    def _keep_at_end(self, _low: int, high: int) -> None:
        if self._at_end and self._follows:
            self.scroll_area.verticalScrollBar().setValue(high)

    def _stop_following(self) -> None:
        self._follows = self._session.asking

    # --- doing
    def _question_changed(self) -> None:
        self.see_again.set_blocked("" if self.follow_up.toPlainText().strip() else tr("Write a question first."))

    def _new_question(self) -> None:
        self._session.store.dispatch(ConversationShown(""))

    def _ask_rest(self, talk: str) -> None:
        self._prepare(tr(GO_ON), talk)

    def see_follow_up(self) -> None:
        """Work out what would leave with a follow-up in the shown talk, then show it."""
        if self.see_again.reason:
            self.say_problem(self.see_again.reason)
            return
        self._prepare(self.follow_up.toPlainText(), self._session.store.state.view.conversation)
