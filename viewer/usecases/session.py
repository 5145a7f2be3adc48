"""Session: the job step by step, for both faces. The window and the commands call this and nothing below it does.

Methods that may take over 8 ms return a `Job` or say "blocks" in their docstring. The store lives on the thread that
made the session: `call_soon` (given by the face) brings a function from a worker back to that thread.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.answer.answer import Answer
from viewer.answer.ending import state_words
from viewer.archive.archive import Archive
from viewer.archive.ledger import Ledger
from viewer.codec.pool import Decoder
from viewer.consult.consultation import Consultation
from viewer.consult.keys import KeyStore
from viewer.disc.medium import Medium
from viewer.disc.open import open_medium
from viewer.disclosure.frame import Consent, Disclosure, Recipient
from viewer.disclosure.prepare import give_consent
from viewer.document.changes import (
    AnswerReceived,
    Change,
    ConversationShown,
    CrosshairMoved,
    DiscClosed,
    DiscIndexed,
    DiscOpened,
    LookChanged,
    MarkAdded,
    MarkChanged,
    MarkSelected,
    PanesArranged,
    PlaceRestored,
    QuestionAsked,
    SliceShown,
)
from viewer.document.model import ChosenRegion, Conversation, PaneView, State
from viewer.document.store import Store
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job, Jobs
from viewer.marks.mark import Anchor, Mark, MarkKind, Measurement, RegionStatistics
from viewer.marks.measure import measure_length
from viewer.marks.statistics import region_statistics
from viewer.phantom.study import ensure_sample
from viewer.picture.facts import position_words
from viewer.picture.look import Look, Window
from viewer.picture.presets import presets_for
from viewer.picture.window import automatic_window, default_window, is_window_shared, window_over
from viewer.problem import Problem, ProblemError, problem
from viewer.text.translate import tr
from viewer.usecases import asking, looking
from viewer.usecases.export import Drawing, compose_report, write_report
from viewer.usecases.facts import facts_of
from viewer.usecases.open_disc import read_disc
from viewer.usecases.preparing import prepare_question
from viewer.usecases.providers import AskSetup
from viewer.usecases.rows import AskSettings, ConnectionReport, Fact, ModelChoice, RecentDisc
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Slice, Source
from viewer.volume.source import open_source, stored_values

__all__ = ["Adapters", "AskSettings", "ConnectionReport", "Fact", "ModelChoice", "RecentDisc", "Session"]

SourceKey = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Adapters:
    """What the composition root makes once and hands down."""

    archive: Archive
    ledger: Ledger
    consultation: Consultation
    keys: KeyStore
    decoder: Decoder
    jobs: Jobs
    folder: Path
    keeps_place: bool = True  # commands add to the talks of a disc, but do not move what the window showed last


class Session:
    """One open program. Made by `app.py` only."""

    def __init__(self, adapters: Adapters, call_soon: Callable[[Callable[[], None]], None]) -> None:
        self.store = Store()
        self.jobs = adapters.jobs
        self._archive, self._ledger, self._consultation = adapters.archive, adapters.ledger, adapters.consultation
        self._keys, self._decoder = adapters.keys, adapters.decoder
        self.data_folder = adapters.folder
        self._budget = Budget()
        self._keeps_place = adapters.keeps_place
        self._call_soon = call_soon
        self._setup = AskSetup(adapters.archive, adapters.keys, adapters.consultation)
        self._medium: Medium | None = None
        self._reader: FrameReader | None = None
        self._sources: dict[SourceKey, Source] = {}
        self._windows: dict[SourceKey, Window | None] = {}
        self._reading: Job[DiscIndex] | None = None
        self._preloading: Job[None] | None = None
        self._running: asking.RunningQuestion | None = None
        self._sent: dict[str, bytes] = {}  # of this talk, so that they can be shown before they are on the disk
        self._placed = self._closed = False
        self.store.listen(self._journal)

    # --- open -------------------------------------------------------------------------------------------------
    def open_path(self, path: str, password: str | None = None) -> Job[DiscIndex]:
        """Read a folder, file or ZIP; the store gets DiscOpened, then DiscIndexed as series firm up."""
        return self._open(lambda job: path, password)

    def open_sample(self) -> Job[DiscIndex]:
        """The bundled sample study, made on first use in the program's own folder."""

        def made(job: Job[DiscIndex]) -> str:
            words = tr("Making the sample, once")
            return str(ensure_sample(self.data_folder, lambda done, total: job.report(done, total, words)))

        return self._open(made, None)

    def _open(self, find: Callable[[Job[DiscIndex]], str], password: str | None) -> Job[DiscIndex]:
        if self._reading is not None:
            self._reading.cancel()

        def work(job: Job[DiscIndex]) -> DiscIndex:
            path = find(job)
            medium = open_medium(path, password)
            opened = False

            def news(index: DiscIndex, *, whole: bool = False) -> None:
                nonlocal opened
                first, opened = not opened, True
                self._call_soon(lambda: self._take_index(job, medium, index, first=first, whole=whole, path=path))

            index = read_disc(medium, job, news)
            news(index, whole=True)
            return index

        self._reading = self.jobs.start("open", work)
        return self._reading

    def close_disc(self) -> None:
        """Back to the start page; everything is kept in the archive."""
        self._leave_disc()
        self.store.dispatch(DiscClosed())

    def recent(self) -> tuple[RecentDisc, ...]:
        """Discs opened before, newest first, at most 8."""
        return tuple(
            RecentDisc(row.path, row.name, row.words, row.when, Path(row.path).exists())
            for row in self._archive.recent(8)
        )

    def _take_index(
        self, job: Job[DiscIndex], medium: Medium, index: DiscIndex, *, first: bool, whole: bool, path: str
    ) -> None:
        if job is not self._reading:
            return
        if first:
            self._leave_disc(keep_reading=True)
            self._medium, self._reader = medium, FrameReader(medium, self._decoder, self._budget)
            self._placed = False
            self.store.dispatch(DiscOpened(index))
        else:
            self._forget_changed_sources(index)
            self.store.dispatch(DiscIndexed(index))
        if whole:
            self._restore_place(index)
            self._remember(index, path)
        elif not self.store.state.view.panes:
            self._show_first(index)

    def _forget_changed_sources(self, index: DiscIndex) -> None:
        """A series that grew needs a new source; the others keep theirs and their voxels."""
        before = self.store.state.disc
        for key in list(self._sources):
            old, new = (before.series(key[0]) if before else None), index.series(key[0])
            if old is None or new is None or len(old.frames) != len(new.frames):
                self._sources.pop(key).close()
                self._windows.pop(key, None)

    def _restore_place(self, index: DiscIndex) -> None:
        self._placed = True
        saved = self._archive.load(index.key)
        if saved is not None:
            panes = tuple(pane for pane in saved.view.panes if self._pane_exists(index, pane))
            view = replace(saved.view, panes=panes, active=min(saved.view.active, max(0, len(panes) - 1)), region=None)
            self.store.dispatch(PlaceRestored(saved.document, saved.conversations, view))
        if not self.store.state.view.panes:
            self._show_first(index)

    def _pane_exists(self, index: DiscIndex, pane: PaneView) -> bool:
        series = index.series(pane.series_id)
        if series is None or not series.frames or pane.group >= len(series.groups):
            return False
        source = self.source(pane.series_id, pane.group)
        return pane.plane in source.planes and 0 <= pane.index < source.count(pane.plane)

    def _show_first(self, index: DiscIndex) -> None:
        series = looking.start_series(index)
        if series is not None:
            self.show(series.id)

    def _remember(self, index: DiscIndex, path: str) -> None:
        study = index.studies[0] if index.studies else None
        if study is None:
            return
        marks, talks = len(self.store.state.document.marks), len(self.store.state.conversations.items)
        words = looking.disc_words(study.date, index.picture_count, marks, talks)
        self._archive.remember_disc(index.key, str(Path(path).absolute()), study.name, words, asking.now())

    def _leave_disc(self, *, keep_reading: bool = False) -> None:
        if self.asking:
            self.stop()
        if self._reading is not None and not keep_reading:
            self._reading.cancel()
            self._reading = None
        if self._preloading is not None:
            self._preloading.cancel()
        if self.store.state.disc is not None and self._placed:
            if self._keeps_place:
                self._archive.snapshot(self.store.state.disc.key, self.store.state)
            self._remember_counts()
        for source in self._sources.values():
            source.close()
        self._sources.clear()
        self._windows.clear()
        if self._medium is not None:
            self._medium.close()
            self._medium = None

    def _remember_counts(self) -> None:
        disc = self.store.state.disc
        if disc is not None and self._medium is not None:
            self._remember(disc, self._medium.name)

    def _journal(self, before: State, after: State, change: Change) -> None:
        if after.disc is not None and self._placed and before.disc is after.disc:
            self._archive.journal(after.disc.key, change, after.view if self._keeps_place else None)

    # --- look -------------------------------------------------------------------------------------------------
    def series(self, series_id: str) -> Series:
        """A series of the open disc; raises KeyError."""
        series = self.store.state.disc.series(series_id) if self.store.state.disc else None
        if series is None:
            raise KeyError(series_id)
        return series

    def source(self, series_id: str, group: int = 0) -> Source:
        """The source of a series, made on first use (fast; reads no pixels)."""
        key = (series_id, group)
        if key not in self._sources:
            if self._reader is None:
                raise KeyError(series_id)
            self._sources[key] = open_source(self.series(series_id), group, self._reader)
        return self._sources[key]

    def stored_values(self, source: Source, index: int) -> NDArray[np.float32]:
        """Exactly the stored picture `index` after the modality LUT. Blocks. Raises ProblemError."""
        if self._reader is None:
            raise KeyError(source.series.id)
        return stored_values(source, index, self._reader)

    def show(self, series_id: str) -> None:
        """Put a series on screen: large pane in its own direction, small panes in the other two where offered."""
        series = self.series(series_id)
        if not series.frames:
            return
        source = self.source(series_id)
        panes = looking.panes_for(series, source)
        self.arrange(panes)
        rows, columns = series.rows, series.columns
        if panes[0].plane is not Plane.NATIVE:
            self.store.dispatch(CrosshairMoved(looking.middle_of(source, panes), tuple(p.index for p in panes)))
        else:
            self.store.dispatch(CrosshairMoved(looking.centre_of(source, panes[0], rows, columns), (panes[0].index,)))
        self.preload(series_id)

    def show_group(self, group: int) -> None:
        """Another time, echo or b-value of the active series in all panes."""
        panes = tuple(replace(pane, group=group) for pane in self.store.state.view.panes)
        self.arrange(panes, self.store.state.view.active)
        self.preload(panes[0].series_id, group)

    def fetch(
        self, series_id: str, group: int, plane: Plane, index: int, done: Callable[[Slice | Problem], None]
    ) -> Job[Slice]:
        """Load one slice on a worker; `done` is called on the store's thread."""
        source = self.source(series_id, group)
        job = self.jobs.start(f"slice {index + 1}", lambda job: source.slice(plane, index))

        def ended(job: Job[Slice]) -> None:
            if job.finished:
                outcome: Slice | Problem = job.result or job.problem or problem("picture_cannot_be_shown")
                self._call_soon(lambda: done(outcome))

        job.listen(ended)
        return job

    def preload(self, series_id: str, group: int = 0) -> Job[None]:
        """Bring the rest of a series into memory, middle outward; a new preload cancels the last."""
        if self._preloading is not None:
            self._preloading.cancel()
        source = self.source(series_id, group)
        self._preloading = self.jobs.start("preload", lambda job: source.load(job.check))
        return self._preloading

    def window_for(self, slice_: Slice) -> Window | None:
        """The window this slice is shown with: the person's, else the series' default; None for colour.

        One window per volume, that of its middle; a stack of unlike pictures uses each picture's own.
        """
        if slice_.is_colour:
            return None
        chosen = self.store.state.view.look(slice_.series_id).window
        if chosen is not None:
            return chosen
        series = self.series(slice_.series_id)
        if not is_window_shared(series):
            return default_window(slice_)
        key = (slice_.series_id, self.group_of(slice_.series_id))
        if key not in self._windows:
            self._windows[key] = default_window(slice_)
        return self._windows[key]

    def group_of(self, series_id: str) -> int:
        """The group of a series that is on screen, 0 when none is."""
        return next((pane.group for pane in self.store.state.view.panes if pane.series_id == series_id), 0)

    def presets(self, series_id: str) -> tuple[Window, ...]:
        """Windows on offer: the file's own by name, then presets valid for this kind, without "automatic"."""
        pane = self.store.state.view.pane
        source = self.source(series_id, pane.group if pane and pane.series_id == series_id else 0)
        middle = source.ready(Plane.NATIVE, source.count(Plane.NATIVE) // 2)
        return () if middle is None else presets_for(self.series(series_id), middle)

    def automatic_window(self, series_id: str, group: int = 0) -> Window | None:
        """From the values of what is loaded (1st to 99th percentile, padding left out)."""
        source = self.source(series_id, group)
        span = source.values_range()
        if span is not None:
            return window_over(*span)
        slice_ = source.ready(Plane.NATIVE, source.count(Plane.NATIVE) // 2)
        return None if slice_ is None else automatic_window(slice_)

    def set_look(self, series_id: str, look: Look) -> None:
        """Change how a series looks."""
        self.store.dispatch(LookChanged(series_id, look))

    def step(self, pane: int, by: int) -> None:
        """Scroll a pane by `by` slices, the crosshair along with it."""
        self.go_to(pane, self.store.state.view.panes[pane].index + by)

    def go_to(self, pane: int, index: int) -> None:
        """Show slice `index` (clipped) in a pane, the crosshair along with it."""
        shown = self.store.state.view.panes[pane]
        source = self.source(shown.series_id, shown.group)
        index = min(max(index, 0), source.count(shown.plane) - 1)
        if index != shown.index:
            crosshair = looking.carried_along(source, shown.plane, index, self.store.state.view.crosshair)
            self.store.dispatch(SliceShown(pane, index, crosshair))

    def move_crosshair(self, point_lps: tuple[float, float, float]) -> None:
        """Crosshair to a point: all panes that share its coordinate system show it."""
        view, disc = self.store.state.view, self.store.state.disc
        lead = view.pane
        if disc is None or lead is None:
            return
        indices = []
        for pane in view.panes:
            follows = looking.same_room(disc, lead.series_id, pane.series_id)
            source = self.source(pane.series_id, pane.group)
            index = source.index_at(pane.plane, np.asarray(point_lps)) if follows else None
            indices.append(pane.index if index is None else index)
        self.store.dispatch(CrosshairMoved(point_lps, tuple(indices)))

    def arrange(self, panes: tuple[PaneView, ...], active: int = 0) -> None:
        """Set all panes."""
        self.store.dispatch(PanesArranged(panes, active))

    def position_words(self, slice_: Slice) -> str:
        """Where a slice lies, for people: "7 mm right of the middle"; "" without geometry."""
        return position_words(slice_, self.series(slice_.series_id))

    def point_value(self, slice_: Slice, column: int, row: int) -> str:
        """ "612", "43 HU", "outside the scan"; a colour's three parts."""
        return looking.value_words(slice_, column, row)

    def facts(
        self, series_id: str, group: int, plane: Plane, index: int, region: ChosenRegion | None = None
    ) -> tuple[Fact, ...]:
        """Facts about this picture, worked out on the laptop. Blocks (one slice)."""
        disc = self.store.state.disc
        if disc is None:
            return ()
        slice_ = self.source(series_id, group).slice(plane, index)
        return facts_of(disc, self.series(series_id), slice_, region.region if region else None)

    # --- mark -------------------------------------------------------------------------------------------------
    def anchor(self, slice_: Slice) -> Anchor:
        """Where a mark on this slice belongs."""
        series = self.series(slice_.series_id)
        group = self.group_of(slice_.series_id)
        return Anchor(slice_.series_id, series.uid, slice_.plane, slice_.index, group, slice_.frame)

    def add_mark(self, kind: MarkKind, slice_: Slice, points: tuple[tuple[float, float], ...], text: str = "") -> Mark:
        """Add a mark (one undo step) and select it."""
        mark = Mark(uuid.uuid4().hex[:12], kind, self.anchor(slice_), points, looking.points_lps(slice_, points), text)
        self.store.dispatch(MarkAdded(mark))
        self.store.dispatch(MarkSelected(mark.id))
        return mark

    def move_mark(self, mark: Mark, slice_: Slice, points: tuple[tuple[float, float], ...]) -> None:
        """Move a mark's points (inside `store.gesture` while dragging)."""
        self.store.dispatch(MarkChanged(mark.moved(points, looking.points_lps(slice_, points))))

    def marks_on(self, slice_: Slice) -> tuple[Mark, ...]:
        """The marks that lie on this slice, hidden ones too."""
        group = self.group_of(slice_.series_id)
        return tuple(
            mark
            for mark in self.store.state.document.marks
            if (mark.anchor.series_id, mark.anchor.plane, mark.anchor.index, mark.anchor.group)
            == (slice_.series_id, slice_.plane, slice_.index, group)
        )

    def measure(self, mark: Mark, slice_: Slice) -> Measurement | RegionStatistics | Problem | None:
        """Length or statistics of a mark, a Problem where a number would be false; None for arrow and text."""
        try:
            if mark.kind is MarkKind.LENGTH:
                return measure_length(mark, slice_)
            if mark.kind in (MarkKind.ELLIPSE, MarkKind.RECTANGLE):
                return region_statistics(mark, slice_)
        except ProblemError as failure:
            return failure.problem
        return None

    # --- ask --------------------------------------------------------------------------------------------------
    def ask_settings(self) -> AskSettings:
        """How asking is set up now (fast; never touches the keyring)."""
        return self._setup.settings()

    def change_ask_settings(self, provider: str, base_url: str, model: str, key_style: str = "bearer") -> None:
        """Choose who answers; raises ProblemError for an address that cannot be one."""
        self._setup.choose(asking.Chosen(provider, base_url, model, key_style))

    def keep_key(self, key: str) -> Job[AskSettings]:
        """Put a key in the system's password store, or keep it for this run where there is none ("" forgets it)."""
        return self.jobs.start("key", lambda job: self._setup.keep_key(key))

    def models(self) -> tuple[ModelChoice, ...]:
        """Known models of the chosen provider (fast; from memory)."""
        return self._setup.models()

    def test_connection(self) -> Job[ConnectionReport]:
        """Ask the provider for its model list; sends no picture."""
        return self.jobs.start("connection", lambda job: self._setup.test_connection())

    def warm_up(self) -> Job[None]:
        """Start the asking process and look for the key in the background (when the panel opens)."""
        return self.jobs.start("warm up", lambda job: self._setup.warm_up())

    def use_once(self, provider: str | None, base_url: str | None, model: str | None, key_style: str) -> None:
        """Who answers in this run only (commands); None keeps what is set."""
        self._setup.choose_once(provider, base_url, model, key_style)

    def check_ready(self) -> None:
        """Blocks on the keyring; raises ProblemError when asking is off."""
        self._setup.check_ready()

    def why_not_ask(self) -> Problem | None:
        """Why asking is off now (no key, no picture …), or None."""
        if self.store.state.view.pane is None:
            return problem("no_picture_chosen")
        return self._setup.why_not()

    def recipient(self) -> Recipient:
        """Who would get a question now."""
        return self._setup.recipient()

    def estimate_words(self, question: str) -> str:
        """ "About 1 cent for this question."; fast."""
        return self._setup.estimate_words(question)

    def prepare(self, question: str, conversation_id: str = "") -> Job[Disclosure]:
        """Everything that would leave for `question` about the active pane's slice or chosen part."""
        state, recipient = self.store.state, self.recipient()
        talk = self.conversation(conversation_id)
        pane, disc = state.view.pane, state.disc
        if disc is None or pane is None:
            raise ProblemError(problem("no_picture_chosen"))
        source = self.source(pane.series_id, pane.group)

        def work(job: Job[Disclosure]) -> Disclosure:
            past = asking.past_turns(talk, self._archive)
            slice_ = source.slice(pane.plane, pane.index)
            return prepare_question(
                state,
                disc,
                self.series(pane.series_id),
                pane,
                slice_,
                self.window_for(slice_),
                question,
                recipient,
                past,
            )

        return self.jobs.start("prepare", work)

    def consent(self, disclosure: Disclosure) -> Consent:
        """The person's yes to exactly this."""
        return give_consent(disclosure, asking.now())

    def send(self, disclosure: Disclosure, consent: Consent, conversation_id: str = "") -> str:
        """Ledger row, then send; answers arrive in the store. Returns the turn's id."""
        if self.asking:
            raise ProblemError(problem("already_asking"))
        disc = self.store.state.disc
        turn = asking.new_turn(disclosure, disc.picture_count if disc else 0)
        talk = conversation_id or uuid.uuid4().hex[:12]
        self._sent = {frame.sha256: frame.png for frame in disclosure.frames}

        def heard(answer: Answer) -> None:
            self._call_soon(lambda: self._take_answer(talk, turn.id, answer))

        running = asking.RunningQuestion(
            self._archive, self._ledger, self._keys, self._consultation, disclosure, consent, turn, heard
        )
        self._running = running
        self.store.dispatch(QuestionAsked(talk, turn))
        self.jobs.start("ask", lambda job: running.start())
        self.store.dispatch(ConversationShown(talk))
        return turn.id

    def _take_answer(self, talk: str, turn_id: str, answer: Answer) -> None:
        self.store.dispatch(AnswerReceived(talk, turn_id, answer))
        if answer.state.ended and self._running is not None and self._running.turn.id == turn_id:
            self._running = None

    def stop(self) -> None:
        """Stop the running answer: the store says *stopped* at once."""
        running, self._running = self._running, None
        if running is not None:
            running.stop()

    @property
    def asking(self) -> bool:
        """Whether an answer is on its way."""
        return self._running is not None

    def conversation(self, conversation_id: str) -> Conversation | None:
        """A talk by id."""
        return next((talk for talk in self.store.state.conversations.items if talk.id == conversation_id), None)

    def sent_png(self, sha256: str) -> bytes:
        """The bytes of a picture that left (or is about to); b"" if they are gone."""
        if sha256 in self._sent:
            return self._sent[sha256]
        try:
            return self._archive.picture(sha256)
        except ProblemError:
            return b""

    def end_words(self, answer: Answer) -> tuple[str, str]:
        """("Cut off", "The answer reached its length limit …"): first word and sentence of a state."""
        words = state_words(answer)
        return words.first, words.sentence

    # --- take along -------------------------------------------------------------------------------------------
    def export_pdf(self, path: Path, conversation_id: str = "", with_name: bool = False) -> Job[Path]:
        """Write the report; without a conversation: the active picture, its marks and facts."""
        state, talk = self.store.state, self.conversation(conversation_id)
        if state.disc is None or state.view.pane is None:
            raise ProblemError(problem("no_picture_chosen"))
        drawing = Drawing(self.source, self.window_for)

        def work(job: Job[Path]) -> Path:
            write_report(compose_report(drawing, state, talk, with_name=with_name), path)
            return path

        return self.jobs.start("pdf", work)

    def suggested_pdf_name(self) -> str:
        """ "Sidelight 2026-11-21 lower back.pdf": no name in it."""
        pane, disc = self.store.state.view.pane, self.store.state.disc
        study = disc.study_of(pane.series_id) if disc and pane else None
        name = "".join(c if c.isalnum() or c in " -" else " " for c in (study.name if study else "")).lower()
        return " ".join(f"Sidelight {datetime.now():%Y-%m-%d} {name}".split()) + ".pdf"

    # --- keep -------------------------------------------------------------------------------------------------
    @property
    def archive_problem(self) -> Problem | None:
        """Why nothing is being kept (disk full, folder read-only …), or None."""
        return self._archive.trouble or next(iter(self._archive.problems), None)

    def keyring_words(self) -> tuple[str, bool]:
        """Where a key would be kept, in words, and whether that lasts. Blocks on the keyring (at most 2 seconds)."""
        return self._setup.keyring_words()

    def ledger_rows(self) -> tuple[dict[str, object], ...]:
        """What left, oldest first, as plain rows."""
        return tuple(asdict(entry) for entry in self._ledger.entries())

    def verify_ledger(self) -> tuple[bool, str]:
        """Whether the list of sendings is as it was written, and the verdict in words."""
        verdict = self._ledger.verify()
        return verdict.ok, verdict.words

    def setting(self, name: str, default: str = "") -> str:
        """A setting of the window (theme, language, widths)."""
        return str(self._archive.settings_get(name, default))

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting."""
        self._archive.settings_set(name, value)

    def close(self) -> None:
        """Save, end child processes; a second call does nothing. What cannot be saved was said while it happened."""
        if self._closed:
            return
        self._closed = True
        with suppress(ProblemError):
            self._leave_disc()
        self.jobs.close()
        self._consultation.close()
        self._decoder.close()
        with suppress(ProblemError):
            self._archive.close()
