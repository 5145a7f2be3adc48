"""Opening: a disc comes in while it is being read, and is left with everything kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from viewer.disc.copy import CopyReport
from viewer.disc.medium import Medium
from viewer.disc.open import open_several
from viewer.document.changes import DiscClosed, DiscIndexed, DiscOpened
from viewer.document.store import Store
from viewer.index.model import DiscIndex, Series
from viewer.jobs.jobs import Job
from viewer.usecases import looking
from viewer.usecases.copying import Copying
from viewer.usecases.disc import OpenNow
from viewer.usecases.follow import Follower
from viewer.usecases.hand import Hand
from viewer.usecases.incoming import Hearing, Incoming, News
from viewer.usecases.panes import Panes
from viewer.usecases.placing import Placing
from viewer.usecases.several import place_of


@dataclass(frozen=True, slots=True)
class OpeningParts:
    """Who does what while a disc comes in and goes."""

    now: OpenNow
    incoming: Incoming
    placing: Placing
    copying: Copying
    panes: Panes
    hand: Hand


class Opening:
    """Lives on the store's thread; reading goes on in a job."""

    def __init__(self, store: Store, parts: OpeningParts, before_leaving: Callable[[], None]) -> None:
        self._store, self._before_leaving = store, before_leaving
        self._now, self._incoming, self._placing = parts.now, parts.incoming, parts.placing
        self._copying, self._panes, self._hand = parts.copying, parts.panes, parts.hand
        self._hearing = Hearing(self._placing.recall, self._take, self._go_on, self._settle)

    # --- coming in
    def open(
        self, find: Callable[[Job[DiscIndex]], str], password: str | None = None, also: Sequence[str] = ()
    ) -> Job[DiscIndex]:
        """Read what `find` names; raises nothing: the job has the problem. also: passwords of other ZIPs beside it."""
        return self._begin(find, lambda path: self._copying.medium_at(path, password, also))

    def open_several(self, paths: Sequence[str], passwords: Sequence[str]) -> Job[DiscIndex]:
        """Read several chosen files, and only these."""
        return self._begin(lambda job: place_of(paths), lambda path: open_several(paths, passwords))

    def _begin(self, find: Callable[[Job[DiscIndex]], str], medium_at: Callable[[str], Medium]) -> Job[DiscIndex]:
        self._placing.note_asked()
        return self._incoming.begin(find, medium_at, self._hearing)

    def _take(self, news: News) -> None:
        if self._now.disc is news.opened:  # also where the next disc is about to come in
            self._grow(news.index)
        elif self._incoming.is_now(news.job):
            self._change_disc(news)
        elif news.recalled is not None:
            news.opened.close()

    def _go_on(self, news: News) -> None:
        """The first picture of what was taken, unless something is on screen or more has come in between. A mere
        overview waits until all is read: what came on screen first stays there."""
        state = self._store.state
        if self._incoming.is_now(news.job) and state.disc is news.index and not state.view.panes:
            self._show_first(news.index, reading=True)

    def _settle(self, news: News) -> None:
        """All is read: its place is found again, also where another disc has begun to be read since it was taken."""
        if self._now.disc is not news.opened or news.recalled is None:
            return
        self._placing.find_again(news.index, news.opened.path, news.recalled)
        disc, view = self._store.state.disc, self._store.state.view
        if not view.panes and disc is not None:
            self._show_first(disc)
        elif view.pane is not None:
            self._panes.preload(view.pane.series_id, view.pane.group)
        self._copying.begin(news.opened.medium, news.index)

    def _change_disc(self, news: News) -> None:
        self._leave()
        self._now.disc = news.opened
        self._placing.begin()
        self._store.dispatch(DiscOpened(news.index))

    def _grow(self, index: DiscIndex) -> None:
        """More is known: the same pictures stay on screen under their new ids and numbers."""
        opened = self._now.needed()
        state, before = self._store.state, self._store.state.disc
        if before is None or before is index:
            return
        untouched = self._placing.is_untouched()
        old = opened.open_sources()
        stale = opened.take(index)
        follower = Follower(before, index, lambda name, group: old.get((name, group)), self._now.source_or_none)
        view = follower.view(state.view)
        talks = follower.conversations(state.conversations)
        self._store.dispatch(DiscIndexed(index, follower.document(state.document), talks, view))
        if stale:
            self._panes.stop_preloading()  # of a source that is no more; begun anew when all is read
        for source in stale:
            source.close()
        if untouched:
            self._placing.note_automatic()
            self._show_more_directions(index)

    def _show_more_directions(self, index: DiscIndex) -> None:
        """Nobody has touched the panes yet: a series that has become a volume gets its three directions."""
        pane = self._store.state.view.pane
        series = index.series(pane.series_id) if pane else None
        if series is None or pane is None:
            return
        group = looking.first_group(series, lambda number: self._now.source_or_none(series.id, number))
        source = self._now.source_or_none(series.id, group)
        if source is not None and len(looking.panes_for(series, source)) != len(self._store.state.view.panes):
            self._show(series)

    def _show_first(self, index: DiscIndex, *, reading: bool = False) -> None:
        series = looking.start_series(index, reading=reading)
        if series is not None:
            self._show(series)

    def _show(self, series: Series) -> None:
        self._panes.show(series)
        self._placing.note_automatic()

    # --- leaving
    def close_disc(self) -> None:
        """Back to the start page."""
        self.leave()
        self._store.dispatch(DiscClosed())

    def leave(self) -> None:
        """Nothing is read any more; everything of the open disc is in the archive."""
        self._incoming.stop()
        self._leave()

    def abandon(self) -> tuple[Job[DiscIndex] | Job[CopyReport], ...]:
        """Back to the start page with nothing kept: the open disc is to be forgotten. Returns the jobs that may still be
        writing something about it; they are told to stop."""
        copying = self._copying.job
        reading = self._incoming.stop()
        self._placing.abandon()
        self._leave(keep=False)
        self._store.dispatch(DiscClosed())
        return (*reading, copying) if copying is not None else reading

    def _leave(self, *, keep: bool = True) -> None:
        self._before_leaving()
        self._copying.leave()
        self._panes.stop_preloading()
        opened = self._now.disc
        if opened is None:
            return
        if keep:
            self._placing.leave(opened.path)
        self._hand.forget()
        opened.close()
        self._now.disc = None
