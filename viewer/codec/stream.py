"""Our own look at a compressed stream before a decoder sees it: what it is, how big, whole or not, which colour.

Decoders return other pixels without a word for most damaged streams, so the marks on damaged pictures come from
here: start and end markers, sizes against the header, bytes that cannot occur inside a scan.
Sources: ITU-T T.81 Annex B (JPEG), T.87 Annex C (JPEG-LS), T.800 Annex A (JPEG 2000), PS3.5 Annex G (RLE).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from enum import StrEnum

from viewer.codec.quantise import is_spoilt, tables_of


class Family(StrEnum):
    """What kind of stream it is; one decoder each."""

    JPEG = "jpeg"
    LOSSLESS = "jpeg-lossless"
    JPEG_LS = "jpeg-ls"
    JPEG_2000 = "jpeg-2000"
    HTJ2K = "htj2k"  # the reversible kind; OpenJPH wraps overshooting values of the other, OpenJPEG does not
    RLE = "rle"
    DEFLATE = "deflate"
    PLAIN = "plain"  # not compressed, only cut into items


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What a stream says of itself.

    colour: "RGB", "YBR_FULL" or "" (the stream does not say: the header decides, R-C1).
    whole: the end marker is there. sound: nothing impossible was seen on the way.
    start: offset of the code stream itself (JPEG 2000 may be wrapped in a JP2 file).
    scan: offset of the entropy-coded data of a sequential JPEG, 0 for all others.
    reversible: the wavelet of a JPEG 2000 stream gives back exactly what was put in.
    near: how far a value of a JPEG-LS stream may be off (T.87 C.2.3).
    """

    family: Family
    rows: int = 0
    columns: int = 0
    components: int = 0
    bits: int = 0
    is_signed: bool = False
    colour: str = ""
    whole: bool = True
    sound: bool = True
    start: int = 0
    scan: int = 0
    reversible: bool = False
    near: int = 0


_SOI, _EOI, _SOS, _DQT, _DHT = 0xD8, 0xD9, 0xDA, 0xDB, 0xC4
_SOF_LS, _SOF_LOSSLESS = 0xF7, 0xC3
_SEQUENTIAL = frozenset({0xC0, 0xC1})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, _SOF_LOSSLESS, 0xC9, 0xCA, _SOF_LS})
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_J2K_START = b"\xff\x4f\xff\x51"
_TAIL = 512  # some writers pad after the end marker
_MOST_SEGMENTS = 4096
_NOT_IN_A_SCAN = re.compile(rb"\xff[\x01-\xbf]")
_NOT_IN_AN_LS_SCAN = re.compile(rb"\xff[\x80-\xcf]")
_NOT_IN_A_TILE = re.compile(rb"\xff[\x94-\xd8\xda-\xfe]")


def sniff(stream: bytes) -> StreamFacts | None:
    """What the stream is by its own bytes; None when it is nothing we know."""
    if stream[:2] == b"\xff\xd8":
        return _jpeg(stream)
    start = stream.find(_J2K_START, 0, 65536)
    if start == 0 or (start > 0 and stream[:4] == b"\0\0\0\x0c"):
        return _jpeg_2000(stream, start)
    return _rle(stream)


def _whole(stream: bytes) -> bool:
    return stream.rfind(b"\xff\xd9", max(0, len(stream) - _TAIL)) >= 0


@dataclass(slots=True)
class _Seen:
    """What the walk over JPEG segments has met."""

    marker: int = 0
    frame: bytes = b""
    jfif: bool = False
    adobe: int = -1
    scan: int = 0
    near: int = 0
    spoilt: bool = False
    codes: bool = False  # a table of codes was there


def _jpeg(stream: bytes) -> StreamFacts | None:
    seen = _walk(stream)
    if len(seen.frame) < 6:
        return None
    bits, rows, columns, components = struct.unpack_from(">BHHB", seen.frame)
    family = {_SOF_LS: Family.JPEG_LS, _SOF_LOSSLESS: Family.LOSSLESS}.get(seen.marker, Family.JPEG)
    impossible = _NOT_IN_AN_LS_SCAN if family is Family.JPEG_LS else _NOT_IN_A_SCAN
    readable = seen.scan > 0 and not seen.spoilt and (seen.codes or family is not Family.LOSSLESS)
    return StreamFacts(
        family,
        rows,
        columns,
        components,
        bits,
        colour=_colour(seen, family, components),
        whole=_whole(stream),
        sound=readable and _sound(stream, seen.scan, family, impossible),
        scan=seen.scan if seen.marker in _SEQUENTIAL else 0,
        near=seen.near if family is Family.JPEG_LS else 0,
    )


def _walk(stream: bytes) -> _Seen:
    """The segments before the first scan (T.81 B.1.1)."""
    seen, at = _Seen(), 2
    for _ in range(_MOST_SEGMENTS):
        if at + 4 > len(stream) or stream[at] != 0xFF:
            break
        marker = stream[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(stream[at + 2 : at + 4], "big")
        body = stream[at + 4 : at + 2 + length]
        _note(seen, marker, body)
        at += 2 + length
        if marker == _SOS:
            seen.scan = at
            break
    return seen


def _note(seen: _Seen, marker: int, body: bytes) -> None:
    if marker in _FRAMES and not seen.frame:
        seen.marker, seen.frame = marker, body
    elif marker == 0xE0 and body[:5] == b"JFIF\0":
        seen.jfif = True
    elif marker == _DHT:
        seen.codes = True
    elif marker == _DQT:
        seen.spoilt |= any(is_spoilt(table) for table in tables_of(body))
    elif marker == _SOS and len(body) >= 4:
        seen.near = body[-3]
    elif marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
        seen.adobe = body[11]


def _colour(seen: _Seen, family: Family, components: int) -> str:
    """R-C1: the stream before the header. JFIF says nothing in lossless streams: writers add it to anything."""
    if components != 3 or family is Family.JPEG_LS:
        return ""
    parts = [seen.frame[6 + 3 * i : 9 + 3 * i] for i in range(3)]
    if any(len(part) < 3 for part in parts):
        return ""
    if len({part[1] for part in parts}) > 1:
        return "YBR_FULL"
    if seen.adobe >= 0:
        return "RGB" if seen.adobe == 0 else "YBR_FULL"
    if bytes(part[0] for part in parts) == b"RGB":
        return "RGB"
    return "YBR_FULL" if seen.jfif and family is Family.JPEG else ""


def _sound(stream: bytes, scan: int, family: Family, impossible: re.Pattern[bytes]) -> bool:
    if family is Family.JPEG:  # further tables between progressive scans may hold any byte
        end = stream.find(b"\xff\xc4", scan)
        return impossible.search(stream, scan, end if end > 0 else len(stream)) is None
    return impossible.search(stream, scan) is None


def _jpeg_2000(stream: bytes, start: int) -> StreamFacts | None:
    """SIZ, CAP and COD of the main header, then a look through the tiles (T.800 A.4, A.5)."""
    if start + 44 > len(stream):
        return None
    size, _, right, bottom, left, top = struct.unpack_from(">HHIIII", stream, start + 4)
    components = int.from_bytes(stream[start + 40 : start + 42], "big")
    depth = stream[start + 42]
    mct, high_throughput, reversible, tiles = _main_header(stream, start + 4 + size)
    return StreamFacts(
        Family.HTJ2K if high_throughput and reversible else Family.JPEG_2000,
        max(0, bottom - top),
        max(0, right - left),
        components,
        (depth & 0x7F) + 1,
        bool(depth & 0x80),
        "RGB" if mct and components >= 3 else "",
        _whole(stream),
        tiles > 0 and _tiles_sound(stream, tiles),
        start,
        reversible=reversible,
    )


def _main_header(stream: bytes, at: int) -> tuple[bool, bool, bool, int]:
    """(multiple component transform, high throughput, reversible wavelet, offset of the first tile or 0)."""
    mct = high_throughput = reversible = False
    for _ in range(_MOST_SEGMENTS):
        if at + 4 > len(stream) or stream[at] != 0xFF:
            break
        marker, length = stream[at + 1], int.from_bytes(stream[at + 2 : at + 4], "big")
        if marker == 0x90:
            return mct, high_throughput, reversible, at
        mct |= marker == 0x52 and at + 9 <= len(stream) and stream[at + 8] == 1
        reversible |= marker == 0x52 and at + 14 <= len(stream) and stream[at + 13] == 1
        high_throughput |= marker == 0x50
        at += 2 + length
    return mct, high_throughput, reversible, 0


def _tiles_sound(stream: bytes, at: int) -> bool:
    """Walk the tile parts by their own lengths; codes FF90 to FFFF never occur inside packed data (T.800 A.1)."""
    while stream[at : at + 2] == b"\xff\x90":
        length = int.from_bytes(stream[at + 6 : at + 10], "big")
        data = stream.find(b"\xff\x93", at)
        end = at + length if length else len(stream)
        if data < 0 or end > len(stream) or end <= at or _NOT_IN_A_TILE.search(stream, data + 2, end):
            return False
        at = end
    return stream[at : at + 2] in (b"\xff\xd9", b"")


def _rle(stream: bytes) -> StreamFacts | None:
    """Segment count and offsets of the RLE header (PS3.5 G.5)."""
    if len(stream) < 64:
        return None
    count, *offsets = struct.unpack_from("<16I", stream)
    used = offsets[:count]
    if not 1 <= count <= 15 or used[0] != 64 or used != sorted(set(used)) or any(offsets[count:]):
        return None
    return StreamFacts(Family.RLE, components=count, whole=used[-1] < len(stream))
