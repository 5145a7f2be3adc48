"""Affines of pictures: the formula of the standard, and nothing where the geometry is unusable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.geometry.orientations import rotations
from viewer.geometry.affine import apply, has_geometry, invert, normal_of, pixel_mm, slice_affine
from viewer.geometry.direction import angle_degrees, nearest_plane, obliquity_degrees
from viewer.geometry.plane import Plane


@given(rotations(), st.floats(0.05, 5), st.floats(0.05, 5), st.integers(0, 500), st.integers(0, 500))
def test_a_pixel_lies_where_the_standard_says(
    rotation: np.ndarray, between_rows: float, between_columns: float, column: int, row: int
) -> None:
    affine = slice_affine((10.0, -20.0, 30.0), (*rotation[:, 0], *rotation[:, 1]), (between_rows, between_columns))
    assert affine is not None
    expected = (
        np.array([10.0, -20.0, 30.0]) + column * between_columns * rotation[:, 0] + row * between_rows * rotation[:, 1]
    )
    assert np.allclose(apply(affine, [column, row, 0.0]), expected, atol=1e-6)
    assert np.allclose(apply(invert(affine), expected), [column, row, 0.0], atol=1e-5)
    assert np.allclose(pixel_mm(affine), (between_rows, between_columns))
    assert np.allclose(affine[:3, 2], rotation[:, 2], atol=1e-9)


def test_cosines_rounded_to_four_digits_are_made_exact() -> None:
    affine = slice_affine((0, 0, 0), (0.9239, 0.3827, 0.0, -0.3827, 0.9239, 0.0), (1.0, 1.0))
    assert affine is not None
    assert np.allclose(affine[:3, :3].T @ affine[:3, :3], np.eye(3), atol=1e-12)


@pytest.mark.parametrize(
    ("position", "orientation", "spacing"),
    [
        ((0, 0, 0), (1, 0, 0, 1, 0, 0), (1, 1)),
        ((0, 0, 0), (1, 0, 0, 0.1, 1, 0), (1, 1)),
        ((0, 0, 0), (2, 0, 0, 0, 1, 0), (1, 1)),
        ((0, 0, 0), (1, 0, 0, 0, float("nan"), 0), (1, 1)),
        ((0, 0, 0), (1, 0, 0), (1, 1)),
        ((0, 0, float("inf")), (1, 0, 0, 0, 1, 0), (1, 1)),
        ((0, 0, 0), (1, 0, 0, 0, 1, 0), (0, 1)),
        (None, (1, 0, 0, 0, 1, 0), (1, 1)),
        ((0, 0, 0), None, (1, 1)),
        ((0, 0, 0), (1, 0, 0, 0, 1, 0), None),
    ],
)
def test_unusable_geometry_gives_no_affine(
    position: tuple[float, ...] | None, orientation: tuple[float, ...] | None, spacing: tuple[float, ...] | None
) -> None:
    assert slice_affine(position, orientation, spacing) is None
    assert not has_geometry(position, orientation, spacing)


def test_the_nearest_plane_and_its_tilt() -> None:
    tilted = (0.0, np.sin(np.radians(12)), np.cos(np.radians(12)))
    assert nearest_plane(tilted) is Plane.AXIAL
    assert obliquity_degrees(tilted) == pytest.approx(12)
    assert nearest_plane((-1, 0, 0)) is Plane.SAGITTAL
    assert nearest_plane((0.1, -0.9, 0.2)) is Plane.CORONAL
    assert angle_degrees(np.array([1.0, 0, 0]), np.array([1.0, 1e-4, 0])) == pytest.approx(np.degrees(1e-4), rel=1e-4)
    normal = normal_of((1, 0, 0, 0, 1, 0))
    assert normal is not None
    assert normal.tolist() == [0, 0, 1]
