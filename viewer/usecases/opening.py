"""Opening: a disc comes in while it is being read, its place is found again, and it is left with everything kept.

The last disc a person asked for wins; one that cannot be opened leaves the open one alone. A failing disk never keeps
a disc from being opened or closed: what could not be kept waits in the archive and is told as `trouble`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from viewer.archive.archive import Archive
from viewer.archive.rows import SavedPlace
from viewer.codec.pool import Decoder
from viewer.disc.medium import Medium
from viewer.disc.open import open_medium
from viewer.document.changes import Change, DiscClosed, DiscIndexed, DiscOpened, PlaceRestored
from viewer.document.model import Conversations, Document, KnownSeries, PaneView, State, View
from viewer.document.store import Store
from viewer.index.model import DiscIndex, Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job, Jobs
from viewer.problem import Problem, ProblemError
from viewer.usecases import looking
from viewer.usecases.asking import now
from viewer.usecases.disc import OpenDisc
from viewer.usecases.follow import Finder, Follower, known_series
from viewer.usecases.open_disc import read_disc
from viewer.usecases.panes import Panes
from viewer.usecases.rows import RecentDisc
from viewer.volume.slice import Source


@dataclass(frozen=True, slots=True)
class News:
    """What a reading job has found so far."""

    job: Job[DiscIndex]
    medium: Medium
    path: str
    index: DiscIndex
    is_whole: bool


class Opening:
    """Lives on the store's thread; reading goes on in a job."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        archive: Archive,
        decoder: Decoder,
        call_soon: Callable[[Callable[[], None]], None],
        *,
        keeps_place: bool,
    ) -> None:
        self._store, self._jobs, self._archive, self._decoder = store, jobs, archive, decoder
        self._call_soon, self._keeps_place = call_soon, keeps_place
        self._budget = Budget()
        self._known: tuple[DiscIndex | None, tuple[KnownSeries, ...]] = (None, ())
        self._wanted: Job[DiscIndex] | None = None  # asked for last
        self._reading: Job[DiscIndex] | None = None  # whose news are taken
        self._placed = False  # all is read: changes are journalled from here on
        self._automatic: View | None = None  # the view as the program chose it, while nobody has touched it
        self._carried: tuple[str, Document, Conversations] | None = None  # from a disc that was taken out while read
        self.opened: OpenDisc | None = None
        self.trouble: Problem | None = None  # why something kept could not be read or written
        self.before_leaving: Callable[[], None] = lambda: None
        self.panes: Panes
        store.listen(self._journal)

    # --- reading
    def open(self, find: Callable[[Job[DiscIndex]], str], password: str | None) -> Job[DiscIndex]:
        """Read what `find` names; raises nothing: the job has the problem."""

        def work(job: Job[DiscIndex]) -> DiscIndex:
            path = find(job)
            medium = open_medium(path, password)
            self._call_soon(lambda: self._begin(job))

            def news(index: DiscIndex, *, whole: bool = False) -> None:
                self._call_soon(lambda: self._take(News(job, medium, path, index, whole)))

            try:
                index = read_disc(medium, job, news)
            except BaseException:
                medium.close()
                raise
            news(index, whole=True)
            return index

        self._wanted = self._jobs.start("open", work)
        return self._wanted

    def _begin(self, job: Job[DiscIndex]) -> None:
        """The medium of `job` could be opened: it takes over, unless something else was asked for meanwhile."""
        if job is not self._wanted:
            job.cancel()
            return
        if self._reading is not None:
            self._reading.cancel()
        self._reading = job

    def _take(self, news: News) -> None:
        if news.job is not self._reading:
            if news.is_whole:
                news.medium.close()
            return
        if self.opened is None or self.opened.medium is not news.medium:
            self._change_disc(news)
        else:
            self._grow(news.index)
        if news.is_whole:
            self._restore_place(news)
        elif not self._store.state.view.panes:
            self._show_first(news.index)

    def _change_disc(self, news: News) -> None:
        self._leave()
        self.opened = OpenDisc(news.medium, self._decoder, self._budget, news.index, news.path)
        self._placed, self._automatic = False, None
        self._store.dispatch(DiscOpened(news.index))

    def _grow(self, index: DiscIndex) -> None:
        """More is known: the same pictures stay on screen under their new ids and numbers."""
        assert self.opened is not None
        state, before = self._store.state, self._store.state.disc
        if before is None or before is index:
            return
        untouched = state.view == self._automatic
        old = self.opened.open_sources()
        stale = self.opened.take(index)
        follower = Follower(before, index, lambda name, group: old.get((name, group)), self._source_or_none)
        view = follower.view(state.view)
        talks = follower.conversations(state.conversations)
        self._store.dispatch(DiscIndexed(index, follower.document(state.document), talks, view))
        if stale:
            self.panes.stop_preloading()  # of a source that is no more; begun anew when all is read
        for source in stale:
            source.close()
        if untouched:
            self._automatic = self._store.state.view
            self._show_more_directions(index)

    def _source_or_none(self, series_id: str, group: int) -> Source | None:
        try:
            return self.opened.source(series_id, group) if self.opened is not None else None
        except (KeyError, IndexError, ProblemError):
            return None

    def _show_more_directions(self, index: DiscIndex) -> None:
        """Nobody has touched the panes yet: a series that has become a volume gets its three directions."""
        pane = self._store.state.view.pane
        series = index.series(pane.series_id) if pane else None
        if series is None or pane is None:
            return
        source = self._source_or_none(series.id, 0)
        if source is not None and len(looking.panes_for(series, source)) != len(self._store.state.view.panes):
            self._show(series)

    def _show_first(self, index: DiscIndex) -> None:
        series = looking.start_series(index)
        if series is not None:
            self._show(series)

    def _show(self, series: Series) -> None:
        self.panes.show(series)
        self._automatic = self._store.state.view

    # --- the place of a disc
    def _restore_place(self, news: News) -> None:
        """Marks and talks come back beside what was drawn and asked while reading went on; the view only where nobody
        has moved on his own yet."""
        state, index = self._store.state, news.index
        saved = self._loaded(index)
        if saved is not None:
            finder = Finder(saved.view.known, index)
            view = state.view
            if view == self._automatic or not view.panes:
                view = self._usable(finder.view(saved.view), state.view)
            document = _with_marks(finder.document(saved.document), state.document)
            talks = _with_talks(finder.conversations(saved.conversations), state.conversations)
            self._store.dispatch(PlaceRestored(document, talks, view))
        self._carry_over(news)
        self._placed = True
        if not self._store.state.view.panes:
            self._show_first(index)
        if state.document.marks or state.conversations.items or self._carried:
            self._carried = None
            self._kept(lambda: self._archive.snapshot(index.key, self._to_keep()))
        self._remember(index, news.path)
        pane = self._store.state.view.pane
        if pane is not None:
            self.panes.preload(pane.series_id, pane.group)

    def _carry_over(self, news: News) -> None:
        """The disc that was taken out is back: what was drawn and asked on the part that was read belongs to it."""
        if self._carried is None or self._carried[0] != news.path:
            self._carried = None
            return
        state, finder = self._store.state, Finder((), news.index)
        document = _with_marks(state.document, finder.document(self._carried[1]))
        talks = _with_talks(state.conversations, finder.conversations(self._carried[2]))
        self._store.dispatch(PlaceRestored(document, talks, state.view))

    def _loaded(self, index: DiscIndex) -> SavedPlace | None:
        try:
            return self._archive.load(index.key)
        except ProblemError as failure:
            self.trouble = failure.problem
            return None

    def _usable(self, kept: View, shown: View) -> View:
        """The kept view with the panes that can be shown; where none can, what is shown now."""
        panes = tuple(pane for pane in kept.panes if self._can_show(pane))
        if not panes:
            return replace(kept, panes=shown.panes, active=shown.active, crosshair=shown.crosshair)
        return replace(kept, panes=panes, active=kept.active if panes == kept.panes else 0)

    def _can_show(self, pane: PaneView) -> bool:
        source = self._source_or_none(pane.series_id, pane.group)
        return source is not None and pane.plane in source.planes and 0 <= pane.index < source.count(pane.plane)

    def _to_keep(self) -> State:
        """The state with what its ids mean, so that they can be found again."""
        state = self._store.state
        return replace(state, view=self._view_to_keep(state))

    def _view_to_keep(self, state: State) -> View:
        return replace(state.view, known=self._known_of(state.disc)) if state.disc is not None else state.view

    def _known_of(self, disc: DiscIndex) -> tuple[KnownSeries, ...]:
        """Worked out once for an index: it is asked for with every scroll step."""
        if self._known[0] is not disc:
            self._known = (disc, known_series(disc))
        return self._known[1]

    def _remember(self, index: DiscIndex, path: str) -> None:
        study = index.studies[0] if index.studies else None
        if study is None:
            return
        marks, talks = len(self._store.state.document.marks), len(self._store.state.conversations.items)
        words = looking.disc_words(study.date, index.picture_count, marks, talks)
        place = str(Path(path).absolute())
        self._kept(lambda: self._archive.remember_disc(index.key, place, study.name, words, now()))

    def _kept(self, write: Callable[[], None]) -> None:
        """Write now; a disk that refuses is told, and never stands in the way of looking."""
        try:
            write()
        except ProblemError as failure:
            self.trouble = failure.problem
        else:
            self.trouble = None

    def _journal(self, before: State, after: State, change: Change) -> None:
        if after.disc is not None and self._placed and before.disc is after.disc:
            view = self._view_to_keep(after) if self._keeps_place else None
            self._archive.journal(after.disc.key, change, view)

    def recent(self) -> tuple[RecentDisc, ...]:
        """Discs opened before, newest first, at most 8; none where they cannot be read."""
        try:
            rows = self._archive.recent(8)
        except ProblemError as failure:
            self.trouble = failure.problem
            return ()
        return tuple(RecentDisc(row.path, row.name, row.words, row.when, _is_there(row.path)) for row in rows)

    # --- leaving
    def close_disc(self) -> None:
        """Back to the start page."""
        self.leave()
        self._store.dispatch(DiscClosed())

    def leave(self) -> None:
        """Nothing is read any more; everything of the open disc is in the archive."""
        for job in (self._wanted, self._reading):
            if job is not None:
                job.cancel()
        self._wanted = self._reading = None
        self._leave()

    def _leave(self) -> None:
        self.before_leaving()
        self.panes.stop_preloading()
        if self.opened is None:
            return
        self._keep_all(self.opened.path)
        self.opened.close()
        self.opened = None

    def _keep_all(self, path: str) -> None:
        state = self._store.state
        if state.disc is None:
            return
        worked = bool(state.document.marks or state.conversations.items)
        if (self._placed and self._keeps_place) or (not self._placed and worked):
            key = state.disc.key
            self._kept(lambda: self._archive.snapshot(key, self._to_keep()))
        if self._placed:
            self._remember(state.disc, path)
        self._carried = (path, state.document, state.conversations) if worked and not state.disc.complete else None


def _with_marks(kept: Document, new: Document) -> Document:
    known = {mark.id for mark in kept.marks}
    return Document((*kept.marks, *(mark for mark in new.marks if mark.id not in known)))


def _with_talks(kept: Conversations, new: Conversations) -> Conversations:
    known = {talk.id for talk in kept.items}
    return Conversations((*kept.items, *(talk for talk in new.items if talk.id not in known)))


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False
