"""PictureView: pyqtgraph's view with our two items in it. Turns events into gestures; knows no series and no store."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from viewer.gui.look.tokens import PANE
from viewer.gui.panes.gestures import CLICK_PIXELS
from viewer.gui.panes.held import Gesture
from viewer.gui.panes.overlay import Overlay
from viewer.gui.panes.slice_item import SliceItem
from viewer.gui.panes.wheel import Wheel
from viewer.jobs.turns import WINDOW_FIRST

SMOOTH_AFTER_MS = 100
MENU_SECONDS = 0.4


class PictureView(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph is untyped
    """Scene coordinates are the pane's logical pixels; the placement does all the rest."""

    pressed = Signal(object, QPointF)  # Qt.MouseButton, where
    clicked_right = Signal(QPointF)
    menu_key = Signal(QPointF)
    double_clicked = Signal()
    scrolled = Signal(int)
    zoomed = Signal(float, QPointF)
    hovered = Signal(QPointF)
    left = Signal()
    resized = Signal()
    keyed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=PANE.ground)
        self.setViewportUpdateMode(pg.GraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setOptimizationFlag(pg.GraphicsView.OptimizationFlag.DontAdjustForAntialiasing, True)
        self.setCacheMode(pg.GraphicsView.CacheModeFlag.CacheNone)
        for surface in (self, self.viewport()):
            surface.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.picture = SliceItem()
        self.overlay = Overlay()
        for item in (self.picture, self.overlay):
            self.scene().addItem(item)
        self.gesture: Gesture | None = None
        self.space_held = False
        self.takes_key: Callable[[QKeyEvent], bool] = lambda event: False
        self._start = QPointF()
        self._start_time = 0.0
        self._button: Qt.MouseButton | None = None
        self._moved = False
        self._wheel = Wheel()
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(SMOOTH_AFTER_MS)
        self._calm.timeout.connect(self._smooth)

    def room(self) -> QRectF:
        """The pane's size in logical pixels."""
        return QRectF(0, 0, self.viewport().width(), self.viewport().height())

    def redraw(self) -> None:
        """Draw fast now and smoothly once it is calm."""
        self.picture.smooth = False
        self._calm.start()
        self.viewport().update()

    def _smooth(self) -> None:
        self.picture.smooth = True
        self.viewport().update()

    def cancel_gesture(self) -> bool:
        """Break off a drag; whether there was one."""
        gesture, self.gesture, self._button = self.gesture, None, None
        if gesture is None:
            return False
        gesture.cancel()
        return True

    @override
    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None:
            for item in (self.picture, self.overlay):
                item.fill(self.room())
            self.resized.emit()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.gesture is not None:
            return
        self._start, self._moved, self._button = event.position(), False, event.button()
        self._start_time = time.monotonic()
        self.pressed.emit(event.button(), event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if not self._moved:
            self._moved = (at - self._start).manhattanLength() > CLICK_PIXELS and self._button is not None
        if self.gesture is not None and self._moved:
            self.gesture.move(at)
        self.hovered.emit(at)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != self._button:
            return
        gesture, self.gesture, self._button = self.gesture, None, None
        quick = time.monotonic() - self._start_time <= MENU_SECONDS
        if event.button() == Qt.MouseButton.RightButton and not self._moved and quick:
            self.clicked_right.emit(event.position())
        if gesture is not None:
            gesture.end(event.position())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.cancel_gesture()
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # The mouse's right button is told apart from a drag at its release; the menu key comes straight here.
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_key.emit(self.room().center())

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1.0015 ** event.angleDelta().y(), event.position())
        elif steps := self._wheel.steps(event):
            self.scrolled.emit(steps)
        event.accept()

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        with WINDOW_FIRST:
            return self._take(event)

    def _take(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoomed.emit(1.0 + event.value(), event.position())
            return True
        return bool(super().viewportEvent(event))

    @override
    def event(self, event: QEvent) -> bool:
        # Arrow keys belong to the window's shortcuts (next picture) unless a mark is selected.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.takes_key(event):
            event.accept()
            return True
        return bool(super().event(event))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        if event.key() == Qt.Key.Key_Space:
            self.space_held = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
            event.accept()
        else:
            self.keyed.emit(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._let_go_of_space()  # its release will be heard elsewhere

    def _let_go_of_space(self) -> None:
        self.space_held = False
        self.viewport().unsetCursor()

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._let_go_of_space()

    @override
    def dragEnterEvent(self, event: Any) -> None:
        event.ignore()  # the window takes what is dropped
