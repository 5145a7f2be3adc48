"""Left: a disc as it was left last, and how what was kept comes together with what was done meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace

from viewer.archive.rows import SavedPlace
from viewer.document.model import Conversations, Document, View


@dataclass(frozen=True, slots=True)
class LeftPlace:
    """A whole disc as it was left last; `path` is what the person chose."""

    key: str
    path: str
    place: SavedPlace

    def is_of(self, key: str, path: str, saved: SavedPlace | None) -> bool:
        """Whether this is the disc that was read: of the same key, or known again (`saved`) by its path."""
        return self.key == key or (self.path == path and saved is not None)

    def with_others(self, saved: SavedPlace | None, drawn: frozenset[str]) -> SavedPlace:
        """Also what another window has kept. drawn: marks this window had; those of them that are gone were removed."""
        if saved is None:
            return self.place
        others = replace(saved.document, marks=tuple(mark for mark in saved.document.marks if mark.id not in drawn))
        document = with_marks(self.place.document, others)
        return replace(
            self.place, document=document, conversations=with_talks(self.place.conversations, saved.conversations)
        )


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was kept of a disc, and which disc had been left last when that was read."""

    saved: SavedPlace | None
    left: LeftPlace | None


def with_marks(kept: Document, new: Document) -> Document:
    """The document with the marks that only the other one has."""
    known = {mark.id for mark in kept.marks}
    return replace(kept, marks=(*kept.marks, *(mark for mark in new.marks if mark.id not in known)))


def with_talks(kept: Conversations, new: Conversations) -> Conversations:
    """The talks, then those that only the other one has."""
    known = {talk.id for talk in kept.items}
    return Conversations((*kept.items, *(talk for talk in new.items if talk.id not in known)))


def with_looks(view: View, kept: View) -> View:
    """The view with the looks that were kept for series nobody has touched since."""
    known = {series_id for series_id, _ in view.looks}
    return replace(view, looks=(*view.looks, *(row for row in kept.looks if row[0] not in known)))
