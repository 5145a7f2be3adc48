"""Saving a file of the person's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from viewer.jobs.whole_file import write_whole
from viewer.problem import ProblemError, problem

if TYPE_CHECKING:
    from viewer.index.model import DiscIndex

OWN_KINDS = frozenset({".png", ".npy", ".json", ".pdf", ".csv"})  # how the files end that are written when asked for


def home() -> Path:
    """Where a person looks for a file of his own first; where an account has no home, the folder the program runs in."""
    try:
        return Path.home()
    except RuntimeError:
        return Path.cwd()


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


def keep_originals(disc: DiscIndex, path: Path) -> None:
    """What a scan is made of is never replaced, nor any other file of the disc that does not end like one of Sidelight's
    own: raises ProblemError. A person may name a new file in the open folder, and write again what Sidelight wrote
    there; a PDF or a picture that Sidelight does not write like this is the clinic's."""
    try:
        root, target = Path(disc.root).resolve(), path.resolve()
        is_there = target == root or (target.is_relative_to(root) and target.is_file())
    except (OSError, RuntimeError, ValueError):  # no such name: writing it will tell
        return
    if is_there and (not _may_be_own(target) or target in _originals(disc, root)):
        raise ProblemError(problem("not_over_the_disc", where=str(path)))


def _may_be_own(path: Path) -> bool:
    """Whether Sidelight may have written this file: it ends like one of its own, and a PDF or a PNG is made like one."""
    kind = path.suffix.lower()
    if kind not in _MADE_LIKE_OWN:
        return kind in OWN_KINDS
    try:
        data = path.read_bytes()
    except OSError:
        return False  # what cannot be read stays
    return not data or _MADE_LIKE_OWN[kind](data)


def _is_report(data: bytes) -> bool:
    return b"(Sidelight report)" in data


def _is_plain_png(data: bytes) -> bool:
    """Ours have these three parts alone; those of other programs mostly tell a resolution, a time or a program too."""
    from viewer.picture.png import png_chunks  # numpy comes after the window

    try:
        return [kind for kind, _ in png_chunks(data)] == [b"IHDR", b"IDAT", b"IEND"]
    except ValueError:
        return False


_MADE_LIKE_OWN: dict[str, Callable[[bytes], bool]] = {".pdf": _is_report, ".png": _is_plain_png}


def _originals(disc: DiscIndex, root: Path) -> frozenset[Path]:
    frames = {frame.header.path for frame in disc.every_frame}
    documents = {header.path for series in disc.every_series for header in series.documents}
    return frozenset(root / path for path in frames | documents)
