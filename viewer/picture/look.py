"""How to look at values: window, inversion, flip and turn; and the Picture that comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from viewer.geometry.plane import Affine, Letters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class WindowFunction(StrEnum):
    """PS3.3 C.11.2.1.2 and .3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class Window:
    """Centre (brightness) and width (contrast) in modality values. `origin`: file, preset, auto, person, lut.

    `levels`: where a table and no formula says how bright a value is, one character (0 to 255) for each of its steps,
    even parts of the width from its lower end on; text, so that a look can be compared and kept as it is.
    """

    centre: float
    width: float
    function: WindowFunction = WindowFunction.LINEAR
    name: str = ""
    origin: str = "auto"
    levels: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What the person set, or a saved view. `window` None means the series' default; `turned` counts quarter turns clockwise."""

    window: Window | None = None
    inverted: bool = False
    flipped: bool = False  # left and right exchanged, before turning
    turned: int = 0
    paint: str = ""  # in which colours grey is shown, "rrggbb" for each of the 256 levels; "" as grey


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle on a slice in its pixel grid: edges x0 ≤ x < x1, y0 ≤ y < y1 (columns, rows)."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar of `mm` millimetres that is `pixels` long in the picture, with its words ("50 mm")."""

    mm: float
    pixels: float
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Ready pixels.

    pixels: uint8 (height, width) or (height, width, 3). affine: (4, 4), (x, y, 0, 1) of these pixels → LPS mm.
    to_slice: (3, 3), picture pixel centre (x, y, 1) → slice (column, row, 1). mm_per_pixel is isotropic or None.
    `negative`: the person (or a saved view) exchanged light and dark; never of a colour picture.
    """

    pixels: NDArray[np.uint8]
    window: Window | None
    letters: Letters | None
    affine: Affine | None
    to_slice: NDArray[np.float64]
    mm_per_pixel: float | None
    region: Region | None = None
    negative: bool = False
