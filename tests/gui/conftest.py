"""A real session over real rooms in a temporary folder, and the window around it; only the asking panels are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.patience import PATIENCE_MS
from viewer.gui.bridge import Bridge
from viewer.gui.look.theme import Appearance
from viewer.gui.none_guard import keep_none_alive
from viewer.gui.panes.pane import Pane
from viewer.gui.shell import Rooms
from viewer.gui.widgets import file_dialogs
from viewer.gui.window.window import MainWindow
from viewer.phantom.disc import DiscKind, write_disc
from viewer.usecases.session import Session

LIMIT = PATIENCE_MS
keep_none_alive()


class Filled(Protocol):
    """A page or a panel whose rows come one by one."""

    @property
    def is_filled(self) -> bool: ...


def until_filled(qtbot: QtBot, page: Filled) -> None:
    """Until all rows of a page are there, and those put in last not hidden any more: Qt shows them in an event of its own."""
    qtbot.waitUntil(lambda: page.is_filled, timeout=LIMIT)
    QApplication.sendPostedEvents()


def quiet_rooms() -> Rooms:
    """Panels that ask nobody anything."""

    def panel(*_: object) -> QWidget:
        return QLabel("panel")

    return Rooms(panel, panel, panel)


@pytest.fixture(scope="session")
def ct_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made CT: 9 slices of 48 × 48."""
    folder = tmp_path_factory.mktemp("ct")
    write_disc(folder, DiscKind.CT, slices=9, size=48)
    return folder


@pytest.fixture(scope="session")
def cd_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made CD as hospitals hand it out."""
    folder = tmp_path_factory.mktemp("cd")
    write_disc(folder, DiscKind.CD, slices=6, size=48)
    return folder


@pytest.fixture
def session_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Bridge], Session]:
    """Makes a session whose data lies in a folder of this test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))

    def make(bridge: Bridge) -> Session:
        from viewer.app import make_session

        return make_session(bridge.call_soon)

    return make


@pytest.fixture
def rooms() -> Rooms:
    """What the window asks with; a test that wants the real panels is parametrised with `ROOMS`."""
    return quiet_rooms()


@pytest.fixture
def window(qtbot: QtBot, session_of: Callable[[Bridge], Session], rooms: Rooms) -> Iterator[MainWindow]:
    """The window with nothing open, light, 1366 × 768."""
    bridge = Bridge()
    appearance = Appearance("light")
    made = MainWindow(session_of(bridge), bridge, appearance, rooms)
    qtbot.addWidget(made)
    show(qtbot, made)
    yield made
    made.close()


def show(qtbot: QtBot, widget: QWidget) -> None:
    """Bring a widget up and wait until it is on screen."""
    with qtbot.waitExposed(widget, timeout=LIMIT):
        widget.show()


def open_disc(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    """Open a folder and wait until all of it is read, every part of the window is up, and every pane that there is room for
    shows a picture."""
    window.open_path(str(folder))
    until_open(qtbot, window)


def until_open(qtbot: QtBot, window: MainWindow) -> None:
    """Wait for a disc to be there as `open_disc` leaves it."""

    def ready() -> bool:
        disc = window.session.store.state.disc
        if disc is None or not disc.complete:
            return False
        if not disc.picture_count:
            return True
        area = window.area
        wanted = area.wanted(window.session.store.state) if area is not None else []
        shown = [area.panes[number] for number in wanted] if area is not None else []
        all_up = window.is_whole and all(pane.isVisible() and pane.slice is not None for pane in shown)
        return bool(shown) and all_up

    qtbot.waitUntil(ready, timeout=LIMIT)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, ct_folder: Path) -> MainWindow:
    """The window with the made CT open."""
    open_disc(qtbot, window, ct_folder)
    return window


def pane_of(window: MainWindow, number: int = 0) -> Pane:
    """A pane of the window."""
    assert window.area is not None
    return window.area.panes[number]


def save_as(page: QWidget, words: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press the button with these words, and name `place` where it asks."""
    monkeypatch.setattr(file_dialogs, "choose_place", lambda *a: str(place))
    (button,) = (one for one in page.findChildren(QPushButton) if one.accessibleName() == words)
    button.click()
