"""Facts about this picture: rows of a label and plain words, worked out on this computer; works without any AI."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget
from shiboken6 import isValid
from typing_extensions import override

from viewer.gui.shell import Shell
from viewer.gui.steps import Steps
from viewer.gui.widgets.boxes import Abreast, column_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.gui.widgets.plain_text import show_tip
from viewer.index.spot import spot_of
from viewer.jobs.jobs import Job
from viewer.picture.fact import PictureFact
from viewer.text.translate import tr

SETTLED_MS = 150
AT_ONCE, USUAL = 4, 12  # rows
LEAST = 96  # pixels of the list


class FactsView(QFrame):
    """Follows the active pane and the chosen part, once scrolling has settled. In a dock the dock has the title."""

    def __init__(self, shell: Shell, *, in_dock: bool = False) -> None:
        super().__init__()
        if in_dock:
            self.setProperty("part", "dock")
        self.setAccessibleName(tr("Facts about this picture"))
        self._shell = shell
        self._facts: tuple[PictureFact, ...] = ()
        self._job: Job[tuple[PictureFact, ...]] | None = None
        self._rows: list[tuple[Words, Words]] = []
        self._trouble = Words("", "second")
        self._trouble.hide()
        self._next = 0  # the first row that does not show the facts yet
        self._build(in_dock)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._ask)
        shell.session.store.watch(lambda state: state.view, lambda _: self.refresh())

    def _build(self, in_dock: bool) -> None:
        layout = column_of(spacing=10, margin=12 if in_dock else 0)
        if not in_dock:
            layout.addWidget(Words(tr("Facts about this picture"), "section"))
        layout.addWidget(
            Words(tr("Worked out on this computer from the file and the pixels. Nothing was sent."), "second")
        )
        layout.addWidget(self._trouble)
        layout.addWidget(self._list(), 1)
        copy = Button(tr("Copy the facts"), do=self._copy)
        save = Button(tr("Save as PDF"), do=lambda: self._shell.act("save_pdf"))
        layout.addWidget(Abreast(copy, save))
        self.setLayout(layout)

    def _list(self) -> QWidget:
        """What scrolls."""
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        inside = QWidget()
        column = column_of(spacing=0)
        column.addLayout(self._grid)
        column.addStretch(1)
        inside.setLayout(column)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setAccessibleName(tr("Facts about this picture"))
        area.setMinimumHeight(LEAST)  # as tall as there is room, and what lies around it is never squeezed for it
        area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def refresh(self) -> None:
        """Work the facts out anew once it is calm; a panel that nobody sees waits until it is shown."""
        self._settled.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _ask(self) -> None:
        """Off the window's thread; those of an earlier picture are dropped."""
        if not self.isVisible():
            return
        session = self._shell.session
        view = session.store.state.view
        pane = view.pane
        if pane is None or not pane.series_id:
            self._show(())
            return
        region = view.region
        fits = region is not None and spot_of(region) == spot_of(pane)
        self._job = session.facts(pane.series_id, pane.group, pane.plane, pane.index, region if fits else None)
        self._shell.bridge.follow(self._job, self._came)

    def _came(self, job: Job[tuple[PictureFact, ...]]) -> None:
        if job is not self._job or not job.finished or not isValid(self):
            return
        self._trouble.set_words(job.problem.text if job.problem is not None else "")
        self._trouble.setVisible(job.problem is not None)
        self._show(job.result or ())

    def _show(self, facts: tuple[PictureFact, ...]) -> None:
        if facts == self._facts:
            return
        self._facts = facts
        self._next = 0
        self._show_some()

    def _show_some(self) -> None:
        """Some rows, the others in events to come: all at once, laid out for the first time, hold up the window."""
        last = min(self._next + AT_ONCE, max(len(self._facts), len(self._rows)))
        for row in range(self._next, last):
            label, words = self._row(row)
            if row < len(self._facts):
                fact = self._facts[row]
                label.set_words(fact.label)
                words.set_words(fact.words)
                show_tip(words, fact.term)
            for widget in (label, words):
                widget.setVisible(row < len(self._facts))
        self._next = last
        if last < max(len(self._facts), len(self._rows)):
            Steps.now().add(self, self._show_some)

    def make_rows(self) -> bool:
        """Some rows before there are facts to fill them; False where there are as many as most pictures need."""
        if len(self._rows) >= USUAL:
            return False
        for _ in range(AT_ONCE):
            for widget in self._row(len(self._rows)):
                widget.hide()
        return True

    def _row(self, row: int) -> tuple[Words, Words]:
        """Rows are kept and given other words: made anew, they would cost milliseconds with every picture."""
        if row == len(self._rows):
            label, words = Words("", "label", wraps=False), Words("")
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, row, 1)
            self._rows.append((label, words))
        return self._rows[row]

    @property
    def facts(self) -> tuple[PictureFact, ...]:
        """What is on screen."""
        return self._facts

    def _copy(self) -> None:
        QApplication.clipboard().setText("\n".join(f"{fact.label}: {fact.words}" for fact in self._facts))
        self._shell.say(tr("The facts are copied."))
