"""How far the points of a picture lie outside of their neighbours: what `specks` and `streaks` judge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from viewer.jobs.turns import WINDOW_FIRST

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_SIDE, SMALLEST_RANGE = 24, 32  # of pictures that can be judged
_EVERY, _COLOURED = 16, 1 / 4  # rows: one of so many tells; points: fewer are colour in a grey picture
_STRIP = 2**16  # points at a time: in the processor's cache, and each call long enough to be worth its lock

Values: TypeAlias = "NDArray[np.signedinteger]"


class Strip(NamedTuple):
    """Rows of a plane from `top` on, (rows, columns) each: their values, and how far these lie outside of those above
    and below; in the first and the last row of the plane outside of the two nearest."""

    top: int
    here: Values
    down: Values


class Plane(NamedTuple):
    """One plane of a picture, (rows, columns), the range of its values, and how far outside of those above and below the
    farthest lies: mostly so little that there is nothing to look for."""

    values: NDArray[np.generic]
    reach: int
    kind: type[np.signedinteger]
    farthest: int = 0

    def strips(self) -> Iterator[Strip]:
        """All rows. Worked out anew each time: in the processor's cache that is quicker than to keep them."""
        rows, columns = self.values.shape
        size = max(1, _STRIP // columns)
        yield _strip(0, self.values[[1, 0, 2]].astype(self.kind))
        for top in range(1, rows - 1, size):
            yield _strip(top, self.values[top - 1 : min(top + size, rows - 1) + 1].astype(self.kind, copy=False))
        yield _strip(rows - 1, self.values[[-2, -1, -3]].astype(self.kind))

    def is_edge(self, strip: Strip) -> bool:
        """Whether a strip is the first or the last row."""
        return strip.top in (0, len(self.values) - 1)


def planes_of(values: NDArray[np.generic]) -> Iterator[Plane]:
    """The planes of (rows, columns[, 3]) integers that are large and varied enough to be judged."""
    if values.dtype.kind not in "iu" or min(values.shape[:2]) < SMALLEST_SIDE:
        return
    for plane in _channels(values):
        low, high = int(plane.min()), int(plane.max())  # type: ignore[call-overload, unused-ignore]
        if high - low >= SMALLEST_RANGE:
            made = Plane(plane, high - low, _type_for_differences(plane, low, high))
            yield made._replace(farthest=max(int(strip.down.max()) for strip in made.strips()))


def _channels(values: NDArray[np.generic]) -> Iterator[NDArray[np.generic]]:
    """What is looked at by itself: each colour, or the brightest of the three where most points are grey (films of
    ultrasound: a third of the time for each picture that plays)."""
    if values.ndim == 2:
        yield values
    elif _is_mostly_grey(values):
        yield np.maximum(np.maximum(values[..., 0], values[..., 1]), values[..., 2])
    else:
        yield from (np.ascontiguousarray(values[..., channel]) for channel in range(3))


def _is_mostly_grey(values: NDArray[np.generic]) -> bool:
    red, green, blue = (values[::_EVERY, :, channel] for channel in range(3))
    return bool(np.count_nonzero((red != green) | (green != blue)) < red.size * _COLOURED)


def _strip(top: int, values: Values) -> Strip:
    return Strip(top, values[1:-1], outside(values[:-2], values[1:-1], values[2:]))


def _type_for_differences(plane: NDArray[np.generic], low: int, high: int) -> type[np.signedinteger]:
    """The smallest type with room for twice the range of a picture: half the size is half the time."""
    fits = low >= -(2**15) and high < 2**15 and high - low < 2**14
    return np.int16 if fits else np.int32 if plane.dtype.itemsize <= 2 else np.int64


def outside(before: Values, here: Values, behind: Values) -> Values:
    """How far a value lies outside of those of two neighbours, less how far these lie apart."""
    WINDOW_FIRST.step_aside()  # each call of numpy gives the interpreter up and wants it back
    high, low = np.maximum(before, behind), np.minimum(before, behind)
    out: Values = np.maximum(here - high, low - here)
    out -= high - low
    return out
