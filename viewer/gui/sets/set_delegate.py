"""How a row of the list of sets is painted: 64 px with a thumbnail."""

from __future__ import annotations

from PySide6.QtCore import (
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

from viewer.gui.look.icons import drawn
from viewer.gui.look.theme import Appearance, tokens
from viewer.gui.look.tokens import PANE
from viewer.gui.sets.set_model import ROW_ROLE, AnyIndex, SetModel
from viewer.gui.sets.set_rows import Row, RowKind
from viewer.gui.sets.thumbnails import SIDE

HEIGHTS = {RowKind.STUDY: 52, RowKind.GROUP: 32, RowKind.FOLD: 34, RowKind.SET: 64}


class SetDelegate(QStyledItemDelegate):
    """Paints rows from the tokens; narrow lists show thumbnails only."""

    def __init__(self, view: QListView, model: SetModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self.shown_series = ""
        self.chosen: frozenset[str] = frozenset()  # several, to do something with

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        row: Row = index.data(ROW_ROLE)
        height = HEIGHTS[row.kind] if row.second or row.kind is not RowKind.STUDY else HEIGHTS[RowKind.FOLD]
        if self.is_strip and row.kind is not RowKind.SET:
            height = 12
        return QSize(40, max(height, Appearance.now().pixels(height) if row.kind is not RowKind.SET else height))

    @property
    def is_strip(self) -> bool:
        """Folded to thumbnails."""
        return self._view.maximumViewportSize().width() < 120

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row: Row = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind is RowKind.SET:
            self._paint_set(painter, rect, row, focused=self._is_focused(option))
        elif not self.is_strip:
            self._paint_heading(painter, rect, row)
        painter.restore()

    def _is_focused(self, option: QStyleOptionViewItem) -> bool:
        return bool(option.state & QStyle.StateFlag.State_HasFocus) and bool(self._view.property("keyfocus"))

    def _paint_set(self, painter: QPainter, rect: QRectF, row: Row, *, focused: bool) -> None:
        now = tokens()
        chosen = row.series_id == self.shown_series
        if chosen and not now.is_contrast:
            painter.fillRect(rect, QColor(now.accent_bg))
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(now.accent))
        if row.series_id in self.chosen:
            painter.setPen(QPen(QColor(now.accent), 1))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        if focused or (chosen and now.is_contrast):
            painter.setPen(QPen(QColor(now.focus if focused else now.accent), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        left = rect.left() + (6 if self.is_strip else 15)
        box = QRectF(left, rect.top() + 6, SIDE, SIDE)
        self._paint_thumbnail(painter, box, row)
        if not self.is_strip:
            x = box.right() + 10
            self._paint_lines(painter, QRectF(x, rect.top(), rect.right() - x - 12, rect.height()), row, strong=chosen)

    def _paint_thumbnail(self, painter: QPainter, box: QRectF, row: Row) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(PANE.ground))
        painter.drawRoundedRect(box, 4, 4)
        disc = self._model.disc
        pixmap = self._model.thumbnails.of(disc, row.series_id, row.frames) if disc and row.frames else None
        if pixmap is not None:
            size = pixmap.deviceIndependentSize()
            x, y = box.center().x() - size.width() / 2, box.center().y() - size.height() / 2
            painter.drawPixmap(round(x), round(y), pixmap)
        elif icon := row.icon or ("triangle-alert" if self._model.why_no_picture(row) else ""):
            at = box.center()
            edge = Appearance.now().icon_pixels(16)
            shape = drawn(icon, edge, PANE.text2, _ratio(painter))
            painter.drawPixmap(round(at.x() - edge / 2), round(at.y() - edge / 2), shape)

    def _paint_lines(self, painter: QPainter, room: QRectF, row: Row, *, strong: bool) -> None:
        look, now = Appearance.now(), tokens()
        font = look.font(13)
        if strong:
            font.setWeight(font.Weight.DemiBold)
        small = look.font(12)
        title, second = QFontMetrics(font), QFontMetrics(small)
        most = 2 if 2 * title.height() + second.height() <= room.height() else 1
        lines = title_lines(row.title, title, int(room.width()), most)
        top = room.center().y() - (len(lines) * title.height() + second.height()) / 2
        painter.setFont(font)
        painter.setPen(QColor(now.text))
        for words in lines:
            painter.drawText(QRectF(room.left(), top, room.width(), title.height()), 0, words)
            top += title.height()
        painter.setFont(small)
        painter.setPen(QColor(now.text2))
        line = QRectF(room.left(), top, room.width(), second.height())
        painter.drawText(line, 0, _fitted(row.second, second, int(room.width())))

    def _paint_heading(self, painter: QPainter, rect: QRectF, row: Row) -> None:
        look, now = Appearance.now(), tokens()
        left = rect.left() + 12
        if row.kind is RowKind.STUDY:
            painter.setFont(look.font(14, look.font().Weight.DemiBold))
            painter.setPen(QColor(now.text))
            title = QFontMetrics(painter.font()).height()
            painter.drawText(QRectF(left, rect.top() + 10, rect.width() - 24, title), 0, row.title)
            painter.setFont(look.font(12))
            painter.setPen(QColor(now.text2))
            small, width = QFontMetrics(painter.font()), rect.width() - 24
            words = small.elidedText(row.second, Qt.TextElideMode.ElideRight, int(width))
            painter.drawText(QRectF(left, rect.top() + 12 + title, width, small.height()), 0, words)
            return
        if row.kind is RowKind.FOLD:
            name = "chevron-down" if row.is_open else "chevron-right"
            edge = look.icon_pixels(16)
            shape = drawn(name, edge, now.text2, _ratio(painter))
            painter.drawPixmap(round(left), round(rect.center().y() - edge / 2), shape)
            left += edge + 6
        painter.setFont(look.font(12, look.font().Weight.DemiBold))
        painter.setPen(QColor(now.muted))
        painter.drawText(
            QRectF(left, rect.top(), rect.width(), rect.height()), Qt.AlignmentFlag.AlignVCenter, row.title
        )


def _ratio(painter: QPainter) -> float:
    return painter.device().devicePixelRatioF()


def title_lines(words: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """A title on one line, or on two where what tells it from its neighbours would be cut off."""
    parts = words.split(", ")
    if most > 1 and len(parts) > 1 and metrics.horizontalAdvance(words) > width:
        fits = [n for n in range(1, len(parts)) if metrics.horizontalAdvance(", ".join(parts[:n]) + ",") <= width]
        if fits:
            rest = ", ".join(parts[fits[-1] :])
            return [", ".join(parts[: fits[-1]]) + ",", metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)]
    return [metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)]


def _fitted(words: str, metrics: QFontMetrics, width: int) -> str:
    """The second line drops its last part before it elides; a count never elides."""
    parts = words.split(" · ")
    while len(parts) > 1 and metrics.horizontalAdvance(" · ".join(parts)) > width:
        parts.pop()
    return metrics.elidedText(" · ".join(parts), Qt.TextElideMode.ElideRight, width)
