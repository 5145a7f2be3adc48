"""Fitting: which parts of the window are shown and how wide, by the room there is, what is open and what was folded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from viewer.gui.folding import Room, folding
from viewer.gui.look.theme import Appearance
from viewer.gui.window.centre import Centre
from viewer.gui.window.docks import Docks
from viewer.gui.window.status_line import StatusLine
from viewer.gui.window.toolbar import ToolBar

if TYPE_CHECKING:
    from viewer.gui.panes.area import PaneArea

PARTS = 3  # around the panes: the tool bar, the list, the right dock


@dataclass(frozen=True, slots=True)
class Parts:
    """What is shown and sized."""

    tools: ToolBar
    docks: Docks
    centre: Centre
    status: StatusLine


class Fitting:
    """`fit` shows and sizes the parts of `window`; what was folded by hand stays so (None: as the width says)."""

    def __init__(self, window: QWidget, appearance: Appearance, parts: Parts, left_folded: bool | None) -> None:
        self._window, self._appearance, self._parts = window, appearance, parts
        self.left_folded = left_folded
        self.area: PaneArea | None = None  # once there are panes
        self.is_open = False
        self._right_open = True
        self._due = 0

    def fit(self) -> None:
        """Show and size the parts by the window's width and the size of the text."""
        parts, centre, percent = self._parts, self._parts.centre, self._appearance.percent
        has_page = centre.page is not None or centre.asks_to_open
        sides = (self.left_folded, self._right_open, self._due)
        plan = folding(Room(self._window.width(), percent, self.is_open, has_page, centre.is_alone, *sides))
        parts.tools.setVisible(plan.bar)
        parts.tools.fold_words(not plan.words)
        parts.status.setVisible(self.is_open or has_page)
        parts.docks.place(plan, self._window.width(), percent)
        if self.area is not None:
            self.area.show_small(plan.small_panes)

    def show_open(self, is_open: bool) -> None:
        """A scan is open now, or none: its parts are to come up, one by one, or are hidden."""
        self.is_open, self._due = is_open, 0

    def bring_up_next(self) -> bool:
        """Show one part more of an open scan; whether there was one."""
        if not self.is_open or self.is_whole:
            return False
        self._due += 1
        self.fit()
        return True

    @property
    def is_whole(self) -> bool:
        """Whether every part around the panes of an open scan has come up."""
        return self._due == PARTS

    def fold_left(self, folded: bool) -> None:
        """The list of sets becomes a strip, or is whole again."""
        self.left_folded = folded
        self.fit()

    def show_right(self, shown: bool) -> None:
        """The right dock is opened or closed."""
        self._right_open = shown
        self.fit()
