"""What others drew over a picture: outlines, lines and words of the clinic, drawings stored beside the pixels.

Paths are made once for each drawing, in the slice's own (column, row); the painter's transform puts them in place.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from viewer.gui.panes.outlined import HALO, draw_text, width_of
from viewer.picture.drawn import Drawn
from viewer.picture.orient import Placement

WIDTH = 1.6
POINT_RADIUS = 3.0
LINE_GAP = 16.0
MOST_LINES = 8
LIGHT_ENOUGH = 0.65
DASH = (6.0, 3.0)  # the person's own marks are drawn without: whose a line is must not hang on colour
COVERED = QColor(0, 0, 0, 235)

_paths: WeakKeyDictionary[Drawn, QPainterPath] = WeakKeyDictionary()
_stains: WeakKeyDictionary[Drawn, QImage] = WeakKeyDictionary()


def draw_objects(painter: QPainter, room: QRectF, placement: Placement, drawn: tuple[Drawn, ...]) -> None:
    """All drawings of a slice, coverings first, words last."""
    to_pane = transform_of(placement)
    for one in drawn:
        if one.covers and one.curves:
            _cover(painter, room, to_pane, one)
        elif one.covers:
            _stain(painter, to_pane, one, COVERED)
    for one in drawn:
        if one.mask is not None and not one.covers:
            _stain(painter, to_pane, one, QColor(*one.colour))
        if not one.covers:
            _strokes(painter, placement, to_pane, one)
    taken: list[QRectF] = []
    for one in drawn:
        for words, place in one.words:
            _words(painter, QPointF(*placement.to_pane(*place)), words, QColor(*one.colour), taken)


def _words(painter: QPainter, at: QPointF, words: str, colour: QColor, taken: list[QRectF]) -> None:
    """Words beside their place, moved up where others stand already."""
    lines = words.split("\n")[:MOST_LINES]
    room = QRectF(at.x() + 4, at.y() - 4 - LINE_GAP, max(width_of(line) for line in lines), LINE_GAP * len(lines))
    for _ in taken:
        if not any(room.intersects(other) for other in taken):
            break
        room.translate(0, -LINE_GAP)
    taken.append(room)
    for number, line in enumerate(lines, 1):
        draw_text(painter, QPointF(room.left(), room.top() + number * LINE_GAP), line, _readable(colour).name())


def _readable(colour: QColor) -> QColor:
    """The colour, light enough for words on a dark ground (4.5 to 1 and more)."""
    while colour.lightnessF() < LIGHT_ENOUGH:
        colour = QColor.fromHslF(colour.hslHueF(), colour.hslSaturationF(), min(1.0, colour.lightnessF() + 0.08))
    return colour


def transform_of(placement: Placement) -> QTransform:
    """(column, row) → the pane."""
    m = placement.matrix
    return QTransform(*(float(value) for value in (m[0, 0], m[1, 0], m[0, 1], m[1, 1], m[0, 2], m[1, 2])))


def path_of(one: Drawn) -> QPainterPath:
    """Its lines and curves in (column, row)."""
    known = _paths.get(one)
    if known is None:
        known = QPainterPath()
        for (x0, y0), (x1, y1) in one.lines.tolist():
            known.moveTo(x0, y0)
            known.lineTo(x1, y1)
        for curve in one.curves:
            known.addPolygon(QPolygonF([QPointF(x, y) for x, y in curve.tolist()]))
            if one.closed:
                known.closeSubpath()
        _paths[one] = known
    return known


def _strokes(painter: QPainter, placement: Placement, to_pane: QTransform, one: Drawn) -> None:
    path = to_pane.map(path_of(one))
    colour = QColor(*one.colour)
    if not path.isEmpty():
        if one.filled:
            shade = QColor(colour)
            shade.setAlphaF(0.35)
            painter.fillPath(path, shade)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(HALO, WIDTH + 1.6))
        painter.drawPath(path)
        pen = QPen(colour, WIDTH)
        if one.curves and not len(one.lines):
            pen.setDashPattern([length / WIDTH for length in DASH])
        painter.setPen(pen)
        painter.drawPath(path)
    if one.points is not None:
        painter.setPen(QPen(HALO, 1.0))
        painter.setBrush(colour)
        for column, row in one.points.tolist():
            painter.drawEllipse(QPointF(*placement.to_pane(column, row)), POINT_RADIUS, POINT_RADIUS)


def _cover(painter: QPainter, room: QRectF, to_pane: QTransform, one: Drawn) -> None:
    """Everything outside is covered; the pixels below keep their values."""
    outside = QPainterPath()
    outside.addRect(room)
    painter.fillPath(outside.subtracted(to_pane.map(path_of(one))), COVERED)


def _stain(painter: QPainter, to_pane: QTransform, one: Drawn, colour: QColor) -> None:
    image = _stain_of(one, colour)
    painter.save()
    painter.setTransform(to_pane, True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(QRectF(-0.5, -0.5, image.width(), image.height()), image)
    painter.restore()


def _stain_of(one: Drawn, colour: QColor) -> QImage:
    """The mask in a colour on nothing."""
    known = _stains.get(one)
    if known is None:
        mask = one.mask if one.mask is not None else np.zeros((1, 1), np.bool_)
        words = np.where(mask, np.uint32(colour.rgba()), np.uint32(0)).astype(np.uint32)
        rows, columns = mask.shape
        known = QImage(words.tobytes(), columns, rows, columns * 4, QImage.Format.Format_ARGB32).copy()
        _stains[one] = known
    return known
