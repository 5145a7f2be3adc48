"""The questions that were asked about this disc before, newest first: a click shows the whole talk again."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.document.changes import ConversationShown
from viewer.document.model import Conversation
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import column_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.text.dates import iso_words
from viewer.text.plain import one_line
from viewer.text.translate import count_of, tr

LONGEST = 160  # characters of a question


class AskedBefore(QWidget):
    """`refresh()` when it comes in sight; hidden where nothing was asked."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._store = shell.session.store
        self._shown: tuple[tuple[str, int], ...] = ()  # talks and how many questions each has
        self._buttons: list[Button] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self.setLayout(column_of(Words(tr("Asked before"), "group"), self._rows))
        self.hide()

    def refresh(self) -> None:
        """Other talks may have been added."""
        talks = tuple(reversed(self._store.state.conversations.items))
        shown = tuple((talk.id, len(talk.turns)) for talk in talks)
        if shown != self._shown:
            self._shown = shown
            self._fill(talks)
        self.setVisible(bool(talks))

    def fit(self, room: int) -> None:
        """No question wider than `room` pixels: it goes on in the next line."""
        for button in self._buttons:
            button.fit(room)

    def _fill(self, talks: tuple[Conversation, ...]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # taken out of its parent it would be dressed and laid out once more before it goes
                widget.deleteLater()
        self._buttons.clear()
        for talk in talks:
            self._rows.addWidget(self._row(talk))

    def _row(self, talk: Conversation) -> QWidget:
        first = talk.turns[0]
        button = Button(
            one_line(first.question, LONGEST), "link", do=partial(self._store.dispatch, ConversationShown(talk.id))
        )
        self._buttons.append(button)
        when = iso_words(first.asked_at)
        if len(talk.turns) > 1:
            when += " · " + count_of(len(talk.turns), "{n} question", "{n} questions")
        row = QWidget()
        row.setLayout(column_of(button, Words(when, "second"), spacing=0))
        return row
