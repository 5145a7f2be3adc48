"""FolderMedium: the regular files below one folder. FilesMedium: several chosen files. Nothing is ever written.

What lies on a disc is hostile: links may lead anywhere, names may be no text, a file may be a pipe that blocks for
ever. So links are named but not followed, only regular files are opened, and every open says O_NONBLOCK.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from viewer.disc.medium import FileKind, FoundFile, plain_file
from viewer.problem import Problem, ProblemError, problem

MAX_DEPTH = 128  # folders within folders; a deeper tree is a trap, not a disc
TRIES = 3
_PAUSE_S = 0.05  # doubled after each failed read: a drive needs a moment to spin up or to find its track again
READ_ONLY = (  # a pipe on a disc must not block, a link not lead elsewhere
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_SLASH = os.sep == "/"  # elsewhere a name may hold a drive or a backslash, so each one is looked at
_AT_PLACE = hasattr(os, "pread")
NO_NAMES = frozenset({"", ".", ".."})
_TRY_AGAIN = frozenset({errno.EIO, errno.EAGAIN, errno.EBUSY, errno.ETIMEDOUT, errno.EINTR})
_GONE = frozenset({errno.ENXIO, errno.ENODEV, errno.ENOENT, errno.ENOTDIR, errno.ESTALE})
_CODES = {errno.EACCES: "file_not_allowed", errno.EPERM: "file_not_allowed", errno.ELOOP: "link_not_followed"}


def failure(error: OSError, where: str) -> Problem:
    """The Problem for a failed read of the file `where`."""
    code = error.errno or 0
    if code in _GONE:
        return problem("file_gone", where)
    return problem(_CODES.get(code, "file_not_readable"), where)


def retried(action: Callable[[], bytes], where: str) -> bytes:
    """`action()`, tried `TRIES` times while the medium itself fails (scratches, a drive that woke up late).
    Raises ProblemError."""
    for left in range(TRIES - 1, -1, -1):
        try:
            return action()
        except OSError as error:
            if left == 0 or error.errno not in _TRY_AGAIN:
                raise ProblemError(failure(error, where)) from error
        except (ValueError, MemoryError, OverflowError) as error:
            raise ProblemError(problem("file_not_readable", where)) from error
        time.sleep(_PAUSE_S * 2 ** (TRIES - 2 - left))
    raise AssertionError("unreachable")


def read_regular(path: str, offset: int, size: int) -> bytes:
    """At most `size` bytes at `offset` of the regular file `path`; raises OSError."""
    handle = os.open(path, READ_ONLY)
    try:
        first = os.pread(handle, size, offset) if _AT_PLACE else _seek_and_read(handle, size, offset)
        return first if len(first) == size else first + _rest(handle, offset + len(first), size - len(first))
    finally:
        os.close(handle)


def _rest(handle: int, offset: int, size: int) -> bytes:
    """What a short read left out; nothing at the end of the file. Pipes end before this (they have no offset)."""
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(errno.EIO, "not a regular file")
    parts = []
    while size > 0 and offset < facts.st_size and (part := _seek_and_read(handle, size, offset)):
        parts.append(part)
        offset, size = offset + len(part), size - len(part)
    return b"".join(parts)


def _seek_and_read(handle: int, size: int, offset: int) -> bytes:
    os.lseek(handle, offset, os.SEEK_SET)
    return os.read(handle, size)


def fingerprint_of(text: str) -> str:
    """Short stable text for a path."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _is_plain(path: str) -> bool:
    """Whether a relative path names something below its root by words alone."""
    parts = path.split("/")
    return "\0" not in path and NO_NAMES.isdisjoint(parts) and (_SLASH or not any(c in path for c in "\\:"))


class FolderMedium:
    """The files below one folder; a single file as root is a medium with that one file (protocol `Medium`)."""

    def __init__(self, root: Path) -> None:
        self._name = str(root)
        real = os.path.realpath(root)
        self._single = os.path.isfile(real)
        self._root, self._file = os.path.split(real) if self._single else (real, "")
        self._prefix = self._root if self._root.endswith(os.sep) else self._root + os.sep
        self._walked = {""}  # folders reached without a link, with "/"

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(os.path.join(self._root, self._file))

    def walk(self) -> Iterator[FoundFile]:
        """Every file, in the order of the directory within a folder (that is the order on an optical disc)."""
        if self._single:
            yield _found_single(self._prefix + self._file, self._file)
            return
        waiting: list[tuple[str, int]] = [("", 0)]
        while waiting:
            folder, depth = waiting.pop()
            inner: list[tuple[str, int]] = []
            for item in self._scan(folder):
                if isinstance(item, FoundFile):
                    yield item
                elif depth >= MAX_DEPTH:
                    yield FoundFile(item, 0, FileKind.UNREADABLE, problem("folder_too_deep", item))
                else:
                    inner.append((item, depth + 1))
            waiting.extend(reversed(inner))

    def _scan(self, folder: str) -> Iterator[FoundFile | str]:
        """Files of one folder as FoundFile and its folders as relative paths."""
        self._walked.add(folder)
        lead = folder + "/" if folder else ""
        try:
            with os.scandir(self._prefix + folder.replace("/", os.sep)) as entries:
                for entry in entries:
                    yield _found_entry(entry, lead + entry.name)
        except OSError as error:
            code = "folder_not_readable" if error.errno in _CODES else "file_not_readable"
            yield FoundFile(folder or ".", 0, FileKind.UNREADABLE, problem(code, folder))

    def inside(self, found: FoundFile) -> tuple[FoundFile, ...]:
        return ()

    def read(self, path: str, offset: int, size: int) -> bytes:
        real = self._real(path)
        try:
            return read_regular(real, offset, size)
        except (OSError, ValueError, MemoryError, OverflowError):
            return retried(lambda: read_regular(real, offset, size), path)

    def _real(self, path: str) -> str:
        """The real path of a relative one; raises ProblemError when it would lead out of the root."""
        folder, _, name = path.rpartition("/")
        if _SLASH and folder in self._walked and name not in NO_NAMES:
            return self._prefix + path
        real = self._prefix + path.replace("/", os.sep)
        if not _is_plain(path) or not (os.path.realpath(os.path.dirname(real)) + os.sep).startswith(self._prefix):
            raise ProblemError(problem("path_climbs_out", path))
        return real

    def local(self, path: str) -> Path | None:
        return Path(self._real(path))

    def close(self) -> None:
        """Nothing is held open."""


def _found_single(real: str, name: str) -> FoundFile:
    try:
        facts = os.stat(real)
        return FoundFile(name, facts.st_size, changed=facts.st_mtime_ns)
    except OSError as error:
        return FoundFile(name, 0, FileKind.UNREADABLE, failure(error, name))


def _found_entry(entry: os.DirEntry[str], path: str) -> FoundFile | str:
    try:
        if entry.is_file(follow_symlinks=False):
            facts = entry.stat(follow_symlinks=False)
            return plain_file(path, facts.st_size, facts.st_mtime_ns)
        if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
            return path
        code = "not_a_regular_file" if not entry.is_symlink() and not _is_junction(entry) else "link_not_followed"
        return FoundFile(path, 0, FileKind.UNREADABLE, problem(code, path))
    except OSError as error:
        return FoundFile(path, 0, FileKind.UNREADABLE, failure(error, path))


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """A Windows junction counts as a folder, yet leads elsewhere."""
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return bool(tag)


class ChosenMedium:
    """Several files and folders chosen at once, each by its own path; equal names are told apart by a number."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._chosen: dict[str, FolderMedium] = {}
        self._inner: dict[str, str] = {}  # of those that are files: the name below their own folder
        self._name = str(paths[0]) if paths else ""
        for path in paths:
            name, count = path.name, 1
            while name in self._chosen:
                count += 1
                name = f"{path.name} ({count})"
            self._chosen[name] = FolderMedium(path)
            if path.is_file():
                self._inner[name] = os.path.basename(os.path.realpath(path))

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return fingerprint_of("\n".join(sorted(medium.fingerprint for medium in self._chosen.values())))

    def walk(self) -> Iterator[FoundFile]:
        for name, medium in self._chosen.items():
            is_whole = name in self._inner
            for found in medium.walk():
                yield found._replace(path=name if is_whole or found.path == "." else f"{name}/{found.path}")

    def inside(self, found: FoundFile) -> tuple[FoundFile, ...]:
        return ()

    def read(self, path: str, offset: int, size: int) -> bytes:
        medium, inner = self._place(path)
        return medium.read(inner, offset, size)

    def _place(self, path: str) -> tuple[FolderMedium, str]:
        """Which of the chosen holds a path, and the path there."""
        if path in self._inner:
            return self._chosen[path], self._inner[path]
        name, _, inner = path.partition("/")
        if name not in self._chosen or name in self._inner:
            raise ProblemError(problem("file_gone", path))
        return self._chosen[name], inner

    def local(self, path: str) -> Path | None:
        medium, inner = self._place(path)
        return medium.local(inner)

    def close(self) -> None:
        """Nothing is held open."""
