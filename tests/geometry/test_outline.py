"""Borders of masks and outlines cut by other planes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from viewer.geometry.layers import Layers, layers_on, together
from viewer.geometry.outline import mask_border, pieces_within, plane_normal


def inside_of(lines: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """By even and odd: a pixel is inside where a ray to the left crosses an odd number of upright edges."""
    found = np.zeros(shape, np.bool_)
    for row in range(shape[0]):
        for column in range(shape[1]):
            crossed = 0
            for (x0, y0), (x1, y1) in lines.tolist():
                if x0 == x1 and x0 < column and min(y0, y1) < row < max(y0, y1):
                    crossed += 1
            found[row, column] = crossed % 2 == 1
    return found


@settings(max_examples=60, deadline=None)
@given(arrays(np.bool_, st.tuples(st.integers(1, 7), st.integers(1, 7))))
def test_the_border_of_a_mask_holds_exactly_its_pixels(mask: np.ndarray) -> None:
    assert np.array_equal(inside_of(mask_border(mask), (mask.shape[0], mask.shape[1])), mask)


def square(z: float, side: float = 10.0, at: float = 0.0) -> np.ndarray:
    return np.array([[at, at, z], [at + side, at, z], [at + side, at + side, z], [at, at + side, z]])


def layers_of(curves: Sequence[np.ndarray]) -> Layers:
    """Of flat curves in one direction."""
    ((layers,), others) = together(curves)
    assert not others
    return layers


def coronal(y: float) -> np.ndarray:
    """Columns to the left, rows to the feet, from z = 20."""
    affine = np.eye(4)
    affine[:3, 1], affine[:3, 2], affine[:3, 3] = (0, 0, -1), (0, 1, 0), (0, y, 20)
    return affine


def test_outlines_lie_on_the_slices_within_half_a_step_and_on_no_other() -> None:
    layers = layers_of([square(z) for z in (0, 2, 4)])
    assert layers.step == 2
    for z, shown in ((0, True), (0.9, True), (4.9, True), (5.1, False), (-1.1, False)):
        affine = np.eye(4)
        affine[2, 3] = z
        curves, lines = layers_on(layers, affine)
        assert bool(curves) is shown
        assert not len(lines)
        if shown:
            assert np.allclose(curves[0], square(0)[:, :2])


def test_a_plane_across_cuts_the_body_between_the_outlines() -> None:
    layers = layers_of([square(z) for z in (0, 2, 4)])
    curves, lines = layers_on(layers, coronal(5))
    assert not curves
    assert lines[..., 0].min() == 0
    assert lines[..., 0].max() == 10
    assert np.isclose(lines[..., 1].min(), 20 - 5)  # half a step above the highest outline
    assert np.isclose(lines[..., 1].max(), 20 + 1)
    assert not len(layers_on(layers, coronal(11))[1])


def test_a_hole_stays_a_hole_in_a_plane_across() -> None:
    outer = [square(z, 20) for z in (0, 2)]
    inner = [square(z, 4, 8) for z in (0, 2)]
    layers = layers_of([*outer, *inner])
    _, lines = layers_on(layers, coronal(10))
    upright = sorted({float(x0) for (x0, _), (x1, _) in lines.tolist() if x0 == x1})
    assert np.allclose(upright, [0, 8, 12, 20])


def _spans(lines: np.ndarray) -> dict[float, list[float]]:
    """Row in the middle of a plane → the columns of the upright edges there, in order."""
    found: dict[float, list[float]] = {}
    for (x0, y0), (x1, y1) in lines.tolist():
        if abs(x0 - x1) < 1e-9:
            found.setdefault(float(np.ceil(min(y0, y1) + 1e-6)), []).append(x0)
    return {row: sorted(columns) for row, columns in found.items()}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from((0, 2, 4, 6, 14)), st.integers(0, 12), st.integers(1, 9)), min_size=2, max_size=9
    )
)
def test_the_border_in_a_plane_across_holds_exactly_what_the_outlines_hold(told: list[tuple[int, int, int]]) -> None:
    """Boxes at x = left to left + side on planes 2 mm apart (and one far off), overlapping ones taken out of one another."""
    found = layers_of([square(z, side, left + 0.25) for z, left, side in told])
    layers = replace(found, step=2.0)
    lines = layers_on(layers, coronal(0.75))[1]
    spans = _spans(lines)
    for z in {z for z, _, _ in told}:
        ends = sorted(
            end
            for level, left, side in told
            if level == z and left + 0.25 <= 0.75 < left + 0.25 + side
            for end in (left + 0.25, left + 0.25 + side)
        )
        assert np.allclose(spans.get(20.0 - z, []), ends)
    ends_meet = Counter((round(x, 6), round(y, 6)) for piece in lines.tolist() for x, y in piece)
    assert all(count % 2 == 0 for count in ends_meet.values())  # closed: no lid is missing


def test_what_is_flat_has_a_normal_and_what_is_a_line_has_none() -> None:
    normal = plane_normal(square(3))
    assert normal is not None
    assert np.allclose(normal, (0, 0, 1))
    assert plane_normal(np.array([[0.0, 0, 0], [1, 1, 1], [2, 2, 2]])) is None
    assert len(together([square(0), square(0)[:, [2, 0, 1]]])[0]) == 2


def test_a_tiny_curve_whose_points_were_rounded_does_not_tell_the_direction_of_all() -> None:
    right, down = np.array((0.8, 0.6, 0.0)), np.array((0.0, 0.0, 1.0))
    normal = np.cross(right, down)

    def ring(height: float, radius: float, corners: int) -> np.ndarray:
        angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)[:, None]
        found: np.ndarray = height * normal + radius * (np.cos(angle) * right + np.sin(angle) * down)
        return found.round(2)

    stacks, others = together([ring(0, 0.03, 3), *(ring(3.0 * n, 40, 30) for n in range(4))])
    assert not others
    assert [len(layers.layers) for layers in stacks] == [4]
    assert abs(abs(float(stacks[0].normal @ normal)) - 1) < 1e-5


def test_curves_of_one_plane_that_were_rounded_apart_are_seen_together() -> None:
    pairs = [square(z + nudge, at=at) for z in (0, 3, 6) for nudge, at in ((-0.03, 0), (0.04, 30))]
    layers = layers_of(pairs)
    assert [len(layer.curves) for layer in layers.layers] == [2, 2, 2]
    rng = np.random.default_rng(1)
    many = [square(3 * n + float(rng.uniform(-0.05, 0.05)), at=20.0 * k) for n in range(20) for k in range(20)]
    assert [len(layer.curves) for layer in layers_of(many).layers] == [20] * 20
    fine = layers_of([square(0.05 * n) for n in range(9)])  # a small animal's scan
    assert len(fine.layers) == 9


def test_curves_around_an_axis_are_kept_by_their_directions_and_bent_ones_told_apart() -> None:
    corners = np.array([(-9.0, -9), (9, -9), (9, 9), (-9, 9)])
    turned = [
        corners[:, :1] * (np.cos(angle), np.sin(angle), 0) + corners[:, 1:] * (0, 0, 1)
        for angle in np.linspace(0, np.pi, 6, endpoint=False)
    ]
    bent = np.array([(0.0, 0, 0), (10, 0, 5), (10, 10, 0), (0, 10, 5)])
    stacks, others = together([*turned, bent])
    assert len(stacks) == 6
    assert len(others) == 1


def test_an_open_line_is_seen_where_it_runs_through_a_slice() -> None:
    places = np.array([(0.0, 0), (10, 0), (10, 4), (20, 4)])
    lines, through = pieces_within(np.array([-5.0, 5, 0.5, 0.5]), places, 1.0)
    assert np.allclose(lines.reshape(-1, 4), [(4, 0, 6, 0), (10, 4 * 4 / 4.5, 10, 4), (10, 4, 20, 4)])
    assert np.allclose(through, [(5, 0)])
    assert not len(pieces_within(np.array([2.0, 2]), places[:2], 1.0)[0])
