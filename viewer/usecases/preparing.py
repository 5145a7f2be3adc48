"""From the active slice to a Disclosure: drawn by the one picture function at the size the model takes, then the door."""

from __future__ import annotations

from viewer.answer.picture_size import send_size
from viewer.disclosure.frame import Disclosure, PastTurn, Recipient
from viewer.disclosure.prepare import ChosenPicture, prepare
from viewer.disclosure.warnings import writing_is_likely
from viewer.document.model import PaneView, State
from viewer.index.model import DiscIndex, Series
from viewer.index.spot import spot_of
from viewer.picture.describe import closed_description
from viewer.picture.look import Region, Window
from viewer.picture.render import natural_size, render
from viewer.volume.slice import Slice


def chosen_region(state: State, pane: PaneView) -> Region | None:
    """The part the person drew on exactly this slice, or None for the whole of it."""
    chosen = state.view.region
    return chosen.region if chosen is not None and spot_of(chosen) == spot_of(pane) else None


def prepare_question(
    state: State,
    disc: DiscIndex,
    series: Series,
    pane: PaneView,
    slice_: Slice,
    window: Window | None,
    question: str,
    recipient: Recipient,
    past: tuple[PastTurn, ...],
) -> Disclosure:
    """What would leave for `question`: the slice or its chosen part as it is shown; a follow-up sends no new picture."""
    pictures = () if past else (picture_to_send(state, series, pane, slice_, window, recipient),)
    return prepare(pictures, question, recipient, past, pictures_on_disc=disc.picture_count)


def picture_to_send(
    state: State, series: Series, pane: PaneView, slice_: Slice, window: Window | None, recipient: Recipient
) -> ChosenPicture:
    """The picture with its closed description."""
    look = state.view.look_on(slice_)
    region = chosen_region(state, pane)
    width, height = natural_size(slice_, look, region)
    picture = render(slice_, look, window, send_size(width, height, recipient.image_tier), region)
    headers = [frame.header for frame in series.frames if slice_.frame is None or frame.ref == slice_.frame]
    return ChosenPicture(
        picture=picture,
        description=closed_description(series, slice_, picture),
        series_id=series.id,
        plane=pane.plane,
        index=pane.index,
        group=pane.group,
        region=region,
        frame=slice_.frame,
        writing_likely=any(writing_is_likely(header) for header in headers[:1]),
    )
