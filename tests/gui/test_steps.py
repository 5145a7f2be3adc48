"""Steps: bit by bit, each painted before the next; what is gone by then is left out."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from typing_extensions import override

from viewer.gui.steps import Steps


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


def test_each_step_is_painted_before_the_next_and_taken_once(qtbot: QtBot) -> None:
    order: list[str] = []
    page = Page(order)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    qtbot.waitUntil(lambda: "painted" in order)
    order.clear()
    for _ in range(3):
        Steps.now().add(page, page.first)
    Steps.now().add(page, page.second)
    assert order == []
    qtbot.waitUntil(lambda: "second" in order)
    assert order == ["first", "painted", "second"]


def test_a_step_of_what_is_gone_is_left_out(qtbot: QtBot) -> None:
    taken: list[str] = []
    gone, there = QObject(), QObject()
    Steps.now().add(gone, lambda: taken.append("gone"))
    Steps.now().add(there, lambda: taken.append("there"))
    delete(gone)
    qtbot.waitUntil(lambda: bool(taken))
    assert taken == ["there"]
