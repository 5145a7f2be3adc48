"""Starting where there is no screen, and starting again where the window stood before."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT, open_disc, quiet_rooms
from viewer.gui.bridge import Bridge
from viewer.gui.folding import STRIP
from viewer.gui.look.theme import Appearance
from viewer.gui.window.window import MainWindow
from viewer.gui.window.window_place import NAME, put_back
from viewer.usecases.session import Session

WITHOUT_QT = "import sys; sys.modules['PySide6'] = None; from viewer.app import run; sys.exit(run([]))"


@pytest.mark.parametrize(
    ("arguments", "platform"), [(["-m", "viewer"], "no-such-screen"), (["-c", WITHOUT_QT], "offscreen")]
)
def test_without_a_screen_or_qt_it_ends_with_two_and_one_plain_line(arguments: list[str], platform: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": platform}
    ended = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.stderr.startswith("Sidelight cannot open its window")
    assert "plugin" not in ended.stderr


def made(qtbot: QtBot, session_of: Callable[[Bridge], Session]) -> MainWindow:
    bridge = Bridge()
    window = MainWindow(session_of(bridge), bridge, Appearance("light"), quiet_rooms())
    qtbot.addWidget(window)
    return window


def test_the_window_comes_back_where_it_stood(qtbot: QtBot, session_of: Callable[[Bridge], Session]) -> None:
    first = made(qtbot, session_of)
    assert not put_back(first, first.session)
    room = first.screen().availableGeometry()
    if room.width() < first.minimumWidth() or room.height() < first.minimumHeight():
        first.setMinimumSize(200, 200)
    wanted = QRect(room.x() + 20, room.y() + 30, first.minimumWidth() or 300, first.minimumHeight() or 300)
    wanted = wanted.intersected(room)
    first.setGeometry(wanted)
    first.show()
    first.close()
    second = made(qtbot, session_of)
    second.setMinimumSize(first.minimumSize())
    assert put_back(second, second.session)
    assert second.geometry() == first.geometry()
    second.close()


@pytest.mark.parametrize("kept", ["", "no base 64", "AAAA", "x" * 5000])
def test_a_place_that_makes_no_sense_is_left_alone(
    qtbot: QtBot, session_of: Callable[[Bridge], Session], kept: str
) -> None:
    window = made(qtbot, session_of)
    window.session.set_setting(NAME, kept)
    assert not put_back(window, window.session)
    assert not window.isVisible()
    window.close()


@pytest.mark.parametrize("is_warm", [False, True])
def test_the_tab_at_the_right_and_the_folded_list_come_back(
    qtbot: QtBot, session_of: Callable[[Bridge], Session], ct_folder: Path, is_warm: bool
) -> None:
    first = made(qtbot, session_of)
    first.show()
    open_disc(qtbot, first, ct_folder)
    assert first.right.tab == "ask"
    assert first.browser.width() > STRIP
    first.act("marks_list")
    first.browser.folded.emit(True)
    first.close()
    second = made(qtbot, session_of)
    second.show()
    qtbot.waitUntil(lambda: second.is_warm or not is_warm, timeout=LIMIT)
    open_disc(qtbot, second, ct_folder)
    assert second.right.tab == "marks"
    qtbot.waitUntil(lambda: second.right.panel("marks") is not None, timeout=LIMIT)
    qtbot.waitUntil(lambda: second.browser.width() == STRIP, timeout=LIMIT)
    second.close()


def test_a_tab_that_there_is_not_is_left_alone(
    qtbot: QtBot, session_of: Callable[[Bridge], Session], ct_folder: Path
) -> None:
    window = made(qtbot, session_of)
    window.session.set_setting("right tab", "no such tab")
    window.session.set_setting("list folded", "perhaps")
    window.show()
    open_disc(qtbot, window, ct_folder)
    assert window.right.tab == "ask"
    assert window.browser.width() > STRIP
    window.close()
