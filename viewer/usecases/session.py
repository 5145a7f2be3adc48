"""Session: the job step by step, for both faces. The window and the commands call this and nothing below it does.

Methods that may take over 8 ms return a `Job` or say "blocks" in their docstring. The store lives on the thread that
made the session: `call_soon` (given by the face) brings a function from a worker back to that thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from viewer.answer.answer import Answer
from viewer.disclosure.frame import Consent, Disclosure, Recipient
from viewer.document.model import ChosenRegion, Conversation, PaneView
from viewer.document.store import Store
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job, Jobs
from viewer.marks.mark import Anchor, Mark, MarkKind, Measurement, RegionStatistics
from viewer.picture.look import Look, Window
from viewer.problem import Problem
from viewer.volume.slice import Slice, Source


@dataclass(frozen=True, slots=True)
class RecentDisc:
    """A row of "Opened before"."""

    path: str
    name: str  # "Lower back, MRI"
    words: str  # "12 March 2024 · 72 pictures · 3 marks · 1 question"
    when: str  # ISO 8601
    is_there: bool


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model to choose from: what the service lists, or the dated built-in table."""

    id: str
    name: str
    takes_pictures: bool | None  # None: the service does not say
    price_words: str
    from_service: bool


@dataclass(frozen=True, slots=True)
class AskSettings:
    """How asking is set up. `key_state` is "kept", "this_run", "none"; `key_words` says it in a sentence."""

    provider: str
    base_url: str
    model: str
    key_state: str
    key_words: str
    key_style: str = "bearer"


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What *Test connection* found, in plain words. ok False: `words` says what to do."""

    ok: bool
    words: str
    models: tuple[ModelChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of *Facts about this picture*."""

    label: str
    words: str
    term: str = ""  # the technical word, for the tooltip


class Session:
    """One open program. Made by `app.py` only."""

    store: Store
    jobs: Jobs

    # --- open -------------------------------------------------------------------------------------------------
    def open_path(self, path: str, password: str | None = None) -> Job[DiscIndex]:
        """Read a folder, file or ZIP; the store gets DiscOpened, then DiscIndexed as series firm up."""
        raise NotImplementedError

    def open_sample(self) -> Job[DiscIndex]:
        """The bundled sample study."""
        raise NotImplementedError

    def close_disc(self) -> None:
        """Back to the start page; everything is kept in the archive."""
        raise NotImplementedError

    def recent(self) -> tuple[RecentDisc, ...]:
        """Discs opened before, newest first, at most 8."""
        raise NotImplementedError

    # --- look -------------------------------------------------------------------------------------------------
    def source(self, series_id: str, group: int = 0) -> Source:
        """The source of a series, made on first use (fast; reads no pixels)."""
        raise NotImplementedError

    def show(self, series_id: str) -> None:
        """Put a series on screen: large pane in its own direction, small panes in the other two where offered."""
        raise NotImplementedError

    def fetch(
        self, series_id: str, group: int, plane: Plane, index: int, done: Callable[[Slice | Problem], None]
    ) -> Job[Slice]:
        """Load one slice on a worker; `done` is called on the store's thread."""
        raise NotImplementedError

    def preload(self, series_id: str, group: int = 0) -> Job[None]:
        """Bring the rest of a series into memory, middle outward; a new preload cancels the last."""
        raise NotImplementedError

    def window_for(self, slice_: Slice) -> Window | None:
        """The window this slice is shown with: the person's, else the series' default; None for colour."""
        raise NotImplementedError

    def presets(self, series_id: str) -> tuple[Window, ...]:
        """Windows on offer: the file's own by name, then presets valid for this kind, without "automatic"."""
        raise NotImplementedError

    def automatic_window(self, series_id: str, group: int = 0) -> Window | None:
        """From the values (1st to 99th percentile, padding left out)."""
        raise NotImplementedError

    def set_look(self, series_id: str, look: Look) -> None:
        """Change how a series looks."""
        raise NotImplementedError

    def step(self, pane: int, by: int) -> None:
        """Scroll a pane by `by` slices, the crosshair along with it."""
        raise NotImplementedError

    def move_crosshair(self, point_lps: tuple[float, float, float]) -> None:
        """Crosshair to a point: all other panes of the same volume show it."""
        raise NotImplementedError

    def arrange(self, panes: tuple[PaneView, ...], active: int = 0) -> None:
        """Set all panes."""
        raise NotImplementedError

    def position_words(self, slice_: Slice) -> str:
        """Where a slice lies, for people: "7 mm right of the middle"; "" without geometry."""
        raise NotImplementedError

    def point_value(self, slice_: Slice, column: int, row: int) -> str:
        """ "612", "43 HU", "outside the scan"."""
        raise NotImplementedError

    def facts(
        self, series_id: str, group: int, plane: Plane, index: int, region: ChosenRegion | None = None
    ) -> tuple[Fact, ...]:
        """Facts about this picture, worked out on the laptop. Blocks (one slice)."""
        raise NotImplementedError

    # --- mark -------------------------------------------------------------------------------------------------
    def anchor(self, slice_: Slice) -> Anchor:
        """Where a mark on this slice belongs."""
        raise NotImplementedError

    def add_mark(self, kind: MarkKind, slice_: Slice, points: tuple[tuple[float, float], ...], text: str = "") -> Mark:
        """Add a mark (one undo step) and select it."""
        raise NotImplementedError

    def move_mark(self, mark: Mark, slice_: Slice, points: tuple[tuple[float, float], ...]) -> None:
        """Move a mark's points (inside `store.gesture` while dragging)."""
        raise NotImplementedError

    def marks_on(self, slice_: Slice) -> tuple[Mark, ...]:
        """The marks that lie on this slice, hidden ones too."""
        raise NotImplementedError

    def measure(self, mark: Mark, slice_: Slice) -> Measurement | RegionStatistics | None:
        """Length or statistics of a mark; None for arrow and text."""
        raise NotImplementedError

    # --- ask --------------------------------------------------------------------------------------------------
    def ask_settings(self) -> AskSettings:
        """How asking is set up now (fast; never touches the keyring)."""
        raise NotImplementedError

    def change_ask_settings(self, provider: str, base_url: str, model: str, key_style: str = "bearer") -> None:
        """Choose who answers."""
        raise NotImplementedError

    def keep_key(self, provider: str, key: str) -> Job[AskSettings]:
        """Put a key in the system's password store, or keep it for this run where there is none ("" forgets it)."""
        raise NotImplementedError

    def models(self) -> tuple[ModelChoice, ...]:
        """Known models of the chosen provider (fast; from memory)."""
        raise NotImplementedError

    def test_connection(self) -> Job[ConnectionReport]:
        """Ask the provider for its model list; sends no picture."""
        raise NotImplementedError

    def warm_up(self) -> None:
        """Start the asking process in the background (when the panel opens)."""
        raise NotImplementedError

    def why_not_ask(self) -> Problem | None:
        """Why asking is off now (no key, no picture …), or None."""
        raise NotImplementedError

    def estimate_words(self, question: str) -> str:
        """ "About 1 cent for this question."; fast."""
        raise NotImplementedError

    def prepare(self, question: str, conversation_id: str = "") -> Job[Disclosure]:
        """Everything that would leave for `question` about the active pane's slice or chosen part."""
        raise NotImplementedError

    def send(self, disclosure: Disclosure, consent: Consent, conversation_id: str = "") -> str:
        """Ledger row, then send; answers arrive in the store. Returns the turn's id."""
        raise NotImplementedError

    def consent(self, disclosure: Disclosure) -> Consent:
        """The person's yes to exactly this."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop the running answer: the store says *stopped* at once."""
        raise NotImplementedError

    @property
    def asking(self) -> bool:
        """Whether an answer is on its way."""
        raise NotImplementedError

    def conversation(self, conversation_id: str) -> Conversation | None:
        """A talk by id."""
        raise NotImplementedError

    def sent_png(self, sha256: str) -> bytes:
        """The bytes of a picture that left, from the archive; b"" if they are gone."""
        raise NotImplementedError

    def end_words(self, answer: Answer) -> tuple[str, str]:
        """("Cut off", "The answer reached its length limit …"): first word and sentence of a state."""
        raise NotImplementedError

    # --- take along -------------------------------------------------------------------------------------------
    def export_pdf(self, path: Path, conversation_id: str = "", with_name: bool = False) -> Job[Path]:
        """Write the report; without a conversation: the active picture, its marks and facts."""
        raise NotImplementedError

    def suggested_pdf_name(self) -> str:
        """ "Sidelight 2026-11-21 lower back.pdf": no name in it."""
        raise NotImplementedError

    def close(self) -> None:
        """Save, end child processes."""
        raise NotImplementedError

    def recipient(self) -> Recipient:
        """Who would get a question now."""
        raise NotImplementedError
