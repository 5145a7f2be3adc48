"""The order of pictures: by their place along the normal; without places by instance number, then by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from viewer.geometry.affine import FARTHEST_MM, has_geometry, normal_of
from viewer.geometry.spacing import SAME_PLACE_MM, SliceStack, slice_stack
from viewer.index.model import Frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PARALLEL = 0.02  # by which cosines of parallel pictures may differ
_DIGITS = re.compile(r"(\d+)")


def column(part: str, *names: str) -> Callable[[Iterable[Frame]], Iterator[Any]]:
    """What reads facts of every picture, `names` of its "header", its "facts" or its "ref" (a tuple where they are
    several): asked of every picture of a disc, several times, and so without a step of Python's for each."""
    within, asked = itemgetter(Frame._fields.index(part)), attrgetter(*names)
    return lambda frames: map(asked, map(within, frames))


ORIENTATION = column("facts", "orientation")
_POSITION, _SPACING = column("facts", "position"), column("facts", "spacing")
_NUMBER = column("header", "instance_number")


def share(values: Iterable[object]) -> bool:
    """Whether what pictures say is the same for all of them; mostly it is the very same object, and no more is
    compared then."""
    every = list(values)
    return bool(every) and every.count(every[0]) == len(every)


@lru_cache(maxsize=65536)  # pictures are sorted by name again and again while a disc is read
def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key in which "IM10" comes after "IM9"."""
    parts = _DIGITS.split(name)
    return tuple((1, int(part[:18]), "") if part.isdigit() else (0, 0, part) for part in parts if part)


def recorded(frame: Frame) -> tuple[object, ...]:
    """A sort key: as the scanner numbered the pictures, then by file name and frame number."""
    header = frame.header
    part = header.concatenation[1] if header.concatenation else 0
    number = header.instance_number
    return (number is None, number or 0, part, natural(header.path), frame.number)


def has_place(frame: Frame) -> bool:
    """True when the frame has a usable position, orientation and pixel size."""
    facts = frame.facts
    return has_geometry(facts.position, facts.orientation, facts.spacing)


def places_of(frames: Sequence[Frame]) -> NDArray[np.float64] | None:
    """(n, 3) positions of `frames`; None when one of them has no usable place, or there is no frame.

    The same as asking `has_place` of each; pictures of one series share their orientation and spacing, most of the time
    as the same objects, so those are asked about once.
    """
    positions = list(_POSITION(frames))
    if not positions or not all(positions):
        return None
    alike = share(ORIENTATION(frames)) and share(_SPACING(frames))
    facts = [frame.facts for frame in frames[: 1 if alike else None]]
    shared = {(id(one.orientation), id(one.spacing)): one for one in facts}
    if not all(has_geometry(one.position, one.orientation, one.spacing) for one in shared.values()):
        return None
    # many times as fast as an array of a list of triples
    places = np.fromiter(chain.from_iterable(positions), np.float64, 3 * len(positions)).reshape(-1, 3)
    return places if float(np.abs(places).max()) < FARTHEST_MM else None


def stack_along_normal(frames: Sequence[Frame]) -> SliceStack | None:
    """The stack that `frames` form along the normal of the first; None when one has no place."""
    places = places_of(frames)
    normal = None if places is None else normal_of(frames[0].facts.orientation)
    return None if places is None or normal is None else slice_stack(places, normal)


def as_recorded(frames: Iterable[Frame]) -> list[Frame]:
    """`frames` by `recorded`; names, which are slow to compare, are asked only where numbers leave it open."""
    listed = list(frames)
    numbers = list(_NUMBER(listed))
    if None not in numbers and len(set(numbers)) == len(listed):
        return [listed[at] for at in sorted(range(len(listed)), key=numbers.__getitem__)]
    return sorted(listed, key=recorded)


def _along_normal(frames: Sequence[Frame]) -> list[Frame]:
    """By place, parallel pictures that tell everything of it but the size of their pixels; [] where they do not, or where
    one place comes again."""
    positions, orientations = list(_POSITION(frames)), list(ORIENTATION(frames))
    normal = normal_of(orientations[0]) if len(frames) > 1 and None not in positions + orientations else None
    if normal is None or not float(np.ptp(np.array(orientations), axis=0).max()) <= _PARALLEL:
        return []
    places = np.array(positions, np.float64)
    if not float(np.abs(places).max()) < FARTHEST_MM:
        return []
    along = places @ normal
    order = np.argsort(along, kind="stable")
    return [frames[at] for at in order] if float(np.diff(along[order]).min()) > SAME_PLACE_MM else []


def _by_dimensions(frames: Sequence[Frame]) -> list[Frame]:
    """As the dimensions of their one object put them (PS3.3 C.7.6.17); [] where these leave it open, and for films, which
    run as they are stored."""
    told = [frame.facts.dimension_index for frame in frames]
    if len(set(told)) < len(told) or len({len(one) for one in told}) != 1:
        return []
    header = frames[0].header
    if header.frame_time_ms is not None or any(frame.header is not header for frame in frames):
        return []
    return [frame for _, frame in sorted(zip(told, frames, strict=True), key=itemgetter(0))]


def in_order(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """`frames` by place, pictures of one place as recorded; all as recorded where there is no common place."""
    listed = as_recorded(frames)
    stack = stack_along_normal(listed)
    if stack is None:
        return tuple(_along_normal(listed) or _by_dimensions(listed) or listed)
    return tuple(map(listed.__getitem__, stack.order))
