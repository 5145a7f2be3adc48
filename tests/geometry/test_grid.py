"""A point of the body stays where it is in every plane, for any orientation, flip, order and tilt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.geometry.orientations import right_and_down, rotations
from viewer.geometry.affine import apply, invert
from viewer.geometry.grid import (
    VolumeGeometry,
    blends,
    body_axes,
    index_at,
    plane_affine,
    plane_axes,
    plane_shape,
    plane_view,
    straightened,
    volume_geometry,
)
from viewer.geometry.letters import orientation_letters
from viewer.geometry.plane import Plane

BODY = (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL)
SHAPE = (4, 5, 6)


def volume(rotation: np.ndarray, step: float = 2.0, spacing: tuple[float, float] = (0.7, 1.3)) -> VolumeGeometry:
    places = np.array([3.0, -7.0, 11.0]) + np.outer(np.arange(SHAPE[0]) * step, rotation[:, 2])
    geometry = volume_geometry(places, (*rotation[:, 0], *rotation[:, 1]), spacing, SHAPE[1], SHAPE[2])
    assert geometry is not None
    return geometry


def coordinates(geometry: VolumeGeometry) -> np.ndarray:
    """Voxels (slices, rows, columns, 3) whose value is their own LPS place, from each slice's own formula."""
    rows, columns = np.meshgrid(np.arange(SHAPE[1]), np.arange(SHAPE[2]), indexing="ij")
    flat = np.stack([columns, rows, np.zeros_like(rows)], axis=-1).astype(float)
    return np.stack([apply(geometry.slice_affine(k), flat) for k in range(SHAPE[0])])


@given(rotations(), st.sampled_from(list(Plane)), st.data())
def test_every_pixel_of_every_plane_keeps_its_place_in_the_body(
    rotation: np.ndarray, plane: Plane, data: st.DataObject
) -> None:
    geometry = volume(rotation)
    count, rows, columns = plane_shape(geometry, plane)
    index = data.draw(st.integers(0, count - 1))
    picture = plane_view(coordinates(geometry), plane_axes(geometry, plane), index)
    assert picture.shape[:2] == (rows, columns)
    affine = plane_affine(geometry, plane, index)
    row, column = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    points = apply(affine, np.stack([column, row, np.zeros_like(row)], axis=-1).astype(float))
    assert np.allclose(points, picture, atol=1e-6)
    assert index_at(geometry, plane, picture[rows // 2, columns // 2]) == index


@given(rotations())
def test_planes_run_as_doctors_hang_them(rotation: np.ndarray) -> None:
    geometry = volume(rotation)
    axes = body_axes(geometry)
    assert sorted(voxel for voxel, _ in axes) == [0, 1, 2]
    for plane, (across, down, deep) in {
        Plane.AXIAL: ((0, 1), (1, 1), (2, 1)),
        Plane.CORONAL: ((0, 1), (2, -1), (1, -1)),
        Plane.SAGITTAL: ((1, 1), (2, -1), (0, 1)),
    }.items():
        first, last = (
            plane_affine(geometry, plane, 0),
            plane_affine(geometry, plane, plane_shape(geometry, plane)[0] - 1),
        )
        right, bottom = right_and_down(first)
        assert right[across[0]] * across[1] >= -1e-9
        assert bottom[down[0]] * down[1] >= -1e-9
        assert (last[:3, 3] - first[:3, 3])[deep[0]] * deep[1] >= -1e-9


def test_straight_volumes_have_the_letters_of_the_book() -> None:
    geometry = volume(np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]]))  # sagittal, left to right
    assert plane_axes(geometry, Plane.SAGITTAL).index_axis == 0
    letters = {p: orientation_letters(*right_and_down(plane_affine(geometry, p, 0))) for p in BODY}
    told = {p: (x.left, x.right, x.top, x.bottom) for p, x in letters.items()}
    assert told == {
        Plane.AXIAL: ("R", "L", "A", "P"),
        Plane.CORONAL: ("R", "L", "H", "F"),
        Plane.SAGITTAL: ("A", "P", "H", "F"),
    }


@given(rotations())
def test_the_same_body_stored_mirrored_and_reversed_gives_the_same_planes(rotation: np.ndarray) -> None:
    geometry = volume(rotation)
    voxels = coordinates(geometry)
    mirrored = np.array(voxels[::-1, :, ::-1])
    places = mirrored[:, 0, 0]
    turned = volume_geometry(places, (*-rotation[:, 0], *rotation[:, 1]), (0.7, 1.3), SHAPE[1], SHAPE[2])
    assert turned is not None
    for plane in BODY:
        one = plane_view(voxels, plane_axes(geometry, plane), 1)
        other = plane_view(mirrored, plane_axes(turned, plane), 1)
        # At exactly 45° either hanging is right; then only the set of pictures is the same.
        if one.shape == other.shape and plane_axes(geometry, plane).index_axis == plane_axes(turned, plane).index_axis:
            same = np.allclose(one, other, atol=1e-6)
            assert same or min(np.abs(rotation).ravel()) < 1e-6 or np.any(np.isclose(np.abs(rotation), 2**-0.5))


def tilted(degrees: float, offsets: list[float]) -> VolumeGeometry:
    step = np.array([0.0, -np.tan(np.radians(degrees)), 1.0])
    places = np.outer(offsets, step) + [10.0, 20.0, 30.0]
    geometry = volume_geometry(places, (1, 0, 0, 0, 1, 0), (0.5, 0.5), 40, 30)
    assert geometry is not None
    return geometry


@given(st.floats(-30, 30), st.lists(st.sampled_from([1.0, 2.0, 4.0]), min_size=3, max_size=12))
def test_a_straightened_volume_holds_every_slice_at_its_true_place(degrees: float, steps: list[float]) -> None:
    source = tilted(degrees, [0.0, *np.cumsum(steps).tolist()])
    assume(not source.regular)
    target = straightened(source)
    assert target.regular
    corners = [[0, 0, 0], [29, 39, 0]]
    for number in range(source.shape[0]):
        inside = apply(invert(target.affine), apply(source.slice_affine(number), np.array(corners, float)))
        assert inside.min() > -0.51
        assert np.all(inside.max(axis=0) <= [target.shape[2] - 0.49, target.shape[1] - 0.49, target.shape[0] - 0.49])
    for number, blend in enumerate(blends(source, target)):
        assert 0 <= blend.share <= 1
        pixel = np.array([7.0, 9.0, 0.0])
        wanted = apply(target.slice_affine(number), pixel)
        for slice_number, shift in ((blend.below, blend.shift_below), (blend.below + 1, blend.shift_above)):
            found = apply(source.slice_affine(slice_number), pixel + [shift[1], shift[0], 0.0])
            assert np.allclose(found[:2], wanted[:2], atol=1e-6)
        offsets = source.stack.offsets
        place = (1 - blend.share) * offsets[blend.below] + blend.share * offsets[blend.below + 1]
        assert place == pytest.approx(float(wanted[2]), abs=1e-6)


def test_slices_beside_the_others_are_drawn_at_their_true_places() -> None:
    places = [[10.0 + 0.7 * (number % 3), 20.0, 2.0 * number] for number in range(9)]
    source = volume_geometry(places, (1, 0, 0, 0, 1, 0), (0.5, 0.5), 40, 30)
    assert source is not None
    assert (source.sways, source.tilted, source.regular) == (True, False, False)
    target = straightened(source)
    assert target.regular
    assert target.shape == (9, 40, 33)
    for number, blend in enumerate(blends(source, target)):
        share = blend.share
        assert min(share, 1 - share) == pytest.approx(0.0, abs=1e-6)
        slice_number, shift = (blend.below, blend.shift_below) if share < 0.5 else (blend.below + 1, blend.shift_above)
        found = apply(source.slice_affine(slice_number), np.array([7.0 + shift[1], 9.0 + shift[0], 0.0]))
        assert np.allclose(found, apply(target.slice_affine(number), np.array([7.0, 9.0, 0.0])), atol=1e-6)


def test_the_middle_of_a_hole_is_left_empty_and_its_edges_are_not() -> None:
    source = tilted(0.0, [0, 1, 2, 3, 9, 10, 11, 12])
    target = straightened(source)
    assert [number for number, blend in enumerate(blends(source, target)) if blend.in_gap] == [4, 5, 6, 7, 8]
    with pytest.raises(ValueError, match="even steps"):
        plane_affine(source, Plane.CORONAL, 0)
    assert plane_affine(source, Plane.AXIAL, 4)[2, 3] == pytest.approx(39.0)


def test_a_grid_never_has_more_slices_than_allowed() -> None:
    source = tilted(5.0, [0, 0.02, 0.05, 900.0])
    assert straightened(source, most=100).shape[0] <= 100


def test_slices_out_of_order_or_at_one_place_are_no_volume() -> None:
    flat = (1, 0, 0, 0, 1, 0)
    assert volume_geometry([[0, 0, 1], [0, 0, 0]], flat, (1, 1), 4, 4) is None
    assert volume_geometry([[0, 0, 1], [0, 0, 1]], flat, (1, 1), 4, 4) is None
    assert volume_geometry([[0, 0, 1]], (1, 0, 0, 1, 0, 0), (1, 1), 4, 4) is None


def test_uneven_places_rounded_to_tenths_do_not_widen_the_pictures() -> None:
    """An oblique scan whose positions were written with one decimal sways by a tenth of a pixel, not by a row."""
    down = np.array([0.0, 0.99096, 0.134158])
    normal = np.cross([1.0, 0.0, 0.0], down)
    places = np.round(np.array([-110.5, -78.3063, -72.7575]) + np.outer(np.arange(20) * 7.0, normal), 1)
    geometry = volume_geometry(places, [1.0, 0.0, 0.0, *down], (0.859375, 0.859375), 32, 30)
    assert geometry is not None
    assert not geometry.regular
    assert straightened(geometry).shape == (20, 32, 30)
