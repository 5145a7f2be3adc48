"""A PDF of the disc, one page at a time, as wide as its place or larger. Pages are pictures: nothing in them can be
clicked, opened or run."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QIntValidator, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from viewer.codec.paper import PaperPage
from viewer.gui.look.theme import tokens
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import column_of, row_of
from viewer.gui.widgets.controls import Button, IconButton, Line, Progress
from viewer.gui.widgets.labels import Words
from viewer.gui.widgets.problem_note import ProblemNote
from viewer.jobs.jobs import Job
from viewer.text.translate import tr

LOADING_MS = 300
SETTLED_MS = 200  # a window that is being drawn wider is not drawn for at each step
STEP = 64  # columns are asked for in steps, so that a few more need no new picture
ZOOMS = (1.0, 1.5, 2.0, 3.0)  # times the width of the place


class Sheet(QWidget):
    """The page itself, scaled to this widget's width."""

    def __init__(self) -> None:
        super().__init__()
        self.page: PaperPage | None = None
        self._image = QImage()

    def show_page(self, page: PaperPage) -> None:
        """Another page."""
        self.page = page
        rows, columns, _ = page.dots.shape
        self._image = QImage(page.dots.data, columns, rows, columns * 3, QImage.Format.Format_RGB888)
        self.update()

    def blank(self) -> None:
        """Empty paper: nothing of another page stands where one is waited for."""
        self._image = QImage()
        self.update()

    def height_at(self, width: int) -> int:
        """In pixels, 0 without a page."""
        return 0 if self.page is None else max(1, round(width * self.page.dots.shape[0] / self.page.dots.shape[1]))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.page is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.drawImage(self.rect(), self._image)
        painter.setPen(QColor(tokens().line))
        painter.drawRect(0, 0, self.width() - 1, self.height() - 1)


class PaperView(QWidget):
    """Draws nothing before it is opened: by `open_page`, or by the person where a set holds several PDFs."""

    turned = Signal()  # by the button below the page: the page around it scrolls up to where the next one begins

    def __init__(self, shell: Shell, path: str) -> None:
        super().__init__()
        self._shell, self._path = shell, path
        self._number, self._count, self._zoom = 0, 0, 0  # count: 0 while it is not known
        self._shown: tuple[int, int] | None = None  # number and columns
        self._job: Job[PaperPage] | None = None
        self.sheet = Sheet()
        self._settled, self._late = _timer(self, SETTLED_MS, self._ask), _timer(self, LOADING_MS, self._say_loading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.open_button = Button(tr("Show the pages"), icon_name="file-text", do=self.open_page)
        self._closed_row, self.problem = _held(row_of(self.open_button, 1)), ProblemNote()
        self._waiting = self._waiting_row()
        self._bar = self._tools()
        self._frame = QScrollArea()
        self._frame.setWidget(self.sheet)
        self._frame.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._frame.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._frame.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the page around it scrolls
        self.below = Button(tr("Next page"), icon_name="chevron-right", do=self._turn_below)
        self._foot = _held(row_of(1, self.below, 1))
        for part in (self._closed_row, self._bar, self.problem, self._frame, self._foot):
            column.addWidget(part)
        for part in (self._bar, self._waiting, self._frame, self._foot):
            part.hide()
        self._show_number()

    # --- building
    def _tools(self) -> QWidget:
        self.before = IconButton("chevron-left", tr("Page before"), lambda: self.turn_to(self._number - 1))
        self.after = IconButton("chevron-right", tr("Next page"), lambda: self.turn_to(self._number + 1))
        self.number = Line()
        self.number.setFixedWidth(64)
        self.number.setAccessibleName(tr("Number of the page"))
        self.number.returnPressed.connect(lambda: self.turn_to(int(self.number.text() or 1) - 1))
        self.number.escaped.connect(self._show_number)
        self._of = Words("", "second", wraps=False)
        self.smaller = Button(tr("Smaller"), do=lambda: self._zoom_by(-1))
        self.larger = Button(tr("Larger"), icon_name="zoom-in", do=lambda: self._zoom_by(1))
        for button in (self.smaller, self.larger):
            button.refused.connect(self._shell.say)
        words = Words(tr("Page"), "second", wraps=False)
        middle = _held(row_of(self._waiting, spacing=0))  # what comes and goes in it moves nothing
        row = row_of(self.before, words, self.number, self._of, self.after, middle, self.smaller, self.larger)
        row.setStretchFactor(middle, 1)
        self._turning = (self.before, words, self.number, self._of, self.after)
        return _held(row)

    def _waiting_row(self) -> QWidget:
        self._words = Words(tr("Drawing the page"), "second", wraps=False)
        bar = Progress(self._words.text())
        bar.show_far(0, 0)
        self.stop_button = Button(tr("Stop"), do=self._stop)
        row = row_of(column_of(self._words, bar), self.stop_button, spacing=16)
        row.setStretch(0, 1)
        return _held(row)

    # --- asking
    def open_page(self) -> None:
        """Draw the page where it stands now."""
        self._closed_row.hide()
        self._bar.show()
        self._fit()
        self._ask()

    def turn_to(self, number: int) -> None:
        """Another page (from 0), as far as there is one."""
        self._number = max(0, min(number, self._count - 1))
        self._show_number()
        self._ask()

    def _turn_below(self) -> None:
        self.turn_to(self._number + 1)
        self.turned.emit()

    def _zoom_by(self, step: int) -> None:
        self._zoom += step
        self._fit()
        self._ask()

    def _ask(self) -> None:
        """The page that is wanted, as sharp as its width needs, unless it is there."""
        self._settled.stop()
        columns = math.ceil(self._width() * self.devicePixelRatioF() / STEP) * STEP
        if self._shown == (self._number, columns):
            self._wait_for(None)
            return
        try:
            job = self._shell.session.papers.page(self._path, self._number, columns)
        except KeyError:
            return  # the disc is being closed, and this page with it
        if job is not self._job:
            self._wait_for(job)
            self._shell.bridge.follow(job, lambda job: self._came(job, columns))

    def _wait_for(self, job: Job[PaperPage] | None) -> None:
        self._job = job
        self._waiting.hide()
        if job is None:
            self._late.stop()
        else:
            self._late.start()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # --- showing
    def _came(self, job: Job[PaperPage], columns: int) -> None:
        if not job.finished or job is not self._job or not isValid(self):
            return
        self._wait_for(None)
        page = job.result
        self.problem.show_problem(page.problem if page is not None else job.problem)
        if page is not None:
            self._count = page.count
            self._show_number()
        if page is not None and page.problem is None:
            self._shown = (page.number, columns)
            self.sheet.show_page(page)
            self._fit()
        elif page is not None or job.problem is not None:
            self._shown = None
        here = self._shown is not None and self._shown[0] == self._number  # also where a sharper one was stopped
        self._frame.setVisible(here)
        self._foot.setVisible(here and self._number + 1 < self._count)
        self._closed_row.setVisible(not here and self.problem.isHidden())

    def _say_loading(self) -> None:
        self._waiting.show()
        if self._shown is not None and self._shown[0] != self._number:
            self._shown = None
            self.sheet.blank()

    def _show_number(self) -> None:
        count = max(self._count, 1)
        self.number.setValidator(QIntValidator(1, count, self.number))
        self.number.setText(str(self._number + 1))
        self._of.set_words(tr("of {n}", n=count))
        for part in self._turning:
            part.setVisible(count > 1)
        self.before.setEnabled(self._number > 0)
        self.after.setEnabled(self._number < count - 1)
        self.sheet.setAccessibleName(tr("Page {n} of {count} as a picture", n=self._number + 1, count=count))

    def _width(self) -> int:
        """Of the sheet, in logical pixels."""
        return max(64, round(max(self.width(), 64) * ZOOMS[self._zoom]))

    def _fit(self) -> None:
        """The sheet at its width; the place as high as the sheet, so that only the page around it scrolls up and down."""
        width = self._width()
        height = self.sheet.height_at(width)
        self.sheet.setFixedSize(QSize(width, height))
        bar = self._frame.horizontalScrollBar().sizeHint().height() if self._zoom else 0
        self._frame.setFixedHeight(height + bar)
        self.smaller.set_blocked(tr("The page is as wide as its place.") if self._zoom == 0 else "")
        self.larger.set_blocked(tr("This is the largest.") if self._zoom == len(ZOOMS) - 1 else "")

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # the page is left; a window that is made small comes back
            self._shell.session.papers.leave()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.sheet.page is not None:
            self._fit()
            self._settled.start()


def _timer(parent: QWidget, milliseconds: int, do: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(do)
    return timer


def _held(row: QLayout) -> QWidget:
    widget = QWidget()
    widget.setLayout(row)
    return widget


__all__ = ["PaperView"]
