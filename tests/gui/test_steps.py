"""Steps: bit by bit, each painted before the next; what is gone by then is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from typing_extensions import override

from tests.gui.conftest import LIMIT, show
from viewer.gui import steps
from viewer.gui.bridge import Bridge
from viewer.gui.look.theme import Appearance
from viewer.gui.steps import Bits, Steps
from viewer.gui.window.makers import ROOMS
from viewer.gui.window.window import MainWindow
from viewer.usecases.session import Session


class Page(QWidget):
    """Notes when it is painted, and takes two steps of its own."""

    def __init__(self, order: list[str]) -> None:
        super().__init__()
        self.order = order

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self.order.append("painted")

    def first(self) -> None:
        self.order.append("first")
        self.update()

    def second(self) -> None:
        self.order.append("second")


def page_on_screen(qtbot: QtBot) -> tuple[Page, list[str]]:
    """A page that was painted, and what happens to it from now on."""
    order: list[str] = []
    page = Page(order)
    qtbot.addWidget(page)
    show(qtbot, page)
    qtbot.waitUntil(lambda: "painted" in order)
    order.clear()
    return page, order


def test_each_step_is_painted_before_the_next_and_taken_once(qtbot: QtBot) -> None:
    page, order = page_on_screen(qtbot)
    for _ in range(3):
        Steps.now().add(page, page.first)
    Steps.now().add(page, page.second)
    assert order == []
    qtbot.waitUntil(lambda: "second" in order)
    taken = [step for step in order if step != "painted"]
    assert taken == ["first", "second"]
    assert "painted" in order[order.index("first") : order.index("second")]


def test_the_first_bit_is_made_at_once_and_the_others_are_painted_in_between(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PORTION_SECONDS", 0.0)
    page, order = page_on_screen(qtbot)

    def made(name: str, count: int) -> Iterator[None]:
        for number in range(count):
            order.append(f"{name}{number}")
            page.update()
            yield

    bits = Bits(page)
    bits.make(made("a", 9), lambda: order.append("never"))
    bits.make(made("b", 3), lambda: order.append("done"))
    assert order == ["a0", "b0"]
    assert not bits.is_done
    qtbot.waitUntil(lambda: bits.is_done)
    assert [one for one in order if one != "painted"] == ["a0", "b0", "b1", "b2", "done"]
    assert "painted" in order[order.index("b1") : order.index("b2")]


def test_bits_that_are_dropped_are_not_made(qtbot: QtBot) -> None:
    made: list[int] = []

    def bits(count: int) -> Iterator[None]:
        for number in range(count):
            made.append(number)
            yield

    owner, last = QObject(), QObject()
    dropped = Bits(owner)
    dropped.make(bits(5))
    dropped.drop()
    assert dropped.is_done
    done: list[bool] = []
    Steps.now().add(last, lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    assert made == [0]


def test_a_step_of_what_is_gone_is_left_out(qtbot: QtBot) -> None:
    taken: list[str] = []
    gone, there = QObject(), QObject()
    Steps.now().add(gone, lambda: taken.append("gone"))
    Steps.now().add(there, lambda: taken.append("there"))
    delete(gone)
    qtbot.waitUntil(lambda: bool(taken))
    assert taken == ["there"]


def test_steps_of_a_part_of_what_closes_are_left_out(qtbot: QtBot) -> None:
    taken: list[str] = []
    window, other = QWidget(), QWidget()
    qtbot.addWidget(window)
    qtbot.addWidget(other)
    part = QObject(QWidget(window))
    for owner, name in ((window, "window"), (part, "part"), (other, "other")):
        Steps.now().add(owner, partial(taken.append, name))
    Steps.now().leave_out(window)
    qtbot.waitUntil(lambda: bool(taken))
    assert taken == ["other"]


def test_a_window_closed_while_its_parts_come_up_says_nothing(
    qtbot: QtBot, session_of: Callable[[Bridge], Session], ct_folder: Path
) -> None:
    bridge = Bridge()
    window = MainWindow(session_of(bridge), bridge, Appearance("light"), ROOMS)
    qtbot.addWidget(window)
    window.show()
    store = window.session.store
    looking = QTimer()
    looking.timeout.connect(lambda: window.close() if window.area and store.state.view.pane else None)
    looking.start(0)
    window.open_path(str(ct_folder))
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LIMIT)
    looking.stop()
    taken: list[str] = []
    last = QObject()
    Steps.now().add(last, lambda: taken.append("last"))
    qtbot.waitUntil(lambda: bool(taken), timeout=LIMIT)
