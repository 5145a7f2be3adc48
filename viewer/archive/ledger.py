"""The list of sendings: append-only, each record chained to the one before, written *before* the first byte leaves.

File `ledger`: a first line that names the seal, then one line per record: `HASH PAYLOAD`, where PAYLOAD is JSON (ASCII,
no line break) and HASH = H(number ‖ hash before ‖ PAYLOAD), hex. The bytes in the file are the bytes that are hashed.
H is SHA-256, which shows careless edits only (whoever can write the file can work it out again), or HMAC-SHA-256 with a
key, which shows every edit by someone without the key. File `ledger.anchor` holds the number of records and the last
hash, so that a cut tail shows; the record is written first, so the file may be one record ahead after a crash. A
`Receipt` kept elsewhere (in a PDF, say) is a stronger anchor.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from viewer.archive.lock import exclusive
from viewer.archive.place import make_file, make_folder, sync_folder
from viewer.archive.shape import Unreadable, read, written
from viewer.archive.trouble import code_of
from viewer.problem import ProblemError, problem
from viewer.text.translate import tr

NAME, ANCHOR, LOCK = "ledger", "ledger.anchor", "ledger.lock"
PLAIN, SEALED = b"sidelight ledger 1 sha256", b"sidelight ledger 1 hmac-sha256"
START = "0" * 64
GAP, UNREADABLE = "gap", "unreadable"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One record. A sending has two: `kind` "sending" before it leaves, and "ended" with its state.

    Kind "gap" is the ledger's own: it was continued although records before it were missing or changed.
    """

    kind: str
    turn_id: str
    at: str  # ISO 8601 with zone
    provider: str = ""
    host: str = ""
    model: str = ""
    body_sha256: str = ""
    pictures: tuple[str, ...] = ()  # SHA-256 of each
    sent_bytes: int = 0
    state: str = "sending"
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """How many records there are, and the hash of the last."""

    count: int
    head: str


@dataclass(frozen=True, slots=True)
class LedgerVerdict:
    """What a check found. `first_bad` is the number (from 1) of the first record that is not as it was, 0 if none.

    finding: "whole", "empty", "torn" (the last record was being written when the program ended; nothing was sent for
    it), "changed", "cut" (records are missing at the end), "gap" (continued after a cut), "behind" (an older copy), "unanchored" (the anchor is gone), "unsealed" (no key to check with).
    """

    ok: bool
    words: str
    first_bad: int = 0
    finding: str = "whole"
    count: int = 0
    sealed: bool = False


class Ledger:
    """The ledger in a folder; safe from several threads and programs. `key` seals it (at least 32 bytes)."""

    def __init__(self, folder: Path, key: bytes | None = None) -> None:
        self._folder, self._key = folder, key
        self._lock = threading.Lock()

    def append(self, entry: LedgerEntry) -> int:
        """Write a record to the disk for good and return its number (from 1).

        Raises ProblemError (ledger_not_written, ledger_key_missing): then nothing may be sent.
        """
        try:
            make_folder(self._folder)
            with self._lock, exclusive(self._folder / LOCK):
                return self._append(entry)
        except ProblemError as failure:
            raise _not_written(failure.problem.code) from failure
        except OSError as failure:
            raise _not_written(code_of(failure)) from failure

    def entries(self) -> tuple[LedgerEntry, ...]:
        """All records that can be read, oldest first; raises ProblemError."""
        found = (_entry(payload) for _, payload in _split(self._read())[1])
        return tuple(entry for entry in found if entry.kind != UNREADABLE)

    def receipt(self) -> Receipt:
        """The count and head as they are in the file now, to be kept elsewhere."""
        records = _split(self._read())[1]
        return Receipt(len(records), _text(records[-1][0]) if records else START)

    def verify(self, receipt: Receipt | None = None) -> LedgerVerdict:
        """Check every record, the anchor, and `receipt` where one was kept elsewhere; raises ProblemError."""
        data = self._read()
        if not data:
            lost = self._anchor() or receipt
            return _verdict("cut", 1, 0) if lost is not None and lost.count else _verdict("empty", 0, 0)
        header, records, rest = _split(data)
        if header not in (PLAIN, SEALED):
            return _verdict("changed", 1, len(records))
        sealed = header == SEALED
        if sealed and self._key is None:
            return _verdict("unsealed", 0, len(records), sealed)
        bad = self._first_bad(records, sealed)
        if bad:
            return _verdict("changed", bad, len(records), sealed)
        gap = next((number for number, (_, payload) in enumerate(records, 1) if _entry(payload).kind == GAP), 0)
        if gap:
            return _verdict("gap", gap, len(records), sealed)
        return self._against_anchors(records, rest, sealed, receipt)

    def _first_bad(self, records: list[tuple[bytes, bytes]], sealed: bool) -> int:
        head = START
        for number, (seal, payload) in enumerate(records, 1):
            expected = self._hash(number, head, payload, sealed)
            if not hmac.compare_digest(seal, expected.encode()):
                return number
            head = expected
        return 0

    def _against_anchors(
        self, records: list[tuple[bytes, bytes]], rest: bytes, sealed: bool, receipt: Receipt | None
    ) -> LedgerVerdict:
        count, heads = len(records), [START, *(seal.decode() for seal, _ in records)]
        anchor = self._anchor()
        if anchor is None:
            return _verdict("unanchored" if count > 1 else "whole", 0, count, sealed)
        for kept in (anchor, receipt):
            if kept is not None and kept.count > count:
                return _verdict("cut" if kept is anchor else "behind", count + 1, count, sealed)
            if kept is not None and heads[kept.count] != kept.head:
                return _verdict("changed", max(1, kept.count), count, sealed)
        if count > anchor.count + 1:
            return _verdict("changed", anchor.count + 2, count, sealed)
        return _verdict("torn" if rest else "whole", 0, count, sealed)

    def _append(self, entry: LedgerEntry) -> int:
        path = self._folder / NAME
        data = path.read_bytes() if path.exists() else b""
        if not data.partition(b"\n")[1]:
            data = self._begin(path)
        header, records, rest = _split(data)
        sealed = header == SEALED
        if sealed and self._key is None:
            raise ProblemError(problem("ledger_key_missing"))
        place = len(data) - len(rest)
        anchor, heads = self._anchor(), [START, *(_text(seal) for seal, _ in records)]
        if anchor is not None and (anchor.count >= len(heads) or heads[anchor.count] != anchor.head):
            gap = LedgerEntry(GAP, "", entry.at, state=f"{anchor.count} {anchor.head}")
            place, heads = self._add(path, place, heads, gap, sealed)
        _, heads = self._add(path, place, heads, entry, sealed)
        return len(heads) - 1

    def _add(self, path: Path, place: int, heads: list[str], entry: LedgerEntry, sealed: bool) -> tuple[int, list[str]]:
        """Record first, anchor second; the place behind it and the hashes with its own.

        Nothing is sent for a record without its anchor, so it is taken back: two of them would look like an edit.
        """
        payload = written(entry).encode("ascii")
        seal = self._hash(len(heads), heads[-1], payload, sealed)
        line = seal.encode() + b" " + payload + b"\n"
        _put(path, place, line)
        now = Receipt(len(heads), seal)
        try:
            self._put_anchor(now)
        except BaseException:
            if self._anchor() != now:
                _put(path, place, b"")
            raise
        return place + len(line), [*heads, seal]

    def _begin(self, path: Path) -> bytes:
        header = (SEALED if self._key else PLAIN) + b"\n"
        make_file(path)
        _put(path, 0, header)
        sync_folder(self._folder)
        return header

    def _hash(self, number: int, head: str, payload: bytes, sealed: bool) -> str:
        message = number.to_bytes(8, "big") + head.encode() + payload
        if sealed and self._key is not None:
            return hmac.new(self._key, message, "sha256").hexdigest()
        return hashlib.sha256(message).hexdigest()

    def _read(self) -> bytes:
        try:
            return (self._folder / NAME).read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as failure:
            raise ProblemError(problem("ledger_not_readable")) from failure

    def _anchor(self) -> Receipt | None:
        """The anchor beside the ledger; a damaged one counts as none."""
        try:
            return read(Receipt, (self._folder / ANCHOR).read_text("ascii", "replace"))
        except (OSError, Unreadable):
            return None

    def _put_anchor(self, receipt: Receipt) -> None:
        new = self._folder / (ANCHOR + ".new")
        make_file(new)
        _put(new, 0, written(receipt).encode("ascii"))
        new.replace(self._folder / ANCHOR)
        sync_folder(self._folder)


def _put(path: Path, offset: int, data: bytes) -> None:
    """Write at `offset`, drop what lay behind (a torn record that was never acknowledged), and force it to disk."""
    with path.open("r+b", buffering=0) as file:
        file.truncate(offset)
        file.seek(offset)
        if file.write(data) != len(data):
            raise OSError(28, "short write")
        os.fsync(file.fileno())


def _split(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """(first line, records as (hash, payload), torn rest without its line end)."""
    *lines, rest = data.split(b"\n")
    records = [(line[:64], line[65:]) if line[64:65] == b" " else (line, b"") for line in lines[1:]]
    return (lines[0] if lines else b""), records, rest


def _text(seal: bytes) -> str:
    return seal.decode("ascii", "replace")


def _entry(payload: bytes) -> LedgerEntry:
    try:
        return read(LedgerEntry, _text(payload))
    except Unreadable:
        return LedgerEntry(UNREADABLE, "", "")


def _not_written(code: str) -> ProblemError:
    if code.startswith("ledger_"):
        return ProblemError(problem(code))
    return ProblemError(problem("ledger_not_written", reason=tr(_REASONS.get(code, "the disk gave an error"))))


_REASONS = {
    "archive_full": "the disk is full",
    "archive_not_writable": "this computer does not allow the program to write into its data folder",
    "archive_busy": "another program is writing it",
}


_WORDS: dict[str, tuple[bool, str]] = {
    "whole": (True, "The list of sendings is whole: {count} records, each as it was written."),
    "empty": (True, "Nothing has been sent yet: the list is empty."),
    "torn": (
        True,
        "The list of sendings is whole: {count} records. One more was being written when the program ended; nothing was"
        " sent for it.",
    ),
    "changed": (False, "The list of sendings was changed: record {bad} is not as it was written."),
    "cut": (False, "The list of sendings was cut: records from {bad} on are missing."),
    "gap": (
        False,
        "The list of sendings was cut or changed before record {bad}; from there on it is as it was written.",
    ),
    "behind": (False, "The list of sendings is an older copy: records from {bad} on are missing."),
    "unanchored": (
        False,
        "Each of the {count} records is as it was written, but the note of how many there are is missing: records at the"
        " end could have been taken away.",
    ),
    "unsealed": (False, "The list of sendings is sealed with a key that is not available, so it could not be checked."),
}
_SEAL_WORDS = {
    True: " It is sealed with a key: nobody without the key could have changed it unnoticed.",
    False: " It has no key: this finds careless changes, not those of someone who works the list out anew.",
}


def _verdict(finding: str, bad: int, count: int, sealed: bool = False) -> LedgerVerdict:
    ok, words = _WORDS[finding]
    seal = tr(_SEAL_WORDS[sealed]) if finding in ("whole", "torn") else ""
    return LedgerVerdict(ok, tr(words, count=count, bad=bad) + seal, bad, finding, count, sealed)
