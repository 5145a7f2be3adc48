"""Splitting one series of the file into parts whose pictures belong together (size, object, orientation, image type …).

What only varies as time, echo or b-value at repeated places is no reason to split: see `groups`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from viewer.dicom.header import Header
from viewer.dicom.sop_class import CT_IMAGE, ULTRASOUND_VOLUME, XRAY_3D_ANGIOGRAPHY, XRAY_3D_CRANIOFACIAL
from viewer.geometry.affine import has_geometry, orthonormal
from viewer.geometry.direction import angle_degrees
from viewer.geometry.plane import Vector
from viewer.index.apart import by_copy, by_hole, by_run, by_station, by_system, by_thickness, by_watch
from viewer.index.model import Frame
from viewer.index.mosaic import tile_size
from viewer.index.order import ORIENTATION, as_recorded, column, has_place, places_of, recorded, share

PROJECTIONS = frozenset({"CR", "DX", "MG", "XA", "RF", "IO", "PX", "RG", "XC", "ES", "US", "OP", "GM", "SM"})
SAME_DIRECTION_DEGREES = 1.0
FEW_OF_A_DIRECTION, MANY_DIRECTIONS = 3, 5
# slices worked out from projections, whatever the modality says (PS3.3 A.51 to A.55): X-ray angiography and teeth;
# and a body measured with ultrasound (A.59)
_SLICES = (XRAY_3D_ANGIOGRAPHY, XRAY_3D_CRANIOFACIAL, ULTRASOUND_VOLUME)
_WORKED_OUT = frozenset({"MIP", "MINIP", "MNIP", "MPR", "PROJECTION IMAGE"})  # from others, between which they may lie
_ONE_PLACE = "one place"  # no number of an object


@dataclass(slots=True)
class _Direction:
    right: Vector
    down: Vector


class Directions:
    """Numbers directions: those within one degree of the first of a number share it; -1 without a usable one."""

    def __init__(self) -> None:
        self._known: list[_Direction] = []
        self._exact: dict[tuple[float, ...], int] = {}

    def number(self, orientation: tuple[float, ...] | None) -> int:
        """The number of this orientation (six cosines)."""
        if orientation is None:
            return -1
        if orientation not in self._exact:
            self._exact[orientation] = self._find(orientation)
        return self._exact[orientation]

    def _find(self, orientation: tuple[float, ...]) -> int:
        directions = orthonormal(orientation)
        if directions is None:
            return -1
        for number, known in enumerate(self._known):
            turned = (angle_degrees(known.right, directions[0]), angle_degrees(known.down, directions[1]))
            if max(turned) <= SAME_DIRECTION_DEGREES:
                return number
        self._known.append(_Direction(*directions))
        return len(self._known) - 1


def image_type(frame: Frame) -> tuple[str, ...]:
    """The image type of this frame, upper case: what per-frame groups say beats what the file says."""
    return _upper(frame.facts.frame_type or frame.header.image_type)


@lru_cache(maxsize=4096)
def _upper(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.strip().upper() for value in values)


@lru_cache(maxsize=4096)
def _rounded(spacing: tuple[float, float]) -> tuple[float, ...]:
    return tuple(float(f"{mm:.4g}") for mm in spacing)


def is_projection(header: Header) -> bool:
    """True for pictures that look through the body or at its surface: no place in space. Ultrasound cuts through it, and a
    machine for angiography or of teeth may write CT: where such pictures tell their place they are slices."""
    modality = header.modality.upper()
    if modality not in PROJECTIONS or header.sop_class in _SLICES:
        return False
    return not ((modality == "US" or header.sop_class == CT_IMAGE) and header.frames == 1 and _has_place(header))


def _has_place(header: Header) -> bool:
    return has_geometry(header.shared.position, header.shared.orientation, header.shared.spacing)


def object_key(header: Header) -> str:
    """What a film (a multi-frame object whose frames do not differ in place) belongs to: its concatenation, those of one
    place each, else itself; "" for pictures that may be pooled."""
    if header.concatenation is not None:
        return header.concatenation[0]
    if header.frames <= 1:
        return ""
    places = {facts.position for facts in header.per_frame}
    if is_projection(header) or not places or None in places:
        return header.sop_uid + header.path
    if len(places) > 1:
        return ""
    return _ONE_PLACE if header.frame_time_ms is None else header.sop_uid + header.path


def _header_key(header: Header) -> tuple[object, ...]:
    pixels = header.pixels
    assert pixels is not None
    # how grey values are stored does not part a body: some scanners change sign or width from slice to slice
    stored = (pixels.bits_allocated == 1,) if pixels.samples == 1 else (pixels.bits_allocated, pixels.is_signed)
    look = (pixels.samples, pixels.photometric, *stored, pixels.float_kind)
    series = (header.sop_class, header.modality, header.kernel.strip().upper(), header.contrast_agent)
    return (*tile_size(header), *look, *series, object_key(header))


def _frame_key(frame: Frame) -> tuple[object, ...]:
    facts = frame.facts
    spacing = None if facts.spacing is None else _rounded(facts.spacing)
    types = image_type(frame)
    return (facts.stack_id, types[:3], _WORKED_OUT.intersection(types[3:]), spacing)


_FRAME_TYPE, _IMAGE_TYPE = column("facts", "frame_type"), column("header", "image_type")
# What the keys of a picture are made of. In a series these are mostly the very same objects: no key is put together then.
_OF_HEADER = column(
    "header", "pixels", "image_type", "sop_class", "modality", "kernel", "contrast_agent", "mosaic_tiles",
    "concatenation", "frames",
)  # fmt: skip
_OF_FRAME = column("facts", "spacing", "frame_type", "stack_id")


def parts(frames: Iterable[Frame]) -> tuple[tuple[Frame, ...], ...]:
    """`frames` (all with pixels) of one series in parts, each in recorded order; parts by their first picture."""
    lots = [lot for alike in _alike(as_recorded(frames)) for own in _films(alike) for lot in _by_direction(own)]
    split = [part for lot in lots for part in _one_body(lot)]
    return tuple(sorted((tuple(part) for part in split), key=lambda part: recorded(part[0])))


def _alike(frames: list[Frame]) -> list[list[Frame]]:
    """Apart by `_header_key` and `_frame_key`."""
    if frames and _is_lone(frames[0].header) and share(_OF_HEADER(frames)) and share(_OF_FRAME(frames)):
        return [frames]
    found: dict[tuple[object, ...], list[Frame]] = {}
    before: list[object] = []
    last: Header | None = None
    members: list[Frame] = []
    for frame, *now in zip(frames, _OF_HEADER(frames), _OF_FRAME(frames)):
        header = frame.header
        if now != before or not (header is last or _is_lone(header)):
            members = found.setdefault((*_header_key(header), *_frame_key(frame)), [])
        members.append(frame)
        before, last = now, header
    return list(found.values())


def _films(frames: list[Frame]) -> list[list[Frame]]:
    """Films of one place each apart; but one for each place of a body, as some scanners write times or b-values, is a
    body with those to choose from."""
    first = frames[0].header
    if first.frames <= 1 or object_key(first) != _ONE_PLACE:
        return [frames]
    films: dict[str, list[Frame]] = {}
    for frame in frames:
        films.setdefault(frame.header.path, []).append(frame)
    places = {film[0].facts.position for film in films.values()}
    is_body = len(places) == len(films) >= FEW_OF_A_DIRECTION and len({len(film) for film in films.values()}) == 1
    return [frames] if is_body and common_direction(frames) else list(films.values())


def _is_lone(header: Header) -> bool:
    """Whether its key is not its own, as a film's is."""
    return header.frames == 1 and header.concatenation is None


def _by_direction(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Apart by orientation; but pictures that turn from one to the next (a turning view) stay one stack."""
    if is_projection(frames[0].header):
        return [list(frames)]
    if share(ORIENTATION(frames)) and places_of(frames) is not None:
        return [list(frames)]
    directions, found = Directions(), dict[int, list[Frame]]()
    for frame in frames:
        found.setdefault(directions.number(frame.facts.orientation) if has_place(frame) else -1, []).append(frame)
    if len(found) > 3 and (len(found) > len(frames) / 2 or _turns_slowly(frames)):
        return [list(frames)]
    return _strays_together(list(found.values()))


def _turns_slowly(frames: Sequence[Frame]) -> bool:
    """True where each picture lies within a degree of the one before, as recorded."""
    for one, other in pairwise(frames):
        a, b = orthonormal(one.facts.orientation), orthonormal(other.facts.orientation)
        if a is None or b is None or not has_place(one) or not has_place(other):
            return False
        if max(angle_degrees(a[0], b[0]), angle_degrees(a[1], b[1])) > SAME_DIRECTION_DEGREES:
            return False
    return True


def _strays_together(lots: list[list[Frame]]) -> list[list[Frame]]:
    """Directions of one or two pictures each: a turning view within the series, kept as one where there are many."""
    strays = [lot for lot in lots if len(lot) < FEW_OF_A_DIRECTION]
    if len(strays) < MANY_DIRECTIONS:
        return lots
    turning = as_recorded(frame for lot in strays for frame in lot)
    return [*(lot for lot in lots if len(lot) >= FEW_OF_A_DIRECTION), turning]


def _one_body(lot: list[Frame]) -> list[list[Frame]]:
    """Pictures of one direction (or of none) apart where they are not one body."""
    lots = [part for one in by_copy(lot) for part in _by_fourth_value(one)]
    if is_projection(lot[0].header) or not common_direction(lot):
        return lots
    for apart in (by_system, by_station, by_thickness, by_watch, by_run, by_hole):
        lots = [part for one in lots for part in apart(one)]
    return lots


def _by_fourth_value(frames: list[Frame]) -> list[list[Frame]]:
    """Apart by the fourth value of the image type where it tells two pictures of one place apart (magnitude, phase);
    where it changes from place to place (sums of thin pictures) the pictures belong together."""
    if share(_FRAME_TYPE(frames)) and share(_IMAGE_TYPE(frames)):
        return [frames]
    found: dict[tuple[str, ...], list[Frame]] = {}
    for frame in frames:
        found.setdefault(image_type(frame)[3:4], []).append(frame)
    if len(found) == 1 or places_of(frames) is None:
        return [frames]
    places = [{frame.facts.position for frame in members} for members in found.values()]
    apart = sum(len(own) for own in places) == len(set().union(*places))
    return [frames] if apart else list(found.values())


def common_direction(frames: Sequence[Frame]) -> bool:
    """True when all frames lie parallel (within one degree)."""
    directions = Directions()
    if share(ORIENTATION(frames)):
        return directions.number(frames[0].facts.orientation) == 0
    shared = {id(frame.facts.orientation): frame.facts.orientation for frame in frames}
    return all(directions.number(orientation) == 0 for orientation in shared.values())
