"""Is what follows the picture in its file a part of the data set, or a rest that something pushed out of it?

Bytes put into a picture by mistake (a buffer written twice) leave its length as it was and push its end behind it. Sound
files end with the picture, with elements (padding (FFFC,FFFC), signatures (FFFA,FFFA), private groups; PS3.5 7.1), with
filling of one kind, as archives put it there to make blocks full, or with the end of a line, as a download in several
parts leaves it.
"""

from __future__ import annotations

from viewer.dicom.encoding import (
    EXPLICIT_BE,
    EXPLICIT_LE,
    IMPLICIT_BE,
    IMPLICIT_LE,
    LARGE_VRS,
    SMALL_VRS,
    UNDEFINED,
    Encoding,
)
from viewer.dicom.source import WRONG_BYTES, FileReader, Source
from viewer.dicom.walk import Damaged, end_of_items, head_at

_LAST_OF_PICTURE = 0x7FE00010
_MOST = 1000  # elements behind a picture
_PIECE = 64 * 1024  # bytes of filling that are looked at
_END_OF_LINE = b"\r\n"


def is_whole_behind(medium: FileReader, path: str, position: int, size: int) -> bool:
    """Whether the bytes of a file from `position`, right behind its plain pixels, to its end, `size`, belong there.

    Raises ProblemError where they cannot be read.
    """
    if position >= size:
        return True
    source = Source(b"", size, lambda start, count: medium.read(path, start, count))
    try:
        return any(
            _are_elements(source, position, encoding)
            for encoding in (EXPLICIT_LE, IMPLICIT_LE, EXPLICIT_BE, IMPLICIT_BE)
        )
    except WRONG_BYTES:
        return False


def _are_elements(source: Source, position: int, encoding: Encoding) -> bool:
    """Whether whole elements, and filling behind them, reach to the end: explicit ones, or implicit ones in order."""
    last = _LAST_OF_PICTURE
    for _ in range(_MOST):
        if _is_filling(source, position):
            return True
        head = head_at(source, position, encoding)
        if head is None:
            return False
        is_named = head.vr in SMALL_VRS or head.vr in LARGE_VRS
        if not is_named and head.tag <= last:
            return False
        last = max(last, head.tag)
        position = head.start + head.length
        if head.length == UNDEFINED:
            try:
                _, position = end_of_items(source, head.start, IMPLICIT_LE if head.vr == b"UN" else encoding)
            except Damaged:
                return False
        if position > source.size:
            return False
    return False


def _is_filling(source: Source, position: int) -> bool:
    """Whether nothing follows but one byte over and over, or the end of a line."""
    rest = source.at(position, _PIECE)
    return len(set(rest)) <= 1 or rest == _END_OF_LINE
