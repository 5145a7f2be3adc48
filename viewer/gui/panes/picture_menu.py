"""The menu of a picture: what is done to its selected mark, the brightness presets with their digits, what is done to
one picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from viewer.gui.bind_actions import ActionMenu, BoundActions
from viewer.gui.widgets.plain_text import show_text
from viewer.text.translate import tr

if TYPE_CHECKING:
    from viewer.gui.panes.pane import Pane
    from viewer.usecases.session import Session

OF_MARK = ("rename_mark", "delete_mark")
ROWS = (
    "window_auto",
    "invert",
    "flip",
    "turn",
    "fit",
    "one_to_one",
    "put_back",
    "as_left",
    "clinic",
    "tool_region",
    "ask",
    "facts",
)
DIGITS = 9


class PresetsMenu(QMenu):
    """*Brightness presets*, made anew whenever it opens."""

    def __init__(self, session: Session, active: Callable[[], Pane | None], parent: QWidget) -> None:
        super().__init__(tr("Brightness presets"), parent)
        self._session, self._active = session, active
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        pane = self._active()
        if pane is not None:
            add_presets(self, self._session, pane)
        if self.isEmpty():
            show_text(self.addAction(""), tr("There are none for what is on screen."))


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
    if pane.selected.mark is not None:
        for name in OF_MARK:
            menu.addAction(actions[name])
        menu.addSeparator()
    add_presets(menu, session, pane)
    menu.addSeparator()
    for name in ROWS:
        menu.addAction(actions[name])
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(at)
