"""Lines and text that stay readable on any picture: a black halo under each, text as cached paths."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from viewer.gui.theme import Appearance
from viewer.gui.tokens import PANE

HALO = QColor(0, 0, 0, 166)
TEXT_PIXELS, LETTER_PIXELS = 12, 15


@lru_cache(maxsize=512)
def _path(text: str, pixels: int, bold: bool) -> tuple[QPainterPath, float]:
    font = Appearance.now().font(pixels, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    path = QPainterPath()
    path.addText(0, 0, font, text)
    return path, QFontMetricsF(font).horizontalAdvance(text)


def forget_paths() -> None:
    """After a change of the text size."""
    _path.cache_clear()


def width_of(text: str, bold: bool = False, pixels: int = TEXT_PIXELS) -> float:
    """How wide `text` is drawn, in logical pixels."""
    return _path(text, pixels, bold)[1]


def draw_text(
    painter: QPainter, at: QPointF, text: str, colour: str = PANE.text, bold: bool = False, anchor: float = 0.0
) -> None:
    """Text with its baseline at `at`; `anchor` 0 starts there, 0.5 is centred, 1 ends there."""
    path, width = _path(text, LETTER_PIXELS if bold and len(text) <= 3 else TEXT_PIXELS, bold)
    painter.save()
    painter.translate(at.x() - anchor * width, at.y())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, _round(QColor(0, 0, 0), 3))
    painter.fillPath(path, QColor(colour))
    painter.restore()


def pen(colour: str, width: float = 2.0, dash: tuple[float, ...] = (), opacity: float = 1.0) -> QPen:
    """A pen; `dash` in pixels, whatever the width."""
    shade = QColor(colour)
    shade.setAlphaF(opacity)
    made = QPen(shade, width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        made.setDashPattern([length / width for length in dash])
    return made


def halo_pen(width: float) -> QPen:
    """What goes under a line of `width`."""
    return _round(HALO, width + 2)


def _round(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def draw_line(painter: QPainter, line: QLineF, line_pen: QPen) -> None:
    """A line over its halo."""
    painter.setPen(halo_pen(line_pen.widthF()))
    painter.drawLine(line)
    painter.setPen(line_pen)
    painter.drawLine(line)


def draw_path(painter: QPainter, path: QPainterPath, line_pen: QPen) -> None:
    """A path over its halo."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(halo_pen(line_pen.widthF()))
    painter.drawPath(path)
    painter.setPen(line_pen)
    painter.drawPath(path)


def draw_box(painter: QPainter, room: QRectF, lines: list[str], frame: str = "") -> None:
    """Lines of text in a dark box of 4 px radius, framed when it belongs to the selected mark."""
    painter.setPen(QPen(QColor(frame), 1.5) if frame else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(6, 7, 8, 220))
    painter.drawRoundedRect(room, 4, 4)
    for number, text in enumerate(lines):
        draw_text(painter, QPointF(room.left() + 8, room.top() + 17 + LINE_PIXELS * number), text)


LINE_PIXELS = 18


def box_size(lines: list[str]) -> tuple[float, float]:
    """Width and height of a box for these lines."""
    return max((width_of(line) for line in lines), default=0.0) + 16, LINE_PIXELS * len(lines) + 6
