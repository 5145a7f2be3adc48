"""Hand: what is done with sets by hand, worked out in jobs and taken in the order it was begun in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from viewer.document.changes import DiscIndexed, DocumentReplaced
from viewer.document.model import Document, State
from viewer.document.store import Store
from viewer.index.by_hand import Deed, How, SetMeant
from viewer.index.model import DiscIndex, Series
from viewer.jobs.jobs import Job, Jobs
from viewer.problem import ProblemError
from viewer.text.translate import tr
from viewer.usecases.by_hand import Arrangements, Rearranging, deed_of, deed_words, place_in_order
from viewer.usecases.disc import OpenNow
from viewer.usecases.panes import Panes
from viewer.volume.slice import Source

ChangeDeeds = Callable[[Arrangements, tuple[Deed, ...]], tuple[Deed, ...]]


def _with_deed(deed: Deed, arrangements: Arrangements, deeds: tuple[Deed, ...]) -> tuple[Deed, ...]:
    """One deed more. Of sets that an earlier step has put together meanwhile, the one that holds their pictures is
    meant; nothing more where it holds them all, or where what was to be taken apart is no more."""
    index = arrangements.of(deeds)
    found = {one.id: one for one in (_now(index, meant, deed.how) for meant in deed.sets) if one is not None}
    if len(found) < (2 if deed.how is How.TOGETHER else 1):
        return deeds
    return (*deeds, replace(deed, sets=tuple(SetMeant.of(one) for one in found.values())))


def _now(index: DiscIndex, meant: SetMeant, how: How) -> Series | None:
    same = meant.find(index)
    if same is not None or how is not How.TOGETHER:
        return same
    return next((one for one in index.every_series if any(frame.ref == meant.first for frame in one.frames)), None)


@dataclass(frozen=True, slots=True)
class _Step:
    """A step that was begun and not taken yet."""

    change: ChangeDeeds
    words: str
    job: Job[DiscIndex]


class Hand:
    """Lives on the store's thread; the sets themselves are worked out in a job, and a way back is known already."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        panes: Panes,
        now: OpenNow,
        call_soon: Callable[[Callable[[], None]], None],
    ) -> None:
        self._store, self._jobs, self._panes, self._now = store, jobs, panes, now
        self._call_soon = call_soon
        self._arrangements: Arrangements | None = None
        self._waiting: deque[_Step] = deque()  # steps that are being worked out
        store.replacing = self._replacing

    def begin(self, read: DiscIndex, deeds: tuple[Deed, ...]) -> DiscIndex:
        """All of a disc is read: what was done to it before is done again; the index as it is then."""
        self._arrangements = Arrangements(read)
        index, state = self._arrangements.of(deeds), self._store.state
        if index is not read:
            change = self._step(state, index).by_hand(deeds, "")
            self._store.dispatch(DiscIndexed(index, change.document, change.conversations, change.view))
        return index

    def forget(self) -> None:
        """The disc is left."""
        self._arrangements = None
        self._waiting.clear()

    def together(self, sets: Sequence[Series]) -> Job[DiscIndex]:
        """Put sets together."""
        return self._start(partial(_with_deed, deed_of(How.TOGETHER, sets)), deed_words(How.TOGETHER))

    def apart(self, how: How, series: Series) -> Job[DiscIndex]:
        """Take a set apart; `BEFORE`: the picture that the active pane shows of it begins the second part; the
        first picture of all is a part by itself."""
        at, pane = 0, self._store.state.view.pane
        if how is How.BEFORE and pane is not None:
            source = self._now.source_or_none(series.id, pane.group)
            last = len(series.groups[0].frames) - 1
            at = max(1, min(place_in_order(source, pane) if source is not None else 0, last))
        return self._start(partial(_with_deed, deed_of(how, (series,), at)), deed_words(how))

    def put_back(self, sets: Sequence[Series]) -> Job[DiscIndex]:
        """Sets as they were read."""

        def without(arrangements: Arrangements, deeds: tuple[Deed, ...]) -> tuple[Deed, ...]:
            for one in sets:
                deeds = arrangements.without(deeds, one.id)
            return deeds

        return self._start(without, tr("Put sets back"))

    def _start(self, change: ChangeDeeds, words: str) -> Job[DiscIndex]:
        """Worked out ahead in a job, on top of the steps that still wait; taken in the order they were begun in."""
        arrangements, now = self._arrangements, self._store.state.document.deeds
        if arrangements is None or self._store.state.disc is None:
            raise KeyError("no disc is read whole")
        waiting = tuple(step.change for step in self._waiting)

        def work(job: Job[DiscIndex]) -> DiscIndex:
            deeds = now
            for one in (*waiting, change):
                deeds = one(arrangements, deeds)
            return arrangements.of(deeds)

        job = self._jobs.start("sets", work)
        self._waiting.append(_Step(change, words, job))
        job.when_ended(lambda: self._call_soon(self._take_ready))
        return job

    def _take_ready(self) -> None:
        while self._waiting and self._waiting[0].job.finished:
            step = self._waiting.popleft()
            state, arrangements = self._store.state, self._arrangements
            if step.job.result is None or arrangements is None or state.disc is None:
                continue
            deeds = step.change(arrangements, state.document.deeds)
            if deeds != state.document.deeds:
                self._store.dispatch(self._step(state, arrangements.of(deeds)).by_hand(deeds, step.words))
                self._load_shown()

    def _replacing(self, state: State, wanted: Document) -> DocumentReplaced:
        """What undo brings: another arrangement of the sets where it is another one."""
        if wanted.deeds == state.document.deeds or self._arrangements is None or state.disc is None:
            return DocumentReplaced(wanted)
        change = self._step(state, self._arrangements.of(wanted.deeds)).by_undo(wanted)
        self._call_soon(self._load_shown)
        return change

    def _step(self, state: State, after: DiscIndex) -> Rearranging:
        """From here on sources are those of `after`; those of sets that are no more are closed when all were told."""
        opened = self._now.needed()
        old, read = opened.open_sources(), state.disc

        def before(name: str, group: int) -> Source | None:
            """Of a set that nobody has looked at, only for its geometry."""
            series = read.series(name) if read is not None else None
            try:
                return opened.source_of(series, group) if series is not None else None
            except (IndexError, ProblemError):
                return None

        stale = opened.take(after)
        self._panes.stop_preloading()

        def close() -> None:
            for source in stale:
                source.close()

        self._call_soon(close)
        return Rearranging(
            state, after, lambda name, group: old.get((name, group)) or before(name, group), self._now.source_or_none
        )

    def _load_shown(self) -> None:
        pane = self._store.state.view.pane
        if pane is not None and self._now.source_or_none(pane.series_id, pane.group) is not None:
            self._panes.preload(pane.series_id, pane.group)
