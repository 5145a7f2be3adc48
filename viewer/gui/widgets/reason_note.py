"""Why a control is off, in a note under it: no dialog, gone with Esc, a click elsewhere, or the next thing done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from viewer.gui.look.theme import Appearance
from viewer.gui.widgets.announce import announce
from viewer.gui.widgets.labels import Glyph, Words
from viewer.text.translate import tr

SHOWN_MS = 9000
WIDTH = 340  # pixels with the usual letters
EDGE = 12


class ReasonNote(QFrame):
    """Floats over the window's own frame, at the top, never in the middle of a picture."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._about = ""
        self.setProperty("part", "floating")
        self._words = Words()
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 12, 8)
        row.addWidget(Glyph("info"))
        row.addWidget(self._words, 1)
        self._gone = QTimer(self)
        self._gone.setSingleShot(True)
        self._gone.setInterval(SHOWN_MS)
        self._gone.timeout.connect(self.hide)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def show_under(self, control: QWidget | None, action_id: str, name: str, reason: str) -> None:
        """Say why the action `name` is off, under `control` (or at the top left)."""
        self._about = action_id
        words = off_words(name, reason)
        self._words.set_words(words)
        self.setAccessibleName(words)
        window = self._window
        self.setFixedWidth(min(Appearance.now().pixels(WIDTH), window.width() - 2 * EDGE))
        self.adjustSize()
        at = QPoint(EDGE, 76)
        if control is not None and control.isVisible():
            at = control.mapTo(window, QPoint(0, control.height() + 6))
        self.move(min(at.x(), window.width() - self.width() - EDGE), at.y())
        self.show()
        self.raise_()
        self._gone.start()
        announce(self, words)

    def check(self, reason_of: Callable[[str], str]) -> None:
        """Gone as soon as it is not true any more."""
        if self.isVisible() and not reason_of(self._about):
            self.hide()


def off_words(name: str, reason: str) -> str:
    """ "Length is off: this picture has no scale."; a reason that names the control itself is whole already."""
    if reason.startswith(name):
        return reason
    return tr("{name} is off: {reason}", name=name, reason=reason[:1].lower() + reason[1:])
