"""Every way the store can change, in the past tense and frozen. `apply` (apply.py) knows them all."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.answer.answer import Answer
from viewer.document.belongings import Belongings
from viewer.document.model import (
    AppliedView,
    ChosenRegion,
    Conversations,
    Document,
    Layout,
    PaneView,
    Tool,
    Turn,
    View,
)  # fmt: skip
from viewer.index.model import DiscIndex
from viewer.marks.mark import Mark
from viewer.picture.look import Look

# --- the disc: new index while reading; `DiscOpened` starts fresh, `DiscIndexed` keeps marks and view


@dataclass(frozen=True, slots=True)
class DiscOpened:
    """Another disc: everything of the last one leaves the store (it is in the archive)."""

    disc: DiscIndex


@dataclass(frozen=True, slots=True)
class DiscIndexed:
    """The same disc, more of it known. Ids and numbers of slices may have moved: what was kept by them comes along
    as it stands in the new index (None: nothing moved). Clears undo where the document moved."""

    disc: DiscIndex
    document: Document | None = None
    conversations: Conversations | None = None
    view: View | None = None


@dataclass(frozen=True, slots=True)
class DiscClosed:
    """Nothing is open any more."""


@dataclass(frozen=True, slots=True)
class PlaceRestored:
    """What the archive kept for this disc. Clears undo."""

    document: Document
    conversations: Conversations
    view: View


@dataclass(frozen=True, slots=True)
class BelongingsFound:
    """What else the disc holds for its pictures is known."""

    belongings: Belongings


# --- the document: undoable


@dataclass(frozen=True, slots=True)
class MarkAdded:
    """A mark was drawn."""

    mark: Mark


@dataclass(frozen=True, slots=True)
class MarkChanged:
    """A mark with the same id was moved, renamed, hidden or shown."""

    mark: Mark


@dataclass(frozen=True, slots=True)
class MarkRemoved:
    """A mark was deleted."""

    mark_id: str


@dataclass(frozen=True, slots=True)
class SetsArranged:
    """Sets were put together, taken apart or put back by hand: the disc as it is now, and all that was kept by its ids.
    One undo step, called `words`."""

    disc: DiscIndex
    document: Document
    conversations: Conversations
    view: View
    words: str


@dataclass(frozen=True, slots=True)
class DocumentReplaced:
    """Undo, redo, or a gesture that was taken back: the store's own change, never dispatched by others. Where sets
    come to be others by it, the disc as it is then comes along, with what was kept by its ids."""

    document: Document
    disc: DiscIndex | None = None
    conversations: Conversations | None = None
    view: View | None = None


# --- conversations: append-only


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A turn begins; a new conversation when `conversation_id` is unknown."""

    conversation_id: str
    turn: Turn


@dataclass(frozen=True, slots=True)
class AnswerReceived:
    """The answer of a turn so far, or its end."""

    conversation_id: str
    turn_id: str
    answer: Answer


# --- the view: not undoable


@dataclass(frozen=True, slots=True)
class PanesArranged:
    """What all panes show, and which is active."""

    panes: tuple[PaneView, ...]
    active: int = 0


@dataclass(frozen=True, slots=True)
class PaneChanged:
    """One pane shows something else (series, plane, slice, zoom)."""

    number: int
    pane: PaneView


@dataclass(frozen=True, slots=True)
class SliceShown:
    """Hot path: one pane scrolls; the crosshair moves along in the same change when given."""

    number: int
    index: int
    crosshair: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class PaneActivated:
    """Another pane is active."""

    number: int


@dataclass(frozen=True, slots=True)
class LookChanged:
    """Window, inversion, flip or turn of a series."""

    series_id: str
    look: Look


@dataclass(frozen=True, slots=True)
class CrosshairMoved:
    """The crosshair stands at an LPS point; `indices` are the slices of all panes that follow."""

    point: tuple[float, float, float] | None
    indices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CrosshairToggled:
    """Shown or not."""

    shown: bool


@dataclass(frozen=True, slots=True)
class LayoutChosen:
    """One pane or three."""

    layout: Layout


@dataclass(frozen=True, slots=True)
class PaneMaximised:
    """The active pane fills the room, or no longer."""

    maximised: bool


@dataclass(frozen=True, slots=True)
class ToolChosen:
    """What the left button does."""

    tool: Tool


@dataclass(frozen=True, slots=True)
class RegionChosen:
    """A part for asking, or None to ask about the whole slice."""

    region: ChosenRegion | None


@dataclass(frozen=True, slots=True)
class NamesShown:
    """Names are shown or hidden, everywhere at once."""

    shown: bool


@dataclass(frozen=True, slots=True)
class BesideToggled:
    """Writing and lines stored beside pictures are shown or hidden."""

    shown: bool


@dataclass(frozen=True, slots=True)
class OutlinesChosen:
    """These outlines are switched on, no others."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ViewApplied:
    """A saved view is put on, or taken off with None."""

    applied: AppliedView | None


@dataclass(frozen=True, slots=True)
class MarkSelected:
    """One mark is selected, "" for none."""

    mark_id: str


@dataclass(frozen=True, slots=True)
class ConversationShown:
    """The panel shows this talk, "" for a new one."""

    conversation_id: str


Change = (
    DiscOpened | DiscIndexed | DiscClosed | PlaceRestored | MarkAdded | MarkChanged | MarkRemoved | QuestionAsked
    | AnswerReceived | PanesArranged | PaneChanged | SliceShown | PaneActivated | LookChanged | CrosshairMoved
    | CrosshairToggled | LayoutChosen | PaneMaximised | ToolChosen | RegionChosen | NamesShown | MarkSelected
    | ConversationShown | DocumentReplaced | SetsArranged | BelongingsFound | BesideToggled | OutlinesChosen | ViewApplied
)  # fmt: skip
