"""The tool bar: one stop for the Tab key, arrows inside; words fold away where the window is narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget
from typing_extensions import override

from viewer.gui.bind_actions import BoundActions
from viewer.gui.look.theme import Appearance
from viewer.gui.widgets.boxes import Rule
from viewer.gui.widgets.controls import IconGrows, pressed, set_look
from viewer.text.translate import tr

ROW = (
    "open", "layout", "|", "tool_window", "tool_pan", "tool_zoom", "tool_crosshair", "|", "tool_region", "|",
    "tool_arrow", "tool_length", "tool_ellipse", "tool_rectangle", "tool_text", "|", "undo", "redo", "put_back", " ",
    "names", "save_pdf", "settings",
)  # fmt: skip
WORDS = {"open": "Open", "layout": "Layout", "tool_region": "Choose a part", "save_pdf": "Save as PDF"}


class ToolBar(QFrame):
    """Tools of 32 px. "layout" switches between one picture and three directions."""

    def __init__(self, actions: BoundActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "toolbar")
        self.setAccessibleName(tr("Tools"))
        self.setFixedHeight(44)
        self.buttons: dict[str, Tool] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(2)
        for name in ROW:
            if name == "|":
                row.addWidget(Rule(upright=True))
            elif name == " ":
                row.addStretch(1)
            else:
                self.buttons[name] = Tool(name, actions, self)
                row.addWidget(self.buttons[name])
        self._take_tab_stop("open")

    def fold_words(self, folded: bool) -> None:
        """Only icons where the window is narrow."""
        for name in WORDS:
            style = Qt.ToolButtonStyle.ToolButtonIconOnly if folded else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            self.buttons[name].setToolButtonStyle(style)

    def icons_ahead(self) -> Iterator[Callable[[], None]]:
        """A step for each button that draws all its icons: those of a scan come on screen together as it is opened."""
        return (button.draw_ahead for button in self.buttons.values())

    def step(self, tool: Tool, by: int) -> None:
        """The next button to the right (1) or left (-1) gets the focus and the bar's one tab stop."""
        names = [name for name, button in self.buttons.items() if button.isVisible()]
        name = names[(names.index(tool.name) + by) % len(names)]
        self._take_tab_stop(name)
        self.buttons[name].setFocus(Qt.FocusReason.TabFocusReason)

    def focus_here(self) -> None:
        """Give the bar the focus (F6)."""
        for button in self.buttons.values():
            if button.focusPolicy() & Qt.FocusPolicy.TabFocus:
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _take_tab_stop(self, chosen: str) -> None:
        for name, button in self.buttons.items():
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus if name == chosen else Qt.FocusPolicy.NoFocus)


class Tool(IconGrows, QToolButton):
    """One tool; muted with its reason while its action is blocked."""

    def __init__(self, name: str, actions: BoundActions, bar: ToolBar) -> None:
        super().__init__(bar)
        self.name = name
        self._bar = bar
        self._icons = actions.icons("layout_three" if name == "layout" else name)
        self._action = actions["layout_three" if name == "layout" else name]
        if name == "layout":  # a button that switches, never a pressed one
            self.clicked.connect(self._action.trigger)
        else:
            self.setDefaultAction(self._action)
        self._fit_icon()
        self._action.changed.connect(self._follow)
        if name in WORDS:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._follow()

    def _follow(self) -> None:
        action = self._action
        if self.name == "layout":
            self.setIcon(action.icon())
            self.setToolTip(action.toolTip())
        if self.name in WORDS:
            self.setText(" " + tr(WORDS[self.name]))
        self.setAccessibleName(action.iconText())
        self.setAccessibleDescription(action.statusTip())
        set_look(self, "blocked", bool(action.property("blocked")))

    @override
    def _fit_icon(self) -> None:
        edge = Appearance.now().icon_pixels(20)
        self.setIconSize(QSize(edge, edge))
        self.setFixedHeight(edge + 12)
        self.setMinimumWidth(edge + 12)

    def draw_ahead(self) -> None:
        """Draw the icons as they look while the tool can be used and while it is off, up and down."""
        for one in self._icons:
            for state in (QIcon.State.Off, QIcon.State.On):
                one.pixmap(self.iconSize(), self.devicePixelRatioF(), QIcon.Mode.Normal, state)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self._bar.step(self, step)
        elif not pressed(self, event):
            super().keyPressEvent(event)
