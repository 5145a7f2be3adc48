"""Where the window stood and how large it was, what was up at the right and whether the list was folded: kept for the
next start."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from viewer.usecases.session import Session

NAME = "window place"
LONGEST = 1000  # Qt writes about 90 characters
TAB, FOLDED = "right tab", "list folded"


def keep_place(window: QWidget, session: Session) -> None:
    """Remember it; full screen is a moment's wish and is left out."""
    if window.isFullScreen():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
    session.set_setting(NAME, bytes(window.saveGeometry().toBase64().data()).decode("ascii"))


def put_back(window: QWidget, session: Session) -> bool:
    """Show the window where it stood; False, and nothing done, where that is not known or not on a screen any more."""
    words = session.setting(NAME)
    if not words or len(words) > LONGEST:
        return False
    kept = QByteArray.fromBase64(QByteArray(words.encode("ascii", "ignore")))
    if not window.restoreGeometry(kept):
        return False
    room = window.screen().availableGeometry()
    if window.width() > room.width() or window.height() > room.height():
        return False
    window.show()
    return True


def keep_docks(session: Session, tab: str, folded: bool | None) -> None:
    """Remember the tab at the right, "" where none came up, and a list that was folded or unfolded by hand."""
    if tab:
        session.set_setting(TAB, tab)
    if folded is not None:
        session.set_setting(FOLDED, "yes" if folded else "no")


def tab_before(session: Session, tabs: Container[str]) -> str:
    """The tab that was up at the right, "" where that is not known."""
    kept = session.setting(TAB)
    return kept if kept in tabs else ""


def folded_before(session: Session) -> bool | None:
    """Whether the list was folded by hand; None where it follows the width."""
    return {"yes": True, "no": False}.get(session.setting(FOLDED))
