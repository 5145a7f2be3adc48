"""What a series is to look at, which planes it offers, and in plain words why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from viewer.dicom.sop_class import BREAST_TOMOSYNTHESIS
from viewer.geometry.affine import orthonormal
from viewer.geometry.plane import Plane
from viewer.geometry.spacing import MOST_GAPS, SliceStack
from viewer.index.model import Frame, FrameGroup, SeriesKind, together
from viewer.index.mosaic import tile_size
from viewer.index.order import column, has_place, share, stack_along_normal
from viewer.index.split import common_direction, is_projection
from viewer.index.weighting import is_localizer
from viewer.problem import Problem, problem
from viewer.text.translate import count_of, tr

LEFT_OVER = "Again at the same places"  # the group of what no round could take
FEWEST_PLACES = 7  # with fewer another plane is a strip a few pixels high that shows nothing
SWAY_PIXELS = 2.0  # single pictures shifted sideways by more: no body can be built from them
MOST_TILT_DEGREES = 45.0  # scanners lean up to 30°
LONGEST_MM = 4000.0  # nobody is longer; a grid over more would only fill the memory
# why pictures of a kind have no place, where it is not that they look through the body as X-rays do
_FLAT = {"US": "planes_off_by_hand", **dict.fromkeys(("XC", "ES", "OP", "GM", "SM"), "planes_off_surface")}
_PIXELS, _SPACING = column("header", "pixels"), column("facts", "spacing")
_BODY = (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL)


@dataclass(frozen=True, slots=True)
class Offer:
    """Kind, planes, reasons against planes, notes about the geometry, spacing and direction of a series."""

    kind: SeriesKind
    planes: tuple[Plane, ...]
    blocked: tuple[tuple[Plane, Problem], ...] = ()
    problems: tuple[Problem, ...] = ()
    spacing_mm: tuple[float, float, float] | None = None
    parallel: bool = False  # all pictures of the leading group lie parallel in space


def offer(groups: Sequence[FrameGroup]) -> Offer:
    """What the groups of one series can be looked at as; the longest leads, for others may be copied in part."""
    frames = max(groups, key=lambda group: len(group.frames)).frames
    stack = stack_along_normal(frames)
    if stack is not None and not common_direction(frames):
        stack = None
    spacing = _spacing(frames[0], stack)
    reason = _reason(frames, stack)
    if reason is None and stack is not None:
        notes = geometry_notes(stack, min(frames[0].facts.spacing or (1.0, 1.0)), groups)
        return Offer(SeriesKind.VOLUME, (*_BODY, Plane.NATIVE), (), notes, spacing, parallel=True)
    blocked = tuple((plane, reason) for plane in _BODY) if reason is not None else ()
    return Offer(_flat_kind(groups), (Plane.NATIVE,), blocked, (), spacing, parallel=stack is not None)


def are_alike(frames: Sequence[Frame]) -> bool:
    """Whether all pictures have one size and scale and are all grey or all of one kind of colour."""
    if share(_PIXELS(frames)) and share(_SPACING(frames)) and frames[0].header.mosaic_tiles is None:
        return True
    return len({_look(frame) for frame in frames}) == 1


def _look(frame: Frame) -> tuple[object, ...]:
    pixels, spacing = frame.header.pixels, frame.facts.spacing
    colour = (
        "" if pixels is None or (pixels.samples == 1 and pixels.photometric != "PALETTE COLOR") else pixels.photometric
    )
    scale = None if spacing is None else tuple(float(f"{part:.4g}") for part in spacing)
    return tile_size(frame.header), colour, scale


def _flat_kind(groups: Sequence[FrameGroup]) -> SeriesKind:
    frames = together(groups)
    if len(frames) == 1:
        return SeriesKind.SINGLE
    header = frames[0].header
    one_object = header.frames > 1 and all(f.header is header or _same_object(f, frames[0]) for f in frames)
    in_time = header.frame_time_ms is not None or (is_projection(header) and header.sop_class != BREAST_TOMOSYNTHESIS)
    return SeriesKind.CINE if one_object and in_time else SeriesKind.STACK


def _same_object(one: Frame, other: Frame) -> bool:
    parts = one.header.concatenation, other.header.concatenation
    return parts[0] is not None and parts[1] is not None and parts[0][0] == parts[1][0]


def _spacing(first: Frame, stack: SliceStack | None) -> tuple[float, float, float] | None:
    if stack is None or stack.step_mm is None or first.facts.spacing is None:
        return None
    return (stack.step_mm, *first.facts.spacing)


def _reason(frames: Sequence[Frame], stack: SliceStack | None) -> Problem | None:
    """Why there are no three directions, None when there are."""
    header = frames[0].header
    if is_projection(header):
        tomo = header.sop_class == BREAST_TOMOSYNTHESIS
        return problem("planes_off_tomo" if tomo else _FLAT.get(header.modality.upper(), "planes_off_projection"))
    if len(frames) == 1:
        return problem("planes_off_single")
    if not are_alike(frames):
        return problem("planes_off_unlike")
    if stack is None:
        return problem(_placeless(frames))
    if header.pixels is not None and (header.pixels.samples != 1 or header.pixels.photometric == "PALETTE COLOR"):
        return problem("planes_off_colour")
    if is_localizer(frames[0]):
        return problem("planes_off_overview")
    if stack.places < FEWEST_PLACES:
        return _few(stack)
    if float(stack.offsets[-1] - stack.offsets[0]) > LONGEST_MM:
        return problem("planes_off_far")
    sways = stack.sway_mm > SWAY_PIXELS * max(frames[0].facts.spacing or (1.0, 1.0))
    if sways or stack.tilt_degrees > MOST_TILT_DEGREES or _drift_mm(stack) > 2 * _widest_mm(frames[0]):
        return problem("planes_off_shifted")
    return None


def _placeless(frames: Sequence[Frame]) -> str:
    """Why pictures are no stack along one direction."""
    if all(has_place(frame) for frame in frames):
        return "planes_off_turned"
    sized = any(frame.facts.spacing is not None for frame in frames)
    told = all(frame.facts.position is not None and frame.facts.orientation is not None for frame in frames)
    if told and sized and any(orthonormal(frame.facts.orientation) is None for frame in frames):
        return "planes_off_directions"
    return "planes_off_no_size" if told and not sized else "planes_off_no_place"


def _drift_mm(stack: SliceStack) -> float:
    return float(np.linalg.norm(stack.drift)) * float(stack.offsets[-1] - stack.offsets[0])


def _widest_mm(frame: Frame) -> float:
    """The larger side of a picture; slices that drift past one another would make a grid of nothing."""
    rows, columns = tile_size(frame.header)
    between_rows, between_columns = frame.facts.spacing or (1.0, 1.0)
    return max(rows * between_rows, columns * between_columns)


def _few(stack: SliceStack) -> Problem:
    if stack.places == 1:
        return problem("planes_off_one_place")
    return problem("planes_off_few", count=stack.places, mm=_mm(stack.step_mm or 0.0))


def geometry_notes(stack: SliceStack, pixel_mm: float, groups: Sequence[FrameGroup]) -> tuple[Problem, ...]:
    """Notes about tilt, gaps, uneven steps and doubles of a volume that is shown all the same."""
    notes = []
    if stack.tilted(pixel_mm):
        notes.append(problem("scanner_tilted", degrees=round(stack.tilt_degrees)))
    if stack.sways(pixel_mm):
        notes.append(problem("pictures_shifted", mm=f"{stack.sway_mm:.1f}"))
    notes += _missing(stack)
    holes = {gap.after for gap in stack.gaps}
    steps = [step for at, step in enumerate(stack.steps.tolist()) if at not in holes]
    if not stack.uniform and steps and max(steps) - min(steps) > max(0.02, 0.01 * min(steps)):
        notes.append(problem("spacing_uneven", low=_mm(min(steps)), high=_mm(max(steps))))
    return (*notes, *_lengths(groups))


def _missing(stack: SliceStack) -> list[Problem]:
    """Each gap by itself, or all in one sentence where there are many."""
    if len(stack.gaps) > MOST_GAPS:
        lost = count_of(sum(gap.missing for gap in stack.gaps), "{n} picture is missing", "{n} pictures are missing")
        widest = _mm(max(gap.mm for gap in stack.gaps))
        return [problem("pictures_missing_often", missing=lost, places=len(stack.gaps), mm=widest)]
    return [
        problem(
            "pictures_missing",
            missing=count_of(gap.missing, "{n} picture is missing", "{n} pictures are missing"),
            one=gap.after + 1,
            two=gap.after + 2,
            mm=_mm(gap.mm),
        )
        for gap in stack.gaps
    ]


def _lengths(groups: Sequence[FrameGroup]) -> list[Problem]:
    """Groups of different length: what was left over when the others were put together, or volumes that are not whole."""
    left = [group for group in groups[1:] if group.label in (tr(LEFT_OVER), tr("Others"))]
    counts = [len(group.frames) for group in groups if group not in left]
    notes = []
    if left:
        number = sum(len(group.frames) for group in left)
        notes.append(problem("groups_unequal", pictures=count_of(number, "{n} picture", "{n} pictures")))
    if min(counts) < max(counts):
        most = count_of(max(counts), "{n} picture", "{n} pictures")
        notes.append(problem("groups_differ", pictures=most, fewest=min(counts)))
    return notes


def _mm(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
