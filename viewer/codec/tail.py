"""Does a baseline JPEG end where its picture ends? (T.81 F.1.2.3, B.2.1)

Decoders fill up what is missing and leave over what is too much, both without a word. So the same decoder is asked
twice more: once with bytes added behind the last ones, which a whole picture never reads, and once with the last
ones replaced, without which no whole picture is the same. Damage in the middle nearly always shifts the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Samples: TypeAlias = "NDArray[np.generic]"

_OTHER = bytes(range(16, 240, 7))  # bytes that are no marker and end no block soon
_LEFT_OVER = 2  # bytes that a whole picture needs at least in part
_TAILS = tuple(Random(seed).randbytes(8).replace(b"\xff", b"\x12") for seed in range(24))
# to replace them; many, since one alone may by chance, or because it is no code at all, give the same picture
_FILLED = b"\xff\x00"  # a byte of nothing but padding, which some encoders write where the last code fills its byte
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")


def ends_well(stream: bytes, scan: int, samples: Samples, decode: Callable[[bytes], Samples]) -> bool:
    """Whether the entropy-coded data from `scan` on are exactly those of `samples`; True where it cannot be told."""
    end = stream.rfind(b"\xff\xd9")
    while end > scan and stream[end - 1] == 0xFF:
        end -= 1  # fill bytes before the marker
    if _RESTART.fullmatch(stream, end - 2, end):
        end -= 2  # nothing follows it
    if not scan or end - scan < 16:
        return True
    last = end - _LEFT_OVER
    if stream[last:end] == _FILLED:
        last -= _LEFT_OVER
    if stream[last - 1] == 0xFF:
        last -= 1
    return (
        _restarts_count_up(stream, scan, end)
        and np.array_equal(decode(stream[:end] + _OTHER + b"\xff\xd9"), samples)
        and any(not np.array_equal(decode(stream[:last] + tail + b"\xff\xd9"), samples) for tail in _TAILS)
    )


def _restarts_count_up(stream: bytes, scan: int, end: int) -> bool:
    """Restart markers follow one another modulo 8 (T.81 E.1.4)."""
    numbers = [match[1][0] & 7 for match in _RESTART.finditer(stream, scan, end)]
    return all(number == index % 8 for index, number in enumerate(numbers))
