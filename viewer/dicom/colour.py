"""Colours that objects recommend for their drawings, as sRGB bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Colour = tuple[int, int, int]

# A handful that differ in lightness too, for those that recommend none.
SPARE: tuple[Colour, ...] = (
    (86, 180, 233), (230, 159, 0), (0, 158, 115), (240, 228, 66), (204, 121, 167), (213, 94, 0), (150, 150, 255),
)  # fmt: skip
_WHITE = (0.9642, 1.0, 0.8249)  # D50, PS3.3 C.10.7.1.1
TO_RGB = (  # from XYZ under D50 to linear sRGB
    (3.1338561, -1.6168667, -0.4906146), (-0.9787684, 1.9161415, 0.0334540), (0.0719453, -0.2289914, 1.4052427),
)  # fmt: skip


def screen_levels(linear: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Levels of the screen for linear light from 0 to 1, same shape (IEC 61966-2-1)."""
    shown = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(np.clip(shown, 0.0, 1.0) * 255), np.uint8)


def from_cielab(values: tuple[int, ...]) -> Colour | None:
    """sRGB of a CIELab value stored as three 16-bit numbers (PS3.3 C.10.7.1.1); None where there are not three."""
    if len(values) != 3:
        return None
    light = values[0] / 65535 * 100
    a, b = values[1] / 65535 * 255 - 128, values[2] / 65535 * 255 - 128
    y = (light + 16) / 116
    parts = np.array([y + a / 500, y, y - b / 200])
    xyz = _WHITE * np.where(parts > 6 / 29, parts**3, (parts - 4 / 29) * 3 * (6 / 29) ** 2)
    linear = np.clip(np.asarray(TO_RGB) @ xyz, 0.0, 1.0)
    red, green, blue = (int(part) for part in screen_levels(linear))
    return red, green, blue


def spare(number: int) -> Colour:
    """The colour of the drawing with this number where its file recommends none."""
    return SPARE[number % len(SPARE)]
