"""The one store's content: what is open, marked, said and shown. Frozen; ids only, never voxels, bytes or widgets.

`Document` is what undo covers. `Conversations` are append-only: what has left cannot be undone. `View` is the place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from viewer.answer.answer import Answer
from viewer.document.belongings import Belongings
from viewer.geometry.plane import Plane
from viewer.index.by_hand import Deed
from viewer.index.model import DiscIndex, FrameRef
from viewer.marks.mark import Mark
from viewer.picture.look import Look, Region
from viewer.volume.slice import Slice


@dataclass(frozen=True, slots=True)
class Document:
    """The person's own work on this disc."""

    marks: tuple[Mark, ...] = ()
    deeds: tuple[Deed, ...] = ()  # sets put together and taken apart by hand; `State.disc` is as they leave it


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture that left: its bytes lie in the archive under `sha256`."""

    sha256: str
    width: int
    height: int
    words: str
    series_id: str
    plane: Plane
    index: int
    group: int = 0
    region: Region | None = None
    to_slice: tuple[float, ...] = (1, 0, 0, 0, 1, 0, 0, 0, 1)
    series_uid: str = ""  # with `frame`: how the slice is found again when ids have moved
    frame: FrameRef | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One question, what went with it, and the answer so far."""

    id: str
    asked_at: str  # ISO 8601 with zone
    question: str
    sent: tuple[SentPicture, ...]
    provider: str
    provider_name: str
    base_url: str
    model: str
    model_name: str
    body_sha256: str
    words: tuple[str, ...]  # every text that left
    answer: Answer
    pictures_on_disc: int = 0
    estimate: str = ""

    @property
    def has_answer(self) -> bool:
        """Whether something came that goes back with a follow-up."""
        return self.answer.blocks not in ("", "[]")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question and its follow-ups, about the same pictures."""

    id: str
    turns: tuple[Turn, ...]

    @property
    def has_answers(self) -> bool:
        """Whether a follow-up goes on with the same picture; without any answer it begins anew, with the one shown."""
        return any(turn.has_answer for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Conversations:
    """All talks about this disc, oldest first."""

    items: tuple[Conversation, ...] = ()


class Layout(StrEnum):
    """One pane, or one large and two small ones."""

    ONE = "one"
    THREE = "three"


class Tool(StrEnum):
    """What the left button does."""

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    CROSSHAIR = "crosshair"
    REGION = "region"
    ARROW = "arrow"
    LENGTH = "length"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class PaneView:
    """What one pane shows. zoom 1.0 = fitted; centre = slice pixel at the pane's middle, None = fitted."""

    series_id: str = ""
    group: int = 0
    plane: Plane = Plane.NATIVE
    index: int = 0
    zoom: float = 1.0
    centre: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ChosenRegion:
    """The part of a slice the person drew for asking."""

    series_id: str
    group: int
    plane: Plane
    index: int
    region: Region


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """Which series an id meant when a place was kept: ids follow the order of what was read, numbers do not."""

    id: str
    uid: str
    first: FrameRef | None = None  # of its first picture: tells parts of one number apart
    frames: int = 0  # how many pictures it held, 0 where that was not kept


@dataclass(frozen=True, slots=True)
class AppliedView:
    """A saved view that is put on: the look it gives to each of its pictures, as they were stored."""

    id: str
    looks: tuple[tuple[FrameRef, Look], ...] = ()

    def look_of(self, frame: FrameRef | None) -> Look | None:
        """The look of one picture, None for one the view says nothing of."""
        return next((look for known, look in self.looks if known == frame), None)


@dataclass(frozen=True, slots=True)
class View:
    """The place: what is on screen. Looks are kept per series, so that all its panes agree."""

    panes: tuple[PaneView, ...] = ()
    active: int = 0
    layout: Layout = Layout.THREE
    maximised: bool = False
    looks: tuple[tuple[str, Look], ...] = ()
    crosshair: tuple[float, float, float] | None = None  # LPS mm
    crosshair_shown: bool = True
    tool: Tool = Tool.WINDOW
    region: ChosenRegion | None = None
    names_shown: bool = False
    selected_mark: str = ""
    conversation: str = ""  # the one shown in the panel
    beside_shown: bool = True  # writing and lines stored beside a picture
    outlines: tuple[str, ...] = ()  # those switched on
    applied: AppliedView | None = None
    known: tuple[KnownSeries, ...] = ()  # only filled in what is kept on the disk

    def look(self, series_id: str) -> Look:
        """The look of a series; the default one when it was never touched."""
        return dict(self.looks).get(series_id, Look())

    def look_on(self, slice_: Slice) -> Look:
        """The look of one slice: that of the saved view where one is put on and names this picture (R-O3)."""
        if self.applied is not None and slice_.plane is Plane.NATIVE:
            given = self.applied.look_of(slice_.frame)
            if given is not None:
                return given
        return self.look(slice_.series_id)

    @property
    def pane(self) -> PaneView | None:
        """The active pane."""
        return self.panes[self.active] if self.active < len(self.panes) else None


@dataclass(frozen=True, slots=True)
class State:
    """Everything a view may watch."""

    disc: DiscIndex | None = None
    document: Document = field(default_factory=Document)
    conversations: Conversations = field(default_factory=Conversations)
    view: View = field(default_factory=View)
    belongings: Belongings = field(default_factory=Belongings)
