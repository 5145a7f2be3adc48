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


def keep_off(root: str, path: Path) -> None:
    """Nothing on the disc is ever written: raises ProblemError for a file that would lie in the open folder, or take the
    place of the open file. A folder that holds the person's own home is no disc: there everything lies in it."""
    try:
        disc, home, target = Path(root).resolve(), Path.home().resolve(), path.resolve()
    except (OSError, RuntimeError, ValueError):  # no home, no such name: writing it will tell
        return
    if target.is_relative_to(disc) and not home.is_relative_to(disc):
        raise ProblemError(problem("not_on_the_disc", where=str(path)))
