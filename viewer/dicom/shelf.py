"""Shelf: what was learned of the files of each series, found by the series that a file names.

Where the files of many series lie mixed in one folder, trying all that was learned on each of them took most of the time.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Iterator
from typing import Generic, NamedTuple, TypeVar

SERIES = 0x0020000E
MOST, MOST_BYTES = 256, 16 * 2**20  # learned things, and bytes of the headers they were learned from
_TAG = b"\x20\x00\x0e\x00"
_MOST_NAMED = 8  # series looked at in one file
_LONGEST = 128  # bytes of a UID; some are longer than the 64 that PS3.5 9.1 allows

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class _Kept(NamedTuple):
    series: bytes
    size: int


class Shelf(Generic[Key, Thing]):
    """Things by key, and by Series Instance UID (0020,000E); those learned first are forgotten first. Safe to use from
    several threads."""

    def __init__(self) -> None:
        self._kept: dict[Key, _Kept] = {}
        self._by_series: dict[bytes, dict[Key, Thing]] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def put(self, key: Key, series: bytes, thing: Thing, size: int) -> list[Key]:
        """Keep `thing`, learned from a header of `size` bytes, in place of what had its key. series: the UID as it stands
        in the file. Gives the keys that were forgotten for it."""
        with self._lock:
            if key in self._kept:
                self._drop(key)
            self._kept[key] = _Kept(_plain(series), size)
            self._bytes += size
            self._by_series[_plain(series)] = {key: thing, **self._by_series.get(_plain(series), {})}
            forgotten = []
            while len(self._kept) > MOST or (self._bytes > MOST_BYTES and len(self._kept) > 1):
                forgotten.append(next(iter(self._kept)))
                self._drop(forgotten[-1])
            return forgotten

    def _drop(self, key: Key) -> None:
        series, size = self._kept.pop(key)
        self._bytes -= size
        left = {other: thing for other, thing in self._by_series.pop(series).items() if other != key}
        if left:
            self._by_series[series] = left

    def alike(self, head: bytes) -> Iterator[Thing]:
        """What was learned of the series that a file names in its first bytes, little endian, the last learned first. A
        series named within a sequence counts, too: what is given is likely to fit, no more."""
        at = head.find(_TAG)
        for _ in range(_MOST_NAMED):
            if at < 0:
                return
            yield from self._by_series.get(_number_at(head, at), {}).values()
            at = head.find(_TAG, at + len(_TAG))


def _number_at(head: bytes, at: int) -> bytes:
    """The value of the UI element at `at` (PS3.5 7.1): a length of two bytes after a VR, else of four."""
    width = slice(at + 6, at + 8) if head[at + 4 : at + 6] == b"UI" else slice(at + 4, at + 8)
    length = min(int.from_bytes(head[width], "little"), _LONGEST)
    return _plain(head[at + 8 : at + 8 + length])


def _plain(series: bytes) -> bytes:
    return series[:_LONGEST].rstrip(b" \0")
