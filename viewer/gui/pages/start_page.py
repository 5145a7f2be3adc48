"""The start page: drop a disc, choose a folder, try the sample, or go on with what was opened before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.disc.drives import Drive
from viewer.gui.look.theme import tokens
from viewer.gui.pages.recent_row import RecentRow
from viewer.gui.steps import Bits
from viewer.gui.widgets.boxes import Card, column_of, part, row_of
from viewer.gui.widgets.controls import Button, Progress
from viewer.gui.widgets.labels import Glyph, Words
from viewer.gui.widgets.password_form import PasswordForm
from viewer.gui.widgets.problem_note import ProblemNote
from viewer.gui.widgets.time_left import reading_words
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.problem import Problem
from viewer.text.plain import one_line
from viewer.text.translate import tr
from viewer.usecases.rows import RecentDisc

if TYPE_CHECKING:
    from viewer.usecases.session import Session

WIDTH = 800


class StartPage(QWidget):
    """What the window shows while nothing is open. What it promises stands at its foot, however long the page is."""

    folder_wanted = Signal()
    file_wanted = Signal()
    sample_wanted = Signal()
    disc_wanted = Signal(str)
    back_wanted = Signal()
    forget_wanted = Signal(object)  # tuple of RecentDisc, None: all

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        self.problem_note = ProblemNote()
        self.reading = ReadingCard()
        self.password = PasswordForm()
        self.drop = DropArea(self.folder_wanted.emit)
        self.disc_card = DiscCard(self.disc_wanted.emit)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(6)
        self._bits = Bits(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(16)
        column.addLayout(self._head())
        column.addWidget(self.problem_note)
        column.addWidget(self.reading)
        column.addWidget(self.password)
        column.addWidget(self.drop)
        column.addLayout(self._cards())
        column.addLayout(self._recent)
        column.addStretch(1)
        self.scroll_area.setWidget(_in_the_middle(page))
        promise = part("statusline")
        promise.setLayout(self._promise())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.scroll_area, 1)
        outer.addWidget(promise)
        self.show_over_scan(over=False)

    def _head(self) -> QHBoxLayout:
        self._title = Words("", "title")
        self._back = Button(tr("Back to the open scan"), icon_name="x", do=self.back_wanted.emit)
        head = row_of(column_of(self._title, self._lead(), spacing=4), self._back, spacing=16)
        head.setStretch(0, 1)
        head.setAlignment(self._back, Qt.AlignmentFlag.AlignTop)
        return head

    def show_over_scan(self, *, over: bool) -> None:
        """Whether it stands over a scan that stays open: then there is a way back, and the status line has the notice."""
        self._title.set_words(tr("Open another scan") if over else tr("Open your scan"))
        self._back.setVisible(over)
        self._notice.setVisible(not over)

    def _lead(self) -> Words:
        return Words(
            tr("Look at the pictures from your CD, ask about one of them, and take the answer to your doctor."), "lead"
        )

    def _cards(self) -> QHBoxLayout:
        rows = (
            ("file-archive", tr("A ZIP file or one picture"),
             tr("For example a download from the clinic's website. It is read where it lies; nothing is unpacked onto your disk."),
             tr("Choose a file…"), self.file_wanted),
            ("images", tr("No scan at hand?"), tr("Try Sidelight with the sample: a made-up study, no real person."),
             tr("Open the sample"), self.sample_wanted),
        )  # fmt: skip
        cards = QHBoxLayout()
        cards.setSpacing(16)
        cards.addWidget(self.disc_card, 1)
        for icon_name, title, words, button, signal in rows:
            card = Card()
            heading = row_of(Glyph(icon_name, "accent", 20), Words(title, "strong"))
            heading.setStretch(1, 1)
            card.column.addLayout(heading)
            card.column.addWidget(Words(words, "second"))
            card.column.addStretch(1)
            card.column.addLayout(row_of(Button(button, do=signal.emit), 1))
            cards.addWidget(card, 1)
        return cards

    def _promise(self) -> QHBoxLayout:
        words = Words(
            tr("Everything stays on this computer until you press Send on a page that shows exactly what would leave."),
            "second",
        )
        self._notice = Words(tr("For information, not a diagnosis"), "caption", wraps=False)
        row = row_of(Glyph("lock"), words, self._notice)
        row.setStretch(1, 1)
        row.setContentsMargins(12, 6, 12, 6)
        return row

    def show_recent(self) -> None:
        """Read "Opened before" anew; its rows come one by one."""
        self._bits.drop()
        _empty(self._recent)
        recent = self._session.recent()
        if not recent:
            return
        every = Button(tr("Forget them all…"), "link", do=lambda: self.forget_wanted.emit(None))
        self._recent.addLayout(row_of(Words(tr("Opened before"), "group"), 1, every))
        card = Card(margins=1)
        card.column.setSpacing(0)
        self._recent.addWidget(card)
        self._bits.make(self._rows(card, recent))

    def _rows(self, card: Card, recent: Sequence[RecentDisc]) -> Iterator[None]:
        for number, row in enumerate(recent):
            made = RecentRow(row, self.disc_wanted.emit, last=number == len(recent) - 1)
            made.forget.clicked.connect(lambda _=False, row=row: self.forget_wanted.emit((row,)))
            card.column.addWidget(made)
            yield

    def show_problem(self, problem: Problem | None) -> None:
        """Why opening did not work, where the opened scan would stand."""
        self.password.forget()
        self.drop.show_primary(True)
        self.problem_note.show_problem(problem)

    def ask_password(self, path: str, problem: Problem, open_with: Callable[[str, str], None]) -> None:
        """The ZIP at `path` is locked; `open_with(path, password)` tries again."""
        self.problem_note.show_problem(None)
        self.drop.show_primary(False)
        self.password.ask(path, problem, lambda password: open_with(path, password))
        self.scroll_area.ensureWidgetVisible(self.password)

    def focus_here(self) -> None:
        """The one primary button, or the line that waits for a password."""
        wanted = self.drop.button if self.password.isHidden() else self.password.line
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            _empty(inner)


def _in_the_middle(page: QWidget) -> QWidget:
    page.setMaximumWidth(WIDTH)
    outer = QWidget()
    middle = QHBoxLayout(outer)
    middle.setContentsMargins(24, 48, 24, 0)
    middle.addStretch(1)
    middle.addWidget(page, 100)
    middle.addStretch(1)
    return outer


class DiscCard(Card):
    """A disc that is in the drive; hidden while there is none."""

    def __init__(self, open_disc: Callable[[str], None]) -> None:
        super().__init__()
        self._path = ""
        self._name = Words("", "second")
        heading = row_of(Glyph("disc-3", "accent", 20), Words(tr("A disc is in the drive"), "strong"))
        heading.setStretch(1, 1)
        self.button = Button(tr("Open this disc"), do=lambda: open_disc(self._path))
        self.column.addLayout(heading)
        self.column.addWidget(self._name)
        self.column.addStretch(1)
        self.column.addLayout(row_of(self.button, 1))
        self.hide()

    def show_discs(self, discs: tuple[Drive, ...]) -> None:
        """Offer the first of them."""
        self.setVisible(bool(discs))
        if discs:
            self._path = discs[0].path
            self._name.set_words(tr("“{name}”", name=one_line(discs[0].name or discs[0].path, 60)))
            self.button.setAccessibleDescription(self._name.text())


class ReadingCard(Card):
    """How far opening is until the first pictures are there: a slow disc must not look like nothing at all."""

    def __init__(self) -> None:
        super().__init__()
        self._job: Job[DiscIndex] | None = None
        self._words = Words("", "strong")
        self._bar = Progress(tr("How far the reading is"))
        self.button = Button(tr("Stop reading"), do=self._stop)
        row = row_of(column_of(self._words, self._bar), self.button, spacing=16)
        row.setStretch(0, 1)
        self.column.addLayout(row)
        self.hide()

    def show_job(self, job: Job[DiscIndex] | None) -> None:
        """Follow this job; None, or one that has ended, hides the card."""
        self._job = job
        if job is not None and not job.finished:
            now = job.progress
            self._words.set_words(reading_words(now))
            self._bar.show_far(now.done, now.total)
        self.setVisible(job is not None and not job.finished)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()


class DropArea(QFrame):
    """A dashed frame; the whole window takes what is dropped, this shows where."""

    def __init__(self, choose: Callable[[], None]) -> None:
        super().__init__()
        self.is_over = False
        self.setMinimumHeight(184)
        self.button = Button(tr("Choose a folder…"), "primary", "folder-open", choose)
        self.button.setProperty("big", True)
        title = Words(tr("Drop a disc, a folder or a ZIP file here"), "section", wraps=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 28, 16, 28)
        column.setSpacing(10)
        for widget in (Glyph("folder-open", "accent", 28), title, self.button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_primary(self, primary: bool) -> None:
        """One filled button at most: it is plain while something else is asked for."""
        self.button.set_role("primary" if primary else "")

    def show_over(self, over: bool) -> None:
        """Something is being dragged over the window."""
        self.is_over = over
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        now = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(now.accent_bg if self.is_over else now.surface))
        line = QPen(QColor(now.accent if self.is_over else now.control), 2)
        line.setDashPattern([4, 3])
        painter.setPen(line)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
