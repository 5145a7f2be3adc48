"""The list of sets: what a hand and a key do in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    Qt,
    QTimerEvent,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QWidget,
)
from typing_extensions import override

from viewer.gui.bind_actions import ActionMenu
from viewer.gui.sets.set_delegate import SetDelegate
from viewer.gui.sets.set_model import ROW_ROLE, SetModel
from viewer.gui.sets.set_rows import Row, RowKind
from viewer.jobs.turns import WINDOW_FIRST
from viewer.text.translate import tr


class SetList(QListView):
    """`opened` carries the series; a fold row carries its study."""

    opened = Signal(str)
    folded = Signal(str)
    explained = Signal(str)
    beside_wanted = Signal(str)
    choice_changed = Signal()

    def __init__(self, model: SetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sets = model
        self.setModel(model)
        self.delegate = SetDelegate(self, model)
        self.setItemDelegate(self.delegate)
        self.more: Sequence[QAction] = ()  # what can be done with the chosen sets, for their menu
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(lambda *_: self._choice_changed())
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Sets of pictures"))
        self.setMinimumWidth(40)

    @override
    def timerEvent(self, event: QTimerEvent) -> None:
        with WINDOW_FIRST:  # rows are laid out in it
            super().timerEvent(event)

    def show_series(self, series_id: str) -> None:
        """Which set is on screen."""
        self.delegate.shown_series = series_id
        at = self._sets.index(self._sets.row_of(series_id))
        if at.isValid() and self.currentIndex() != at:
            self.setCurrentIndex(at)
        self._paint_anew()

    def _paint_anew(self) -> None:
        # Not by `viewport()`: the first part of Qt's own making that PySide hands out has it make the Python classes of
        # all widgets, 17 to 28 ms of the start.
        self.setDirtyRegion(QRegion(self.rect()))

    def chosen(self) -> tuple[str, ...]:
        """Ids of the chosen sets with pictures, as listed."""
        rows: list[Row] = [index.data(ROW_ROLE) for index in sorted(self.selectedIndexes())]
        return tuple(row.series_id for row in rows if row.kind is RowKind.SET and row.can_be_shown)

    def _choice_changed(self) -> None:
        chosen = self.chosen()
        self.delegate.chosen = frozenset(chosen if len(chosen) > 1 else ())
        self._paint_anew()
        self.choice_changed.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with WINDOW_FIRST:
            super().paintEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            return
        if row.kind is RowKind.FOLD:
            self.folded.emit(row.series_id)
        elif row.kind is RowKind.SET:
            (self.opened if row.can_be_shown else self.explained).emit(row.series_id)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row: Row | None = index.data(ROW_ROLE)
        if row is None or row.kind is not RowKind.SET or not row.can_be_shown:
            return
        menu = ActionMenu(self)
        menu.setToolTipsVisible(True)
        menu.addAction(tr("Show this set"), lambda: self.opened.emit(row.series_id))
        menu.addAction(tr("Show it beside the large picture"), lambda: self.beside_wanted.emit(row.series_id))
        menu.addSeparator()
        menu.addActions(list(self.more))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center() if by_key else event.pos()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        choosing = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.LeftButton and not choosing:
            self._open(self.indexAt(event.position().toPoint()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        choosing = event.modifiers() & Qt.KeyboardModifier.ControlModifier  # Ctrl+Space chooses one more
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not choosing:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)
