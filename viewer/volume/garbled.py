"""Is a stretch of a picture made of bytes that never were a picture? A copying program, or a disk, put others there.

Neighbours in a row differ little in pictures, by a third of the range in random bytes. Such a stretch fills rows from edge to
edge, wherever the body lies, and begins or ends in the middle of a row; what is laid out (writing, scales, a second
picture) begins and ends with one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from viewer.jobs.turns import WINDOW_FIRST
from viewer.volume.neighbours import Plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CELLS = 8  # pieces of a row
_ROUGH = 1 / 8  # of the range of the picture: how far neighbours differ in such a stretch …
_CALM = 1 / 14  # … and at most anywhere else
_SMALLEST_CELL = 7  # points
_CALM_BY_CHANCE = 0.1  # of the pieces of the stretch, and of those next to its ends
_NEXT_TO_END = (_CELLS, 4 * _CELLS)  # noisy air above a body that fills the picture ends little by little
_STRIP = 2**16  # points at a time, as long as they fit into the processor's cache
_MOST = 1 / 2  # of the picture: more of it is the picture


def has_garbled_rows(plane: Plane) -> bool:
    """Whether more than a row of a plane, in one stretch that begins or ends within a row, is far rougher than all else."""
    if plane.values.shape[1] <= _CELLS * _SMALLEST_CELL:  # too narrow to tell chance from bytes
        return False
    limit = plane.reach * _ROUGH
    if not any(rows.max() >= limit for rows in _roughness(plane, 2)):  # of two rows one is enough
        return False
    cells = np.concatenate(list(_roughness(plane, 1)))
    rough = np.flatnonzero(cells >= limit)
    if not _CELLS < len(rough) < _MOST * len(cells):
        return False
    first, end = int(rough[0]), int(rough[-1]) + 1
    within_rows = first % _CELLS > 1 or 0 < end % _CELLS < _CELLS - 1  # the last or first piece may be calm by chance
    told = cells[first:end] >= limit
    parts = (told, *(part for size in _NEXT_TO_END for part in (told[:size], told[-size:])))
    if not within_rows or any(np.count_nonzero(~part) > max(1, _CALM_BY_CHANCE * len(part)) for part in parts):
        return False
    calm = np.concatenate([cells[: max(0, first - 1)], cells[end + 1 :]])  # not those that hold an end of it
    return bool(calm.max() < plane.reach * _CALM)


def _roughness(plane: Plane, every: int) -> Iterator[NDArray[np.float64]]:
    """How far neighbours in a row differ, the mean of each piece of a row, row after row."""
    rows, columns = plane.values.shape
    size, high = (columns - 1) // _CELLS, max(every, _STRIP // columns // every * every)
    for top in range(0, rows, high):
        WINDOW_FIRST.step_aside()
        here = plane.values[top : top + high : every, : _CELLS * size + 1].astype(plane.kind)
        steps = here[:, 1:] - here[:, :-1]
        np.abs(steps, out=steps)
        yield steps.reshape(-1, size).sum(axis=1, dtype=np.int32 if plane.kind is np.int16 else np.int64) / size
