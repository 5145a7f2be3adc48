"""The names of directions in the body: planes and letters.

Coordinates are LPS millimetres (PS3.3 C.7.6.2.1.1): +x to the patient's Left, +y to the Posterior, +z to the Head.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Vector: TypeAlias = "NDArray[np.float64]"
Affine: TypeAlias = "NDArray[np.float64]"


class Plane(StrEnum):
    """How a picture cuts the body. *native* is the picture as the scanner stored it."""

    AXIAL = "axial"
    CORONAL = "coronal"
    SAGITTAL = "sagittal"
    NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters for the four edges of a picture as shown, e.g. left="R"; several by size, e.g. "LP"."""

    left: str
    right: str
    top: str
    bottom: str
