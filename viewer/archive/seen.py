"""Seen: what this program last read or wrote of each thing kept. What differs from it in a table was done by another
window on the same disc since, and stays unless the person changed that very thing here.

A table of this connection alone, in memory: it goes back with the transaction that could not be written.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

MARK, DEEDS, ANSWER = "mark", "deeds", "answer"
TABLE = """
    CREATE TEMP TABLE seen (
        disc_key TEXT, part TEXT, id TEXT, kept TEXT, here TEXT, PRIMARY KEY (disc_key, part, id)
    ) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The written form of one thing: `kept` in its table, `here` as it was put onto the pictures of today's reading.
    Both are "" where there was nothing."""

    kept: str = ""
    here: str = ""

    def leaves(self, there: str, mine: str) -> bool:
        """Whether the table is left as it is (`there`, "" where the row is gone): only another window changed it."""
        return mine == self.here and there != self.kept


def see(db: sqlite3.Connection, disc_key: str, part: str, name: str, kept: str, here: str | None = None) -> None:
    """Remember what was read or written; here: where that is not the same."""
    values = (disc_key, part, name, kept, kept if here is None else here)
    db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?, ?)", values)


def unsee(db: sqlite3.Connection, disc_key: str, part: str, name: str) -> None:
    """The thing is gone here."""
    db.execute("DELETE FROM seen WHERE disc_key = ? AND part = ? AND id = ?", (disc_key, part, name))


def see_none(db: sqlite3.Connection, disc_key: str) -> None:
    """Nothing is known of a disc."""
    db.execute("DELETE FROM seen WHERE disc_key = ?", (disc_key,))


def seen_of(db: sqlite3.Connection, disc_key: str, part: str) -> dict[str, Seen]:
    """All of one part of a disc, by id."""
    rows = db.execute("SELECT id, kept, here FROM seen WHERE disc_key = ? AND part = ?", (disc_key, part))
    return {name: Seen(kept, here) for name, kept, here in rows}
