"""What the clinic added to the pictures on screen: saved views, outlines to show and hide, marked pictures."""

from __future__ import annotations

from collections.abc import Callable
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
        self._inner: QWidget | None = None
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
        state = self._shell.session.store.state
        series = _series(state)
        inner = QWidget()
        column = column_of(spacing=10, margin=12)
        inner.setLayout(column)
        self.boxes = {}
        parts = [*self._views(state, series), *self._outlines(state, series), *self._keys(state, series)]
        parts += [Note(one.words, "warn") for one in state.belongings.problems[:5]]
        if not parts:
            parts.append(Words(tr("The clinic added nothing to these pictures."), "second"))
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        self._scroll.setWidget(inner)
        self._tick()

    def _views(self, state: State, series: Series | None) -> list[QWidget]:
        views = views_of(state.belongings, series.id) if series else ()
        if not views:
            return []
        parts: list[QWidget] = [Words(tr("Saved views"), "section")]
        for view in views[:MOST_ROWS]:
            is_on = state.view.applied is not None and state.view.applied.id == view.id
            act = self._shell.session.objects.take_view_off if is_on else partial(put_on, self._window(), view)
            button = Button(tr("Take off") if is_on else tr("Show"), do=act)
            parts.append(_row(_view_words(view), button))
            words = self._shell.session.objects.view_words() if is_on else ""
            if words:
                parts.append(Note(words, "warn"))
        return parts

    def _window(self) -> Shell:
        return self._shell

    def _outlines(self, state: State, series: Series | None) -> list[QWidget]:
        parts: list[QWidget] = []
        for held in sets_of(state.belongings, series):
            parts.append(Words(tr("Outlines: {name}", name=held.name), "section"))
            if held.note:
                parts.append(Words(held.note, "second"))
            parts += [self._outline(outline) for outline in held.outlines[:MOST_ROWS]]
            if len(held.outlines) > 1:
                parts.append(self._all_or_none(held))
        if parts:
            parts.append(Words(tr("Drawn by people or programs of the clinic; they are never sent."), "second"))
        strays = stray_sets(state.belongings, state.disc)
        return parts + [Note(_stray_words(held), "info") for held in strays[:MOST_STRAYS]]

    def _outline(self, outline: Outline) -> QWidget:
        box = QCheckBox()
        show_text(box, outline.name)
        box.clicked.connect(lambda is_on, one=outline.id: self._switch({one}, is_on=is_on))
        self.boxes[outline.id] = box
        row = QWidget()
        layout = row_of(Chip(outline.colour), box)
        layout.setStretch(1, 1)
        row.setLayout(layout)
        return row

    def _all_or_none(self, held: OutlineSet) -> QWidget:
        ids = {one.id for one in held.outlines}
        row = QWidget()
        every = Button(tr("Show all"), "link", do=lambda: self._switch(ids, is_on=True))
        none = Button(tr("Hide all"), "link", do=lambda: self._switch(ids, is_on=False))
        row.setLayout(row_of(every, none, 1))
        return row

    def _keys(self, state: State, series: Series | None) -> list[QWidget]:
        keys = keys_of(state.belongings, series.id) if series else ()
        if not keys:
            return []
        parts: list[QWidget] = [Words(tr("Marked pictures"), "section")]
        return parts + [_row(key_words(key), Button(tr("Go there"), do=self._jump(key))) for key in keys[:MOST_ROWS]]

    def _jump(self, key: KeyPicture) -> Callable[[], None]:
        series_id, group, index = key.place
        return lambda: self._shell.go_to(series_id, group, Plane.NATIVE, index)

    # --- switching
    def _switch(self, ids: set[str], *, is_on: bool) -> None:
        session = self._shell.session
        shown = session.store.state.view.outlines
        kept = tuple(one for one in shown if one not in ids)
        chosen = (*kept, *(one for one in self.boxes if one in ids)) if is_on else kept
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
