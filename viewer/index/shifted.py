"""The same places again, but a little off: a patient (or the scanner's correction for him) moved between two volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.spacing import SliceStack

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_SHIFT = 0.25  # of the distance between two places; more is another place


def places_again(stack: SliceStack) -> NDArray[np.int64] | None:
    """For each place of `stack` the number of the place it stands for, (places,); None where places are just places.

    Places stand for one where they lie in bunches: as many pictures in each, far narrower than the way to the next.
    """
    offsets = stack.offsets
    if stack.uniform or len(offsets) < 4:
        return None
    steps = np.diff(offsets)
    bunch = np.concatenate([[0], np.cumsum(steps > MOST_SHIFT * steps.max())])
    count = int(bunch[-1]) + 1
    if count < 2 or count == len(offsets):
        return None
    pictures = np.bincount(bunch[np.asarray(stack.place_of)], minlength=count)
    first, last = _ends(bunch, count)
    middles = (offsets[first] + offsets[last]) / 2
    ways = np.diff(middles)
    even = float(ways.max() - ways.min()) <= MOST_SHIFT * float(ways.min())
    narrow = float((offsets[last] - offsets[first]).max()) <= MOST_SHIFT * float(ways.min())
    return bunch if even and narrow and pictures.min() == pictures.max() else None


def _ends(bunch: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last place of each bunch."""
    numbers = np.arange(count)
    return np.searchsorted(bunch, numbers, "left"), np.searchsorted(bunch, numbers, "right") - 1
