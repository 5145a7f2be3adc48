"""What is dragged onto the window: anywhere on it counts; the start page shows where while it hovers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class Drops(QObject):
    """`hover(True)` while something that can be opened is over the window, `take(paths)` when it is let go."""

    def __init__(self, window: QWidget, hover: Callable[[bool], None], take: Callable[[list[str]], None]) -> None:
        super().__init__(window)
        self._hover, self._take = hover, take
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            if paths_of(event):
                event.acceptProposedAction()
                self._hover(True)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._hover(False)
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._hover(False)
            if paths := paths_of(event):
                event.acceptProposedAction()
                self._take(paths)
            return True
        return super().eventFilter(watched, event)


def paths_of(event: QDropEvent) -> list[str]:
    """Files and folders of this computer; links to elsewhere are left alone."""
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
