"""Which plane of the body a normal belongs to, and how far it leans away from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from viewer.geometry.plane import Plane, Vector

_PLANES = (Plane.SAGITTAL, Plane.CORONAL, Plane.AXIAL)  # planes cut across x, y, z


def nearest_plane(normal: Vector | Sequence[float]) -> Plane:
    """The plane of the body nearest to a cut with this LPS normal (3,); between two, the later of x, y, z."""
    parts = np.round(np.abs(np.asarray(normal, np.float64)), 6)
    return _PLANES[2 - int(np.argmax(parts[::-1]))]


def is_other_side(normal: Vector | Sequence[float], plane: Plane) -> bool:
    """Whether a picture whose LPS normal (right × down, away from who looks) is this one is seen from the head or from
    behind, and not from the feet or the front as is usual. From the side both ways are."""
    return plane in (Plane.AXIAL, Plane.CORONAL) and bool(normal[_PLANES.index(plane)] < 0)


def obliquity_degrees(normal: Vector | Sequence[float]) -> float:
    """Degrees (0 to 54.7) between the normal and the nearest axis of the body; 0 for a straight cut."""
    vector = np.asarray(normal, np.float64)
    axis = np.zeros(3)
    axis[int(np.argmax(np.abs(vector)))] = 1.0
    return min(angle_degrees(vector, axis), angle_degrees(vector, -axis))


def angle_degrees(one: Vector, other: Vector) -> float:
    """Degrees (0 to 180) between two vectors (3,)."""
    # atan2 keeps small angles exact where acos of a rounded cosine loses them.
    return float(np.degrees(np.arctan2(np.linalg.norm(np.cross(one, other)), float(np.dot(one, other)))))
