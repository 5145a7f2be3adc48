"""Keeping: what goes to the archive and comes back from it. A failing disk never keeps a disc from being opened, looked
at or closed: what could not be written waits in the archive, and `trouble` says why.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from viewer.archive.archive import Archive
from viewer.archive.rows import SavedPlace
from viewer.disc.copies import copied_places, is_out
from viewer.document.changes import Change, DocumentReplaced, SetsArranged
from viewer.document.model import Document, KnownSeries, State, View
from viewer.index.model import DiscIndex
from viewer.problem import Problem, ProblemError
from viewer.usecases import looking
from viewer.usecases.asking import now
from viewer.usecases.come_back import Finder
from viewer.usecases.follow import find_series, frame_place, known_series
from viewer.usecases.read_before import InArchive
from viewer.usecases.rows import RecentDisc
from viewer.usecases.several import paths_at


class Keeping:
    """Over the archive. `keeps_place` False: work is kept, but not where the person last was (commands)."""

    def __init__(self, archive: Archive, copies: Path, *, keeps_place: bool) -> None:
        self._archive, self.keeps_place = archive, keeps_place
        self.read_before = InArchive(archive) if keeps_place else None
        self._known: tuple[DiscIndex | None, tuple[KnownSeries, ...]] = (None, ())
        self.copies = copies if keeps_place else None  # where slow discs are copied to; None: they are not
        self._unread: dict[str, Problem] = {}  # why something kept could not be read: the place of a disc, the list

    @property
    def trouble(self) -> Problem | None:
        """Why something kept could not be read, until it can; None where all could."""
        return next(iter(tuple(self._unread.values())), None)

    def load(self, index: DiscIndex, path: str) -> tuple[DiscIndex, SavedPlace | None]:
        """What was kept for a disc, and its index by the key that it is kept under. Blocks.

        A folder that has grown since, or was not read to its end last time, is known again by its place and its pictures.
        """
        try:
            index, saved = self._recalled(index, str(Path(path).absolute()))
        except ProblemError as failure:
            self._unread["place"] = failure.problem
            return index, None
        self._unread.pop("place", None)
        if saved is None or self.keeps_place:
            return index, saved
        # commands name sets as they are read, and the part of a picture they mean
        return index, replace(saved, document=replace(saved.document, deeds=()), view=replace(saved.view, region=None))

    def _recalled(self, index: DiscIndex, path: str) -> tuple[DiscIndex, SavedPlace | None]:
        """As `load`; raises ProblemError."""
        saved = self._archive.load(index.key)
        last = self._archive.key_at(path) if saved is None else None
        before = self._archive.load(last) if last is not None and last != index.key else None
        if last is None or before is None or not has_pictures_of(index, before):
            return index, saved
        if index.complete:
            with suppress(ProblemError):  # said with the next thing that cannot be kept
                self._archive.rename(last, index.key)
                return index, before
        return replace(index, key=last), before

    def placed(self, key: str, saved: SavedPlace | None, finder: Finder) -> None:
        """What was kept is open, on the pictures the disc has now."""
        if saved is not None:
            document, talks = finder.document(saved.document), finder.conversations(saved.conversations)
            self._archive.placed(key, saved, document, talks)

    def journal(self, before: State, after: State, change: Change) -> None:
        """Keep a change of the open disc; never blocks."""
        same = before.disc is after.disc or isinstance(change, SetsArranged | DocumentReplaced)
        if after.disc is not None and same:
            view = self.found_again(after) if self.keeps_place else None
            self._archive.journal(after.disc.key, change, view)

    def snapshot(self, state: State) -> None:
        """Keep everything of the open disc."""
        if state.disc is not None:
            self._archive.snapshot(state.disc.key, replace(state, view=self.found_again(state)))

    def leave(self, state: State, path: str, *, placed: bool) -> None:
        """The disc is left. One that was not read to its end is kept only where there is work on it."""
        worked = bool(state.document != Document() or state.conversations.items)
        if (placed and self.keeps_place) or (not placed and worked):
            self.snapshot(state)
        if placed:
            self.remember(state, path)

    def remember(self, state: State, path: str) -> None:
        """Put the disc at the top of "Opened before"."""
        row = row_of(state, path)
        if row is not None and state.disc is not None and state.disc.studies:
            self._archive.remember_disc(row.key, row.path, row.name, row.words, row.when)

    def recent(self, most: int = 8) -> tuple[RecentDisc, ...]:
        """Discs opened before, newest first; none where they cannot be read."""
        try:
            rows = self._archive.recent(most)
        except ProblemError as failure:
            self._unread["list"] = failure.problem
            return ()
        self._unread.pop("list", None)
        out = {row.path for row in rows if any(is_out(path) for path in paths_at(row.path))}
        copied = copied_places(self.copies) if out and self.copies is not None else frozenset()
        return tuple(
            RecentDisc(row.key, row.path, row.name, row.words, row.when, row.path not in out, row.path in copied)
            for row in rows
        )

    def found_again(self, state: State) -> View:
        """The view with what its ids mean, so that its series can be found again."""
        disc = state.disc
        if disc is None:
            return state.view
        if self._known[0] is not disc:  # asked for with every scroll step: worked out once for an index
            self._known = (disc, known_series(disc))
        applied = state.view.applied
        if applied is not None:  # which one is on, and whether its looks still hold: they are read again (objects.py)
            applied = replace(applied, looks=applied.looks[:1])
        return replace(state.view, known=self._known[1], applied=applied)


def has_pictures_of(disc: DiscIndex, place: SavedPlace) -> bool:
    """Whether one of the sets that were on the disc before, or a picture that was drawn on, is on this one."""
    frames = [(row.uid, row.first) for row in place.view.known]
    frames += [(mark.anchor.series_uid, mark.anchor.frame) for mark in place.document.marks]
    found = ((find_series(disc, uid, frame), frame) for uid, frame in frames if frame is not None)
    return any(series is not None and frame_place(series, frame) is not None for series, frame in found)


def work_in(state: State) -> tuple[int, int]:
    """How many marks and questions there are: a follow-up is a question too."""
    return len(state.document.marks), sum(len(talk.turns) for talk in state.conversations.items)


def row_of(state: State, path: str) -> RecentDisc | None:
    """The open disc as a row of "Opened before"; None where nothing is open."""
    disc, place = state.disc, Path(path).absolute()
    if disc is None:
        return None
    study = next(iter(disc.studies), None)
    words = looking.disc_words(study.date if study else "", disc.picture_count, *work_in(state))
    return RecentDisc(disc.key, str(place), study.name if study else place.name, words, now(), is_there=True)
