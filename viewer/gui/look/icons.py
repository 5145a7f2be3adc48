"""Icons: Lucide's shapes drawn in the theme's colours, sharp at every device pixel ratio."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from typing_extensions import override

from viewer.gui.look.theme import tokens
from viewer.text.resources import resource

STROKE = 'stroke-width="1.75"'


@lru_cache(maxsize=128)
def _shape_of(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text("utf-8").replace('stroke-width="2"', STROKE)


def read_shapes() -> None:
    """Every shape, for a worker: the window's thread waits for no disk when a button first comes on screen."""
    for path in resource("icons").glob("*.svg"):
        _shape_of(path.stem)


@lru_cache(maxsize=128)
def _drawing(name: str, colour: str) -> QSvgRenderer:
    # QtSvg draws "currentColor" as black: the word is replaced before loading.
    return QSvgRenderer(QByteArray(_shape_of(name).replace("currentColor", colour).encode()))


@lru_cache(maxsize=512)
def drawn(name: str, pixels: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """The icon at `pixels` logical pixels in `colour`."""
    drawing = _drawing(name, colour)  # before anything is painted on: what fails while Qt paints ends the program
    device = max(1, round(pixels * ratio))
    pixmap = QPixmap(device, device)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(0, 0, device, device))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


class LucideEngine(QIconEngine):
    """Asks the theme at each drawing, so that a change of theme needs only a repaint."""

    def __init__(self, name: str, tint: str, name_on: str = "") -> None:
        super().__init__()
        self._name = name
        self._name_on = name_on or name
        self._tint = tint

    def _shape(self, state: QIcon.State) -> str:
        return self._name_on if state == QIcon.State.On else self._name

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        now = tokens()
        if mode == QIcon.Mode.Disabled:
            return now.off
        if state == QIcon.State.On and self._tint == "text2":
            return now.accent
        return str(getattr(now, self._tint))

    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        _drawing(self._shape(state), self._colour(mode, state)).render(painter, QRectF(rect))

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return drawn(self._shape(state), min(size.width(), size.height()), self._colour(mode, state))

    @override
    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        side = min(size.width(), size.height())
        return drawn(self._shape(state), max(1, round(side / scale)), self._colour(mode, state), scale)

    @override
    def clone(self) -> QIconEngine:
        return LucideEngine(self._name, self._tint, self._name_on)


def icon(name: str, tint: str = "text2", name_on: str = "") -> QIcon:
    """A Lucide icon in a token's colour; pressed it is drawn in accent (as `name_on` where given), off muted."""
    return QIcon(LucideEngine(name, tint, name_on))
