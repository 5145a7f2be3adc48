"""How the rows and columns of a stored picture lie on a slice of it, which may show them mirrored or turned."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.geometry.affine import slice_affine
from viewer.geometry.outline import heights_and_places
from viewer.geometry.plane import Plane
from viewer.index.model import Frame
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

Matrix: TypeAlias = "NDArray[np.float64]"
_CLOSE = 1e-3


def stored_to_slice(slice_: Slice, frame: Frame) -> Matrix | None:
    """(3, 3): stored (column, row, 1) → (column, row, 1) of the slice; None where the slice is no stored picture."""
    if slice_.plane is Plane.NATIVE:
        return np.eye(3)
    facts = frame.facts
    own = slice_affine(facts.position, facts.orientation, facts.spacing)
    if slice_.frame is None or slice_.affine is None or own is None:
        return None
    corners = own[:3, 3] + np.array([[0.0, 0, 0], own[:3, 0], own[:3, 1]])
    places = heights_and_places(slice_.affine, corners)[1]
    matrix = np.eye(3)
    matrix[:2, 0], matrix[:2, 1], matrix[:2, 2] = places[1] - places[0], places[2] - places[0], places[0]
    return matrix


def moved(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (…, 2) through a matrix of `stored_to_slice`."""
    found: NDArray[np.float64] = points @ matrix[:2, :2].T + matrix[:2, 2]
    return found


def laid(matrix: Matrix, mask: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """A mask of stored pixels turned like the slice; None where its pixels do not fall on pixels."""
    linear = np.rint(matrix[:2, :2])
    if np.abs(linear - matrix[:2, :2]).max() > _CLOSE or abs(round(float(np.linalg.det(linear)))) != 1:
        return None
    if linear[0, 0] == 0:
        mask, linear = mask.T, linear[:, ::-1]
    return mask[:: int(linear[1, 1]), :: int(linear[0, 0])]
