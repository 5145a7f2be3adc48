"""LaidOver: what lies over the slice of a pane, worked out from the state: words, letters, scale, crosshair, marks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from operator import is_not
from typing import TYPE_CHECKING

import numpy as np

from viewer.document.model import Layout, PaneView, State, Tool
from viewer.geometry.affine import unit_normal
from viewer.geometry.plane import Plane
from viewer.gui.clinic import star_line
from viewer.gui.panes.draw_marks import ShownMark
from viewer.gui.panes.overlay import Shown
from viewer.index.names import direction_without_sides, seen_from, with_direction
from viewer.index.spot import spot_of
from viewer.marks.labels import label_lines
from viewer.marks.mark import Mark, MarkKind, Measurement, RegionStatistics
from viewer.picture.calibration import scale_of_part
from viewer.picture.look import Look, Region, Window
from viewer.picture.orient import Placement
from viewer.picture.render import letters_of, scale_bar
from viewer.picture.scan import is_from_other_side
from viewer.problem import Problem, ProblemError
from viewer.text.translate import tr
from viewer.usecases.crossing import Line, lines_on
from viewer.usecases.looking import own_plane
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from viewer.usecases.session import Session

DOUBTS = 3
NEAR_MM = 3.0
BAR, BAR_SHARE = 180.0, 0.3  # the scale bar: at most so many pixels, and so much of the pane's width


@dataclass
class Drawing:
    """A slice as it is on screen; `width` is the pane's in logical pixels."""

    slice: Slice
    look: Look
    window: Window | None
    placement: Placement
    width: float

    def is_from_other_side(self, plane: Plane) -> bool:
        """Whether it is seen from the head or from behind."""
        affine = self.slice.affine
        return affine is not None and is_from_other_side(affine, plane) != self.look.flipped

    def is_as(self, other: Drawing) -> bool:
        """Whether nothing of it is another one. Slices and placements are the same objects as long as they are shown."""
        same = self.slice is other.slice and self.placement is other.placement and self.width == other.width
        return same and self.look == other.look and self.window == other.window


Beside = tuple[object, ...]  # what else the words beside a picture come from


@dataclass
class LaidOver:
    """For pane `number`; asked after every change. `draft` is a mark that is being drawn."""

    session: Session
    number: int
    draft: Mark | None = None
    _measured: dict[str, tuple[Mark, object, tuple[str, ...]]] = field(default_factory=dict)
    _kept: tuple[Drawing, Beside, Shown] | None = None

    def on(self, state: State, pane: PaneView, notice: str, drawing: Drawing | None) -> Shown:
        """All of it; without a picture only the title and the notice."""
        title, subtitle = _title(state, pane, drawing)
        if drawing is None:
            return Shown(title=title, subtitle=subtitle, notice=notice)
        slice_, view = drawing.slice, state.view
        shown = replace(self._beside(state, drawing), title=title, subtitle=subtitle, notice=notice)
        shown.crosshair = _crosshair_on(state, slice_)
        shown.cuts = self._cuts_on(state, slice_)
        shown.marks = self._marks_on(state, slice_)
        shown.drawn = self.session.drawn_on(slice_)
        if view.region is not None and spot_of(view.region) == spot_of(slice_):
            shown.region = view.region.region
            shown.dimmed = view.tool is Tool.REGION
        shown.sent = self._sent_on(state, slice_)
        return shown

    def _beside(self, state: State, drawing: Drawing) -> Shown:
        """Words, letters and scale: kept, since mostly only the crosshair moves or a mark."""
        sources = (state.disc, state.belongings, state.view.applied)
        kept = self._kept
        if kept is None or not kept[0].is_as(drawing) or any(map(is_not, kept[1], sources)):
            kept = self._kept = (drawing, sources, self._worked_out(state, drawing))
        return kept[2]

    def _worked_out(self, state: State, drawing: Drawing) -> Shown:
        slice_, place = drawing.slice, self.session.position_words(drawing.slice)
        return Shown(
            placement=drawing.placement,
            letters=letters_of(slice_, drawing.look),
            place=place,
            foot=_foot(state, drawing, place),
            bar=scale_bar(_mm_per_pixel(slice_, drawing.placement), min(BAR, drawing.width * BAR_SHARE)),
            doubts=tuple(dict.fromkeys(problem.text for problem in slice_.problems))[:DOUBTS],
        )

    def _cuts_on(self, state: State, slice_: Slice) -> tuple[Line, ...]:
        if slice_.affine is None or state.view.maximised or state.view.layout is Layout.ONE:
            return ()
        try:
            return lines_on(state, self.number, slice_.affine, self.session.source)
        except (KeyError, IndexError, ProblemError):
            return ()

    def _marks_on(self, state: State, slice_: Slice) -> tuple[ShownMark, ...]:
        order = {mark.id: number for number, mark in enumerate(state.document.marks, 1)}
        selected = state.view.selected_mark
        shown = [
            ShownMark(mark, self._label(mark, order[mark.id], slice_), mark.id == selected)
            for mark in self.session.marks_on(slice_)
            if not mark.hidden
        ]
        if self.draft is not None:
            shown.append(ShownMark(self.draft, self._draft_words(self.draft, slice_)))
        return tuple(shown)

    def _label(self, mark: Mark, number: int, slice_: Slice) -> tuple[str, ...]:
        known = self._measured.get(mark.id)
        if known is not None and known[0] == mark and known[1] is slice_.values:
            return known[2]
        lines = label_lines(mark, number, _numbers(self.session.measure(mark, slice_)))
        self._measured[mark.id] = (mark, slice_.values, lines)
        return lines

    def _draft_words(self, mark: Mark, slice_: Slice) -> tuple[str, ...]:
        if mark.kind is not MarkKind.LENGTH:
            return ()
        found = self.session.measure(mark, slice_)
        return (found.words,) if isinstance(found, Measurement) else ()

    def _sent_on(self, state: State, slice_: Slice) -> Region | None:
        """The part the AI saw in the conversation on screen, where it lies on this slice."""
        talk = self.session.conversation(state.view.conversation)
        for turn in talk.turns if talk else ():
            for sent in turn.sent:
                if spot_of(sent) == spot_of(slice_):
                    return sent.region
        return None


def _title(state: State, pane: PaneView, drawing: Drawing | None) -> tuple[str, str]:
    """From where it is seen, as it is drawn, and what it is."""
    series = state.disc.series(pane.series_id) if state.disc else None
    if series is None:
        return seen_from(pane.plane, other_side=False), ""
    is_picture = pane.plane is Plane.NATIVE
    if not series.in_patient:
        return (series.name, "") if is_picture else (direction_without_sides(pane.plane), series.name)
    plane = own_plane(series) if is_picture else pane.plane
    seen = seen_from(plane, other_side=drawing is not None and drawing.is_from_other_side(plane))
    is_placed = drawing is not None and drawing.slice.affine is not None
    name, _, rest = (with_direction(series.name, seen) if is_placed else series.name).partition(", ")
    return (name if is_picture else seen), rest


def _foot(state: State, drawing: Drawing, place: str) -> tuple[str, ...]:
    slice_ = drawing.slice
    lines = [place]
    lines += [star_line(key) for key in state.belongings.keys_on(slice_.frame)[:2]]
    if slice_.affine is None and slice_.pixel_mm is None:
        known = slice_.letters_hint is not None and letters_of(slice_, Look()) is not None
        lines.append(tr("No scale in this file") if known else tr("No scale and no sides in this file"))
    applied = state.view.applied
    if applied is not None and slice_.plane is Plane.NATIVE and applied.look_of(slice_.frame) is not None:
        lines.append(tr("As the clinic saved it"))
    if drawing.window is not None:
        lines.append(window_words(drawing.window))
    return tuple(line for line in lines if line)


def _crosshair_on(state: State, slice_: Slice) -> tuple[float, float] | None:
    view = state.view
    linked = len(view.panes) > 1 or view.tool is Tool.CROSSHAIR
    if view.crosshair is None or not view.crosshair_shown or slice_.affine is None or not linked:
        return None
    if not _lies_near(state, slice_, view.crosshair):
        return None
    column, row, _, _ = np.linalg.solve(_invertible(slice_.affine), np.array([*view.crosshair, 1.0])).tolist()
    return (column, row)


def _lies_near(state: State, slice_: Slice, point: tuple[float, float, float]) -> bool:
    """A point of another set is shown only where this slice is about as near as it is thick."""
    lead = state.view.panes[0] if state.view.panes else None
    if slice_.affine is None or lead is None or lead.series_id == slice_.series_id:
        return True
    normal = unit_normal(slice_.affine[:3, 0], slice_.affine[:3, 1])
    height = float(normal @ (np.array(point) - slice_.affine[:3, 3]))
    return abs(height) <= max(slice_.thickness_mm or 0.0, NEAR_MM)


def window_words(window: Window) -> str:
    """ "Contrast 190 · Brightness 95"."""
    return tr("Contrast {width} · Brightness {centre}", width=_short(window.width), centre=_short(window.centre))


def _short(number: float) -> str:
    return (f"{number:.0f}" if abs(number) >= 10 else f"{number:.3g}").replace("-", "−")


def _numbers(
    found: Measurement | RegionStatistics | Problem | None,
) -> Measurement | RegionStatistics | None:
    return None if isinstance(found, Problem) else found


def _mm_per_pixel(slice_: Slice, placement: Placement) -> float | None:
    pixel_mm = scale_of_part(slice_)
    return None if pixel_mm is None else pixel_mm[1] / placement.scale


def _invertible(affine: np.ndarray) -> np.ndarray:  # (4, 4) with a normal where the third column is empty
    matrix = affine.copy()
    if not matrix[:3, 2].any():
        matrix[:3, 2] = np.cross(matrix[:3, 0], matrix[:3, 1])
    return matrix
