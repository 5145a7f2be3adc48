"""Keys and mouse, made from the table of actions; and what Sidelight is."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from viewer.gui.shell import Shell
from viewer.gui.steps import Bits
from viewer.gui.widgets.boxes import Card, row_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.labels import Words
from viewer.text.translate import tr
from viewer.usecases.actions import ACTIONS

MOUSE = (
    ("Wheel", "next and previous picture"),
    ("Left drag", "brightness and contrast: right = more grey levels, up = brighter; or the chosen tool"),
    ("Middle drag, or Space and left drag", "move the picture"),
    ("Right drag, or Ctrl and wheel", "zoom"),
    ("Right click", "menu of the picture"),
    ("Double-click", "one pane, and back"),
    ("1 to 9", "brightness presets"),
    ("Esc", "cancel what is going on, then put the picture back"),
)


class HelpPage(QScrollArea):
    """A page in the panes' place; Esc closes it."""

    def __init__(self, shell: Shell, *, about: bool = False) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(16)
        title = Words(tr("About Sidelight") if about else tr("Keys and mouse"), "title")
        head = row_of(title, Button(tr("Close"), icon_name="x", do=shell.leave_page))
        head.setStretch(0, 1)
        column.addLayout(head)
        column.addStretch(1)
        self.setWidget(page)
        self.bits = Bits(self)
        self.bits.make(_about(column) if about else _tables(column))


def _about(column: QVBoxLayout) -> Iterator[None]:
    column.insertWidget(column.count() - 1, about_card())
    yield


def _tables(column: QVBoxLayout) -> Iterator[None]:
    """A card for the mouse and one for each menu."""
    parts = [(tr("Mouse"), [(tr(what), tr(words)) for what, words in MOUSE])]
    parts += [(tr(menu), rows_of_menu(menu)) for menu in dict.fromkeys(row.menu for row in ACTIONS if row.menu)]
    for title, rows in parts:
        card = Card()
        column.insertWidget(column.count() - 1, card)
        yield from fill_table(card, title, rows)


def rows_of_menu(menu: str) -> list[tuple[str, str]]:
    """(keys, title and use) of one menu, as the person's system writes keys."""
    native = QKeySequence.SequenceFormat.NativeText
    rows = []
    for row in ACTIONS:
        if row.menu == menu:
            keys = ", ".join(QKeySequence(key).toString(native) for key in row.keys)
            words = tr(row.title).rstrip("…") + (f": {tr(row.words)}" if row.words else "")
            rows.append((keys, words))
    return rows


def fill_table(card: Card, title: str, rows: list[tuple[str, str]]) -> Iterator[None]:
    """Two columns, row by row."""
    card.column.addWidget(Words(title, "section"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, 220)
    grid.setColumnStretch(1, 1)
    card.column.addLayout(grid)
    for number, (keys, words) in enumerate(rows):
        grid.addWidget(Words(keys, "strong"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Words(words), number, 1, Qt.AlignmentFlag.AlignTop)
        yield


def about_card() -> QFrame:
    """What it is, and what it is not."""
    card = Card()
    for text in (
        tr("Sidelight shows the pictures of your MRI or CT, lets you ask about one of them, and take the answer to your doctor."),
        tr("For information, not a diagnosis. It is not a medical device."),
        tr("Nothing on the disc is ever changed. Nothing leaves this computer until you press Send on a page that shows exactly what would leave."),
        tr("Sidelight is free software under the Apache License 2.0. Icons: Lucide (ISC License)."),
    ):  # fmt: skip
        card.column.addWidget(Words(text))
    return card
