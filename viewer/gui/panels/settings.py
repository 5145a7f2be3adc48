"""Settings: who answers and with which key, and how the window looks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from viewer.gui.panels.who_answers import WhoAnswers
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Card, column_of, row_of
from viewer.gui.widgets.controls import Button, Choice
from viewer.gui.widgets.labels import Words
from viewer.text.translate import tr

THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast"))
TEXT_SIZES = (100, 125, 150, 175, 200)


class SettingsPage(QWidget):
    """Takes the place of the panes. Everything is kept as soon as it is changed, the key when "Keep this key" is pressed."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setProperty("part", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        area, inside, column = QScrollArea(), QWidget(), column_of(spacing=16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        inside.setLayout(column)
        column.setContentsMargins(32, 24, 32, 24)
        # Filled last inside: what comes to another parent is dressed anew with everything in it.
        close = Button(tr("Close the settings"), "", "x", shell.leave_page)
        column.addLayout(row_of(Words(tr("Settings"), "title"), 1, close))
        self.who_answers, self.look = WhoAnswers(shell), AppearanceCard(shell)
        for card in (self.who_answers, self.look):
            column.addWidget(card)
        column.addStretch(1)


class AppearanceCard(Card):
    """Colours and the size of text; both hold at once and at the next start."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell, self._session = shell, shell.session
        appearance = shell.appearance
        self.theme = _choices(tr("Colours"), {name: tr(words) for name, words in THEMES}, appearance.choice)
        self.theme.activated.connect(lambda _: self._choose_theme())
        self.text_size = _choices(tr("Size of text"), {n: f"{n} %" for n in TEXT_SIZES}, appearance.percent)
        self.text_size.activated.connect(lambda _: self._choose_size())
        self.column.addWidget(Words(tr("Appearance"), "section"))
        for box in (self.theme, self.text_size):
            self.column.addWidget(Words(box.accessibleName(), "strong"))
            self.column.addLayout(row_of(box, 1))

    def _choose_theme(self) -> None:
        choice = str(self.theme.currentData())
        self._shell.appearance.choose(choice)
        self._session.set_setting("theme", choice)

    def _choose_size(self) -> None:
        percent = int(self.text_size.currentData())
        self._shell.appearance.resize_text(percent)
        self._session.set_setting("text_percent", str(percent))


def _choices(name: str, rows: dict[str, str] | dict[int, str], now: str | int) -> Choice:
    """A box to choose one of `rows` (value: words), with `now` chosen."""
    box = Choice()
    box.setAccessibleName(name)
    for value, words in rows.items():
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(now)))
    return box
