"""A line of "Opened before" on the start page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame
from typing_extensions import override

from viewer.gui.look.theme import tokens
from viewer.gui.widgets.boxes import row_of
from viewer.gui.widgets.controls import IconButton, Ringed
from viewer.gui.widgets.labels import Elided, Glyph, Words
from viewer.text.dates import date_words
from viewer.text.translate import tr
from viewer.usecases.rows import RecentDisc

NAME = 280  # pixels: beside a longer name it must still be seen what state the disc is in


def _words_of(row: RecentDisc) -> str:
    if row.is_there:
        return row.words
    if row.is_copied:
        return tr("The disc is out, its copy on this computer opens · {words}", words=row.words)
    return tr("The disc is not in the drive · {words}", words=row.words)


class RecentRow(Ringed, QFrame):
    """One disc opened before: opens with a click or Enter."""

    def __init__(self, row: RecentDisc, open_disc: Callable[[str], None], *, last: bool) -> None:
        super().__init__()
        self._open: Callable[[], None] = partial(open_disc, row.path)
        self.setProperty("part", "" if last else "row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumHeight(34)
        words = _words_of(row)
        self.setAccessibleName(", ".join((row.name, words)))
        token = "text2" if row.is_there or row.is_copied else "muted"
        name = Elided(row.name, "strong", most=NAME)
        self.forget = IconButton("trash-2", tr("Forget {name}…", name=row.name))
        when = Words(when_words(row.when), "second", wraps=False)
        line = row_of(Glyph("disc-3", token), name, Elided(words, "second", in_parts=True), when, self.forget)
        line.setStretch(2, 1)
        line.setContentsMargins(12, 0, 4, 0)
        line.setSpacing(12)
        self.setLayout(line)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.property("keyfocus"):
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens().focus), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 4, 4)


def when_words(when: str) -> str:
    """ "today", "yesterday", or the date."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return ""
    today = datetime.now(moment.tzinfo).date()
    if moment.date() == today:
        return tr("today")
    if moment.date() == today - timedelta(days=1):
        return tr("yesterday")
    return date_words(moment.strftime("%Y%m%d"))
