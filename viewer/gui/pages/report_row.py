"""One row of the import report: icon, what it is, how many, what can be done, and the files behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from viewer.gui.widgets.boxes import column_of
from viewer.gui.widgets.controls import Button
from viewer.gui.widgets.file_list import FileList, Line
from viewer.gui.widgets.labels import Glyph, Words
from viewer.text.translate import tr

COUNT_WIDTH, SIDE_WIDTH = 90, 130


class ReportRow(QFrame):
    """`count` stands at the right in words or figures."""

    def __init__(self, icon_name: str, token: str, title: str, words: str, count: str) -> None:
        super().__init__()
        self.setProperty("part", "row")
        self._title = title
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 6, 10, 6)
        text = column_of(Words(title, "strong"), *([Words(words, "second")] if words else []), spacing=1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Glyph(icon_name, token), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        number = Words(count, "", wraps=False)
        number.setMinimumWidth(COUNT_WIDTH)
        number.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        side = QWidget()
        side.setMinimumWidth(SIDE_WIDTH)
        self._side = QVBoxLayout(side)
        self._side.setContentsMargins(0, 0, 0, 0)
        self._side.setSpacing(2)
        row.addWidget(side, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)

    def add_button(self, words: str, do: Callable[[], None]) -> Button:
        """A link at the right."""
        button = Button(words, "link", do=do)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._side.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        return button

    def add_list(self, lines: Callable[[], Sequence[Line]]) -> None:
        """Files that unfold under the row; `lines` is asked when first wanted."""
        listing: list[FileList] = []

        def toggle() -> None:
            if not listing:
                listing.append(FileList(lines()))
                listing[0].hide()
                self._column.addWidget(listing[0])
            listing[0].setVisible(listing[0].isHidden())
            button.set_words(tr("Show the list") if listing[0].isHidden() else tr("Hide the list"))
            button.setAccessibleName(f"{button.text()}: {self._title}")

        button = self.add_button(tr("Show the list"), toggle)
        button.setAccessibleName(f"{button.text()}: {self._title}")
