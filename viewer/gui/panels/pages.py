"""How a page of the asking panel is put together: what scrolls, between what stays."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from viewer.gui.widgets.boxes import held

MARGIN = 12


def scrolled(inside: QWidget, parent: QWidget | None = None) -> QScrollArea:
    """`inside` with a scroll bar of its own where it is too tall."""
    area = QScrollArea(parent)
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def stacked(*parts: QWidget | QVBoxLayout) -> QVBoxLayout:
    """Below each other without a gap; what scrolls takes the room."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for part in parts:
        if isinstance(part, QVBoxLayout):
            layout.addWidget(held(part))
        else:
            layout.addWidget(part, 1 if isinstance(part, QScrollArea) else 0)
    return layout
