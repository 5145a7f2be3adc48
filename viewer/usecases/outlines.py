"""Outlines of segmentations and structure sets: read when switched on, cut by any slice of their coordinate system."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from viewer.codec.stored import StoredFrame
from viewer.dicom.header import FrameFacts, Header
from viewer.dicom.references import Reference
from viewer.dicom.segmentation import Segmentation, SegmentFrame, read_segmentation
from viewer.dicom.structure_set import read_structures
from viewer.disc.medium import Medium
from viewer.geometry.affine import cross, slice_affine, unit_normal
from viewer.geometry.outline import ALONGSIDE, Lines, heights_and_places, mask_border, no_lines
from viewer.geometry.plane import Affine, Plane
from viewer.index.model import Frame, FrameRef
from viewer.picture.drawn import Colour, Drawn
from viewer.problem import Problem, problem
from viewer.text.translate import count_of
from viewer.usecases.belongings import SEGMENTATIONS, outline_id
from viewer.usecases.structured import FARTHEST_PLANES_MM, NEAR_MM, label, structures
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_VOXELS = 256 * 2**20  # of one file; parts beyond are shown on their own slices only
MOST_CROPPED = 512 * 2**20
MOST_LABELS = 2_000
NOISE_MM = 0.05

Check = Callable[[], None]
ReadFrame = Callable[[Frame], StoredFrame]


class Part(Protocol):
    """One outlined part, whatever it was stored as."""

    def on(self, slice_: Slice) -> Drawn | None:
        """What of it lies on a slice."""
        ...


def read_parts(
    medium: Medium, header: Header, read: ReadFrame, check: Check
) -> tuple[dict[str, Part], tuple[Problem, ...]]:
    """(the parts of one file by outline id, what of it cannot be drawn). Blocks. Raises ProblemError."""
    if header.sop_class in SEGMENTATIONS:
        return _segments(header, read_segmentation(medium, header.path), read, check)
    read_set = read_structures(medium, header.path)
    left_out = problem("outlines_left_out", header.path, count=read_set.damaged) if read_set.damaged else None
    return dict(structures(header, read_set)), (left_out,) if left_out else ()


@dataclass(frozen=True, slots=True)
class Patch:
    """The part on one frame: True pixels of `inside` (rows, columns), whose first is (left, top) of the frame.

    affine: (4, 4), (column, row) of the frame → LPS mm; None where it has no place of its own. size: (rows, columns) of
    the frame.
    """

    inside: NDArray[np.bool_]
    left: int
    top: int
    affine: Affine | None
    sources: tuple[Reference, ...] = ()
    size: tuple[int, ...] = ()

    def border(self) -> Lines:
        """In (column, row) of the frame."""
        return mask_border(self.inside) + (self.left, self.top)


class Segmented:
    """Masks on frames that lie anywhere; those on parallel planes are cut by other planes too."""

    def __init__(self, name: str, colour: Colour, patches: Sequence[Patch], step: float, voxels: int) -> None:
        """`voxels`: room for the body that other planes cut. Slow: for a worker."""
        self.name, self.colour, self._step = name, colour, step
        self._loose = tuple(patch for patch in patches if patch.affine is None)
        self._placed = tuple((patch, patch.affine) for patch in patches if patch.affine is not None)
        self._normal = _normal(self._placed[0][1]) if self._placed else np.zeros(3)  # once: every slice is asked for
        self._origins = np.array([own[:3, 3] for _, own in self._placed]).reshape(-1, 3)
        self.body = body_of(self._placed, step, voxels) if self._placed else None

    def on(self, slice_: Slice) -> Drawn | None:
        """See `Part.on`."""
        lines = self._by_place(slice_.affine, slice_) if slice_.affine is not None else no_lines()
        if self._loose and slice_.plane is Plane.NATIVE:
            lines = np.concatenate([lines, self._by_picture(slice_)])
        if not len(lines):
            return None
        return Drawn(self.colour, lines, words=label(self.name, (), lines))

    def _by_picture(self, slice_: Slice) -> Lines:
        frame, size = slice_.frame, slice_.values.shape[:2]
        if frame is None:
            return no_lines()
        drawn_on = (patch for patch in self._loose if patch.size == size)
        own = [p for p in drawn_on if any(s.holds(frame.sop_uid, frame.number) for s in p.sources)]
        return np.concatenate([no_lines(), *(patch.border() for patch in own)])

    def _by_place(self, affine: Affine, slice_: Slice) -> Lines:
        if not self._placed:
            return no_lines()
        normal = _normal(affine)
        if float(np.linalg.norm(cross(normal, self._normal))) >= ALONGSIDE:
            return no_lines() if self.body is None else mask_border_on(self.body, affine, slice_.values.shape[:2])
        half = self._step / 2 + 1e-3
        heights = (self._origins - affine[:3, 3]) @ normal
        nearest = heights[np.argmin(np.abs(heights))]
        if abs(nearest) > half:
            return no_lines()
        there = [self._placed[n] for n in np.flatnonzero(np.abs(heights - nearest) <= 1e-3)]
        return np.concatenate([no_lines(), *(_carried(patch.border(), own, affine) for patch, own in there)])


def _normal(affine: Affine) -> NDArray[np.float64]:
    return unit_normal(affine[:3, 0], affine[:3, 1])


def _carried(lines: Lines, own: Affine, affine: Affine) -> Lines:
    """Lines of a frame as lines of a slice along it."""
    flat = lines.reshape(-1, 2)
    points = own[:3, 3] + flat[:, :1] * own[:3, 0] + flat[:, 1:] * own[:3, 1]
    return heights_and_places(affine, points)[1].reshape(-1, 2, 2)


@dataclass(frozen=True, slots=True)
class Body:
    """Voxels (planes, rows, columns); to_mm (4, 4): (column, row, plane, 1) → LPS mm."""

    inside: NDArray[np.bool_]
    to_mm: Affine


def body_of(placed: Sequence[tuple[Patch, Affine]], step: float, most: int) -> Body | None:
    """Patches on one grid put together; None where they are on several, or too many."""
    first = placed[0][1]
    normal = _normal(first)
    linear, inverse = first[:3, :2], np.linalg.pinv(first[:3, :2])
    boxes = []
    for patch, own in placed:
        if np.abs(own[:3, :2] - linear).max() > 1e-3 * np.abs(linear).max():
            return None
        column, row = np.rint(inverse @ (own[:3, 3] - first[:3, 3])).astype(int).tolist()
        plane = round(float((own[:3, 3] - first[:3, 3]) @ normal) / step)
        boxes.append((plane, patch.top + row, patch.left + column))
    corners = np.array(boxes)
    ends = corners + np.array([(1, *patch.inside.shape) for patch, _ in placed])
    low, shape = corners.min(0), ends.max(0) - corners.min(0)
    if int(np.prod(shape.astype(object))) > most:
        return None
    inside = np.zeros(tuple(shape), np.bool_)
    for (patch, _), place in zip(placed, corners - low):
        rows, columns = patch.inside.shape
        inside[place[0], place[1] : place[1] + rows, place[2] : place[2] + columns] |= patch.inside
    to_mm = np.eye(4)
    to_mm[:3, :2], to_mm[:3, 2] = linear, normal * step
    to_mm[:3, 3] = first[:3, 3] + to_mm[:3, :3] @ (low[2], low[1], low[0])
    return Body(inside, to_mm)


def mask_border_on(body: Body, affine: Affine, shape: tuple[int, ...]) -> Lines:
    """The border of a body on any slice of (rows, columns), at the slice's own pixels (nearest voxel)."""
    planes, rows, columns = body.inside.shape
    corners = np.array(
        [(c, r, p, 1.0) for c in (-0.5, columns - 0.5) for r in (-0.5, rows - 0.5) for p in (-0.5, planes - 0.5)]
    )
    places = heights_and_places(affine, (corners @ body.to_mm.T)[:, :3])[1]
    low = np.maximum(np.floor(places.min(0)).astype(int), 0)
    high = np.minimum(np.ceil(places.max(0)).astype(int) + 1, (shape[1], shape[0]))
    if (low >= high).any():
        return no_lines()
    from_slice = np.linalg.inv(body.to_mm) @ affine
    across, down = np.arange(low[0], high[0]), np.arange(low[1], high[1])
    index = [
        np.rint(part[0] * across[None, :] + part[1] * down[:, None] + part[3]).astype(np.int32)
        for part in from_slice[:3]
    ]
    column, row, plane = index
    there = (column >= 0) & (column < columns) & (row >= 0) & (row < rows) & (plane >= 0) & (plane < planes)
    inside = np.zeros(there.shape, np.bool_)
    inside[there] = body.inside[plane[there], row[there], column[there]]
    lines: Lines = mask_border(inside) + (low[0], low[1])
    return lines


class Empty:
    """A part of which nothing was drawn."""

    def on(self, slice_: Slice) -> Drawn | None:
        """See `Part.on`."""
        return None


def _segments(
    header: Header, read: Segmentation, frames: ReadFrame, check: Check
) -> tuple[dict[str, Part], tuple[Problem, ...]]:
    patches: dict[int, list[Patch]] = {}
    faint: set[int] = set()  # parts that hold something, if not by half anywhere
    room = MOST_CROPPED
    for one in read.frames:
        check()
        stored = frames(Frame(FrameRef(header.sop_uid, one.number), header, _facts(header, one)))
        if read.is_fractional and stored.array.any():
            faint.add(one.segment)
        for number, patch in _patches(read, one, header, stored.array):
            room -= patch.inside.nbytes
            if room < 0:
                break
            patches.setdefault(number, []).append(patch)
    step = _step(header, read.between_mm)
    parts: dict[str, Part] = {}
    voxels = MOST_VOXELS
    for segment in read.segments:
        found = patches.get(segment.number)
        if found:
            check()
            part = Segmented(segment.label, segment.colour, found, step, voxels)
            voxels -= part.body.inside.size if part.body is not None else 0
            parts[outline_id(header.path, segment.number)] = part
    if room < 0:
        return parts, ()
    empty = [one.number for one in read.segments if one.number > 0 and one.number not in patches]
    parts.update((outline_id(header.path, number), Empty()) for number in empty)
    framed = {one.segment for one in read.frames}  # the others were not offered
    told = {number for number in empty if read.is_label_map or number in framed}
    codes = (("outlines_empty", told - faint), ("outlines_faint", told & faint))
    return parts, tuple(
        problem(code, header.path, parts=count_of(len(which), "{n} part", "{n} parts"))
        for code, which in codes
        if which
    )


def _facts(header: Header, frame: SegmentFrame) -> FrameFacts:
    return header.per_frame[frame.number - 1] if frame.number <= len(header.per_frame) else header.shared


def _patches(read: Segmentation, frame: SegmentFrame, header: Header, array: NDArray[Any]) -> list[tuple[int, Patch]]:
    facts = _facts(header, frame)
    affine = slice_affine(facts.position, facts.orientation, facts.spacing)
    if read.is_label_map:
        masks = [(int(number), array == number) for number in np.unique(array)[:MOST_LABELS] if number]
    else:
        masks = [(frame.segment, array >= read.least)]
    return [(number, patch) for number, mask in masks if (patch := _cropped(mask, affine, frame.sources)) is not None]


def _cropped(mask: NDArray[np.bool_], affine: Affine | None, sources: tuple[Reference, ...]) -> Patch | None:
    if mask.ndim != 2 or not mask.any():
        return None
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, left = int(rows[0]), int(columns[0])
    return Patch(mask[top : rows[-1] + 1, left : columns[-1] + 1].copy(), left, top, affine, sources, mask.shape)


def _step(header: Header, told: float | None) -> float:
    """The distance between planes: between the frames' own places, no more than what the file says."""
    facts = [one for one in header.per_frame if one.position is not None and one.orientation is not None]
    thickness = facts[0].thickness_mm if facts else None
    steps = _distances(facts)
    if not len(steps):
        return told or thickness or 2 * NEAR_MM
    step = float(steps.min())  # empty planes are left out of files, so that larger steps are gaps …
    if told and round(step / told) and abs(step / told - round(step / told)) < 0.05:
        return told  # … and where neighbours never both hold something all of them are
    if thickness and step > 2 * thickness:
        return thickness
    return step if step <= FARTHEST_PLANES_MM else told or thickness or 2 * NEAR_MM


def _distances(facts: Sequence[FrameFacts]) -> NDArray[np.float64]:
    """Between neighbouring places of the frames that lie as the first does, in mm."""
    own = facts[0].orientation if facts else None
    if own is None:
        return np.empty(0)
    normal = np.cross(own[:3], own[3:])
    heights = [float(np.dot(one.position or (), normal)) for one in facts if one.orientation == own]
    steps = np.diff(np.unique(np.round(heights, 3)))
    return steps[steps > NOISE_MM]
