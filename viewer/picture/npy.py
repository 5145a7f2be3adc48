"""Modality values as a NumPy file (`sidelight render --values`)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def npy_bytes(values: NDArray[np.generic]) -> bytes:
    """The .npy (version 1.0, no pickle) of an array as float32, little endian, C order, same shape."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(values, dtype="<f4"), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()
