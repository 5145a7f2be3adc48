"""Docks: list, centre and right dock side by side; who is shown how wide, by `folding` and by what was dragged."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from viewer.gui.folding import STRIP, WIDE, Folding
from viewer.gui.sets.browser import Browser
from viewer.gui.window.right_dock import RightDock
from viewer.gui.window.widths import Widths

NARROWEST_CENTRE = 200
NARROWEST_LIST = 200
KEPT_AFTER_MS = 500  # a drag is written once, not with every pixel of it


class Docks(QObject):
    """`place` follows a plan; a dragged edge is remembered for windows of this width and text size."""

    def __init__(self, browser: Browser, centre: QWidget, right: RightDock, widths: Widths) -> None:
        super().__init__()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._browser, self._right, self._widths = browser, right, widths
        self._size_class = (False, 100)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for part in (browser, centre, right):
            self.splitter.addWidget(part)
        self.splitter.setStretchFactor(1, 1)
        centre.setMinimumWidth(NARROWEST_CENTRE)  # its pages scroll: none of them may push a dock off the window
        self.splitter.splitterMoved.connect(lambda *_: self._remember())
        self._dragged = QTimer(self)
        self._dragged.setSingleShot(True)
        self._dragged.setInterval(KEPT_AFTER_MS)
        self._dragged.timeout.connect(widths.keep)

    def place(self, plan: Folding, width: int, percent: int) -> None:
        """As planned, or as wide as they were dragged while the window had this size class."""
        self._size_class = (width >= WIDE, percent)
        self._browser.setVisible(plan.docks)
        self._right.setVisible(plan.right and bool(self._right.tab))
        left, right = self._widths.of(*self._size_class) or (plan.left_width, plan.right_width)
        least = STRIP if plan.strip else NARROWEST_LIST
        left = STRIP if plan.strip else min(max(left, least), plan.most)
        right = min(right, plan.most)
        self._browser.setMinimumWidth(least)
        self._browser.setMaximumWidth(STRIP if plan.strip else plan.most)
        self._right.setMaximumWidth(plan.most)
        self.splitter.setSizes([left, max(NARROWEST_CENTRE, width - left - right - 2), right])

    def keep(self) -> None:
        """Write what was dragged now: the window closes."""
        self._widths.keep()

    def _remember(self) -> None:
        left, _, right = self.splitter.sizes()
        known = self._widths.of(*self._size_class) or (0, 320)
        left = left if left > STRIP else known[0] or 240  # a strip is folded, not dragged
        self._widths.remember(*self._size_class, (left, right or known[1]))
        self._dragged.start()
