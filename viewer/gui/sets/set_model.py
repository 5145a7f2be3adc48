"""The rows of the list of sets for Qt, with their thumbnails."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from typing_extensions import override

from viewer.gui.sets.set_rows import Row, RowKind
from viewer.gui.sets.thumbnails import Thumbnails
from viewer.gui.widgets.plain_text import as_tip
from viewer.index.model import DiscIndex
from viewer.text.translate import tr

AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole


class SetModel(QAbstractListModel):
    """Rows for the list; the thumbnails come as they are ready."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.thumbnails = thumbnails
        self.disc: DiscIndex | None = None
        self.rows: list[Row] = []
        thumbnails.made.connect(self._thumbnail_made)

    def show_rows(self, disc: DiscIndex | None, rows: list[Row]) -> None:
        """Other rows; nothing is said when they are the same."""
        self.disc = disc
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def row_of(self, series_id: str) -> int:
        """The row of a set, -1 when it is not in the list."""
        return next(
            (n for n, row in enumerate(self.rows) if row.kind is RowKind.SET and row.series_id == series_id), -1
        )

    def why_no_picture(self, row: Row) -> str:
        """Why a set has no thumbnail, "" while it has one or may still get one."""
        failed = self.thumbnails.failure(self.disc, row.series_id, row.frames) if self.disc and row.frames else None
        return tr(failed.text) if failed is not None else ""

    def _thumbnail_made(self, series_id: str) -> None:
        at = self.index(self.row_of(series_id))
        if at.isValid():
            self.dataChanged.emit(at, at)

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  as Qt declares it
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tip("\n".join(part for part in (row.tip, self.why_no_picture(row)) if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.title, row.second) if part)
        return None

    @override
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        on = Qt.ItemFlag.ItemIsEnabled
        return on | Qt.ItemFlag.ItemIsSelectable if row.kind in (RowKind.SET, RowKind.FOLD) else on
