"""What is dragged onto the window: anywhere on it counts; the start page shows where while it hovers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent


class Drops:
    """`hover(True)` while something that can be opened is over the window, `take(paths)` when it is let go."""

    def __init__(self, hover: Callable[[bool], None], take: Callable[[list[str]], None]) -> None:
        self._hover, self._take = hover, take

    def enter(self, event: QDragEnterEvent) -> None:
        """Something comes over the window."""
        if paths_of(event):
            event.acceptProposedAction()
            self._hover(True)

    def leave(self) -> None:
        """It went away again."""
        self._hover(False)

    def drop(self, event: QDropEvent) -> None:
        """It was let go here."""
        self._hover(False)
        if paths := paths_of(event):
            event.acceptProposedAction()
            self._take(paths)


def paths_of(event: QDropEvent) -> list[str]:
    """Files and folders of this computer; links to elsewhere are left alone."""
    return local_paths(event.mimeData())


def local_paths(data: QMimeData) -> list[str]:
    """The files and folders of this computer in what is dragged or pasted."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
