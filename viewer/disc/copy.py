"""copy_medium: a slow medium into a folder of this computer, once, in the order of the disc, so that it may come out.

The copies are named by counters: no name from the disc becomes a path. A journal of one line a file says which counter
is which file and what its bytes hash to; what is in the journal and still hashes so is not read from the disc again.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from viewer.disc.medium import FileKind, FoundFile, Medium
from viewer.jobs.jobs import Job
from viewer.problem import Problem, ProblemError, problem
from viewer.text.translate import count_of, tr

JOURNAL, PART = "journal", "part"
PIECE = 1 << 20
LEFT_SECONDS = 24 * 3600.0  # no single file takes that long
ROUNDS = 2  # files that failed are tried once more at the end: a drive may have found its track again
MOST_BYTES = 64 << 30  # one file; larger than anything on a disc
SPARE = 256 << 20  # of the free space is left alone
_REASONS = frozenset({
    "file_gone", "file_not_allowed", "file_not_readable", "link_not_followed", "not_a_regular_file", "folder_too_deep",
    "folder_not_readable", "copy_not_kept", "copy_too_large",
})  # fmt: skip
_LINE = 8 * 1024  # bytes of one journal line
_BEGUN = '{"medium"'


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One file of the medium: where its copy is (a counter), its real size and SHA-256, or why there is none."""

    path: str
    number: int
    size: int
    digest: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What was copied. `disc_may_come_out`: every file was tried; `text` says so, and what could not be read."""

    folder: Path
    rows: tuple[CopyRow, ...]
    read: int  # files read from the medium this time; the others were there already
    disc_may_come_out: bool
    text: str

    @property
    def failed(self) -> tuple[CopyRow, ...]:
        """Files without a copy."""
        return tuple(row for row in self.rows if not row.digest)


def copy_medium(
    medium: Medium,
    folder: Path,
    job: Job[CopyReport],
    copied: Callable[[CopyRow], None] = lambda row: None,
    disc_key: str = "",
) -> CopyReport:
    """Copy every file of `medium` into `folder` (made if needed, for this medium alone); goes on where it was stopped.

    copied: hears of each file as soon as its copy is whole. disc_key: noted in the journal, so that forgetting the disc
    finds its copy. Progress is in bytes. Raises ProblemError where the copy cannot be kept (no space, not writable) and
    Cancelled; a file that cannot be read is a row with its problem.
    """
    job.report(0, 0, tr("Looking through the disc"))
    found = list(medium.walk())
    try:
        return _Copying(medium, folder, job, found, copied).run(disc_key)
    except OSError as error:
        raise ProblemError(problem("copy_not_kept", str(folder))) from error


@dataclass(frozen=True, slots=True)
class Journal:
    """What a journal tells: the name of the medium and the key of its disc, the last row of each path, and whether every
    file was tried."""

    name: str = ""
    disc_key: str = ""
    rows: tuple[CopyRow, ...] = ()
    whole: bool = False


def read_journal(folder: Path) -> Journal:
    """The journal of a copy; broken lines are left out, no journal is an empty one."""
    rows: dict[str, CopyRow] = {}
    head, whole = Begun("", ""), False
    for entry in _entries(folder / JOURNAL):
        if isinstance(entry, CopyRow):
            rows[entry.path] = entry
        else:
            head, whole = (entry, False) if entry.name else (head, True)
    return Journal(head.name, head.disc_key, tuple(rows.values()), whole)


def name_of_whole(folder: Path) -> str:
    """The name of the medium that a folder holds a whole copy of, "" where some was never tried. Of the journal only the
    lines that begin or end a copying are looked at."""
    name, whole = "", False
    for entry in _entries(folder / JOURNAL, _BEGUN):
        if isinstance(entry, Begun):
            name, whole = (entry.name, False) if entry.name else (name, True)
    return name if whole else ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A line that begins a copying, or with no name ends one."""

    name: str
    disc_key: str


class _Copying:
    def __init__(
        self,
        medium: Medium,
        folder: Path,
        job: Job[CopyReport],
        found: list[FoundFile],
        copied: Callable[[CopyRow], None],
    ) -> None:
        self._medium, self._folder, self._job, self._found, self._hears = medium, folder, job, found, copied
        self._total = sum(file.size for file in found if _is_wanted(file))
        self._done = self._read = 0
        self._rows: dict[str, CopyRow] = {}

    def run(self, disc_key: str) -> CopyReport:
        for folder in (self._folder.parent, self._folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(self._folder)
        before = {row.path: row for row in read_journal(self._folder).rows}
        left = [(number, file) for number, file in enumerate(self._found, 1) if not self._kept(number, file, before)]
        missing = sum(file.size for _, file in left if _is_wanted(file))
        if missing > max(shutil.disk_usage(self._folder).free - SPARE, 0):
            raise ProblemError(problem("copy_no_space", str(self._folder)))
        with open(self._folder / JOURNAL, "a", encoding="ascii", opener=_for_the_owner) as journal:
            journal.write("\n" + json.dumps({"medium": self._medium.name, "disc": disc_key}) + "\n")
            for turn in range(ROUNDS):
                for number, file in left:
                    row = self._copied(number, file)
                    self._rows[file.path] = row
                    self._hears(row)
                    journal.write(json.dumps(_told(row)) + "\n")
                    journal.flush()
                left = [(number, file) for number, file in left if self._may_be_tried_again(file)]
                if not left or turn + 1 == ROUNDS:
                    break
                self._done -= sum(file.size for _, file in left)
            journal.write(json.dumps({"medium": ""}) + "\n")
        return self._report()

    def _kept(self, number: int, file: FoundFile, before: dict[str, CopyRow]) -> bool:
        """Whether the copy of an earlier time is whole; then it counts as done."""
        row = before.get(file.path)
        if row is None or not row.digest or row.number != number or row.size > file.size:
            return False
        self._say(number)
        if _digest_of(self._folder / _name(number)) != row.digest:
            return False
        self._rows[file.path] = row
        self._done += file.size
        self._hears(row)
        return True

    def _copied(self, number: int, file: FoundFile) -> CopyRow:
        if not _is_wanted(file):
            return CopyRow(file.path, number, file.size, "", file.problem or problem("copy_too_large", file.path))
        self._read += 1
        before = self._done
        try:
            row = self._written(number, file)
        except ProblemError as error:
            row = CopyRow(file.path, number, file.size, problem=error.problem)
        self._done = before + file.size
        return row

    def _written(self, number: int, file: FoundFile) -> CopyRow:
        """Read a file piece by piece, write it beside its name, look whether it came to rest as it was read, rename."""
        hashed, size = sha256(), 0
        handle, name = mkstemp(prefix=PART, dir=self._folder)  # its own: another program may be copying this disc too
        part = Path(name)
        try:
            with open(handle, "wb") as copy:
                while size < file.size:
                    self._say(number)
                    piece = self._medium.read(file.path, size, min(PIECE, file.size - size))
                    if not piece:  # shorter than the disc's own table says; what there is is kept
                        break
                    copy.write(piece)
                    hashed.update(piece)
                    size += len(piece)
                    self._done += len(piece)
                copy.flush()
                os.fsync(copy.fileno())
            digest = hashed.hexdigest()
            if _digest_of(part) != digest:
                raise ProblemError(problem("copy_not_kept", file.path))
            part.replace(self._folder / _name(number))
        finally:
            part.unlink(missing_ok=True)
        return CopyRow(file.path, number, size, digest)

    def _may_be_tried_again(self, file: FoundFile) -> bool:
        return _is_wanted(file) and not self._rows[file.path].digest

    def _say(self, number: int) -> None:
        words = tr("Copying file {n} of {all}", n=number, all=len(self._found))
        self._job.report(self._done, max(self._total, self._done), words)

    def _report(self) -> CopyReport:
        rows = tuple(self._rows[file.path] for file in self._found)
        lost = sum(row.problem is not None for row in rows)
        text = tr("Everything is on this computer now. The disc may come out.")
        if lost:
            files = count_of(lost, "{n} file could not be read.", "{n} files could not be read.")
            text = tr("All that can be read is on this computer now. The disc may come out. {files}", files=files)
        self._job.report(self._total, self._total, text)
        return CopyReport(self._folder, rows, self._read, True, text)


def _sweep(folder: Path) -> None:
    """Take away what a program that was killed left half written; what is being written now is younger."""
    for part in folder.glob(PART + "*"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > LEFT_SECONDS:
                part.unlink()


def _for_the_owner(path: str, flags: int) -> int:
    """Opens so that nobody else on this computer can read what is written: it holds names and pictures."""
    return os.open(path, flags, 0o600)


def _is_wanted(file: FoundFile) -> bool:
    return file.kind is not FileKind.UNREADABLE and file.size <= MOST_BYTES


def _name(number: int) -> str:
    return f"{number:08}"


def copy_path(folder: Path, row: CopyRow) -> Path:
    """Where the copy of a row lies."""
    return folder / _name(row.number)


def _digest_of(path: Path) -> str:
    """SHA-256 of a file of ours; "" where there is none."""
    try:
        with path.open("rb") as file:
            hashed = sha256()
            while piece := file.read(PIECE):
                hashed.update(piece)
            return hashed.hexdigest()
    except OSError:
        return ""


def _told(row: CopyRow) -> dict[str, object]:
    code = row.problem.code if row.problem is not None else ""
    return {"path": row.path, "number": row.number, "size": row.size, "sha256": row.digest, "problem": code}


def _entries(journal: Path, start: str = "") -> Iterator[CopyRow | Begun]:
    """Rows, and where a copying begins or came to its end; only those whose line begins with `start`. A line that a
    stopped program left half written says nothing."""
    try:
        with journal.open("r", encoding="ascii", errors="replace") as lines:
            for line in lines:
                entry = _entry(line) if len(line) < _LINE and line.startswith(start) else None
                if entry is not None:
                    yield entry
    except OSError:
        return


def _entry(line: str) -> CopyRow | Begun | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    match told:
        case {"medium": str(name)}:
            return Begun(name, str(told.get("disc", "")))
        case {"path": str(path), "number": int(number), "size": int(size), "sha256": str(digest), "problem": str(code)}:
            reason = problem(code if code in _REASONS else "file_not_readable", path) if code or not digest else None
            return CopyRow(path, max(number, 0), max(size, 0), digest, reason)
        case _:
            return None
