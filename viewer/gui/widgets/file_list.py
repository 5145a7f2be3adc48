"""A list of files with their reasons: as long as it is, only the rows on screen are made into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget
from typing_extensions import override

from viewer.gui.look.theme import Appearance
from viewer.gui.widgets.plain_text import as_tip
from viewer.text.plain import one_line
from viewer.text.translate import tr

AnyIndex = QModelIndex | QPersistentModelIndex
Line = tuple[str, str]  # path, reason
ROW_HEIGHT, MOST_HEIGHT = 22, 264
LONGEST = 2000


class FileLines(QAbstractListModel):
    """One row a file: "path — reason"."""

    def __init__(self, lines: Sequence[Line], parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines

    def words(self, row: int) -> str:
        """The row as one line of plain text."""
        path, reason = self._lines[row]
        return one_line(path, LONGEST) + (f" — {tr(reason)}" if reason else "")

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  as Qt declares it
        return 0 if parent.isValid() else len(self._lines)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words(index.row())
        return as_tip(self.words(index.row())) if role == Qt.ItemDataRole.ToolTipRole else None


class FileList(QListView):
    """Selected rows are copied with the system's key."""

    def __init__(self, lines: Sequence[Line], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = FileLines(lines, self)
        self.setProperty("part", "files")
        self.setModel(self.lines)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName(tr("List of files"))
        height = Appearance.now().pixels(ROW_HEIGHT)
        self.setFixedHeight(min(MOST_HEIGHT, height * len(lines) + 12))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            chosen = sorted(index.row() for index in self.selectedIndexes())
            QGuiApplication.clipboard().setText("\n".join(map(self.lines.words, chosen)))
        else:
            super().keyPressEvent(event)
