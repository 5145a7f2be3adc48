"""Where bytes come from: a medium seen only as "read from this file", and a window that grows over one file.

`dicom` knows nothing of folders or ZIPs: `FileReader` and `FileFacts` say what it needs of a medium and of a found
file, and those of the room *disc* fit.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Protocol

_STEP = 64 * 1024
_PIECE = 1024 * 1024  # inflated bytes at once: putting them together holds Python's lock
INFLATE_LIMIT = 64 * 1024 * 1024  # bytes of inflated header; the pictures are inflated later, with their own bound
MAX_RATIO = 1032  # deflate cannot do better, so more than that is a lie


# what wrong bytes raise in code that no rule foresaw; anything else is a bug and is not caught
WRONG_BYTES = (ValueError, ArithmeticError, LookupError, MemoryError, RecursionError, TypeError, struct.error)


class FileReader(Protocol):
    """Reads at most `size` bytes from `offset` of a file; raises ProblemError only."""

    def read(self, path: str, offset: int, size: int) -> bytes: ...


class FileFacts(Protocol):
    """A found file: relative path and size in bytes."""

    @property
    def path(self) -> str: ...

    @property
    def size(self) -> int: ...


class Source:
    """Bytes of one file by absolute position; keeps one window in memory, `data`, which begins at `base`."""

    __slots__ = ("_read", "base", "data", "size")

    def __init__(self, head: bytes, size: int, read: Callable[[int, int], bytes]) -> None:
        self.data = head
        self.base = 0
        self.size = size
        self._read = read

    def at(self, position: int, count: int) -> bytes:
        """`count` bytes at `position`, fewer only at the end of the file."""
        index = position - self.base
        if index >= 0 and index + count <= len(self.data):
            return self.data[index : index + count]
        if position >= self.size or count <= 0:
            return b""
        if count > _STEP:  # a large value is handed out, not kept
            return self._read(position, min(count, self.size - position))
        self.move(position)
        return self.data[:count]

    def move(self, position: int, step: int = _STEP) -> None:
        """Begin the window at `position`, with at least `step` bytes where the file has them."""
        kept = self.data[position - self.base :] if 0 <= position - self.base < len(self.data) else b""
        start = position + len(kept)
        wanted = min(step - len(kept), self.size - start)
        more = self._read(start, wanted) if wanted > 0 else b""
        self.data, self.base = kept + more, position

    def peek(self, position: int, count: int) -> bytes:
        """Like `at`, but reads no more than asked: for hops over large fragments."""
        index = position - self.base
        if index >= 0 and index + count <= len(self.data):
            return self.data[index : index + count]
        if position >= self.size:
            return b""
        return self._read(position, min(count, self.size - position))


def source_of(medium: FileReader, found: FileFacts, head: bytes) -> Source:
    """A source over a file of which the first bytes are at hand."""
    return Source(head, found.size, lambda offset, size: medium.read(found.path, offset, size))


def memory_source(data: bytes) -> Source:
    """A source over bytes at hand."""
    return Source(data, len(data), lambda offset, size: data[offset : offset + size])


class Inflating:
    """The inflated stream of a deflated file (PS3.5 A.5), produced only as far as it is asked for."""

    def __init__(self, read: Callable[[int, int], bytes], start: int, size: int, limit: int = INFLATE_LIMIT) -> None:
        self._raw = read
        self._next = start
        self._end = size
        self._limit = limit
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._pending = b""
        self._out = bytearray()
        self.broken = False
        self.done = False

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` inflated bytes from `offset`; fewer where the stream ends, breaks or passes the limit."""
        want = min(offset + size, self._limit)
        while len(self._out) < want and not self.done:
            self._more(want - len(self._out))
        with memoryview(self._out) as out:
            return bytes(out[offset : offset + size])

    def _more(self, missing: int) -> None:
        if not self._pending and self._next < self._end:
            self._pending = self._raw(self._next, min(_STEP, self._end - self._next))
            self._next += len(self._pending)
        if not self._pending:
            self.broken = self.done = True
            return
        try:
            self._out += self._inflater.decompress(self._pending, min(max(missing, 1), _PIECE))
        except zlib.error:
            self.broken = self.done = True
            return
        self._pending = self._inflater.unconsumed_tail
        self.done = self._inflater.eof


def inflated_bytes(file: FileReader, found: FileFacts, start: int, offset: int, length: int) -> bytes:
    """`length` bytes at `offset` of the inflated stream that begins at `start` of the file (PixelPlace.inflated).

    Never more than `offset + length` bytes are inflated; fewer come back where the stream ends or breaks.
    """
    stream = Inflating(lambda at, size: file.read(found.path, at, size), start, found.size, offset + length)
    return stream.read(offset, length)
