"""Cine: which picture of a film belongs to which moment (rule R-S7, PS3.3 C.7.6.5). Time leads: late pictures are
skipped, the film never slows down."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from viewer.index.model import Series, SeriesKind
from viewer.text.translate import tr

USUAL_MS = 100.0
SHORTEST_MS, LONGEST_MS = 1.0, 10_000.0
PLAYED = frozenset({SeriesKind.CINE, SeriesKind.STACK})


@dataclass(frozen=True, slots=True)
class Timing:
    """starts: the moment each picture begins, in ms from the first; total: when it begins anew."""

    starts: tuple[float, ...]
    total: float
    is_recorded: bool = True
    sweeps: bool = False  # forward and back again

    def index_at(self, elapsed_ms: float, first: int = 0) -> int:
        """The picture on screen `elapsed_ms` after picture `first` was begun."""
        moment = self.starts[first] + max(elapsed_ms, 0.0)
        if self.sweeps:
            moment %= 2 * self.total
            moment = moment if moment < self.total else 2 * self.total - moment - 1e-9
        else:
            moment %= self.total
        return max(0, bisect_right(self.starts, moment) - 1)

    @property
    def per_second(self) -> float:
        """Pictures a second, on the average."""
        return len(self.starts) * 1000.0 / self.total

    @property
    def words(self) -> str:
        """ "25 pictures a second", or that the file does not say."""
        rate = f"{self.per_second:.3g}"
        if not self.is_recorded:
            return tr("The speed is not recorded; playing {n} pictures a second.", n=rate)
        if rate == "1":
            return tr("Playing one picture a second.")
        return tr("Playing {n} pictures a second.", n=rate)


def timing_of(series: Series, group: int) -> Timing:
    """The timing of a group: its own vector, its own step, else ten a second."""
    frames = series.groups[group].frames
    header, count = frames[0].header, len(frames)
    vector = header.frame_times_ms
    if len(vector) == count and header.frames == count and sum(vector) > 0:
        steps = [_sane(value) for value in vector[1:]]
        last = sum(steps) / len(steps)
        starts = tuple(accumulate(steps, initial=0.0))
        return Timing(starts, starts[-1] + last, True, header.sweeps)
    step = header.frame_time_ms
    each = _sane(step) if step is not None else USUAL_MS
    return Timing(tuple(each * n for n in range(count)), each * count, step is not None, header.sweeps)


def _sane(step: float) -> float:
    return min(max(step, SHORTEST_MS), LONGEST_MS)


def why_not_play(series: Series | None, group: int) -> str:
    """Why this is no film, "" where it can be played."""
    if series is None or group >= len(series.groups):
        return "Choose a set of pictures on the left first."
    if len(series.groups[group].frames) < 2:
        return "This is a single picture."
    if series.kind not in PLAYED:
        return "These pictures lie beside one another in the body; they are not a film. Scroll with the wheel."
    return ""
