"""What every medium (a folder, a ZIP, several files) offers: a walk, and reads by offset. Never a write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, Protocol

from viewer.problem import Problem


class FileKind(StrEnum):
    """What a file is, told by its first bytes, never by its name alone."""

    DICOM = "dicom"
    DICOMDIR = "dicomdir"
    VIEWER = "viewer"  # the disc's own viewer program and what belongs to it: never started
    SYSTEM = "system"  # left by a computer that the disc was in: hidden files of macOS and Windows
    PICTURE = "picture"  # JPEG, PNG, BMP, TIFF, GIF and the like
    DOCUMENT = "document"  # PDF, text, HTML
    ARCHIVE = "archive"  # ZIP and the like, not opened at this level
    ENCRYPTED = "encrypted"  # locked
    FOREIGN = "foreign"  # pictures or raw data in a maker's own format
    FILM = "film"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    OTHER = "other"


class FoundFile(NamedTuple):
    """One file on a medium. `path` is relative to the root, with "/" (surrogateescape for odd names).

    A tuple, since two are made for each file of a disc: a frozen dataclass takes five times as long.
    """

    path: str
    size: int
    kind: FileKind = FileKind.OTHER
    problem: Problem | None = None
    changed: int = 0  # when it was last written (ns), or a checksum; 0 where the medium cannot tell

    def told(self, kind: FileKind) -> FoundFile:
        """The same file, its kind known now."""
        path, size, _, trouble, changed = self
        return _new(FoundFile, (path, size, kind, trouble, changed))


_new, _UNTOLD = tuple.__new__, FileKind.OTHER  # looked up once, and three times as fast as `FoundFile(…)`


def plain_file(path: str, size: int, changed: int) -> FoundFile:
    """A file that can be read, its kind not told yet."""
    return _new(FoundFile, (path, size, _UNTOLD, None, changed))


class Medium(Protocol):
    """A place with files. Reads raise ProblemError (codes of the section *disc*) and nothing else."""

    @property
    def name(self) -> str:
        """The root as the person gave it (folder or file name)."""
        ...

    @property
    def fingerprint(self) -> str:
        """Short stable text for a root path; only used to find a disc again before it has been read."""
        ...

    def walk(self) -> Iterator[FoundFile]:
        """Every file below the root, once, kind not yet told (`OTHER`), unreadable ones as UNREADABLE."""
        ...

    def inside(self, found: FoundFile) -> Iterable[FoundFile]:
        """The files in a packed file that only its content shows to be one, asked once its first bytes were read; none for
        every other file. Raises ProblemError where it is locked or damaged."""
        ...

    def read(self, path: str, offset: int, size: int) -> bytes:
        """At most `size` bytes from `offset` (fewer at the end of the file)."""
        ...

    def local(self, path: str) -> Path | None:
        """The real path when the file lies on a local file system (for direct reads), else None."""
        ...

    def close(self) -> None:
        """Give up open handles."""
        ...
