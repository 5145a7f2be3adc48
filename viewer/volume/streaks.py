"""Does a short stretch of a row stand out as no scanner makes it? Some bytes overwritten side by side.

The points of such a stretch hide one another from a look at single ones (`specks`); the rows above and below tell it.
How far natural stretches stand out falls off evenly; those of a drawn line have one or two values.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from viewer.jobs.turns import WINDOW_FIRST
from viewer.volume.neighbours import Plane, Values

_STANDS_OUT = 6.0  # times as far out as the next
_SHARE = 8  # and by this part of the range of the picture
_FEW = 7  # more rows with a streak are a pattern
_RUN = 8  # points side by side that make a streak
_VARIED = 5  # different values in it: a drawn line has one or two

Streak = tuple[float, bool]  # how far out, and whether damage may look like that


def has_streaks(plane: Plane) -> bool:
    """Whether short stretches of rows of a plane stand out."""
    least = plane.reach / _SHARE
    if plane.farthest <= least:
        return False
    if not 1 <= len(_found(plane, least, _FEW)) <= _FEW:
        return False
    ranked = sorted(_found(plane, least / _STANDS_OUT, plane.values.size), reverse=True)[: _FEW + 1]
    for (one, maybe), (following, _) in pairwise([*ranked, (least / _STANDS_OUT, True)][: _FEW + 1]):
        if not maybe or one <= least:
            return False
        if one > _STANDS_OUT * following:
            return True
    return False


def _found(plane: Plane, least: float, most: int) -> list[Streak]:
    """Of each row the best stretch, where it stands out by more than `least`, until there are more than `most`. Not of
    the first and the last: one neighbour tells too little of a whole stretch."""
    found: list[Streak] = []
    for strip in plane.strips():
        if plane.is_edge(strip):
            continue
        told = np.flatnonzero(strip.down.max(axis=1) > least)  # mostly none
        if told.size:
            found += _best(strip.down[told], strip.here[told], least)
        if len(found) > most:
            break
    return found


def _best(down: Values, here: Values, least: float) -> list[Streak]:
    """Of each row the run of `_RUN` values that lies farthest outside of those above and below; False: a drawn line."""
    WINDOW_FIRST.step_aside()
    blocks = here.shape[1] // _RUN
    limit = np.maximum(down, 0)
    sums = np.add.reduce([limit[:, first : blocks * _RUN : _RUN] for first in range(_RUN)], dtype=np.int64)
    rows = np.flatnonzero(sums.max(axis=1) > least * _RUN)
    best = sums[rows].argmax(axis=1)
    places = rows[:, None], best[:, None] * _RUN + np.arange(_RUN)
    found = np.sort(np.where(limit[places] > least, here[places], 0), axis=1)
    varied = np.count_nonzero(np.diff(found, axis=1), axis=1) >= _VARIED - 1
    return list(zip((sums[rows, best] / _RUN).tolist(), varied.tolist()))
