"""Settings: who answers and with which key (with a connection test), and how the window looks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QRadioButton, QScrollArea, QVBoxLayout, QWidget

from viewer.gui.controls import Button, Card, Note, Words, row_of
from viewer.gui.plain_text import show_text
from viewer.gui.shell import Shell
from viewer.jobs.jobs import Job
from viewer.problem import ProblemError
from viewer.text.translate import tr
from viewer.usecases.rows import AskSettings, ConnectionReport

ANTHROPIC, ADDRESS = "anthropic", "address"
THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast"))
TEXT_SIZES = (100, 125, 150, 175, 200)


class SettingsPage(QWidget):
    """Takes the place of the panes. Everything is kept as soon as it is changed, the key when "Keep this key" is pressed."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell, self._session = shell, shell.session
        self._testing: Job[ConnectionReport] | None = None
        self.setProperty("part", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(16)
        column.addLayout(
            row_of(Words(tr("Settings"), "title"), 1, Button(tr("Close the settings"), "", "x", shell.leave_page))
        )
        column.addWidget(self._who_answers())
        column.addWidget(self._appearance())
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.show_settings(self._session.ask_settings())
        shell.bridge.follow(self._session.warm_up(), lambda job: self._looked(job.finished))

    def _looked(self, finished: bool) -> None:
        if finished:
            self.key_words.set_words(self._session.ask_settings().key_words)

    # --- who answers
    def _who_answers(self) -> QWidget:
        card = Card()
        card.column.addWidget(Words(tr("Who answers"), "section"))
        card.column.addWidget(
            Words(
                tr(
                    "Asking is the only thing that uses the network. Nothing leaves before you have seen it and agreed."
                ),
                "second",
            )
        )
        self.anthropic = QRadioButton(tr("Anthropic (needs a key; each question costs a little)"))
        self.address_choice = QRadioButton(
            tr("Another address that speaks the Messages API (such as a program on this laptop)")
        )
        group = QButtonGroup(self)
        for choice in (self.anthropic, self.address_choice):
            group.addButton(choice)
            choice.toggled.connect(self._provider_toggled)
            card.column.addWidget(choice)
        self.address = QLineEdit()
        self.address.setPlaceholderText("http://127.0.0.1:11434")
        self.address_words = Words(tr("Address"), "strong")
        self.key_style_words = Words(tr("How the key is handed over"), "strong")
        self.key_style = QComboBox()
        self.key_style.addItem(tr("Authorization: Bearer (usual)"), "bearer")
        self.key_style.addItem("x-api-key", "x-api-key")
        self.key_style.activated.connect(lambda _: self.keep_choice())
        self.address.editingFinished.connect(self.keep_choice)
        self.address.setAccessibleName(tr("Address"))
        for widget in (self.address_words, self.address, self.key_style_words, self.key_style):
            card.column.addWidget(widget)
        card.column.addWidget(Words(tr("Key"), "strong"))
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText(tr("Paste the key here"))
        self.key.setAccessibleName(tr("Key"))
        self.key.returnPressed.connect(self._keep_key)
        row = row_of(
            self.key,
            Button(tr("Keep this key"), "", "key-round", self._keep_key),
            Button(tr("Forget the key"), do=self._forget_key),
        )
        row.setStretch(0, 1)
        card.column.addLayout(row)
        self.key_words = Words("", "second")
        card.column.addWidget(self.key_words)
        card.column.addWidget(Words(tr("Model"), "strong"))
        self.model = QComboBox()
        self.model.setEditable(True)
        self.model.setAccessibleName(tr("Model"))
        self.model.activated.connect(lambda _: self.keep_choice())
        line = self.model.lineEdit()
        if line is not None:
            line.setAccessibleName(tr("Model"))
            line.editingFinished.connect(self.keep_choice)
        card.column.addWidget(self.model)
        self.test = Button(tr("Test connection"), "", "rotate-ccw", self.test_connection)
        card.column.addLayout(row_of(self.test, 1))
        self.report = Note("", "info")
        self.report.hide()
        card.column.addWidget(self.report)
        return card

    def show_settings(self, settings: AskSettings) -> None:
        """Show what is set."""
        for choice in (self.anthropic, self.address_choice):
            choice.blockSignals(True)
        self.anthropic.setChecked(settings.provider == ANTHROPIC)
        self.address_choice.setChecked(settings.provider != ANTHROPIC)
        for choice in (self.anthropic, self.address_choice):
            choice.blockSignals(False)
        own = settings.provider != ANTHROPIC
        for widget in (self.address_words, self.address, self.key_style_words, self.key_style):
            widget.setVisible(own)
        if own:
            show_text(self.address, settings.base_url)
            self.key_style.setCurrentIndex(max(0, self.key_style.findData(settings.key_style)))
        self.key_words.set_words(settings.key_words)
        self._fill_models(settings.model)

    def _fill_models(self, chosen: str) -> None:
        self.model.blockSignals(True)
        self.model.clear()
        for model in self._session.models():
            self.model.addItem(f"{model.name} ({model.price_words})", model.id)
        at = self.model.findData(chosen)
        if at < 0 and chosen:
            self.model.addItem(chosen, chosen)
            at = self.model.count() - 1
        self.model.setCurrentIndex(at)
        self.model.blockSignals(False)

    @property
    def provider(self) -> str:
        """Which of the two is chosen."""
        return ANTHROPIC if self.anthropic.isChecked() else ADDRESS

    def _provider_toggled(self, on: bool) -> None:
        if on:
            own = self.provider == ADDRESS
            for widget in (self.address_words, self.address, self.key_style_words, self.key_style):
                widget.setVisible(own)
            if not own:
                self.keep_choice()
                self.show_settings(self._session.ask_settings())
            elif self.address.text().strip():
                self.keep_choice()
            else:
                self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def _model_id(self) -> str:
        text = self.model.currentText().strip()
        index = self.model.findText(text)
        return str(self.model.itemData(index)) if index >= 0 else text

    def keep_choice(self) -> bool:
        """Keep provider, address, model; says why where an address cannot be one."""
        if self.provider == ADDRESS and not self.address.text().strip():
            return False
        same = self._session.ask_settings().provider == self.provider
        try:
            self._session.change_ask_settings(
                self.provider, self.address.text(), self._model_id() if same else "", str(self.key_style.currentData())
            )
        except ProblemError as failure:
            self._tell(f"{failure.problem.text} {failure.problem.remedy}".strip(), "warn")
            return False
        self.report.hide()
        self.key_words.set_words(self._session.ask_settings().key_words)
        return True

    def _keep_key(self) -> None:
        key = self.key.text()
        self.key.clear()
        if key.strip():
            self._follow_key(self._session.keep_key(key))

    def _forget_key(self) -> None:
        self._follow_key(self._session.keep_key(""))

    def _follow_key(self, job: Job[AskSettings]) -> None:
        def done(job: Job[AskSettings]) -> None:
            if job.result is not None:
                self.show_settings(job.result)
            elif job.problem is not None:
                self._tell(f"{job.problem.text} {job.problem.remedy}".strip(), "warn")

        self._shell.bridge.follow(job, done)

    def test_connection(self) -> None:
        """Ask for the list of models; no picture leaves."""
        if not self.keep_choice() and self.provider == ADDRESS:
            self._tell(tr("Type the address first, such as http://127.0.0.1:11434."), "warn")
            return
        self._tell(tr("Asking the address for its models…"), "info")
        self._testing = self._session.test_connection()
        self._shell.bridge.follow(self._testing, self._tested)

    def _tested(self, job: Job[ConnectionReport]) -> None:
        if job is not self._testing or not job.finished:
            return
        report = job.result
        if report is None:
            self._tell(tr("The test could not be made. Try again."), "warn")
            return
        self._tell(report.words, "info" if report.ok else "warn")
        self._fill_models(self._session.ask_settings().model)

    def _tell(self, words: str, kind: str) -> None:
        self.report.set_kind(kind)
        self.report.set_words(words)
        self.report.show()

    # --- appearance
    def _appearance(self) -> QWidget:
        card = Card()
        card.column.addWidget(Words(tr("Appearance"), "section"))
        appearance = self._shell.appearance
        self.theme = QComboBox()
        self.theme.setAccessibleName(tr("Colours"))
        for name, words in THEMES:
            self.theme.addItem(tr(words), name)
        self.theme.setCurrentIndex(max(0, self.theme.findData(appearance.choice)))
        self.theme.activated.connect(lambda _: self._choose_theme())
        self.text_size = QComboBox()
        self.text_size.setAccessibleName(tr("Size of text"))
        for percent in TEXT_SIZES:
            self.text_size.addItem(f"{percent} %", percent)
        self.text_size.setCurrentIndex(max(0, self.text_size.findData(appearance.percent)))
        self.text_size.activated.connect(lambda _: self._choose_size())
        for words, box in ((tr("Colours"), self.theme), (tr("Size of text"), self.text_size)):
            card.column.addWidget(Words(words, "strong"))
            card.column.addLayout(row_of(box, 1))
        return card

    def _choose_theme(self) -> None:
        choice = str(self.theme.currentData())
        self._shell.appearance.choose(choice)
        self._session.set_setting("theme", choice)

    def _choose_size(self) -> None:
        percent = int(self.text_size.currentData())
        self._shell.appearance.resize_text(percent)
        self._session.set_setting("text_percent", str(percent))
