"""PaneItem: what is drawn over the whole of a pane."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QGraphicsItem
from typing_extensions import override


class PaneItem(QGraphicsItem):
    """As large as its pane, which says so with `fill`."""

    def __init__(self) -> None:
        super().__init__()
        self._room = QRectF()

    def fill(self, room: QRectF) -> None:
        """The pane's size in logical pixels."""
        if room != self._room:
            self.prepareGeometryChange()
            self._room = room

    @override
    def boundingRect(self) -> QRectF:
        return self._room
