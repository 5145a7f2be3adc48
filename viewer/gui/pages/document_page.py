"""A report or PDF of the disc as a page: the report's own words as a tree to read, the PDF's pages, what can be saved."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from viewer.document.belongings import Place
from viewer.document.model import State
from viewer.geometry.plane import Plane
from viewer.gui.pages.paper_view import PaperView
from viewer.gui.pages.save_document import choose_and_save, saving_words
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Card, Note, column_of, row_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.gui.widgets.plain_text import show_tip
from viewer.gui.widgets.problem_note import ProblemNote
from viewer.index.model import Series
from viewer.jobs.jobs import Job
from viewer.text.translate import count_of, tr
from viewer.usecases.documents import DiscDocument, DocumentLine

INDENT = 20
DEEPEST = 8
SHOWN_LINES = 600
SHORTEST_NAME = 3


class DocumentPage(QScrollArea):
    """A page in the panes' place; Esc closes it. Names are hidden here as everywhere."""

    def __init__(self, shell: Shell, series_id: str) -> None:
        super().__init__()
        self._shell = shell
        self._series = shell.session.series(series_id)
        self.documents: tuple[DiscDocument, ...] = ()
        self.setWidgetResizable(True)
        self.setAccessibleName(self._series.name)
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(32, 24, 32, 24)
        self._column.setSpacing(16)
        self._column.addLayout(self._head(self._series))
        self._reading = Words(tr("Reading"), "second")
        self._column.addWidget(self._reading)
        self._cards: list[Card] = []
        self.papers: list[PaperView] = []
        self._column.addStretch(1)
        self.setWidget(page)
        store = shell.session.store
        self._stop = store.watch(lambda state: state.view.names_shown, lambda _: self._show())
        self.destroyed.connect(self._stop)
        try:
            shell.bridge.follow(shell.session.documents(series_id), self._came)
        except KeyError:
            self._reading.set_words(tr("It is not on this disc any more."))

    def _head(self, series: Series) -> QHBoxLayout:
        words = tr("Written by the clinic or its machines; Sidelight shows it as it is.")
        count = len(series.documents)
        if count > 1:
            words = count_of(count, "{n} document", "{n} documents") + ". " + words
        head = QHBoxLayout()
        head.addLayout(column_of(Words(series.name, "title"), Words(words, "second"), spacing=4), 1)
        self.close_button = Button(tr("Close"), icon_name="x", do=self._shell.leave_page)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _came(self, job: Job[tuple[DiscDocument, ...]]) -> None:
        if not job.finished or not isValid(self):  # the page may be gone by now
            return
        self._reading.setVisible(job.result is None)
        if job.result is None:
            self._reading.set_words(tr("It could not be read."))
            return
        self.documents = job.result
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        """A card for each document, and below it the pages of a PDF; the first PDF is opened by itself."""
        at = self._column.count() - 1  # before the stretch
        for document in self.documents:
            card = Card()
            self._cards.append(card)
            self._column.insertWidget(at, card)
            at += 1
            if document.ending == "pdf":
                paper = PaperView(self._shell, document.path)
                paper.turned.connect(partial(self._scroll_to, paper))
                self.papers.append(paper)
                self._column.insertWidget(at, paper)
                at += 1
        if self.papers:
            QTimer.singleShot(0, self.papers[0], self.papers[0].open_page)  # once it is as wide as it will be

    def _scroll_to(self, paper: PaperView) -> None:
        self.verticalScrollBar().setValue(paper.y())

    def _show(self) -> None:
        for at, (card, document) in enumerate(zip(self._cards, self.documents, strict=True)):
            self._cards[at] = self._card(document)
            self._column.replaceWidget(card, self._cards[at])
            card.hide()
            card.deleteLater()

    def _card(self, document: DiscDocument) -> Card:
        hide = _hider(self._shell.session.store.state, self._series.id)
        card = Card()
        card.column.addWidget(Words(hide(document.title), "section"))
        card.column.addLayout(
            _facts(tuple((label, hide(words) if foreign else words) for label, words, foreign in document.facts))
        )
        if document.problem is not None:
            card.column.addWidget(ProblemNote(document.problem))
        if document.ending:
            words = saving_words(document) + "…"
            card.column.addWidget(Note(self._before_saving(document)))
            button = Button(words, "primary", "download", partial(self._save, document))
            card.column.addLayout(row_of(button, 1))
        elif not document.lines and document.problem is None:
            card.column.addWidget(
                Note(tr("Sidelight cannot show what is inside. It may help the clinic's own program."))
            )
        for line in document.lines[:SHOWN_LINES]:
            card.column.addLayout(self._line(line, hide))
        if len(document.lines) > SHOWN_LINES:
            card.column.addWidget(Words(tr("and {n} more lines", n=len(document.lines) - SHOWN_LINES), "second"))
        return card

    def _before_saving(self, document: DiscDocument) -> str:
        if document.is_film or document.is_model:
            return tr("Sidelight saves it for you; your own program shows it.")
        shown = self._shell.session.store.state.view.names_shown
        return tr("The pages are shown as pictures: nothing in them can be clicked.") + (
            "" if shown else " " + tr("A name may stand on them, though names are hidden elsewhere.")
        )

    def _line(self, line: DocumentLine, hide: _Hider) -> QHBoxLayout:
        """A heading where something hangs below a name alone, else "name: words", then the way to its pictures."""
        row = _line(line, hide)
        for place in line.links:
            row.addWidget(self._way(place), 0, Qt.AlignmentFlag.AlignTop)
        if not line.words and not line.name:
            row.addStretch(1)
        return row

    def _way(self, place: Place) -> Button:
        """To a picture, by its number in its set: many lines of a report lead somewhere."""
        way = Button(tr("Show picture {n}", n=place[2] + 1), "link", do=partial(self._jump, place))
        disc = self._shell.session.store.state.disc
        series = disc.series(place[0]) if disc is not None else None
        if series is not None:
            show_tip(way, series.name)
        return way

    def _jump(self, place: Place) -> None:
        series_id, group, index = place
        self._shell.go_to(series_id, group, Plane.NATIVE, index)

    def _save(self, document: DiscDocument) -> None:
        choose_and_save(self._shell, self.window(), self._series, document)


def _facts(facts: tuple[tuple[str, str], ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for row, (label, words) in enumerate(facts):
        grid.addWidget(Words(label, "caption", wraps=False), row, 0)
        grid.addWidget(Words(words), row, 1)
    return grid


def _line(line: DocumentLine, hide: _Hider) -> QHBoxLayout:
    """A heading where something hangs below a name alone, else "name: words"."""
    row = QHBoxLayout()
    row.setContentsMargins(INDENT * min(line.level, DEEPEST), 0, 0, 0)
    row.setSpacing(12)
    name, words = hide(line.name), hide(line.words)
    if name:
        label = Words(name, "caption" if words else "strong")
        label.setMinimumWidth(160 if words else 0)
        row.addWidget(label, 0 if words else 1, Qt.AlignmentFlag.AlignTop)
    if words:
        text = Words(words)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(text, 1)
    return row


class _Hider:
    """Replaces the person's name in foreign words while names are hidden."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names), re.I) if names else None

    def __call__(self, words: str) -> str:
        return self._pattern.sub("▮▮▮", words) if self._pattern is not None else words


def _hider(state: State, series_id: str) -> _Hider:
    study = state.disc.study_of(series_id) if state.disc and not state.view.names_shown else None
    parts = re.split(r"[\s,^=]+", f"{study.person.name} {study.person.identifier}") if study else []
    return _Hider(tuple(sorted({part for part in parts if len(part) >= SHORTEST_NAME}, key=len, reverse=True)))


__all__ = ["DocumentPage"]
