"""Another disc comes in while the hand is at work on the first: nothing that began there goes on with its pictures."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.conftest import LIMIT, open_disc, pane_of, until_open
from viewer.disclosure.frame import Disclosure
from viewer.document.changes import ToolChosen
from viewer.document.model import State, Tool
from viewer.gui.bridge import Bridge
from viewer.gui.panels.ask import AskPanel
from viewer.gui.panes.pane import Pane
from viewer.gui.panes.writing import Writing
from viewer.gui.window.window import MainWindow
from viewer.usecases import preparing, talks

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
DRAGS = [Tool.WINDOW, Tool.PAN, Tool.CROSSHAIR, Tool.REGION, Tool.LENGTH]


def exchange(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    """Another disc, or another one in the same drive, in place of the open one."""
    before = window.session.store.state.disc
    window.open_path(str(folder))
    qtbot.waitUntil(lambda: window.session.store.state.disc is not before, timeout=LIMIT)
    until_open(qtbot, window)


def place_of(state: State) -> tuple[object, ...]:
    """All that a drag may change."""
    view = state.view
    return (view.panes, view.looks, view.crosshair, view.region, state.document)


def begin(pane: Pane, tool: Tool) -> None:
    """Press and drag with a tool, the button still down."""
    pane._session.store.dispatch(ToolChosen(tool))
    target, middle = pane.view.viewport(), pane.view.rect().center()
    QTest.mousePress(target, LEFT, NONE, middle)
    for way in (30, 60):
        QTest.mouseMove(target, middle + QPoint(way, way // 2))


@pytest.mark.parametrize("tool", DRAGS)
def test_a_drag_that_began_on_the_disc_before_changes_nothing_of_the_next(
    qtbot: QtBot, opened: MainWindow, cd_folder: Path, tool: Tool
) -> None:
    pane = pane_of(opened)
    begin(pane, tool)
    exchange(qtbot, opened, cd_folder)
    before = place_of(opened.session.store.state)
    QTest.mouseMove(pane.view.viewport(), QPoint(40, 60))
    QTest.mouseRelease(pane.view.viewport(), LEFT, NONE, QPoint(40, 60))
    assert place_of(opened.session.store.state) == before


@pytest.mark.parametrize("tool", [Tool.PAN, Tool.CROSSHAIR])
def test_a_drag_that_is_broken_off_on_the_next_disc_puts_nothing_of_the_one_before_there(
    qtbot: QtBot, opened: MainWindow, cd_folder: Path, tool: Tool
) -> None:
    begin(pane_of(opened), tool)
    exchange(qtbot, opened, cd_folder)
    before = place_of(opened.session.store.state)
    opened.escape()
    assert place_of(opened.session.store.state) == before


def test_a_mark_that_was_being_moved_is_no_open_step_on_the_next_disc(
    qtbot: QtBot, opened: MainWindow, cd_folder: Path
) -> None:
    pane = pane_of(opened)
    begin(pane, Tool.RECTANGLE)
    QTest.mouseRelease(pane.view.viewport(), LEFT, NONE, pane.view.rect().center() + QPoint(60, 30))
    (mark,) = opened.session.store.state.document.marks
    assert pane.placement is not None
    corner = QPointF(*pane.placement.to_pane(*mark.points[0])).toPoint()
    QTest.mousePress(pane.view.viewport(), LEFT, NONE, corner)
    QTest.mouseMove(pane.view.viewport(), corner + QPoint(20, 20))
    assert opened.session.store.state.document.marks != (mark,)
    exchange(qtbot, opened, cd_folder)
    QTest.mouseRelease(pane.view.viewport(), LEFT, NONE, corner)
    begin(pane, Tool.ELLIPSE)
    QTest.mouseRelease(pane.view.viewport(), LEFT, NONE, pane.view.rect().center() + QPoint(60, 30))
    assert opened.session.store.undo()
    assert not opened.session.store.state.document.marks


def test_words_that_were_being_written_do_not_land_on_the_next_disc(
    qtbot: QtBot, opened: MainWindow, cd_folder: Path
) -> None:
    pane = pane_of(opened)
    opened.session.store.dispatch(ToolChosen(Tool.TEXT))
    QTest.mouseClick(pane.view.viewport(), LEFT, NONE, pane.view.rect().center())
    (line,) = pane.findChildren(Writing)
    line.setText("about the first disc")
    exchange(qtbot, opened, cd_folder)
    if isValid(line):
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert not opened.session.store.state.document.marks


def test_a_window_that_was_closed_may_still_change_its_size(opened: MainWindow) -> None:
    opened.close()
    opened.resize(960, 560)
    opened.show_panel("facts")
    assert opened.area is not None
    opened.area.resize(500, 300)


@pytest.mark.parametrize("next_one", ["none", "another"])
def test_a_preview_that_is_ready_late_does_not_come_up_over_another_scan(
    qtbot: QtBot, opened: MainWindow, cd_folder: Path, monkeypatch: pytest.MonkeyPatch, next_one: str
) -> None:
    may_go_on, begun = threading.Event(), threading.Event()
    prepared = preparing.prepare_question

    def held(*parts: object) -> Disclosure:
        begun.set()
        assert may_go_on.wait(LIMIT / 1000)
        return prepared(*parts)  # type: ignore[arg-type]

    monkeypatch.setattr(talks, "prepare_question", held)
    shown: list[Disclosure] = []
    monkeypatch.setattr(opened, "show_preview", lambda disclosure, talk: shown.append(disclosure))
    opened.session.setup.choose("address", "http://127.0.0.1:9", "made-up")
    panel = AskPanel(opened)
    qtbot.addWidget(panel)
    panel._prepare("What is this?", "")
    job = panel._preparing
    assert job is not None
    assert begun.wait(LIMIT / 1000)
    if next_one == "none":
        opened.session.close_disc()
    else:
        exchange(qtbot, opened, cd_folder)
    told: list[object] = []
    bridge: Bridge = opened.bridge
    bridge.follow(job, lambda job: told.append(job) if job.finished else None)
    may_go_on.set()
    qtbot.waitUntil(lambda: bool(told), timeout=LIMIT)
    assert job.result is not None
    assert not shown


def test_a_page_about_the_disc_before_goes_also_where_the_next_one_lies_in_the_same_drive(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, cd_folder: Path, tmp_path: Path
) -> None:
    drive = tmp_path / "drive"
    shutil.copytree(ct_folder, drive)
    open_disc(qtbot, window, drive)
    window.centre.show_page(QLabel("about the first disc"))
    shutil.rmtree(drive)
    shutil.copytree(cd_folder, drive)
    exchange(qtbot, window, drive)
    assert window.centre.page is None


def test_a_thumbnail_that_was_not_made_before_the_disc_was_left_is_made_when_it_is_back(
    qtbot: QtBot, opened: MainWindow, cd_folder: Path, ct_folder: Path
) -> None:
    """All workers are busy while its disc is exchanged: its number means another set by the time it is made."""
    thumbnails, busy = opened.browser.thumbnails, threading.Event()
    qtbot.waitUntil(lambda: thumbnails._running is None and not thumbnails._queue, timeout=LIMIT)
    (key,) = thumbnails._pixmaps
    thumbnails._pixmaps.clear()
    thumbnails._asked.clear()
    for _ in range(4):
        opened.session.jobs.start("busy", lambda job: busy.wait(LIMIT / 1000))
    disc = opened.session.store.state.disc
    assert disc is not None
    assert thumbnails.of(disc, key[0], key[2]) is None
    opened.session.close_disc()
    busy.set()
    exchange(qtbot, opened, cd_folder)
    qtbot.waitUntil(lambda: thumbnails._running is None and not thumbnails._queue, timeout=LIMIT)
    assert key not in thumbnails._failed
    exchange(qtbot, opened, ct_folder)
    qtbot.waitUntil(lambda: key in thumbnails._pixmaps, timeout=LIMIT)
