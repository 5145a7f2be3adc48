"""A process that opens series with a small budget, looks at all of them in all directions, and tells what each took.

`python -m tests.volume.peak_child BUDGET FOLDER…`: a line of JSON each. Linux only: nothing else tells a program's own peak.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.volume.discs import opened
from viewer.bench.memory import peak
from viewer.codec.pool import Decoder
from viewer.geometry.plane import Plane
from viewer.jobs.budget import Budget
from viewer.picture.look import Look
from viewer.picture.render import render
from viewer.volume.reader import FrameReader
from viewer.volume.source import open_source


def look(folder: Path, budget: int, decoder: Decoder) -> dict[str, list[str]]:
    """Every picture of every plane of the one series, drawn; plane → words said of its middle picture."""
    medium, index = opened(folder)
    (series,) = index.studies[0].series
    source = open_source(series, 0, FrameReader(medium, decoder, Budget(budget)))
    words: dict[str, list[str]] = {}
    for plane in source.planes:
        count = source.count(plane)
        for number in range(0, count, max(1, count // 40)):
            render(source.slice(plane, number), Look())
        words[plane.value] = [word.code for word in source.slice(plane, count // 2).problems]
    source.load()
    assert all(source.slice(Plane.NATIVE, number).values.any() for number in (0, source.count(Plane.NATIVE) - 1))
    source.close()
    return words


def main(budget: int, folders: list[str]) -> None:
    """The first folder twice, so that what is loaded once does not count."""
    decoder = Decoder(workers=1)
    look(Path(folders[0]), budget, decoder)
    for folder in folders:
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # forget the peak so far
        before = peak()
        words = look(Path(folder), budget, decoder)
        print(json.dumps({"folder": folder, "words": words, "grown": peak() - before}))
    decoder.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
