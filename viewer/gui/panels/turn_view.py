"""TurnView: one question, how it was reasoned, the answer, and how it ended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import said_words
from viewer.document.model import Turn
from viewer.gui.look.icons import icon
from viewer.gui.panels.answer_view import AnswerView
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Abreast, Card, Note, Rule, column_of, part, row_of
from viewer.gui.widgets.controls import Button, IconButton
from viewer.gui.widgets.labels import Words
from viewer.text.translate import count_of, tr

CURED_IN_SETTINGS = frozenset(
    {
        "ask_key_refused", "ask_key_wanted", "ask_no_credit", "ask_no_pictures", "ask_not_allowed", "ask_not_found", "ask_no_room",
        "ask_no_connection", "ask_not_picked_up", "ask_not_trusted", "ask_not_encrypted", "ask_redirected", "ask_unexpected_status", "answer_not_understood", "answer_not_streamed", "answer_packed", "key_missing",
    }
)  # fmt: skip
CALM = (AnswerState.COMPLETE, AnswerState.STOPPED)


def seconds_words(seconds: float) -> str:
    """ "It took 12 seconds."; "It took 1 second." """
    return count_of(max(1, round(seconds)), "It took {n} second.", "It took {n} seconds.")


class Reasoning(QWidget):
    """The model's own summary, which a person can fold; it folds by itself when the answer begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_hand = False
        card = Card(margins=10)
        self._fold = IconButton("chevron-down", tr("Fold or unfold how it reasoned"), self.toggle)
        words = column_of(
            Words(tr("How it reasoned"), "strong"), Words(tr("the model's own summary"), "caption"), spacing=0
        )
        title = row_of(self._fold, words)
        title.setStretch(1, 1)
        card.column.addLayout(title)
        self.view = AnswerView(12)
        card.column.addWidget(self.view)
        self.setLayout(column_of(card))

    @property
    def folded(self) -> bool:
        """Whether only its title shows."""
        return self.view.isHidden()

    def toggle(self) -> None:
        """By the person: stays as set."""
        self._by_hand = True
        self._set_folded(not self.folded)

    def show_answer(self, answer: Answer) -> None:
        """Follow the answer."""
        if answer.reasoning:
            self.view.grow(answer.reasoning)
        elif answer.state.ended:
            self.view.grow(tr("The model gave no summary."))
        if not self._by_hand:
            # what came of an answer that ended while it was thought about stays to be read
            self._set_folded(bool(answer.text) or (answer.state.ended and not answer.reasoning))

    def _set_folded(self, folded: bool) -> None:
        self.view.setVisible(not folded)
        self._fold.setIcon(icon("chevron-right" if folded else "chevron-down"))


class TurnView(QWidget):
    """Made once for a turn, then fed with its newer selves."""

    def __init__(self, shell: Shell, turn: Turn, ask_again: Callable[[str], None]) -> None:
        super().__init__()
        self._shell, self.turn, self._ask_again = shell, turn, ask_again
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self._question())
        self._other: QWidget | None = None
        self._rest: QWidget | None = None
        self._reasoning: Reasoning | None = None
        self.answer = AnswerView()
        self._column.addWidget(self.answer)
        self.state_note = Note("", "warn")
        self.state_note.hide()
        self._column.addWidget(self.state_note)
        self.state_line = Words("", "second")
        self.state_line.hide()
        self._column.addWidget(self.state_line)
        self._end_rule: QWidget | None = None
        self._again: QWidget | None = None
        self._show(turn.answer)

    def offer_rest(self, ask: Callable[[], None] | None) -> None:
        """A button that asks for the rest of an answer that was cut off, or none."""
        if ask is not None and self._rest is None:
            self._rest = Abreast(Button(tr("Ask for the rest"), "", "message-circle", ask))
            self._column.insertWidget(self._column.indexOf(self.state_line) + 1, self._rest)
        if self._rest is not None:
            self._rest.setVisible(ask is not None)

    def say_other_picture(self, *, other: bool) -> None:
        """Whether another picture went with this question than the one that stands above the talk."""
        if other and self._other is None:
            link = Button(tr("Show it in the picture"), "link", do=self._show_in_picture)
            words = Words(tr("With this question went another picture than the one shown above."), "second")
            self._other = QWidget()
            self._other.setLayout(column_of(words, Abreast(link), spacing=4))
            self._column.insertWidget(1, self._other)
        if self._other is not None:
            self._other.setVisible(other)

    def _show_in_picture(self) -> None:
        sent = self.turn.sent[0]
        self._shell.go_to(sent.series_id, sent.group, sent.plane, sent.index)

    def _question(self) -> QWidget:
        frame = part("note")
        frame.setLayout(column_of(Words(self.turn.question, "strong"), margin=10))
        return frame

    def show_turn(self, turn: Turn) -> None:
        """The same turn, further on; nothing is done for one that is not (what was laid out would be laid out anew)."""
        if turn is not self.turn:
            self.turn = turn
            self._show(turn.answer)

    def _show(self, answer: Answer) -> None:
        self._show_reasoning(answer)
        self.answer.setHidden(not answer.text)  # it would leave a gap
        if answer.state is AnswerState.COMPLETE or (answer.state.ended and answer.text):
            self.answer.finish(answer.text)
        elif answer.text:
            self.answer.grow(answer.text)
        if answer.state.ended:
            self._show_end(answer)

    def _show_reasoning(self, answer: Answer) -> None:
        """Made when there is something to show: a question must be on its way at once."""
        is_told = bool(answer.reasoning) or (answer.state.ended and bool(answer.text))
        if self._reasoning is None and is_told:
            self._reasoning = Reasoning()
            self._column.insertWidget(self._column.indexOf(self.answer), self._reasoning)
        if self._reasoning is not None:
            self._reasoning.setVisible(is_told)
            self._reasoning.show_answer(answer)

    def _show_end(self, answer: Answer) -> None:
        first, sentence = self._shell.session.end_words(answer)
        complete = answer.state is AnswerState.COMPLETE
        if answer.hidden:
            sentence = f"{sentence} {tr('More came than can be shown here; this is its beginning.')}".strip()
        sentence = f"{sentence} {said_words(answer)}".strip()
        if answer.text and not complete:
            self._rule_off()
        self.state_line.setVisible(complete)
        self.state_line.set_words(
            " ".join(part for part in (f"{first}.", sentence, seconds_words(answer.seconds)) if part)
        )
        self.state_note.setVisible(not complete)
        kind = "info" if answer.state in CALM else "bad" if answer.state is AnswerState.FAILED else "warn"
        self.state_note.set_kind(kind)
        self.state_note.set_words(sentence, f"{first}.")
        if not complete and self._again is None:
            again = Button(tr("Ask once more"), "", "rotate-ccw", lambda: self._ask_again(self.turn.question))
            cure = Button(tr("Open the settings"), "link", do=lambda: self._shell.act("settings"))
            cured = answer.problem is not None and answer.problem.code in CURED_IN_SETTINGS
            self._again = Abreast(again, cure) if cured else Abreast(again)
            self._column.addWidget(self._again)

    def _rule_off(self) -> None:
        if self._end_rule is None:
            self._end_rule = QWidget()
            self._end_rule.setLayout(column_of(Rule(), Words(tr("The answer ends here."), "second"), spacing=4))
            self._column.insertWidget(self._column.indexOf(self.answer) + 1, self._end_rule)
            self._end_rule.show()
