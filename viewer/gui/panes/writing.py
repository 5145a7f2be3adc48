"""Words written on the picture where they will stand: a line of text that comes and goes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from viewer.gui.widgets.controls import Line
from viewer.gui.widgets.plain_text import show_text
from viewer.text.translate import tr

UP_AND_DOWN = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class Writer:
    """Opens the line over `view`; only one is open at a time."""

    def __init__(self, view: QWidget, room: Callable[[], QRectF]) -> None:
        self._view, self._room = view, room
        self._editor: QLineEdit | None = None

    def edit(self, at: QPointF, words: str, keep: Callable[[str], None]) -> None:
        """Let the person change `words` at `at`; `keep` gets what was written, unless it was nothing or left."""
        if self._editor is not None:
            self._editor.deleteLater()
        editor = Writing(self._view, keep)
        self._editor = editor
        editor.destroyed.connect(lambda: self._gone(editor))
        show_text(editor, words)
        editor.open_at(at, self._room())

    def _gone(self, editor: QLineEdit) -> None:
        if self._editor is editor:
            self._editor = None


class Writing(Line):
    """Words written on the picture: Enter keeps them, Esc leaves them, leaving the line keeps what was written."""

    def __init__(self, parent: QWidget, keep: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._keep: Callable[[str], None] | None = keep
        self.setMaxLength(200)
        self.setPlaceholderText(tr("Write, then Enter"))
        self.setAccessibleName(tr("Words on the picture"))
        self.editingFinished.connect(self._finish)
        self.escaped.connect(self._leave)

    def open_at(self, at: QPointF, room: QRectF) -> None:
        """Show the line at `at`, inside `room`."""
        width, height = 220, self.sizeHint().height()
        x = min(max(at.x(), 4), room.width() - width - 4)
        y = min(max(at.y() - height / 2, 4), room.height() - height - 4)
        self.setGeometry(round(x), round(y), width, height)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    @override
    def event(self, event: QEvent) -> bool:
        # Of no use in one line; elsewhere on the picture they are shortcuts, or move the selected mark.
        if isinstance(event, QKeyEvent) and event.key() in UP_AND_DOWN:
            event.accept()
            return True
        return super().event(event)

    def _leave(self) -> None:
        self._keep = None
        self._finish()

    def _finish(self) -> None:
        keep, self._keep = self._keep, None
        words = self.text().strip()
        if keep is not None and words:
            keep(words)
        parent = self.parentWidget()
        self.hide()
        self.deleteLater()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.OtherFocusReason)
