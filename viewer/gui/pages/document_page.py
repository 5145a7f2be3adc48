"""A report or PDF of the disc as a page: the report's own words as a tree to read, the PDF's pages, what can be saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from viewer.document.belongings import Place
from viewer.document.model import State
from viewer.geometry.plane import Plane
from viewer.gui.pages.line_pieces import fitting, in_pieces
from viewer.gui.pages.paper_view import PaperView
from viewer.gui.pages.save_document import choose_and_save, saving_words
from viewer.gui.shell import Shell
from viewer.gui.steps import Bits
from viewer.gui.widgets.boxes import Card, Note, column_of, held, row_of
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
BLOCK = 12  # lines
SHOWN_LINES = 200  # of all documents together; each goes on from there when it is asked for
SHOWN_DOCUMENTS = 12
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
        self.papers: list[PaperView] = []
        self._column.addStretch(1)
        self.setWidget(page)
        self._foreign: list[Callable[[], None]] = []  # each shows words of the disc anew, with names hidden or not
        self._room = SHOWN_LINES
        self._hide = _hider(shell.session.store.state, series_id)
        self._bits, self._anew = Bits(self), Bits(self)
        store = shell.session.store
        self._stop = store.watch(lambda state: state.view.names_shown, lambda _: self._show_anew())
        self.destroyed.connect(self._stop)
        try:
            shell.bridge.follow(shell.session.documents(series_id), self._came)
        except KeyError:
            self._reading.set_words(tr("It is not on this disc any more."))

    @property
    def is_filled(self) -> bool:
        """Whether what was read stands here: it comes line by line."""
        return bool(self.documents) and self._bits.is_done

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
        self.documents = tuple(replace(one, lines=in_pieces(one.lines)) for one in job.result)
        self._bits.make(self._parts(), self._open_paper)

    def _parts(self) -> Iterator[None]:
        """A card for each document, and below it the pages of a PDF."""
        yield from self._cards(self.documents[:SHOWN_DOCUMENTS])
        if rest := self.documents[SHOWN_DOCUMENTS:]:
            more = Button(count_of(len(rest), "Show {n} more document", "Show {n} more documents"), "link")

            def go_on() -> None:
                more.deleteLater()
                self._bits.make(self._cards(rest))

            more.chosen.connect(go_on)
            self._add(more)

    def _cards(self, documents: Sequence[DiscDocument]) -> Iterator[None]:
        for document in documents:
            card = Card()
            self._add(card)
            yield from self._fill(card, document)
            if document.ending == "pdf":
                paper = PaperView(self._shell, document.path)
                paper.turned.connect(partial(self._scroll_to, paper))
                self.papers.append(paper)
                self._add(paper)
                yield

    def _add(self, part: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, part)  # before the stretch

    def _open_paper(self) -> None:
        """The first PDF by itself."""
        if self.papers:
            QTimer.singleShot(0, self.papers[0], self.papers[0].open_page)  # once it is as wide as it will be

    def _scroll_to(self, paper: PaperView) -> None:
        self.verticalScrollBar().setValue(paper.y())

    def _show_anew(self) -> None:
        self._hide = _hider(self._shell.session.store.state, self._series.id)
        self._anew.make(_each(tuple(self._foreign)))

    def _said(self, words: str, kind: str = "") -> Words:
        """Words of the disc, in which names are hidden where they are."""
        label = Words(self._hide(words), kind)
        self._foreign.append(lambda: label.set_words(self._hide(words)))
        return label

    def _fill(self, card: Card, document: DiscDocument) -> Iterator[None]:
        card.column.addWidget(self._said(document.title, "section"))
        card.column.addLayout(self._facts(document))
        yield
        if document.problem is not None:
            card.column.addWidget(ProblemNote(document.problem))
        if document.ending:
            words, note = saving_words(document) + "…", Note(self._before_saving(document))
            self._foreign.append(lambda: note.set_words(self._before_saving(document)))
            card.column.addWidget(note)
            button = Button(words, "primary", "download", partial(self._save, document))
            card.column.addLayout(row_of(button, 1))
        elif not document.lines and document.problem is None:
            card.column.addWidget(
                Note(tr("Sidelight cannot show what is inside. It may help the clinic's own program."))
            )
        yield
        count, self._room = fitting(document.lines, self._room)
        yield from self._lines(card, document, 0, count)

    def _lines(self, card: Card, document: DiscDocument, first: int, count: int) -> Iterator[None]:
        """So many of them, and the way to the next. Those of a block are laid out anew only with one another: all of a long
        report at each line took 0.2 s."""
        lines = document.lines[first : first + count]
        for at in range(0, len(lines), BLOCK):
            column = column_of()
            card.column.addWidget(held(column))
            for line in lines[at : at + BLOCK]:
                column.addLayout(self._line(line))
                yield
        rest = len(document.lines) - first - count
        if rest:
            more = Button(count_of(rest, "Show {n} more line", "Show {n} more lines"), "link")

            def go_on() -> None:
                more.deleteLater()
                next_count, _ = fitting(document.lines[first + count :], SHOWN_LINES)
                Bits(card).make(self._lines(card, document, first + count, next_count))

            more.chosen.connect(go_on)
            card.column.addWidget(more)

    def _before_saving(self, document: DiscDocument) -> str:
        if document.is_film or document.is_model:
            return tr("Sidelight saves it for you; your own program shows it.")
        shown = self._shell.session.store.state.view.names_shown
        return tr("The pages are shown as pictures: nothing in them can be clicked.") + (
            "" if shown else " " + tr("A name may stand on them, though names are hidden elsewhere.")
        )

    def _facts(self, document: DiscDocument) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (label, words, foreign) in enumerate(document.facts):
            grid.addWidget(Words(label, "caption", wraps=False), row, 0)
            grid.addWidget(self._said(words) if foreign else Words(words), row, 1)
        return grid

    def _line(self, line: DocumentLine) -> QHBoxLayout:
        """A heading where something hangs below a name alone, else "name: words", then the way to its pictures."""
        row = QHBoxLayout()
        row.setContentsMargins(INDENT * min(line.level, DEEPEST), 0, 0, 0)
        row.setSpacing(12)
        if line.name:
            label = self._said(line.name, "caption" if line.words else "strong")
            label.setMinimumWidth(160 if line.words else 0)
            row.addWidget(label, 0 if line.words else 1, Qt.AlignmentFlag.AlignTop)
        if line.words:
            text = self._said(line.words)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row.addWidget(text, 1)
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


def _each(shows: Sequence[Callable[[], None]]) -> Iterator[None]:
    for show in shows:
        show()
        yield


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
