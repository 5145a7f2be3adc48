"""The row under a picture: a real slider (screen readers know it) with a painted groove, two step buttons, "19 of 38"."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QStyle, QToolButton, QWidget
from typing_extensions import override

from viewer.gui.bind_actions import ActionMenu
from viewer.gui.look.icons import drawn
from viewer.gui.look.theme import Appearance
from viewer.gui.look.tokens import PANE
from viewer.gui.widgets.controls import KEYBOARD
from viewer.gui.widgets.plain_text import as_tip, show_text
from viewer.text.translate import tr

HANDLE = 16
HEIGHT = 32
GAP, LEFT, RIGHT = 6, 6, 10
AROUND = LEFT + RIGHT + GAP
SHORTEST = 48  # pixels of a slider


class PictureSlider(QSlider):
    """Groove 4 px, handle 16 px; a click on the groove goes there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Picture"))
        self.setPageStep(10)
        self._ringed = False

    @override
    def sizeHint(self) -> QSize:
        return QSize(60, 24)

    def _x_of(self, value: int) -> float:
        span = max(1, self.maximum() - self.minimum())
        return HANDLE / 2 + (value - self.minimum()) / span * (self.width() - HANDLE)

    def _value_at(self, x: float) -> int:
        return QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), round(x - HANDLE / 2), max(1, self.width() - HANDLE)
        )

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle, x = self.height() / 2, self._x_of(self.value())
        for right, colour in ((float(self.width()), PANE.groove), (x, PANE.accent)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(0, middle - 2, right, 4), 2, 2)
        painter.setBrush(QColor(PANE.text))
        painter.setPen(QPen(QColor(PANE.ground), 1))
        painter.drawEllipse(QRectF(x - 7.5, middle - 7.5, 15, 15))
        if self._ringed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(PANE.accent), 2))
            painter.drawEllipse(QRectF(x - 10, middle - 10, 20, 20))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._value_at(event.position().x()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(self._value_at(event.position().x()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the pane scrolls, one picture a notch

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ringed = event.reason() in KEYBOARD
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ringed = False
        super().focusOutEvent(event)


class StepButton(QToolButton):
    """One picture back or on."""

    def __init__(self, icon_name: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.dress()
        self.setAutoRepeat(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setToolTip(as_tip(name))

    def dress(self) -> None:
        """In the size of the text."""
        self._edge = Appearance.now().icon_pixels(16)
        self.setFixedSize(self._edge + 8, self._edge + 8)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = PANE.text if self.underMouse() else PANE.text2
        painter.drawPixmap(4, 4, drawn(self._icon_name, self._edge, colour, self.devicePixelRatioF()))


class GroupChoice(QWidget):
    """Times, echoes or b-values of one set: a step to either side, and all of them in a menu. Hidden for just one."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._at = 0
        self.button = QToolButton(self)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setAutoRaise(True)
        self.button.clicked.connect(self._show_menu)
        back = StepButton("chevron-left", tr("One time, echo or value back ([)"), self)
        on = StepButton("chevron-right", tr("One time, echo or value on (])"), self)
        back.clicked.connect(lambda: self.step(-1))
        on.clicked.connect(lambda: self.step(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(2)
        self._steps = (back, on)
        for widget in (back, self.button, on):
            row.addWidget(widget)
        self.hide()

    def show_groups(self, labels: tuple[str, ...], at: int, *, has_room: bool) -> None:
        """Stand at group `at` of these without telling anyone."""
        self.setVisible(len(labels) > 1 and has_room)
        if (labels, at) == (self._labels, self._at) or not at < len(labels):
            return
        self._labels, self._at = labels, at
        show_text(self.button, labels[at])
        self.button.setAccessibleName(tr("Shown now: {label}", label=labels[at]))
        self.button.setToolTip(as_tip(tr("Choose among {n}; also with [ and ]", n=len(labels))))

    def step(self, by: int) -> None:
        """To a neighbour, where there is one."""
        at = min(max(self._at + by, 0), len(self._labels) - 1)
        if len(self._labels) > 1 and at != self._at:
            self.chosen.emit(at)

    def _show_menu(self) -> None:
        menu = ActionMenu(self)
        for number, label in enumerate(self._labels):
            row = menu.addAction("")
            show_text(row, label)
            row.setCheckable(True)
            row.setChecked(number == self._at)
            row.triggered.connect(partial(self.chosen.emit, number))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # Upwards: below lies the window's foot, often the screen's.
        menu.popup(self.button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def dress(self) -> None:
        """In the pane's colours and the size of the text."""
        for step in self._steps:
            step.dress()
        self.button.setFont(Appearance.now().font(12))
        self.button.setStyleSheet(
            f"QToolButton {{ color: {PANE.text}; font-size: {Appearance.now().pixels(12)}px; padding: 2px 6px }}"
            f"QToolButton:hover, QToolButton:focus {{ background: {PANE.groove} }}"
        )


class SliderRow(QFrame):
    """32 px high; `moved` carries the index, from 0."""

    moved = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        ground = self.palette()
        ground.setColor(self.backgroundRole(), QColor(PANE.bar))
        self.setPalette(ground)
        self.setAutoFillBackground(True)  # not by a sheet: opaque like this, what lies beneath is not painted first
        self.groups = GroupChoice(self)
        self.slider = PictureSlider(self)
        back = StepButton("chevron-left", tr("Previous picture"), self)
        on = StepButton("chevron-right", tr("Next picture"), self)
        back.clicked.connect(lambda: self.slider.setValue(self.slider.value() - 1))
        on.clicked.connect(lambda: self.slider.setValue(self.slider.value() + 1))
        self._steps = (back, on)
        self._words = QLabel(self)
        self._widest_of = -1
        self._dress()
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, 0, RIGHT, 0)
        row.setSpacing(GAP)
        for widget in (self.groups, back, self.slider, on, self._words):
            row.addWidget(widget, 1 if widget is self.slider else 0)
        self.slider.valueChanged.connect(self._moved)
        Appearance.now().changed.connect(self._dress)

    def show_place(self, index: int, count: int) -> None:
        """Stand at `index` of `count` without telling anyone."""
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(0, count - 1))
        self.slider.setValue(index)
        self.slider.blockSignals(False)
        self._say(index, count)
        self.slider.update()

    def _moved(self, index: int) -> None:
        self._say(index, self.slider.maximum() + 1)
        self.moved.emit(index)

    def _say(self, index: int, count: int) -> None:
        words = tr("{n} of {all}", n=index + 1, all=count)
        if count != self._widest_of:
            self._widest_of = count
            show_text(self._words, tr("{n} of {all}", n=count, all=count))
            self._words.setMinimumSize(0, 0)  # it takes part in the hint: letters may be smaller now
            # Fixed in both directions: else all that lies around it is laid out anew with each step.
            self._words.setFixedSize(self._words.sizeHint().width(), HEIGHT)
            self._fit()
        show_text(self._words, words)
        self.slider.setAccessibleDescription(tr("Picture {words}", words=words))

    def _fit(self) -> None:
        """Where the words leave the slider no way to go (large letters in a small pane), the step buttons give way."""
        room = self.width() - self._words.width() - AROUND
        for step in self._steps:
            step.setVisible(room - sum(one.width() + GAP for one in self._steps) >= SHORTEST)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _dress(self) -> None:
        self._widest_of = -1
        self._words.setFont(Appearance.now().font(12))
        self._words.setStyleSheet(f"color: {PANE.text}; font-size: {Appearance.now().pixels(12)}px")
        for step in self._steps:
            step.dress()
        self.groups.dress()
        if self._words.text():  # its room is that of the old letters
            self._say(self.slider.value(), self.slider.maximum() + 1)
