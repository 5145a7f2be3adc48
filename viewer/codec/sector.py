"""Was a sector of the disc lost? Copying programs put zeros where they could not read, and say nothing.

A black area of a picture begins and ends where the body does. A lost sector begins and ends on multiples of 2048
bytes of the *file*, in the middle of rows, with values right before and right behind (ECMA-130, ISO 9660 6.1.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Bytes: TypeAlias = "NDArray[np.uint8]"

SECTOR = 2048


def may_lack_sectors(data: memoryview) -> bool:
    """False when no 2048 bytes in a row are zeros: one word in each stretch that fits into a sector is looked at."""
    words = np.frombuffer(data, np.uint64, len(data) // 8)
    return not words[:: SECTOR // 8 - 1].all()


def has_lost_sector(data: memoryview, start: int, row: int) -> bool:
    """Whether native pixels `data`, which begin at byte `start` of the file, hold a sector of zeros.

    row: bytes of a row; zeros from the start of a row to the end of one may be a black border.
    """
    if not may_lack_sectors(data):
        return False
    values = np.frombuffer(data, np.uint8)
    first = -start % SECTOR
    first += 0 if first >= 2 else SECTOR  # what lies right before is looked at
    count = (len(values) - first) // SECTOR
    if count < 1:
        return False
    one, two, begins, ends = (_each_sector(values, first + at, count) for at in (-1, -2, 0, SECTOR - 1))
    sectors = values[first : first + count * SECTOR].reshape(count, SECTOR)
    sharp = np.flatnonzero((one | two > 0) & (begins | ends == 0))
    return any(_ends_sharply(values, sectors, int(number), first, row) for number in sharp)


def _each_sector(values: Bytes, at: int, count: int) -> Bytes:
    """The byte at this place of each sector."""
    return values[at : at + (count - 1) * SECTOR + 1 : SECTOR]


def _ends_sharply(values: Bytes, sectors: Bytes, number: int, first: int, row: int) -> bool:
    """Whether the zeros that begin with sector `number` end with one, and not as rows do."""
    begin = end = first + SECTOR * number
    while number < len(sectors) and not sectors[number].any():
        number, end = number + 1, end + SECTOR
    is_border = begin % row == 0 and end % row == 0
    return end > begin and not is_border and bool(values[end : end + 2].any())
