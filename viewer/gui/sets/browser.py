"""The left dock, *Your scan*: whose it is (hidden until asked for), what there is, and the account of every file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from viewer.dicom.header import Person
from viewer.document.changes import LayoutChosen, NamesShown
from viewer.document.model import Layout, State
from viewer.gui.bridge import Bridge
from viewer.gui.folding import STRIP
from viewer.gui.look.icons import icon
from viewer.gui.sets.set_list import SetList
from viewer.gui.sets.set_model import SetModel
from viewer.gui.sets.set_rows import rows_of
from viewer.gui.sets.thumbnails import Thumbnails
from viewer.gui.widgets.boxes import part, row_of
from viewer.gui.widgets.controls import Button, IconButton, Line, Progress
from viewer.gui.widgets.labels import Elided, Glyph, Words
from viewer.gui.widgets.time_left import reading_words
from viewer.index.model import DiscIndex
from viewer.index.people import shown_name
from viewer.jobs.jobs import Job
from viewer.text.dates import date_words
from viewer.text.translate import count_of, tr
from viewer.usecases.crossing import panes_beside
from viewer.usecases.documents import can_be_read

if TYPE_CHECKING:
    from viewer.usecases.session import Session

TAKEN_OUT = "disc_taken_out"


class Browser(QFrame):
    """Patient → examination → set. Fills while reading goes on."""

    report_wanted = Signal(str)  # the series to explain, "" for all
    document_wanted = Signal(str)  # the set whose reports or PDFs are read
    shown = Signal()  # a set was chosen: its pictures are wanted on screen
    folded = Signal(bool)
    rest_wanted = Signal()  # reading was stopped and is to go on

    def __init__(self, session: Session, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "dock")
        self.setAccessibleName(tr("Your scan"))
        self._session, self._bridge = session, bridge
        self._helpers_open: frozenset[str] = frozenset()
        self._reading: Job[DiscIndex] | None = None
        self.thumbnails = Thumbnails(session, bridge, self, self.devicePixelRatioF())
        self._model = SetModel(self.thumbnails)
        self.sets = SetList(self._model, self)
        self._build()
        self.sets.opened.connect(self._open)
        self.sets.explained.connect(self._explain)
        self.sets.folded.connect(self._fold_helpers)
        self.sets.beside_wanted.connect(self._show_beside)
        store = session.store
        store.watch(lambda state: state.disc, lambda _: self._show())
        store.watch(lambda state: state.view.names_shown, lambda _: self._show())
        store.watch(lambda state: state.belongings.keys, lambda _: self._show())
        store.watch(_series_on_screen, lambda series_id: self.sets.show_series(series_id))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title_bar())
        self._head = self._heading()
        column.addWidget(self._head)
        column.addWidget(self.sets, 1)
        column.addWidget(self._foot())
        self.setTabOrder(self.search, self.sets)

    @property
    def last_stop(self) -> QWidget:
        """What Tab reaches last here."""
        return self._see

    def _title_bar(self) -> QWidget:
        bar = part("docktitle")
        bar.setFixedHeight(36)
        self._title = Words(tr("Your scan"), "strong", wraps=False)
        self.search_button = IconButton("search", tr("Find a set"), self._toggle_search)
        self._fold_button = IconButton("panel-left-close", tr("Fold to thumbnails"), self._fold)
        row = row_of(self._title, 1, self.search_button, self._fold_button, spacing=4)
        row.setContentsMargins(12, 0, 6, 0)
        bar.setLayout(row)
        return bar

    def _heading(self) -> QWidget:
        head = QWidget(self)
        self._eye = Glyph("eye-off")
        self.person = Elided("", "second")
        self._show_names = Button(tr("Show"), "link", do=self._toggle_names)
        self.study = Elided("", "section")
        self.when = Elided("", "second")
        self.search = Line(self)
        self.search.setPlaceholderText(tr("Find a set"))
        self.search.setAccessibleName(tr("Find a set"))
        self.search.textChanged.connect(lambda _: self._show())
        self.search.escaped.connect(self._end_search)
        self.search.hide()
        column = QVBoxLayout(head)
        column.setContentsMargins(12, 10, 12, 6)
        column.setSpacing(4)
        row = row_of(self._eye, self.person, self._show_names)
        row.setStretch(1, 1)
        column.addLayout(row)
        for widget in (self.study, self.when, self.search):
            column.addWidget(widget)
        return head

    def _foot(self) -> QWidget:
        self._foot_frame = part("dockfoot")
        self._progress = Progress(tr("How far the reading is"))
        self._reading_words = Words("", "second")
        self._stop = Button(tr("Stop reading"), do=self._stop_reading)
        self.account = Words("", "second")
        self.rest = Button(tr("Read the rest"), icon_name="rotate-ccw", do=self.rest_wanted.emit)
        self._see = Button(tr("See the report"), "link", do=lambda: self.report_wanted.emit(""))
        column = QVBoxLayout(self._foot_frame)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        for widget in (self._progress, self._reading_words, self._stop, self.account, self.rest, self._see):
            column.addWidget(widget)
        self._show_reading(None)
        return self._foot_frame

    # --- reading
    def follow(self, job: Job[DiscIndex], stop: str) -> None:
        """Show how far the reading is; stop: the words that end it."""
        self._reading = job
        self._stop.setText(stop)
        self._show_reading(job)
        self._bridge.follow(job, self._show_reading)

    def _show_reading(self, job: Job[DiscIndex] | None) -> None:
        if job is not None and job is not self._reading:
            return
        busy = job is not None and not job.finished
        for widget in (self._progress, self._reading_words, self._stop):
            widget.setVisible(busy)
        if busy and job is not None:
            now = job.progress
            self._progress.show_far(now.done, now.total)
            self._reading_words.set_words(reading_words(now))
        self._show_account()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()

    # --- showing
    def _show(self) -> None:
        state: State = self._session.store.state
        disc = state.disc
        names = state.view.names_shown
        words, stars = self.search.text(), Counter(key.place[0] for key in state.belongings.keys)
        rows = rows_of(disc, words, self._helpers_open, names_shown=names, stars=stars) if disc else []
        self._model.show_rows(disc, rows)
        self.sets.show_series(_series_on_screen(state))
        self._show_person(state)
        self._show_account()

    def _show_person(self, state: State) -> None:
        studies = state.disc.studies if state.disc else ()
        names = dict.fromkeys(_person_words(study.person) for study in studies)
        shown = state.view.names_shown
        hidden = tr("Name hidden") if len(names) < 2 else count_of(len(names), "{n} name hidden", "{n} names hidden")
        self.person.set_words(" · ".join(names) if shown else hidden)
        self._eye.set_glyph("eye" if shown else "eye-off", "text2")
        self._show_names.set_words(tr("Hide") if shown else tr("Show"))
        study = studies[0] if studies else None
        found = tr("No pictures found") if state.disc and state.disc.complete else tr("No pictures found yet")
        words = tr("{n} examinations", n=len(studies)) if studies else found
        self.study.set_words(study.name if study and len(studies) == 1 else words)
        for widget in (self._eye, self.person, self._show_names, self.when):
            widget.setVisible(bool(studies))
        count = count_of(state.disc.picture_count, "{n} picture", "{n} pictures") if state.disc else ""
        date = date_words(study.date) if study and len(studies) == 1 else ""
        self.when.set_words(" · ".join(part for part in (date, count) if part))

    def _show_account(self) -> None:
        disc = self._session.store.state.disc
        busy = self._reading is not None and not self._reading.finished
        stopped = disc is not None and not disc.complete and not busy
        known = disc is not None and disc.complete and disc.account.found > 0
        self.account.setVisible(known or stopped)
        self.rest.setVisible(stopped)
        self._see.setVisible(disc is not None)
        if disc is not None and (known or stopped):
            self.account.set_words(account_words(disc) if known else stopped_words(disc))
        self._foot_frame.setVisible(not self._is_strip)

    def mark_shown(self) -> None:
        """Highlight the set whose pictures are on screen."""
        self.sets.show_series(_series_on_screen(self._session.store.state))

    # --- folding
    @property
    def _is_strip(self) -> bool:
        return self.width() < 120

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        strip = self._is_strip
        for widget in (self._title, self.search_button, self._head):
            widget.setVisible(not strip)
        self._fold_button.setIcon(icon("panel-left-open" if strip else "panel-left-close"))
        self._foot_frame.setVisible(not strip)
        self.sets.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff if strip else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        )
        self.sets.scheduleDelayedItemsLayout()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(STRIP, 200)

    def _fold(self) -> None:
        self.folded.emit(not self._is_strip)

    # --- what the hand does
    def _toggle_names(self) -> None:
        shown = self._session.store.state.view.names_shown
        self._session.store.dispatch(NamesShown(not shown))

    def _toggle_search(self) -> None:
        self.search.setVisible(self.search.isHidden())
        if self.search.isHidden():
            self.search.clear()
        else:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _end_search(self) -> None:
        self.search.clear()
        self.search.hide()
        self.sets.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, series_id: str) -> None:
        self._session.show(series_id)
        self.shown.emit()

    def _show_beside(self, series_id: str) -> None:
        """Two sets side by side: each shows where the other cuts."""
        session, state = self._session, self._session.store.state
        series, source = session.series(series_id), session.source(series_id)
        session.arrange(panes_beside(state, series, source))
        if state.view.layout is Layout.ONE:
            session.store.dispatch(LayoutChosen(Layout.THREE))
        self.shown.emit()

    def _explain(self, series_id: str) -> None:
        """A set without pictures: its reports where there are any, else why it cannot be shown."""
        if can_be_read(self._session.series(series_id)):
            self.document_wanted.emit(series_id)
        else:
            self.report_wanted.emit(series_id)

    def _fold_helpers(self, study_uid: str) -> None:
        at = self.sets.currentIndex().row()
        self._helpers_open ^= frozenset({study_uid})
        self._show()
        self.sets.setCurrentIndex(self._model.index(at))  # rows before it are the same: the keys go on from there


def _series_on_screen(state: State) -> str:
    return state.view.panes[0].series_id if state.view.panes else ""


def _person_words(person: Person) -> str:
    born = date_words(person.birth_date)
    parts = (shown_name(person) or tr("No name in the files"), tr("born {date}", date=born) if born else "")
    return ", ".join(part for part in parts if part)


def account_words(disc: DiscIndex) -> str:
    """ "86 files found, all accounted for: 72 shown, 14 explained."; pictures where files hold several."""
    account = disc.account
    found = count_of(account.found, "{n} file found", "{n} files found")
    shown = tr("{n} shown", n=account.shown)
    if disc.picture_count != account.shown:
        shown += f" ({count_of(disc.picture_count, '{n} picture', '{n} pictures')})"
    return tr("{found}, all accounted for:\n{shown}, {n} explained.", found=found, shown=shown, n=len(account.skipped))


def stopped_words(disc: DiscIndex) -> str:
    """ "Reading was stopped: 236 files have not been read."; or that the disc itself ended it."""
    taken_out = next((problem.words for problem in disc.problems if problem.code == TAKEN_OUT), "")
    waiting = disc.account.found - disc.account.shown - len(disc.account.skipped)
    one, many = "Reading was stopped: {n} file has not been read.", "Reading was stopped: {n} files have not been read."
    return taken_out or (count_of(waiting, one, many) if waiting else tr("Reading was stopped."))
