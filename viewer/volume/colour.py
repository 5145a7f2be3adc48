"""Colour frames → RGB, 8 bit, one frame at a time (PS3.3 C.7.6.3.1.2, C.7.6.3.1.5; rules R-C1, R-C2, R-C4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.header import ColourProfile, Palette, PixelDescription
from viewer.dicom.profile import to_screen

if TYPE_CHECKING:
    from numpy.typing import NDArray

# BT.601, full range: Y, Cb - 128, Cr - 128 → R, G, B (PS3.3 C.7.6.3.1.2)
_FULL = ((1.0, 0.0, 1.402), (1.0, -0.344136, -0.714136), (1.0, 1.772, 0.0))
_PARTIAL_SCALE = (255 / 219, 255 / 224, 255 / 224)
_STRIP = 64  # rows at once: keeps the working floats small


def rgb(
    array: NDArray[np.generic], photometric: str, description: PixelDescription, profile: ColourProfile | None = None
) -> NDArray[np.uint8]:
    """(rows, columns, 3) samples → uint8 RGB, same shape; `profile`: where they are not those of a screen (R-C6)."""
    eight = _eight_bits(array, description)
    if photometric.startswith("YBR") and photometric not in ("YBR_RCT", "YBR_ICT"):
        partial = photometric.startswith("YBR_PARTIAL")
        eight = _by_strips(eight, lambda strip: _from_ybr(strip, partial))
    return eight if profile is None else _by_strips(eight, lambda strip: to_screen(strip, profile))


def _by_strips(samples: NDArray[np.uint8], turn: Callable[[NDArray[np.uint8]], NDArray[np.uint8]]) -> NDArray[np.uint8]:
    out = np.empty_like(samples)
    for top in range(0, len(samples), _STRIP):
        out[top : top + _STRIP] = turn(samples[top : top + _STRIP])
    return out


def _from_ybr(samples: NDArray[np.uint8], partial: bool) -> NDArray[np.uint8]:
    shifted = samples.astype(np.float32) - np.array([16 if partial else 0, 128, 128], np.float32)
    if partial:
        shifted *= np.asarray(_PARTIAL_SCALE, np.float32)
    turned: NDArray[np.float32] = np.rint(shifted @ np.asarray(_FULL, np.float32).T)
    return np.clip(turned, 0, 255).astype(np.uint8)


def _eight_bits(array: NDArray[np.generic], description: PixelDescription) -> NDArray[np.uint8]:
    """Deeper samples keep their upper 8 bits; signed colour does not exist."""
    if array.dtype.itemsize == 1:
        return array.view(np.uint8)
    unsigned: NDArray[np.uint32] = array.view(f"u{array.dtype.itemsize}").astype(np.uint32)
    return (unsigned >> max(0, description.bits_stored - 8)).astype(np.uint8)


def from_palette(indices: NDArray[np.generic], palette: Palette) -> NDArray[np.uint8]:
    """(rows, columns) palette indices → uint8 RGB (rows, columns, 3); outside the table its ends count (R-C4)."""
    last = len(palette.colours) - 1
    places = np.clip(indices.astype(np.int64) - palette.first, 0, last)
    return np.ascontiguousarray(palette.colours[places])
