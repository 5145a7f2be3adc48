"""A person at the window: opens, looks, draws, asks and reads, by mouse and keyboard only. Qt is hidden below here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.patience import PATIENCE_MS
from viewer.app import make_session
from viewer.document.model import PaneView, State, Turn, View
from viewer.gui.bridge import Bridge
from viewer.gui.panels.ask import AskPanel
from viewer.gui.panels.preview import PreviewPage
from viewer.gui.panes.pane import Pane
from viewer.gui.sets.set_model import ROW_ROLE
from viewer.gui.start import make_application
from viewer.gui.widgets import file_dialogs
from viewer.gui.window.makers import ROOMS
from viewer.gui.window.window import MainWindow

W = TypeVar("W", bound=QWidget)


class Person:
    """One sitting at one window."""

    def __init__(self, bot: QtBot, patch: pytest.MonkeyPatch) -> None:
        self.bot, self._patch = bot, patch
        _, appearance = make_application(["sidelight"], "light")
        self.bridge = Bridge()
        self.session = make_session(self.bridge.call_soon)
        self.window = MainWindow(self.session, self.bridge, appearance, ROOMS)
        self.window.resize(1366, 768)
        with bot.waitExposed(self.window, timeout=PATIENCE_MS):
            self.window.show()

    # --- what is there
    @property
    def state(self) -> State:
        return self.session.store.state

    @property
    def view(self) -> View:
        return self.state.view

    @property
    def shown(self) -> PaneView:
        pane = self.view.pane
        assert pane is not None
        return pane

    @property
    def pane(self) -> Pane:
        """The active pane on screen."""
        assert self.window.area is not None
        pane = self.window.area.active
        assert pane is not None
        return pane

    def until(self, true: Callable[[], object], why: str = "") -> None:
        """Wait for something to become true."""

        def check() -> None:
            assert true(), why

        self.bot.waitUntil(check, timeout=PATIENCE_MS)

    def find(self, kind: type[W], within: QWidget | None = None) -> W:
        """The visible widget of a kind; parts of the window come up one after the other."""

        def found() -> list[W]:
            return [w for w in (within or self.window).findChildren(kind) if w.isVisible()]

        self.until(found, kind.__name__)
        return found()[0]

    def press(self, words: str, within: QWidget | None = None) -> None:
        """Click the button with these words."""
        for button in (within or self.window).findChildren(QAbstractButton):
            if button.isVisible() and (button.text() == words or button.accessibleName() == words):
                self.bot.mouseClick(button, Qt.MouseButton.LeftButton)
                return
        raise AssertionError(f"no button {words!r}")

    def type_keys(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Keys go to the active pane."""
        self.pane.view.setFocus()
        for key in keys:
            self.bot.keyClick(self.pane.view.viewport(), key, modifier)

    # --- open
    def open_folder(self, folder: Path) -> None:
        """By the button on the start page; the system's dialog is answered for the person."""
        self._patch.setattr(file_dialogs, "choose_folder", lambda *a: str(folder))
        self.press("Choose a folder…")
        self.until(self.is_read, "the folder was not read")
        self.until(lambda: self.window.is_whole, "not every part of the window came up")

    def is_read(self) -> bool:
        """The whole disc is known and its first picture is on screen."""
        disc = self.state.disc
        return disc is not None and disc.complete and self.is_shown()

    def is_shown(self) -> bool:
        """The active pane shows the slice that the store names."""
        if self.window.area is None or self.window.area.active is None:
            return False
        slice_ = self.pane.slice
        pane = self.view.pane
        return (
            slice_ is not None and pane is not None and (slice_.series_id, slice_.index) == (pane.series_id, pane.index)
        )

    def click_set(self, series_id: str) -> None:
        """Choose a set in the list."""
        sets = self.window.browser.sets
        rows = [sets.model().index(n, 0) for n in range(sets.model().rowCount())]
        at = next(row for row in rows if row.data(ROW_ROLE).series_id == series_id)
        sets.scrollTo(at)
        self.bot.mouseClick(sets.viewport(), Qt.MouseButton.LeftButton, pos=sets.visualRect(at).center())

    # --- mouse on the picture, in pixels of the slice
    def at(self, column: float, row: float) -> QPoint:
        """Where a pixel of the slice lies on the active pane."""
        placement = self.pane.placement
        assert placement is not None
        x, y = placement.to_pane(column, row)
        return QPoint(round(x), round(y))

    def drag(
        self, start: QPoint, end: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton, steps: int = 6
    ) -> None:
        """Press, move in steps, let go."""
        target = self.pane.view.viewport()
        none = Qt.MouseButton.NoButton

        def send(kind: QEvent.Type, at: QPointF, one: Qt.MouseButton, held: Qt.MouseButton) -> None:
            place = QPointF(target.mapToGlobal(at))
            event = QMouseEvent(kind, at, place, one, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(target, event)

        send(QEvent.Type.MouseButtonPress, QPointF(start), button, button)
        for step in range(1, steps + 1):
            here = QPointF(start) + (QPointF(end) - QPointF(start)) * (step / steps)
            send(QEvent.Type.MouseMove, here, none, button)
        send(QEvent.Type.MouseButtonRelease, QPointF(end), button, none)

    def wheel(self, notches: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Turn the wheel over the middle of the active pane; negative is towards the person."""
        target = self.pane.view.viewport()
        at = QPointF(target.rect().center())
        for _ in range(abs(notches)):
            turn = QPoint(0, 120 if notches > 0 else -120)
            place = QPointF(target.mapToGlobal(at))
            none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
            QApplication.sendEvent(target, QWheelEvent(at, place, QPoint(), turn, none, modifier, phase, False))

    # --- ask
    def open_ask_panel(self) -> AskPanel:
        """By its key."""
        self.window.act("ask")
        return self.find(AskPanel)

    def write_question(self, words: str) -> PreviewPage:
        """Type, and see what will be sent."""
        panel = self.find(AskPanel)
        latin = "".join(letter for letter in words if letter.isascii())
        self.bot.keyClicks(panel.question, latin)
        if latin != words:  # the test library types ASCII only; the rest is pasted, as people do
            QApplication.clipboard().setText(words)
            self.bot.keyClick(panel.question, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            self.bot.keyClick(panel.question, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        self.press("See what will be sent", panel)
        self.until(lambda: bool(self.window.findChildren(PreviewPage)), "no preview came")
        return self.find(PreviewPage)

    def agree(self) -> None:
        """Send this picture."""
        self.press("Send this picture", self.find(PreviewPage))

    @property
    def last_turn(self) -> Turn:
        return self.state.conversations.items[-1].turns[-1]

    def wait_for_the_end(self) -> Turn:
        """Until the answer has ended, one way or another."""
        self.until(lambda: self.state.conversations.items, "nothing was asked")
        self.until(lambda: self.last_turn.answer.state.ended, "the answer never ended")
        return self.last_turn

    # --- take along, leave
    def save_pdf(self, path: Path) -> Path:
        """By the tool bar; the system's dialog is answered for the person."""
        self._patch.setattr(file_dialogs, "choose_place", lambda *a: str(path))
        self.window.act("save_pdf")
        self.until(path.exists, "no PDF was written")
        return path

    def leave(self) -> None:
        """Close the window and end the program's part of it."""
        self.window.close()
        self.session.close()
        self.window.deleteLater()


@contextmanager
def sitting(bot: QtBot, patch: pytest.MonkeyPatch) -> Iterator[Person]:
    """A person at a fresh window, which is closed in the end."""
    person = Person(bot, patch)
    try:
        yield person
    finally:
        person.leave()


def all_text(widget: QWidget) -> str:
    """Every word on screen below a widget."""
    texts: list[str] = []
    for one in (widget, *widget.findChildren(QWidget)):
        if one.isVisible():
            reader: Any = getattr(one, "toPlainText", None) or getattr(one, "text", None)
            if callable(reader):
                texts.append(str(reader()))
    return "\n".join(texts)
