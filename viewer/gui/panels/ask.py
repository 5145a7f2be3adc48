"""The ask panel: choose → question → "See what will be sent"; then the answer as it comes, and follow-ups.

Top: what is asked about. Middle: scrolls. Bottom, at a fixed place: notice, state line, and one button that is
"See what will be sent" or "Stop". Without anyone to ask: one sentence, a way to set it up, and the facts.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.disclosure.frame import Disclosure
from viewer.document.changes import RegionChosen
from viewer.gui.panels.asked_before import AskedBefore
from viewer.gui.panels.chosen import ChosenPicture
from viewer.gui.panels.facts import FactsView
from viewer.gui.panels.foot import Foot
from viewer.gui.panels.pages import MARGIN, scrolled, stacked
from viewer.gui.panels.question_edit import QuestionEdit
from viewer.gui.panels.talk import TalkPage
from viewer.gui.shell import Shell
from viewer.gui.widgets.boxes import Note, Rule, column_of, held, row_of
from viewer.gui.widgets.controls import Button, Choice
from viewer.gui.widgets.labels import Words
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
WARM_AFTER_MS = 2000  # the panel comes up with a disc, and the first pictures want the processor for themselves
SETTLED_MS = 150
BAR = 12  # pixels that a scroll bar takes
LINES = 4  # of a question


class AskPanel(QWidget):
    """Docks beside the picture; made when first opened."""

    talk: TalkPage  # once it was made

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._session = shell.session
        self._preparing: Job[Disclosure] | None = None
        self._page = QStackedLayout(self)
        self._page.addWidget(QWidget())  # until it is known which page it is to be
        self._pages: dict[str, QWidget] = {}
        self._feet: dict[str, Foot] = {}
        self._fitted: list[Button] = []
        self._asked_before: dict[str, AskedBefore] = {}
        self._settled = QTimer(self)  # a scroll brings a picture each few milliseconds: only the last one is shown here
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._show_chosen)
        self._is_warm = False
        shell.appearance.changed.connect(self._letters_changed)
        self._stop_watching = [
            self._session.store.watch(lambda s: s.view.conversation, lambda _: self._refresh_shown()),
            self._session.store.watch(lambda s: s.conversations, lambda _: self._talks_changed()),
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
        before = self._asked_before[NO_KEY] = AskedBefore(self._shell)
        top = column_of(self._why_title, self._why, spacing=10)
        self._set_up = Button(tr("Set up asking…"), "primary", "key-round", lambda: self._shell.act("settings"))
        top.addLayout(row_of(self._set_up, 1))
        top.addWidget(Rule())
        layout = QVBoxLayout()
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.addLayout(top)
        layout.addWidget(self._no_key_facts, 1)
        layout.addWidget(before)
        layout.addWidget(Note(tr("For information, not a diagnosis."), "info"))
        inside = QWidget()
        page = scrolled(inside, self)
        inside.setLayout(layout)
        return page

    # --- a new question
    def _make_new(self) -> QWidget:
        self.chosen = ChosenPicture(self._shell, self._use_whole)
        self.chosen.refresh_size(self.width())
        hint = tr("What would you like to know about this picture?")
        self.question = QuestionEdit(hint, LINES, self.see_what_leaves)
        self.question.textChanged.connect(self._question_changed)
        chips = QVBoxLayout()
        chips.setSpacing(6)
        for suggestion in SUGGESTIONS:
            chip = Button(tr(suggestion), "chip", do=partial(self._suggest, tr(suggestion)))
            self._fitted.append(chip)
            chips.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        self.models = Choice()
        self.models.setAccessibleName(tr("Who answers"))
        self.models.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.models.activated.connect(self._model_chosen)
        self.cost = Words("", "second")
        self._trouble = Note("", "warn")
        self._trouble.hide()
        before = self._asked_before[NEW] = AskedBefore(self._shell)
        middle = column_of(self.chosen, Words(tr("Your question"), "strong"), self.question, spacing=10, margin=MARGIN)
        middle.addLayout(chips)
        for widget in (Words(tr("Who answers"), "strong"), self.models, self.cost, self._trouble, before):
            middle.addWidget(widget)
        middle.addStretch(1)
        page, inside = QWidget(self), QWidget()
        outer = stacked(scrolled(inside))
        page.setLayout(outer)
        # Not before: a part that comes to another parent is dressed anew with all that is in it.
        inside.setLayout(middle)
        outer.addWidget(held(self._make_new_foot(middle)))
        return page

    def _make_new_foot(self, middle: QVBoxLayout) -> QVBoxLayout:
        self.see = Button(tr("See what will be sent"), "primary", "eye", self.see_what_leaves)
        self.see.setProperty("big", True)
        self._fitted.append(self.see)
        self.see.refused.connect(self._say_problem)
        note = Note(tr("Nothing has been sent. You see everything once more before it leaves."), "lock")
        facts = QWidget()
        link = Button(tr("Facts about this picture"), "link", do=lambda: self._shell.act("facts"))
        facts.setLayout(row_of(1, link, 1))
        foot = column_of(note, self.see, facts, spacing=8, margin=MARGIN)
        self._feet[NEW] = Foot(foot, (note, self.see, facts), middle, (facts, note))
        return foot

    # --- a talk
    def _make_talk(self) -> QWidget:
        self.talk = TalkPage(self._shell, self._prepare, self._question_left)
        return self.talk

    def _letters_changed(self) -> None:
        QTimer.singleShot(0, self, self._place_feet)  # once they are laid out

    def _place_feet(self) -> None:
        room = self.width() - 2 * MARGIN - BAR
        for button in self._fitted:
            button.fit(room)
        for before in self._asked_before.values():
            before.fit(room)
        for foot in self._feet.values():
            foot.place(self.width(), self.height())
        if TALK in self._pages:
            self.talk.place(self.width(), self.height())

    # --- what shows
    def refresh(self) -> None:
        """Settings, key or talk may be others now. Who came here by a button that is gone now writes on: letters that fall
        beside the field are keys of the pictures."""
        before, is_here = self._page.currentWidget(), self._has_focus()
        self._show_page()
        stop = self._first_stop()
        if is_here and stop is not None and self._page.currentWidget() is not before:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)

    def _has_focus(self) -> bool:
        holder = QApplication.focusWidget()
        return holder is not None and self.isAncestorOf(holder)

    def _show_page(self) -> None:
        talk = self._session.store.state.view.conversation
        why = self._session.why_not_ask()
        if talk:
            self._turn_to(TALK)
            self.talk.show_talk()
        elif why is not None and why.code in NOT_SET_UP:
            self._turn_to(NO_KEY)
            self._why_title.set_words(tr(NOT_SET_UP[why.code]))
            self._why.set_words(why.words)
            self._no_key_facts.refresh()
        else:
            self._turn_to(NEW)
            self._fill_models()
            self._question_changed()
            self.chosen.refresh()
        self._show_asked_before()

    def _refresh_shown(self) -> None:
        """Out of sight nothing is made: it comes up to date as it is shown."""
        if self.isVisible():
            self.refresh()

    def _talks_changed(self) -> None:
        if TALK in self._pages:
            self.talk.show_talk()
        self._show_asked_before()

    def _question_left(self) -> None:
        if NEW in self._pages:
            self.question.clear()

    def _show_asked_before(self) -> None:
        for name, before in self._asked_before.items():
            if self.isVisible() and self._is_at(name):
                before.refresh()
                before.fit(self.width() - 2 * MARGIN - BAR)

    def _show_chosen(self) -> None:
        if not self.isVisible():
            return
        if self._is_at(NEW):
            self.chosen.refresh()
        elif self._is_at(NO_KEY):
            self._no_key_facts.refresh()

    def _fill_models(self) -> None:
        settings = self._session.setup.settings()
        recipient = self._session.setup.recipient()
        self.models.blockSignals(True)
        self.models.clear()
        for model in self._session.setup.models():
            self.models.addItem(f"{model.name} · {recipient.name}", model.id)
        at = self.models.findData(settings.model)
        if at < 0:
            self.models.addItem(f"{recipient.model_name} · {recipient.name}", settings.model)
            at = self.models.count() - 1
        self.models.setCurrentIndex(at)
        self.models.blockSignals(False)

    def _model_chosen(self, row: int) -> None:
        settings = self._session.setup.settings()
        model = str(self.models.itemData(row))
        self._session.setup.choose(settings.provider, settings.base_url, model, settings.key_style)
        self._question_changed()

    def _question_changed(self) -> None:
        question = self.question.toPlainText()
        self.see.set_blocked("" if question.strip() else tr("Write a question first."))
        self.cost.set_words(self._session.setup.estimate_words(question) + ".")

    # --- doing
    def _suggest(self, words: str) -> None:
        """A question to begin with: the hand can go on writing."""
        self.question.setPlainText(words)
        self.question.moveCursor(QTextCursor.MoveOperation.End)
        self.question.setFocus(Qt.FocusReason.OtherFocusReason)

    def _use_whole(self) -> None:
        self._session.store.dispatch(RegionChosen(None))

    def see_what_leaves(self) -> None:
        """Work out what would leave, then show it."""
        if self.see.reason:
            self._say_problem(self.see.reason)
            return
        self._prepare(self.question.toPlainText(), "")

    def _prepare(self, question: str, talk: str) -> None:
        if self._preparing is not None and not self._preparing.finished:
            return
        self._hide_trouble()
        self._shell.hold_still()
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
        if self._is_at(TALK):
            self.talk.say_problem(words)
        else:
            self._make(NEW)
            self._trouble.set_words(words)
            self._trouble.show()
            self._shell.say(words)

    def _hide_trouble(self) -> None:
        if NEW in self._pages:
            self._trouble.hide()
        if TALK in self._pages:
            self.talk.trouble.hide()

    def _first_stop(self) -> QWidget | None:
        if self._is_at(TALK):
            return self.talk.first_stop
        if self._is_at(NEW):
            return self.question
        return self._set_up if self._is_at(NO_KEY) else None

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Passed on here: with a focus proxy Tab would leap over all that stands between this panel and the proxy."""
        super().focusInEvent(event)
        if (stop := self._first_stop()) is not None:
            stop.setFocus(event.reason())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settled.start()
        self.refresh()  # what was set up on another page holds from now on
        if not self._is_warm:
            self._is_warm = True
            looking = self._session.setup.look_for_key()
            self._shell.bridge.follow(looking, lambda job: self.refresh() if job.finished else None)
            QTimer.singleShot(WARM_AFTER_MS, self, self._session.setup.warm_up)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if NEW in self._pages:
            self.chosen.refresh_size(event.size().width())
        self._place_feet()
