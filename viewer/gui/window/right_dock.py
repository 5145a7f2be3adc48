"""The right dock: ask, marks and facts are tabs of one place, made when first shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from viewer.gui.widgets.boxes import part, row_of
from viewer.gui.widgets.controls import IconButton
from viewer.gui.widgets.labels import Elided, Glyph
from viewer.text.translate import tr

TABS = {  # icon, title, and a short one for a narrow dock
    "ask": ("message-circle", "Ask about this picture", "Ask"),
    "marks": ("list", "Marks", ""),
    "facts": ("info", "Facts about this picture", "Facts"),
    "objects": ("flag", "What the clinic added", "From the clinic"),
}


class RightDock(QFrame):
    """`show_tab("marks")` builds the panel on first need."""

    closed = Signal()

    def __init__(self, makers: dict[str, Callable[[], QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "dock")
        self.setMinimumWidth(280)
        self._makers = makers
        self._panels: dict[str, QWidget] = {}
        self.tab = ""
        self._titles = {name: tr(title) for name, (_, title, _) in TABS.items()}
        self._glyph = Glyph("message-circle")
        self._title = Elided("", "strong")
        bar = part("docktitle")
        bar.setFixedHeight(36)
        self._switches = {
            name: IconButton(icon_name, tr(title), partial(self.show_tab, name))
            for name, (icon_name, title, _) in TABS.items()
        }
        close = IconButton("x", tr("Close this panel"), self.closed.emit)
        row = row_of(self._glyph, self._title, *self._switches.values(), close, spacing=0)
        row.setStretch(1, 1)
        row.setContentsMargins(12, 0, 6, 0)
        row.insertSpacing(1, 8)
        bar.setLayout(row)
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self._stack, 1)

    def show_tab(self, name: str) -> None:
        """Bring up a tab."""
        self.make(name)
        self._stack.setCurrentWidget(self._panels[name])
        self.announce(name)

    def make(self, name: str) -> None:
        """Build a panel that is not there yet, without bringing it up."""
        if name not in self._panels:
            self._panels[name] = self._makers[name]()
            self._stack.addWidget(self._panels[name])

    def announce(self, name: str) -> None:
        """The title of a tab whose panel is made a moment later: making it must not hold up the first picture."""
        self.tab = name
        self._glyph.set_glyph(TABS[name][0], "text2")
        self.set_title(name, self._titles[name])
        for other, switch in self._switches.items():
            switch.setVisible(other != name)

    def focus_here(self) -> None:
        """Give the panel the focus (F6)."""
        panel = self._panels.get(self.tab)
        if panel is not None:
            panel.setFocus(Qt.FocusReason.ShortcutFocusReason)  # one that knows better passes it on
            if panel.hasFocus():
                _first_stop(panel).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def panel(self, name: str) -> QWidget | None:
        """A panel that was made."""
        return self._panels.get(name)

    def set_title(self, name: str, words: str) -> None:
        """The title of a tab, shown while it is up ("Marks (4)")."""
        self._titles[name] = words
        if name == self.tab:
            short = TABS[name][2]
            self._title.set_words(words, tr(short) if short else "")
            self.setAccessibleName(words)


def _first_stop(panel: QWidget) -> QWidget:
    """The first control that Tab would reach: a panel that has the focus itself shows no ring."""
    at = panel.nextInFocusChain()
    while at is not None and at is not panel:
        if panel.isAncestorOf(at) and at.isVisible() and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return at
        at = at.nextInFocusChain()
    return panel
