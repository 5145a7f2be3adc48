"""Are two colours of a picture alike everywhere but in a few single points? A bit that tipped over in one of them.

Most pictures in colour are grey, or of one tint, with colours in larger pieces if at all: in what is drawn or measured, no
point has a colour alone.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from viewer.jobs.turns import WINDOW_FIRST
from viewer.volume.neighbours import SMALLEST_SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEW = 7  # more points are a pattern
_LEAST = 4  # levels: less comes of rounding, and nobody sees it
_EVERY = 16  # rows: one of so many is looked at first


def has_tinted_points(values: NDArray[np.generic]) -> bool:
    """Whether up to `_FEW` single points of (rows, columns, 3) integers differ in colours that are alike in all others."""
    if values.ndim != 3 or values.dtype.kind not in "iu" or min(values.shape[:2]) < SMALLEST_SIDE:
        return False
    return any(_differ_in_points(values[..., one], values[..., other]) for one, other in combinations(range(3), 2))


def _differ_in_points(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    WINDOW_FIRST.step_aside()
    if np.count_nonzero(one[::_EVERY] != other[::_EVERY]) > _FEW:
        return False
    row, column = np.nonzero(one != other)
    if not 1 <= len(row) <= _FEW:
        return False
    touch = (np.abs(row[:, None] - row) <= 1) & (np.abs(column[:, None] - column) <= 1)
    differ = np.abs(one[row, column].astype(np.int64) - other[row, column].astype(np.int64))
    return bool(np.count_nonzero(touch) == len(row) and differ.min() >= _LEAST)
