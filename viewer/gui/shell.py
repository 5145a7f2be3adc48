"""Shell: what panels and pages may ask of the window around them, so that none of them knows the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from viewer.disclosure.frame import Disclosure
from viewer.geometry.plane import Plane
from viewer.gui.bridge import Bridge
from viewer.gui.look.theme import Appearance
from viewer.gui.saves import Saves

if TYPE_CHECKING:
    from viewer.usecases.session import Session


class Shell(Protocol):
    """The window, as its panels see it."""

    @property
    def session(self) -> Session: ...

    @property
    def bridge(self) -> Bridge: ...

    @property
    def appearance(self) -> Appearance: ...

    @property
    def saves(self) -> Saves: ...

    def act(self, action_id: str) -> None:
        """Do what a row of the table of actions does ("settings", "facts", "save_pdf" …), or say why it is off."""
        ...

    def say(self, sentence: str) -> None:
        """One sentence in the status line, announced politely to screen readers."""
        ...

    def show_preview(self, disclosure: Disclosure, conversation_id: str) -> None:
        """The preview page takes the place of the panes, docks hidden."""
        ...

    def hold_still(self) -> None:
        """A film stops at the picture on screen: it is this one that is asked about."""
        ...

    def leave_page(self) -> None:
        """Preview, report, settings or help gives the place back to the panes, docks as before."""
        ...

    def show_panel(self, name: str) -> None:
        """ "ask", "marks" or "facts" comes up in the right dock."""
        ...

    def go_to(self, series_id: str, group: int, plane: Plane, index: int) -> None:
        """Show this picture in the large pane ("Show it in the picture")."""
        ...

    def show_area(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Fit this part of the picture, from its first to its last (column, row) counted from 1, into the active pane."""
        ...

    def escape(self) -> None:
        """What Esc does now: cancel, close, stop, then put back."""
        ...


PanelMaker = Callable[[Shell], QWidget]
PreviewMaker = Callable[[Shell, Disclosure, str], QWidget]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Makers of what is built when first needed: the ask panel, the preview of one disclosure, the settings."""

    ask_panel: PanelMaker
    preview_page: PreviewMaker
    settings_page: PanelMaker
