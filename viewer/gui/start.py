"""The window's program: application, bridge, session, window, event loop. Called by the composition root only."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from viewer.gui.bridge import Bridge
from viewer.gui.interrupts import close_when_told
from viewer.gui.look.theme import SYSTEM, Appearance
from viewer.gui.none_guard import keep_none_alive
from viewer.gui.pace import set_pace
from viewer.gui.screen import told_without_screen
from viewer.gui.window.makers import ROOMS
from viewer.gui.window.window import MainWindow
from viewer.gui.window.window_place import put_back

if TYPE_CHECKING:
    from viewer.usecases.session import Session

COMFORTABLE = (1366, 768)
CallSoon = Callable[[Callable[[], None]], None]


def make_application(arguments: list[str], choice: str = SYSTEM, percent: int = 100) -> tuple[QApplication, Appearance]:
    """The one QApplication, dressed."""
    keep_none_alive()
    set_pace()
    keep_no_history()
    existing = QApplication.instance()
    with told_without_screen():
        application = existing if isinstance(existing, QApplication) else QApplication(arguments)
    application.setApplicationName("Sidelight")
    application.setApplicationDisplayName("Sidelight")
    application.setDesktopFileName("sidelight")
    appearance = Appearance(choice, percent)
    appearance.start(application)
    return application, appearance


def keep_no_history() -> None:
    """Qt's own file dialog writes the folders that were visited into a file of the person's settings that every account
    on the computer can read, and a folder is often named after a patient. Here it has nowhere to write to.
    """
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)


def show_fitted(window: QWidget) -> None:
    """Show it with room around on a large screen, filling a small one: no part of it may lie beyond the edge."""
    room = window.screen().availableGeometry()
    width, height = min(1720, room.width() * 9 // 10), min(960, room.height() * 9 // 10)
    if width < COMFORTABLE[0] or height < COMFORTABLE[1]:
        window.showMaximized()
        return
    window.resize(width, height)
    window.move(room.x() + (room.width() - width) // 2, room.y() + (room.height() - height) // 3)
    window.show()


def leave(application: QApplication, window: QWidget) -> None:
    """As by the window's own button; what stands before it (a dialog of the system) does not keep the program."""
    window.close()
    application.quit()


def start(
    make_session: Callable[[CallSoon], Session],
    path: str | None = None,
    *,
    demo: bool = False,
    after_first_paint: Callable[[], None] | None = None,
) -> int:
    """Show the window, open `path` or the sample once it is painted, and return the exit code."""
    application, appearance = make_application(sys.argv[:1])
    bridge = Bridge()
    session = make_session(bridge.call_soon)
    percent = session.setting("text_percent", "100")
    appearance.resize_text(int(percent) if percent.isdigit() else 100)
    appearance.choose(session.setting("theme", SYSTEM))
    window = MainWindow(session, bridge, appearance, ROOMS)
    if not put_back(window, session):
        show_fitted(window)
    if after_first_paint is not None:
        window.painted.connect(after_first_paint)
    if path:
        QTimer.singleShot(0, lambda: window.open_path(path))
    elif demo:
        QTimer.singleShot(0, window.open_sample)
    close_when_told(lambda: leave(application, window), application)
    code = application.exec()
    session.close()
    return code
