"""Was a quantisation table of a JPEG edited by damage? Nearly all writers scale one of two tables (ITU-T T.81 K.1).

A wrong entry changes every block of the picture, and no decoder can know. A table that is a scaled one but for very few
entries, each far from what it should be, was a scaled one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BRIGHTNESS = (
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60,
    57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112,
    100, 120, 92, 101, 103, 99,
)  # fmt: skip
_COLOUR = (17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, *[99] * 50)
_FEW = 3  # entries
_FAR = 3  # and their factor, up or down

Table: TypeAlias = "NDArray[np.int32]"


@cache
def _scaled() -> Table:
    """(200, 64) both tables at each quality from 1 to 100, as the Independent JPEG Group's software makes them."""
    quality = np.arange(1, 101)[:, None]
    scale = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    both = [(np.array(base) * scale + 50) // 100 for base in (_BRIGHTNESS, _COLOUR)]
    scaled: Table = np.clip(np.concatenate(both), 1, 32767).astype(np.int32)
    return scaled


def is_spoilt(table: Table) -> bool:
    """Whether the 64 entries, in zigzag order, are a scaled table but for a few wild ones (0 cannot be)."""
    if not table.all():
        return True
    known = np.minimum(_scaled(), 255) if table.max() <= 255 else _scaled()
    differs = known != table
    nearest = int(differs.sum(axis=1).argmin())
    if not 0 < differs[nearest].sum() <= _FEW:
        return False
    wrong, right = table[differs[nearest]], known[nearest][differs[nearest]]
    return bool(((wrong > _FAR * right) | (_FAR * wrong < right)).any())


def tables_of(body: bytes) -> list[Table]:
    """The tables of a DQT segment without its marker and length (T.81 B.2.4.1); none where it is cut."""
    found, at = [], 0
    while at < len(body):
        size = 2 if body[at] >> 4 else 1
        values = np.frombuffer(body, ">u2" if size == 2 else "u1", min(64, (len(body) - at - 1) // size), at + 1)
        if len(values) < 64:
            return []
        found.append(values.astype(np.int32))
        at += 1 + 64 * size
    return found
