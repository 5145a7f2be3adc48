"""Warming: what a first click needs is imported on a worker and built bit by bit after the first paint, while nothing
else goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from viewer.gui.bridge import Bridge
from viewer.gui.steps import Bits
from viewer.gui.window.makers import draw_words_ahead, make_more_of_ask, make_ready
from viewer.gui.window.right_dock import RightDock
from viewer.jobs.jobs import Job

if TYPE_CHECKING:
    from viewer.gui.panes.area import PaneArea
    from viewer.usecases.session import Session

Step = Callable[[], object]


def icons_of(*parts: QWidget) -> Iterator[Step]:
    """A step for each icon on the buttons of some parts, on and off: read and drawn at the first paint all together they
    are a third of it."""
    for part in parts:
        for button in part.findChildren(QAbstractButton):
            if not button.icon().isNull():
                yield partial(_draw, button)


def _draw(button: QAbstractButton) -> None:
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled):
        button.icon().pixmap(button.iconSize(), button.devicePixelRatioF(), mode)


def dressing_of(*parts: QWidget) -> Iterator[Step]:
    """A step for each part that is still hidden: it is dressed, laid out and drawn where nobody sees it, so that the sheet's
    rules, its fonts and its icons are there when it first comes on screen."""
    for part in parts:
        yield partial(_dress, part)


def _dress(part: QWidget) -> None:
    if isValid(part) and not part.isVisible():
        part.grab()


def types_of_qt() -> Iterator[None]:
    """A step for each type of Qt that is not made yet. PySide makes one when it is first asked for, and two threads that do
    so at a time end the program; pyqtgraph, which a worker imports, asks for all of them."""
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            if name not in vars(module):
                getattr(module, name)
                yield


def later_steps(
    need_panes: Callable[[], PaneArea], right: RightDock, ratio: float, hidden: Sequence[QWidget]
) -> tuple[Step, ...]:
    """What a first scan and a first question need, once it is imported: panes, words on pictures at this `ratio` of the
    screen, the panel for asking, and the parts that are still hidden."""
    make_pane = lambda: need_panes().make_ahead()  # noqa: E731  three events, not one
    words = lambda: draw_words_ahead(ratio)  # noqa: E731
    ask = (lambda: right.make("ask"), *[lambda: make_more_of_ask(right.panel("ask"))] * 6)
    return (need_panes, make_pane, make_pane, make_pane, words, *ask, *dressing_of(*hidden))


class Warming(QObject):
    """`start` once; each step is an event of its own, so that paint and the hand come in between."""

    def __init__(self, session: Session, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._bridge = session, bridge
        self._steps: deque[Step] = deque()
        self._later: tuple[Step, ...] = ()
        self._types = Bits(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)
        self.importing = self._is_started = False

    def start(self, first: Iterable[Step], steps: Iterable[Step]) -> None:
        """Take the `first` steps while Qt's types are made and a worker imports, then the others."""
        self._steps.extend(first)
        self._later = tuple(steps)
        self._timer.start(0)
        self.importing = self._is_started = True
        self._types.make(types_of_qt(), self._import)

    def _import(self) -> None:
        self._bridge.follow(self._session.jobs.start("warm up", self._make_ready, behind=True), self._imported)

    def _make_ready(self, job: Job[None]) -> None:
        self._session.jobs.begin_threads()
        make_ready()

    @property
    def is_done(self) -> bool:
        """Whether all steps are taken."""
        return self._is_started and not self.importing and not self._steps

    def stop(self) -> None:
        """The window is closing: nothing is needed any more."""
        self._steps.clear()
        self._later = ()
        self._timer.stop()

    def _imported(self, job: Job[None]) -> None:
        if job.finished:
            self.importing = False
            self._steps.extend(self._later)
            self._timer.start(0)

    def _next(self) -> None:
        if self._steps:
            self._steps.popleft()()
        else:
            self._timer.stop()
