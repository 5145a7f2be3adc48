"""The shapes of marks: what to draw, where to grab, how they move. Pure geometry, shared by the window and the PDF.

A `Place` maps slice points (column, row) to the points of a pane or page (x, y), y downward; `Placement.to_pane` is
one. Sizes (tolerance, arrowhead, label) are in units of the pane or page.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from viewer.marks.mark import Mark, MarkKind

Point = tuple[float, float]
Place = Callable[[float, float], Point]
BODY = -1
ELLIPSE_STEPS = 72
BOXES = frozenset({MarkKind.RECTANGLE, MarkKind.ELLIPSE})


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points in pane coordinates; `closed` joins the ends, `filled` paints the inside instead."""

    points: tuple[Point, ...]
    closed: bool = False
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under the pointer: a handle's number, or `BODY`."""

    mark_id: str
    handle: int


# --- handles: in slice coordinates


def handles(mark: Mark) -> tuple[Point, ...]:
    """Where a mark can be grabbed: its points, the corners of a rectangle, the four ends of an ellipse's axes."""
    if mark.kind not in BOXES:
        return mark.points
    (xa, ya), (xb, yb) = mark.points[:2]
    if mark.kind is MarkKind.RECTANGLE:
        return ((xa, ya), (xb, ya), (xb, yb), (xa, yb))
    x, y = (xa + xb) / 2, (ya + yb) / 2
    return ((x, ya), (xb, y), (x, yb), (xa, y))


def with_handle_at(mark: Mark, handle: int, column: float, row: float) -> tuple[Point, ...]:
    """The points of a mark after handle `handle` was dragged to (column, row); `BODY` leaves them."""
    points = [*mark.points]
    if mark.kind not in BOXES:
        if 0 <= handle < len(points):
            points[handle] = (column, row)
        return tuple(points)
    (xa, ya), (xb, yb) = points[:2]
    if mark.kind is MarkKind.RECTANGLE:
        xa, xb = (column, xb) if handle in (0, 3) else (xa, column) if handle in (1, 2) else (xa, xb)
        ya, yb = (row, yb) if handle in (0, 1) else (ya, row) if handle in (2, 3) else (ya, yb)
    else:
        xa, xb = (xa, column) if handle == 1 else (column, xb) if handle == 3 else (xa, xb)
        ya, yb = (row, yb) if handle == 0 else (ya, row) if handle == 2 else (ya, yb)
    return ((xa, ya), (xb, yb))


def moved_points(mark: Mark, columns: float, rows: float) -> tuple[Point, ...]:
    """The points of a mark moved as a whole."""
    return tuple((x + columns, y + rows) for x, y in mark.points)


def kept_on_picture(points: tuple[Point, ...], columns: int, rows: int) -> tuple[Point, ...]:
    """Each point brought back onto a slice of `columns` × `rows` pixels (−0.5 … columns − 0.5)."""
    return tuple((min(max(x, -0.5), columns - 0.5), min(max(y, -0.5), rows - 0.5)) for x, y in points)


def is_worth_keeping(mark: Mark, place: Place, smallest: float = 4.0) -> bool:
    """Whether a freshly drawn mark is large enough on screen; a click without a drag makes no length."""
    if mark.kind is MarkKind.TEXT:
        return bool(mark.points)
    (xa, ya), (xb, yb) = (place(*point) for point in mark.points[:2])
    if mark.kind in BOXES:
        return min(abs(xa - xb), abs(ya - yb)) >= smallest
    return math.dist((xa, ya), (xb, yb)) >= smallest


# --- drawing: in pane coordinates


def strokes(mark: Mark, place: Place, size: float = 12.0) -> tuple[Stroke, ...]:
    """The lines of a mark; `size` is the length of an arrowhead and of the ticks at a length's ends. Text has none."""
    if mark.kind is MarkKind.TEXT:
        return ()
    first, second = (place(*point) for point in mark.points[:2])
    if mark.kind is MarkKind.ARROW:
        head = arrowhead(first, second, size)
        neck = ((head[1][0] + head[2][0]) / 2, (head[1][1] + head[2][1]) / 2)
        return (Stroke((second, neck)), Stroke(head, closed=True, filled=True))
    if mark.kind is MarkKind.LENGTH:
        return (Stroke((first, second)), *(Stroke(tick) for tick in end_ticks(first, second, size)))
    if mark.kind is MarkKind.RECTANGLE:
        return (Stroke(tuple(place(*corner) for corner in handles(mark)), closed=True),)
    return (Stroke(ellipse_points(first, second), closed=True),)


def arrowhead(tip: Point, tail: Point, size: float) -> tuple[Point, Point, Point]:
    """Tip and the two barbs of a head `size` long, never longer than the arrow; a zero arrow points up."""
    length = math.dist(tip, tail)
    x, y = ((tail[0] - tip[0]) / length, (tail[1] - tip[1]) / length) if length > 0 else (0.0, 1.0)
    long = min(size, length) if length > 0 else size
    half = long * 0.4
    base = (tip[0] + x * long, tip[1] + y * long)
    return (tip, (base[0] - y * half, base[1] + x * half), (base[0] + y * half, base[1] - x * half))


def end_ticks(first: Point, second: Point, size: float) -> tuple[tuple[Point, Point], tuple[Point, Point]]:
    """Short lines across both ends of a length, `size` long."""
    length = math.dist(first, second) or 1.0
    x, y = (second[1] - first[1]) / length * size / 2, -(second[0] - first[0]) / length * size / 2
    (xa, ya), (xb, yb) = first, second
    return (((xa - x, ya - y), (xa + x, ya + y)), ((xb - x, yb - y), (xb + x, yb + y)))


def ellipse_points(first: Point, second: Point, steps: int = ELLIPSE_STEPS) -> tuple[Point, ...]:
    """Points on the ellipse between two corners, clockwise on screen from its right end."""
    x, y = (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
    half_width, half_height = abs(first[0] - second[0]) / 2, abs(first[1] - second[1]) / 2
    angles = (2 * math.pi * step / steps for step in range(steps))
    return tuple((x + half_width * math.cos(a), y + half_height * math.sin(a)) for a in angles)


# --- the pointer


def hit(
    marks: tuple[Mark, ...], place: Place, x: float, y: float, tolerance: float = 6.0, first: str = ""
) -> Hit | None:
    """The mark under (x, y): handles before bodies, the mark with id `first` before others, the latest on top.

    Hidden marks cannot be hit. A body is its line (within `tolerance`); a text is its point.
    """
    order = sorted(enumerate(marks), key=lambda item: (item[1].id != first, -item[0]))
    shown = [mark for _, mark in order if not mark.hidden]
    for mark in shown:
        distances = [math.dist(place(*handle), (x, y)) for handle in handles(mark)]
        nearest = min(range(len(distances)), key=distances.__getitem__, default=None)
        if nearest is not None and distances[nearest] <= tolerance:
            return Hit(mark.id, nearest)
    for mark in shown:
        if any(_distance(stroke, (x, y)) <= tolerance for stroke in strokes(mark, place)):
            return Hit(mark.id, BODY)
    return None


def _distance(stroke: Stroke, point: Point) -> float:
    points = (*stroke.points, stroke.points[0]) if stroke.closed else stroke.points
    return min(distance_to_line(point, a, b) for a, b in pairwise(points))


def distance_to_line(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from the piece of line between two points."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = x * x + y * y
    along = ((point[0] - start[0]) * x + (point[1] - start[1]) * y) / length if length > 0 else 0.0
    along = min(max(along, 0.0), 1.0)
    return math.dist(point, (start[0] + along * x, start[1] + along * y))


# --- the label


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Top left corner of a label, and the dotted line from the mark to it (None where it touches)."""

    x: float
    y: float
    leader: tuple[Point, Point] | None = None


def label_place(mark: Mark, place: Place, label: tuple[float, float], room: tuple[float, float]) -> LabelPlace:
    """Where a label of (width, height) stands in a room of (width, height): beside the mark, whole inside the room.

    Left of an ellipse or rectangle where there is space, else right; at the tail of an arrow, below a length's
    right end, at a text's own point.
    """
    gap = 14.0
    points = [place(*point) for point in handles(mark)]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    if mark.kind in BOXES:
        middle = (top + bottom) / 2
        at_left = left - gap * 2 - label[0] >= 0
        x = left - gap * 2 - label[0] if at_left else right + gap * 2
        inside = _kept((x, middle - label[1] / 2), label, room)
        near, far = (left, inside[0] + label[0]) if at_left else (right, inside[0])
        apart = near > far if at_left else far > near
        return LabelPlace(*inside, ((near, middle), (far, middle)) if apart else None)
    if mark.kind is MarkKind.ARROW:
        (tip_x, _), (x, y) = points[0], points[1]
        x, y = (x + gap / 2 if x >= tip_x else x - gap / 2 - label[0]), y - label[1]
    elif mark.kind is MarkKind.LENGTH:
        end = max(points)
        x, y = end[0] + gap, end[1]
    else:
        x, y = points[0][0], points[0][1]
    return LabelPlace(*_kept((x, y), label, room))


def _kept(corner: Point, size: tuple[float, float], room: tuple[float, float]) -> Point:
    x, y = (max(0.0, min(at, whole - part)) for at, part, whole in zip(corner, size, room, strict=True))
    return (x, y)


def drawn(mark: Mark, end: Point) -> Mark:
    """The mark while it is being drawn: its second point follows the pointer (for an arrow the first, its tip)."""
    if mark.kind is MarkKind.TEXT:
        return replace(mark, points=(end,))
    start = mark.points[0] if mark.kind is not MarkKind.ARROW else mark.points[1]
    return replace(mark, points=(end, start) if mark.kind is MarkKind.ARROW else (start, end))
