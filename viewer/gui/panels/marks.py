"""The list of marks: one row per mark with its number, its words, its measure, and where it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.document.changes import MarkChanged, MarkRemoved, MarkSelected
from viewer.document.model import State
from viewer.gui.look.icons import icon
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Abreast, Note, column_of, part
from viewer.gui.widgets.controls import Button, IconButton, Line
from viewer.gui.widgets.labels import Elided, Glyph, Words
from viewer.gui.widgets.plain_text import show_text
from viewer.marks.labels import row_lines, title_words
from viewer.marks.mark import Mark, MarkKind
from viewer.problem import Problem
from viewer.text.translate import tr

if TYPE_CHECKING:
    from viewer.usecases.session import Session

ICONS = {
    MarkKind.ARROW: "arrow-up-right",
    MarkKind.LENGTH: "ruler",
    MarkKind.ELLIPSE: "circle",
    MarkKind.RECTANGLE: "square",
    MarkKind.TEXT: "type",
}


NO_DIRECTION = "It was drawn in a direction that this set does not offer now"


class MarksPanel(QFrame):
    """Follows the document; a click jumps to the mark's picture."""

    def __init__(self, shell: Shell, set_title: Callable[[str], None], save_table: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("part", "dock")
        self._shell, self._set_title = shell, set_title
        self.rows: list[MarkRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._note = Note(
            tr("“In the patient” means: the file says how large a pixel is inside the body, so the length is true.")
        )
        self._empty = Words(tr("No marks yet. Choose a tool above and draw on the picture."), "second")
        inner = QWidget()
        below = column_of(self._empty, self._note, spacing=10, margin=12)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._list)
        column.addLayout(below)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        foot = part("dockfoot")
        self.table = Button(tr("Save as table…"), "", "download", do=save_table)
        self.table.refused.connect(shell.say)
        saved = column_of(Abreast(self.table, Words(tr("Saved by themselves"), "second", wraps=False)))
        saved.setContentsMargins(12, 10, 12, 10)
        foot.setLayout(saved)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addWidget(foot)
        store = shell.session.store
        store.watch(lambda state: state.document, lambda _: self._show())
        store.watch(lambda state: state.view.selected_mark, lambda _: self._show())

    def _show(self) -> None:
        state: State = self._shell.session.store.state
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = [
            MarkRow(self._shell, mark, number, chosen=mark.id == state.view.selected_mark)
            for number, mark in enumerate(state.document.marks, 1)
        ]
        for row in self.rows:
            self._list.addWidget(row)
        self._empty.setVisible(not self.rows)
        self.table.set_blocked("" if self.rows else tr("There are no marks yet."))
        self._note.setVisible(any(mark.kind is MarkKind.LENGTH for mark in state.document.marks))
        self._set_title(tr("Marks ({n})", n=len(self.rows)) if self.rows else tr("Marks"))

    def begin_rename(self, mark_id: str) -> None:
        """Edit the words of a mark in its row."""
        for row in self.rows:
            if row.mark.id == mark_id:
                row.begin_rename()


class MarkRow(QFrame):
    """One mark."""

    def __init__(self, shell: Shell, mark: Mark, number: int, *, chosen: bool) -> None:
        super().__init__()
        self._shell, self.mark = shell, mark
        self.setProperty("part", "row")
        self.setProperty("chosen", chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        title = f"{number}\u2002{title_words(mark)}"
        self._title = Elided(title, "strong")
        self._edit = RowEditor(self._rename)
        self._edit.hide()
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title, 1)
        head.addWidget(self._edit, 1)
        head.addWidget(self._hide_button())
        head.addWidget(IconButton("pencil", tr("Rename this mark"), self.begin_rename))
        head.addWidget(IconButton("trash-2", tr("Delete this mark"), self._delete))
        lines = row_lines_of(shell.session, mark)
        text = column_of(spacing=2)
        text.addLayout(head)
        for place, line in enumerate(lines):
            text.addWidget(Words(line, "" if place == 0 else "second"))
        text.addWidget(Words(place_words(shell.session, mark), "second"))
        row = QHBoxLayout(self)
        row.setContentsMargins(9 if chosen else 12, 6, 8, 8)  # the chosen row has a bar of 3 px
        row.setSpacing(10)
        shape = column_of(Glyph(ICONS[mark.kind]), 1)
        shape.setContentsMargins(0, 6, 0, 0)  # beside the title, which stands in the middle of its buttons
        row.addLayout(shape)
        row.addLayout(text, 1)
        self.setAccessibleName(", ".join((title, *lines)))

    def _hide_button(self) -> IconButton:
        hidden = self.mark.hidden
        button = IconButton("eye-off" if hidden else "eye", tr("Show this mark") if hidden else tr("Hide this mark"))
        button.setIcon(icon("eye-off" if hidden else "eye"))
        button.clicked.connect(self._toggle)
        return button

    def _toggle(self) -> None:
        self._shell.session.store.dispatch(MarkChanged(replace(self.mark, hidden=not self.mark.hidden)))

    def _delete(self) -> None:
        self._shell.session.store.dispatch(MarkRemoved(self.mark.id))

    def begin_rename(self) -> None:
        """Edit the words here."""
        show_text(self._edit, self.mark.text)
        self._title.hide()
        self._edit.show()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edit.selectAll()

    def _rename(self, words: str | None) -> None:
        self._edit.hide()
        self._title.show()
        if words is not None and words != self.mark.text:
            self._shell.session.store.dispatch(MarkChanged(replace(self.mark, text=words)))

    def _jump(self) -> None:
        anchor, store = self.mark.anchor, self._shell.session.store
        if not has_direction(self._shell.session, self.mark):
            self._shell.say(tr(NO_DIRECTION))  # any picture that came up would be another one
            return
        self._shell.go_to(anchor.series_id, anchor.group, anchor.plane, anchor.index)
        store.dispatch(MarkSelected(self.mark.id))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._jump()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._jump()
        elif event.key() == Qt.Key.Key_Delete:
            self._delete()
        else:
            super().keyPressEvent(event)


class RowEditor(Line):
    """Enter keeps the words, Esc leaves them."""

    def __init__(self, done: Callable[[str | None], None]) -> None:
        super().__init__()
        self._done = done
        self.setMaxLength(200)
        self.setAccessibleName(tr("Words of this mark"))
        self.returnPressed.connect(lambda: self._done(self.text().strip()))
        self.escaped.connect(lambda: self._done(None))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        event.accept()  # Qt hands Enter on, and the row would go to the picture of its mark


def row_lines_of(session: Session, mark: Mark) -> tuple[str, ...]:
    """The measure of a mark where its picture is in memory; its kind otherwise."""
    anchor = mark.anchor
    try:
        slice_ = session.source(anchor.series_id, anchor.group).ready(anchor.plane, anchor.index)
    except KeyError:
        return ()
    if slice_ is None:
        return ()
    found = session.measure(mark, slice_)
    return (found.text,) if isinstance(found, Problem) else row_lines(mark, found)


def has_direction(session: Session, mark: Mark) -> bool:
    """False where a set that is there does not offer the direction a mark was drawn in, as after sets were put together."""
    anchor, disc = mark.anchor, session.store.state.disc
    known = disc is not None and disc.series(anchor.series_id) is not None
    return not known or anchor.plane in session.source(anchor.series_id, anchor.group).planes


def place_words(session: Session, mark: Mark) -> str:
    """ "Picture 19 of 38, From the side, T2"."""
    anchor = mark.anchor
    disc = session.store.state.disc
    series = disc.series(anchor.series_id) if disc else None
    if series is None:
        return tr("Its pictures are not on this disc")
    if not has_direction(session, mark):
        return tr(NO_DIRECTION)
    count = session.source(anchor.series_id, anchor.group).count(anchor.plane)
    return tr(
        "Picture {n} of {all} · {name}", n=anchor.index + 1, all=count, name=series.name.replace(" mm", "\u00a0mm")
    )
