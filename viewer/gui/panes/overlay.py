"""Overlay: everything drawn over a slice except the marks: crosshair, chosen part, letters, scale bar, words."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from viewer.geometry.plane import Letters
from viewer.gui.look.theme import Appearance
from viewer.gui.look.tokens import PANE
from viewer.gui.panes.draw_marks import ShownMark, draw_marks
from viewer.gui.panes.draw_objects import draw_objects
from viewer.gui.panes.outlined import (
    LETTER_PIXELS,
    box_size,
    draw_box,
    draw_line,
    draw_path,
    draw_text,
    line_height,
    pen,
    width_of,
)
from viewer.gui.panes.pane_item import PaneItem
from viewer.picture.drawn import Drawn
from viewer.picture.look import Region, ScaleBar
from viewer.picture.orient import Placement
from viewer.text.translate import count_of, tr
from viewer.usecases.crossing import Line

EDGE = 12.0
SMALL_PANE = 420.0
GAP = 14.0
DASH, DASH_GAP = 5.0, 4.0  # of the crosshair's level line
LONGEST_LINE = 8192  # device pixels
REGION_HANDLE = 8.0
DOUBT = "#F2B84B"
CORNER = 24.0  # beside the icon at the top right
CUT_DASH = (7.0, 4.0)
SAW = "What the AI saw"


@dataclass
class Shown:
    """What the overlay draws. Points are (column, row) on the slice; texts are ready words."""

    placement: Placement | None = None
    title: str = ""
    subtitle: str = ""
    place: str = ""  # where it lies in the body; `foot` begins with it
    foot: tuple[str, ...] = ()
    letters: Letters | None = None
    bar: ScaleBar | None = None
    crosshair: tuple[float, float] | None = None
    cuts: tuple[Line, ...] = ()
    region: Region | None = None
    sent: Region | None = None
    dimmed: bool = False
    marks: tuple[ShownMark, ...] = ()
    drawn: tuple[Drawn, ...] = ()  # by others
    notice: str = ""
    doubts: tuple[str, ...] = field(default_factory=tuple)


class Overlay(PaneItem):
    """Paints `shown`; the pane changes it and has the view redraw."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        shown, room = self.shown, self._room
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if shown.placement is not None:
            if shown.drawn:
                draw_objects(painter, room, shown.placement, shown.drawn)
            _draw_crosshair(painter, room, shown)
            _draw_cuts(painter, shown)
            _draw_region(painter, room, shown)
            draw_marks(painter, room, shown.placement, shown.marks, written(shown, room) if shown.marks else ())
            _draw_letters(painter, room, shown)
            _draw_bar(painter, room, shown)
        _draw_words(painter, room, shown)


@lru_cache(maxsize=4)
def _pointer(ratio: float) -> tuple[QPixmap, QPixmap]:
    """The crosshair's upright line and one dash with its gap: copied and tiled they cost a third of a filled line and a
    tenth of a dashed pen, for a line that is not opaque is blended anew for each of its rows."""
    shade = QColor(PANE.pointer)
    shade.setAlphaF(0.8)
    width = max(1, round(ratio))
    upright, dash = QPixmap(width, LONGEST_LINE), QPixmap(round((DASH + DASH_GAP) * ratio), width)
    for pixmap, shaded in ((upright, QRectF(0, 0, width, LONGEST_LINE)), (dash, QRectF(0, 0, DASH * ratio, width))):
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.fillRect(shaded, shade)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
    return upright, dash


def _draw_crosshair(painter: QPainter, room: QRectF, shown: Shown) -> None:
    if shown.crosshair is None or shown.placement is None:
        return
    x, y = shown.placement.to_pane(*shown.crosshair)
    if not room.contains(x, y):
        return
    ratio = painter.device().devicePixelRatioF()
    upright, dashes = _pointer(ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    free, top = float(line_height(30)), letter_top(shown, room.width()) + 12  # of the letters
    for low, high in ((top, y - GAP), (y + GAP, room.height() - free)):
        first, rows = round(low * ratio), round((high - low) * ratio)
        if rows > 0:  # on whole device pixels, else each is looked up
            place = QPointF(round((x - 0.5) * ratio) / ratio, first / ratio)
            painter.drawPixmap(place, upright, QRectF(0, 0, upright.width(), min(rows, LONGEST_LINE)))
    for low, high in ((free, x - GAP), (x + GAP, room.width() - free)):
        if high > low:
            painter.drawTiledPixmap(QRectF(low, y - 0.5, high - low, 1.0), dashes)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _draw_cuts(painter: QPainter, shown: Shown) -> None:
    """Where the other panes cut: in the colour of marks, since it lies in the body as they do."""
    placement = shown.placement
    if placement is None:
        return
    for start, end in shown.cuts:
        line = QLineF(QPointF(*placement.to_pane(*start)), QPointF(*placement.to_pane(*end)))
        draw_line(painter, line, pen(PANE.mark, 1.5, CUT_DASH))


def region_rect(placement: Placement, region: Region) -> QRectF:
    """A region of whole pixels as a rectangle in the pane."""
    (ax, ay), (bx, by) = (
        placement.to_pane(region.x0 - 0.5, region.y0 - 0.5),
        placement.to_pane(region.x1 - 0.5, region.y1 - 0.5),
    )
    return QRectF(QPointF(min(ax, bx), min(ay, by)), QPointF(max(ax, bx), max(ay, by)))


def region_handles(rect: QRectF) -> tuple[QPointF, ...]:
    """The eight handles: corners and middles, clockwise from top left."""
    left, right, top, bottom, centre = rect.left(), rect.right(), rect.top(), rect.bottom(), rect.center()
    xs = (left, centre.x(), right, right, right, centre.x(), left, left)
    ys = (top, top, top, centre.y(), bottom, bottom, bottom, centre.y())
    return tuple(QPointF(x, y) for x, y in zip(xs, ys, strict=True))


def _draw_region(painter: QPainter, room: QRectF, shown: Shown) -> None:
    if shown.placement is None:
        return
    if shown.sent is not None and shown.region is None:
        rect = region_rect(shown.placement, shown.sent)
        _frame(painter, rect)
        draw_box(painter, _tag(rect), [tr(SAW)])
    if shown.region is None:
        return
    rect = region_rect(shown.placement, shown.region)
    if shown.dimmed:
        outside = QPainterPath()
        outside.addRect(room)
        outside.addRect(rect)
        painter.fillPath(outside, QColor(0, 0, 0, 97))
    _frame(painter, rect)
    if shown.dimmed:
        painter.setPen(QPen(QColor(PANE.pointer), 2))
        painter.setBrush(QColor(PANE.ground))
        half = REGION_HANDLE / 2
        for point in region_handles(rect):
            painter.drawRect(QRectF(point.x() - half, point.y() - half, REGION_HANDLE, REGION_HANDLE))


def _tag(rect: QRectF) -> QRectF:
    """Where it is said what the frame around a part that left means."""
    width, height = box_size([tr(SAW)])
    return QRectF(rect.left(), rect.top() - height, width, height)


def written(shown: Shown, room: QRectF) -> tuple[QRectF, ...]:
    """Where words stand that no label of a mark may cover: title, doubts, letters, foot, scale and what the AI saw."""
    rects: list[QRectF] = []
    line = line_height(16)
    start = _subtitle_start(shown.title)
    end = start + width_of(_subtitle(shown.subtitle, room.width() - start - _corner()))
    rects.append(QRectF(EDGE, 0, end - EDGE, line_height(26)))
    for number, words in enumerate(doubt_lines(shown.doubts, room.width())):
        rects.append(QRectF(EDGE, line_height(26) + line * number, width_of(words), line))
    if shown.letters is not None:
        half = line_height(22) / 2
        for y in (letter_top(shown, room.width()), room.bottom() - 10):
            rects.append(QRectF(room.center().x() - half, y - 1.5 * half, 2 * half, 2 * half))
    for number, words in enumerate(reversed(foot_lines(shown, room.width()))):
        bottom = room.bottom() - 8 - line * number
        rects.append(QRectF(EDGE, bottom - line, width_of(words), line))
    if shown.bar is not None:
        wide = max(shown.bar.pixels, width_of(shown.bar.words))
        high = 16 + line_height(25)
        rects.append(QRectF(room.right() - EDGE - wide, room.bottom() - high, wide, high))
    if shown.sent is not None and shown.region is None and shown.placement is not None:
        rects.append(_tag(region_rect(shown.placement, shown.sent)))
    return tuple(rects)


def _frame(painter: QPainter, rect: QRectF) -> None:
    path = QPainterPath()
    path.addRect(rect)
    draw_path(painter, path, pen(PANE.pointer, 2.0))


def _draw_letters(painter: QPainter, room: QRectF, shown: Shown) -> None:
    if shown.letters is None:
        return
    middle_x, middle_y = room.center().x(), room.center().y() + 5
    top = letter_top(shown, room.width())
    for text, x, y, anchor in (
        (shown.letters.top, middle_x, top, 0.5), (shown.letters.bottom, middle_x, room.bottom() - 10, 0.5),
        (shown.letters.left, room.left() + 10, middle_y, 0.0), (shown.letters.right, room.right() - 10, middle_y, 1.0),
    ):  # fmt: skip
        draw_text(painter, QPointF(x, y), text, PANE.text, bold=True, anchor=anchor)


def letter_top(shown: Shown, width: float) -> float:
    """Where the upper letter stands: beside the title, in its line; below it where they would meet."""
    letter = shown.letters.top if shown.letters is not None else ""
    return _letter_top(shown.title, shown.subtitle, letter, width, line_height(22), line_height(42))


@lru_cache(maxsize=32)  # asked with each paint
def _letter_top(title: str, subtitle: str, letter: str, width: float, beside: int, below: int) -> float:
    start = _subtitle_start(title)
    words = _subtitle(subtitle, width - start - _corner())
    title_end = start + width_of(words) if words else start - 8
    meet = title_end + GAP > (width - width_of(letter, bold=True, pixels=LETTER_PIXELS)) / 2
    return float(below if meet or width < SMALL_PANE else beside)


def _subtitle_start(title: str) -> float:
    return EDGE + width_of(title) + 8


def _draw_bar(painter: QPainter, room: QRectF, shown: Shown) -> None:
    if shown.bar is None:
        return
    right, y = room.right() - EDGE, room.bottom() - 16
    left = right - shown.bar.pixels
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for line in (QLineF(left, y, right, y), QLineF(left, y - 4, left, y + 4), QLineF(right, y - 4, right, y + 4)):
        draw_line(painter, line, pen(PANE.text, 2.0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    middle = min((left + right) / 2, room.right() - width_of(shown.bar.words) / 2 - 4)  # the words may be the wider
    draw_text(painter, QPointF(middle, y - 9), shown.bar.words, anchor=0.5)


def _draw_words(painter: QPainter, room: QRectF, shown: Shown) -> None:
    draw_text(painter, QPointF(EDGE, line_height(20)), shown.title, PANE.text)
    start = _subtitle_start(shown.title)
    subtitle = _subtitle(shown.subtitle, room.width() - start - _corner())
    draw_text(painter, QPointF(start, line_height(20)), subtitle, PANE.text2)
    y = room.bottom() - 12
    for line in reversed(foot_lines(shown, room.width())):
        draw_text(painter, QPointF(EDGE, y), line)
        y -= line_height(16)
    for number, line in enumerate(doubt_lines(shown.doubts, room.width())):
        draw_text(painter, QPointF(EDGE, line_height(38) + line_height(16) * number), line, DOUBT)


def foot_lines(shown: Shown, width: float) -> tuple[str, ...]:
    """What stands at the bottom left."""
    lines = _fitting(shown.foot, width)
    return (*lines, shown.notice) if shown.notice else lines


def doubt_lines(doubts: tuple[str, ...], width: float) -> list[str]:
    """Doubts in whole words, wrapped; in a small pane only how many (its tooltip and the large pane say which)."""
    if doubts and width < SMALL_PANE:
        return ["! " + count_of(len(doubts), "{n} note", "{n} notes")]
    lines: list[str] = []
    for doubt in doubts:
        line = ""
        for word in doubt.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width_of(longer) > width - 2 * EDGE:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def _corner() -> float:
    """How wide the button at the top right is, with the room around it."""
    return CORNER + Appearance.now().icon_pixels(16)


def _subtitle(subtitle: str, width: float) -> str:
    """As many of its parts as fit between the title and the corner button, or "" (a cut word says less than none)."""
    parts = subtitle.split(", ")
    while parts and width_of(", ".join(parts)) > width:
        parts.pop()
    return ", ".join(parts)


def _fitting(lines: tuple[str, ...], width: float) -> tuple[str, ...]:
    """Lines shortened to their first value, then dropped, where they would take over 40 % of the pane."""
    room = 0.4 * width
    shortened = (line if width_of(line) <= room else line.split(" · ")[0] for line in lines)
    return tuple(line for line in shortened if width_of(line) <= room)
