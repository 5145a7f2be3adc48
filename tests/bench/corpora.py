"""The discs that are measured on: `python -m tests.bench.corpora FOLDER [NAME …]`, then `sidelight bench FOLDER/NAME`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from viewer.phantom.disc import DiscKind, ct_facts, write_disc
from viewer.phantom.field import Box
from viewer.phantom.scan import SAGITTAL, Facts, Scan, write_scan


def ct(folder: Path, share: float) -> None:
    """600 slices of 512 × 512, not packed."""
    write_disc(folder, DiscKind.CT, _part(600, share), _part(512, share))


def mr_tree(folder: Path, share: float) -> None:
    """Ten MR series of 300 files of 256 × 256, each in a folder of its own."""
    for number in range(1, 11):
        _series(folder / f"SE{number:02d}", number, _part(300, share), _part(256, share), "{number:04d}.dcm")


def mixed(folder: Path, share: float) -> None:
    """100 MR series of 40 files, all in one folder, by turns."""
    for number in range(1, _part(100, share) + 1):
        _series(folder, number, _part(40, share), _part(64, share), f"IM{{number:04d}}{number:04d}")


def enhanced(folder: Path, share: float) -> None:
    """One object of 400 frames."""
    write_disc(folder, DiscKind.ENHANCED, _part(400, share), _part(256, share))


def mammogram(folder: Path, share: float) -> None:
    """One picture of 4,096 rows and 3,328 columns."""
    write_disc(folder, DiscKind.MAMMOGRAM, 1, _part(4096, share))


CORPORA: dict[str, Callable[[Path, float], None]] = {
    "ct": ct,
    "mr-tree": mr_tree,
    "mixed": mixed,
    "enhanced": enhanced,
    "mammogram": mammogram,
}


def _part(whole: int, share: float) -> int:
    return max(4, round(whole * share))


def _series(folder: Path, number: int, count: int, size: int, name: str) -> None:
    box = Box.about((0, 0, 0), (count, size, size), (3, 400 / size, 400 / size))
    y, z = np.ogrid[:size, :size]
    rows = (np.hypot(y - size / 2, z - size / 2) < size / 3).astype(np.uint16) * 600
    scan = Scan(box, np.broadcast_to(rows[:, :, None], (size, size, count)), SAGITTAL)
    facts: Facts = replace(
        ct_facts(), modality="MR", series=f"mr{number}", number=number, description=f"T2 sag {number}", intercept=0.0
    )
    write_scan(folder, scan, facts, name=lambda instance: name.format(number=instance))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.corpora", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help=f"some of {', '.join(CORPORA)}; all where none is named")
    given = parser.parse_args()
    for each in given.names or CORPORA:
        CORPORA[each](given.folder / each, 1.0)
        print(given.folder / each)
