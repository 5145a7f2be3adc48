"""The menu of a picture: the brightness presets with their digits, then what is done to one picture."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from viewer.gui.bind_actions import ActionMenu, BoundActions
from viewer.gui.plain_text import show_text

if TYPE_CHECKING:
    from viewer.gui.panes.pane import Pane
    from viewer.usecases.session import Session

ROWS = ("window_auto", "invert", "flip", "turn", "put_back", "as_left", "clinic", "tool_region", "ask", "facts")
DIGITS = 9


def add_presets(menu: QMenu, session: Session, pane: Pane) -> None:
    """One row for each brightness preset of the pane's set; the digit before its name is its key."""
    series = pane.pane.series_id if pane.pane else ""
    for number, window in enumerate(session.presets(series)[:DIGITS] if series else ()):
        row = menu.addAction("")
        show_text(row, f"{number + 1}   {window.name}")
        row.triggered.connect(partial(pane.choose_preset, number))


def show_picture_menu(window: QWidget, session: Session, actions: BoundActions, pane: Pane, at: QPoint) -> None:
    """Open it at a place on the screen."""
    menu = ActionMenu(window)
    menu.setToolTipsVisible(True)
    add_presets(menu, session, pane)
    menu.addSeparator()
    for name in ROWS:
        menu.addAction(actions[name])
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(at)
