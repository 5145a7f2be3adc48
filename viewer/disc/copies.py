"""CopiedAlong: a slow disc that is copied while it is looked at. What is copied is read from the copy, the rest from the
disc. The copies of discs lie in one folder; old and large ones go.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from viewer.disc.copied import CopiedMedium
from viewer.disc.copy import JOURNAL, CopyReport, CopyRow, copy_medium, copy_path, name_of_whole, read_journal
from viewer.disc.folder import read_regular
from viewer.disc.medium import FoundFile, Medium
from viewer.jobs.jobs import Job
from viewer.problem import ProblemError, problem

MOST_BYTES = 20 << 30
MOST_DAYS = 30
_DAY = 24 * 3600.0


class CopiedAlong:
    """Protocol `Medium` over a disc and the copy that is being made of it."""

    def __init__(self, disc: Medium) -> None:
        self._disc = disc
        self._copied: dict[str, Path] = {}

    @property
    def name(self) -> str:
        return self._disc.name

    @property
    def fingerprint(self) -> str:
        return self._disc.fingerprint

    def walk(self) -> Iterator[FoundFile]:
        return self._disc.walk()

    def inside(self, found: FoundFile) -> Iterable[FoundFile]:
        return self._disc.inside(found)

    def read(self, path: str, offset: int, size: int) -> bytes:
        copy = self._copied.get(path)
        if copy is not None:
            try:
                return read_regular(str(copy), offset, size)
            except OSError:  # the copy was taken away: the disc still has it
                self._copied.pop(path, None)
        return self._disc.read(path, offset, size)

    def local(self, path: str) -> Path | None:
        return self._copied.get(path) or self._disc.local(path)

    def close(self) -> None:
        self._disc.close()

    def copy(self, copies: Path, job: Job[CopyReport], disc_key: str = "") -> CopyReport:
        """Copy the disc into its own folder of `copies`, or go on with it; each file is read from there once it is whole.

        Raises ProblemError where the copy cannot be kept (the disc goes on being read), and Cancelled.
        """
        folder = copies / contents_of(self._disc)
        prune(copies, folder.name)

        def take(row: CopyRow) -> None:
            if row.digest:
                self._copied[row.path] = copy_path(folder, row)

        return copy_medium(self._disc, folder, job, take, disc_key)


def contents_of(medium: Medium) -> str:
    """Short text that is the same for the same files (paths, sizes, times), wherever the disc is put in."""
    told = sorted(f"{found.path}\0{found.size}\0{found.changed}" for found in medium.walk())
    return sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def copy_of(copies: Path, path: str) -> CopiedMedium | None:
    """The copy that was made last of a disc that lay at `path`, all of it; None where there is none."""
    for folder in sorted(_folders(copies), key=_used, reverse=True):
        if name_of_whole(folder) == str(Path(path)):
            try:
                copied = CopiedMedium(folder)
                os.utime(folder / JOURNAL)  # in use: copies go by when they were used last
            except (ProblemError, OSError):
                continue
            return copied
    return None


def is_out(path: str) -> bool:
    """Whether nothing lies at a place, or an empty folder, as an empty drive shows."""
    try:
        if not os.path.isdir(path):
            return not os.path.lexists(path)
        with os.scandir(path) as entries:
            return next(entries, None) is None
    except (OSError, ValueError):
        return False


def copied_places(copies: Path) -> frozenset[str]:
    """Where the discs lay of which there is a whole copy."""
    return frozenset(map(name_of_whole, _folders(copies)))


def prune(copies: Path, kept: str, most_bytes: int = MOST_BYTES, now: float | None = None) -> None:
    """Remove copies not used for `MOST_DAYS`, then the oldest until the rest is small enough; never the one `kept`."""
    moment = time.time() if now is None else now
    left = 0
    for when, folder in sorted(((_used(one), one) for one in _folders(copies)), reverse=True):
        if folder.name == kept:
            continue
        left += _size(folder)
        if moment - when > MOST_DAYS * _DAY or left > most_bytes:
            shutil.rmtree(folder, ignore_errors=True)


def _size(folder: Path) -> int:
    """Bytes of the files in a folder; 0 where another Sidelight takes it away just now."""
    try:
        return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    except OSError:
        return 0


def forget_copies(copies: Path, is_meant: Callable[[str, str], bool]) -> None:
    """Remove the copies of discs that `is_meant(disc key, name of the medium)` means, names and pictures alike; the key is
    "" in copies of older versions. Raises ProblemError where one cannot be removed."""
    for folder in _folders(copies):
        journal = read_journal(folder)
        if is_meant(journal.disc_key, journal.name):
            try:
                shutil.rmtree(folder)
            except OSError as error:
                raise ProblemError(problem("not_all_forgotten")) from error


def _folders(copies: Path) -> list[Path]:
    try:
        return [one for one in copies.iterdir() if one.is_dir() and not one.is_symlink()]
    except OSError:
        return []


def _used(folder: Path) -> float:
    try:
        return (folder / JOURNAL).stat().st_mtime
    except OSError:
        return 0.0
