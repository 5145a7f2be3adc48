"""One picture of a large object: its time must not grow with the number of frames; and a whole mammogram."""

from __future__ import annotations

import tempfile
from pathlib import Path

from viewer.bench.disc import largest, load_volume, read_index
from viewer.bench.measure import Figure, figure, ratio
from viewer.codec.pool import Decoder
from viewer.phantom.disc import DiscKind, write_disc

# Volumes of both are larger than what glibc keeps at hand (32 MiB): else a first touch of memory is in one alone.
FEW, MANY, SIZE = 80, 400, 512
MAMMOGRAM_ROWS = 4096
MOST_GROWTH = 1.5  # five times the frames, and still one frame


def measure_single(count: int = 5, size: int = SIZE, rows: int = MAMMOGRAM_ROWS) -> list[Figure]:
    """First picture of an enhanced object of few and of many frames in turn, and of a mammogram."""
    decoder = Decoder()
    with tempfile.TemporaryDirectory(prefix="sidelight-bench-") as place:
        few, many, breast = (Path(place) / name for name in ("few", "many", "breast"))
        write_disc(few, DiscKind.ENHANCED, FEW, size)
        write_disc(many, DiscKind.ENHANCED, MANY, size)
        write_disc(breast, DiscKind.MAMMOGRAM, 1, rows)
        try:
            spent = _first_pictures((few, many, breast), decoder, count)
        finally:
            decoder.close()
    return [
        figure(f"one frame of {FEW}", spent[few]),
        figure(f"one frame of {MANY}", spent[many], limit=100),
        ratio(f"one frame of {MANY} against one of {FEW}", spent[many], spent[few], MOST_GROWTH),
        figure(f"first picture, mammogram of {rows} rows", spent[breast], limit=100),
    ]


def _first_pictures(folders: tuple[Path, ...], decoder: Decoder, count: int) -> dict[Path, list[float]]:
    """Milliseconds, one folder after the other in each round; the first round is not counted."""
    found = {folder: largest(read_index(str(folder))) for folder in folders}
    spent: dict[Path, list[float]] = {folder: [] for folder in folders}
    for _ in range(count + 1):
        for folder, series in found.items():
            assert series is not None
            spent[folder].append(load_volume(str(folder), series, decoder).first)
    return {folder: times[1:] for folder, times in spent.items()}
