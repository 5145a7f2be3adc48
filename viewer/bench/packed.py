"""How fast a packed series is complete, against SimpleITK on the same files in the same run."""

from __future__ import annotations

import importlib.util
import tempfile
from dataclasses import dataclass
from pathlib import Path

from viewer.bench.disc import largest, load_volume, read_index, read_with_simpleitk
from viewer.bench.measure import Figure, figure, milliseconds, ratio
from viewer.codec.pool import Decoder
from viewer.phantom.disc import DiscKind, write_disc
from viewer.phantom.packed import PACKERS, write_packed

SLICES, SIZE = 48, 512


@dataclass(frozen=True, slots=True)
class Goal:
    """Of SimpleITK's time at most this part; None: it has no decoder for it."""

    name: str
    part: float | None


GOALS = (
    Goal("RLE", 1 / 10),
    Goal("JPEG lossless", 1 / 1.6),
    Goal("JPEG-LS", 1 / 1.3),
    Goal("JPEG 2000", 1.0),
    Goal("HTJ2K", None),
)


def measure_packed(count: int = 5, slices: int = SLICES, size: int = SIZE) -> list[Figure]:
    """Figures of each way of packing, of a made CT of `slices` pictures."""
    with tempfile.TemporaryDirectory(prefix="sidelight-bench-") as place:
        plain = Path(place) / "plain"
        write_disc(plain, DiscKind.CT, slices, size)
        files = sorted(path for path in plain.rglob("*") if path.is_file())
        figures: list[Figure] = []
        decoder = Decoder()
        try:
            for goal in GOALS:
                write_packed(files, Path(place) / goal.name, goal.name)
                figures += _measure(Path(place) / goal.name, goal, decoder, count)
        finally:
            decoder.close()
        return figures


def _measure(folder: Path, goal: Goal, decoder: Decoder, count: int) -> list[Figure]:
    """Rounds of both, one after the other, so that other work on the machine meets both."""
    index = read_index(str(folder))
    series = largest(index)
    assert series is not None
    files = sorted(path for path in folder.iterdir())
    compared = goal.part is not None and importlib.util.find_spec("SimpleITK") is not None
    ours, theirs = [], []
    load_volume(str(folder), series, decoder)
    for _ in range(count):
        ours.append(load_volume(str(folder), series, decoder).whole / len(files))
        if compared:
            theirs.append(milliseconds(lambda: read_with_simpleitk(files)) / len(files))
    assert len(series.frames) == len(files), PACKERS[goal.name]
    figures = [figure(f"{goal.name}, per picture of {series.columns} × {series.rows}", ours)]
    if compared:
        figures += [
            figure(f"{goal.name}, SimpleITK", theirs),
            ratio(f"{goal.name} against SimpleITK", ours, theirs, goal.part),
        ]
    return figures
