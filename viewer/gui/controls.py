"""The small widgets every panel is made of: buttons by role, words, notes, cards, lines.

A control that is off is not disabled: it keeps focus and click, looks muted, and says why (`set_blocked`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from viewer.gui.icons import drawn, icon
from viewer.gui.plain_text import as_tip, show_text
from viewer.gui.theme import Appearance, tokens

KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


def set_look(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the sheet selects by, and dress the widget anew."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def show_focus(widget: QWidget, event: QFocusEvent | None) -> None:
    """The ring is for the keyboard only (always in high contrast); a sheet's `:focus` cannot tell."""
    ringed = event is not None and event.gotFocus() and (event.reason() in KEYBOARD or tokens().is_contrast)
    set_look(widget, "keyfocus", ringed)


NARROWEST_WORDS = 60
ICON = 16  # pixels beside letters of the usual size
LARGEST_ICON = 24  # of a button that is only an icon, in the title of a dock
BETWEEN = " · "  # parts of a line


def in_lines(words: str, metrics: QFontMetrics, room: int) -> str:
    """Broken where a line would be wider than `room` pixels: between words, and within what has no spaces."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= room:
            lines[-1] = longer
        else:
            lines += _pieces(word, metrics, room)
    return "\n".join(lines)


def _pieces(word: str, metrics: QFontMetrics, room: int) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and metrics.horizontalAdvance(pieces[-1] + letter) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


class Button(QPushButton):
    """A button: role "" | "primary" | "link" | "chip". Signals `chosen` when on, `refused` with the reason when off."""

    chosen = Signal()
    refused = Signal(str)

    def __init__(
        self,
        words: str,
        role: str = "",
        icon_name: str = "",
        do: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.reason = ""
        self._role = ""
        self._icon_name = icon_name
        self._is_tight = False  # no room for the icon
        self.set_words(words)
        self.set_role(role)
        self._fit_icon()
        if role == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.clicked.connect(self._clicked)
        if do is not None:
            self.chosen.connect(do)

    def _fit_icon(self) -> None:
        edge = Appearance.now().pixels(ICON)
        self.setIconSize(QSize(edge, edge))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:  # other letters
            self._fit_icon()

    def set_role(self, role: str) -> None:
        """Another role: which button is the filled one depends on what is asked for now."""
        self._role = role
        set_look(self, "role", role)
        self._show_icon("on_accent" if role == "primary" else "text2")

    def set_words(self, words: str) -> None:
        """Other words on the button; a wider gap after the icon than the style gives."""
        show_text(self, f"\u2002{words}" if self._icon_name and not self._is_tight else words)
        self.setAccessibleName(words)

    def _show_icon(self, token: str) -> None:
        if self._icon_name:
            self.setIcon(QIcon() if self._is_tight else icon(self._icon_name, token))

    def _tighten(self, *, tight: bool) -> None:
        self._is_tight = tight
        self.set_words(self.accessibleName())
        self.set_role(self._role)
        if self.reason:
            self.set_blocked(self.reason)

    def fit(self, room: int) -> None:
        """No wider than `room` pixels, for large letters in a narrow panel: without its icon, then in lines."""
        self._tighten(tight=False)
        if self.sizeHint().width() > room:
            self._tighten(tight=True)
            metrics = self.fontMetrics()
            around = self.sizeHint().width() - metrics.horizontalAdvance(self.text())
            show_text(self, in_lines(self.text(), metrics, room - around))

    def set_blocked(self, reason: str) -> None:
        """Off with this reason, or on again with ""."""
        self.reason = reason
        set_look(self, "blocked", bool(reason))
        self.setToolTip(as_tip(reason))
        self.setAccessibleDescription(reason)
        if self._icon_name and self._role == "primary":
            self._show_icon("muted" if reason else "on_accent")

    def _clicked(self) -> None:
        if self.reason:
            self.refused.emit(self.reason)
        else:
            self.chosen.emit()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        show_focus(self, None)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Return presses the focused button as Space does: a panel is no dialog with a default button.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._role == "primary" and self.property("keyfocus") and not self.reason:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens().on_accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 4, 4)


class IconButton(QToolButton):
    """A flat button that is only an icon; its name is its tooltip and its name for screen readers."""

    def __init__(
        self, icon_name: str, name: str, do: Callable[[], None] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setIcon(icon(icon_name))
        self._fit_icon()
        self.setAccessibleName(name)
        self.setToolTip(as_tip(name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if do is not None:
            self.clicked.connect(lambda: do())

    def _fit_icon(self) -> None:
        edge = min(Appearance.now().pixels(ICON), LARGEST_ICON)
        self.setIconSize(QSize(edge, edge))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:  # other letters
            self._fit_icon()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        show_focus(self, None)


class Choice(QComboBox):
    """A box to choose from, as high as a line to write in; the sheet leaves its arrow to be painted here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(QStyledItemDelegate(self))  # the style's own takes no height from the sheet

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        at = self.rect()
        arrow = drawn("chevron-down", 16, tokens().text2, self.devicePixelRatioF())
        QPainter(self).drawPixmap(at.right() - 24, at.center().y() - 7, arrow)


class Line(QLineEdit):
    """A line to write in; Esc is its own (`escaped`) before it is the window's."""

    escaped = Signal()

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.escaped.emit()
                return True
        return super().event(event)


class Words(QLabel):
    """Text of a kind: title, section, strong, lead, second, caption, label, group or "" for the base. Wraps unless told."""

    def __init__(self, text: str = "", kind: str = "", wraps: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if kind:
            self.setProperty("words", kind)
        self.setWordWrap(wraps)
        self.set_words(text)

    def set_words(self, text: str) -> None:
        """Show `text`, made plain."""
        show_text(self, text)


class Elided(QLabel):
    """One line. Where it does not fit, nor its short form, it ends in an ellipsis; the tooltip holds all of it."""

    def __init__(
        self, text: str = "", kind: str = "", parent: QWidget | None = None, *, most: int = 0, in_parts: bool = False
    ) -> None:
        """most: pixels of width it asks for where its words need them; 0: it takes what is left. in_parts: the last of
        its parts go before any word is cut."""
        super().__init__(parent)
        if kind:
            self.setProperty("words", kind)
        self._whole = self._short = ""
        self._most, self._in_parts = most, in_parts
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Maximum if most else policy.Ignored, policy.Fixed)
        self.set_words(text)

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        wide = self.fontMetrics().horizontalAdvance(self._whole) + 2
        return QSize(min(wide, self._most), hint.height()) if self._most else hint

    @override
    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(self.sizeHint().width(), NARROWEST_WORDS), hint.height()) if self._most else hint

    def set_words(self, text: str, short: str = "") -> None:
        """Show `text`, made plain; where it does not fit, `short` where there is one."""
        self._whole, self._short = text, short
        self._fit()

    def _fit(self) -> None:
        metrics, room = self.fontMetrics(), max(self.width(), 20)
        words = self._short if self._short and metrics.horizontalAdvance(self._whole) > room else self._whole
        parts = words.split(BETWEEN) if self._in_parts else [words]
        while len(parts) > 1 and metrics.horizontalAdvance(BETWEEN.join(parts)) > room:
            parts.pop()  # a whole part less says more than a part that is cut
        fitted = metrics.elidedText(BETWEEN.join(parts), Qt.TextElideMode.ElideRight, room)
        show_text(self, fitted)
        self.setToolTip(as_tip(self._whole) if fitted != self._whole else "")
        self.setAccessibleName(self._whole)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class Glyph(QLabel):
    """An icon that stands in text; follows the theme."""

    def __init__(self, name: str, tint: str = "text2", pixels: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tint, self._usual = name, tint, pixels
        self._fit()
        Appearance.now().changed.connect(self._fit)

    def _fit(self) -> None:
        """As large as the letters it stands beside."""
        self._pixels = Appearance.now().pixels(self._usual)
        self.setFixedSize(self._pixels, self._pixels)
        self.update()

    def set_glyph(self, name: str, token: str) -> None:
        """Another icon."""
        self._name, self._tint = name, token
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = str(getattr(tokens(), self._tint))
        painter.drawPixmap(0, 0, drawn(self._name, self._pixels, colour, self.devicePixelRatioF()))


class Progress(QProgressBar):
    """How far something is. `setValue` of Qt's own bar paints at once, and with it all of the window that waits to be
    painted; here that comes when it is its turn."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setAccessibleName(name)

    def show_far(self, done: int, total: int) -> None:
        """`done` of `total`; a total of 0 means that nobody knows."""
        if (done, total) == (self.value(), self.maximum()):
            return
        self.setUpdatesEnabled(False)
        self.setRange(0, total)
        self.setValue(done)
        self.setUpdatesEnabled(True)


NOTE_ICONS = {
    "info": ("info", "text2"),
    "accent": ("info", "accent"),
    "warn": ("triangle-alert", "warn"),
    "bad": ("triangle-alert", "bad"),
    "lock": ("lock", "text2"),
}


class Note(QFrame):
    """A note: an icon, one or two sentences, and at most one button. Kind: info, accent, warn, bad or lock."""

    def __init__(self, text: str = "", kind: str = "info", strong: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "note")
        self.setProperty("kind", kind)
        name, token = NOTE_ICONS[kind]
        self._glyph = Glyph(name, token)
        self._strong = Words(strong, "strong")
        self._words = Words(text, "second")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 8, 10, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._strong)
        column.addWidget(self._words)
        self._row.addLayout(column, 1)
        self.set_words(text, strong)

    def set_words(self, text: str, strong: str = "") -> None:
        """Other sentences."""
        self._strong.set_words(strong)
        self._strong.setVisible(bool(strong))
        self._words.set_words(text)
        self._words.setVisible(bool(text))
        self.setAccessibleName(" ".join(part for part in (strong, text) if part))

    def set_kind(self, kind: str) -> None:
        """Another kind."""
        set_look(self, "kind", kind)
        self._glyph.set_glyph(*NOTE_ICONS[kind])

    def add_button(self, button: QPushButton) -> None:
        """The one thing to do about it, at the right."""
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)


class Card(QFrame):
    """A card with a column inside."""

    def __init__(self, parent: QWidget | None = None, margins: int = 16) -> None:
        super().__init__(parent)
        self.setProperty("part", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(margins, margins, margins, margins)
        self.column.setSpacing(8)


class Rule(QFrame):
    """A line of 1 px; `upright` between tools."""

    def __init__(self, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "separator")
        if upright:
            self.setFixedSize(1, 24)
        else:
            self.setFixedHeight(1)


def part(name: str, parent: QWidget | None = None) -> QFrame:
    """A frame that the sheet knows by `name` (toolbar, statusline, dock, docktitle, dockfoot, page, row)."""
    frame = QFrame(parent)
    frame.setProperty("part", name)
    return frame


class Abreast(QWidget):
    """Buttons or short words side by side, below each other where they do not fit: none is ever cut."""

    def __init__(self, *buttons: QWidget) -> None:
        super().__init__()
        self._buttons = buttons
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        for button in buttons:
            self._box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._box.addStretch(1)

    @override
    def minimumSizeHint(self) -> QSize:
        widest = max(button.sizeHint().width() for button in self._buttons)
        return QSize(widest, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = sum(button.sizeHint().width() + 8 for button in self._buttons) - 8
        ways = QBoxLayout.Direction
        self._box.setDirection(ways.LeftToRight if wanted <= self.width() else ways.TopToBottom)


def row_of(*parts: QWidget | QLayout | int, spacing: int = 8) -> QHBoxLayout:
    """Widgets or layouts side by side; an int is a stretch of that weight."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    return _filled(row, parts, spacing)


def column_of(*parts: QWidget | QLayout | int, spacing: int = 8, margin: int = 0) -> QVBoxLayout:
    """Widgets or layouts below each other; an int is a stretch of that weight."""
    column = QVBoxLayout()
    column.setContentsMargins(margin, margin, margin, margin)
    return _filled(column, parts, spacing)


Box = TypeVar("Box", QHBoxLayout, QVBoxLayout)


def _filled(box: Box, parts: tuple[QWidget | QLayout | int, ...], spacing: int) -> Box:
    box.setSpacing(spacing)
    for part_ in parts:
        if isinstance(part_, int):
            box.addStretch(part_)
        elif isinstance(part_, QLayout):
            box.addLayout(part_)
        else:
            box.addWidget(part_)
    return box


__all__ = [
    "Button", "Card", "Choice", "Elided", "Glyph", "IconButton", "Line", "Note", "Rule", "Words", "column_of", "part", "row_of",
    "set_look", "show_focus",
]  # fmt: skip
