"""Centre: what stands in the middle of the window: the start page, the pictures, or a page in their place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from viewer.gui.pages.start_page import StartPage


class Centre(QStackedWidget):
    """`changed` is called after each exchange, so that the docks can fold or come back."""

    def __init__(self, start_page: StartPage, pictures: QWidget, changed: Callable[[], None]) -> None:
        super().__init__()
        self.start_page, self.pictures = start_page, pictures
        self.page: QWidget | None = None
        self._changed = changed
        self._is_open = False
        self.addWidget(start_page)
        self.addWidget(pictures)

    @property
    def is_alone(self) -> bool:
        """Whether the page on screen hides the docks."""
        return self.page is not None and bool(self.page.property("alone"))

    @property
    def shows_pictures(self) -> bool:
        """Whether the panes are on screen."""
        return self.currentWidget() is self.pictures

    @property
    def asks_to_open(self) -> bool:
        """Whether the start page stands over an open scan (a locked ZIP asks for its password)."""
        return self._is_open and self.currentWidget() is self.start_page

    def show_open(self, is_open: bool) -> None:
        """A scan was opened (the panes), or closed (the start page)."""
        self._is_open = is_open
        self._show_home()

    def show_start(self) -> None:
        """The start page asks for something, also while a scan is open."""
        self._leave()
        self.start_page.show_over_scan(over=self._is_open)
        self.setCurrentWidget(self.start_page)
        self._changed()

    def show_page(self, page: QWidget, *, alone: bool = False) -> None:
        """A page in the panes' place; `alone` hides the docks."""
        self._leave()
        self.page = page
        page.setProperty("alone", alone)
        self.addWidget(page)
        self.setCurrentWidget(page)
        self._changed()

    def leave_page(self) -> None:
        """Back to the panes, or to the start page when nothing is open."""
        self._show_home()

    def _show_home(self) -> None:
        self._leave()
        self.start_page.show_over_scan(over=False)
        self.setCurrentWidget(self.pictures if self._is_open else self.start_page)
        self._changed()

    def _leave(self) -> None:
        page, self.page = self.page, None
        if page is not None:
            self.removeWidget(page)
            page.deleteLater()
