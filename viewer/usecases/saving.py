"""Saving a file of the person's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from viewer.jobs.whole_file import write_whole
from viewer.problem import ProblemError, problem


def save_file(data: bytes, path: Path) -> Path:
    """Write `data` at `path`; what stood there before stays until all of it is on the disk. Raises ProblemError."""
    return save_pieces((data,), path)


def save_pieces(pieces: Iterable[bytes], path: Path) -> Path:
    """As `save_file`, one piece after the other: a film need not fit into the memory. Raises ProblemError, also that of
    a piece that cannot be read."""
    try:
        write_whole(path, pieces)
    except (OSError, ValueError) as failure:
        raise ProblemError(problem("cannot_write_file", where=str(path))) from failure
    return path
