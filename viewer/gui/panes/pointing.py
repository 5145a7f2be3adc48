"""Pointing: the value of the picture under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QTimer

from viewer.gui.panes.picture_view import PictureView

if TYPE_CHECKING:
    from viewer.usecases.session import Session

POINTED_MS = 40  # a value is read, not watched: with each step of a drag the foot of the window would be laid out anew


class Pointing:
    """`tell(words)` while the pointer is over a view; "" where it is beside the picture, and once it has left."""

    def __init__(self, session: Session, view: PictureView, tell: Callable[[str], None]) -> None:
        self._session, self._picture, self._tell = session, view.picture, tell
        self._at = QPointF()
        self._soon = QTimer(view)
        self._soon.setSingleShot(True)
        self._soon.setInterval(POINTED_MS)
        self._soon.timeout.connect(self._point)
        view.hovered.connect(self._hover)
        view.left.connect(self._leave)

    def _hover(self, at: QPointF) -> None:
        self._at = at
        if not self._soon.isActive():
            self._soon.start()

    def _leave(self) -> None:
        self._soon.stop()
        self._tell("")

    def _point(self) -> None:
        slice_, placement, at = self._picture.slice, self._picture.placement, self._at
        pixel = placement.pixel_at(at.x(), at.y()) if placement is not None else None
        self._tell(self._session.point_value(slice_, *pixel) if slice_ is not None and pixel is not None else "")
