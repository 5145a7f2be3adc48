"""Do a few points of a picture stand out as no scanner makes them? A bit that tipped over, a few bytes of noise.

Where values are stored one by one (native, RLE) nothing but the neighbours can tell. How far natural points leave the
range of their neighbours differs from picture to picture by hundreds, but it falls off evenly: the farthest few are
never many times as far out as the next. Of 700 sound pictures of all kinds only those stood out that had been
overwritten on purpose.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.jobs.turns import WINDOW_FIRST

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STANDS_OUT = 6.0  # times as far out as the next
_SHARE = 8  # and by this part of the range of the picture
_FEW = 7  # more points, or more rows with a streak, are a pattern
_RUN = 8  # points side by side that make a streak
_VARIED = 5  # different values in it: a drawn line has one or two
_SMALLEST_SIDE, _SMALLEST_RANGE = 24, 32
_STRIP = 2**16  # points at a time: in the processor's cache, and each call long enough to be worth its lock

Values: TypeAlias = "NDArray[np.signedinteger]"
Score = tuple[float, bool]  # how far out, and whether damage may look like that


def has_specks(values: NDArray[np.generic]) -> bool:
    """Whether single points of (rows, columns[, 3]) integers, or a short run of them in a row, stand out."""
    if values.dtype.kind not in "iu" or min(values.shape[:2]) < _SMALLEST_SIDE:
        return False
    planes = [values] if values.ndim == 2 else [values[..., channel] for channel in range(values.shape[2])]
    return any(_stand_out(plane) for plane in planes)


def _stand_out(plane: NDArray[np.generic]) -> bool:
    reach = int(plane.max()) - int(plane.min())  # type: ignore[call-overload, unused-ignore]
    if reach < _SMALLEST_RANGE:
        return False
    points, runs = _scores(plane, reach / _SHARE, _FEW)
    if 1 <= len(points) <= _FEW or 1 <= len(runs) <= _FEW:  # now and then: worth a closer look
        points, runs = _scores(plane, reach / _SHARE / _STANDS_OUT, plane.size)
        return _few_far(points, reach) or _few_far(runs, reach)
    return False


def _scores(plane: NDArray[np.generic], least: float, most: int) -> tuple[list[Score], list[Score]]:
    """How far points stand out of their neighbours, and of each row its best run: those above `least`, until there are
    more than `most` of both."""
    rows, columns = plane.shape
    size = max(1, _STRIP // columns)
    wide = _type_for_differences(plane)
    points: list[Score] = []
    runs: list[Score] = []
    for top in range(1, rows - 1, size):
        strip = plane[top - 1 : min(top + size, rows - 1) + 1].astype(wide, copy=False)
        down = _outside(strip[:-2], strip[1:-1], strip[2:])
        told = np.flatnonzero(down.max(axis=1) > least)  # mostly none: neither a point nor a run lies in other rows
        if not told.size:
            continue
        down, here = down[told], strip[1:-1][told]
        if len(points) <= most:
            points += _points(down, here, least)
        if len(runs) <= most:
            runs += _runs(down, here, least)
        if min(len(points), len(runs)) > most:
            break
    return points, runs


def _type_for_differences(plane: NDArray[np.generic]) -> type[np.signedinteger]:
    """The smallest type with room for twice the range of a picture: half the size is half the time."""
    low, high = int(plane.min()), int(plane.max())  # type: ignore[call-overload, unused-ignore]
    fits = low >= -(2**15) and high < 2**15 and high - low < 2**14
    return np.int16 if fits else np.int32 if plane.dtype.itemsize <= 2 else np.int64


def _points(down: Values, here: Values, least: float) -> list[Score]:
    """How far single points lie outside of their neighbours in the column and in the row."""
    row, column = np.nonzero(down[:, 1:-1] > least)
    across = _outside(here[row, column], here[row, column + 1], here[row, column + 2])
    both = np.minimum(down[row, column + 1], across)
    return [(far, True) for far in both[both > least].tolist()]


def _outside(before: Values, here: Values, behind: Values) -> Values:
    """How far a value lies outside of those of two neighbours, less how far these lie apart."""
    WINDOW_FIRST.step_aside()  # each call of numpy gives the interpreter up and wants it back
    high, low = np.maximum(before, behind), np.minimum(before, behind)
    out: Values = np.maximum(here - high, low - here)
    out -= high - low
    return out


def _runs(down: Values, here: Values, least: float) -> list[Score]:
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


def _few_far(scores: list[Score], reach: int) -> bool:
    """Whether up to `_FEW` of the scores, all of which may be damage, are many times as large as the next one."""
    floor = reach / _SHARE / _STANDS_OUT
    ranked = [*sorted(scores, reverse=True)[: _FEW + 1], (floor, True)]
    for (one, maybe), (following, _) in pairwise(ranked[: _FEW + 1]):
        if not maybe or one <= reach / _SHARE:
            return False
        if one > _STANDS_OUT * following:
            return True
    return False
