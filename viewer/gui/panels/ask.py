"""The ask panel: choose → question → "See what will be sent"; then the answer as it comes, and follow-ups.

Top: what is asked about. Middle: scrolls. Bottom, at a fixed place: notice, state line, and one button that is
"See what will be sent" or "Stop". Without anyone to ask: one sentence, a way to set it up, and the facts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.disclosure.frame import Disclosure
from viewer.document.changes import ConversationShown, RegionChosen
from viewer.gui.controls import Abreast, Button, Choice, Note, Rule, Words, column_of, row_of
from viewer.gui.panels.chosen import ChosenPicture
from viewer.gui.panels.facts import FactsView
from viewer.gui.panels.foot import Foot
from viewer.gui.panels.turn_view import TurnView
from viewer.gui.shell import Shell
from viewer.jobs.jobs import Job
from viewer.problem import Problem, ProblemError
from viewer.text.translate import tr

SUGGESTIONS = ("What is shown here?", "Explain it in simple words", "What should I ask my doctor?")
NO_KEY, NEW, TALK = "no key", "new", "talk"  # the three pages
NOT_SET_UP = {
    "key_missing": "Asking needs a key from a provider",
    "no_address": "Asking needs an address",
    "no_model": "Asking needs a model",
}
MARGIN = 12
WARM_AFTER_MS = 2000  # the panel comes up with a disc, and the first pictures want the processor for themselves
SETTLED_MS = 150
BAR = 12  # pixels that a scroll bar takes


class QuestionEdit(QPlainTextEdit):
    """Where the question is written; Ctrl+Return means "go on"."""

    def __init__(self, hint: str, go_on: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._go_on = go_on
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setTabChangesFocus(True)
        self.setFixedHeight(88)

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _goes_on(event):
            event.accept()  # elsewhere the same keys open this panel
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _goes_on(event):
            self._go_on()
        else:
            super().keyPressEvent(event)


def _goes_on(event: QKeyEvent) -> bool:
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class AskPanel(QWidget):
    """Docks beside the picture; made when first opened."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._session = shell.session
        self._turns: dict[str, TurnView] = {}
        self._preparing: Job[Disclosure] | None = None
        self._page = QStackedLayout(self)
        self._page.addWidget(QWidget())  # until it is known which page it is to be
        self._pages: dict[str, QWidget] = {}
        self._feet: dict[str, Foot] = {}
        self._fitted: list[Button] = []
        self._questions: list[tuple[QuestionEdit, Button]] = []
        self._troubles: dict[str, Note] = {}
        self._settled = QTimer(self)  # a scroll brings a picture each few milliseconds: only the last one is shown here
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._show_chosen)
        self._second = QTimer(self)
        self._second.setInterval(500)
        self._second.timeout.connect(self._show_state)
        self._is_warm = False
        shell.appearance.changed.connect(self._letters_changed)
        self._stop_watching = [
            self._session.store.watch(lambda s: s.view.conversation, lambda _: self._refresh_shown()),
            self._session.store.watch(
                lambda s: s.conversations, lambda _: self._show_talk() if TALK in self._pages else None
            ),
            self._session.store.watch(lambda s: s.view, lambda _: self._settled.start()),
        ]
        self.destroyed.connect(lambda: [stop() for stop in self._stop_watching])

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 600)

    def _turn_to(self, name: str) -> None:
        self._make(name)
        self._page.setCurrentWidget(self._pages[name])

    def _make(self, name: str) -> None:
        """A page is made when it is first needed: all three at once would hold up the window as a disc opens."""
        if name not in self._pages:
            makers = {NO_KEY: self._make_no_key, NEW: self._make_new, TALK: self._make_talk}
            self._pages[name] = makers[name]()
            self._page.addWidget(self._pages[name])
            self._place_feet()

    def make_more(self) -> None:
        """One part that is not there yet, before anybody needs it."""
        if NO_KEY not in self._pages:
            self._make(NO_KEY)
        elif not self._no_key_facts.make_rows():
            self._make(NEW)

    def _is_at(self, name: str) -> bool:
        return self._page.currentWidget() is self._pages.get(name, self)

    # --- no key
    def _make_no_key(self) -> QWidget:
        self._why = Words("", "second")
        self._why_title = Words("", "section")
        self._no_key_facts = FactsView(self._shell)
        top = column_of(self._why_title, self._why, spacing=10)
        self._set_up = Button(tr("Set up asking…"), "primary", "key-round", lambda: self._shell.act("settings"))
        top.addLayout(row_of(self._set_up, 1))
        top.addWidget(Rule())
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addLayout(top)
        layout.addWidget(self._no_key_facts, 1)
        layout.addWidget(Note(tr("For information, not a diagnosis."), "info"))
        return scrolled(page)

    # --- a new question
    def _make_new(self) -> QWidget:
        self.chosen = ChosenPicture(self._shell, self._use_whole)
        self.chosen.refresh_size(self.width())
        self.question = QuestionEdit(tr("What would you like to know about this picture?"), self.see_what_leaves)
        self.question.textChanged.connect(self._question_changed)
        chips = QVBoxLayout()
        chips.setSpacing(6)
        for suggestion in SUGGESTIONS:
            chip = Button(tr(suggestion), "chip", do=partial(self.question.setPlainText, tr(suggestion)))
            self._fitted.append(chip)
            chips.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        self.models = Choice()
        self.models.setAccessibleName(tr("Who answers"))
        self.models.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.models.activated.connect(self._model_chosen)
        self.cost = Words("", "second")
        self.see = Button(tr("See what will be sent"), "primary", "eye", self.see_what_leaves)
        self.see.setProperty("big", True)
        self._fitted.append(self.see)
        self.see.refused.connect(self._say_problem)
        trouble = self._troubles[NEW] = Note("", "warn")
        trouble.hide()
        self._questions.append((self.question, self.see))
        middle = column_of(self.chosen, Words(tr("Your question"), "strong"), self.question, spacing=10, margin=MARGIN)
        middle.addLayout(chips)
        for widget in (Words(tr("Who answers"), "strong"), self.models, self.cost, trouble):
            middle.addWidget(widget)
        middle.addStretch(1)
        inside = QWidget()
        inside.setLayout(middle)
        note = Note(tr("Nothing has been sent. You see everything once more before it leaves."), "lock")
        facts = QWidget()
        link = Button(tr("Facts about this picture"), "link", do=lambda: self._shell.act("facts"))
        facts.setLayout(row_of(1, link, 1))
        foot = column_of(note, self.see, facts, spacing=8, margin=MARGIN)
        self._feet[NEW] = Foot(foot, middle, (note, facts))
        return with_foot(scrolled(inside), foot)

    # --- a talk
    def _make_talk(self) -> QWidget:
        self._scroll = self._make_turns()
        self.state_line = Words("", "second")
        self.stop_button = Button(tr("Stop"), "", "circle-stop", self._session.stop)
        self.stop_button.setProperty("big", True)
        self._follow = self._make_follow_up()
        trouble = self._troubles[TALK] = Note("", "warn")
        trouble.hide()
        self._question_changed()
        foot = column_of(
            Note(tr("For information, not a diagnosis. Ask your doctor before you decide anything."), "info"),
            self.state_line, self.stop_button, trouble, self._follow, spacing=8, margin=MARGIN,
        )  # fmt: skip
        self._feet[TALK] = Foot(foot, self._column, (self._follow,))
        return with_foot(self._scroll, foot)

    def _letters_changed(self) -> None:
        QTimer.singleShot(0, self, self._place_feet)  # once they are laid out

    def _place_feet(self) -> None:
        for button in self._fitted:
            button.fit(self.width() - 2 * MARGIN - BAR)
        for foot in self._feet.values():
            foot.place(self.width(), self.height())

    def _make_turns(self) -> QScrollArea:
        """Where the turns of a talk stand; it keeps to its end while that is what is looked at."""
        self._column = QVBoxLayout()
        self._column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._column.setSpacing(16)
        self._column.addStretch(1)
        inside = QWidget()
        inside.setLayout(self._column)
        scroll = scrolled(inside)
        self._at_end, self._follows = True, False
        scroll.verticalScrollBar().rangeChanged.connect(self._keep_at_end)
        scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        return scroll

    def _make_follow_up(self) -> QWidget:
        """A further question, a new one, the PDF."""
        self.follow_up = QuestionEdit(tr("Ask a follow-up question…"), self.see_follow_up)
        self.follow_up.setFixedHeight(60)
        self.follow_up.textChanged.connect(self._question_changed)
        self.see_again = Button(tr("See and send"), "", "send-horizontal", self.see_follow_up)
        self.see_again.refused.connect(self._say_problem)
        self._questions.append((self.follow_up, self.see_again))
        self._same = Words(tr("The same picture goes along again."), "second")
        new = Button(tr("A new question"), "link", do=self._new_question)
        save = Button(tr("Save as PDF"), "link", do=lambda: self._shell.act("save_pdf"))
        follow = QWidget()
        send = row_of(1, self.see_again)
        follow.setLayout(column_of(self.follow_up, self._same, send, Abreast(new, save), spacing=8))
        return follow

    # --- what shows
    def refresh(self) -> None:
        """Settings, key or talk may be others now."""
        talk = self._session.store.state.view.conversation
        why = self._session.why_not_ask()
        if talk:
            self._turn_to(TALK)
            self._show_talk()
        elif why is not None and why.code in NOT_SET_UP:
            self._turn_to(NO_KEY)
            self.setFocusProxy(self._set_up)
            self._why_title.set_words(tr(NOT_SET_UP[why.code]))
            self._why.set_words(why.words)
            self._no_key_facts.refresh()
        else:
            self._turn_to(NEW)
            self.setFocusProxy(self.question)
            self._fill_models()
            self._question_changed()
            self.chosen.refresh()

    def _refresh_shown(self) -> None:
        """Out of sight nothing is made: it comes up to date as it is shown."""
        if self.isVisible():
            self.refresh()

    def _show_chosen(self) -> None:
        if not self.isVisible():
            return
        if self._is_at(NEW):
            self.chosen.refresh()
        elif self._is_at(NO_KEY):
            self._no_key_facts.refresh()

    def _fill_models(self) -> None:
        settings = self._session.ask_settings()
        recipient = self._session.recipient()
        self.models.blockSignals(True)
        self.models.clear()
        for model in self._session.models():
            self.models.addItem(f"{model.name} · {recipient.name}", model.id)
        at = self.models.findData(settings.model)
        if at < 0:
            self.models.addItem(f"{recipient.model_name} · {recipient.name}", settings.model)
            at = self.models.count() - 1
        self.models.setCurrentIndex(at)
        self.models.blockSignals(False)

    def _model_chosen(self, row: int) -> None:
        settings = self._session.ask_settings()
        model = str(self.models.itemData(row))
        self._session.change_ask_settings(settings.provider, settings.base_url, model, settings.key_style)
        self._question_changed()

    def _question_changed(self) -> None:
        for edit, button in self._questions:
            button.set_blocked("" if edit.toPlainText().strip() else tr("Write a question first."))
        if NEW in self._pages:
            self.cost.set_words(self._session.estimate_words(self.question.toPlainText()) + ".")

    def _show_talk(self) -> None:
        talk = self._session.conversation(self._session.store.state.view.conversation)
        if talk is None:
            return
        known = set(self._turns)
        if known - {turn.id for turn in talk.turns}:
            self._clear_turns()
        for number, turn in enumerate(talk.turns):
            if turn.id not in self._turns:
                view = TurnView(self._shell, turn, self._ask_again, with_picture=number == 0)
                self._turns[turn.id] = view
                self._column.insertWidget(len(self._turns) - 1, view)
                self._at_end = True
                if not turn.answer.state.ended:  # it has just left
                    self._clear_questions()
            else:
                self._turns[turn.id].show_turn(turn)
        self._show_state()

    def _clear_questions(self) -> None:
        for edit, _ in self._questions:
            edit.clear()

    def _clear_turns(self) -> None:
        for view in self._turns.values():
            view.hide()  # taken out of its parent it would be dressed and laid out once more before it goes
            self._column.removeWidget(view)
            view.deleteLater()
        self._turns.clear()

    def _show_state(self) -> None:
        talk = self._session.conversation(self._session.store.state.view.conversation)
        if talk is None:
            return
        answer = talk.turns[-1].answer
        on_the_way = not answer.state.ended
        had_focus = self.stop_button.hasFocus()
        self.state_line.setVisible(on_the_way)
        self.stop_button.setVisible(on_the_way)
        self._follow.setVisible(not on_the_way)
        self.setFocusProxy(self.stop_button if on_the_way else self.follow_up)
        if on_the_way:
            first, sentence = self._session.end_words(answer)
            self.state_line.set_words(f"{first}. {sentence}".strip())
            if not self._second.isActive():
                self._second.start()
                self._follows = True
                self._shell.say(tr("The question is on its way."))  # what was said of an earlier one holds no longer
                self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._second.stop()
            QTimer.singleShot(SETTLED_MS, self, self._stop_following)  # how it ended is still laid out
            if had_focus:
                self.follow_up.setFocus(Qt.FocusReason.OtherFocusReason)
                first, sentence = self._session.end_words(answer)
                self._shell.say(f"{first}. {sentence}".strip())

    # --- scrolling: only when the view was at its end
    def _scrolled(self, value: int) -> None:
        bar = self._scroll.verticalScrollBar()
        self._at_end = value >= bar.maximum() - 24

    def _keep_at_end(self, _low: int, high: int) -> None:
        if self._at_end and self._follows:
            self._scroll.verticalScrollBar().setValue(high)

    def _stop_following(self) -> None:
        self._follows = self._session.asking

    # --- doing
    def _use_whole(self) -> None:
        self._session.store.dispatch(RegionChosen(None))

    def _new_question(self) -> None:
        self._session.store.dispatch(ConversationShown(""))

    def _ask_again(self, question: str) -> None:
        self._prepare(question, "")

    def see_what_leaves(self) -> None:
        """Work out what would leave, then show it."""
        if self.see.reason:
            self._say_problem(self.see.reason)
            return
        self._prepare(self.question.toPlainText(), "")

    def see_follow_up(self) -> None:
        """The same for a follow-up in the shown talk."""
        if self.see_again.reason:
            self._say_problem(self.see_again.reason)
            return
        self._prepare(self.follow_up.toPlainText(), self._session.store.state.view.conversation)

    def _prepare(self, question: str, talk: str) -> None:
        if self._preparing is not None and not self._preparing.finished:
            return
        self._hide_trouble()
        try:
            job = self._session.prepare(question, talk)
        except ProblemError as failure:
            self._tell(failure.problem)
            return
        self._preparing = job
        self._shell.bridge.follow(job, lambda job: self._prepared(job, talk))

    def _prepared(self, job: Job[Disclosure], talk: str) -> None:
        if job is not self._preparing or not job.finished:
            return
        if job.result is not None:
            if not self._session.is_about_open(job.result):  # another scan came meanwhile, or none is open
                return
            self._shell.show_preview(job.result, talk)
            QTimer.singleShot(SETTLED_MS, self, lambda: self._make(TALK))  # before the answer comes
        elif job.problem is not None:
            self._tell(job.problem)

    def _tell(self, what: Problem) -> None:
        self._say_problem(what.words)

    def _say_problem(self, words: str) -> None:
        note = self._troubles[TALK if self._is_at(TALK) else NEW]
        note.set_words(words)
        note.show()
        self._shell.say(words)

    def _hide_trouble(self) -> None:
        for note in self._troubles.values():
            note.hide()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settled.start()
        self.refresh()  # what was set up on another page holds from now on
        if not self._is_warm:
            self._is_warm = True
            looking = self._session.look_for_key()
            self._shell.bridge.follow(looking, lambda job: self.refresh() if job.finished else None)
            QTimer.singleShot(WARM_AFTER_MS, self, self._session.warm_up)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if NEW in self._pages:
            self.chosen.refresh_size(event.size().width())
        self._place_feet()


def scrolled(inside: QWidget) -> QScrollArea:
    """`inside` with a scroll bar of its own where it is too tall."""
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def with_foot(middle: QWidget, foot: QVBoxLayout) -> QWidget:
    """What scrolls above what stays."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(middle, 1)
    layout.addLayout(foot)
    return page
