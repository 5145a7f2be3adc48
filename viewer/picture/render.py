"""The one picture function: values → window → grey → flip and turn → size, the same for pane, preview, PNG and PDF."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.letters import in_animals, letters_from_patient_orientation, opposite, orientation_letters
from viewer.geometry.plane import Letters
from viewer.jobs.turns import WINDOW_FIRST
from viewer.picture.calibration import scale_of_part
from viewer.picture.levels import Levels, painted_levels
from viewer.picture.look import Look, Picture, Region, ScaleBar, Window
from viewer.picture.orient import orientation_matrix, proportion
from viewer.picture.window import default_window
from viewer.text.translate import tr
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_EDGE = 16_384
AS_STORED = Look()


def render(
    slice_: Slice,
    look: Look,
    window: Window | None = None,
    size: tuple[int, int] | None = None,
    region: Region | None = None,
    *,
    fills: bool = False,
) -> Picture:
    """The picture of a slice or of a part of it.

    `window` beats `look.window` beats the slice's default. `size` = (width, height) is a box the picture fits into in
    true proportions: enlarged by a whole number (nearest) or made smaller by area average, once, on the 8-bit levels;
    None keeps one picture pixel per finer slice pixel. `fills`: enlarged until one side of the box is reached. Raises ValueError for a region outside the slice.
    """
    region = _clipped(region, slice_)
    part = cropped(slice_, region)
    window = window or look.window or default_window(slice_)
    levels = _oriented(painted_levels(part, window, look.inverted, look.paint), look)
    width, height = _sizes(part, look, size, fills)
    to_slice = _to_slice(part, look, levels.shape[:2], (height, width))
    to_slice[0, 2] += region.x0
    to_slice[1, 2] += region.y0
    affine = None if slice_.affine is None else slice_.affine @ _lifted(to_slice)
    return Picture(
        pixels=resized(levels, height, width),
        window=None if slice_.is_colour else window,
        letters=letters_of(slice_, look),
        affine=affine,
        to_slice=to_slice,
        mm_per_pixel=_mm_per_pixel(scale_of_part(slice_, region), to_slice),
        region=None if region == _whole(slice_) else region,
        negative=look.inverted and not slice_.is_colour,
    )


def thumbnail(slice_: Slice, px: int, window: Window | None = None) -> Picture:
    """The whole slice in a square of `px` pixels."""
    return render(slice_, AS_STORED, window, (px, px))


def cropped(slice_: Slice, region: Region) -> Slice:
    """The slice with only the pixels of `region`; affine and the rest stay those of the whole slice."""
    rows, columns = slice(region.y0, region.y1), slice(region.x0, region.x1)
    padding = None if slice_.padding is None else slice_.padding[rows, columns]
    return replace(slice_, values=slice_.values[rows, columns], padding=padding)


def letters_of(slice_: Slice, look: Look) -> Letters | None:
    """The letters at the four edges as shown, after flip and turn; None where the file does not tell (R-G2)."""
    letters = _letters_of(slice_, look)
    return in_animals(letters) if letters is not None and slice_.on_four_legs else letters


def _letters_of(slice_: Slice, look: Look) -> Letters | None:
    if slice_.affine is not None and slice_.in_patient:
        return _letters_along(slice_.affine[:3, :2].astype(np.float64).tobytes(), look.flipped, look.turned % 4)
    to_slice = orientation_matrix(look).T  # screen direction (right, down) → slice direction (column, row)
    stored = None if slice_.letters_hint is None else letters_from_patient_orientation(*slice_.letters_hint)
    if stored is None:
        return None
    along = {(1, 0): stored.right, (-1, 0): stored.left, (0, 1): stored.bottom, (0, -1): stored.top}
    right_letters, down_letters = (along[round(float(c)), round(float(r))] for c, r in to_slice.T)
    return Letters(opposite(right_letters), right_letters, opposite(down_letters), down_letters)


@lru_cache(maxsize=64)  # all pictures of a set and a plane lie alike
def _letters_along(columns_and_rows: bytes, flipped: bool, turned: int) -> Letters:
    """`columns_and_rows`: float64 (3, 2), the directions of a slice in LPS."""
    to_slice = orientation_matrix(Look(flipped=flipped, turned=turned)).T
    right, down = (np.frombuffer(columns_and_rows).reshape(3, 2) @ to_slice).T
    return orientation_letters(right, down)


def natural_size(slice_: Slice, look: Look = AS_STORED, region: Region | None = None) -> tuple[int, int]:
    """(width, height) of the picture in true proportions, one picture pixel per finer slice pixel."""
    return _natural(cropped(slice_, _clipped(region, slice_)), look)


def scale_bar(mm_per_pixel: float | None, available_pixels: float) -> ScaleBar | None:
    """The longest bar of 1, 2 or 5 · 10ⁿ mm within `available_pixels`; None without a scale or room."""
    if mm_per_pixel is None or not (0 < mm_per_pixel < math.inf) or not (1 <= available_pixels < math.inf):
        return None
    room = mm_per_pixel * available_pixels * (1 + 1e-9)
    power = 10.0 ** math.floor(math.log10(room))
    mm = float(f"{max(step for step in (1, 2, 5) if step == 1 or step * power <= room) * power:.6g}")
    return ScaleBar(mm, mm / mm_per_pixel, tr("{n} mm", n=f"{mm:g}"))


# --- the steps


def _whole(slice_: Slice) -> Region:
    rows, columns = slice_.values.shape[:2]
    return Region(0, 0, columns, rows)


def _clipped(region: Region | None, slice_: Slice) -> Region:
    whole = _whole(slice_)
    if region is None:
        return whole
    inside = Region(max(0, region.x0), max(0, region.y0), min(whole.x1, region.x1), min(whole.y1, region.y1))
    if inside.x0 >= inside.x1 or inside.y0 >= inside.y1:
        raise ValueError("the region lies outside the slice")
    return inside


def _oriented(levels: Levels, look: Look) -> Levels:
    if look.flipped:
        levels = levels[:, ::-1]
    return np.rot90(levels, -(look.turned % 4))


def _natural(part: Slice, look: Look) -> tuple[int, int]:
    rows, columns = part.values.shape[:2]
    aspect = proportion(part)
    finer = min(1.0, aspect)
    width, height = max(1, round(columns / finer)), max(1, round(rows * aspect / finer))
    return (height, width) if look.turned % 2 else (width, height)


def _sizes(part: Slice, look: Look, box: tuple[int, int] | None, fills: bool) -> tuple[int, int]:
    """(width, height) of the finished picture."""
    width, height = _natural(part, look)
    room = min(MAX_EDGE / width, MAX_EDGE / height)
    scale = 1.0 if box is None else min(max(1, box[0]) / width, max(1, box[1]) / height)
    scale = min(scale, room)
    if scale >= 1 and not fills:
        return (width * int(scale + 1e-9), height * int(scale + 1e-9))
    return (max(1, math.floor(width * scale + 0.5)), max(1, math.floor(height * scale + 0.5)))


def resized(levels: Levels, height: int, width: int) -> Levels:
    """Levels (h, w[, 3]) at another size, C order: each axis enlarged by nearest pixel or made smaller by area average."""
    for axis, length in ((0, height), (1, width)):
        have = levels.shape[axis]
        if length > have:
            levels = np.take(levels, nearest_pixels(have, length), axis=axis)
        elif length < have:
            levels = area_average(levels, length, axis)
    return np.ascontiguousarray(levels)


def nearest_pixels(have: int, want: int) -> NDArray[np.int64]:
    """For each of `want` pixels the one of `have` its centre lies in."""
    return ((2 * np.arange(want, dtype=np.int64) + 1) * have) // (2 * want)


def area_average(levels: Levels, length: int, axis: int) -> Levels:
    """Levels with `axis` shortened to `length`: each new pixel is the mean over the stretch it covers."""
    along = np.ascontiguousarray(np.moveaxis(levels, axis, 0))
    edges = np.linspace(0.0, len(along), length + 1)
    out = np.empty((length, *along.shape[1:]), np.uint8)
    for number, (start, end) in enumerate(pairwise(edges.tolist())):
        WINDOW_FIRST.step_aside()
        out[number] = _mean_over(along, start, end)
    return np.moveaxis(out, 0, axis)


def _mean_over(along: Levels, start: float, end: float) -> NDArray[np.float32]:
    """Mean of the rows from `start` to `end` (fractions count in part), a half added for rounding down."""
    first, last = int(start), min(int(end), len(along))
    # Whole numbers up to 2²⁴ are exact in float32, and 65,535 rows (all DICOM can hold) of 255 stay below.
    total: NDArray[np.float32] = np.add.reduce(along[first:last], axis=0, dtype=np.uint32).astype(np.float32)
    total -= along[first] * np.float32(start - first)
    if last < len(along):
        total += along[last] * np.float32(end - last)
    total /= np.float32(end - start)
    total += np.float32(0.5)
    return total


def _to_slice(part: Slice, look: Look, oriented: tuple[int, ...], finished: tuple[int, int]) -> NDArray[np.float64]:
    """(3, 3): finished picture (x, y, 1) → (column, row, 1) of the part."""
    rows, columns = part.values.shape[:2]
    shrink = np.eye(3)
    for axis, (have, got) in enumerate(zip(oriented[::-1], finished[::-1], strict=True)):
        shrink[axis, axis] = have / got
        shrink[axis, 2] = (have / got - 1) / 2
    turn = np.eye(3)
    turn[:2, :2] = np.linalg.inv(orientation_matrix(look))
    middle, screen_middle = (columns - 1) / 2, (oriented[1] - 1) / 2
    turn[:2, 2] = np.array([middle, (rows - 1) / 2]) - turn[:2, :2] @ np.array([screen_middle, (oriented[0] - 1) / 2])
    return turn @ shrink


def _lifted(to_slice: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4, 4) of (3, 3): the same map with the third axis (through the slice) left alone."""
    lifted = np.eye(4)
    lifted[:2, :2], lifted[:2, 3] = to_slice[:2, :2], to_slice[:2, 2]
    return lifted


def _mm_per_pixel(pixel_mm: tuple[float, float] | None, to_slice: NDArray[np.float64]) -> float | None:
    """Millimetres per finished pixel; the mean of both directions, which differ by rounding only."""
    if pixel_mm is None:
        return None
    between_rows, between_columns = pixel_mm
    mm = np.diag([between_columns, between_rows]) @ to_slice[:2, :2]
    along_x, along_y = np.linalg.norm(mm[:, 0]), np.linalg.norm(mm[:, 1])
    return float(math.sqrt(along_x * along_y)) or None
