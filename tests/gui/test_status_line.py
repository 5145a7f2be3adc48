"""What the status line says, and for how long."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT, open_disc, quiet_rooms
from viewer.app import make_session
from viewer.document.changes import ToolChosen
from viewer.document.model import State, Tool
from viewer.gui.bridge import Bridge
from viewer.gui.look.theme import Appearance, sheet_of
from viewer.gui.look.tokens import THEMES
from viewer.gui.window.status_line import HINTS, StatusLine
from viewer.gui.window.window import MainWindow
from viewer.problem import problem
from viewer.usecases.session import Session


def test_another_tool_says_at_once_what_it_does(qtbot: QtBot, opened: MainWindow) -> None:
    opened.say("Taken back: Add ellipse")
    assert opened.status.hint.accessibleName() == "Taken back: Add ellipse"
    opened.session.store.dispatch(ToolChosen(Tool.LENGTH))
    qtbot.waitUntil(lambda: opened.status.hint.accessibleName() == HINTS[Tool.LENGTH], timeout=LIMIT)


def test_what_was_said_of_a_scan_goes_with_it(qtbot: QtBot, opened: MainWindow) -> None:
    opened.say("Everything was read.")
    opened.session.close_disc()
    qtbot.waitUntil(lambda: opened.status.hint.accessibleName() == "", timeout=LIMIT)


def test_an_answer_stays_when_the_window_is_told_late_of_the_opened_disc(qtbot: QtBot, opened: MainWindow) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show_state(State())
    line.say("The table cannot be written there.")
    line.show_state(opened.session.store.state)
    assert line.hint.accessibleName() == "The table cannot be written there."


def test_what_is_off_is_told_from_what_is_on_in_high_contrast_too() -> None:
    """There a line and a control have the same white."""
    assert THEMES["contrast"].line == THEMES["contrast"].control
    (rule,) = [row for row in sheet_of(THEMES["contrast"]).splitlines() if 'QPushButton[blocked="true"]' in row]
    assert "border-style: dashed" in rule


@pytest.mark.parametrize("next_thing", ["page", "disc"])
def test_why_something_is_off_goes_with_the_next_thing_that_is_done(
    qtbot: QtBot, opened: MainWindow, cd_folder: Path, next_thing: str
) -> None:
    opened.act("play")
    assert opened.reason.isVisible()
    if next_thing == "page":
        opened.act("report")
    else:
        before = opened.session.store.state.disc
        opened.open_path(str(cd_folder))
        qtbot.waitUntil(lambda: opened.session.store.state.disc is not before, timeout=LIMIT)
    assert not opened.reason.isVisible()


def test_why_something_is_off_is_whole_with_large_letters(opened: MainWindow) -> None:
    opened.resize(960, 600)
    opened.act("play")
    assert opened.reason.width() == 340
    opened.appearance.resize_text(200)
    opened.act("play")
    try:
        assert opened.reason.width() == 680
        assert opened.rect().contains(opened.reason.geometry())
    finally:
        opened.appearance.resize_text(100)


def test_what_cannot_be_saved_is_said_until_it_can(
    qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, full = opened.status, problem("archive_full")
    assert not line.unsaved.isVisible()
    with monkeypatch.context() as patch:  # the archive itself writes in between, and takes back what it said
        patch.setattr(Session, "archive_problem", property(lambda session: full))
        qtbot.waitUntil(line.unsaved.isVisible, timeout=LIMIT)
        assert line.unsaved.accessibleName() == full.words
        qtbot.waitUntil(lambda: line.hint.accessibleName() == full.words, timeout=LIMIT)
    qtbot.waitUntil(lambda: not line.unsaved.isVisible(), timeout=LIMIT)


def test_without_a_place_to_save_the_window_says_so_from_the_start(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ct_folder: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "file" / "data"))
    bridge = Bridge()
    window = MainWindow(make_session(bridge.call_soon), bridge, Appearance("light"), quiet_rooms())
    qtbot.addWidget(window)
    window.show()
    open_disc(qtbot, window, ct_folder)
    assert window.status.unsaved.isVisible()
    assert "cannot be saved" in window.status.unsaved.accessibleName()
    assert window.status.unsaved.width() < window.width() / 2
    window.close()


def test_marks_that_were_damaged_are_told_of_and_new_ones_are_saved(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "archive.sqlite").write_bytes(b"no database" * 1000)
    monkeypatch.setenv("SIDELIGHT_DATA", str(data))
    bridge = Bridge()
    window = MainWindow(make_session(bridge.call_soon), bridge, Appearance("light"), quiet_rooms())
    qtbot.addWidget(window)
    window.show()
    assert "was damaged" in window.status.hint.accessibleName()
    assert window.session.archive_problem is None
    assert not window.status.unsaved.isVisible()
    window.close()
