"""Other programs that read the header of every file of a folder: an index is held against those that are installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from viewer.bench.measure import Figure, figure, milliseconds, ratio

TAGS = (
    "0008,0018", "0008,0060", "0020,000D", "0020,000E", "0020,0013",
    "0020,0032", "0020,0037", "0028,0010", "0028,0011", "0028,0030",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scanner:
    """A program, what it is asked, and how many times its time (its start included) an index may take."""

    name: str
    words: Callable[[str], list[str]]
    limit: float


SCANNERS = (
    Scanner("dicomfind", lambda path: [path, *(part for tag in TAGS for part in ("-k", f"{tag}="))], 1.5),
    Scanner("gdcmscanner", lambda path: ["-r", "-d", path, *(part for tag in TAGS for part in ("-t", tag))], 1.0),
)


def installed() -> list[Scanner]:
    """Those that are on this machine."""
    return [one for one in SCANNERS if shutil.which(one.name)]


def time_of(scanner: Scanner, path: str) -> float:
    """Milliseconds of one run over the folder; what it prints is not looked at."""
    command = [scanner.name, *scanner.words(path)]
    return milliseconds(lambda: subprocess.run(command, capture_output=True, check=False))


def against(theirs: dict[str, list[float]], ours: list[float]) -> list[Figure]:
    """Their times, and ours held against them; theirs: by name, in the rounds of ours."""
    figures = []
    for one in installed():
        figures.append(figure(f"{one.name}, the same files", theirs[one.name]))
        figures.append(ratio(f"index against {one.name}", ours, theirs[one.name], one.limit))
    return figures
