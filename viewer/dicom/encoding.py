"""How elements are written: value representations, encodings, transfer syntaxes (PS3.5 7, 10, A)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

LARGE_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())  # 4-byte lengths, PS3.5 7.1.2
SMALL_VRS = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
UNDEFINED = 0xFFFFFFFF


class Encoding(NamedTuple):
    """Whether elements carry their VR, and the byte order."""

    explicit: bool
    little: bool


EXPLICIT_LE = Encoding(True, True)
IMPLICIT_LE = Encoding(False, True)
EXPLICIT_BE = Encoding(True, False)
IMPLICIT_BE = Encoding(False, False)  # not in the standard, but written by old programs


@dataclass(frozen=True, slots=True)
class Syntax:
    """One transfer syntax. `known`: there is a way to decode its pictures."""

    uid: str
    encoding: Encoding = EXPLICIT_LE
    deflated: bool = False
    compressed: bool = True
    video: bool = False
    known: bool = True


_DICOM = "1.2.840.10008.1.2"
_VIDEO = (
    tuple(f".4.{n}" for n in range(100, 109)) + tuple(f".4.{n}.1" for n in range(100, 107)) + (".7.1", ".7.2", ".7.3")
)
_STILL = tuple(f".4.{n}" for n in (50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 70, 80, 81, 90, 91, 92, 93, 201, 202, 203)) + (".5",)  # fmt: skip

SYNTAXES: dict[str, Syntax] = {
    row.uid: row
    for row in (
        Syntax(_DICOM, IMPLICIT_LE, compressed=False),
        Syntax(_DICOM + ".1", compressed=False),
        Syntax(_DICOM + ".1.99", deflated=True, compressed=False),
        Syntax(_DICOM + ".2", EXPLICIT_BE, compressed=False),
        Syntax("1.2.840.113619.5.2", IMPLICIT_LE, compressed=False),  # GE: implicit, picture in big endian
        Syntax(_DICOM + ".8.1"),  # each frame deflated by itself
        Syntax(_DICOM + ".1.98"),  # not compressed, each frame in an item
        *(Syntax(_DICOM + end) for end in _STILL),
        *(Syntax(_DICOM + end, video=True) for end in _VIDEO),
    )
}
UIDS = {IMPLICIT_LE: _DICOM, EXPLICIT_LE: _DICOM + ".1", EXPLICIT_BE: _DICOM + ".2", IMPLICIT_BE: "1.2.840.113619.5.2"}


def syntax(uid: str) -> Syntax:
    """The row of a transfer syntax; an unknown one is taken as explicit little endian, compressed, not decodable."""
    return SYNTAXES.get(uid) or Syntax(uid, known=False)


def real_encoding(start: bytes, declared: Encoding, size: int) -> Encoding:
    """The encoding that the first elements really use; labels are wrong now and then (PS3.5 7.1).

    start: the first bytes of the data set; size: bytes of it.
    """
    if len(start) < 8 or elements_fit(start, declared, size) >= 2:
        return declared
    fits = {e: elements_fit(start, e, size) for e in (EXPLICIT_LE, IMPLICIT_LE, EXPLICIT_BE, IMPLICIT_BE)}
    best = max(fits, key=lambda e: (fits[e], e == declared))
    return best if fits[best] > fits[declared] else declared


def elements_fit(start: bytes, encoding: Encoding, size: int, most: int = 6) -> int:
    """How many elements in rising order can be walked from the start before the first contradiction."""
    order = "<" if encoding.little else ">"
    at = count = last = 0
    while count < most and at + 12 <= len(start):
        group, number = struct.unpack_from(order + "HH", start, at)
        tag = group << 16 | number
        if tag <= last:
            return count
        last, vr = tag, start[at + 4 : at + 6]
        if not encoding.explicit:
            length, skip = struct.unpack_from(order + "I", start, at + 4)[0], 8
        elif vr in SMALL_VRS:
            length, skip = struct.unpack_from(order + "H", start, at + 6)[0], 8
        elif vr in LARGE_VRS:
            length, skip = struct.unpack_from(order + "I", start, at + 8)[0], 12
        else:
            return count
        if length == UNDEFINED:
            return count + 1
        at += skip + length
        if at > size:
            return count
        count += 1
    return count
