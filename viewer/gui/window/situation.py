"""What the table of actions may look at, read off the window as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.picture.calibration import has_scale
from viewer.picture.look import Look
from viewer.text.translate import tr
from viewer.usecases.looking import why_not_three
from viewer.usecases.reasons import Situation

if TYPE_CHECKING:
    from viewer.gui.panes.pane import Pane
    from viewer.usecases.session import Session


def situation_of(
    session: Session, pane: Pane | None, *, playing: bool, chosen: tuple[str, ...], full_screen: bool, deciding: bool
) -> Situation:
    """The situation of the active pane, None before there is one; the rest is known to the window alone."""
    store = session.store
    slice_ = pane.slice if pane else None
    no_scale = slice_ is not None and not has_scale(slice_)
    return Situation(
        store.state,
        undo_words=store.undo_words,
        redo_words=store.redo_words,
        asking=session.asking,
        three_off=why_not_three(store.state),
        no_scale=tr("This picture has no scale. Another set of this disc may have one.") if no_scale else "",
        playing=playing,
        chosen=chosen,
        full_screen=full_screen,
        deciding=deciding,
        look=store.state.view.look_on(slice_) if slice_ is not None else Look(),
    )
