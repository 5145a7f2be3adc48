"""What the disk and the database can refuse, told as a Problem a person can act on."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from viewer.problem import ProblemError, problem

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_SQLITE: dict[int, str] = {
    sqlite3.SQLITE_FULL: "archive_full",
    sqlite3.SQLITE_READONLY: "archive_not_writable",
    sqlite3.SQLITE_PERM: "archive_not_writable",
    sqlite3.SQLITE_CANTOPEN: "archive_not_writable",
    sqlite3.SQLITE_CORRUPT: "archive_damaged",
    sqlite3.SQLITE_NOTADB: "archive_damaged",
    sqlite3.SQLITE_BUSY: "archive_busy",
    sqlite3.SQLITE_LOCKED: "archive_busy",
}


def code_of(failure: OSError | sqlite3.Error) -> str:
    """The problem code of a failure; "archive_failed" where the reason is unknown."""
    if isinstance(failure, sqlite3.Error):
        return _SQLITE.get(getattr(failure, "sqlite_errorcode", 0) & 0xFF, "archive_failed")
    if isinstance(failure, BlockingIOError):
        return "archive_busy"
    if failure.errno in _FULL:
        return "archive_full"
    return "archive_not_writable" if failure.errno in _CLOSED else "archive_failed"


@contextmanager
def told_as_problem() -> Iterator[None]:
    """Turn failures of disk and database inside into ProblemError."""
    try:
        yield
    except (OSError, sqlite3.Error) as failure:
        raise ProblemError(problem(code_of(failure))) from failure
