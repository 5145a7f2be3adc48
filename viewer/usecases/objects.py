"""Objects: stars, saved views, outlines and drawings beside the pixels, listed once and read when they are to be seen.

Lives on the store's thread; files are read by jobs. `drawn_on` is asked with every repaint: with nothing switched on it
costs a comparison or two.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from viewer.dicom.header import Shutter
from viewer.dicom.presentation import Area, read_presentation
from viewer.document.belongings import Belongings, Outline, Place, SavedView
from viewer.document.changes import BelongingsFound, Change, OutlinesChosen, PlaceRestored, ViewApplied
from viewer.document.model import State
from viewer.document.store import Store
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, Frame, FrameRef
from viewer.index.spot import spot_of
from viewer.jobs.jobs import Job, Jobs
from viewer.picture.drawn import Drawn
from viewer.problem import Problem, ProblemError, problem
from viewer.usecases.belongings import find_belongings
from viewer.usecases.beside import Beside, Mask, read_beside
from viewer.usecases.disc import OpenDisc, OpenNow
from viewer.usecases.on_slice import laid, stored_to_slice
from viewer.usecases.outlines import Part, read_parts
from viewer.usecases.saved_views import LoadedView, area_for, covering, drawn_by_view, loaded
from viewer.usecases.what_belongs import count_words, frame_of, frames_of, header_of, sets_of
from viewer.volume.slice import Slice

KEPT_SLICES = 48
KEPT_MASKS = 64
BESIDE_COLOUR = (255, 235, 140)


class Objects:
    """What belongs to the pictures of the open disc."""

    def __init__(
        self,
        store: Store,
        jobs: Jobs,
        now: OpenNow,
        call_soon: Callable[[Callable[[], None]], None],
    ) -> None:
        self._store, self._jobs, self._now, self._call_soon = store, jobs, now, call_soon
        self.found: Callable[[str], None] = lambda words: None  # a face may say it
        self._disc: OpenDisc | None = None
        self._forget()
        store.watch(lambda state: state.disc, lambda disc: self._disc_changed(disc))
        store.listen(lambda before, after, change: self._heard(change))

    def _forget(self) -> None:
        self._parts: dict[str, Part] = {}  # outline id → part
        self._views: dict[str, LoadedView] = {}
        self._beside: OrderedDict[FrameRef, Beside] = OrderedDict()
        self._coverings: OrderedDict[tuple[Shutter, ...], tuple[Drawn, ...]] = OrderedDict()  # faces keep their paths
        self._reading: set[FrameRef] = set()
        self._slices: OrderedDict[tuple[object, ...], tuple[Drawn, ...]] = OrderedDict()
        self._listed: DiscIndex | None = None
        self._belongings: Belongings | None = None  # what was found of that
        self._told = ""

    # --- listing
    def _disc_changed(self, disc: DiscIndex | None) -> None:
        self._slices.clear()  # the same spot may be another picture now
        opened = self._now.disc
        if opened is not self._disc:
            self._disc = opened
            self._forget()
        if disc is None or not disc.complete or opened is None or self._listed is disc:
            return
        self._listed, self._belongings = disc, None
        job = self._jobs.start("belongings", lambda job: find_belongings(opened.medium, disc, job.check), behind=True)
        job.when_ended(lambda: self._call_soon(lambda: self._take(job, opened, disc)))

    def _take(self, job: Job[Belongings], opened: OpenDisc, disc: DiscIndex) -> None:
        if job.result is not None and opened is self._now.disc and disc is self._listed:
            self._belongings = job.result
            self._store.dispatch(BelongingsFound(job.result))
            self._put_back(job.result)
            words = count_words(job.result)
            if words and words != self._told:  # listed anew when sets are put together: nothing new was found
                self._told = words
                self.found(words)

    def _heard(self, change: Change) -> None:
        """The disc and what was kept of it are told of one after the other: the list may be there in between."""
        if isinstance(change, PlaceRestored) and self._belongings is not None:
            self._put_back(self._belongings)

    def _put_back(self, found: Belongings) -> None:
        """What was switched on when the disc was left is read again, as far as it is still there."""
        view = self._store.state.view
        if view.outlines:
            known = {one.id for held in found.sets for one in held.outlines}
            self.choose_outlines(tuple(one for one in view.outlines if one in known))
        if view.applied is not None and view.applied.id not in self._views:
            saved = next((one for one in found.views if one.id == view.applied.id), None)
            if saved is None:
                self.take_view_off()
            else:
                self._load(saved, by_hand=not view.applied.looks)

    # --- drawing
    def drawn_on(self, slice_: Slice) -> tuple[Drawn, ...]:
        """What is drawn over a slice now. What has to be read first comes a moment later, with a change of the store."""
        state = self._store.state
        view = state.view
        found: tuple[Drawn, ...] = ()
        if view.outlines:
            found += self._outlines_on(slice_, state)
        if slice_.frame is None or (view.applied is None and not view.beside_shown):
            return found
        frame = frame_of(state, slice_)
        if frame is None:
            return found
        known = self._views.get(view.applied.id) if view.applied is not None else None
        in_view = known is not None and known.presentation.holds(frame.ref.sop_uid, frame.ref.number)
        covers = slice_.plane is Plane.NATIVE and not in_view  # a saved view has coverings of its own, or none
        if view.beside_shown and frame.header.overlays:
            found += self._beside_on(slice_, frame, covers=covers)
        if view.beside_shown and covers and (shutters := frame.header.shutters_on(frame.number)):
            found += self._covered(shutters)
        if known is not None and slice_.plane is Plane.NATIVE:
            found += drawn_by_view(known.presentation, frame, slice_, view.look_on(slice_))
        return found

    def _covered(self, shutters: tuple[Shutter, ...]) -> tuple[Drawn, ...]:
        if shutters not in self._coverings:
            self._coverings[shutters] = tuple(covering(one) for one in shutters if not one.group)
            while len(self._coverings) > KEPT_SLICES:
                self._coverings.popitem(last=False)
        return self._coverings[shutters]

    def _outlines_on(self, slice_: Slice, state: State) -> tuple[Drawn, ...]:
        key = (spot_of(slice_), state.view.outlines, len(self._parts))
        kept = self._slices.get(key)
        if kept is None:
            series = state.disc.series(slice_.series_id) if state.disc else None
            ids = [one.id for held in sets_of(state.belongings, series) for one in held.outlines] if series else []
            wanted = set(state.view.outlines)
            parts = [part for one in ids if one in wanted and (part := self._parts.get(one)) is not None]
            kept = tuple(drawn for part in parts if (drawn := part.on(slice_)) is not None)
            self._slices[key] = kept
            while len(self._slices) > KEPT_SLICES:
                self._slices.popitem(last=False)
        return kept

    def _beside_on(self, slice_: Slice, frame: Frame, *, covers: bool) -> tuple[Drawn, ...]:
        beside = self._beside.get(frame.ref)
        if beside is None:
            self._read_beside(frame)
            return ()
        drawn = laid_on(slice_, frame, beside.drawn)
        covered = laid_on(slice_, frame, beside.covered) if covers else None
        return (
            *((Drawn(mask=covered, covers=True),) if covered is not None else ()),
            *((Drawn(BESIDE_COLOUR, mask=drawn),) if drawn is not None else ()),
        )

    def _read_beside(self, frame: Frame) -> None:
        opened = self._now.disc
        if opened is None or frame.ref in self._reading:
            return
        self._reading.add(frame.ref)
        job = self._jobs.start("overlay", lambda job: read_beside(opened.medium, frame))

        def came() -> None:
            self._reading.discard(frame.ref)
            if opened is self._now.disc:
                self._beside[frame.ref] = found = job.result or Beside()
                while len(self._beside) > KEPT_MASKS:
                    self._beside.popitem(last=False)
                if found.drawn is not None or found.covered is not None:
                    self._tell()

        job.when_ended(lambda: self._call_soon(came))

    def _tell(self) -> None:
        """Panes draw anew when the belongings are another object."""
        self._store.dispatch(BelongingsFound(replace(self._store.state.belongings)))

    # --- outlines
    def choose_outlines(self, ids: tuple[str, ...]) -> Job[None]:
        """Switch these on and no others; those of files not read yet appear when they are."""
        self._store.dispatch(OutlinesChosen(tuple(dict.fromkeys(ids))))
        opened = self._now.disc
        files = {one.id.rpartition("#")[0]: None for one in self._unread(ids)}

        def work(job: Job[None]) -> None:
            for path in files:
                header = header_of(opened.index, path) if opened is not None else None
                if header is None or opened is None:
                    continue
                try:
                    parts, left_out = read_parts(opened.medium, header, opened.stored, job.check)
                except ProblemError as failure:
                    self._call_soon(partial(self._note, opened, failure.problem))
                    raise
                self._call_soon(partial(self._took_parts, opened, parts))
                for one in left_out:
                    self._call_soon(partial(self._note, opened, one))

        return self._jobs.start("outlines", work)

    def _unread(self, ids: tuple[str, ...]) -> list[Outline]:
        held = (one for known in self._store.state.belongings.sets for one in known.outlines)
        return [one for one in held if one.id in ids and one.id not in self._parts]

    def _took_parts(self, opened: OpenDisc, parts: dict[str, Part]) -> None:
        if opened is self._now.disc:
            self._parts |= parts
            self._tell()

    def _note(self, opened: OpenDisc, trouble: Problem) -> None:
        if opened is self._now.disc:
            known = self._store.state.belongings
            if trouble not in known.problems:
                self._store.dispatch(BelongingsFound(replace(known, problems=(*known.problems, trouble))))

    # --- saved views
    def apply_view(self, view: SavedView) -> Job[LoadedView]:
        """Put a saved view on; its pictures look so from then on, as they are stored."""
        return self._load(view, by_hand=False)

    def _load(self, view: SavedView, *, by_hand: bool) -> Job[LoadedView]:
        """by_hand: its drawings only; the looks are the person's."""
        opened, disc = self._now.disc, self._store.state.disc

        def work(job: Job[LoadedView]) -> LoadedView:
            if opened is None or disc is None:
                raise ProblemError(problem("picture_cannot_be_shown"))
            known = self._views.get(view.id)
            return known or loaded(view.id, read_presentation(opened.medium, view.id), frames_of(disc, view.frames))

        job = self._jobs.start("saved view", work)

        def came() -> None:
            if job.result is not None and opened is self._now.disc:
                applied = job.result.applied
                self._views[applied.id] = job.result
                self._store.dispatch(ViewApplied(replace(applied, looks=()) if by_hand else applied))

        job.when_ended(lambda: self._call_soon(came))
        return job

    def take_view_off(self) -> None:
        """The pictures look again as the person has them."""
        self._store.dispatch(ViewApplied(None))

    def area_of(self, view: SavedView, place: Place) -> Area | None:
        """The part of this picture that a saved view shows, once it was read."""
        known, disc = self._views.get(view.id), self._store.state.disc
        series = disc.series(place[0]) if disc else None
        return area_for(known.presentation, series.groups[place[1]].frames[place[2]]) if known and series else None

    def view_words(self) -> str:
        """What of the view that is on could not be applied, "" for nothing."""
        applied = self._store.state.view.applied
        known = self._views.get(applied.id) if applied is not None else None
        return known.words if known is not None else ""


def laid_on(slice_: Slice, frame: Frame, mask: Mask | None) -> Mask | None:
    """A mask of the stored picture on a slice of it; None without one, and where it does not fall on pixels."""
    matrix = stored_to_slice(slice_, frame) if mask is not None else None
    return laid(matrix, mask) if mask is not None and matrix is not None else None
