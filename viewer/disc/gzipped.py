"""Gzipped: pictures packed one by one ("IM1.dcm.gz"), read as if they lay open. Nothing is unpacked to disk.

The size in a packed file's last bytes is a claim: it is held to the limits of ZIPs, and never more is inflated than was
asked for.
"""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable

from viewer.disc.medium import FileKind, FoundFile, Medium
from viewer.disc.sniff import HEAD, begins_scan
from viewer.disc.zip_medium import CACHE, FREE_SIZE, MAX_INNER, MAX_RATIO, MOST_RATIO
from viewer.problem import ProblemError, problem

ENDING = ".gz"
_MAGIC = b"\x1f\x8b"
_SMALLEST = 18  # bytes of a packed file with nothing in it
_PIECE = 256 * 1024
_HEAD = 64 * 1024  # what is asked for beyond this is inflated whole, and so checked
_GZIP = 16 + zlib.MAX_WBITS


class Gzipped:
    """The packed pictures of one medium. Safe to read from several threads.

    packed_size: how large a file is as it lies there, 0 where there is none."""

    def __init__(self, medium: Medium, packed_size: Callable[[str], int]) -> None:
        self._medium, self._packed_size = medium, packed_size
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}  # 0: not one of these
        self._cache: OrderedDict[str, bytes] = OrderedDict()

    def size(self, path: str) -> int:
        """How large the picture in a packed file is, 0 where the file is no packed picture. Raises ProblemError."""
        if path[-len(ENDING) :].lower() != ENDING:
            return 0
        if path not in self._sizes:
            self._sizes[path] = self._told_size(path)
        return self._sizes[path]

    def told(self, found: FoundFile) -> FoundFile:
        """The file as it is to be read: a packed picture as large as it is unpacked."""
        if found.path[-len(ENDING) :].lower() != ENDING or not found.size or found.kind is FileKind.UNREADABLE:
            return found
        try:
            size = self.size(found.path)
        except ProblemError as error:
            return found._replace(kind=FileKind.UNREADABLE, problem=error.problem)
        return found._replace(size=size) if size else found

    def read(self, path: str, offset: int, size: int) -> bytes:
        """At most `size` bytes of the picture from `offset`. Raises ProblemError."""
        end = min(offset + size, self.size(path))
        with self._lock:
            held = self._cache.get(path, b"")
            if len(held) < end:
                held = self._inflated(path, end) if end <= _HEAD and end < self.size(path) else self._whole(path)
                self._cache[path] = held
            self._cache.move_to_end(path)
            while len(self._cache) > 1 and sum(map(len, self._cache.values())) > CACHE:
                self._cache.popitem(last=False)
        return held[offset:end]

    def close(self) -> None:
        """Give up memory."""
        with self._lock:
            self._cache.clear()

    def _told_size(self, path: str) -> int:
        packed = self._packed_size(path)
        if packed < _SMALLEST or self._medium.read(path, 0, 2) != _MAGIC:
            return 0
        head = self._inflated(path, HEAD)
        if head[128:132] != b"DICM":
            return 0
        size = int.from_bytes(self._medium.read(path, packed - 4, 4), "little")
        most = MOST_RATIO if begins_scan(size, head) else MAX_RATIO
        if size > MAX_INNER or (size > FREE_SIZE and size > packed * most):
            raise ProblemError(problem("zip_too_large", path))
        return size

    def _whole(self, path: str) -> bytes:
        """All of it, checked against the sum at its end."""
        size = self.size(path)
        whole = self._inflated(path, size + 1)
        if len(whole) != size:
            raise ProblemError(problem("zip_member_damaged", path))
        return whole

    def _inflated(self, path: str, end: int) -> bytes:
        """The first `end` bytes, fewer where there are no more."""
        unpacker, at, parts, left = zlib.decompressobj(_GZIP), 0, [], end
        try:
            while left > 0 and not unpacker.eof:
                data = unpacker.unconsumed_tail or self._medium.read(path, at, _PIECE)
                at += 0 if unpacker.unconsumed_tail else len(data)
                if not data:
                    break
                parts.append(unpacker.decompress(data, left))
                left -= len(parts[-1])
        except zlib.error as error:
            raise ProblemError(problem("zip_member_damaged", path)) from error
        return b"".join(parts)
