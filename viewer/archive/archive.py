"""The archive: marks, talks, places, pictures that left, settings, discs opened before. One SQLite file per person.

Safe from several threads. What comes through `journal`, `snapshot` and `remember_disc` is put in a queue and written by
one thread of the archive's own within a quarter of a second, several changes of one thing as one: a disk takes tens of
milliseconds to say that it is written, and the window would wait. Everything else is on the disk on return. When the
disk refuses, the queue is kept in memory and tried again, and `trouble` says so.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from viewer.archive.database import memory_database, open_database
from viewer.archive.place import make_folder
from viewer.archive.rows import (
    SavedPlace,
    Topic,
    Write,
    put_place,
    put_view,
    read_place,
    see_place,
    write_of,
)
from viewer.archive.seen import see_none
from viewer.archive.trouble import told_as_problem
from viewer.document import changes as c
from viewer.document.model import Conversations, Document, State, View
from viewer.problem import Problem, ProblemError, problem

GATHER_SECONDS = 0.25  # how long changes wait for others to be written with
RETRY_SECONDS = 2.0
MOST_READINGS = 12
_OF_DISCS = ("view", "deeds", "mark", "turn", "sent_picture", "reading")


@dataclass(frozen=True, slots=True)
class RememberedDisc:
    """A disc opened before. `name` and `words` come from closed words, never from the disc's person."""

    key: str
    path: str
    name: str
    words: str
    when: str


class Archive:
    """The person's archive in `folder`; raises ProblemError where it cannot be opened or written."""

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        connection, moved = open_database(folder)
        note = problem("archive_was_damaged", str(moved)) if moved else None
        self._begin(connection, folder, (note,) if note else ())

    @classmethod
    def memory(cls, *problems: Problem) -> Archive:
        """An archive that lasts until the program ends; `problems` say why."""
        archive = cls.__new__(cls)
        archive._begin(memory_database(), None, problems)
        return archive

    @classmethod
    def open(cls, folder: Path) -> Archive:
        """The archive in `folder`, or one in memory whose `problems` say why; never raises ProblemError."""
        try:
            return cls(folder)
        except ProblemError as failure:
            return cls.memory(failure.problem, problem("archive_in_memory"))

    def _begin(self, connection: sqlite3.Connection, folder: Path | None, problems: tuple[Problem, ...]) -> None:
        self.folder = folder
        self.problems = problems
        self.trouble: Problem | None = None
        self._connection = connection
        self._database = threading.RLock()
        self._queue: dict[Topic, Write] = {}
        self._remembered: dict[str, RememberedDisc] = {}  # since the program began: some may still wait in the queue
        self._wake = threading.Condition()
        self._closing = False
        self._writer = threading.Thread(target=self._write_on, name="sidelight-archive", daemon=True)
        self._writer.start()

    # --- place of a disc

    def load(self, disc_key: str) -> SavedPlace | None:
        """What was kept for this disc, or None. Answers that were on their way when the program died end here."""
        self.flush()
        with self._reading() as db:
            return read_place(db, disc_key)

    def placed(self, disc_key: str, kept: SavedPlace, document: Document, talks: Conversations) -> None:
        """What was loaded is open now, its marks and talks as these: what differs from here on was done in this window,
        and only that is written over what another window keeps. Never blocks, never raises."""
        with self._wake:
            self._queue.pop(("seen", disc_key), None)
            self._queue["seen", disc_key] = lambda db: see_place(db, disc_key, kept, document, talks)
            self._wake.notify_all()

    def journal(self, disc_key: str, change: c.Change, view: View | None = None) -> None:
        """Keep a change that was committed, and the place it left when given. Never blocks, never raises.

        Meant for `store.listen(lambda before, after, change: archive.journal(key, change, after.view))`.
        """
        kept = write_of(disc_key, change)
        if kept is not None:
            self._enqueue(*kept)
        if view is not None:
            self._enqueue(("view", disc_key), lambda db: put_view(db, disc_key, view))

    def snapshot(self, disc_key: str, state: State) -> None:
        """Keep everything of `state` for this disc; like `journal` it never blocks and never raises."""
        with self._wake:  # what still waits of this place is part of it
            self._queue = {t: w for t, w in self._queue.items() if t[1] != disc_key or t[0] in ("disc", "seen")}
            self._queue["place", disc_key] = lambda db: put_place(db, disc_key, state)
            self._wake.notify_all()

    def forget(self, *disc_keys: str) -> None:
        """Delete everything kept for these discs, also from the log beside the database; raises ProblemError.

        Copies of the whole database (from before a migration, or put aside as damaged) may hold it too: they go.
        """
        with self._database:
            with self._wake:
                self._queue = {topic: write for topic, write in self._queue.items() if topic[1] not in disc_keys}
                self._remembered = {key: row for key, row in self._remembered.items() if key not in disc_keys}
            if not self.flush() and self.trouble is not None:
                raise ProblemError(self.trouble)
            with self._writing() as db:
                for disc_key in disc_keys:
                    for table in _OF_DISCS:
                        db.execute(f"DELETE FROM {table} WHERE disc_key = ?", (disc_key,))  # noqa: S608  our own names
                    db.execute("DELETE FROM disc WHERE key = ?", (disc_key,))
                    see_none(db, disc_key)
                db.execute("DELETE FROM picture WHERE sha256 NOT IN (SELECT sha256 FROM sent_picture)")
            self._empty_log()

    def kept_discs(self) -> frozenset[str]:
        """The keys of all discs of which anything is kept; raises ProblemError."""
        self.flush()
        parts = ("SELECT key FROM disc", *(f"SELECT disc_key FROM {table}" for table in _OF_DISCS))  # noqa: S608
        with self._reading() as db:
            return frozenset(key for (key,) in db.execute(" UNION ".join(parts)))

    def key_at(self, path: str) -> str | None:
        """Which disc was opened last from this path; raises ProblemError."""
        new = next((row.key for row in self._remembered.values() if row.path == path), None)
        with self._reading() as db:
            row = db.execute("SELECT key FROM disc WHERE path = ?", (json.dumps(path),)).fetchone()
        return new or (row[0] if row is not None else None)

    def rename(self, old: str, new: str) -> None:
        """What was kept for one disc is of another, of which nothing is kept so far; raises ProblemError."""
        with self._database:
            if not self.flush() and self.trouble is not None:
                raise ProblemError(self.trouble)
            with self._writing() as db:
                for table in _OF_DISCS:
                    db.execute(f"UPDATE OR REPLACE {table} SET disc_key = ? WHERE disc_key = ?", (new, old))  # noqa: S608  our own names
                db.execute("DELETE FROM disc WHERE key = ?", (old,))
                see_none(db, old)
            with self._wake:
                self._remembered = {key: row for key, row in self._remembered.items() if key != old}

    # --- pictures that left

    def keep_picture(self, sha256: str, png: bytes) -> None:
        """Keep the exact bytes of a picture before it leaves; raises ProblemError, ValueError for a wrong hash."""
        if hashlib.sha256(png).hexdigest() != sha256:
            raise ValueError("the hash is not of these bytes")
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO picture VALUES (?, ?)", (sha256, png))

    def picture(self, sha256: str) -> bytes:
        """The bytes of a picture that left, their hash checked; raises ProblemError where they are gone or changed."""
        with self._reading() as db:
            row = db.execute("SELECT png FROM picture WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None or hashlib.sha256(row[0]).hexdigest() != sha256:
            raise ProblemError(problem("picture_lost"))
        return bytes(row[0])

    # --- discs opened before

    def remember_disc(self, key: str, path: str, name: str, words: str, when: str) -> None:
        """Put a disc at the top of "Opened before"; a row of the same path is replaced. Never blocks, never raises."""
        row = RememberedDisc(key, path, name, words, when)
        with self._wake:
            others = {k: one for k, one in self._remembered.items() if k != key and one.path != path}
            self._remembered = {**others, key: row}
            self._queue.pop(("disc", key), None)  # in its new place: rows of one path replace one another
            self._queue["disc", key] = lambda db: _put_disc(db, row)
            self._wake.notify_all()

    def recent(self, limit: int = 8) -> tuple[RememberedDisc, ...]:
        """Discs opened before, newest first, all of them for a limit below 0; those that still wait to be written too."""
        query = "SELECT key, path, name, words, opened_at FROM disc ORDER BY opened_at DESC, key LIMIT ?"
        new = self._remembered
        paths = {row.path for row in new.values()}
        with self._reading() as db:
            found = db.execute(query, (limit + len(new) if limit >= 0 else -1,)).fetchall()
        rows = [RememberedDisc(key, json.loads(path), *rest) for key, path, *rest in found]
        rows = [*new.values(), *(row for row in rows if row.key not in new and row.path not in paths)]
        rows.sort(key=lambda row: row.key)
        newest = sorted(rows, key=lambda row: row.when, reverse=True)
        return tuple(newest[:limit] if limit >= 0 else newest)

    # --- files of discs read before (readings.py)

    def reading(self, place: str) -> bytes:
        """What was kept of the files of a medium, b"" where nothing was; place: its fingerprint."""
        with self._reading() as db:
            row = db.execute("SELECT files FROM reading WHERE place = ?", (place,)).fetchone()
        return b"" if row is None else bytes(row[0])

    def keep_reading(self, place: str, disc_key: str, files: bytes) -> None:
        """Keep what was read of the files of a medium; the oldest beyond `MOST_READINGS` go. Raises ProblemError."""
        with self._writing() as db:
            newest = db.execute("SELECT coalesce(max(number), 0) + 1 FROM reading").fetchone()[0]
            db.execute("INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?)", (place, disc_key, newest, files))
            kept = "SELECT place FROM reading ORDER BY number DESC LIMIT ?"
            db.execute(f"DELETE FROM reading WHERE place NOT IN ({kept})", (MOST_READINGS,))  # noqa: S608  our own words

    # --- settings

    def settings_get(self, name: str, default: object = None) -> object:
        """A setting as the JSON value that was set, or `default`."""
        with self._reading() as db:
            row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return default if row is None else json.loads(row[0])

    def settings_set(self, name: str, value: object) -> None:
        """Keep a JSON value; None takes the setting away. Raises ProblemError."""
        with self._writing() as db:
            if value is None:
                db.execute("DELETE FROM setting WHERE name = ?", (name,))
            else:
                db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    # --- trouble, end

    def flush(self) -> bool:
        """Write what waits, now; False when the disk refused (it stays in memory and is tried again)."""
        with self._database:
            with self._wake:
                waiting, self._queue = self._queue, {}
            return self._write(waiting)

    def close(self) -> None:
        """Write what waits and end. Raises ProblemError where something could not be saved."""
        with self._wake:
            if self._closing:
                return
            self._closing = True
            self._wake.notify_all()
        self._writer.join()
        saved = self.flush()
        with self._database:
            self._connection.close()
        if not saved and self.trouble is not None:
            raise ProblemError(self.trouble)

    def _enqueue(self, topic: Topic, write: Write) -> None:
        """A later change of the same thing takes the place of one that still waits; all marks take that of each."""
        with self._wake:
            if topic[0] == "marks":
                disc_key = topic[1]
                self._queue = {t: w for t, w in self._queue.items() if t[:2] != ("mark", disc_key)}
            is_first = not self._queue
            self._queue[topic] = write
            if is_first:  # else the writer knows already: woken with every step of the hand it would only be in the way
                self._wake.notify_all()

    def _write_on(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closing or self._queue)
                self._wake.wait_for(lambda: self._closing, RETRY_SECONDS if self.trouble else GATHER_SECONDS)
                if self._closing:
                    return
            self.flush()

    def _write(self, waiting: dict[Topic, Write]) -> bool:
        if not waiting:
            return True
        try:
            with self._writing() as db:
                for write in waiting.values():
                    write(db)
        except ProblemError as failure:
            with self._wake:
                self._queue = {**{t: w for t, w in waiting.items() if t not in self._queue}, **self._queue}
            self.trouble = failure.problem
            return False
        self.trouble = None
        return True

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._database, told_as_problem():
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, whole or not at all."""
        with self._database, told_as_problem():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _empty_log(self) -> None:
        with self._reading() as db:
            busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if self.folder is None:
            return
        with told_as_problem():
            for old in (*self.folder.glob("archive.*.bak"), *self.folder.glob("damaged-*-archive.sqlite*")):
                old.unlink(missing_ok=True)
        if busy:
            raise ProblemError(problem("archive_busy"))


def _put_disc(db: sqlite3.Connection, row: RememberedDisc) -> None:
    path = json.dumps(row.path)
    db.execute("DELETE FROM disc WHERE path = ? AND key <> ?", (path, row.key))
    db.execute("INSERT OR REPLACE INTO disc VALUES (?, ?, ?, ?, ?)", (row.key, path, row.name, row.words, row.when))
