"""CopiedMedium: the copy of a disc seen as the disc, once that is out of its drive: same paths, same order, read from this
computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from viewer.disc.copy import CopyReport, copy_path, read_journal
from viewer.disc.folder import failure, fingerprint_of, read_regular
from viewer.disc.medium import FileKind, FoundFile
from viewer.problem import ProblemError, problem


class CopiedMedium:
    """Protocol `Medium` over a folder made by `copy_medium`. Files that could not be copied stay unreadable.

    report: what `copy_medium` said; without it the journal of the folder is read.
    Raises ProblemError where there is no copy of which every file was tried.
    """

    def __init__(self, folder: Path, report: CopyReport | None = None) -> None:
        self._folder = folder
        journal = read_journal(folder)
        self._name = journal.name
        self._rows = {row.path: row for row in (report.rows if report is not None else journal.rows)}
        if report is None and not journal.whole:
            raise ProblemError(problem("path_missing", str(folder)))

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self._name)

    def walk(self) -> Iterator[FoundFile]:
        """Every file of the disc."""
        for row in self._rows.values():
            kind = FileKind.UNREADABLE if row.problem is not None else FileKind.OTHER
            yield FoundFile(row.path, row.size, kind, row.problem)

    def inside(self, found: FoundFile) -> tuple[FoundFile, ...]:
        return ()

    def read(self, path: str, offset: int, size: int) -> bytes:
        row = self._rows.get(path)
        if row is None or not row.digest:
            raise ProblemError(row.problem if row is not None and row.problem else problem("file_gone", path))
        try:
            return read_regular(str(copy_path(self._folder, row)), offset, size)
        except OSError as error:
            raise ProblemError(failure(error, path)) from error
        except (ValueError, MemoryError, OverflowError) as error:
            raise ProblemError(problem("file_not_readable", path)) from error

    def local(self, path: str) -> Path | None:
        row = self._rows.get(path)
        return copy_path(self._folder, row) if row is not None and row.digest else None

    def close(self) -> None:
        """Nothing is held open."""
