"""Bytes of a member of a ZIP, of which never more is unpacked than was asked for.

zipfile keeps to that with deflate only: of a member packed with bzip2 or LZMA it unpacks whatever the packed bytes hold
before it looks at the size, and a kilobyte of bzip2 holds a gigabyte of zeros.
"""

from __future__ import annotations

import bz2
import lzma
import struct
import zipfile
import zlib

from viewer.disc.inflated import start_of

PLAIN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_CHUNK, _PIECE = 64 * 1024, 1024**2
_LARGEST_DICTIONARY = 256 * 1024**2  # of LZMA, taken at once; programs offer up to 64 MiB without being asked twice
_LZMA = struct.Struct("<2xHBI")  # version, size of the properties: lc, lp and pb in a byte, dictionary (APPNOTE 5.8.8)


def is_folder(info: zipfile.ZipInfo) -> bool:
    """Whether a member stands for a folder; a name may be empty, which zipfile's own question does not survive."""
    return info.filename.endswith("/")


def unpacked(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, offset: int, size: int, secret: bytes | None = None
) -> bytes:
    """At most `size` bytes from `offset`. Raises RuntimeError where the member is locked, BadZipFile, EOFError, OSError,
    zlib.error, ValueError, NotImplementedError where it is damaged or packed in a way that is not known."""
    if info.compress_type in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        try:
            return _bounded(archive, info, offset, min(offset + size, info.file_size))
        except lzma.LZMAError as error:
            raise zipfile.BadZipFile(info.filename) from error
    with archive.open(info, pwd=secret) as stream:
        if offset:
            stream.seek(offset)
        return stream.read(min(size, max(info.file_size - offset, 0)))


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, offset: int, end: int) -> bytes:
    file = archive.fp
    if file is None or info.flag_bits & 1:
        raise RuntimeError("locked")
    at = start_of(file, info)
    stop = at + info.compress_size
    file.seek(at)
    unpacker: bz2.BZ2Decompressor | lzma.LZMADecompressor = bz2.BZ2Decompressor()
    if info.compress_type == zipfile.ZIP_LZMA:
        unpacker = _lzma(file.read(_LZMA.size))
        at += _LZMA.size
    place, total, found = 0, 0, bytearray()
    while place < end:
        data = b""
        if unpacker.needs_input:
            file.seek(at)
            data = file.read(max(0, min(_CHUNK, stop - at)))
            at += len(data)
        if unpacker.eof or (unpacker.needs_input and not data):
            raise EOFError
        piece = unpacker.decompress(data, min(_PIECE, end - place))
        found += piece[max(0, offset - place) :]
        place, total = place + len(piece), zlib.crc32(piece, total)
    if end == info.file_size and total != info.CRC:
        raise zipfile.BadZipFile(info.filename)
    return bytes(found)


def _lzma(head: bytes) -> lzma.LZMADecompressor:
    if len(head) < _LZMA.size:
        raise EOFError
    length, properties, dictionary = _LZMA.unpack(head)
    rest, lc = divmod(properties, 9)
    pb, lp = divmod(rest, 5)
    if length != 5 or dictionary > _LARGEST_DICTIONARY:
        raise zipfile.BadZipFile("not LZMA as ZIPs have it")
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
