"""The drawings of marks over a picture: strokes over a halo in the mark colour; the selected one dashed with handles.

Where lines, handles and labels lie comes from `marks.shapes`, which the PDF uses too.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from viewer.gui.look.tokens import PANE
from viewer.gui.panes.outlined import HALO, box_size, draw_box, draw_path, line_height, pen, width_of
from viewer.marks.mark import Mark, MarkKind
from viewer.marks.shapes import Stroke, handles, label_place, strokes
from viewer.picture.orient import Placement

DASH = (7.0, 3.0)
HANDLE_RADIUS = 4.5
PIECES = 4
TOUCHING = 8.0  # pixels between a mark and its label that need no line
LETTERS = 26  # labels leave the letters at the left and right edge free
FILLED = frozenset({MarkKind.ELLIPSE, MarkKind.RECTANGLE})


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A mark ready to draw, with the lines of its label."""

    mark: Mark
    lines: tuple[str, ...] = ()
    selected: bool = False


def draw_marks(
    painter: QPainter,
    room: QRectF,
    placement: Placement,
    marks: tuple[ShownMark, ...],
    written: tuple[QRectF, ...] = (),
) -> None:
    """All marks with their labels; a label lies on no other label, on nothing `written` and, where there is room, on no
    other mark."""
    taken = list(written)
    solid = [_body(shown.mark, placement) for shown in marks] if len(marks) > 1 else [[]]
    for number, shown in enumerate(marks):
        others = [rect for other, rects in enumerate(solid) if other != number for rect in rects]
        draw_mark(painter, room, placement, shown, taken, others)


def _body(mark: Mark, placement: Placement) -> list[QRectF]:
    """Where a mark's lines lie, roughly: a slanted line in a few pieces, so that it keeps no large corner for itself."""
    rects: list[QRectF] = []
    for stroke in strokes(mark, placement.to_pane):
        points = [QPointF(x, y) for x, y in stroke.points]
        if stroke.closed or stroke.filled or len(points) != 2:
            rects.append(QPolygonF(points).boundingRect())
            continue
        way = (points[1] - points[0]) / PIECES
        ends = [points[0] + way * n for n in range(PIECES + 1)]
        rects += [QRectF(a, b).normalized().adjusted(-2, -2, 2, 2) for a, b in itertools.pairwise(ends)]
    return rects


def draw_mark(
    painter: QPainter,
    room: QRectF,
    placement: Placement,
    shown: ShownMark,
    taken: list[QRectF] | None = None,
    others: list[QRectF] | None = None,
) -> None:
    """One mark with its label and, when selected, its handles; `taken` are the labels drawn so far, added to here,
    `others` the other marks."""
    line_pen = pen(PANE.mark, 2.0, DASH if shown.selected else ())
    for stroke in strokes(shown.mark, placement.to_pane):
        _draw_stroke(painter, stroke, line_pen, inside=shown.mark.kind in FILLED)
    if shown.selected or shown.mark.kind is MarkKind.TEXT:
        for column, row in handles(shown.mark):
            _draw_handle(painter, QPointF(*placement.to_pane(column, row)), open_=shown.selected)
    if shown.lines:
        _draw_label(painter, room, placement, shown, [] if taken is None else taken, others or [])


def _draw_stroke(painter: QPainter, stroke: Stroke, line_pen: QPen, *, inside: bool) -> None:
    polygon = QPolygonF([QPointF(x, y) for x, y in stroke.points])
    if stroke.filled:
        painter.setPen(QPen(HALO, 1.5))
        painter.setBrush(QColor(PANE.mark))
        painter.drawPolygon(polygon)
        return
    path = QPainterPath()
    path.addPolygon(polygon)
    if stroke.closed:
        path.closeSubpath()
        if inside:
            shade = QColor(PANE.mark)
            shade.setAlphaF(0.10)
            painter.fillPath(path, shade)
    draw_path(painter, path, line_pen)


def _draw_handle(painter: QPainter, at: QPointF, *, open_: bool) -> None:
    painter.setPen(QPen(QColor(PANE.mark), 2))
    painter.setBrush(QColor(PANE.ground if open_ else PANE.mark))
    radius = HANDLE_RADIUS if open_ else 2.0
    painter.drawEllipse(at, radius, radius)


def free_place(wanted: QRectF, taken: list[QRectF], room: QRectF, others: list[QRectF] | None = None) -> QRectF:
    """The place nearest below or above the wanted one that lies on no other label, and on none of the `others` where
    that can be had; the wanted one where all is full."""
    if others:
        free = free_place(wanted, [*taken, *others], room)
        if not any(free.intersects(other) for other in (*taken, *others)):
            return free
    tops = [
        wanted.top(),
        *(other.bottom() + 2 for other in taken),
        *(other.top() - wanted.height() - 2 for other in taken),
    ]
    for top in sorted(tops, key=lambda top: abs(top - wanted.top())):
        place = QRectF(wanted.left(), top, wanted.width(), wanted.height())
        inside = room.top() <= place.top() and place.bottom() <= room.bottom()
        if inside and not any(place.intersects(other) for other in taken):
            return place
    return wanted


def _outline(mark: Mark, placement: Placement) -> list[QPointF]:
    """Points on a mark, the middles of its lines too."""
    points = [QPointF(*placement.to_pane(*handle)) for handle in handles(mark)]
    for stroke in strokes(mark, placement.to_pane):
        line = [QPointF(x, y) for x, y in stroke.points]
        ends = [*line, line[0]] if stroke.closed else line
        points += [*line, *((a + b) / 2 for a, b in itertools.pairwise(ends))]
    return points


def leader(outline: list[QPointF], box: QRectF) -> QLineF | None:
    """The shortest way from a mark to its label; None where they touch."""
    ways = (QLineF(point, _nearest(box, point)) for point in outline)
    shortest = min(ways, key=QLineF.length)
    return shortest if shortest.length() > TOUCHING and not any(map(box.contains, outline)) else None


def _nearest(box: QRectF, point: QPointF) -> QPointF:
    return QPointF(
        min(max(point.x(), box.left()), box.right()),
        min(max(point.y(), box.top()), box.bottom()),
    )


def _draw_label(
    painter: QPainter,
    room: QRectF,
    placement: Placement,
    shown: ShownMark,
    taken: list[QRectF],
    others: list[QRectF],
) -> None:
    edge = line_height(LETTERS)
    lines, wanted, box = [""], QRectF(), QRectF()
    # Where all is full the first line or its number alone leads to the list of marks.
    for words in (shown.lines, shown.lines[:1], (shown.lines[0].partition("  ")[0],)):
        lines = [shortened(line, room.width() - 2 * edge, line_height()) for line in words]
        wanted = _wanted_place(room, placement, shown.mark, box_size(lines))
        box = free_place(wanted, taken, room, others)
        if not any(box.intersects(other) for other in taken):
            break
    taken.append(box)
    if shown.mark.kind in FILLED or box != wanted:  # the others' labels stand at their marks
        line = leader(_outline(shown.mark, placement), box)
        if line is not None:
            painter.setPen(pen(PANE.mark, 1.5, (2.0, 3.0)))
            painter.drawLine(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    frame = PANE.mark if shown.selected else ""
    draw_box(painter, box, lines, frame)


def _wanted_place(room: QRectF, placement: Placement, mark: Mark, size: tuple[float, float]) -> QRectF:
    """Where the label would stand if it were alone."""
    edge = line_height(LETTERS)

    def to_middle(column: float, row: float) -> tuple[float, float]:
        x, y = placement.to_pane(column, row)
        return (x - edge, y)

    place = label_place(mark, to_middle, size, (room.width() - 2 * edge, room.height()))
    return QRectF(place.x + edge, place.y, *size)


@lru_cache(maxsize=256)  # asked with each paint
def shortened(line: str, width: float, letters: int) -> str:
    """As much of a line as fits in a box of this width; the list has all of it. `letters`: their height now."""
    if box_size([line])[0] <= width:
        return line
    padding = box_size([line])[0] - width_of(line)
    end = len(line)
    while end > 1 and width_of(line[:end].rstrip() + "…") + padding > width:
        end -= 1
    return line[:end].rstrip() + "…"
