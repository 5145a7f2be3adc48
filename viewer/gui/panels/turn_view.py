"""TurnView: one question with what the AI saw, how it reasoned, the answer, and how it ended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import said_words
from viewer.document.model import Turn
from viewer.gui.controls import Abreast, Button, Card, IconButton, Note, Rule, Words, column_of, part, row_of
from viewer.gui.icons import icon
from viewer.gui.panels.answer_view import AnswerView
from viewer.gui.shell import Shell
from viewer.jobs.jobs import Job
from viewer.text.dates import iso_words
from viewer.text.translate import count_of, tr

PICTURE = 112
EDGES = QSize(PICTURE, PICTURE)
CURED_IN_SETTINGS = frozenset(
    {
        "ask_key_refused", "ask_no_credit", "ask_not_allowed", "ask_not_found", "ask_no_connection", "ask_redirected",
        "ask_unexpected_status", "answer_not_understood", "answer_not_streamed", "answer_packed", "key_missing",
    }
)  # fmt: skip
CALM = (AnswerState.COMPLETE, AnswerState.STOPPED)


def image_of(png: bytes, edge: int) -> QImage:
    """A picture that left, fitted into `edge` × `edge` device pixels; an empty one when its bytes are gone. Takes
    10 ms: for a worker, and by way of a reader, since `QImage.fromData` keeps the interpreter all the while."""
    buffer = QBuffer()
    buffer.setData(png)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    image = QImageReader(buffer, b"png").read()
    if image.isNull():
        return image
    return image.scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


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
            self._set_folded(bool(answer.text) or answer.state.ended)

    def _set_folded(self, folded: bool) -> None:
        self.view.setVisible(not folded)
        self._fold.setIcon(icon("chevron-right" if folded else "chevron-down"))


def _show_sent(picture: QLabel, job: Job[QImage], ratio: float) -> None:
    if job.result is None or not isValid(picture):  # the turn may be gone by now
        return
    pixmap = QPixmap.fromImage(job.result)
    pixmap.setDevicePixelRatio(ratio)
    picture.setPixmap(pixmap)
    picture.setFixedSize(pixmap.deviceIndependentSize().toSize())


class Beside(QWidget):
    """A picture and words about it; the words below it where beside it they would be cut."""

    def __init__(self, picture: QWidget, words: QVBoxLayout) -> None:
        super().__init__()
        self._picture, self._words = picture, words
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self._box.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._box.addLayout(words, 1)

    @override
    def minimumSizeHint(self) -> QSize:
        wide = max(self._picture.minimumWidth(), self._words.minimumSize().width())
        return QSize(wide, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = self._picture.minimumWidth() + self._box.spacing() + self._words.minimumSize().width()
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if wanted <= self.width() else ways.TopToBottom)


class TurnView(QWidget):
    """Made once for a turn, then fed with its newer selves."""

    def __init__(
        self, shell: Shell, turn: Turn, ask_again: Callable[[str], None], *, with_picture: bool = True
    ) -> None:
        super().__init__()
        self._shell, self._turn, self._ask_again = shell, turn, ask_again
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        if with_picture and turn.sent:
            self._column.addWidget(self._what_it_saw())
        self._column.addWidget(self._question())
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

    def _what_it_saw(self) -> QWidget:
        turn, sent = self._turn, self._turn.sent[0]
        picture = QLabel()
        picture.setFixedSize(QSize(sent.width, sent.height).scaled(EDGES, Qt.AspectRatioMode.KeepAspectRatio))
        picture.setAccessibleName(tr("What the AI saw"))
        self._load_sent(picture, sent.sha256)
        looked = tr("Looked at {n} of {all} pictures.", n=len(turn.sent), all=turn.pictures_on_disc)
        words = column_of(
            Words(tr("What the AI saw"), "strong"),
            Words(tr("Sent as {w} × {h} pixels.", w=sent.width, h=sent.height), "second"),
            Words(looked, "second"),
            Words(f"{iso_words(turn.asked_at)} · {turn.model_name}, {turn.provider_name}", "second"),
            spacing=4,
        )
        link = Button(tr("Show it in the picture"), "link", do=self._show_in_picture)
        words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        return Beside(picture, words)

    def _load_sent(self, picture: QLabel, sha256: str) -> None:
        session, ratio = self._shell.session, self.devicePixelRatioF()
        edge = round(PICTURE * ratio)
        job = session.jobs.start("sent picture", lambda job: image_of(session.sent_png(sha256), edge))
        self._shell.bridge.follow(job, lambda job: _show_sent(picture, job, ratio))

    def _show_in_picture(self) -> None:
        sent = self._turn.sent[0]
        self._shell.go_to(sent.series_id, sent.group, sent.plane, sent.index)

    def _question(self) -> QWidget:
        frame = part("note")
        frame.setLayout(column_of(Words(self._turn.question, "strong"), margin=10))
        return frame

    def show_turn(self, turn: Turn) -> None:
        """The same turn, further on; nothing is done for one that is not (what was laid out would be laid out anew)."""
        if turn is not self._turn:
            self._turn = turn
            self._show(turn.answer)

    def _show(self, answer: Answer) -> None:
        self._show_reasoning(answer)
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
            again = Button(tr("Ask once more"), "", "rotate-ccw", lambda: self._ask_again(self._turn.question))
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
