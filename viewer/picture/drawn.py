"""Drawn: what others drew over a picture (the clinic, a planning program). Never part of the pixels, never sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from viewer.geometry.outline import Lines, no_lines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Colour = tuple[int, int, int]
DRAWN_BY_OTHERS: Colour = (120, 220, 120)


@dataclass(frozen=True, eq=False)  # one object is one drawing: faces keep what they prepared for it
class Drawn:
    """A drawing on one slice; all places are (column, row) of the slice, pixel centres at whole numbers.

    lines: (n, 2, 2). curves: (m, 2) each, closed when `closed`. points: (n, 2). mask: bool (rows, columns) of the
    slice. words: (text, place). covers: nothing outside `curves`, and nothing under `mask`, is to be seen (a shutter).
    """

    colour: Colour = DRAWN_BY_OTHERS
    lines: Lines = field(default_factory=no_lines)
    curves: tuple[NDArray[np.float64], ...] = ()
    closed: bool = False
    filled: bool = False
    points: NDArray[np.float64] | None = None
    mask: NDArray[np.bool_] | None = None
    words: tuple[tuple[str, tuple[float, float]], ...] = ()
    covers: bool = False
