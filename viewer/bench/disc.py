"""Index, first picture and volume of a folder, against reading the same bytes and, where installed, SimpleITK."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.bench.measure import Figure, both, figure, milliseconds, ratio
from viewer.bench.scanners import against, installed, time_of
from viewer.codec.pool import Decoder
from viewer.disc.open import open_medium
from viewer.geometry.plane import Plane
from viewer.index.model import DiscIndex, Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.source import open_source


def read_index(path: str) -> DiscIndex:
    """The index of a folder."""
    medium = open_medium(path, None)
    try:
        return read_disc(medium, Job("bench"), lambda index: None)
    finally:
        medium.close()


def read_heads(paths: list[Path]) -> None:
    """The limit for an index: open, read 16 KiB, close."""
    for path in paths:
        with path.open("rb") as file:
            file.read(16 * 1024)


def read_whole(paths: list[Path]) -> None:
    """The limit for a volume: read every file."""
    for path in paths:
        path.read_bytes()


def largest(index: DiscIndex) -> Series | None:
    """The series with the most pixels."""
    every = [series for series in index.every_series if series.frames]
    return max(every, key=lambda series: len(series.frames) * series.rows * series.columns, default=None)


def measure_disc(path: str, count: int = 5) -> list[Figure]:
    """All figures of one folder."""
    index = read_index(path)
    root = Path(index.root)
    files = [one for one in sorted(root.rglob("*")) if one.is_file()] if root.is_dir() else [root]
    if not files:
        return []
    heads, spent = [], []
    theirs: dict[str, list[float]] = {one.name: [] for one in installed()}
    for _ in range(count):
        heads.append(milliseconds(lambda: read_heads(files)))
        spent.append(both(lambda: read_index(path)))
        for one in installed():
            theirs[one.name].append(time_of(one, path))
    ours = [one.wall for one in spent]
    figures = [
        figure(f"raw heads of {len(files)} files", heads),
        figure(f"index of {len(files)} files", ours),
        figure("index", [len(files) / (value / 1000) for value in ours], "files/s"),
        figure("index, on the processor", [1000 * one.processor / len(files) for one in spent], "µs/file", limit=50),
        ratio("index against raw heads", ours, heads, None),
        *against(theirs, ours),
    ]
    series = largest(index)
    return figures if series is None else figures + measure_series(path, index, series, count)


def measure_series(path: str, index: DiscIndex, series: Series, count: int) -> list[Figure]:
    """First picture after the click and the whole volume, the decoder warm."""
    root = Path(index.root)
    files = sorted({root / frame.header.path for frame in series.frames}) if root.is_dir() else [root]
    raw, first, whole = [], [], []
    decoder = Decoder()
    try:
        read_whole(files)
        for _ in range(count):
            raw.append(milliseconds(lambda: read_whole(files)))
            took = load_volume(path, series, decoder)
            first.append(took.first)
            whole.append(took.whole)
    finally:
        decoder.close()
    words = f"{len(series.frames)} pictures of {series.columns} × {series.rows}"
    figures = [
        figure(f"first picture ({words})", first, limit=100),
        figure("raw read of the same files", raw),
        figure("volume complete", whole),
        ratio("volume against raw read", whole, raw, 1.6),
    ]
    return figures + measure_simpleitk(files, whole, count)


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds from a set that is not open to its first picture, and from there to all of them."""

    first: float
    whole: float


def load_volume(path: str, series: Series, decoder: Decoder) -> Took:
    """Open the first group of a series anew, show its middle, load the rest."""
    medium = open_medium(path, None)
    opened: list[Source] = []

    def show_middle() -> None:
        source = open_source(series, 0, FrameReader(medium, decoder, Budget()))
        opened.append(source)
        source.slice(Plane.NATIVE, source.count(Plane.NATIVE) // 2)

    took = Took(milliseconds(show_middle), milliseconds(lambda: opened[0].load()))
    opened[0].close()
    medium.close()
    return took


def read_with_simpleitk(files: list[Path]) -> None:
    """The same files through SimpleITK; raises RuntimeError where it cannot."""
    import SimpleITK

    kit: Any = SimpleITK
    reader = kit.ImageSeriesReader()
    reader.SetFileNames([str(one) for one in files])
    reader.Execute()


def measure_simpleitk(files: list[Path], ours: list[float], count: int) -> list[Figure]:
    """The same series through SimpleITK, where it is installed."""
    if importlib.util.find_spec("SimpleITK") is None:
        return []
    try:
        theirs = [milliseconds(lambda: read_with_simpleitk(files)) for _ in range(count)]
    except RuntimeError:
        return []
    return [figure("SimpleITK, the same files", theirs), ratio("volume against SimpleITK", ours, theirs, None)]
