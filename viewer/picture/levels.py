"""The one mapping from values to grey: padding → modality → window → MONOCHROME1 last (PS3.4 N.2, rule R-P1).

Two ways, equal bit for bit: `grey_levels` for a picture that is kept, `LevelTable` + `map_rgb32` for the pane, where a
table of 65,536 ready words turns a slice into an RGB32 picture in one pass.
"""

from __future__ import annotations

import math
import sys
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np

from viewer.dicom.header import Lut
from viewer.picture.look import Window
from viewer.picture.window import default_window, is_sound, lut_levels, lut_of, ramp_ends, window_levels
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

Words: TypeAlias = "NDArray[np.uint32]"
Levels: TypeAlias = "NDArray[np.uint8]"
BLACK_WORD = 0xFF000000


@cache
def grey_words() -> Words:
    """0xFFgggggg for each of the 256 levels."""
    words: Words = (np.arange(256, dtype=np.uint32) * 0x010101) | np.uint32(BLACK_WORD)
    return words


def grey_levels(slice_: Slice, window: Window | None = None, inverted: bool = False) -> Levels:
    """Levels of a slice: uint8 (rows, columns), or (rows, columns, 3) unchanged for colour (R-C5).

    `window` None means the slice's default. `inverted` is the person's wish; MONOCHROME1 comes on top of it.
    Padding and values that are not finite are black, also when inverted (R-P11).
    """
    if slice_.is_colour:
        return colour_levels(slice_)
    window = window or default_window(slice_) or Window(0.5, 1.0)
    if _bits(slice_.values) <= 16:
        table = level_table(slice_, window, inverted)
        levels: Levels = np.take(table, _index(slice_.values), mode="clip")
    else:
        values = slice_.values.astype(np.float64)
        levels = _shown(slice_, values, window, inverted)
        levels[~np.isfinite(values)] = 0
    if slice_.padding is not None:
        levels[slice_.padding] = 0
    return levels


def painted_levels(slice_: Slice, window: Window | None, inverted: bool, paint: str) -> Levels:
    """`grey_levels` in the colours of `paint` (see `Look`), uint8 (rows, columns, 3); without any, and colour, as they are."""
    levels = grey_levels(slice_, window, inverted)
    if not paint or slice_.is_colour:
        return levels
    painted: Levels = np.take(_colours(paint), levels, axis=0)
    if (black := _black(slice_)) is not None:
        painted[black] = 0
    return painted


def _black(slice_: Slice) -> NDArray[np.bool_] | None:
    """Where there is nothing to paint: padding, and what is no number (R-P11)."""
    no_number = ~np.isfinite(slice_.values.astype(np.float64)) if slice_.values.dtype.kind == "f" else None
    if slice_.padding is None or no_number is None:
        return no_number if slice_.padding is None else slice_.padding
    both: NDArray[np.bool_] = slice_.padding | no_number
    return both


@lru_cache(maxsize=8)
def _colours(paint: str) -> Levels:
    return np.frombuffer(bytes.fromhex(paint), np.uint8).reshape(256, 3)


@lru_cache(maxsize=8)
def _painted_words(paint: str) -> Words:
    """0xFFrrggbb for each of the 256 levels."""
    red, green, blue = _colours(paint).astype(np.uint32).T
    words: Words = red << 16 | green << 8 | blue | np.uint32(BLACK_WORD)
    return words


def colour_levels(slice_: Slice) -> Levels:
    """The RGB of a colour slice, uint8 (rows, columns, 3): no window touches it (PS3.3 C.11.2)."""
    return np.ascontiguousarray(slice_.values[..., :3]).astype(np.uint8, copy=False)


def _shown(slice_: Slice, stored: NDArray[np.float64], window: Window, inverted: bool) -> Levels:
    """Levels of stored values (float64, any shape) of this slice, inversion last."""
    plain = slice_.slope == 1.0 and slice_.intercept == 0.0
    values = stored if plain else stored * slice_.slope + slice_.intercept
    lut = lut_of(slice_, window)
    levels = window_levels(values, window) if lut is None else lut_levels(values, lut)
    return ~levels if slice_.inverted != inverted else levels


def _bits(values: NDArray[np.generic]) -> int:
    """Bits of an integer type, 64 for everything a table cannot hold."""
    return 8 * values.dtype.itemsize if values.dtype.kind in "iub" else 64


def _index(values: NDArray[np.generic]) -> NDArray[np.uint16]:
    """8 or 16-bit integers seen as unsigned, without a copy: −1 is the last entry of a table."""
    native = values if values.dtype.isnative else values.astype(values.dtype.newbyteorder("="))
    return cast("NDArray[np.uint16]", native.view(np.uint8 if native.dtype.itemsize == 1 else np.uint16))


def level_table(slice_: Slice, window: Window, inverted: bool) -> Levels:
    """uint8 (256,) or (65536,): the level of every value the type of this slice can store, in the order of `_index`.

    Only the ramp is computed; both flat ends are filled.
    """
    size = 1 << _bits(slice_.values)
    lowest = -(size // 2) if slice_.values.dtype.kind == "i" else 0
    first, last = _ramp_of_stored(slice_, window, lowest, size)
    levels = np.empty(size, np.uint8)
    levels[first : last + 1] = _shown(
        slice_, np.arange(lowest + first, lowest + last + 1, dtype=np.float64), window, inverted
    )
    levels[:first] = levels[first]
    levels[last + 1 :] = levels[last]
    return levels if lowest == 0 else np.concatenate((levels[-lowest:], levels[:-lowest]))


def _ramp_of_stored(slice_: Slice, window: Window, lowest: int, size: int) -> tuple[int, int]:
    """First and last place in an ascending table between which levels change (one step of room on both sides)."""
    whole = (0, size - 1)
    slope = slice_.slope
    if lut_of(slice_, window) is not None or not is_sound(window) or not math.isfinite(slope) or slope == 0:
        return whole
    ends = [(end - slice_.intercept) / slope - lowest for end in ramp_ends(window)]
    if not all(math.isfinite(end) for end in ends):
        return whole
    low, high = sorted(min(max(end, 0.0), size - 1.0) for end in ends)
    return (max(0, math.floor(low) - 2), min(size - 1, math.ceil(high) + 2))


class LevelTable:
    """Ready RGB32 words (0xFFRRGGBB) for one window; follows the slice's type, slope and intercept by itself."""

    def __init__(self) -> None:
        self.window: Window | None = None
        self.inverted = False
        self.paint = ""
        self._words: Words = np.empty(0, np.uint32)
        self._key: tuple[object, ...] = ()
        self._luts: tuple[Lut, ...] = ()

    def choose(self, window: Window | None, inverted: bool = False, paint: str = "") -> None:
        """The window, inversion and colours from now on; None means each slice's default. Costs nothing until the next map."""
        self.window, self.inverted, self.paint = window, inverted, paint

    @property
    def levels(self) -> Words:
        """The word of each of the 256 levels."""
        return _painted_words(self.paint) if self.paint else grey_words()

    def words(self, slice_: Slice) -> Words:
        """uint32 (256,) or (65536,) for an 8 or 16-bit slice; kept while nothing that matters changes."""
        window = self.window or default_window(slice_) or Window(0.5, 1.0)
        luts = slice_.voi_luts if window.origin == "lut" else ()
        turned = slice_.inverted != self.inverted
        key = (slice_.values.dtype.str, slice_.slope, slice_.intercept, turned, window, self.paint)
        if key != self._key or luts is not self._luts:
            self._words = np.take(self.levels, level_table(slice_, window, self.inverted), mode="clip")
            self._key, self._luts = key, luts
        return self._words


def map_rgb32(slice_: Slice, table: LevelTable, out: Words) -> Words:
    """Fill `out` (uint32 (rows, columns), C order, reusable) with the slice as 0xFFRRGGBB words; returns `out`."""
    if slice_.is_colour:
        return _pack_colour(colour_levels(slice_), out)
    if _bits(slice_.values) > 16:
        levels = grey_levels(slice_, table.window, table.inverted)
        np.take(table.levels, levels, mode="clip", out=out)
        if table.paint and (black := _black(slice_)) is not None:
            out[black] = BLACK_WORD
        return out
    np.take(table.words(slice_), _index(slice_.values), mode="clip", out=out)
    if slice_.padding is not None:
        np.copyto(out, np.uint32(BLACK_WORD), where=slice_.padding)
    return out


def _pack_colour(levels: Levels, out: Words) -> Words:
    channels = out.view(np.uint8).reshape(*out.shape, 4)
    places = (2, 1, 0, 3) if sys.byteorder == "little" else (1, 2, 3, 0)
    for channel, place in enumerate(places[:3]):
        channels[..., place] = levels[..., channel]
    channels[..., places[3]] = 255
    return out
