"""SelectedMark: what is done with the selected mark where it lies: moved by keys, its words changed, removed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from viewer.document.changes import MarkChanged, MarkRemoved
from viewer.gui.panes.picture_view import PictureView
from viewer.gui.panes.writing import Writer
from viewer.marks.mark import Mark
from viewer.marks.shapes import moved_points

if TYPE_CHECKING:
    from viewer.usecases.session import Session

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
STEP, LARGE_STEP = 1.0, 10.0  # pixels of the slice; the second with Shift


class SelectedMark:
    """Of the slice in one view; each of its deeds is one undo step, and none where no mark of this slice is selected."""

    def __init__(self, session: Session, view: PictureView, writer: Writer) -> None:
        self._session, self._picture, self._writer = session, view.picture, writer

    @property
    def mark(self) -> Mark | None:
        """The selected mark where it lies on this slice."""
        chosen = self._session.store.state.view.selected_mark
        if not chosen or self._picture.slice is None:
            return None
        return next((mark for mark in self._session.marks_on(self._picture.slice) if mark.id == chosen), None)

    def takes(self, key: Qt.Key) -> bool:
        """Whether this key moves it."""
        return key in ARROWS and self.mark is not None

    def move(self, key: Qt.Key, *, far: bool) -> None:
        """Move it by an arrow key."""
        mark, slice_ = self.mark, self._picture.slice
        if mark is not None and slice_ is not None:
            reach = LARGE_STEP if far else STEP
            across, down = ARROWS[key]
            self._session.move_mark(mark, slice_, moved_points(mark, across * reach, down * reach))

    def remove(self) -> None:
        """Undo brings it back."""
        mark = self.mark
        if mark is not None:
            self._session.store.dispatch(MarkRemoved(mark.id))

    def rename(self) -> None:
        """Edit its words where it stands."""
        mark, placement = self.mark, self._picture.placement
        if mark is None or placement is None:
            return

        def keep(words: str) -> None:
            marks = self._session.store.state.document.marks
            for now in (one for one in marks if one.id == mark.id):  # it may have been moved or deleted meanwhile
                self._session.store.dispatch(MarkChanged(replace(now, text=words)))

        self._writer.edit(QPointF(*placement.to_pane(*mark.points[-1])), mark.text, keep)
