"""Panes: which pictures are on screen, and how panes follow one another. Everything goes through the store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from viewer.document.changes import CrosshairMoved, LookChanged, PanesArranged, SliceShown, ViewApplied
from viewer.document.model import PaneView
from viewer.document.store import Store
from viewer.geometry.plane import Plane
from viewer.index.model import Series
from viewer.jobs.jobs import Job, Jobs
from viewer.picture.look import Look
from viewer.problem import Problem, ProblemError, problem
from viewer.usecases import looking
from viewer.usecases.windows import Windows
from viewer.volume.frames import outward
from viewer.volume.slice import Slice, Source

STILL_SECONDS = 0.7  # longer than mostly passes from one news of a disc to the next


class Panes:
    """Lives on the store's thread; slices and preloads are fetched on workers."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        windows: Windows,
        source: Callable[[str, int], Source],
        call_soon: Callable[[Callable[[], None]], None],
    ) -> None:
        self._store, self._jobs, self._windows = store, jobs, windows
        self._source, self._call_soon = source, call_soon
        self._preloading: Job[None] | None = None

    def show(self, series: Series) -> None:
        """Large pane in the series' own direction, small panes in the other two where offered."""
        if not series.frames:
            return
        group = looking.first_group(series, lambda number: self._source(series.id, number))
        source = self._source(series.id, group)
        panes = looking.panes_for(series, source, group)
        if panes[0].plane is Plane.NATIVE:
            point = looking.centre_of(source, panes[0], series.rows, series.columns)
        else:
            point = looking.middle_of(source, panes)
        self._store.dispatch(PanesArranged(panes, 0))
        self._store.dispatch(CrosshairMoved(point, tuple(pane.index for pane in panes)))
        self.preload(series.id, group)

    def show_group(self, group: int) -> None:
        """Another time, echo or b-value of the active series in all panes that show it; not there: nothing happens."""
        view = self._store.state.view
        if view.pane is None:
            return
        series_id = view.pane.series_id
        try:
            source = self._source(series_id, group)
        except (KeyError, IndexError, ProblemError):
            return
        panes = tuple(_in_group(pane, source) if pane.series_id == series_id else pane for pane in view.panes)
        self._store.dispatch(PanesArranged(panes, view.active))
        self.preload(series_id, group)

    def show_picture(self, series: Series, group: int, plane: Plane, index: int) -> None:
        """One picture of a set, as it was made where this direction is not on offer: in the pane that shows its group and
        direction, else the set is brought up for it."""
        plane = plane if plane in series.planes else Plane.NATIVE
        wanted, panes = (series.id, group, plane), self._store.state.view.panes
        at = next((n for n, pane in enumerate(panes) if (pane.series_id, pane.group, pane.plane) == wanted), None)
        if at is None:
            self.show(series)
            panes = self._store.state.view.panes
            at = next((n for n, pane in enumerate(panes) if pane.plane is plane), 0)
            panes = tuple(replace(p, group=group, plane=plane if n == at else p.plane) for n, p in enumerate(panes))
            self._store.dispatch(PanesArranged(panes, at))
        self.go_to(at, index)

    def set_look(self, series_id: str, look: Look) -> None:
        """Change how a series looks; a saved view that is on keeps its drawings, the look is the person's from here."""
        applied = self._store.state.view.applied
        if applied is not None and applied.looks:
            self._store.dispatch(ViewApplied(replace(applied, looks=())))
        self._store.dispatch(LookChanged(series_id, look))

    def go_to(self, pane: int, index: int) -> None:
        """Show slice `index` (clipped) in a pane, the crosshair along with it."""
        view = self._store.state.view
        shown = view.panes[pane]
        source = self._source(shown.series_id, shown.group)
        index = min(max(index, 0), source.count(shown.plane) - 1)
        if index != shown.index:
            crosshair = looking.carried_along(source, shown.plane, index, view.crosshair)
            self._store.dispatch(SliceShown(pane, index, crosshair))

    def move_crosshair(self, point_lps: looking.Point) -> None:
        """Crosshair to a point: all panes that share its coordinate system show it."""
        view, disc = self._store.state.view, self._store.state.disc
        lead = view.pane
        if disc is None or lead is None:
            return
        indices = []
        for pane in view.panes:
            follows = looking.same_room(disc, lead.series_id, pane.series_id)
            source = self._source(pane.series_id, pane.group)
            index = source.index_at(pane.plane, np.asarray(point_lps)) if follows else None
            indices.append(pane.index if index is None else index)
        self._store.dispatch(CrosshairMoved(point_lps, tuple(indices)))

    def fetch(
        self, series_id: str, group: int, plane: Plane, index: int, done: Callable[[Slice | Problem], None]
    ) -> Job[Slice]:
        """Load one slice on a worker; `done` is called once on the store's thread, unless the job was cancelled or
        the disc or series is another one by then: a late picture never stands where another belongs."""
        source = self._source(series_id, group)

        def work(job: Job[Slice]) -> Slice:
            job.check()
            if takes_all:
                job.pause(grace)
                source.load(job.check)
            slice_ = source.slice(plane, index)
            self._windows.settle(source, slice_)
            return slice_

        takes_all, grace = source.takes_all(plane), self._grace()
        job = self._jobs.start(f"slice {index + 1}", work, behind=takes_all)
        waiting = [done]

        def bring() -> None:
            if waiting and not job.cancelled and self._is_current(source):
                waiting.pop()(job.result or job.problem or problem("picture_cannot_be_shown"))

        job.when_ended(lambda: self._call_soon(bring))
        return job

    def _is_current(self, source: Source) -> bool:
        try:
            return self._source(source.series.id, source.group) is source
        except (KeyError, IndexError):
            return False

    def preload(self, series_id: str, group: int) -> Job[None]:
        """Bring the rest of a series into memory, middle outward; a new preload cancels the last."""
        self.stop_preloading()
        source = self._source(series_id, group)
        grace = self._grace()
        self._preloading = self._jobs.start("preload", lambda job: _load(source, job, grace), behind=True)
        return self._preloading

    def _grace(self) -> float:
        """Seconds for which a set must have stayed as it is before all of it is loaded: while a disc is read it mostly
        grows again, and what was loaded of it would be for nothing and keep the reading waiting."""
        disc = self._store.state.disc
        return STILL_SECONDS if disc is not None and not disc.complete else 0.0

    def stop_preloading(self) -> None:
        """Nothing of the open disc is wanted any more."""
        if self._preloading is not None:
            self._preloading.cancel()
            self._preloading = None


def _load(source: Source, job: Job[None], grace: float) -> None:
    """All pictures; then each is asked for once, since what is looked for at the first showing costs a scroll step."""
    job.pause(grace)
    source.load(job.check)
    held, every = source.loaded
    for index in outward(source.count(Plane.NATIVE)) if held >= every else ():
        job.check()
        with suppress(ProblemError):  # said when someone looks at this very picture
            source.slice(Plane.NATIVE, index)


def _in_group(pane: PaneView, source: Source) -> PaneView:
    """The same place in another group, which may hold fewer slices or offer fewer directions."""
    plane = pane.plane if pane.plane in source.planes else Plane.NATIVE
    return replace(pane, group=source.group, plane=plane, index=min(pane.index, max(0, source.count(plane) - 1)))
