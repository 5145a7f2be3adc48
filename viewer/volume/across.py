"""Voxels for the planes that cut across the slices: as they are, or thinned, or made even and straight.

An even, upright volume is never resampled. Uneven steps, a tilted scanner and pictures shifted sideways are resampled by true positions
(R-G6, R-G7, R-G16); a gap stays a gap: nothing is made up across it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.geometry.grid import Blend, VolumeGeometry, blends
from viewer.geometry.spacing import MOST_GAPS
from viewer.problem import Problem, problem
from viewer.text.translate import count_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

Grid: TypeAlias = "NDArray[np.generic]"
Mask: TypeAlias = "NDArray[np.bool_]"
Check = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """Voxels (slices, rows, columns) of a regular `geometry`; `mask` True where nothing was taken."""

    geometry: VolumeGeometry
    voxels: Grid
    mask: Mask | None
    problems: tuple[Problem, ...]


def resampled(
    geometry: VolumeGeometry, target: VolumeGeometry, voxels: Grid, mask: Mask | None, check: Check = lambda: None
) -> Across:
    """Float32 voxels of `target` (from `straightened`), made slice by slice from those of `geometry`, 0 where there is
    nothing; `check` is called before each and may raise."""
    made = np.zeros(target.shape, np.float32)
    empty = np.ones(target.shape, np.bool_)
    for number, blend in enumerate(blends(geometry, target)):
        check()
        if not blend.in_gap:
            _mix(made[number], empty[number], voxels, mask, blend)
            np.copyto(made[number], 0, where=empty[number])  # as in a gap: the edge of a slice does not go on beyond it
    return Across(target, made, empty if empty.any() else None, notes(geometry))


def notes(geometry: VolumeGeometry) -> tuple[Problem, ...]:
    """What a person should know about a view across these slices."""
    words = []
    if geometry.tilted:
        words.append(problem("tilt_straightened", degrees=f"{geometry.stack.tilt_degrees:.0f}"))
    if geometry.sways:
        words.append(problem("shift_straightened", mm=f"{geometry.stack.sway_mm:.1f}"))
    gaps = geometry.stack.gaps
    if len(gaps) > MOST_GAPS:
        missing = _lost(sum(gap.missing for gap in gaps))
        words.append(problem("gaps_in_view", missing=missing, places=len(gaps)))
    else:
        words += [problem("gap_in_view", missing=_lost(gap.missing), mm=f"{gap.mm:.0f}") for gap in gaps]
    if not geometry.stack.uniform and not geometry.stack.gaps:
        words.append(problem("steps_uneven"))
    return tuple(words)


def _lost(number: int) -> str:
    return count_of(number, "{n} picture is missing", "{n} pictures are missing")


def _mix(out: NDArray[np.float32], empty: Mask, voxels: Grid, mask: Mask | None, blend: Blend) -> None:
    """One slice: a share of each neighbour; where one of them has nothing, the nearer one alone (R-P11)."""
    above = min(blend.below + 1, len(voxels) - 1)
    nearer = blend.below if blend.share < 0.5 else above
    first, first_none = _moved(voxels, mask, blend.below, blend.shift_below, out.shape)
    if blend.share < 1e-6 or above == blend.below:
        out[...], empty[...] = first, first_none
        return
    second, second_none = _moved(voxels, mask, above, blend.shift_above, out.shape)
    out[...] = first + (second - first) * np.float32(blend.share)
    lonely, lonely_none = (first, first_none) if nearer == blend.below else (second, second_none)
    either = first_none | second_none
    np.copyto(out, lonely, where=either)
    empty[...] = np.where(either, lonely_none, False)


def _moved(
    voxels: Grid, mask: Mask | None, index: int, shift: tuple[float, float], shape: tuple[int, ...]
) -> tuple[NDArray[np.float32], Mask]:
    """Slice `index` read at (row + shift, column + shift), bilinear; True where it does not reach."""
    source = voxels[index].astype(np.float32)
    none = np.zeros(source.shape, np.bool_) if mask is None else mask[index]
    for axis in (0, 1):
        source, none = _along(source, none, shift[axis], shape[axis], axis)
    return source, none


def _along(
    source: NDArray[np.float32], none: Mask, shift: float, length: int, axis: int
) -> tuple[NDArray[np.float32], Mask]:
    size = source.shape[axis]
    places = np.arange(length) + shift
    outside = (places < -0.5) | (places > size - 0.5)
    low = np.clip(np.floor(places + 1e-6).astype(np.int64), 0, size - 1)
    high = np.minimum(low + 1, size - 1)
    share = np.clip(places - low, 0.0, 1.0).astype(np.float32)
    share[share < 1e-5] = 0.0
    column = (slice(None), None) if axis == 0 else (None, slice(None))
    near = np.where(share < 0.5, low, high)
    first, second = source.take(low, axis), source.take(high, axis)
    moved = first + (second - first) * share[column]
    touched = none.take(low, axis) | (none.take(high, axis) & (share > 0)[column])
    if touched.any():
        np.copyto(moved, source.take(near, axis), where=touched)
    gone = (touched & none.take(near, axis)) | outside[column]
    return moved, gone
