"""What holds small widgets: notes, cards, lines between, rows and columns."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.gui.widgets.controls import set_look
from viewer.gui.widgets.labels import Glyph, Words

NOTE_ICONS = {
    "info": ("info", "text2"),
    "accent": ("info", "accent"),
    "warn": ("triangle-alert", "warn"),
    "bad": ("triangle-alert", "bad"),
    "lock": ("lock", "text2"),
}


class Note(QFrame):
    """A note: an icon, one or two sentences, and a button. Kind: info, accent, warn, bad or lock."""

    def __init__(self, text: str = "", kind: str = "info", strong: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "note")
        self.setProperty("kind", kind)
        name, token = NOTE_ICONS[kind]
        self._glyph = Glyph(name, token)
        self._strong = Words(strong, "strong")
        self._words = Words(text, "second")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 8, 10, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._strong)
        column.addWidget(self._words)
        self._row.addLayout(column, 1)
        self.set_words(text, strong)

    def set_words(self, text: str, strong: str = "") -> None:
        """Other sentences."""
        self._strong.set_words(strong)
        self._strong.setVisible(bool(strong))
        self._words.set_words(text)
        self._words.setVisible(bool(text))
        self.setAccessibleName(" ".join(part for part in (strong, text) if part))

    def set_kind(self, kind: str) -> None:
        """Another kind."""
        set_look(self, "kind", kind)
        self._glyph.set_glyph(*NOTE_ICONS[kind])

    def add_button(self, button: QAbstractButton) -> None:
        """What can be done about it, at the right."""
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)


class Card(QFrame):
    """A card with a column inside."""

    def __init__(self, parent: QWidget | None = None, margins: int = 16) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(margins, margins, margins, margins)
        self.column.setSpacing(8)


class Rule(QFrame):
    """A line of 1 px; `upright` between tools."""

    def __init__(self, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "separator")
        if upright:
            self.setFixedSize(1, 24)
        else:
            self.setFixedHeight(1)


def part(name: str, parent: QWidget | None = None) -> QFrame:
    """A frame that the sheet knows by `name` (toolbar, statusline, dock, docktitle, dockfoot, page, row)."""
    frame = QFrame(parent)
    frame.setProperty("part", name)
    return frame


class Abreast(QWidget):
    """Buttons or short words side by side, below each other where they do not fit: none is ever cut."""

    def __init__(self, *buttons: QWidget) -> None:
        super().__init__()
        self._buttons = buttons
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        for button in buttons:
            self._box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._box.addStretch(1)

    @override
    def minimumSizeHint(self) -> QSize:
        widest = max(button.sizeHint().width() for button in self._buttons)
        return QSize(widest, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = sum(button.sizeHint().width() + 8 for button in self._buttons) - 8
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if wanted <= self.width() else ways.TopToBottom)


def held(layout: QLayout) -> QWidget:
    """`layout` in a widget of its own: for one whose widgets move or go while it stays. Given to `addLayout` when it is
    filled already, PySide would keep each of its items and not hear of it when Qt deletes them; what comes to lie in
    their place (an icon) takes the program down as it goes."""
    holder = QWidget()
    holder.setLayout(layout)
    return holder


def row_of(*parts: QWidget | QLayout | int, spacing: int = 8) -> QHBoxLayout:
    """Widgets or layouts side by side; an int is a stretch of that weight."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    return _filled(row, parts, spacing)


def column_of(*parts: QWidget | QLayout | int, spacing: int = 8, margin: int = 0) -> QVBoxLayout:
    """Widgets or layouts below each other; an int is a stretch of that weight."""
    column = QVBoxLayout()
    column.setContentsMargins(margin, margin, margin, margin)
    return _filled(column, parts, spacing)


Box = TypeVar("Box", QHBoxLayout, QVBoxLayout)


def _filled(box: Box, parts: tuple[QWidget | QLayout | int, ...], spacing: int) -> Box:
    box.setSpacing(spacing)
    for part_ in parts:
        if isinstance(part_, int):
            box.addStretch(part_)
        elif isinstance(part_, QLayout):
            box.addLayout(part_)
        else:
            box.addWidget(part_)
    return box
