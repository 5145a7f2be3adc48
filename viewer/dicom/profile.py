"""Colour profiles of pictures (PS3.3 C.11.15): what the colours of a file are as colours of a screen (sRGB, rule R-C6).

Only profiles of three curves and a matrix are read (ICC.1:2010 8.3.3), which those of cameras and scanners are.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.colour import TO_RGB, screen_levels
from viewer.dicom.header import ColourProfile, PixelDescription

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROFILE = 0x00282000
MOST_BYTES = 2**20
_SAME = 3  # levels of 256 by which colours may differ and still be those of the screen
_MOST_TAGS = 256
_CURVES, _COLUMNS = (b"rTRC", b"gTRC", b"bTRC"), (b"rXYZ", b"gXYZ", b"bXYZ")
# parametric curves by their kind: how many numbers each has (ICC.1:2010 10.15)
_PARAMETERS = (1, 3, 4, 5, 7)


def is_colour(pixels: PixelDescription) -> bool:
    """Whether the pixels are colours, or numbers of colours."""
    return pixels.samples == 3 or pixels.photometric == "PALETTE COLOR"


@lru_cache(maxsize=64)
def colour_profile(raw: bytes) -> tuple[ColourProfile | None, bool]:
    """(what turns the colours, None where they are those of the screen already; whether the profile was understood)."""
    try:
        found = _profile(raw[:MOST_BYTES])
    except (ValueError, IndexError, ArithmeticError, struct.error):
        return None, False
    if found is None:
        return None, False
    return (None if _is_screen(found) else found), True


def _profile(raw: bytes) -> ColourProfile | None:
    if raw[36:40] != b"acsp" or raw[16:20] != b"RGB " or raw[20:24] != b"XYZ ":
        return None
    count = min(struct.unpack_from(">I", raw, 128)[0], _MOST_TAGS)
    places = {raw[at : at + 4]: struct.unpack_from(">II", raw, at + 4) for at in range(132, 132 + 12 * count, 12)}
    if not set(_CURVES + _COLUMNS) <= set(places):
        return None
    parts = {name: raw[at : at + size] for name, (at, size) in places.items()}
    columns = np.array([struct.unpack_from(">3i", parts[name], 8) for name in _COLUMNS], np.float64) / 65536
    curves = [_curve(parts[name]) for name in _CURVES]
    matrix = np.asarray(TO_RGB) @ columns.T
    if not np.isfinite(matrix).all() or not all(np.isfinite(curve).all() for curve in curves):
        return None
    return ColourProfile(
        tuple(tuple(np.clip(curve, 0.0, 1.0).tolist()) for curve in curves), tuple(matrix.ravel().tolist())
    )


@lru_cache(maxsize=1)
def _levels() -> NDArray[np.float64]:
    return np.arange(256, dtype=np.float64) / 255


def _curve(part: bytes) -> NDArray[np.float64]:
    """The 256 values of a curve (ICC.1:2010 10.5, 10.15)."""
    kind, number = part[:4], struct.unpack_from(">I", part, 8)[0]
    if kind == b"para":
        return _parametric(number >> 16, part[12:])
    if kind != b"curv":
        raise ValueError(kind)
    if number == 0:
        return _levels()
    entries = struct.unpack_from(f">{min(number, 65536)}H", part, 12)
    if number == 1:
        powered: NDArray[np.float64] = _levels() ** (entries[0] / 256)
        return powered
    return np.asarray(np.interp(_levels(), np.linspace(0, 1, len(entries)), np.array(entries) / 65535), np.float64)


def _parametric(kind: int, part: bytes) -> NDArray[np.float64]:
    told = [value / 65536 for value in struct.unpack_from(f">{_PARAMETERS[kind]}i", part)]
    gamma, a, b, c, d, e, f = told + [0.0] * (7 - len(told))
    with np.errstate(all="ignore"):
        if kind == 0:
            powered: NDArray[np.float64] = _levels() ** gamma
            return powered
        power = np.power(np.maximum(a * _levels() + b, 0.0), gamma)
        if kind in (1, 2):
            power = np.where(-b / a <= _levels(), power, 0.0) + (c if kind == 2 else 0.0)
            return np.asarray(power, np.float64)
        below = c * _levels() + f
        return np.asarray(np.where(d <= _levels(), power + e, below), np.float64)


def _is_screen(profile: ColourProfile) -> bool:
    """Whether no colour of a coarse grid is changed to be seen."""
    steps = np.arange(0, 256, 51, dtype=np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
    return int(np.abs(to_screen(grid, profile).astype(int) - grid).max()) <= _SAME


@lru_cache(maxsize=8)
def _tables(profile: ColourProfile) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return np.asarray(profile.curves, np.float32), np.asarray(profile.matrix, np.float32).reshape(3, 3)


@lru_cache(maxsize=1)
def _encoded() -> NDArray[np.uint8]:
    """Levels of the screen for linear light in 1/4095."""
    return screen_levels(np.arange(4096) / 4095)


def to_screen(samples: NDArray[np.uint8], profile: ColourProfile) -> NDArray[np.uint8]:
    """(…, 3) levels of the file → levels of the screen, same shape."""
    curves, matrix = _tables(profile)
    light = np.stack([curves[number][samples[..., number]] for number in range(3)], axis=-1) @ matrix.T
    steps = np.clip(light * 4095 + 0.5, 0, 4095).astype(np.uint16)
    shown: NDArray[np.uint8] = _encoded()[steps]
    return shown
