"""What stands below the picture that would leave: its size in words, and controls; below each other where both do not
fit in one line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget
from typing_extensions import override

from viewer.gui.look.tokens import PANE
from viewer.gui.widgets.labels import Words

SIDE, ABOVE = 16, 8  # margins in pixels


class PictureFoot(QWidget):
    """`controls` is at the right, or below."""

    def __init__(self, words: Words, controls: QWidget) -> None:
        super().__init__()
        self._words, self._controls = words, controls
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"background: {PANE.bar}")
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(SIDE, ABOVE, SIDE, ABOVE)
        self._box.setSpacing(8)
        self._box.addWidget(words, 1)
        self._box.addWidget(controls)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        line = self._words.fontMetrics().horizontalAdvance(self._words.text())
        wanted = line + self._controls.sizeHint().width() + self._box.spacing() + 2 * SIDE
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if wanted <= self.width() else ways.TopToBottom)
