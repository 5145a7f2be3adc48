"""What belongs to which pictures: outlines, saved views and stars of a set, the next star, the frames an object names."""

from __future__ import annotations

from viewer.dicom.header import Header
from viewer.document.belongings import Belongings, KeyPicture, OutlineSet, Place, SavedView
from viewer.document.model import PaneView, State
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, Frame, FrameRef, Series
from viewer.text.translate import count_of, tr
from viewer.usecases.looking import reference_of
from viewer.volume.slice import Slice


def sets_of(belongings: Belongings, series: Series | None) -> tuple[OutlineSet, ...]:
    """The outlines that lie in the coordinate system of a series, or were drawn on its pictures."""
    if series is None or not belongings.sets:
        return ()
    system = reference_of(series)
    return tuple(
        one
        for one in belongings.sets
        if (one.frame_of_reference and one.frame_of_reference == system)
        or (not (one.frame_of_reference and system) and series.uid in one.series_uids)
    )


def stray_sets(belongings: Belongings, disc: DiscIndex | None) -> tuple[OutlineSet, ...]:
    """The outlines that lie on no pictures of the disc: drawn on others, or in a coordinate system that is not told."""
    if disc is None:
        return ()
    placed = {one.id: one for series in disc.every_series if series.frames for one in sets_of(belongings, series)}
    return tuple(one for one in belongings.sets if one.id not in placed)


def views_of(belongings: Belongings, series_id: str) -> tuple[SavedView, ...]:
    """The saved views that name a picture of a series."""
    return tuple(view for view in belongings.views if any(place[0] == series_id for place in view.places))


def keys_of(belongings: Belongings, series_id: str) -> tuple[KeyPicture, ...]:
    """The stars on pictures of a series."""
    return tuple(key for key in belongings.keys if key.place[0] == series_id)


def count_words(belongings: Belongings) -> str:
    """ "1 saved view, 3 outlines and 2 marked pictures were found with the pictures."; "" for none."""
    outlines = sum(len(one.outlines) for one in belongings.sets)
    counts = (
        (len(belongings.views), "{n} saved view", "{n} saved views"),
        (outlines, "{n} outline", "{n} outlines"),
        (len({key.frame for key in belongings.keys}), "{n} marked picture", "{n} marked pictures"),
    )
    words = [count_of(number, one, many) for number, one, many in counts if number]
    return tr("Found with the pictures: {things}.", things=", ".join(words)) if words else ""


def next_key(state: State, by: int) -> KeyPicture | None:
    """The next marked picture after the one on screen (`by` -1: before it), round and round; None without any."""
    disc, pane, keys = state.disc, state.view.pane, state.belongings.keys
    if disc is None or not keys:
        return None
    order = {series.id: number for number, series in enumerate(disc.every_series)}
    rows = sorted({(order.get(key.place[0], -1), *key.place[1:]): key for key in keys}.items(), key=lambda row: row[0])
    here = (order.get(pane.series_id, -1), pane.group, pane.index) if pane is not None else (-1, 0, 0)
    if pane is not None and pane.plane is not Plane.NATIVE:
        here = (here[0], -1, 0)
    if by > 0:
        return next((key for place, key in rows if place > here), rows[0][1])
    return next((key for place, key in reversed(rows) if place < here), rows[-1][1])


def frame_of(state: State, slice_: Slice) -> Frame | None:
    """The stored picture of a slice, straight from its place where it is a native one."""
    series = state.disc.series(slice_.series_id) if state.disc else None
    if series is None or slice_.group >= len(series.groups):
        return None
    frames = series.groups[slice_.group].frames
    if slice_.plane is Plane.NATIVE:
        return frames[slice_.index] if slice_.index < len(frames) else None
    for index in (slice_.index, len(frames) - 1 - slice_.index):  # a plane along the pictures runs either way
        if 0 <= index < len(frames) and frames[index].ref == slice_.frame:
            return frames[index]
    return None


def frames_of(disc: DiscIndex, refs: tuple[FrameRef, ...]) -> tuple[Frame, ...]:
    """The pictures of these names, in the order of the disc."""
    wanted = set(refs)
    return tuple(frame for frame in disc.every_frame if frame.ref in wanted)


def header_of(disc: DiscIndex, path: str) -> Header | None:
    """The header of an object that is no picture."""
    headers = (header for series in disc.every_series for header in series.documents)
    return next((header for header in headers if header.path == path), None)


def view_place(view: SavedView, pane: PaneView | None) -> Place:
    """Where to look at a saved view: the picture on screen where it is one of its own, else its first."""
    here = (pane.series_id, pane.group, pane.index) if pane is not None and pane.plane is Plane.NATIVE else None
    if here is not None and here in view.places:
        return here
    own = (place for place in view.places if pane is not None and place[0] == pane.series_id)
    return next(own, view.places[0])
