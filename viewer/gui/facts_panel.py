"""Facts about this picture: worked out on this laptop, from the header and the pixels, whatever is on screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.document.model import State
from viewer.gui.controls import Note, Words
from viewer.gui.plain_text import show_tip
from viewer.gui.shell import Shell
from viewer.jobs.jobs import Job
from viewer.text.translate import tr
from viewer.usecases.rows import Fact

SETTLED_MS = 150


class FactsPanel(QFrame):
    """Follows the active pane and the chosen part; asks again once scrolling has settled."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setProperty("part", "dock")
        self._shell = shell
        self._job: Job[tuple[Fact, ...]] | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._empty = Words(tr("Choose a set of pictures on the left first."), "second")
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(Note(tr("Worked out on this laptop. Nothing was sent."), "lock"))
        column.addWidget(self._empty)
        column.addLayout(self._grid)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._ask)
        store = shell.session.store
        store.watch(lambda state: state.view, lambda _: self._settled.start())

    def _ask(self) -> None:
        state: State = self._shell.session.store.state
        pane = state.view.pane
        if pane is None or not pane.series_id or not self.isVisible():
            return
        region, session = state.view.region, self._shell.session
        here = region and (region.series_id, region.plane, region.index) == (pane.series_id, pane.plane, pane.index)

        def work(job: Job[tuple[Fact, ...]]) -> tuple[Fact, ...]:
            return session.facts(pane.series_id, pane.group, pane.plane, pane.index, region if here else None)

        self._job = session.jobs.start("facts", work)
        self._shell.bridge.follow(self._job, self._answered)

    def _answered(self, job: Job[tuple[Fact, ...]]) -> None:
        if job is not self._job or not job.finished:
            return
        if job.problem is not None:
            self._empty.set_words(job.problem.text)
            self._empty.show()
        elif job.result is not None:
            self.show_facts(job.result)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Rows of label and words; the technical word is the tooltip."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._empty.setVisible(not facts)
        for row, fact in enumerate(facts):
            label, words = Words(fact.label, "caption"), Words(fact.words)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            show_tip(words, fact.term)
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, row, 1, Qt.AlignmentFlag.AlignTop)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settled.start()
