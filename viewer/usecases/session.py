"""Session: the job step by step, for both faces. The window and the commands call this and nothing below it does.

Methods that may take over 8 ms return a `Job` or say "blocks" in their docstring. What only a job needs is imported in
it: the window is up before. The store lives on the thread that made the session: `call_soon` (given by the face) brings
a function from a worker back to that thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.answer.answer import Answer
from viewer.answer.ending import state_words
from viewer.archive.archive import Archive
from viewer.archive.ledger import Ledger
from viewer.codec.pool import Decoder
from viewer.consult.consultation import Consultation
from viewer.consult.keys import KeyStore
from viewer.disc.copy import CopyReport
from viewer.disclosure.frame import Consent, Disclosure
from viewer.disclosure.prepare import give_consent
from viewer.document.changes import MarkAdded, MarkChanged, MarkSelected, PanesArranged
from viewer.document.model import ChosenRegion, Conversation, PaneView
from viewer.document.store import Store
from viewer.geometry.plane import Plane
from viewer.index.by_hand import How
from viewer.index.model import DiscIndex, Series
from viewer.jobs.jobs import Job, Jobs
from viewer.marks.mark import Mark, MarkKind, Measurement, RegionStatistics
from viewer.picture.drawn import Drawn
from viewer.picture.fact import PictureFact
from viewer.picture.facts import picture_facts, position_words
from viewer.picture.look import Look, Window
from viewer.picture.window import default_window
from viewer.problem import Problem, ProblemError, problem
from viewer.text.translate import tr
from viewer.usecases import asking, looking, marking, windows
from viewer.usecases.by_hand import chosen_sets
from viewer.usecases.copying import Copying
from viewer.usecases.disc import OpenNow
from viewer.usecases.documents import DiscDocument, documents_of
from viewer.usecases.forgetting import Forgetting
from viewer.usecases.hand import Hand
from viewer.usecases.incoming import Incoming
from viewer.usecases.keeping import Keeping, row_of
from viewer.usecases.objects import Objects
from viewer.usecases.opening import Opening, OpeningParts
from viewer.usecases.panes import Panes
from viewer.usecases.papers import Papers
from viewer.usecases.placing import Placing
from viewer.usecases.providers import AskSetup
from viewer.usecases.rows import RecentDisc
from viewer.usecases.several import paths_at
from viewer.usecases.take_along import TakeAlong
from viewer.usecases.talks import AskingParts, Talks
from viewer.volume.slice import Slice, Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BEGUN_ANEW = "archive_was_damaged"


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
    """One open program. Made by `app.py` only. A facade: each section has its own module; what has many questions of its own
    is asked itself: `setup` (who answers), `take_along` (files that are written), `objects` (what the clinic added), `papers`.
    """

    def __init__(self, adapters: Adapters, call_soon: Callable[[Callable[[], None]], None]) -> None:
        self.store = Store()
        self.jobs = adapters.jobs
        self.data_folder = adapters.folder
        self._archive, self._ledger, self._consultation = adapters.archive, adapters.ledger, adapters.consultation
        self._decoder = adapters.decoder
        self._windows = windows.Windows()
        self.setup = AskSetup(adapters.archive, adapters.keys, adapters.consultation, adapters.jobs)
        copies = self.data_folder / "copies"
        self._keeping = Keeping(self._archive, copies, keeps_place=adapters.keeps_place)
        self._now = OpenNow()
        self._panes = Panes(self.store, self.jobs, self._windows, self._now.source, call_soon)
        self._hand = Hand(self.store, self.jobs, self._panes, self._now, call_soon)
        learn = self.setup.learn_from
        parts = AskingParts(adapters.archive, adapters.ledger, adapters.keys, adapters.consultation, learn)
        self._talks = Talks(self.store, self.jobs, self._windows, parts, call_soon)
        self._incoming = Incoming(self.jobs, adapters.decoder, self._keeping.read_before, call_soon)
        self._placing = Placing(self.store, self._keeping, self._now, self._hand)
        self._copying = Copying(self.jobs, self._keeping.copies)
        opening = OpeningParts(self._now, self._incoming, self._placing, self._copying, self._panes, self._hand)
        self._opening = Opening(self.store, opening, self._talks.leave)
        self.objects = Objects(self.store, self.jobs, self._now, call_soon)
        self.papers = Papers(self.jobs, self._now, call_soon)
        self.take_along = TakeAlong(self.store, self.jobs, self._now, self._windows, self._talks)
        self._forgetting = Forgetting(self._archive, copies, self.jobs)
        self._closed = False

    # --- open (opening.py) --------------------------------------------------------------------------------------
    def open_path(self, path: str, password: str | None = None, also: Sequence[str] = ()) -> Job[DiscIndex]:
        """Read a folder, file or ZIP; the store gets DiscOpened, then DiscIndexed as series firm up. also: passwords
        of other ZIPs in the same folder. Of several things that were opened at once, `path` is their place."""
        if len(paths := paths_at(path)) > 1:
            return self.open_several(paths, tuple(one for one in (password, *also) if one))
        return self._opening.open(lambda job: path, password, also)

    def open_several(self, paths: Sequence[str], passwords: Sequence[str] = ()) -> Job[DiscIndex]:
        """Read several chosen files at once, and only these; passwords: of ZIPs among them."""
        return self._opening.open_several(paths, passwords)

    def open_sample(self) -> Job[DiscIndex]:
        """The bundled sample study, made on first use in the program's own folder."""

        def made(job: Job[DiscIndex]) -> str:
            from viewer.phantom.study import ensure_sample

            words = tr("Making the sample, once")
            return str(ensure_sample(self.data_folder, lambda done, total: job.report(done, total, words)))

        return self._opening.open(made)

    def when_copying(self, hear: Callable[[Job[CopyReport]], None]) -> None:
        """`hear(job)`, on the store's thread, when a slow disc begins to be copied to this computer. Its progress is in
        bytes, the words of its end say that the disc may come out; a problem says why it is read from the disc on."""
        self._copying.on_begun = hear

    def stop_copying(self) -> None:
        """What is copied so far stays and is gone on with the next time."""
        self._copying.stop()

    def close_disc(self) -> None:
        """Back to the start page; everything is kept in the archive."""
        self._opening.close_disc()

    def recent(self) -> tuple[RecentDisc, ...]:
        """Discs opened before, newest first, at most 8."""
        return self._keeping.recent()

    def remembered(self) -> tuple[RecentDisc, ...]:
        """All of them."""
        return self._keeping.recent(-1)

    def forgettable(self) -> RecentDisc | None:
        """The open disc as a row of "Opened before", once all of it is read: before that it is not known which it is."""
        state, opened = self.store.state, self._now.disc
        return row_of(state, opened.path) if opened is not None and state.disc and state.disc.complete else None

    def keeps(self, row: RecentDisc) -> bool:
        """Whether anything is kept about this disc. Blocks. Raises ProblemError."""
        return row.key in self._archive.kept_discs()

    def forget(self, rows: Sequence[RecentDisc] | None) -> Job[None]:
        """Remove all that is kept about these discs (None: any disc); one that is open is closed first. Settings and the
        list of sendings stay."""
        disc, writing = self.store.state.disc, [*self._incoming.left_behind()]
        if rows is None or (disc is not None and disc.key in {row.key for row in rows}):
            open_now = (*self._opening.abandon(), self._talks.sending)
            return self._forgetting.start(rows, [*writing, *(job for job in open_now if job is not None)])
        return self._forgetting.start(rows, writing)

    def series(self, series_id: str) -> Series:
        """A series of the open disc; raises KeyError."""
        series = self.store.state.disc.series(series_id) if self.store.state.disc else None
        if series is None:
            raise KeyError(series_id)
        return series

    def source(self, series_id: str, group: int = 0) -> Source:
        """The source of a series, made on first use (fast; reads no pixels). Any thread. Raises KeyError."""
        return self._now.source(series_id, group)

    def source_later(self, series_id: str) -> Callable[[], Source]:
        """The same for a worker: of the disc and the set that are meant now, whatever is open by then. Raises KeyError."""
        opened, series = self._now.needed(), self.series(series_id)
        return lambda: opened.source_of(series)

    def stored_values(self, source: Source, index: int) -> NDArray[np.float32]:
        """Exactly the stored picture `index` after the modality LUT. Blocks. Raises ProblemError."""
        return self._now.needed().stored_values(source, index)

    # --- look (panes.py, windows.py, looking.py) ----------------------------------------------------------------
    def show(self, series_id: str) -> None:
        """Put a series on screen: large pane in its own direction, small panes in the other two where offered."""
        self._panes.show(self.series(series_id))

    def show_picture(self, series_id: str, group: int, plane: Plane, index: int) -> None:
        """One picture of a series, wherever it is shown already, else the series is brought up. Raises KeyError."""
        self._panes.show_picture(self.series(series_id), group, plane, index)

    def show_group(self, group: int) -> None:
        """Another time, echo or b-value of the active series in all panes."""
        self._panes.show_group(group)

    def fetch(
        self, series_id: str, group: int, plane: Plane, index: int, done: Callable[[Slice | Problem], None]
    ) -> Job[Slice]:
        """Load one slice on a worker; `done` is called on the store's thread, unless the picture is wanted no more."""
        return self._panes.fetch(series_id, group, plane, index, done)

    def window_for(self, slice_: Slice) -> Window | None:
        """The window this slice is shown with: the person's, else the series' default; None for colour.

        One window per volume, that of its middle; a stack of unlike pictures uses each picture's own.
        """
        try:
            source = self.source(slice_.series_id, slice_.group)
        except (KeyError, IndexError, ProblemError):
            return default_window(slice_)
        return self._windows.of(self.store.state.view.look_on(slice_), source, slice_)

    def window_of(self, source: Source, slice_: Slice) -> Window | None:
        """As `window_for`, reading the middle of the volume if need be. Blocks."""
        self._windows.settle(source, slice_)
        return self._windows.of(self.store.state.view.look_on(slice_), source, slice_)

    def presets(self, series_id: str) -> tuple[Window, ...]:
        """Windows on offer: the file's own by name, then presets valid for this kind, without "automatic"."""
        view = self.store.state.view
        group = next((pane.group for pane in view.panes if pane.series_id == series_id), 0)  # on screen, else the first
        return windows.windows_on_offer(self.source(series_id, group), view.pane)

    def automatic_window(self, series_id: str, group: int = 0) -> Window | None:
        """From the values of what is loaded (1st to 99th percentile, padding left out)."""
        return windows.window_from_values(self.source(series_id, group), self.store.state.view.pane)

    def set_look(self, series_id: str, look: Look) -> None:
        """Change how a series looks."""
        self._panes.set_look(series_id, look)

    def step(self, pane: int, by: int) -> None:
        """Scroll a pane by `by` slices, the crosshair along with it."""
        self._panes.go_to(pane, self.store.state.view.panes[pane].index + by)

    def go_to(self, pane: int, index: int) -> None:
        """Show slice `index` (clipped) in a pane, the crosshair along with it."""
        self._panes.go_to(pane, index)

    def move_crosshair(self, point_lps: tuple[float, float, float]) -> None:
        """Crosshair to a point: all panes that share its coordinate system show it."""
        self._panes.move_crosshair(point_lps)

    def arrange(self, panes: tuple[PaneView, ...], active: int = 0) -> None:
        """Set all panes."""
        self.store.dispatch(PanesArranged(panes, active))

    def position_words(self, slice_: Slice) -> str:
        """Where a slice lies, for people: "7 mm right of the middle"; "" without geometry."""
        series = self.store.state.disc.series(slice_.series_id) if self.store.state.disc else None
        return "" if series is None else position_words(slice_, series)

    def point_value(self, slice_: Slice, column: int, row: int) -> str:
        """ "612", "43 HU", "outside the scan"; a colour's three parts."""
        return looking.value_words(slice_, column, row)

    def facts(
        self, series_id: str, group: int, plane: Plane, index: int, region: ChosenRegion | None = None
    ) -> Job[tuple[PictureFact, ...]]:
        """Facts about this picture, worked out on this computer. Raises KeyError."""
        opened, series, view = self._now.needed(), self.series(series_id), self.store.state.view
        study, part = opened.index.study_of(series.id), region.region if region else None

        def work(job: Job[tuple[PictureFact, ...]]) -> tuple[PictureFact, ...]:
            slice_ = opened.source_of(series, group).slice(plane, index)
            return picture_facts(series, study, slice_, part, view.look_on(slice_))

        return self.jobs.start("facts", work)

    def documents(self, series_id: str) -> Job[tuple[DiscDocument, ...]]:
        """The reports and PDFs of a set, read on a worker. Raises KeyError."""
        series, opened = self.series(series_id), self._now.needed()
        return self.jobs.start("documents", lambda job: documents_of(opened.medium, series, opened.index))

    # --- sets by hand (by_hand.py) ------------------------------------------------------------------------------
    def put_together(self, chosen: Sequence[str]) -> Job[DiscIndex]:
        """Two or more sets as one; one undo step. Raises KeyError before all of a disc is read."""
        return self._hand.together(chosen_sets(self.store.state, chosen))

    def take_apart(self, how: How, chosen: Sequence[str]) -> Job[DiscIndex]:
        """A set in parts; one undo step. Raises KeyError before all of a disc is read, and for no set."""
        sets = chosen_sets(self.store.state, chosen)
        if not sets:
            raise KeyError("no set")
        return self._hand.apart(how, sets[0])

    def put_sets_back(self, chosen: Sequence[str]) -> Job[DiscIndex]:
        """Sets as they were read; one undo step. Raises KeyError before all of a disc is read."""
        return self._hand.put_back(chosen_sets(self.store.state, chosen))

    # --- mark (marking.py) --------------------------------------------------------------------------------------
    def add_mark(self, kind: MarkKind, slice_: Slice, points: marking.Points, text: str = "") -> Mark:
        """Add a mark (one undo step) and select it."""
        series = self.series(slice_.series_id)
        mark = marking.new_mark(kind, series, slice_, points, text)
        self.store.dispatch(MarkAdded(mark))
        self.store.dispatch(MarkSelected(mark.id))
        return mark

    def move_mark(self, mark: Mark, slice_: Slice, points: marking.Points) -> None:
        """Move a mark's points (inside `store.gesture` while dragging)."""
        self.store.dispatch(MarkChanged(mark.moved(points, looking.points_lps(slice_, points))))

    def drawn_on(self, slice_: Slice) -> tuple[Drawn, ...]:
        """What others drew over this slice, as far as it is switched on and read."""
        return self.objects.drawn_on(slice_)

    def marks_on(self, slice_: Slice) -> tuple[Mark, ...]:
        """The marks that lie on this slice, hidden ones too."""
        return marking.marks_on(self.store.state.document, slice_)

    def measure(self, mark: Mark, slice_: Slice) -> Measurement | RegionStatistics | Problem | None:
        """Length or statistics of a mark, a Problem where a number would be false; None for arrow and text."""
        return marking.measured(mark, slice_)

    # --- ask (talks.py, asking.py) -----------------------------------------------------------------------------
    def why_not_ask(self) -> Problem | None:
        """Why asking is off now (no key, no picture …), or None."""
        return problem("no_picture_chosen") if self.store.state.view.pane is None else self.setup.why_not()

    def prepare(self, question: str, conversation_id: str = "") -> Job[Disclosure]:
        """Everything that would leave for `question` about the active pane's slice or chosen part. Raises ProblemError where
        no picture is chosen."""
        return self._talks.prepare(self._now.disc, self.setup.recipient(), question, conversation_id)

    def is_about_open(self, disclosure: Disclosure) -> bool:
        """Whether it shows a picture of the disc that is open now, and not of one that was left since."""
        return self._talks.is_about(disclosure, self._now.disc)

    def consent(self, disclosure: Disclosure) -> Consent:
        """The person's yes to exactly this."""
        return give_consent(disclosure, asking.now())

    def send(self, disclosure: Disclosure, consent: Consent, conversation_id: str = "") -> str:
        """Ledger row, then send; answers arrive in the store. Returns the turn's id. Raises ProblemError while an answer is
        on its way, and for a picture of a disc that was left."""
        return self._talks.send(self._now.disc, disclosure, consent, conversation_id)

    def stop(self) -> None:
        """Stop the running answer: the store says *stopped* at once."""
        self._talks.stop()

    @property
    def asking(self) -> bool:
        """Whether an answer is on its way."""
        return self._talks.running

    def conversation(self, conversation_id: str) -> Conversation | None:
        """A talk by id."""
        return self._talks.conversation(conversation_id)

    def sent_png(self, sha256: str) -> bytes:
        """The bytes of a picture that left (or is about to); b"" if they are gone."""
        return self._talks.sent_png(sha256)

    def end_words(self, answer: Answer) -> tuple[str, str]:
        """("Cut off", "The answer reached its length limit …"): first word and sentence of a state."""
        words = state_words(answer)
        return words.first, words.sentence

    # --- keep ---------------------------------------------------------------------------------------------------
    @property
    def archive_problem(self) -> Problem | None:
        """Why something is not being kept (disk full, folder read-only …), or None."""
        trouble = self._archive.trouble or self._keeping.trouble or self._talks.unrecorded
        return trouble or next((one for one in self._archive.problems if one.code != BEGUN_ANEW), None)

    @property
    def begun_anew(self) -> Problem | None:
        """What became of earlier marks and answers where their file was damaged; the new one keeps everything."""
        return next((one for one in self._archive.problems if one.code == BEGUN_ANEW), None)

    def ledger_rows(self) -> tuple[dict[str, object], ...]:
        """What left, oldest first, as plain rows."""
        return tuple(asdict(entry) for entry in self._ledger.entries())

    def verify_ledger(self) -> tuple[bool, str]:
        """Whether the list of sendings is as it was written, and the verdict in words."""
        verdict = self._ledger.verify()
        return verdict.ok, verdict.words

    def setting(self, name: str, default: str = "") -> str:
        """A setting of the window (theme, language, widths); the default where it cannot be read."""
        try:
            return str(self._archive.settings_get(name, default))
        except ProblemError:
            return default

    def set_setting(self, name: str, value: str) -> None:
        """Keep a setting; where the disk refuses it holds until the program ends."""
        with suppress(ProblemError):
            self._archive.settings_set(name, value)

    def close(self) -> None:
        """Save, end child processes; a second call does nothing. What cannot be saved was said while it happened."""
        if self._closed:
            return
        self._closed = True
        self.papers.leave()
        self._opening.leave()
        self._forgetting.finish()
        self.jobs.close()
        self._consultation.close()
        self._decoder.close()
        with suppress(ProblemError):
            self._archive.close()
