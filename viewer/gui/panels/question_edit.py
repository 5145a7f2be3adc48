"""Where a question is written: as high as its lines in the person's letters, and never lower than its hint."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QRect, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QWidget
from typing_extensions import override

from viewer.gui.widgets.drops import local_paths

AROUND = 22  # pixels of border, padding and the text's own margin, above and below together
TALLEST = 10_000


class QuestionEdit(QPlainTextEdit):
    """Ctrl+Return means "go on"."""

    def __init__(self, hint: str, lines: int, go_on: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._go_on, self._lines = go_on, lines
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setTabChangesFocus(True)
        self.cursorPositionChanged.connect(self._show_cursor)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = self.viewport().width() - 2 * round(self.document().documentMargin())
        hint = metrics.boundingRect(
            QRect(0, 0, max(room, 1), TALLEST), Qt.TextFlag.TextWordWrap.value, self.placeholderText()
        )
        height = max(self._lines * metrics.lineSpacing(), hint.height()) + AROUND
        if height != self.height():
            self.setFixedHeight(height)

    def _show_cursor(self) -> None:
        """Where a low panel scrolls, what is written comes in sight."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None and self.hasFocus():
            above.ensureWidgetVisible(self, 0, AROUND)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.OtherFocusReason:  # it came by itself: an answer is read
            QTimer.singleShot(0, self, self._show_cursor)  # once the panel is laid out

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """No files: the name of one may hold that of a person, and what is dropped here is meant to be opened."""
        return not local_paths(source) and super().canInsertFromMimeData(source)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _goes_on(event):
            event.accept()  # elsewhere the same keys open this panel
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _goes_on(event):
            self._go_on()
        else:
            super().keyPressEvent(event)


def _goes_on(event: QKeyEvent) -> bool:
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
