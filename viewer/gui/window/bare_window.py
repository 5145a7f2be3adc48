"""The main window without its parts: its size, its first paint, what is dropped on it, and workers that step aside while it
lays out and paints."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow
from typing_extensions import override

from viewer.gui.widgets.drops import Drops
from viewer.jobs.turns import WINDOW_FIRST

SMALLEST = (960, 560)  # with a title bar it fills a screen of 960 × 600
USUAL = (1366, 768)
LARGE = frozenset({QEvent.Type.UpdateRequest, QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show})


class BareWindow(QMainWindow):
    """What Qt tells a main window, whatever is in it."""

    painted = Signal()  # for the first time

    def __init__(self) -> None:
        super().__init__()
        self._painted = False
        self._drops: Drops | None = None
        self.setMinimumSize(*SMALLEST)
        self.resize(*USUAL)

    def take_drops(self, drops: Drops) -> None:
        """From now on things may be dropped on it."""
        self._drops = drops
        self.setAcceptDrops(True)

    def first_painted(self) -> None:
        """It is on screen, and the event loop is free again."""
        self.painted.emit()

    @override
    def event(self, event: QEvent) -> bool:
        # Laying out and painting all that changed are one event of the window each, with hundreds of calls inside.
        if event.type() in LARGE:
            with WINDOW_FIRST:
                return bool(super().event(event))
        return bool(super().event(event))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._drops is not None:
            self._drops.enter(event)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        if self._drops is not None:
            self._drops.leave()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if self._drops is not None:
            self._drops.drop(event)
