"""The button at a picture's top right corner: fill the room with this pane, or all panes again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget
from typing_extensions import override

from viewer.gui.look.icons import drawn
from viewer.gui.look.theme import Appearance
from viewer.gui.look.tokens import PANE
from viewer.gui.widgets.plain_text import as_tip
from viewer.text.translate import tr


class CornerButton(QToolButton):
    """Top right in a picture: fill the room, and back."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = parent
        self._maximised: bool | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.show_state(False)
        self.dress()
        Appearance.now().changed.connect(self.dress)

    def dress(self) -> None:
        """In the size of the text, top right in its picture."""
        self._edge = Appearance.now().icon_pixels(16)
        self.setFixedSize(self._edge + 12, self._edge + 12)
        self.move(self._picture.width() - self.width() - 6, 4)

    def show_state(self, maximised: bool) -> None:
        """Which way it leads; asked after every change of the view, so that nothing is done for the same again."""
        if maximised is self._maximised:
            return
        self._maximised = maximised
        name = tr("Show all panes") if maximised else tr("Fill the window with this pane")
        self.setAccessibleName(name)
        self.setToolTip(as_tip(name))
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        name = "minimize-2" if self._maximised else "maximize-2"
        colour = PANE.text if self.underMouse() else PANE.text2
        QPainter(self).drawPixmap(6, 6, drawn(name, self._edge, colour, self.devicePixelRatioF()))
