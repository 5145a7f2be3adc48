"""The letters at the edges of a picture, from directions and from nothing else (PS3.3 C.7.6.1.1.1).

Keep the screen's right and down vectors: a flip left-right is right = -right, a quarter turn clockwise is
(right, down) = (-down, right). Letters made from these are right by construction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple

import numpy as np

from viewer.geometry.plane import Letters, Vector

SMALLEST = 0.1  # a direction leaning less than this towards an axis does not name it
_AXES = (("L", "R"), ("P", "A"), ("H", "F"))
# what the directions are called in an animal on four legs, whose axes are those of a person: left, back, head
_IN_ANIMALS = {"L": "LE", "R": "RT", "P": "D", "A": "V", "H": "CR", "F": "CD"}
_OF_ANIMALS = {word: letter for letter, word in _IN_ANIMALS.items()}
_SOME_OF_ANIMALS = re.compile("|".join(sorted(_OF_ANIMALS, key=len, reverse=True)))
_OPPOSITE = dict(zip("LRPAHF", "RLAPFH", strict=True))


def direction_letters(direction: Vector | Sequence[float]) -> str:
    """Letters of an LPS direction (3,), the strongest first: "L", "LP", "LPH"; "" for a zero or unknown one."""
    vector = np.asarray(direction, np.float64)
    length = float(np.linalg.norm(vector))
    if vector.shape != (3,) or not np.isfinite(length) or length == 0.0:
        return ""
    unit = vector / length
    # Rounding keeps equal parts in the order x, y, z instead of leaving it to the last bit.
    order = sorted(range(3), key=lambda axis: (-round(abs(float(unit[axis])), 6), axis))
    return "".join(_AXES[axis][0 if unit[axis] > 0 else 1] for axis in order if abs(unit[axis]) >= SMALLEST)


def opposite(letters: str) -> str:
    """The letters of the other edge: "LP" → "RA"."""
    return "".join(_OPPOSITE[letter] for letter in letters)


def orientation_letters(right: Vector | Sequence[float], down: Vector | Sequence[float]) -> Letters:
    """Letters for a picture whose right edge lies towards `right` and whose bottom lies towards `down` (LPS, (3,))."""
    at_right, at_bottom = direction_letters(right), direction_letters(down)
    return Letters(left=opposite(at_right), right=at_right, top=opposite(at_bottom), bottom=at_bottom)


def letters_from_patient_orientation(right: str, down: str) -> Letters | None:
    """Letters from Patient Orientation (0020,0020); None when a value is no set of the six letters (PS3.3 C.7.6.1.1.1)."""
    values = right.strip().upper(), down.strip().upper()
    if not all(value and set(value) <= set(_OPPOSITE) for value in values):
        return None
    return Letters(left=opposite(values[0]), right=values[0], top=opposite(values[1]), bottom=values[1])


def in_animals(letters: Letters) -> Letters:
    """What the same edges are called in an animal on four legs: "LP" is "LE-D" (PS3.3 C.7.6.1.1.1)."""
    named = ("-".join(_IN_ANIMALS[letter] for letter in edge) for edge in astuple(letters))
    return Letters(*named)


def of_animals(code: str) -> str:
    """The six letters for a value of Patient Orientation of an animal on four legs, "LED" is "LP"; "" for one that tells
    of a limb or of the nose: R is not right there, and PA no direction of two."""
    found = _SOME_OF_ANIMALS.findall(code.strip().upper())
    return "".join(_OF_ANIMALS[word] for word in found) if "".join(found) == code.strip().upper() else ""
