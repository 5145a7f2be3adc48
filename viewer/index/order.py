"""The order of pictures: by their place along the normal; without places by instance number, then by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from viewer.geometry.affine import has_geometry, normal_of
from viewer.geometry.spacing import SliceStack, slice_stack
from viewer.index.model import Frame

_DIGITS = re.compile(r"(\d+)")


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


def stack_along_normal(frames: Sequence[Frame]) -> SliceStack | None:
    """The stack that `frames` form along the normal of the first; None when one has no place."""
    if not frames or not all(has_place(frame) for frame in frames):
        return None
    normal = normal_of(frames[0].facts.orientation)
    if normal is None:
        return None
    return slice_stack(np.array([frame.facts.position for frame in frames], np.float64), normal)


def in_order(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """`frames` by place, pictures of one place as recorded; all as recorded where there is no common place."""
    listed = sorted(frames, key=recorded)
    stack = stack_along_normal(listed)
    if stack is None:
        return tuple(listed)
    return tuple(listed[number] for number in stack.order)
