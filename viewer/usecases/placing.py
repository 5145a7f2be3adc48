"""Placing: the place of the open disc. It is found again once all of the disc is read, kept when the disc is left, and
carried over where a disc was taken out while it was read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from viewer.archive.rows import SavedPlace
from viewer.document.changes import Change, PlaceRestored
from viewer.document.model import Conversations, Document, KnownSeries, PaneView, State, View
from viewer.document.store import Store
from viewer.index.model import DiscIndex
from viewer.usecases.come_back import Finder
from viewer.usecases.disc import OpenNow
from viewer.usecases.follow import known_series
from viewer.usecases.hand import Hand
from viewer.usecases.keeping import Keeping, work_in
from viewer.usecases.left import LeftPlace, Recalled, with_looks, with_marks, with_talks


@dataclass(frozen=True, slots=True)
class _Carried:
    """What was drawn and asked on the part of a disc that was read before it was taken out."""

    path: str
    document: Document
    talks: Conversations
    known: tuple[KnownSeries, ...]


class Placing:
    """Lives on the store's thread, but for `recall`."""

    def __init__(self, store: Store, keeping: Keeping, now: OpenNow, hand: Hand) -> None:
        self._store, self._keeping, self._now, self._hand = store, keeping, now, hand
        self.is_placed = False  # all is read: changes are journalled from here on
        self._automatic: View | None = None  # the view as the program chose it, while nobody has touched it
        self._carried: _Carried | None = None
        self._left: LeftPlace | None = None
        self._drawn: frozenset[str] = frozenset()  # marks that were there when the next disc was asked for
        store.listen(self._journal)

    def _journal(self, before: State, after: State, change: Change) -> None:
        """Each change as it comes, and the line of "Opened before" with what there is to come back to."""
        if not self.is_placed:
            return
        self._keeping.journal(before, after, change)
        if self._now.disc is not None and work_in(before) != work_in(after):
            self._keeping.remember(after, self._now.disc.path)

    # --- before all is read
    def note_asked(self) -> None:
        """A disc was asked for."""
        self._drawn = frozenset(mark.id for mark in self._store.state.document.marks)

    def recall(self, index: DiscIndex, path: str) -> tuple[DiscIndex, Recalled]:
        """What was kept of a disc, and its index by the key it is kept under. Blocks."""
        left = self._left
        index, saved = self._keeping.load(index, path)
        return index, Recalled(saved, left)

    def begin(self) -> None:
        """Another disc comes in."""
        self.is_placed, self._automatic = False, None

    def note_automatic(self) -> None:
        """The panes stand as the program arranged them."""
        self._automatic = self._store.state.view

    def is_untouched(self) -> bool:
        """Whether they still do."""
        view, own = self._store.state.view, self._automatic
        return own is None or (view.panes, view.crosshair, view.region) == (own.panes, own.crosshair, own.region)

    # --- all is read
    def find_again(self, index: DiscIndex, path: str, recalled: Recalled) -> None:
        """Marks and talks come back beside what was drawn and asked while reading went on; the view only where nobody
        has moved on his own yet."""
        saved = self._as_left(index, path, recalled)
        index = self._hand.begin(index, saved.document.deeds if saved is not None else ())
        state = self._store.state
        if saved is not None:
            finder = Finder(saved.view.known, index, self._now.source_or_none)
            kept = replace(finder.view(saved.view), tool=state.view.tool)  # a hand that comes back holds no ruler
            view = self._usable(kept, state.view) if self.is_untouched() else with_looks(state.view, kept)
            document = with_marks(finder.document(saved.document), state.document)
            talks = with_talks(finder.conversations(saved.conversations), state.conversations)
            self._store.dispatch(PlaceRestored(document, talks, view))
            self._keeping.placed(index.key, recalled.saved, finder)
        is_carried = self._carry_over(index, path)
        self.is_placed = True
        if is_carried or state.document.marks or state.conversations.items:
            self._keeping.snapshot(self._store.state)
        self._keeping.remember(self._store.state, path)

    def _as_left(self, index: DiscIndex, path: str, recalled: Recalled) -> SavedPlace | None:
        """What was kept; where the same disc was open until now, as it was left: work on it went on after that was read.
        What was kept meanwhile by another window stays."""
        left, saved = self._left, recalled.saved
        if left is None or left is recalled.left or not left.is_of(index.key, path, saved):
            return saved
        return left.with_others(saved, self._drawn)

    def _carry_over(self, index: DiscIndex, path: str) -> bool:
        """The disc that was taken out is back: what was drawn and asked on the part that was read belongs to it."""
        carried, self._carried = self._carried, None
        if carried is None or carried.path != path:
            return False
        state = self._store.state
        finder = Finder(carried.known, state.disc or index, self._now.source_or_none)
        document = with_marks(state.document, finder.document(carried.document))
        talks = with_talks(state.conversations, finder.conversations(carried.talks))
        self._store.dispatch(PlaceRestored(document, talks, state.view))
        return True

    def _usable(self, kept: View, shown: View) -> View:
        """The kept view with the panes that can be shown; where none can, what is shown now."""
        panes = tuple(pane for pane in kept.panes if self._can_show(pane))
        if not panes:
            return replace(kept, panes=shown.panes, active=shown.active, crosshair=shown.crosshair)
        return replace(kept, panes=panes, active=kept.active if panes == kept.panes else 0)

    def _can_show(self, pane: PaneView) -> bool:
        source = self._now.source_or_none(pane.series_id, pane.group)
        return source is not None and pane.plane in source.planes and 0 <= pane.index < source.count(pane.plane)

    # --- leaving
    def leave(self, path: str) -> None:
        """The open disc is left: everything of it goes into the archive."""
        state = self._store.state
        self._carried = self._left = None
        if state.disc is not None:
            self._keeping.leave(state, path, placed=self.is_placed)
            if not state.disc.complete and (state.document.marks or state.conversations.items):
                self._carried = _Carried(path, state.document, state.conversations, known_series(state.disc))
            if self.is_placed:
                kept = SavedPlace(state.document, state.conversations, self._keeping.found_again(state))
                self._left = LeftPlace(state.disc.key, path, kept)

    def abandon(self) -> None:
        """The open disc is to be forgotten: what goes on from here is not kept."""
        self.is_placed = False
        self._carried = self._left = None
