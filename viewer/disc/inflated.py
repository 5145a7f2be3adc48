"""A large packed member of a ZIP, read from any place: the state of unpacking is kept at many places of the way.

Unpacking from the start for each picture of a film would take longer the further the picture lies.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from bisect import bisect_right
from collections import OrderedDict
from typing import IO, Protocol

SPAN = 4 * 1024**2  # unpacked bytes from one kept state to the next …
MOST_STATES = 256  # … or more of a very large member: a state takes some 40 KiB
MOST_KNOWN = 4  # members whose states are kept
_CHUNK, _PIECE = 256 * 1024, 1024**2
_LOCAL = struct.Struct("<4s22xHH")  # local file header: signature, lengths of name and extra field


class _Inflater(Protocol):
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes: ...
    def copy(self) -> _Inflater: ...


def start_of(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Where the bytes of a member begin in the archive. Raises BadZipFile."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        raise zipfile.BadZipFile(info.filename)
    _, name, extra = _LOCAL.unpack(head)
    return int(info.header_offset + _LOCAL.size + name + extra)


class LargeMembers:
    """Members too large to be held whole, by path. Not for several threads at once: the caller locks."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Inflated] = OrderedDict()

    def read(self, path: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, offset: int, size: int) -> bytes | None:
        """At most `size` bytes from `offset`; None where the member is packed in another way. Raises zlib.error, EOFError,
        BadZipFile, OSError."""
        file = archive.fp
        if file is None or info.compress_type not in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
            return None
        if info.compress_type == zipfile.ZIP_STORED:
            file.seek(start_of(file, info) + offset)
            return file.read(max(0, min(size, info.file_size - offset)))
        member = self._known.pop(path, None) or Inflated(file, info)
        self._known[path] = member
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return member.read(offset, size)

    def clear(self) -> None:
        """Forget all."""
        self._known.clear()


class Inflated:
    """A deflated member, with the states of its unpacking."""

    def __init__(self, file: IO[bytes], info: zipfile.ZipInfo) -> None:
        self._file, self._info = file, info
        first: _Inflater = zlib.decompressobj(-15)
        start = start_of(file, info)
        self._end = start + info.compress_size
        self._span = max(SPAN, info.file_size // MOST_STATES)
        self._places, self._states = [0], [(start, first)]  # unpacked offset; where packed bytes go on, with what
        self._checked, self._sum = 0, 0  # the way from the start that was ever unpacked, and its checksum

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` unpacked bytes from `offset`. Raises zlib.error, EOFError, BadZipFile, OSError."""
        number = bisect_right(self._places, offset) - 1
        place = self._places[number]
        packed, state = self._states[number]
        inflater, rest, found = state.copy(), b"", bytearray()
        end = min(offset + size, self._info.file_size)
        while place < end:
            if not rest:
                rest = self._packed(packed)
                packed += len(rest)
            piece = inflater.decompress(rest, _PIECE)
            rest = inflater.unconsumed_tail
            if piece:
                self._take(place, piece)
                found += piece[max(0, offset - place) : max(0, end - place)]
                place += len(piece)
                self._keep(place, packed - len(rest), inflater)
            if inflater.eof and place < end:
                raise EOFError
        return bytes(found)

    def _packed(self, at: int) -> bytes:
        self._file.seek(at)
        data = self._file.read(max(0, min(_CHUNK, self._end - at)))
        if not data:
            raise EOFError
        return data

    def _take(self, place: int, piece: bytes) -> None:
        """The checksum, as far as nothing was left out; it is known to be wrong once all was unpacked."""
        if place <= self._checked < place + len(piece):
            self._sum = zlib.crc32(piece[self._checked - place :], self._sum)
            self._checked = place + len(piece)
        if self._checked >= self._info.file_size and self._sum != self._info.CRC:
            raise zipfile.BadZipFile(self._info.filename)

    def _keep(self, place: int, packed: int, inflater: _Inflater) -> None:
        if place - self._places[-1] >= self._span and not inflater.eof:
            self._places.append(place)
            self._states.append((packed, inflater.copy()))
