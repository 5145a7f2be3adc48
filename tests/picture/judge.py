"""Another program's opinion (SimpleITK), with types."""

from __future__ import annotations

from typing import Any

import numpy as np
import SimpleITK
from numpy.typing import NDArray

_JUDGE: Any = SimpleITK  # has no types of its own


def windowed(values: NDArray[Any], low: float, high: float) -> NDArray[np.float64]:
    """Values from `low` to `high` spread over 0 to 255, not rounded."""
    image = _JUDGE.Cast(_JUDGE.GetImageFromArray(values), _JUDGE.sitkFloat64)
    result: NDArray[np.float64] = _JUDGE.GetArrayFromImage(_JUDGE.IntensityWindowing(image, low, high, 0, 255))
    return result


def binned(values: NDArray[Any], factor: int) -> NDArray[np.float64]:
    """Means over squares of `factor` pixels."""
    image = _JUDGE.Cast(_JUDGE.GetImageFromArray(values), _JUDGE.sitkFloat64)
    result: NDArray[np.float64] = _JUDGE.GetArrayFromImage(_JUDGE.BinShrink(image, [factor, factor]))
    return result


def read_picture(path: str) -> NDArray[Any]:
    """The pixels of a picture file."""
    result: NDArray[Any] = _JUDGE.GetArrayFromImage(_JUDGE.ReadImage(path))
    return result


def statistics(values: NDArray[Any], inside: NDArray[np.bool_]) -> tuple[int, float, float, float, float]:
    """Count, mean, smallest, largest and spread (divided by n − 1) of the values inside."""
    found = _JUDGE.LabelStatisticsImageFilter()
    found.Execute(_JUDGE.GetImageFromArray(values), _JUDGE.GetImageFromArray(inside.astype(np.uint8)))
    return (found.GetCount(1), found.GetMean(1), found.GetMinimum(1), found.GetMaximum(1), found.GetSigma(1))
