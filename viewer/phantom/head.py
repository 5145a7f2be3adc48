"""A made-up head: nobody's, and not true to life; true are its sides, its sizes and the values of its tissues.

The oil capsule stuck to the skin on the patient's *left* tells left from right, as in a real scan.
"""

from __future__ import annotations

import numpy as np

from viewer.phantom.field import Array, Box, Painting, Point, ellipsoid, joined, smooth_noise

CAPSULE: Point = (79.0, 6.0, 24.0)  # left side: LPS x is positive
VENTRICLE: Point = (-11.0, 2.0, 20.0)
LEFT_EYE: Point = (31.0, -62.0, -16.0)
OUTSIDE: Point = (-92.0, -95.0, 60.0)

T1: dict[str, float] = {
    "air": 0, "skin": 520, "fat": 930, "muscle": 430, "bone": 70, "marrow": 640, "water": 190, "grey": 500, "white": 720,
    "deep": 560, "eye": 210, "lens": 420, "oil": 1000,
}  # fmt: skip
T2: dict[str, float] = {
    "air": 0, "skin": 300, "fat": 560, "muscle": 210, "bone": 50, "marrow": 330, "water": 1000, "grey": 520, "white": 350,
    "deep": 410, "eye": 980, "lens": 260, "oil": 860,
}  # fmt: skip
"""Values of the tissues in the two weightings (no unit: MR values are relative)."""


def head(box: Box, palette: dict[str, float], edge_mm: float) -> Painting:
    """The head in `box`; its middle between the ears lies near (0, 10, 0)."""
    painting = Painting(box, palette, edge_mm)
    brain = np.maximum(ellipsoid(box, (0, 8, 18), (63, 80, 60)), _floor(box) - box.grid()[2])
    _outside(painting, brain)
    _face(painting)
    painting.lay("water", brain)
    _cerebrum(painting, brain)
    _inside(painting)
    _below(painting, brain)
    painting.lay_ellipsoid("oil", CAPSULE, (4.5, 8, 4.5))
    return painting


def _floor(box: Box) -> Array:
    """Height of the skull's base: the temples hang lower than the middle."""
    x, y, _ = box.grid()
    lobes = np.clip((np.abs(x) - 16) / 14, 0, 1) * np.clip((40 - np.abs(y + 4)) / 20, 0, 1)
    return (-10 - 18 * lobes).astype(np.float32)


def _outside(painting: Painting, brain: Array) -> None:
    """Skin, fat, muscles of face and neck, and the skull around the brain with marrow in its middle."""
    box = painting.box
    x, y, z = box.grid()
    face = ellipsoid(box, (0, -14, -45), (62, 72, 70))
    neck = (np.hypot(x / np.float32(1.05), y - 26) - 52) + 0 * z
    neck = np.maximum(neck, z + 20)
    cranium = ellipsoid(box, (0, 8, 16), (76, 94, 75))
    nose = ellipsoid(box, (0, -84, -46), (14, 15, 24))
    head_ = joined(joined(joined(cranium, face, 14), neck, 16), nose, 8)
    ears = np.minimum(ellipsoid(box, (73, 14, -18), (7, 14, 24)), ellipsoid(box, (-73, 14, -18), (7, 14, 24)))
    head_ = joined(head_, ears, 5)
    painting.lay("skin", head_)
    painting.lay("fat", head_ + 2)
    lumps = smooth_noise(box, 9.0, 5)
    painting.lay("muscle", head_ + 7 + lumps)
    painting.lay("fat", np.maximum(np.abs(smooth_noise(box, 14.0, 6)) * 7 - 1.2, head_ + 7))
    painting.lay("bone", brain - 8)
    painting.lay("marrow", np.abs(brain - 4.8) - 1.3 + lumps * np.float32(0.3))


def _face(painting: Painting) -> None:
    """Sockets with fat, eyes with lenses, and the hollows of the nose."""
    side, front, height = LEFT_EYE
    painting.lay_pair("fat", (side, front + 12, height), (18, 26, 17))
    painting.lay_pair("muscle", (side, front + 22, height), (4, 16, 4))
    painting.lay_pair("eye", LEFT_EYE, (12, 12, 12))
    painting.lay_pair("lens", (side, front - 9, height), (5, 2.6, 5))
    painting.lay_pair("air", (27, -52, -52), (13, 17, 15))
    painting.lay_pair("air", (5, -58, -44), (3.4, 26, 18))
    painting.lay_pair("air", (9, -78, 14), (8, 4, 8))
    painting.lay_ellipsoid("air", (0, -18, -40), (9, 9, 8))
    painting.lay_ellipsoid("air", (0, -8, -66), (11, 8, 24))


def _cerebrum(painting: Painting, brain: Array) -> None:
    """Grey matter follows the surface and its folds: the folds are the zero surfaces of smooth noise."""
    box = painting.box
    x = box.grid()[0] + smooth_noise(box, 24.0, 4) * np.float32(0.8)
    depth = -brain - np.float32(1.5)
    folds = np.abs(smooth_noise(box, 6.8, 1)) * np.float32(3.6)
    to_fold = np.hypot(folds, np.maximum(0, depth - np.float32(17)))
    bridge = ellipsoid(box, (0, 6, 10), (90, 46, 24))
    to_middle = np.hypot(x, np.maximum(0, -bridge)) + np.float32(0.5)
    to_water = np.minimum(np.minimum(depth, to_fold), to_middle)
    painting.lay("grey", np.float32(0.9) - to_water)
    painting.lay("white", np.float32(3.6) + smooth_noise(box, 5.0, 2) * np.float32(0.5) - to_water)


def _inside(painting: Painting) -> None:
    """Deep grey matter, and the chambers filled with water."""
    painting.lay_pair("deep", (24, -2, 6), (6, 19, 11))
    painting.lay_pair("deep", (15, -15, 17), (5, 13, 8))
    painting.lay_pair("deep", (10, 13, 8), (8.5, 13, 9))
    painting.lay_pair("water", VENTRICLE, (5.5, 27, 8))
    painting.lay_pair("water", (9, -22, 17), (5, 10, 9))
    painting.lay_pair("water", (21, 38, 13), (5.5, 17, 8))
    painting.lay_pair("water", (32, 12, -6), (3, 17, 3.5))
    painting.lay_ellipsoid("water", (0, 6, 6), (1.8, 13, 9))
    painting.lay_ellipsoid("white", (0, 0, 28), (9, 34, 3))


def _below(painting: Painting, brain: Array) -> None:
    """Brain stem and cerebellum with its leaves, in water and bone."""
    box = painting.box
    x, y, z = box.grid()
    little = ellipsoid(box, (0, 50, -34), (47, 33, 23))
    stem = joined(ellipsoid(box, (0, 17, -24), (16, 13, 16)), np.maximum(np.hypot(x, y - 24) - 8 + 0 * z, z + 26), 8)
    stem = joined(stem, ellipsoid(box, (0, 14, -6), (18, 11, 12)), 6)
    whole = joined(little, stem, 3)
    painting.lay("bone", np.maximum(whole - 8, -brain))
    painting.lay("water", whole - 2)
    leaves = np.abs(np.sin((z + 34) * 0.75 + (y - 50) * 0.25 + smooth_noise(box, 16.0, 3) * 1.2)) * 2.2
    to_water = np.minimum(-little, np.hypot(leaves, np.maximum(0, -little - 11)))
    painting.lay("grey", -to_water + np.float32(0.4))
    painting.lay("white", np.float32(1.7) - to_water)
    painting.lay("white", stem)
    painting.lay_ellipsoid("water", (0, 35, -28), (7, 5, 9))
