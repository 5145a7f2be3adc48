"""What a worn disc or stick makes of a picture of half a megabyte: a few bytes wrong, or a block of another file in it.

The run's own pictures (`originals.NAMES`) are small, so that 20,000 of them are quick, and much of each is damaged.
"""

from __future__ import annotations

from random import Random

from tests.damage.kinds import Case, Kind, Part
from tests.damage.originals import LARGE_NAMES, Original, original

_BLOCK = 4096


def bytes_wrong(chance: Random, file: Original) -> bytes:
    """1 to 8 bytes anywhere are others."""
    data = bytearray(file.data)
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def foreign_block(chance: Random, file: Original) -> bytes:
    """One block of 4 KiB is of a packed file, as after a mistake in the table of a file system."""
    data = bytearray(file.data)
    at = chance.randrange(len(data)) // _BLOCK * _BLOCK
    data[at : at + _BLOCK] = chance.randbytes(len(data[at : at + _BLOCK]))
    return bytes(data)


LARGE_KINDS = (
    Kind("bytes wrong", Part.WHOLE, 4, bytes_wrong),
    Kind("block of another file", Part.WHOLE, 1, foreign_block),
)
_DRAWN = tuple(kind for kind in LARGE_KINDS for _ in range(kind.weight))


def large_case(seed: int, number: int) -> Case:
    """Always the same for the same seed and number."""
    chance = Random(f"large/{seed}/{number}")
    kind, name = chance.choice(_DRAWN), chance.choice(LARGE_NAMES)
    assert kind.damage is not None
    return Case(number, kind, name, kind.damage(chance, original(name)))
