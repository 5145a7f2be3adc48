"""Reasons why an action is off now: each looks at the situation and answers in words, or None where the action is on."""

from __future__ import annotations

from dataclasses import dataclass, field

from viewer.document.model import State
from viewer.index.model import Series
from viewer.picture.look import Look
from viewer.usecases.cine import why_not_play
from viewer.usecases.what_belongs import views_of


@dataclass(frozen=True, slots=True)
class Situation:
    """What `blocked` may look at."""

    state: State
    undo_words: str = ""
    redo_words: str = ""
    asking: bool = False
    three_off: str = ""  # why three directions are off for the active series, "" when on
    no_scale: str = ""  # why lengths are off for the active picture, "" when on
    playing: bool = False
    chosen: tuple[str, ...] = ()  # ids of the sets chosen in the list
    full_screen: bool = False
    deciding: bool = False  # what would leave stands in the pictures' place
    look: Look = field(default_factory=Look)  # of the active picture: that of a saved view where one names it


def no_disc(s: Situation) -> str | None:
    """Nothing is open."""
    return None if s.state.disc else "Open a scan first."


def not_read(s: Situation) -> str | None:
    """The disc is not read to its end."""
    disc = s.state.disc
    return no_disc(s) or (
        None if disc and disc.complete else "Read the disc to its end first: only then can it be told from others."
    )


def no_picture(s: Situation) -> str | None:
    """No picture is on screen."""
    return None if s.state.view.pane and s.state.view.pane.series_id else "Choose a set of pictures on the left first."


def no_mark(s: Situation) -> str | None:
    """No mark is selected."""
    return None if s.state.view.selected_mark else "Click a mark first."


def _series(s: Situation) -> Series | None:
    """The set on screen."""
    pane = s.state.view.pane
    return s.state.disc.series(pane.series_id) if s.state.disc and pane else None


def no_group(s: Situation) -> str | None:
    """The set has one time, echo or value only."""
    series = _series(s)
    several = series is not None and len(series.groups) > 1
    return no_picture(s) or (None if several else "This set has only one time, echo or value.")


def no_directions(s: Situation) -> str | None:
    """The set has no three directions."""
    return no_picture(s) or (s.three_off or None)


def no_scale(s: Situation) -> str | None:
    """The picture has no scale."""
    return no_picture(s) or (s.no_scale or None)


def no_film(s: Situation) -> str | None:
    """The pictures are no film."""
    pane = s.state.view.pane
    return why_not_play(_series(s), pane.group if pane else 0) or None


def no_saved_view(s: Situation) -> str | None:
    """The clinic saved no view of the pictures on screen, and none is on."""
    pane = s.state.view.pane
    if s.state.view.applied is not None or (pane and views_of(s.state.belongings, pane.series_id)):
        return None
    return no_picture(s) or "The clinic saved no view of these pictures."


def no_marked_pictures(s: Situation) -> str | None:
    """The clinic marked no pictures."""
    return no_disc(s) or (None if s.state.belongings.keys else "The clinic marked no pictures on this disc.")
