"""Opening: a disc comes in while it is being read, its place is found again, and it is left with everything kept.

The last disc a person asked for wins; one that cannot be opened leaves the open one alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from viewer.archive.rows import SavedPlace
from viewer.codec.pool import Decoder
from viewer.disc.copied import CopiedMedium
from viewer.disc.copies import CopiedAlong, copy_of, is_out
from viewer.disc.copy import CopyReport
from viewer.disc.medium import Medium
from viewer.disc.open import open_medium, open_several
from viewer.disc.slow import is_slow
from viewer.document.changes import DiscClosed, DiscIndexed, DiscOpened, PlaceRestored
from viewer.document.model import Conversations, Document, KnownSeries, PaneView, View
from viewer.document.store import Store
from viewer.index.model import DiscIndex, Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job, Jobs
from viewer.problem import ProblemError, problem
from viewer.usecases import looking
from viewer.usecases.come_back import Finder
from viewer.usecases.disc import OpenDisc
from viewer.usecases.follow import Follower, known_series
from viewer.usecases.hand import Hand
from viewer.usecases.keeping import Keeping
from viewer.usecases.left import LeftPlace, with_looks, with_marks, with_talks
from viewer.usecases.panes import Panes
from viewer.usecases.several import place_of
from viewer.volume.slice import Source


@dataclass(frozen=True, slots=True)
class News:
    """What a reading job has found so far."""

    job: Job[DiscIndex]
    medium: Medium
    path: str
    index: DiscIndex
    is_whole: bool
    saved: SavedPlace | None = None  # what was kept of the whole disc
    opened: OpenDisc | None = None  # with the first news
    read_at: int = 0  # how many discs had been left when `saved` was read


class Opening:
    """Lives on the store's thread; reading goes on in a job."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        keeping: Keeping,
        decoder: Decoder,
        call_soon: Callable[[Callable[[], None]], None],
    ) -> None:
        self._store, self._jobs, self._keeping, self._decoder = store, jobs, keeping, decoder
        self._call_soon = call_soon
        self._before = keeping.read_before
        self.copying: Job[CopyReport] | None = None
        self.on_copying: Callable[[Job[CopyReport]], None] = lambda job: None
        self._budget = Budget()
        self._wanted: Job[DiscIndex] | None = None  # asked for last
        self._reading: Job[DiscIndex] | None = None  # whose news are taken
        self._begun: list[Job[DiscIndex]] = []
        self._placed = False  # all is read: changes are journalled from here on
        self._automatic: View | None = None  # the view as the program chose it, while nobody has touched it
        self._carried: tuple[str, Document, Conversations, tuple[KnownSeries, ...]] | None = (
            None  # from a disc that was taken out while read
        )
        self._left = 0  # discs so far
        self._left_last: LeftPlace | None = None
        self._drawn: frozenset[str] = frozenset()  # marks that were there when the wanted disc was asked for
        self.opened: OpenDisc | None = None
        self.before_leaving: Callable[[], None] = lambda: None
        self.panes: Panes
        self.hand: Hand
        store.listen(lambda before, after, change: keeping.journal(before, after, change) if self._placed else None)

    # --- reading
    def open_several(self, paths: Sequence[str], passwords: Sequence[str]) -> Job[DiscIndex]:
        """Read several chosen files, and only these."""
        return self.open(lambda job: place_of(paths), None, lambda: open_several(paths, passwords))

    def open(
        self,
        find: Callable[[Job[DiscIndex]], str],
        password: str | None,
        make: Callable[[], Medium] | None = None,
        also: Sequence[str] = (),
    ) -> Job[DiscIndex]:
        """Read what `find` names, or what `make` makes of it; raises nothing: the job has the problem."""

        def work(job: Job[DiscIndex]) -> DiscIndex:
            from viewer.usecases.open_disc import read_disc  # a tenth of the window's start

            path = find(job)
            medium = self._medium_at(path, password, also) if make is None else make()
            self._call_soon(lambda: self._begin(job))

            first: list[OpenDisc | None] = []

            def opened(index: DiscIndex, *, reading: bool) -> OpenDisc | None:
                first.append(None if first else self._looked_at(medium, path, index, reading))
                return first[-1]

            def news(index: DiscIndex) -> None:
                row = News(job, medium, path, index, is_whole=False, opened=opened(index, reading=True))
                self._call_soon(lambda: self._take(row))
                self._call_soon(lambda: self._go_on(row))  # apart: the window may paint in between

            def whole(index: DiscIndex) -> None:
                if isinstance(medium, CopiedMedium):
                    index = replace(index, problems=(problem("read_from_copy", path), *index.problems))
                at = self._left
                index, saved = self._keeping.load(index, path)
                row = News(job, medium, path, index, True, saved, opened(index, reading=False), at)
                self._call_soon(lambda: self._take(row))
                self._call_soon(lambda: self._settle(row))  # apart: the window may paint in between

            try:
                return read_disc(medium, job, news, self._before, whole)
            except BaseException:
                medium.close()
                raise

        self._drawn = frozenset(mark.id for mark in self._store.state.document.marks)
        self._wanted = self._jobs.start("open", work, behind=True)
        self._begun = [*(one for one in self._begun if not one.finished), self._wanted]
        return self._wanted

    def _looked_at(self, medium: Medium, path: str, index: DiscIndex, reading: bool) -> OpenDisc:
        """The geometry of the first picture on screen is worked out here, on the worker: it may be of thousands."""
        opened = OpenDisc(medium, self._decoder, self._budget, index, path)
        series = looking.start_series(index, reading=reading)
        if series is not None:
            with suppress(IndexError, ProblemError):
                looking.first_group(series, lambda group: opened.source_of(series, group))
        return opened

    def _medium_at(self, path: str, password: str | None, also: Sequence[str]) -> Medium:
        """The medium at a place; its copy where it is out, the disc together with its copy where it is slow. Raises
        ProblemError."""
        if self._keeping.copies is None:
            return open_medium(path, password, also)
        if is_out(path) and (copied := copy_of(self._keeping.copies, path)) is not None:
            return copied
        medium = open_medium(path, password, also)
        return CopiedAlong(medium) if is_slow(path) else medium

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

    def _settle(self, news: News) -> None:
        """All is read: its place is found again, also where another disc has begun to be read since it was taken."""
        if self.opened is not None and self.opened.medium is news.medium:
            self._restore_place(replace(news, saved=self._as_left(news)))
            self._copy(news)

    def _as_left(self, news: News) -> SavedPlace | None:
        """What was kept; where the same disc was open until now, as it was left: work on it went on after that was read.
        What was kept meanwhile by another window stays."""
        left = self._left_last
        if left is None or news.read_at == self._left or not left.is_of(news.index.key, news.path, news.saved):
            return news.saved
        return left.with_others(news.saved, self._drawn)

    def _go_on(self, news: News) -> None:
        """The first picture of what was taken, unless something is on screen or more has come in between. A mere
        overview waits until all is read: what came on screen first stays there."""
        if news.job is self._reading and self._store.state.disc is news.index and not self._store.state.view.panes:
            self._show_first(news.index, reading=True)

    def _change_disc(self, news: News) -> None:
        self._leave()
        self.opened = news.opened or OpenDisc(news.medium, self._decoder, self._budget, news.index, news.path)
        self._placed, self._automatic = False, None
        self._store.dispatch(DiscOpened(news.index))

    def _grow(self, index: DiscIndex) -> None:
        """More is known: the same pictures stay on screen under their new ids and numbers."""
        assert self.opened is not None
        state, before = self._store.state, self._store.state.disc
        if before is None or before is index:
            return
        untouched = self._is_untouched()
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
        group = looking.first_group(series, lambda number: self._source_or_none(series.id, number))
        source = self._source_or_none(series.id, group)
        if source is not None and len(looking.panes_for(series, source)) != len(self._store.state.view.panes):
            self._show(series)

    def _show_first(self, index: DiscIndex, *, reading: bool = False) -> None:
        series = looking.start_series(index, reading=reading)
        if series is not None:
            self._show(series)

    def _show(self, series: Series) -> None:
        self.panes.show(series)
        self._automatic = self._store.state.view

    def _copy(self, news: News) -> None:
        """A slow disc that was read whole is copied, so that it may come out."""
        medium, copies = news.medium, self._keeping.copies
        if isinstance(medium, CopiedAlong) and copies is not None and news.index.complete and news.index.studies:
            self.copying = self._jobs.start("copy", lambda job: medium.copy(copies, job, news.index.key), behind=True)
            self.on_copying(self.copying)

    # --- the place of a disc
    def _restore_place(self, news: News) -> None:
        """Marks and talks come back beside what was drawn and asked while reading went on; the view only where nobody
        has moved on his own yet."""
        saved = news.saved
        index = self.hand.begin(news.index, saved.document.deeds if saved is not None else ())
        state = self._store.state
        if saved is not None:
            finder = Finder(saved.view.known, index, self._source_or_none)
            kept = finder.view(saved.view)
            view = self._usable(kept, state.view) if self._is_untouched() else with_looks(state.view, kept)
            document = with_marks(finder.document(saved.document), state.document)
            talks = with_talks(finder.conversations(saved.conversations), state.conversations)
            self._store.dispatch(PlaceRestored(document, talks, view))
        self._carry_over(news)
        self._placed = True
        if not self._store.state.view.panes:
            self._show_first(index)
        if state.document.marks or state.conversations.items or self._carried:
            self._carried = None
            self._keeping.snapshot(self._store.state)
        self._keeping.remember(self._store.state, news.path)
        pane = self._store.state.view.pane
        if pane is not None:
            self.panes.preload(pane.series_id, pane.group)

    def _is_untouched(self) -> bool:
        """Whether the panes stand as the program itself arranged them."""
        view, own = self._store.state.view, self._automatic
        return own is None or (view.panes, view.crosshair, view.region) == (own.panes, own.crosshair, own.region)

    def _carry_over(self, news: News) -> None:
        """The disc that was taken out is back: what was drawn and asked on the part that was read belongs to it."""
        if self._carried is None or self._carried[0] != news.path:
            self._carried = None
            return
        state = self._store.state
        finder = Finder(self._carried[3], state.disc or news.index, self._source_or_none)
        document = with_marks(state.document, finder.document(self._carried[1]))
        talks = with_talks(state.conversations, finder.conversations(self._carried[2]))
        self._store.dispatch(PlaceRestored(document, talks, state.view))

    def _usable(self, kept: View, shown: View) -> View:
        """The kept view with the panes that can be shown; where none can, what is shown now."""
        panes = tuple(pane for pane in kept.panes if self._can_show(pane))
        if not panes:
            return replace(kept, panes=shown.panes, active=shown.active, crosshair=shown.crosshair)
        return replace(kept, panes=panes, active=kept.active if panes == kept.panes else 0)

    def _can_show(self, pane: PaneView) -> bool:
        source = self._source_or_none(pane.series_id, pane.group)
        return source is not None and pane.plane in source.planes and 0 <= pane.index < source.count(pane.plane)

    # --- leaving
    def close_disc(self) -> None:
        """Back to the start page."""
        self.leave()
        self._store.dispatch(DiscClosed())

    def leave(self) -> None:
        """Nothing is read any more; everything of the open disc is in the archive."""
        self._stop_reading()
        self._leave()

    def left_behind(self) -> tuple[Job[DiscIndex], ...]:
        """Readings of discs that were left and may still be writing down what they read."""
        return tuple(job for job in self._begun if job.cancelled and not job.finished)

    def abandon(self) -> tuple[Job[DiscIndex] | Job[CopyReport], ...]:
        """Back to the start page with nothing kept: the open disc is to be forgotten. Returns the jobs that may still be
        writing something about it; they are told to stop."""
        writing = tuple(job for job in (self._wanted, self._reading, self.copying) if job is not None)
        self._stop_reading()
        self._placed = False  # what goes on from here is not kept
        self._leave(keep=False)
        self._store.dispatch(DiscClosed())
        return writing

    def _stop_reading(self) -> None:
        for job in self._begun:  # also one that was asked for before the last, and has not opened its medium yet
            job.cancel()
        self._wanted = self._reading = None

    def _leave(self, *, keep: bool = True) -> None:
        self.before_leaving()
        if self.copying is not None:
            self.copying.cancel()
            self.copying = None
        self.panes.stop_preloading()
        if self.opened is None:
            return
        if keep:
            self._keep_all(self.opened.path)
        else:
            self._carried = None
        self._left += 1
        self._left_last = self._place_now(self.opened.path) if keep and self._placed else None
        self.hand.forget()
        self.opened.close()
        self.opened = None

    def _place_now(self, path: str) -> LeftPlace | None:
        state = self._store.state
        if state.disc is None:
            return None
        view = self._keeping.found_again(state)
        return LeftPlace(state.disc.key, path, SavedPlace(state.document, state.conversations, view))

    def _keep_all(self, path: str) -> None:
        state = self._store.state
        if state.disc is None:
            return
        worked = bool(state.document.marks or state.conversations.items)
        self._keeping.leave(state, path, placed=self._placed)
        half = worked and not state.disc.complete
        self._carried = (path, state.document, state.conversations, known_series(state.disc)) if half else None
