"""However a body was scanned, the three planes show the same body: values, places and letters."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.geometry.orientations import rotations
from tests.volume.made import series_of
from viewer.codec.pool import Decoder
from viewer.disc.folder import FolderMedium
from viewer.geometry.letters import orientation_letters
from viewer.geometry.plane import Plane
from viewer.geometry.spacing import slice_stack
from viewer.index.model import FrameGroup
from viewer.jobs.budget import Budget
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.source import open_source

CENTRE = np.array([3.0, -8.0, 11.0])
SLOPES = np.array([11.0, -17.0, 23.0])  # per mm: each place has a value of its own, and blending keeps it
EDGES = {Plane.AXIAL: "RLAP", Plane.CORONAL: "RLHF", Plane.SAGITTAL: "APHF"}
SHAPE = (7, 9, 8)


def body(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value at LPS points (..., 3)."""
    moved: NDArray[np.float64] = 8000 + (points - CENTRE) @ SLOPES
    return moved


def scanned(
    folder: Path, rotation: NDArray[np.float64], spacing: tuple[float, float], steps: list[float], lean: float
) -> Source:
    """The body as a scanner with these axes stores it; `lean`: sideways mm along the columns for each mm of step."""
    right, down = rotation[:, 0], rotation[:, 1]
    normal = np.cross(right, down)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    first = CENTRE - along[-1] / 2 * (normal + lean * down) - 4 * spacing[0] * down - 4 * spacing[1] * right
    places = first + along[:, None] * (normal + lean * down)
    rows, columns = np.mgrid[: SHAPE[1], : SHAPE[2]]
    grid = rows[..., None] * spacing[0] * down + columns[..., None] * spacing[1] * right
    voxels = np.rint(np.stack([body(place + grid) for place in places])).astype(np.uint16)
    series = series_of(folder, voxels, places, spacing)
    assert slice_stack(places, normal).order == tuple(range(SHAPE[0]))
    orientation = tuple(float(part) for part in (*right, *down))
    frames = [one._replace(facts=replace(one.facts, orientation=orientation)) for one in series.frames]  # type: ignore[arg-type]
    series = replace(series, groups=(FrameGroup("", tuple(frames)),))
    return open_source(series, 0, FrameReader(FolderMedium(folder), Decoder(workers=1), Budget(2**28)))


@settings(max_examples=25, deadline=None)
@given(
    rotations(),
    st.tuples(st.floats(0.4, 2.0), st.floats(0.4, 2.0)),
    st.lists(st.sampled_from([1.0, 1.0, 1.0, 1.5]), min_size=6, max_size=6),
    st.sampled_from([0.0, 0.0, 0.3, -0.4]),
)
def test_each_plane_of_any_scan_shows_the_value_of_the_body_at_each_place(
    rotation: NDArray[np.float64], spacing: tuple[float, float], steps: list[float], lean: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = scanned(Path(folder), rotation, spacing, steps, lean)
        for plane, edges in EDGES.items():
            for index in {0, source.count(plane) // 2, source.count(plane) - 1}:
                cut = source.slice(plane, index)
                assert cut.affine is not None
                rows, columns = np.mgrid[: cut.values.shape[0], : cut.values.shape[1]]
                flat = np.zeros_like(rows)
                points = (np.stack([columns, rows, flat, flat + 1], axis=-1) @ cut.affine.T)[..., :3]
                wrong = np.abs(cut.modality_values() - body(points)) > 1.5
                inner = well_inside(points, rotation, spacing, sum(steps), lean)
                assert not wrong[inner].any()
            affine = source.to_voxel(plane, 0)
            assert affine is not None
            letters = orientation_letters(affine[:3, 0], affine[:3, 1])
            main = letters.left[:1] + letters.right[:1] + letters.top[:1] + letters.bottom[:1]
            assert main == edges or _leans(affine)


def well_inside(
    points: NDArray[np.float64],
    rotation: NDArray[np.float64],
    spacing: tuple[float, float],
    extent: float,
    lean: float,
) -> NDArray[np.bool_]:
    """Which points lie farther inside of what was scanned than a border, whose value is repeated, can reach."""
    right, down = rotation[:, 0], rotation[:, 1]
    moved = points - CENTRE
    along = moved @ np.cross(right, down) + extent / 2
    rows = (moved @ down - lean * (along - extent / 2)) / spacing[0] + 4
    columns = moved @ right / spacing[1] + 4
    border = 0.01 + abs(lean) * 1.5 / spacing[0]
    inside: NDArray[np.bool_] = (along > -0.01) & (along < extent + 0.01) & (columns > -0.01)
    inside &= (columns < SHAPE[2] - 0.99) & (rows > border) & (rows < SHAPE[1] - 1 - border)
    return inside


def _leans(affine: NDArray[np.float64]) -> bool:
    """Whether the picture leans so far that the letters of two directions have a claim."""
    directions = affine[:3, :2] / np.linalg.norm(affine[:3, :2], axis=0)
    return bool(np.abs(directions).max(axis=0).min() < 0.85)
