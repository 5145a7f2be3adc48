"""The small widgets that are worked with: buttons by role, a choice, a line to write in, progress.

A control that is off is not disabled: it keeps focus and click, looks muted, and says why (`set_blocked`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QIcon, QKeyEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from viewer.gui.look.icons import drawn, icon
from viewer.gui.look.theme import Appearance, tokens
from viewer.gui.widgets.labels import in_lines
from viewer.gui.widgets.plain_text import as_tip, show_text

if TYPE_CHECKING:
    _AnyWidget = QWidget
else:  # Qt's own class stands beside it
    _AnyWidget = object

KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


def set_look(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the sheet selects by, and dress the widget anew, unless it is still to be dressed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()  # what is painted by hand


def show_focus(widget: QWidget, event: QFocusEvent | None) -> None:
    """The ring is for the keyboard only (always in high contrast); a sheet's `:focus` cannot tell."""
    ringed = event is not None and event.gotFocus() and (event.reason() in KEYBOARD or tokens().is_contrast)
    set_look(widget, "keyfocus", ringed)


class Ringed(_AnyWidget):
    """Named before Qt's own class among the bases of a part that shows the ring."""

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_focus(self, event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        show_focus(self, None)


class IconGrows(Ringed):
    """A part whose icon follows the size of the person's letters; named before Qt's own class, as `Ringed`."""

    def _fit_icon(self) -> None:
        """Give the icon its size; called by the part itself as it is made, and again with other letters."""
        raise NotImplementedError

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_icon()


def pressed(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Return presses the focused button as Space does: a panel is no dialog with a default button, and the row that
    a button stands in would take the key for itself."""
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    button.click()
    return True


ICON = 16  # pixels beside letters of the usual size


class Button(IconGrows, QPushButton):
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
        self._room = 0  # pixels it was fitted into; 0: as it comes
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

    @override
    def _fit_icon(self) -> None:
        edge = Appearance.now().pixels(ICON)
        self.setIconSize(QSize(edge, edge))

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
        self._room = room
        self._tighten(tight=False)
        if self.sizeHint().width() > room:
            self._tighten(tight=True)
            metrics = self.fontMetrics()
            around = self.sizeHint().width() - metrics.horizontalAdvance(self.text())
            show_text(self, in_lines(self.text(), metrics, room - around))

    def set_blocked(self, reason: str) -> None:
        """Off with this reason, or on again with ""."""
        is_other = bool(reason) != bool(self.reason)
        self.reason = reason
        set_look(self, "blocked", bool(reason))
        self.setToolTip(as_tip(reason))
        self.setAccessibleDescription(reason)
        if self._icon_name and self._role == "primary":
            self._show_icon("muted" if reason else "on_accent")
        if is_other and self._room:
            self.fit(self._room)  # letters of one that is off are narrower

    def _clicked(self) -> None:
        if self.reason:
            self.refused.emit(self.reason)
        else:
            self.chosen.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed(self, event):
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._role == "primary" and self.property("keyfocus") and not self.reason:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens().on_accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 4, 4)


class IconButton(IconGrows, QToolButton):
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

    @override
    def _fit_icon(self) -> None:
        edge = Appearance.now().icon_pixels(ICON)
        self.setIconSize(QSize(edge, edge))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed(self, event):
            super().keyPressEvent(event)


class Choice(QComboBox):
    """A box to choose from, as high as a line to write in; the sheet leaves its arrow to be painted here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(QStyledItemDelegate(self))  # the style's own takes no height from the sheet
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls: another model, at another price, is chosen by a click or a key only

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        at, edge = self.rect(), Appearance.now().icon_pixels(ICON)
        arrow = drawn("chevron-down", edge, tokens().text2, self.devicePixelRatioF())
        QPainter(self).drawPixmap(at.right() - 8 - edge, at.center().y() + 1 - edge // 2, arrow)


class Line(QLineEdit):
    """A line to write in; Esc is its own (`escaped`) before it is the window's."""

    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)  # what is dropped anywhere on the window is to be opened

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
