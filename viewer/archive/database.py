"""Opening the one database: its settings, its tables, its migrations. Only this room speaks SQL.

The file is its owner's alone before the first connect; write-ahead log (where the disk lets programs share memory),
deleted rows overwritten, nothing in the schema trusted: a database may have been put there by somebody else.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from viewer.archive import seen
from viewer.archive.lock import exclusive
from viewer.archive.place import make_file
from viewer.archive.trouble import told_as_problem
from viewer.problem import ProblemError, problem

NAME, LOCK = "archive.sqlite", "archive.lock"
APPLICATION_ID = 0x51DE1167
_NO_SHARED_MEMORY = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL}
CHECKED_AT_OPENING = 64 * 1024 * 1024  # bytes: a larger file is checked only where it is read

_PRAGMAS = (
    "busy_timeout = 2000",
    "synchronous = FULL",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
)

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE disc (
        key TEXT PRIMARY KEY, path TEXT NOT NULL, name TEXT NOT NULL, words TEXT NOT NULL, opened_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE view (disc_key TEXT PRIMARY KEY, shape TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE mark (
        disc_key TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, shape TEXT NOT NULL,
        PRIMARY KEY (disc_key, id)
    ) WITHOUT ROWID;
    CREATE TABLE turn (
        number INTEGER PRIMARY KEY, disc_key TEXT NOT NULL, conversation_id TEXT NOT NULL, id TEXT NOT NULL,
        shape TEXT NOT NULL, answer TEXT NOT NULL, UNIQUE (disc_key, id)
    );
    CREATE TABLE sent_picture (
        disc_key TEXT NOT NULL, turn_id TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (disc_key, turn_id, sha256)
    ) WITHOUT ROWID;
    CREATE TABLE picture (sha256 TEXT PRIMARY KEY, png BLOB NOT NULL);
    """,
    """
    CREATE TABLE reading (
        place TEXT PRIMARY KEY, disc_key TEXT NOT NULL, number INTEGER NOT NULL, files BLOB NOT NULL
    ) WITHOUT ROWID;
    """,
    "CREATE TABLE deeds (disc_key TEXT PRIMARY KEY, shape TEXT NOT NULL) WITHOUT ROWID;",
)
"""Each row brings `user_version` one further. Rows are only ever added."""


def open_database(folder: Path) -> tuple[sqlite3.Connection, Path | None]:
    """The database in `folder`, and where a damaged one was moved to (None when it was whole).

    Raises ProblemError: archive_not_writable, archive_full, archive_busy, archive_newer.
    """
    with told_as_problem(), exclusive(folder / LOCK):  # of programs started at once only one makes the tables
        return _open_or_replace(folder / NAME)


def _open_or_replace(path: Path) -> tuple[sqlite3.Connection, Path | None]:
    try:
        return _open_whole(path), None
    except ProblemError as failure:
        if failure.problem.code != "archive_damaged":
            raise
    moved = _move_aside(path)
    return _open_whole(path), moved


def memory_database() -> sqlite3.Connection:
    """A database that is gone when the program ends."""
    connection = _connect(":memory:")
    _migrate(connection, None)
    connection.execute(seen.TABLE)
    return connection


def _open_whole(path: Path) -> sqlite3.Connection:
    make_file(path)
    with told_as_problem():
        try:
            return _opened(path, "WAL")
        except sqlite3.OperationalError as failure:
            if failure.sqlite_errorcode & 0xFF not in _NO_SHARED_MEMORY:
                raise
        # network disks and those of virtual machines: a log needs memory shared through files
        return _opened(path, "DELETE")


def _opened(path: Path, journal: str) -> sqlite3.Connection:
    connection = _connect(path, "NORMAL" if journal == "WAL" else "EXCLUSIVE")
    try:
        _check(connection, path)
        connection.execute(f"PRAGMA journal_mode = {journal}")  # only now: it writes into the file
        connection.execute("PRAGMA locking_mode = NORMAL")
        _migrate(connection, path)
        connection.execute(seen.TABLE)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path | str, locking: str = "NORMAL") -> sqlite3.Connection:
    """Alone ("EXCLUSIVE", to be said before all else) no shared memory is needed, and a log begun before is taken over."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA locking_mode = {locking}")
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Damage is found here, before anything is promised, not in the middle of the work."""
    version, owner = _pragma(connection, "user_version"), _pragma(connection, "application_id")
    if version and owner != APPLICATION_ID:
        raise ProblemError(problem("archive_damaged"))
    if version > len(MIGRATIONS):
        raise ProblemError(problem("archive_newer"))
    if _shape(connection) != _shape_of(version):
        raise ProblemError(problem("archive_damaged"))
    if path.stat().st_size <= CHECKED_AT_OPENING and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise ProblemError(problem("archive_damaged"))


def _shape(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """What there is in a database, and how it was made: a table may be lost, or a view that never ends stand in its place."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, ifnull(CAST(sql AS TEXT), '') FROM sqlite_schema"
        " WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'"  # what other programs measure for their searches is no damage
    )
    return frozenset((kind, name, table, " ".join(made.split())) for kind, name, table, made in rows)


def _shape_of(version: int) -> frozenset[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as fresh:
        for step in MIGRATIONS[:version]:
            fresh.executescript(step)
        return _shape(fresh)


def _migrate(connection: sqlite3.Connection, path: Path | None) -> None:
    """Bring an older file up to date in one transaction, after a copy of it was made."""
    version = _pragma(connection, "user_version")
    if version == len(MIGRATIONS):
        return
    if version and path is not None:
        _back_up(connection, path.with_name(f"archive.{version}.bak"))
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in MIGRATIONS[version:]:
            for statement in filter(str.strip, step.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _back_up(connection: sqlite3.Connection, path: Path) -> None:
    path.unlink(missing_ok=True)
    make_file(path)
    with closing(sqlite3.connect(path)) as copy:
        connection.backup(copy)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _move_aside(path: Path) -> Path:
    """Rename the damaged file and its side files to the first free number; nothing is deleted."""
    number = 1
    while path.with_name(f"damaged-{number}-{path.name}").exists():
        number += 1
    aside = path.with_name(f"damaged-{number}-{path.name}")
    with told_as_problem():
        path.rename(aside)
        for tail in ("-wal", "-shm"):
            side = path.with_name(path.name + tail)
            if side.exists():
                side.rename(aside.with_name(aside.name + tail))
    return aside
