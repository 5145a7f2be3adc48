"""Does each block of a JPEG 2000 picture end where its bytes end? (T.800 C.2.9, D.4.2)

OpenJPEG decodes damaged blocks without a word: the arithmetic decoder turns any bytes into numbers. But it can be asked
to see whether a block used up its bytes, as writers promise who set "predictable termination"; and the bytes of a sound
block are used up with or without that promise. So the promise is written into our copy of the main header.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from typing_extensions import override

_STYLE = 12  # of a COD segment, from its marker (A.6.1)
_PROMISE = 0x10  # predictable termination (table A.19)
_HARMLESS = 0x2A  # styles in which the end can be told: contexts reset, vertically causal, segmentation symbols
_UNUSED, _INVENTED = 4, 16  # bytes left over, bytes made up; sound blocks of all writers at hand have up to 2 and 4
_COMPLAINT = re.compile(r"(\d+) (remaining|synthesized)")
_LOGGER = "imagecodecs"


def with_ends_checked(code: bytes) -> bytes:
    """The code stream with the promise in it, as it is where the style of its blocks does not allow it."""
    at = 2
    while code[at : at + 1] == b"\xff" and at + _STYLE < len(code) and code[at + 1] != 0x90:
        if code[at + 1] == 0x52:
            style = code[at + _STYLE]
            return (
                code
                if style & ~_HARMLESS
                else code[: at + _STYLE] + bytes([style | _PROMISE]) + code[at + _STYLE + 1 :]
            )
        at += 2 + int.from_bytes(code[at + 2 : at + 4], "big")
    return code


@contextmanager
def unused_bytes() -> Iterator[list[bool]]:
    """True for each block that did not end where its bytes end, while the context lasts."""
    logger, found = logging.getLogger(_LOGGER), _Complaints()
    logger.addHandler(found)
    logger.propagate = False
    try:
        yield found.serious
    finally:
        logger.removeHandler(found)


class _Complaints(logging.Handler):
    """Hears what the library says; handlers may be called from its own threads."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.serious: list[bool] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        told = _COMPLAINT.search(record.getMessage())
        if told is not None:
            limit = _UNUSED if told[2] == "remaining" else _INVENTED
            self.serious.append(int(told[1]) >= limit)
