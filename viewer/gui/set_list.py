"""The list of sets: rows of 64 px with a thumbnail, groups "Start here" and "Helpers", one heading per examination."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimerEvent,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from viewer.gui.bind_actions import ActionMenu
from viewer.gui.icons import drawn
from viewer.gui.plain_text import as_tip
from viewer.gui.theme import Appearance, tokens
from viewer.gui.thumbnails import SIDE, Thumbnails
from viewer.gui.tokens import PANE
from viewer.index.listing import step_words
from viewer.index.model import DiscIndex, Series, SeriesKind, Study
from viewer.jobs.turns import WINDOW_FIRST
from viewer.problem import Severity
from viewer.text.dates import date_words
from viewer.text.plain import one_line
from viewer.text.translate import count_of, tr
from viewer.usecases.belongings import KEY_OBJECTS, SAVED_VIEWS, SEGMENTATIONS, STRUCTURE_SETS
from viewer.usecases.documents import is_film, title_of

NO_STARS: Mapping[str, int] = MappingProxyType({})
DRAWN_OVER = SAVED_VIEWS | SEGMENTATIONS | STRUCTURE_SETS | {KEY_OBJECTS}
AnyIndex = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole


class RowKind(StrEnum):
    """What a row of the list is."""

    STUDY = "study"
    GROUP = "group"
    FOLD = "fold"  # "Helpers (9)": opens and closes
    SET = "set"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: words ready to paint."""

    kind: RowKind
    title: str
    second: str = ""
    tip: str = ""
    series_id: str = ""
    icon: str = ""  # instead of a thumbnail
    frames: int = 0
    is_open: bool = True
    can_be_shown: bool = True


def second_line(series: Series) -> str:
    """ "38 pictures · 1 mm", "cannot be shown, 24 files", "1 picture · no scale"."""
    frames = len(series.frames)
    if not frames:
        return without_pictures(series)
    words = count_of(frames, "{n} picture", "{n} pictures")
    if series.spacing_mm is not None:
        step = series.spacing_mm[0]
        told = f", {step_words(step)}" in series.name
        return words if told else words + " · " + tr("{n} mm", n=f"{round(step, 2 if step < 1 else 1):g}")
    if any(frame.facts.spacing for frame in series.frames[:1]):
        return words
    return words + " · " + tr("no scale")


def without_pictures(series: Series) -> str:
    """What a set is that holds no pictures of its own."""
    if series.kind is SeriesKind.DOCUMENT:
        return series.name if title_of(series) else tr("to be read here")
    classes = {header.sop_class for header in series.documents}
    if classes and classes <= DRAWN_OVER:
        return tr("shown over its pictures")
    if any(is_film(header) for header in series.documents):
        return tr("a film to save")
    damaged = any(problem.severity is Severity.LOSS for problem in series.problems)
    return tr("cannot be shown") if damaged or not classes else tr("not a picture")


def icon_without_pictures(series: Series) -> str:
    """Papers, films, what is drawn over pictures; a warning only where something is wrong or unknown."""
    if series.kind is SeriesKind.DOCUMENT:
        return "file-text"
    if any(is_film(header) for header in series.documents):
        return "play"
    drawn_over = series.documents and {header.sop_class for header in series.documents} <= DRAWN_OVER
    return "flag" if drawn_over else "triangle-alert"


def row_of_series(series: Series, stars: int = 0, *, names_shown: bool = False) -> Row:
    """A set's row; `stars` are pictures of it that the clinic marked. A document has the title it was given. What the
    clinic wrote about a set may hold a name, and stands in its tip only while names are shown."""
    frames = len(series.frames)
    icon = "" if frames else icon_without_pictures(series)
    written = one_line(series.description) if names_shown else ""
    technical = ", ".join(part for part in (series.name, written, series.modality) if part)
    reasons = [problem.text for problem in series.problems]
    return Row(
        RowKind.SET, title_of(series) or series.name or tr("Pictures"), second_line(series) + (f" · ★ {stars}" if stars else ""), "\n".join([technical, *reasons]), series.id,
        icon, frames, can_be_shown=frames > 0,
    )  # fmt: skip


def rows_of(
    disc: DiscIndex,
    filter_words: str,
    helpers_open: frozenset[str],
    *,
    names_shown: bool = False,
    stars: Mapping[str, int] = NO_STARS,
) -> list[Row]:
    """All rows of a disc, filtered by words in names; whose each examination is, while names are shown."""
    rows: list[Row] = []
    for study in disc.studies:
        if len(disc.studies) > 1:
            parts = (date_words(study.date), one_line(study.person.name) if names_shown else "")
            second = " · ".join(part for part in parts if part)
            tip = one_line(study.description) if names_shown else ""
            rows.append(Row(RowKind.STUDY, study.name, second, tip))
        shown = partial(row_of_series, names_shown=names_shown)
        rows += _study_rows(study, filter_words.casefold(), study.uid in helpers_open, stars, shown)
    return rows


def _study_rows(
    study: Study, needle: str, is_open: bool, stars: Mapping[str, int], row_of: Callable[[Series, int], Row]
) -> list[Row]:
    found = [s for s in study.series if needle in f"{title_of(s)} {s.name} {s.description}".casefold()]
    first = [series for series in found if not series.helper]
    helpers = [series for series in found if series.helper]
    rows: list[Row] = []
    if first:
        if len(first) > 1 or helpers:  # with one set there is no other place to start
            rows.append(Row(RowKind.GROUP, tr("Start here")))
        rows += [row_of(series, stars.get(series.id, 0)) for series in first]
    if helpers:
        is_open = is_open or bool(needle) or not first
        count = sum(max(1, len(series.frames)) for series in helpers)
        rows.append(Row(RowKind.FOLD, tr("Helpers ({n})", n=count), series_id=study.uid, is_open=is_open))
        rows += [row_of(series, stars.get(series.id, 0)) for series in helpers] if is_open else []
    return rows


class SetModel(QAbstractListModel):
    """Rows for the list; the thumbnails come as they are ready."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.thumbnails = thumbnails
        self.disc: DiscIndex | None = None
        self.rows: list[Row] = []
        thumbnails.made.connect(self._thumbnail_made)

    def show_rows(self, disc: DiscIndex | None, rows: list[Row]) -> None:
        """Other rows; nothing is said when they are the same."""
        self.disc = disc
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def row_of(self, series_id: str) -> int:
        """The row of a set, -1 when it is not in the list."""
        return next(
            (n for n, row in enumerate(self.rows) if row.kind is RowKind.SET and row.series_id == series_id), -1
        )

    def why_no_picture(self, row: Row) -> str:
        """Why a set has no thumbnail, "" while it has one or may still get one."""
        failed = self.thumbnails.failure(self.disc, row.series_id, row.frames) if self.disc and row.frames else None
        return tr(failed.text) if failed is not None else ""

    def _thumbnail_made(self, series_id: str) -> None:
        at = self.index(self.row_of(series_id))
        if at.isValid():
            self.dataChanged.emit(at, at)

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008  as Qt declares it
        return 0 if parent.isValid() else len(self.rows)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_tip("\n".join(part for part in (row.tip, self.why_no_picture(row)) if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.title, row.second) if part)
        return None

    @override
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        on = Qt.ItemFlag.ItemIsEnabled
        return on | Qt.ItemFlag.ItemIsSelectable if row.kind in (RowKind.SET, RowKind.FOLD) else on


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
        return self._view.viewport().width() < 120

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
            painter.drawPixmap(round(at.x() - 8), round(at.y() - 8), drawn(icon, 16, PANE.text2, _ratio(painter)))

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
            painter.drawPixmap(round(left), round(rect.center().y() - 8), drawn(name, 16, now.text2, _ratio(painter)))
            left += 22
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


class SetList(QListView):
    """`opened` carries the series; a fold row carries its study."""

    opened = Signal(str)
    folded = Signal(str)
    explained = Signal(str)
    beside_wanted = Signal(str)
    choice_changed = Signal()

    def __init__(self, model: SetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sets = model
        self.setModel(model)
        self.delegate = SetDelegate(self, model)
        self.setItemDelegate(self.delegate)
        self.more: Sequence[QAction] = ()  # what can be done with the chosen sets, for their menu
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.selectionModel().selectionChanged.connect(lambda *_: self._choice_changed())
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Sets of pictures"))
        self.setMinimumWidth(40)

    @override
    def timerEvent(self, event: QTimerEvent) -> None:
        with WINDOW_FIRST:  # rows are laid out in it
            super().timerEvent(event)

    def show_series(self, series_id: str) -> None:
        """Which set is on screen."""
        self.delegate.shown_series = series_id
        at = self._sets.index(self._sets.row_of(series_id))
        if at.isValid() and self.currentIndex() != at:
            self.setCurrentIndex(at)
        self.viewport().update()

    def chosen(self) -> tuple[str, ...]:
        """Ids of the chosen sets with pictures, as listed."""
        rows: list[Row] = [index.data(ROW_ROLE) for index in sorted(self.selectedIndexes())]
        return tuple(row.series_id for row in rows if row.kind is RowKind.SET and row.can_be_shown)

    def _choice_changed(self) -> None:
        chosen = self.chosen()
        self.delegate.chosen = frozenset(chosen if len(chosen) > 1 else ())
        self.viewport().update()
        self.choice_changed.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with WINDOW_FIRST:
            super().paintEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row: Row | None = index.data(ROW_ROLE)
        if row is None:
            return
        if row.kind is RowKind.FOLD:
            self.folded.emit(row.series_id)
        elif row.kind is RowKind.SET:
            (self.opened if row.can_be_shown else self.explained).emit(row.series_id)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row: Row | None = index.data(ROW_ROLE)
        if row is None or row.kind is not RowKind.SET or not row.can_be_shown:
            return
        menu = ActionMenu(self)
        menu.setToolTipsVisible(True)
        menu.addAction(tr("Show this set"), lambda: self.opened.emit(row.series_id))
        menu.addAction(tr("Show it beside the large picture"), lambda: self.beside_wanted.emit(row.series_id))
        menu.addSeparator()
        menu.addActions(list(self.more))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(self.visualRect(index).center() if by_key else event.pos()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        choosing = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.LeftButton and not choosing:
            self._open(self.indexAt(event.position().toPoint()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        choosing = event.modifiers() & Qt.KeyboardModifier.ControlModifier  # Ctrl+Space chooses one more
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not choosing:
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)
