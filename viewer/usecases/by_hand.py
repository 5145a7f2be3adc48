"""Sets by hand: why one cannot be put together or taken apart now, what is done, and where the pictures are then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from viewer.document.changes import DocumentReplaced, SetsArranged
from viewer.document.model import Conversations, Document, PaneView, State, View
from viewer.geometry.plane import Plane
from viewer.index.by_hand import Deed, How, SetMeant, arranged, put_back
from viewer.index.model import DiscIndex, Series, SeriesKind
from viewer.text.translate import tr
from viewer.usecases import looking
from viewer.usecases.follow import Follower
from viewer.volume.slice import Source

MOST_SINGLES = 64  # a set of more pictures is not taken apart into single ones: nobody finds one in such a list
_NOT_READ = "Read the disc to its end first."
_WORDS = {
    How.TOGETHER: "Put sets together",
    How.BEFORE: "Take set apart",
    How.GROUPS: "Take set apart",
    How.SINGLE: "Take set apart",
}


class Arrangements:
    """A disc as it was read, and as each state of what was done by hand leaves it: undo comes back to the same one."""

    def __init__(self, read: DiscIndex) -> None:
        self._read = read
        self._made: dict[tuple[Deed, ...], DiscIndex] = {(): read}

    def of(self, deeds: tuple[Deed, ...]) -> DiscIndex:
        """The index after these deeds. Some milliseconds for thousands of pictures when it is new."""
        known = self._made.get(deeds)
        # two workers may make the same one: the first that is kept counts for both
        return known if known is not None else self._made.setdefault(deeds, arranged(self._read, deeds))

    def without(self, deeds: tuple[Deed, ...], series_id: str) -> tuple[Deed, ...]:
        """The deeds without those a set was made by."""
        return put_back(self._read, deeds, series_id)


# --- why not


def chosen_sets(state: State, chosen: Sequence[str]) -> tuple[Series, ...]:
    """The sets with pictures a person has chosen in the list, else the one on screen."""
    pane, disc = state.view.pane, state.disc
    ids = chosen or ((pane.series_id,) if pane else ())
    found = [disc.series(name) for name in ids] if disc else []
    return tuple(one for one in found if one is not None and one.groups)


def why_not_together(state: State, chosen: Sequence[str]) -> str | None:
    """Why the chosen sets cannot be put together, None when they can."""
    sets = chosen_sets(state, chosen)
    if why := _why_no_set(state, sets):
        return why
    if len(sets) < 2:
        return "Choose two or more sets in the list first: hold Ctrl and click."
    exams = {id(state.disc.study_of(one.id)) for one in sets} if state.disc else set()
    return None if len(exams) == 1 else "These sets belong to different examinations. Choose sets of one."


def why_not_before(state: State, chosen: Sequence[str]) -> str | None:
    """Why a set cannot be taken apart at the picture shown."""
    sets, pane = chosen_sets(state, chosen), state.view.pane
    if why := _why_not_one(state, sets):
        return why
    if pane is None or pane.series_id != sets[0].id:
        return "Show this set first, and scroll to where the second part begins."
    if pane.plane not in (Plane.NATIVE, looking.own_plane(sets[0])):
        return "Choose the pane that shows the pictures as they were taken."
    return None


def why_not_groups(state: State, chosen: Sequence[str]) -> str | None:
    """Why a set cannot be taken apart by time, echo or value."""
    sets = chosen_sets(state, chosen)
    if why := _why_not_one(state, sets):
        return why
    return None if len(sets[0].groups) > 1 else "This set has only one time, echo or value."


def why_not_single(state: State, chosen: Sequence[str]) -> str | None:
    """Why a set cannot be taken apart into single pictures."""
    sets = chosen_sets(state, chosen)
    if why := _why_not_one(state, sets):
        return why
    if sets[0].kind is SeriesKind.VOLUME:
        return "These pictures are slices of one body."
    return (
        None
        if _pictures(sets[0]) <= MOST_SINGLES
        else "There are too many pictures in this set. Take it apart into smaller ones first."
    )


def why_not_back(state: State, chosen: Sequence[str]) -> str | None:
    """Why a set cannot be put back as it was read."""
    sets = chosen_sets(state, chosen)
    if why := _why_no_set(state, sets):
        return why
    return None if any(one.made_of for one in sets) else "This set is as it was read."


def _why_no_set(state: State, sets: Sequence[Series]) -> str | None:
    if not sets:
        return "Choose a set of pictures on the left first."
    return None if state.disc is not None and state.disc.complete else _NOT_READ


def _pictures(series: Series) -> int:
    """Counted group by group: asked with every change of the window, where `frames` would put thousands together."""
    return sum(len(group.frames) for group in series.groups)


def _why_not_one(state: State, sets: Sequence[Series]) -> str | None:
    if why := _why_no_set(state, sets):
        return why
    if len(sets) > 1:
        return "Choose one set only."
    return None if _pictures(sets[0]) > 1 else "This set is a single picture."


# --- doing


def deed_of(how: How, sets: Sequence[Series], at: int = 0) -> Deed:
    """What is to be done, as it is kept."""
    return Deed(how, tuple(SetMeant.of(one) for one in sets), at)


def deed_words(how: How) -> str:
    """What the step is called in "Undo"."""
    return tr(_WORDS[how])


def place_in_order(source: Source, pane: PaneView) -> int:
    """The number (from 0, in the order of the set) of the picture a pane shows in the set's own direction."""
    if pane.plane is Plane.NATIVE:
        return pane.index
    affine = source.to_voxel(pane.plane, pane.index)
    found = None if affine is None else source.index_at(Plane.NATIVE, affine[:3, 3])
    return pane.index if found is None else found


class Rearranging:
    """One step from a disc to the same disc with other sets. `source`: of a series as it is after the step."""

    def __init__(
        self,
        state: State,
        after: DiscIndex,
        old: Callable[[str, int], Source | None],
        source: Callable[[str, int], Source | None],
    ) -> None:
        assert state.disc is not None
        self._state, self._after, self._source = state, after, source
        self._follower = Follower(state.disc, after, old, source)

    def by_hand(self, deeds: tuple[Deed, ...], words: str) -> SetsArranged:
        """The step itself: marks and talks stay on their pictures."""
        document = replace(self._follower.document(self._state.document), deeds=deeds)
        return SetsArranged(self._after, document, self._talks(), self._view(), words)

    def by_undo(self, wanted: Document) -> DocumentReplaced:
        """The way back or forth: the marks of `wanted` stand on the sets of `wanted`."""
        return DocumentReplaced(wanted, self._after, self._talks(), self._view())

    def _talks(self) -> Conversations:
        return self._follower.conversations(self._state.conversations)

    def _view(self) -> View:
        """The same picture in the active pane, with the directions its set has now."""
        view = self._follower.view(self._state.view)
        lead = view.pane
        series = self._after.series(lead.series_id) if lead else None
        source = self._source(lead.series_id, lead.group) if lead else None
        if lead is None or series is None or source is None:
            return view
        wanted = looking.panes_for(series, source, lead.group)
        shown = [pane.plane for pane in view.panes if pane.series_id == series.id]
        if sorted(shown) == sorted(pane.plane for pane in wanted):
            return view
        return replace(view, panes=_at_picture(wanted, lead, series, source), active=0)


def _at_picture(wanted: Sequence[PaneView], lead: PaneView, series: Series, source: Source) -> tuple[PaneView, ...]:
    point = looking.centre_of(source, lead, series.rows, series.columns)
    if point is None:
        return tuple(replace(pane, index=lead.index) if pane.plane is lead.plane else pane for pane in wanted)
    panes = []
    for pane in wanted:
        index = lead.index if pane.plane is lead.plane else source.index_at(pane.plane, np.asarray(point))
        panes.append(pane if index is None else replace(pane, index=index))
    return tuple(panes)
