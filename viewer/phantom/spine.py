"""A made-up lower back from the side: five lumbar vertebrae, discs, canal with cord and nerve roots, sacrum."""

from __future__ import annotations

import numpy as np

from viewer.phantom.field import Array, Box, Painting, Point, smooth_noise

CAPSULE: Point = (34.0, 79.0, 10.0)  # on the skin of the back, left of the middle
T2: dict[str, float] = {
    "air": 0, "fat": 720, "muscle": 190, "bone": 45, "marrow": 400, "ring": 110, "core": 620, "water": 1000, "cord": 420,
    "root": 380, "blood": 30, "gut": 300, "oil": 900,
}  # fmt: skip
HEIGHT = 34.0  # mm from vertebra to vertebra
CENTRES: tuple[float, ...] = tuple(HEIGHT * n for n in range(4, -4, -1))  # z of vertebrae: T11 at the top to S1, S2


def _curve(z: Array) -> Array:
    """How far in front (negative) or behind the bodies' middle lies at a height."""
    line = -14 * np.cos((z + 18) / 62) - 4 + 16 * np.logaddexp(0, (-62 - z) / 16) * 0.75
    return np.asarray(line, np.float32)


def _curve_at(z: float) -> float:
    return float(_curve(np.asarray([z], np.float32))[0])


def _body(box: Box, centre: float, half: Point, round_: float) -> Array:
    """A rounded box on the curve, turned with it; a little narrower in its waist."""
    x, y, z = box.grid()
    middle = np.float32(_curve_at(centre))
    slope = (_curve_at(centre + 5) - _curve_at(centre - 5)) / 10
    cosine = np.float32(1 / np.hypot(1, slope))
    along = (z - centre + (y - middle) * slope) * cosine
    across = (y - middle - (z - centre) * slope) * cosine
    waist = np.float32(1.6) * np.cos(np.clip(along / half[2], -1, 1) * np.pi / 2)
    apart = [
        np.abs(x) - half[0] + round_ + 0 * along,
        np.abs(across) - half[1] + round_ + waist,
        np.abs(along) - half[2] + round_,
    ]
    outer = np.sqrt(sum(np.maximum(each, 0) ** 2 for each in apart))
    inner = np.minimum(np.maximum(np.maximum(apart[0], apart[1]), apart[2]), 0)
    distance: Array = (outer + inner - round_).astype(np.float32)
    return distance


def spine(box: Box, edge_mm: float) -> Painting:
    """The lower back in `box`; the third lumbar vertebra's middle lies near (0, -17, 0)."""
    painting = Painting(box, T2, edge_mm)
    _trunk(painting)
    _canal(painting)
    _bones(painting)
    painting.lay_ellipsoid("oil", CAPSULE, (5, 4.5, 8))
    return painting


def _trunk(painting: Painting) -> None:
    box = painting.box
    x, y, z = box.grid()
    back = 72 - 7 * np.cos((z + 10) / 48) * np.exp(-((x / 26) ** 2)) * 0.6
    skin = y - back
    painting.lay("fat", skin + 0 * x)
    fibres = np.abs(smooth_noise(box, 11.0, 12))
    painting.lay("muscle", np.maximum(skin + 14 + 0 * x, 5 - np.abs(x) * 1.2) + smooth_noise(box, 9.0, 11) * 1.5)
    painting.lay("fat", np.maximum(fibres * 8 - 0.7, skin + 14 + 0 * x))
    front = y - _curve(z) + 26 + 0 * x
    painting.lay("fat", front)
    painting.lay("gut", np.maximum(front + 6, 0.9 - np.abs(smooth_noise(box, 17.0, 13)) * 8) + 0 * x)
    painting.lay("muscle", np.maximum(front + 6, smooth_noise(box, 13.0, 14) * 6 + 3))
    painting.lay("muscle", np.hypot(np.abs(x) - 36, y - _curve(z) - 4) - 17)
    for side, radius in ((8.0, 8.5), (-14.0, 9.5)):
        painting.lay("blood", np.hypot(x - side, y - _curve(z) + 33) - radius)


def _canal(painting: Painting) -> None:
    """Fat around, water, the cord down to the first lumbar vertebra, then nerve roots hanging behind."""
    box = painting.box
    x, y, z = box.grid()
    middle = _curve(z) + 28
    painting.lay("fat", np.hypot(x * 0.8, y - middle) - 11)
    painting.lay("water", np.hypot(x * 0.75, y - middle) - 8)
    taper = 5 - np.clip((52 - z) / 7, 0, 6)
    painting.lay("cord", np.hypot(x * 0.85, y - middle + 0.5) - taper)
    for number in range(7):
        angle = number * 0.9
        root = np.hypot(x - 5 * np.sin(angle + z / 45), y - middle - 3.4 - 1.8 * np.cos(angle)) - 0.8
        painting.lay("root", np.maximum(root, z - 50))


def _bones(painting: Painting) -> None:
    box = painting.box
    spots = smooth_noise(box, 4.0, 15)
    for number, z in enumerate(CENTRES):
        is_sacral = number > 5
        half = (24.0, 17.5 - 2.5 * (number - 5) * is_sacral, 13.6)
        body = _body(box, z, half, 3.5)
        painting.lay("bone", body)
        painting.lay("marrow", body + np.float32(1.5) + spots * np.float32(0.35))
        between = z - HEIGHT / 2
        height = 4.6 if number < 5 else (3.9 if number == 5 else 1.6)
        painting.lay("ring", _body(box, between, (24.0, 18.0 - 2.0 * is_sacral, height), 2.5))
        if not is_sacral:
            core = _body(box, between, (16.0, 11.0, height - 1.0), 2.6)
            painting.lay("core", core + np.abs(spots) * np.float32(0.4))
        _process(painting, z - 9, is_sacral)


def _process(painting: Painting, z: float, is_sacral: bool) -> None:
    """The bone behind the canal that can be felt under the skin."""
    here = _curve_at(z)
    reach = 9.0 if is_sacral else 15.0
    painting.lay_ellipsoid("bone", (0, here + 43 + reach / 3, z - 3), (5, reach, 9))
    painting.lay_ellipsoid("marrow", (0, here + 43 + reach / 3, z - 3), (3.6, reach - 1.6, 7.4))
    painting.lay_pair("bone", (15, here + 30, z + 7), (6, 7, 10))
    painting.lay_pair("marrow", (15, here + 30, z + 7), (4.6, 5.6, 8.4))
