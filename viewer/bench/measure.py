"""How the bench measures: medians of interleaved rounds, wall time, with the machine's load beside them."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing: median and worst of `rounds` in `unit`, the goal in words, and whether it was met."""

    name: str
    median: float
    worst: float
    unit: str
    rounds: int
    goal: str = ""
    met: bool | None = None
    note: str = ""


def milliseconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def rounds(work: Callable[[], object], count: int = 5) -> list[float]:
    """Wall milliseconds of `count` calls."""
    return [milliseconds(work) for _ in range(count)]


def figure(name: str, values: list[float], unit: str = "ms", limit: float | None = None, note: str = "") -> Figure:
    """A Figure of measured values; `limit` is the goal for the median."""
    median = statistics.median(values)
    goal = "" if limit is None else f"≤ {limit:g} {unit}"
    met = None if limit is None else median <= limit
    return Figure(name, round(median, 3), round(max(values), 3), unit, len(values), goal, met, note)


def percentile(values: list[float], percent: float) -> float:
    """The value below which `percent` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of one step: by the clock, and of this thread on a processor (the rest went to other programs)."""

    wall: float
    processor: float


def both(work: Callable[[], object]) -> Spent:
    """One call: by the clock, and on the processor."""
    wall, processor = time.perf_counter(), time.thread_time()
    work()
    return Spent((time.perf_counter() - wall) * 1000, (time.thread_time() - processor) * 1000)


def spread(name: str, steps: list[Spent], limit: float, rare: float) -> list[Figure]:
    """Two figures: the median, whose goal is `limit`, and what 99 of 100 stay below, whose goal is `rare`."""
    walls = [step.wall for step in steps]
    busy = statistics.median(step.processor for step in steps)
    high = percentile(walls, 99)
    return [
        figure(name, walls, limit=limit, note=f"median of {busy:.1f} ms on the processor"),
        Figure(f"{name}, 99 of 100", round(high, 3), round(max(walls), 3), "ms", len(walls), f"≤ {rare:g} ms", high <= rare),
    ]  # fmt: skip


def ratio(name: str, ours: list[float], theirs: list[float], limit: float | None, note: str = "") -> Figure:
    """How many times `theirs` ours takes, medians of one run."""
    value = statistics.median(ours) / max(statistics.median(theirs), 1e-9)
    goal = "" if limit is None else f"≤ {limit:g}×"
    met = None if limit is None else value <= limit
    return Figure(name, round(value, 3), round(value, 3), "×", min(len(ours), len(theirs)), goal, met, note)


def load() -> float:
    """The machine's load over the last minute, 0 where it cannot be told."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
