"""Who answers: Anthropic or another address, the key for it, the model, and a test that sends no picture."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton
from shiboken6 import isValid

from viewer.gui.look.theme import DOT
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Card, Note, column_of, row_of
from viewer.gui.widgets.controls import Button, Choice
from viewer.gui.widgets.labels import Words
from viewer.gui.widgets.plain_text import show_text
from viewer.jobs.jobs import Job
from viewer.problem import Problem, ProblemError
from viewer.text.translate import tr
from viewer.usecases.rows import AskSettings, ConnectionReport

ANTHROPIC, ADDRESS = "anthropic", "address"
ABOUT = "Asking is the only thing that uses the network. Nothing leaves before you have seen it and agreed."
CHOICES = {
    ANTHROPIC: ("Anthropic", "Needs a key; each question costs a little."),
    ADDRESS: ("Another address", "One that speaks the Messages API, such as a program on this computer."),
}
EXAMPLE = "http://127.0.0.1:11434"
ADDRESS_BEFORE = "address before"  # the one to come back to from Anthropic
KEY_STYLES = {"bearer": "Authorization: Bearer (usual)", "x-api-key": "x-api-key"}


class WhoAnswers(Card):
    """Everything is kept as soon as it is changed, the key when "Keep this key" is pressed."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell, self._session = shell, shell.session
        self._testing: Job[ConnectionReport] | None = None
        self.column.addWidget(Words(tr("Who answers"), "section"))
        self.column.addWidget(Words(tr(ABOUT), "second"))
        self._add_choices()
        self._add_address()
        self._add_key()
        self._add_model()
        self._add_test()
        self.show_settings(self._session.setup.settings())
        self._look_for_key()

    # --- building
    def _add_choices(self) -> None:
        self.choices = {name: QRadioButton(tr(words)) for name, (words, _) in CHOICES.items()}
        group = QButtonGroup(self)
        self._more: list[Words] = []
        for name, choice in self.choices.items():
            group.addButton(choice)
            choice.toggled.connect(self._provider_toggled)
            more = tr(CHOICES[name][1])
            choice.setAccessibleDescription(more)
            words = Words(more, "second")  # below it: the words of a button never wrap
            self._more.append(words)
            self.column.addLayout(column_of(choice, words, spacing=2))

        self._shell.appearance.changed.connect(self._indent)
        self._indent()

    def _indent(self) -> None:
        """What is said of a choice stands below its words, not below its button."""
        for words in self._more:
            words.setContentsMargins(self._shell.appearance.icon_pixels(DOT) + 8, 0, 0, 0)

    def _add_address(self) -> None:
        self.address = QLineEdit()
        self.address.setPlaceholderText(EXAMPLE)
        self.address.setAccessibleName(tr("Address"))
        self.address.editingFinished.connect(self.keep_choice)
        self.key_style = Choice()
        self.key_style.setAccessibleName(tr("How the key is handed over"))
        for value, words in KEY_STYLES.items():
            self.key_style.addItem(tr(words), value)
        self.key_style.activated.connect(lambda _: self.keep_choice())
        self._of_address = [
            Words(tr("Address"), "strong"), self.address,
            Words(tr("How the key is handed over"), "strong"), self.key_style,
        ]  # fmt: skip
        for widget in self._of_address:
            self.column.addWidget(widget)

    def _add_key(self) -> None:
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText(tr("Paste the key here"))
        self.key.setAccessibleName(tr("Key"))
        self.key.returnPressed.connect(lambda: self.keep.click())
        self.key_words = Words("", "second")
        self.column.addWidget(Words(tr("Key"), "strong"))
        self.column.addLayout(self._key_row())
        self.column.addWidget(self.key_words)

    def _key_row(self) -> QHBoxLayout:
        self.keep = Button(tr("Keep this key"), "", "key-round", self._keep_key)
        self.keep.refused.connect(lambda reason: self._tell(reason, "warn"))
        self.key.textChanged.connect(self._key_typed)
        self._key_typed("")
        row = row_of(self.key, self.keep, Button(tr("Forget the key"), do=self._forget_key))
        row.setStretch(0, 1)
        return row

    def _key_typed(self, key: str) -> None:
        self.keep.set_blocked("" if key.strip() else tr("Paste the key first."))

    def _add_model(self) -> None:
        self.model = Choice()
        self.model.setEditable(True)
        self.model.setAccessibleName(tr("Model"))
        self.model.activated.connect(lambda _: self.keep_choice())
        line = self.model.lineEdit()
        if line is not None:
            line.setAccessibleName(tr("Model"))
            line.setPlaceholderText(tr("Test the connection to see its models, or type a name"))
            line.editingFinished.connect(self.keep_choice)
        self.column.addWidget(Words(tr("Model"), "strong"))
        self.column.addWidget(self.model)

    def _add_test(self) -> None:
        self.test = Button(tr("Test connection"), "", "rotate-ccw", self.test_connection)
        self.report = Note("", "info")
        self.report.hide()
        self.column.addLayout(row_of(self.test, 1))
        self.column.addWidget(self.report)

    # --- showing
    def show_settings(self, settings: AskSettings) -> None:
        """Show what is set."""
        for name, choice in self.choices.items():
            choice.blockSignals(True)
            choice.setChecked((name == ANTHROPIC) == (settings.provider == ANTHROPIC))
            choice.blockSignals(False)
        self._show_address_rows()
        if settings.provider != ANTHROPIC:
            show_text(self.address, settings.base_url)
            self.key_style.setCurrentIndex(max(0, self.key_style.findData(settings.key_style)))
        else:
            show_text(self.address, self._session.setting(ADDRESS_BEFORE))
        self._show_kept(settings)

    def _show_address_rows(self) -> None:
        for widget in self._of_address:
            widget.setVisible(self.provider == ADDRESS)

    def _show_kept(self, settings: AskSettings) -> None:
        """The key and the models of who is chosen now; an address that is not typed yet has neither."""
        known = settings.provider == self.provider
        self.key_words.set_words(settings.key_words if known else "")
        self._fill_models(settings.model if known else "")

    def _fill_models(self, chosen: str) -> None:
        known = self._session.setup.settings().provider == self.provider
        self.model.blockSignals(True)
        self.model.clear()
        for model in self._session.setup.models() if known else ():
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
        return next((name for name, choice in self.choices.items() if choice.isChecked()), ANTHROPIC)

    def _provider_toggled(self, on: bool) -> None:
        if not on:
            return
        self._show_address_rows()
        self.report.hide()
        if self.provider == ANTHROPIC or self.address.text().strip():
            self.keep_choice()
        else:
            self._show_kept(self._session.setup.settings())
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- keeping
    def _model_id(self) -> str:
        text = self.model.currentText().strip()
        index = self.model.findText(text)
        return str(self.model.itemData(index)) if index >= 0 else text

    def keep_choice(self) -> bool:
        """Keep provider, address, model; says why where an address cannot be one."""
        if self.provider == ADDRESS and not self.address.text().strip():
            return False
        before = self._session.setup.settings()
        model = self._model_id() if before.provider == self.provider else ""
        try:
            self._session.setup.choose(self.provider, self.address.text(), model, str(self.key_style.currentData()))
        except ProblemError as failure:
            self._tell_problem(failure.problem)
            return False
        self.report.hide()
        now = self._session.setup.settings()
        if now.provider != ANTHROPIC:
            self._session.set_setting(ADDRESS_BEFORE, now.base_url)
        if (before.provider, before.base_url) != (now.provider, now.base_url):
            self._show_kept(now)
            self._look_for_key()
        return True

    def _has_chosen(self) -> bool:
        """Keep what is chosen; False, and said, where the address is lacking or cannot be one."""
        if self.keep_choice():
            return True
        if not self.address.text().strip():
            self._tell(tr("Type the address first, such as {example}.", example=EXAMPLE), "warn")
        return False

    def _look_for_key(self) -> None:
        """The key store may take seconds."""
        self._shell.bridge.follow(self._session.setup.warm_up(), self._looked)

    def _looked(self, job: Job[None]) -> None:
        if not job.finished or not isValid(self):  # the page may be closed by now
            return
        self._show_key()

    def _show_key(self) -> None:
        """Nothing else: the person may be typing another address meanwhile."""
        now = self._session.setup.settings()
        if now.provider == self.provider:
            self.key_words.set_words(now.key_words)

    def _keep_key(self) -> None:
        if self._has_chosen():  # else it would be kept for who answered before
            key = self.key.text()
            self.key.clear()
            self._follow_key(self._session.setup.keep_key(key))

    def _forget_key(self) -> None:
        if self._has_chosen():
            self._follow_key(self._session.setup.keep_key(""), tr("No key is kept for this service now."))

    def _follow_key(self, job: Job[AskSettings], words: str = "") -> None:
        def done(job: Job[AskSettings]) -> None:
            if not isValid(self):
                return
            if job.result is not None:
                self.report.hide()
                if words:
                    self._tell(words, "info")
                self._show_key()
            elif job.problem is not None:
                self._tell_problem(job.problem)

        self._shell.bridge.follow(job, done)

    # --- testing
    def test_connection(self) -> None:
        """Ask for the list of models; no picture leaves."""
        if not self._has_chosen():
            return
        self._tell(tr("Asking the address for its models…"), "info")
        self._testing = self._session.setup.test_connection()
        self._shell.bridge.follow(self._testing, self._tested)

    def _tested(self, job: Job[ConnectionReport]) -> None:
        if job is not self._testing or not job.finished or not isValid(self):
            return
        report = job.result
        if report is None:
            self._tell(tr("The test could not be made. Try again."), "warn")
            return
        self._tell(report.words, "info" if report.ok else "warn")
        self._show_kept(self._session.setup.settings())

    def _tell_problem(self, what: Problem) -> None:
        self._tell(what.words, "warn")

    def _tell(self, words: str, kind: str) -> None:
        self.report.set_kind(kind)
        self.report.set_words(words)
        self.report.show()
