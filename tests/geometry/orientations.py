"""Strategies: any rotation, and the 24 that lie on the axes."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
from hypothesis import strategies as st

AXIS_ALIGNED = [
    matrix
    for order in permutations(range(3))
    for signs in product((1.0, -1.0), repeat=3)
    for matrix in [np.eye(3)[:, order] * signs]
    if np.linalg.det(matrix) > 0
]


def _from_quaternion(parts: tuple[float, float, float, float]) -> np.ndarray:
    w, x, y, z = np.asarray(parts) / np.linalg.norm(parts)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def rotations() -> st.SearchStrategy[np.ndarray]:
    """(3, 3) rotations: axis-aligned ones and any other; columns are right, down, normal."""
    part = st.floats(-1, 1, allow_nan=False, width=32)
    turned = st.tuples(part, part, part, part).filter(lambda q: float(np.linalg.norm(q)) > 0.1).map(_from_quaternion)
    return st.one_of(st.sampled_from(AXIS_ALIGNED), turned)


def right_and_down(affine: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit directions (3,) of increasing column and of increasing row."""
    return affine[:3, 0] / np.linalg.norm(affine[:3, 0]), affine[:3, 1] / np.linalg.norm(affine[:3, 1])
