"""What the clinic added to the pictures on screen: saved views, outlines to show and hide, marked pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.document.belongings import KeyPicture, Outline, OutlineSet, SavedView
from viewer.document.model import State
from viewer.geometry.plane import Plane
from viewer.gui.clinic import put_on
from viewer.gui.shell import Shell
from viewer.gui.steps import Bits
from viewer.gui.widgets.boxes import Note, column_of, row_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.gui.widgets.plain_text import show_text
from viewer.index.model import Series
from viewer.picture.drawn import Colour
from viewer.text.translate import tr
from viewer.usecases.what_belongs import keys_of, sets_of, stray_sets, views_of

CHIP = 14
MOST_ROWS = 200
MOST_STRAYS = 5


class ObjectsPanel(QFrame):
    """Follows the set of pictures on screen."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setProperty("part", "dock")
        self._shell = shell
        self.boxes: dict[str, QCheckBox] = {}
        self._bits = Bits(self)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(tr("What the clinic added"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        store = shell.session.store
        self._told: tuple[object, ...] = ()
        store.watch(_told, self._show)
        store.watch(lambda state: state.view.outlines, lambda _: self._tick())

    # --- building
    def _show(self, told: tuple[object, ...]) -> None:
        if told == self._told:
            return
        self._told = told
        inner = QWidget(self._scroll.viewport())
        column = column_of(spacing=10, margin=12)
        inner.setLayout(column)
        column.addStretch(1)
        self.boxes = {}
        self._scroll.setWidget(inner)
        self._bits.make(self._parts(column, self._shell.session.store.state))

    @property
    def is_filled(self) -> bool:
        """Whether every row is there: they come one after the other."""
        return self._bits.is_done

    def _parts(self, column: QVBoxLayout, state: State) -> Iterator[None]:
        series = _series(state)
        for rows in (self._views(state, series), self._outlines(state, series), self._keys(state, series)):
            for part in rows:
                column.insertWidget(column.count() - 1, part)
                yield
        for one in state.belongings.problems[:5]:
            column.insertWidget(column.count() - 1, Note(one.words, "warn"))
        if column.count() == 1:
            column.insertWidget(0, Words(tr("The clinic added nothing to these pictures."), "second"))

    def _views(self, state: State, series: Series | None) -> Iterator[QWidget]:
        views = views_of(state.belongings, series.id) if series else ()
        if views:
            yield Words(tr("Saved views"), "section")
        for view in views[:MOST_ROWS]:
            is_on = state.view.applied is not None and state.view.applied.id == view.id
            act = self._shell.session.objects.take_view_off if is_on else partial(put_on, self._shell, view)
            button = Button(tr("Take off") if is_on else tr("Show"), do=act)
            yield _row(_view_words(view), button)
            words = self._shell.session.objects.view_words() if is_on else ""
            if words:
                yield Note(words, "warn")

    def _outlines(self, state: State, series: Series | None) -> Iterator[QWidget]:
        known = sets_of(state.belongings, series)
        for held in known:
            yield Words(tr("Outlines: {name}", name=held.name), "section")
            if held.note:
                yield Words(held.note, "second")
            yield from (self._outline(outline) for outline in held.outlines[:MOST_ROWS])
            if len(held.outlines) > 1:
                yield self._all_or_none(held)
        if known:
            yield Words(tr("Drawn by people or programs of the clinic; they are never sent."), "second")
        strays = stray_sets(state.belongings, state.disc)
        yield from (Note(_stray_words(held), "info") for held in strays[:MOST_STRAYS])

    def _outline(self, outline: Outline) -> QWidget:
        box = QCheckBox()
        show_text(box, outline.name)
        box.setChecked(outline.id in self._shell.session.store.state.view.outlines)
        box.clicked.connect(lambda is_on, one=outline.id: self._switch((one,), is_on=is_on))
        self.boxes[outline.id] = box
        row = QWidget()
        layout = row_of(Chip(outline.colour), box)
        layout.setStretch(1, 1)
        row.setLayout(layout)
        return row

    def _all_or_none(self, held: OutlineSet) -> QWidget:
        ids = tuple(one.id for one in held.outlines)
        row = QWidget()
        every = Button(tr("Show all"), "link", do=lambda: self._switch(ids, is_on=True))
        none = Button(tr("Hide all"), "link", do=lambda: self._switch(ids, is_on=False))
        row.setLayout(row_of(every, none, 1))
        return row

    def _keys(self, state: State, series: Series | None) -> Iterator[QWidget]:
        keys = keys_of(state.belongings, series.id) if series else ()
        if keys:
            yield Words(tr("Marked pictures"), "section")
        for key in keys[:MOST_ROWS]:
            yield _row(key_words(key), Button(tr("Go there"), do=self._jump(key)))

    def _jump(self, key: KeyPicture) -> Callable[[], None]:
        series_id, group, index = key.place
        return lambda: self._shell.go_to(series_id, group, Plane.NATIVE, index)

    # --- switching
    def _switch(self, ids: tuple[str, ...], *, is_on: bool) -> None:
        session = self._shell.session
        shown = session.store.state.view.outlines
        kept = tuple(one for one in shown if one not in ids)
        chosen = (*kept, *ids) if is_on else kept
        session.objects.choose_outlines(chosen)

    def _tick(self) -> None:
        shown = set(self._shell.session.store.state.view.outlines)
        for one, box in self.boxes.items():
            box.setChecked(one in shown)


class Chip(QWidget):
    """The colour of an outline."""

    def __init__(self, colour: Colour) -> None:
        super().__init__()
        self._colour = QColor(*colour)
        self.setFixedSize(CHIP, CHIP)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 90))
        painter.setBrush(self._colour)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 3, 3)


def key_words(key: KeyPicture) -> str:
    """ "Picture 12: Of Interest. Liver lesion"; set aside where it was."""
    words = tr("Picture {n}: {title}", n=key.place[2] + 1, title=key.title)
    parts = (words, tr("set aside by the clinic") if key.rejected else "", key.note)
    return ". ".join(part for part in parts if part)


def _stray_words(held: OutlineSet) -> str:
    return tr(
        "Outlines: {name}. They were drawn on pictures that are not here, or do not tell on which, so they cannot be shown.",
        name=held.name,
    )


def _view_words(view: SavedView) -> str:
    return ", ".join(part for part in (view.name, view.words) if part)


def _row(words: str, button: Button) -> QWidget:
    row = QWidget()
    layout = row_of(Words(words), button)
    layout.setStretch(0, 1)
    row.setLayout(layout)
    return row


def _series(state: State) -> Series | None:
    pane = state.view.pane
    return state.disc.series(pane.series_id) if state.disc and pane else None


def _told(state: State) -> tuple[object, ...]:
    """What the panel's rows hang on."""
    known, pane, applied = state.belongings, state.view.pane, state.view.applied
    return (
        known.keys, known.views, known.sets, known.problems, pane.series_id if pane else "",
        applied.id if applied else "",
    )  # fmt: skip
