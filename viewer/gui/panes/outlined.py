"""Lines and text that stay readable on any picture: a black halo under each, text as cached paths."""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from viewer.gui.look.theme import Appearance
from viewer.gui.look.tokens import PANE

HALO = QColor(0, 0, 0, 166)
TEXT_PIXELS, LETTER_PIXELS = 12, 15
MARGIN = 3
FIRST_RIGHT_TO_LEFT = 0x590


@lru_cache(maxsize=4)
def _font(pixels: int, bold: bool) -> QFont:
    return Appearance.now().font(pixels, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)


@lru_cache(maxsize=1024)
def width_of(text: str, bold: bool = False, pixels: int = TEXT_PIXELS) -> float:
    """How wide `text` is drawn, in logical pixels."""
    return QFontMetricsF(_font(pixels, bold)).horizontalAdvance(text)


@lru_cache(maxsize=1024)  # of a few kilobytes each: all numbers of a set of 600 pictures
def _drawn(text: str, pixels: int, bold: bool, colour: str, ratio: float) -> QPixmap:
    """The text over its halo, ready to blit: stroking a path costs a quarter of a millisecond or more each time."""
    font = _font(pixels, bold)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 2 * MARGIN, metrics.height() + 2 * MARGIN
    pixmap = QPixmap(max(1, ceil(width * ratio)), max(1, ceil(height * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    path = QPainterPath()
    path.addText(MARGIN, MARGIN + metrics.ascent(), font, text)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, _round(QColor(0, 0, 0), 3))
    painter.fillPath(path, QColor(colour))
    painter.end()
    return pixmap


def forget_texts() -> None:
    """After a change of the text size."""
    for cache in (_font, width_of, _words, _drawn, _placed, _ascent):
        cache.cache_clear()


def draw_ahead(text: str, ratio: float, bold: bool = False, colour: str = PANE.text) -> None:
    """Make what `draw_text` will need of these words on a screen of this ratio."""
    pixels = LETTER_PIXELS if bold else TEXT_PIXELS
    for word, _ in _words(text, bold, pixels):
        _drawn(word, pixels, bold, colour, ratio)


def draw_text(
    painter: QPainter, at: QPointF, text: str, colour: str = PANE.text, bold: bool = False, anchor: float = 0.0
) -> None:
    """Text with its baseline at `at`; `anchor` 0 starts there, 0.5 is centred, 1 ends there."""
    if not text:
        return
    pixels = LETTER_PIXELS if bold else TEXT_PIXELS
    ratio = painter.device().devicePixelRatioF()
    for place, drawn in _placed(text, at.x(), at.y(), colour, bold, pixels, anchor, ratio):
        painter.drawPixmap(place, drawn)


@lru_cache(maxsize=128)  # what stays where it is from one picture to the next
def _placed(
    text: str, x: float, y: float, colour: str, bold: bool, pixels: int, anchor: float, ratio: float
) -> tuple[tuple[QPointF, QPixmap], ...]:
    left = x - anchor * width_of(text, bold, pixels) - MARGIN
    top = y - _ascent(pixels, bold) - MARGIN
    # On whole device pixels, else the text blurs.
    return tuple(
        (
            QPointF(round((left + offset) * ratio) / ratio, round(top * ratio) / ratio),
            _drawn(word, pixels, bold, colour, ratio),
        )
        for word, offset in _words(text, bold, pixels)
    )


@lru_cache(maxsize=512)
def _words(text: str, bold: bool, pixels: int) -> tuple[tuple[str, float], ...]:
    """Words and where they start, so that a number that changes with every step is all that is drawn anew.

    Text that may run from right to left stays whole.
    """
    if any(ord(character) >= FIRST_RIGHT_TO_LEFT for character in text):
        return ((text, 0.0),)
    starts = [
        place for place, character in enumerate(text) if character != " " and (not place or text[place - 1] == " ")
    ]
    return tuple((text[start:].split(" ", 1)[0], width_of(text[:start], bold, pixels)) for start in starts)


@lru_cache(maxsize=64)
def _ascent(pixels: int, bold: bool) -> float:
    return QFontMetricsF(_font(pixels, bold)).ascent()


@lru_cache(maxsize=256)
def pen(colour: str, width: float = 2.0, dash: tuple[float, ...] = (), opacity: float = 1.0) -> QPen:
    """A pen; `dash` in pixels, whatever the width. Made once and not to be changed."""
    shade = QColor(colour)
    shade.setAlphaF(opacity)
    made = QPen(shade, width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        made.setDashPattern([length / width for length in dash])
    return made


@lru_cache(maxsize=64)
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
        draw_text(painter, QPointF(room.left() + 8, room.top() + line_height() * (number + 1) - 1), text)


LINE_PIXELS = 18


def line_height(pixels: int = LINE_PIXELS) -> int:
    """Height of a line on a picture, in the person's text size."""
    return Appearance.now().pixels(pixels)


def box_size(lines: list[str]) -> tuple[float, float]:
    """Width and height of a box for these lines."""
    return max((width_of(line) for line in lines), default=0.0) + 16, line_height() * len(lines) + 6
