"""Sets put together by hand: one body, the same body several times, or pictures one after the other.

Nothing is ever left out, whatever is put together: what does not fit one body is a stack that is looked through.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from viewer.geometry.affine import normal_of
from viewer.geometry.spacing import SAME_PLACE_MM, SliceStack
from viewer.index.groups import group_parts
from viewer.index.kind import are_alike
from viewer.index.model import Frame, FrameGroup, Series
from viewer.index.order import as_recorded, in_order, places_of, stack_along_normal
from viewer.index.shifted import places_again
from viewer.index.split import common_direction

FEW_AGAIN = 0.2  # so large a part of a set, or less, may lie at places of another: two sets that meet


def groups_together(sets: Sequence[Series]) -> tuple[FrameGroup, ...]:
    """All pictures of `sets` in groups that form one series."""
    frames = [frame for one in sets for frame in one.frames]
    stack = stack_along_normal(as_recorded(frames)) if _is_one_body(frames) else None
    if stack is None:
        return (FrameGroup("", tuple(frames)),)
    listed = as_recorded(frames)
    if _is_one_volume(stack, sets):
        return (FrameGroup("", in_order(listed)),)
    few = (len(frames) - stack.places) <= FEW_AGAIN * min(len(one.frames) for one in sets)
    if all(len(one.groups) == 1 for one in sets) and not (few and not _overlap(sets)):
        return tuple(FrameGroup(one.name, one.groups[0].frames) for one in sets)
    return tuple(group for groups in group_parts(listed) for group in groups)


def _is_one_body(frames: Sequence[Frame]) -> bool:
    """Pictures of one size, look, scale and direction in one coordinate system."""
    systems = {frame.header.frame_of_reference for frame in frames}
    return len(systems) == 1 and are_alike(frames) and places_of(frames) is not None and common_direction(frames)


def _is_one_volume(stack: SliceStack, sets: Sequence[Series]) -> bool:
    """Every place once, and no two sets that each go their own steps through the same stretch."""
    if stack.places < sum(len(one.frames) for one in sets) or places_again(stack) is not None:
        return False
    return stack.uniform or not _overlap(sets)


def _overlap(sets: Sequence[Series]) -> bool:
    normal = normal_of(sets[0].frames[0].facts.orientation)
    reaches = []
    for one in sets:
        places = places_of(one.frames)
        assert places is not None
        assert normal is not None
        along = places @ normal
        reaches.append((float(np.min(along)), float(np.max(along))))
    return any(max(a[0], b[0]) < min(a[1], b[1]) - SAME_PLACE_MM for a, b in combinations(reaches, 2))
