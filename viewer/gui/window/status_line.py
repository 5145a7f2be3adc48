"""The status line: what the hand can do now, the value under the pointer, names hidden or shown, the notice,
and what cannot be saved."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from viewer.document.model import State, Tool
from viewer.gui.widgets.announce import announce
from viewer.gui.widgets.labels import Elided, Glyph, Words
from viewer.gui.window.copy_line import CopyLine
from viewer.text.translate import tr

NOTICE = "For information, not a diagnosis"
SAID_MS = 8000
MOST_UNSAVED = 480  # pixels of width
HINTS = {
    Tool.WINDOW: "Drag: brightness and contrast · Wheel: next picture · Right-drag: zoom",
    Tool.PAN: "Drag to move the picture · Wheel: next picture · Double-click: one pane",
    Tool.ZOOM: "Drag up: closer · 0: automatic brightness · Esc: put it back",
    Tool.CROSSHAIR: "Click a point: the other panes show the same point",
    Tool.REGION: "Drag to choose a part · Esc to drop it",
    Tool.ARROW: "Drag from the text to the point · Esc: brightness tool",
    Tool.LENGTH: "Drag from end to end · Esc: brightness tool",
    Tool.ELLIPSE: "Drag across what you want to measure · Esc: brightness tool",
    Tool.RECTANGLE: "Drag across what you want to measure · Esc: brightness tool",
    Tool.TEXT: "Click where the words belong",
}
SELECTED = "Drag a handle to change the mark · Arrow keys move it · Delete removes it (Ctrl+Z brings it back)"

CLOSES = "Esc: back to the pictures"


class StatusLine(QFrame):
    """28 px at the foot of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "statusline")
        self.setMinimumHeight(28)
        self.hint = Elided("", "second", in_parts=True)
        self._value = Words("", "second", wraps=False)
        self._eye = Glyph("eye-off")
        self._names = Words("", "second", wraps=False)
        self.notice = Words(tr(NOTICE), "second", wraps=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(16)
        row.addWidget(self.hint, 1)
        self.unsaved = Elided("", "strong", most=MOST_UNSAVED)
        self.unsaved.hide()
        row.addWidget(self.unsaved)
        self.copying = CopyLine()
        row.addWidget(self.copying)
        row.addWidget(self._value)
        names = QHBoxLayout()
        names.setSpacing(6)
        names.addWidget(self._eye)
        names.addWidget(self._names)
        row.addLayout(names)
        row.addWidget(self.notice)
        self._hint_words = ""
        self._answers = False  # what is said answers something that the person did
        self._has_disc, self._tool = False, Tool.WINDOW
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(SAID_MS)
        self._said.timeout.connect(lambda: self.hint.set_words(self._hint_words))

    def show_state(self, state: State, *, has_pictures: bool = True) -> None:
        """The hint of the tool while pictures are on screen, and whether names are shown."""
        words = SELECTED if state.view.selected_mark else HINTS[state.view.tool]
        self._hint_words = tr(words if has_pictures else CLOSES) if state.view.panes else ""
        closed = self._has_disc and state.disc is None  # one that is opened is told of late: what was said is no older
        if closed or state.view.tool is not self._tool:  # what another tool does is what one wants to know
            self._said.stop()
        self._has_disc, self._tool = state.disc is not None, state.view.tool
        if not self._said.isActive():
            self.hint.set_words(self._hint_words)
        if state.disc is None:
            self.copying.hide()
        shown = state.view.names_shown
        self._eye.set_glyph("eye" if shown else "eye-off", "text2")
        self._names.set_words(tr("Names shown") if shown else tr("Names hidden"))
        for widget in (self._eye, self._names):
            widget.setVisible(state.disc is not None)

    def show_value(self, value: str) -> None:
        """The value under the pointer."""
        self._value.set_words(tr("Point value {value}", value=value) if value else "")

    def show_unsaved(self, sentence: str) -> None:
        """Why what is done now is not kept, for as long as it is not; "" hides it."""
        self.unsaved.set_words(sentence)
        self.unsaved.updateGeometry()
        self.unsaved.setVisible(bool(sentence))

    def hush(self) -> None:
        """What was answered before is not about what comes up now: it gives way to what the hand can do there."""
        self._said.stop()

    def report(self, sentence: str) -> None:
        """What goes on by itself. It never takes the place of an answer that still stands."""
        if not (self._answers and self._said.isActive()):
            self.say(sentence)
            self._answers = False

    def say(self, sentence: str) -> None:
        """An answer to what the person did, for a while, announced politely to screen readers."""
        self._answers = True
        self.hint.set_words(sentence)
        self._said.start()
        announce(self, sentence)
