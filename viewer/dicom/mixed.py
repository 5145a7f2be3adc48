"""Grey and colour in one picture: stored values from the first of a supplemental palette on are colours, those below are
grey (PS3.3 C.7.6.19, Pixel Presentation C.8.16.2.1.2; rule R-C7). Such a picture is read as one palette over all values."""

from __future__ import annotations

import numpy as np

from viewer.dicom.fields import Fields
from viewer.dicom.header import FrameFacts, Palette, PixelDescription

PRESENTATION = 0x00089205
_PALETTE = 0x00281101
_MOST_BITS = 16


def is_mixed(fields: Fields, pixels: PixelDescription | None) -> bool:
    """Whether some of the grey values of a picture mean colours."""
    values = fields.values
    if PRESENTATION not in values or _PALETTE not in values or pixels is None:
        return False
    grey = pixels.photometric == "MONOCHROME2" and not pixels.float_kind and pixels.bits_stored <= _MOST_BITS
    return grey and fields.word(PRESENTATION) == "MIXED"


def is_meant_in_colour(fields: Fields, pixels: PixelDescription | None) -> bool:
    """Whether all grey values of a picture have a colour in which they look better. They are shown in grey, and it is
    said: such a CT is a volume in Hounsfield units all the same."""
    if PRESENTATION not in fields.values or _PALETTE not in fields.values or pixels is None:
        return False
    return pixels.photometric == "MONOCHROME2" and fields.word(PRESENTATION) == "COLOR"


def whole_palette(colours: Palette, pixels: PixelDescription, facts: FrameFacts) -> Palette:
    """`colours` with grey below them, from the lowest value that can be stored: a ramp over the file's window, else over
    all values below the first colour."""
    low = -(1 << pixels.bits_stored - 1) if pixels.is_signed else 0
    below = np.arange(low, max(colours.first, low), dtype=np.float64)
    black, white = _ends(facts, low, colours.first)
    grey = np.clip((below - black) / max(white - black, 1e-9) * 255, 0, 255)
    ramp = np.repeat(np.rint(grey).astype(np.uint8)[:, None], 3, axis=1)
    return Palette(low, np.concatenate([ramp, colours.colours[max(low - colours.first, 0) :]]))


def _ends(facts: FrameFacts, low: int, first: int) -> tuple[float, float]:
    """The stored values that are black and white."""
    window = next(iter(facts.windows), None)
    if window is None or facts.slope == 0:
        return low, first - 1
    ends = [(window.centre + side * window.width / 2 - facts.intercept) / facts.slope for side in (-1, 1)]
    return ends[0], ends[1]
