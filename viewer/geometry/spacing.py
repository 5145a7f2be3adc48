"""What the positions of parallel pictures say: order, steps, gaps, doubles, tilt. Thickness is never asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.plane import Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNIFORM_MM, UNIFORM_SHARE = 0.02, 0.01  # steps may differ by the larger of the two and still count as even
SAME_PLACE_MM = 0.01  # nearer than this along the normal: the same place
GAP = 1.5  # a step of more than so many of its neighbours' steps is a gap
DRIFT_PIXELS = 0.5  # sideways drift over the whole stack that counts as a tilt; way from its line that counts as a sway
DRIFT_OF_SWAYS = 4.0  # … or so many times the sway: one jump of the table drifts by three to four times its sway
_NEIGHBOURS = 3
MOST_GAPS = 3  # more are told in one sentence and not one by one
LATTICE_SHARE = 0.25  # so many steps of a stack with pictures lost here and there are still single ones
LATTICE_CHANGES = 4  # steps change at least so often in it; where a scan goes on in wider steps once or twice


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole between the places `after` and `after + 1` (from 0): `mm` wide, about `missing` pictures are not there."""

    after: int
    mm: float
    missing: int


@dataclass(frozen=True, slots=True)
class SliceStack:
    """Parallel pictures along their normal. A *place* is a distinct position; several pictures may share one.

    order: the pictures (numbers into the given positions) by distance along the normal; equal ones as given.
    place_of: for each entry of `order` its place. offsets: (places,) mm along the normal, increasing.
    step_mm: the median step (the single one where pictures are lost here and there), None with fewer than two places.
    drift: (3,) sideways mm per mm along the normal.
    sway_mm: the largest sideways distance of a place from the straight line through all.
    """

    order: tuple[int, ...]
    place_of: tuple[int, ...]
    offsets: NDArray[np.float64]
    step_mm: float | None
    uniform: bool
    gaps: tuple[Gap, ...]
    drift: NDArray[np.float64]
    sway_mm: float

    @property
    def places(self) -> int:
        """Number of distinct positions along the normal."""
        return len(self.offsets)

    @property
    def tilt_degrees(self) -> float:
        """How far the scanner leaned: the angle between the steps and the normal."""
        return float(np.degrees(np.arctan(np.linalg.norm(self.drift))))

    def tilted(self, pixel_mm: float) -> bool:
        """True when the stack drifts sideways by more than half a pixel of this size: all of it, and not a few pictures
        that lie beside the others and pull the line through all to their side, nor a table that was moved once."""
        if self.places < 2:
            return False
        drifts_mm = float(np.linalg.norm(self.drift)) * float(self.offsets[-1] - self.offsets[0])
        return drifts_mm > (DRIFT_OF_SWAYS * self.sway_mm if self.sways(pixel_mm) else DRIFT_PIXELS * pixel_mm)

    def sways(self, pixel_mm: float) -> bool:
        """True when places lie to and fro of a straight line by more than half a pixel of this size."""
        return self.sway_mm > DRIFT_PIXELS * pixel_mm

    @property
    def steps(self) -> NDArray[np.float64]:
        """(places - 1,) mm between neighbours along the normal."""
        return np.diff(self.offsets)


def slice_stack(positions: NDArray[np.float64], normal: Vector) -> SliceStack:
    """Analyse `positions` (n, 3) LPS mm, n ≥ 1, of pictures with the common unit normal (3,)."""
    return _slice_stack(np.asarray(positions, np.float64).tobytes(), np.asarray(normal, np.float64).tobytes())


@lru_cache(maxsize=8)  # the pictures of a set are analysed to put them together and once more to tell what they offer
def _slice_stack(places: bytes, direction: bytes) -> SliceStack:
    positions, normal = np.frombuffer(places, np.float64).reshape(-1, 3), np.frombuffer(direction, np.float64)
    along = positions @ normal
    order = np.argsort(along, kind="stable")
    ranked = along[order]
    place_of = np.concatenate([[0], np.cumsum(np.diff(ranked) > SAME_PLACE_MM)]).astype(int)
    # Within one place the pictures keep the order in which they were given.
    order = order[np.lexsort((order, place_of))]
    first = np.searchsorted(place_of, np.arange(place_of[-1] + 1))
    offsets = along[order[first]]
    drift, sway = _sideways(positions[order[first]], offsets, normal)
    steps = np.diff(offsets)
    even = _even(steps)
    counts = None if even else _lattice(steps)
    step = (middle_of(steps) if counts is None else float(steps.sum() / counts.sum())) if len(steps) else None
    gaps = () if even else _gaps(steps) if counts is None else _lost(steps, counts)
    offsets.flags.writeable = drift.flags.writeable = False
    return SliceStack(tuple(order.tolist()), tuple(place_of.tolist()), offsets, step, even, gaps, drift, sway)


def middle_of(values: NDArray[np.float64]) -> float:
    """The median of (n,), n ≥ 1: what numpy's gives, without its ways for other shapes, which take longer than this."""
    ranked, half = np.sort(values), len(values) // 2
    return float(ranked[half]) if len(values) % 2 else float((ranked[half - 1] + ranked[half]) / 2)


def _even(steps: NDArray[np.float64]) -> bool:
    if len(steps) == 0:
        return True
    middle = middle_of(steps)
    return float(np.max(np.abs(steps - middle))) <= max(UNIFORM_MM, UNIFORM_SHARE * middle)


def _lattice(steps: NDArray[np.float64]) -> NDArray[np.int64] | None:
    """(n,) how many single steps each of `steps` (n,) is, where all are whole numbers of one and change to and fro: even
    pictures of which many are lost. None where the steps are not so."""
    least = float(steps.min())
    single = middle_of(steps[steps <= least + max(UNIFORM_MM, UNIFORM_SHARE * least)])
    counts = np.rint(steps / single).astype(np.int64)
    whole = np.abs(steps - counts * single) <= np.maximum(UNIFORM_MM, UNIFORM_SHARE * single) * counts
    often = np.count_nonzero(counts == 1) >= LATTICE_SHARE * len(steps)
    return counts if often and whole.all() and np.count_nonzero(np.diff(counts)) >= LATTICE_CHANGES else None


def _lost(steps: NDArray[np.float64], counts: NDArray[np.int64]) -> tuple[Gap, ...]:
    return tuple(Gap(int(at), float(steps[at]), int(counts[at]) - 1) for at in np.flatnonzero(counts > 1))


def _gaps(steps: NDArray[np.float64]) -> tuple[Gap, ...]:
    """A gap stands out from the steps before *and* after it; a stack that goes on in wider steps is uneven, not holed."""
    gaps = []
    every = steps.tolist()  # plain numbers: numpy's median of three takes a hundred times as long
    for at, step in enumerate(every):
        sides = every[max(0, at - _NEIGHBOURS) : at], every[at + 1 : at + 1 + _NEIGHBOURS]
        usual = max((_middle(side) for side in sides if side), default=step)
        if step > GAP * usual + SAME_PLACE_MM:
            gaps.append(Gap(at, step, max(1, round(step / usual) - 1)))
    return tuple(gaps)


def _middle(few: list[float]) -> float:
    """The median of one to a handful of numbers."""
    ordered, half = sorted(few), len(few) // 2
    return ordered[half] if len(few) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _sideways(
    positions: NDArray[np.float64], offsets: NDArray[np.float64], normal: Vector
) -> tuple[NDArray[np.float64], float]:
    """Least squares drift (3,) per mm along the normal, and the largest distance from that line."""
    sideways = positions - np.outer(offsets, normal)
    if len(offsets) < 2:
        return np.zeros(3), 0.0
    centred = offsets - offsets.mean()
    drift = centred @ (sideways - sideways.mean(axis=0)) / float(centred @ centred)
    rest = sideways - sideways.mean(axis=0) - np.outer(centred, drift)
    return drift, float(np.max(np.linalg.norm(rest, axis=1)))
