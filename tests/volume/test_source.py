"""Sources over series made by hand: geometry oddities, memory, padding, windows, broken files."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.volume.made import series_of, stacked
from viewer.codec.pool import Decoder
from viewer.dicom.header import FileWindow, FrameFacts, Header
from viewer.dicom.sop_class import CT_IMAGE
from viewer.disc.folder import FolderMedium
from viewer.geometry.affine import normal_of
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, FrameGroup, FrameRef, Series
from viewer.jobs.budget import Budget
from viewer.problem import ProblemError
from viewer.volume import across
from viewer.volume.frames import in_runs, outward
from viewer.volume.parallel import VolumeSource
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.source import open_source
from viewer.volume.stack import StackSource
from viewer.volume.values import unit_of

VOXELS = np.random.default_rng(3).integers(-1000, 1000, (9, 12, 10)).astype(np.int16)
CROSS = (Plane.CORONAL, Plane.SAGITTAL)


def source_of(folder: Path, series: Series, limit: int = 2**30) -> Source:
    return open_source(series, 0, FrameReader(FolderMedium(folder), Decoder(workers=1), Budget(limit)))


def test_an_even_volume_is_cut_without_resampling(tmp_path: Path) -> None:
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, stacked(9)))
    assert isinstance(source, VolumeSource)
    assert np.array_equal(source.slice(Plane.NATIVE, 4).values, VOXELS[4])
    assert np.array_equal(source.slice(Plane.AXIAL, 4).values, VOXELS[4])
    assert np.array_equal(source.slice(Plane.CORONAL, 0).values, VOXELS[::-1, -1, :])
    assert np.array_equal(source.slice(Plane.SAGITTAL, 2).values, VOXELS[::-1, :, 2])


def test_one_slice_needs_one_frame_and_ready_reads_nothing(tmp_path: Path) -> None:
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, stacked(9)))
    assert source.ready(Plane.NATIVE, 4) is None
    source.slice(Plane.NATIVE, 4)
    assert source.loaded == (1, 9)
    assert source.ready(Plane.NATIVE, 4) is not None
    assert source.ready(Plane.CORONAL, 4) is None
    source.load()
    assert source.loaded == (9, 9)


def test_loading_begins_in_the_middle_and_can_be_stopped(tmp_path: Path) -> None:
    source, calls = source_of(tmp_path, series_of(tmp_path, VOXELS, stacked(9))), []

    def check() -> None:
        calls.append(1)
        if len(calls) > 4:
            raise KeyError("stop")

    with pytest.raises(KeyError):
        source.load(check)
    held = source.loaded
    assert 0 < held[0] < 9
    source.slice(Plane.NATIVE, 4)
    assert source.loaded == held, "the middle was among the first"
    assert source.ready(Plane.NATIVE, 4) is not None
    source.load()
    assert source.loaded == (9, 9)


def test_a_source_that_is_closed_works_for_nobody_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # more of the disc is known: what was read of the set so far was resampled to its end all the same, in memory of its own
    made: list[int] = []
    mixed = across._mix
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, np.delete(stacked(10), 4, axis=0)))

    def mix(*args: Any) -> None:
        made.append(1)
        if len(made) == 3:
            source.close()
        mixed(*args)

    monkeypatch.setattr(across, "_mix", mix)
    with pytest.raises(ProblemError):
        source.slice(Plane.CORONAL, 2)
    assert len(made) == 3
    for again in (lambda: source.slice(Plane.SAGITTAL, 2), source.load):
        with pytest.raises(ProblemError):
            again()
    assert len(made) == 3


def test_points_and_slices_agree_in_every_plane(tmp_path: Path) -> None:
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, stacked(9, 2.5), (0.5, 0.75)))
    for plane in source.planes:
        for index in range(source.count(plane)):
            cut = source.slice(plane, index)
            assert cut.affine is not None
            known = source.to_voxel(plane, index)
            assert known is not None
            assert np.array_equal(cut.affine, known)
            assert source.index_at(plane, cut.affine[:3, 3]) == index
            row, column = 1, 2
            x, y, z = (cut.affine @ (column, row, 0, 1))[:3]
            assert cut.values[row, column] == VOXELS[round(z / 2.5), round(y / 0.5), round(x / 0.75)]


def turned(folder: Path, count: int) -> Series:
    """Pictures that turn about the head's axis, each three degrees on: no volume."""
    series = series_of(folder, VOXELS[:1].repeat(count, axis=0), stacked(count), planes=(Plane.NATIVE,))
    frames = []
    for number, frame in enumerate(series.groups[0].frames):
        angle = math.radians(3 * number)
        orientation = (math.cos(angle), math.sin(angle), 0.0, 0.0, 0.0, -1.0)
        frames.append(frame._replace(facts=replace(frame.facts, orientation=orientation)))
    return replace(series, groups=(replace(series.groups[0], frames=tuple(frames)),))


def test_the_nearest_picture_of_a_stack_is_the_one_whose_plane_the_point_lies_next_to(tmp_path: Path) -> None:
    source = source_of(tmp_path, turned(tmp_path, 40))
    affines = [source.to_voxel(Plane.NATIVE, index) for index in range(40)]
    for point in np.random.default_rng(3).uniform(-60, 60, (50, 3)):
        away = [abs(float((point - affine[:3, 3]) @ affine[:3, 2])) for affine in affines if affine is not None]
        assert len(away) == 40
        assert source.index_at(Plane.NATIVE, point) == int(np.argmin(away))


def test_a_stack_with_a_picture_of_unknown_place_has_none_next_to_a_point(tmp_path: Path) -> None:
    series = turned(tmp_path, 5)
    first, *rest = series.groups[0].frames
    frames = (*rest, first._replace(facts=replace(first.facts, position=None)))
    lost = replace(series, groups=(replace(series.groups[0], frames=frames),))
    assert source_of(tmp_path, lost).index_at(Plane.NATIVE, np.zeros(3)) is None


def test_where_a_stack_lies_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # the crosshair asks at each move of the mouse: 41 ms with 600 pictures, three seconds with 12,000
    source, asked = source_of(tmp_path, turned(tmp_path, 5)), Mock(wraps=normal_of)
    monkeypatch.setattr("viewer.volume.stack.normal_of", asked)
    for number in range(4):
        source.index_at(Plane.NATIVE, np.full(3, float(number)))
    assert asked.call_count == 5


def test_uneven_steps_are_shown_at_their_true_places(tmp_path: Path) -> None:
    places = np.array([0.0, 1.0, 2.0, 3.0, 4.5, 6.0, 7.5, 9.0, 10.0])
    ramp = np.broadcast_to((places * 100)[:, None, None], (9, 12, 10)).astype(np.int16)
    positions = stacked(9)
    positions[:, 2] = places
    source = source_of(tmp_path, series_of(tmp_path, ramp, positions))
    cut = source.slice(Plane.CORONAL, 5)
    assert cut.affine is not None
    z = cut.affine[2, 3] + cut.affine[2, 1] * np.arange(cut.values.shape[0])
    assert np.allclose(cut.values[:, 3], z * 100, atol=1.0)
    assert cut.problems


def test_a_gap_stays_empty_and_is_named(tmp_path: Path) -> None:
    positions = stacked(9)
    positions[5:, 2] += 4.0
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, positions))
    cut = source.slice(Plane.SAGITTAL, 3)
    assert cut.padding is not None
    assert cut.affine is not None
    z = cut.affine[2, 3] + cut.affine[2, 1] * np.arange(cut.values.shape[0])
    empty: np.ndarray = np.asarray(np.all(cut.padding, axis=1))
    assert np.all(empty[(z > 4.6) & (z < 8.4)])
    assert not np.any(empty[(z < 4.1) | (z > 8.9)])
    (said,) = [word.text for word in cut.problems if word.code == "gap_in_view"]
    assert said.startswith("4 pictures are missing over 5 mm.")


def test_one_missing_picture_is_said_in_the_singular(tmp_path: Path) -> None:
    positions = stacked(9)
    positions[5:, 2] += 1.0
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, positions))
    assert any(word.text.startswith("1 picture is missing") for word in source.slice(Plane.SAGITTAL, 3).problems)


@pytest.mark.parametrize("degrees", [-25.0, 10.0, 30.0])
def test_a_tilted_scanner_gives_a_straight_ball(tmp_path: Path, degrees: float) -> None:
    count, size, step = 40, 60, 1.0
    lean = np.tan(np.radians(degrees))
    positions = stacked(count, step)
    positions[:, 1] = lean * positions[:, 2]
    z, y, x = np.mgrid[:count, :size, :size].astype(float)
    body_y = y + lean * z
    centre = np.array([20.0, 30.0 + lean * 20.0, 30.0])
    ball = ((z - centre[0]) ** 2 + (body_y - centre[1]) ** 2 + (x - centre[2]) ** 2 < 12**2) * 1000
    source = source_of(tmp_path, series_of(tmp_path, ball.astype(np.int16), positions))
    cut = source.slice(Plane.SAGITTAL, 30)
    assert cut.affine is not None
    rows, columns = np.mgrid[: cut.values.shape[0], : cut.values.shape[1]]
    places = np.stack([columns, rows, np.zeros_like(rows), np.ones_like(rows)], axis=-1) @ cut.affine.T
    distance = np.hypot(places[..., 1] - centre[1], places[..., 2] - centre[0])
    filled = cut.modality_values() > 500
    assert filled[distance < 11].all()
    assert not filled[distance > 13].any()
    assert "tilt_straightened" in [word.code for word in cut.problems]


def test_what_no_slice_of_a_tilted_scanner_reaches_holds_nothing(tmp_path: Path) -> None:
    positions = stacked(12, 1.0)
    positions[:, 1] = np.tan(np.radians(20.0)) * positions[:, 2]
    voxels = np.full((12, 30, 20), 1500, np.int16)
    cut = source_of(tmp_path, series_of(tmp_path, voxels, positions, intercept=-1024.0)).slice(Plane.SAGITTAL, 10)
    assert cut.padding is not None
    assert cut.padding[:, 0].any()
    assert set(np.unique(cut.modality_values()[cut.padding])) == {-1024.0}
    assert set(np.unique(cut.modality_values()[~cut.padding])) == {476.0}


def test_slices_shifted_to_and_fro_give_a_straight_edge(tmp_path: Path) -> None:
    positions = stacked(12, 1.0)
    positions[:, 1] = [0.0, 1.5, 0.5] * 4
    body_y = np.arange(30.0)[None, :] + positions[:, 1:2]
    values = np.broadcast_to(np.rint(10 * body_y)[:, :, None], (12, 30, 20)).astype(np.int16)
    cut = source_of(tmp_path, series_of(tmp_path, values, positions)).slice(Plane.SAGITTAL, 10)
    assert cut.affine is not None
    wanted = 10 * (cut.affine[1, 3] + cut.affine[1, 0] * np.arange(cut.values.shape[1]))
    assert np.abs(cut.modality_values() - wanted)[:, 2:-2].max() < 0.01
    assert [word.code for word in cut.problems] == ["shift_straightened"]


def test_each_slice_has_its_own_scale(tmp_path: Path) -> None:
    slopes = [1.0 + number / 4 for number in range(9)]
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, stacked(9), slopes=slopes, intercept=-5.0))
    wanted = (VOXELS * np.array(slopes)[:, None, None] - 5).astype(np.float32)
    assert np.array_equal(source.slice(Plane.NATIVE, 7).modality_values(), wanted[7])
    assert np.array_equal(source.slice(Plane.CORONAL, 0).modality_values(), wanted[::-1, -1, :])


def test_a_series_larger_than_memory_still_scrolls_and_gives_all_planes(tmp_path: Path) -> None:
    voxels = np.random.default_rng(5).integers(0, 4000, (30, 64, 64)).astype(np.uint16)
    series = series_of(tmp_path, voxels, stacked(30))
    source = source_of(tmp_path, series, limit=voxels.nbytes // 5)
    for index in range(30):
        assert np.array_equal(source.slice(Plane.NATIVE, index).values, voxels[index])
    for plane in CROSS:
        cut = source.slice(plane, 0)
        assert "detail_reduced" in [word.code for word in cut.problems]
        step = round(cut.affine[0, 0]) if plane is Plane.CORONAL else round(cut.affine[1, 0])  # type: ignore[index]
        small = voxels[:, ::step, ::step]
        assert np.array_equal(cut.values, small[::-1, -1, :] if plane is Plane.CORONAL else small[::-1, :, 0])
    assert isinstance(source, VolumeSource)
    budget = source._budget
    assert sum(budget._taken.values()) <= budget.limit
    source.close()
    assert budget.free == budget.limit


def test_padding_is_left_out_of_the_range_and_marked(tmp_path: Path) -> None:
    voxels = VOXELS.copy()
    voxels[:, :4, :] = -2000
    source = source_of(tmp_path, series_of(tmp_path, voxels, stacked(9), padding=(-2000, -2000)))
    source.load()
    low, high = source.values_range() or (0.0, 0.0)
    assert -1000 <= low < high <= 1000
    for plane in source.planes:
        cut = source.slice(plane, source.count(plane) // 2)
        assert np.array_equal(cut.padding if cut.padding is not None else cut.values == -2000, cut.values == -2000)


def test_a_broken_file_is_a_problem_natively_and_a_hole_across(tmp_path: Path) -> None:
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, stacked(9), missing=frozenset({3})))
    with pytest.raises(ProblemError):
        source.slice(Plane.NATIVE, 3)
    cut = source.slice(Plane.CORONAL, 0)
    assert cut.padding is not None
    assert np.asarray(cut.padding).all(axis=1).tolist() == [number == 5 for number in range(9)]
    assert "frames_unreadable" in [word.code for word in cut.problems]
    assert np.array_equal(source.slice(Plane.NATIVE, 4).values, VOXELS[4])


@pytest.mark.parametrize("share", [2.0, 0.2])  # of the memory it takes: whole, and with fewer points
def test_a_cut_through_damaged_pictures_says_so(tmp_path: Path, share: float) -> None:
    voxels = np.tile(VOXELS, (1, 3, 3))
    series = series_of(tmp_path, voxels, stacked(9))
    sound = source_of(tmp_path, series, limit=int(voxels.nbytes * share)).slice(Plane.CORONAL, 0)
    assert "frames_damaged" not in [word.code for word in sound.problems]
    for name in ("0002", "0003"):
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-60])
    source = source_of(tmp_path, series, limit=int(voxels.nbytes * share))
    for plane in (Plane.CORONAL, Plane.SAGITTAL):
        (said,) = [word for word in source.slice(plane, 0).problems if word.code == "frames_damaged"]
        assert said.text == "This view may be wrong in places: 2 pictures it cuts through are damaged."
    assert [word.code for word in source.slice(Plane.NATIVE, 2).problems] == ["pixels_cut_off"]
    assert not source.slice(Plane.NATIVE, 4).problems
    assert ("detail_reduced" in [word.code for word in source.slice(Plane.CORONAL, 0).problems]) == (share < 1)


@pytest.mark.parametrize(
    ("window", "wanted"),
    [(FileWindow(0, 800), FileWindow(0, 1224)), (FileWindow(9000, 800), FileWindow(13770, 1224))],
)
def test_windows_of_mr_are_meant_in_stored_values(tmp_path: Path, window: FileWindow, wanted: FileWindow) -> None:
    series = series_of(tmp_path, VOXELS, stacked(9), slopes=[1.53] * 9, windows=(window,), modality="MR")
    shown = source_of(tmp_path, series).slice(Plane.NATIVE, 4).windows[0]
    assert (shown.centre, shown.width) == pytest.approx((wanted.centre, wanted.width))


def test_windows_of_mr_that_only_fit_rescaled_values_are_left_as_they_are(tmp_path: Path) -> None:
    voxels = (VOXELS.astype(int) + 1000).astype(np.uint16)
    window = FileWindow(20000, 8000)
    series = series_of(tmp_path, voxels, stacked(9), slopes=[20.0] * 9, windows=(window,), modality="MR")
    assert source_of(tmp_path, series).slice(Plane.NATIVE, 4).windows == (window,)


@pytest.mark.parametrize(
    ("slope", "intercept", "window"),
    [
        (3.774, 0.0, FileWindow(1000, 2000)),  # stored 0 to 500: a knee that was drawn three times too dark
        (2.0, -4096.0, FileWindow(-92, 5460)),  # stored 300 to 3800: a phase picture that was drawn white
    ],
)
def test_windows_of_mr_that_fit_rescaled_values_better_are_meant_in_them(
    tmp_path: Path, slope: float, intercept: float, window: FileWindow
) -> None:
    top = 500 if intercept == 0 else 4000
    voxels = np.random.default_rng(8).integers(0, top, (9, 20, 24)).astype(np.uint16)
    series = series_of(
        tmp_path, voxels, stacked(9), slopes=[slope] * 9, intercept=intercept, windows=(window,), modality="MR"
    )
    assert source_of(tmp_path, series).slice(Plane.NATIVE, 4).windows == (window,)


def test_pictures_at_one_place_are_a_stack(tmp_path: Path) -> None:
    series = series_of(tmp_path, VOXELS, np.zeros((9, 3)), planes=(Plane.NATIVE,))
    source = source_of(tmp_path, series)
    assert isinstance(source, StackSource)
    assert source.planes == (Plane.NATIVE,)
    with pytest.raises(ProblemError):
        source.slice(Plane.AXIAL, 0)
    with pytest.raises(IndexError):
        source.slice(Plane.NATIVE, 9)


def test_only_a_ct_with_its_scale_has_hounsfield_units(tmp_path: Path) -> None:
    assert source_of(tmp_path, series_of(tmp_path, VOXELS, stacked(9))).slice(Plane.NATIVE, 0).unit == "HU"
    other = series_of(tmp_path, VOXELS, stacked(9), modality="MR")
    assert source_of(tmp_path, other).slice(Plane.NATIVE, 0).unit == ""


@pytest.mark.parametrize(
    ("manufacturer", "model", "unit"),
    [
        ("PLANMECA", "ProMax 3D Mid", ""),
        ("SIEMENS", "AXIOM-Artis", ""),
        ("Carestream Health", "CS 9300", ""),
        ("Varian Medical Systems", "On-Board Imager", ""),
        ("SIEMENS", "SOMATOM Force", "HU"),
        ("GE MEDICAL SYSTEMS", "Revolution CT", "HU"),
        ("Philips", "Brilliance 64", "HU"),
        ("", "", "HU"),
    ],
)
def test_ct_of_a_machine_with_a_cone_of_x_rays_has_no_hounsfield_units(
    manufacturer: str, model: str, unit: str
) -> None:
    frame = Frame(
        FrameRef("1"),
        Header("A", 1, modality="CT", sop_class=CT_IMAGE, manufacturer=manufacturer, model=model),
        FrameFacts(has_rescale=True, rescale_type="HU"),
    )
    assert unit_of(frame) == unit


@pytest.mark.parametrize(
    ("modality", "written", "unit"),
    [("MR", "ZQ^MARKER", ""), ("MR", "OD", "OD"), ("CT", "Schmidt 1963", ""), ("PT", "ZQ^MARKER", ""), ("PT", "cps", "CPS"),
     ("PT", "GML", "SUV")],
)  # fmt: skip
def test_a_unit_is_a_term_of_the_standard_and_never_a_person_s_own_words(
    tmp_path: Path, modality: str, written: str, unit: str
) -> None:
    (frame, *_) = series_of(tmp_path, VOXELS, stacked(9), modality=modality).frames
    facts = replace(frame.facts, rescale_type=written)
    assert unit_of(frame._replace(header=replace(frame.header, units=written), facts=facts)) == unit


def test_a_picture_whose_file_was_gone_is_there_again_when_the_disc_is(tmp_path: Path) -> None:
    source = source_of(tmp_path, series_of(tmp_path, VOXELS, stacked(9)))
    (tmp_path / "0004").rename(tmp_path / "away")
    with pytest.raises(ProblemError):
        source.slice(Plane.NATIVE, 4)
    (tmp_path / "away").rename(tmp_path / "0004")
    assert np.array_equal(source.slice(Plane.NATIVE, 4).values, VOXELS[4])
    assert source.slice(Plane.NATIVE, 4).padding is None


def test_closing_gives_the_memory_back(tmp_path: Path) -> None:
    budget = Budget(2**20)
    reader = FrameReader(FolderMedium(tmp_path), Decoder(workers=1), budget)
    source = open_source(series_of(tmp_path, VOXELS, stacked(9)), 0, reader)
    source.load()
    assert budget.free < 2**20
    source.close()
    assert budget.free == 2**20


@given(st.integers(0, 90), st.integers(0, 20), st.integers(1, 9))
def test_runs_hold_every_picture_once_and_only_neighbours(count: int, alone: int, length: int) -> None:
    runs = in_runs(outward(count), alone, length)
    assert sorted(index for run in runs for index in run) == list(range(count))
    assert [run[0] for run in runs[:alone]] == outward(count)[:alone]
    assert all(len(run) <= length and run[-1] - run[0] == len(run) - 1 for run in runs)


def test_pictures_read_in_runs_are_those_read_alone_also_where_some_are_odd(tmp_path: Path) -> None:
    """Far from the middle pictures are read many at once; one is gone, one cut short, one has bits of an overlay."""
    voxels = np.random.default_rng(9).integers(0, 4096, (60, 12, 10)).astype(np.uint16)
    series = series_of(tmp_path, voxels, stacked(60), missing=frozenset({55}))
    twelve = [
        one._replace(header=replace(one.header, pixels=replace(one.header.pixels, bits_stored=12, high_bit=11)))  # type: ignore[type-var]
        for one in series.frames
    ]
    series = replace(series, groups=(FrameGroup("", tuple(twelve)),))
    (tmp_path / "0003").write_bytes(b"head" + (voxels[3] | 0x8000).tobytes())
    (tmp_path / "0058").write_bytes((tmp_path / "0058").read_bytes()[:-40])
    source = source_of(tmp_path, series)
    source.load()
    assert source.loaded == (60, 60)
    for index in set(range(60)) - {55, 58}:
        cut = source.slice(Plane.NATIVE, index)
        assert np.array_equal(cut.values, voxels[index])
        assert cut.problems == ()
    with pytest.raises(ProblemError):
        source.slice(Plane.NATIVE, 55)
    coronal = source.slice(Plane.CORONAL, 11).values[::-1]
    rest = [index for index in range(60) if index not in (55, 58)]
    assert np.array_equal(coronal[rest], voxels[rest, 0])


def test_a_sector_lost_far_from_the_middle_is_said_of_its_picture_alone(tmp_path: Path) -> None:
    """Pictures read many at once, all with a black border of their own."""
    voxels = np.random.default_rng(4).integers(1, 4096, (60, 64, 48)).astype(np.uint16)
    voxels[:, :, :9] = 0
    series = series_of(tmp_path, voxels, stacked(60))
    damaged = bytearray((tmp_path / "0003").read_bytes())
    damaged[2048:4096] = bytes(2048)
    (tmp_path / "0003").write_bytes(damaged)
    source = source_of(tmp_path, series)
    source.load()
    doubtful = [n for n in range(60) if source.slice(Plane.NATIVE, n).problems]
    assert doubtful == [3]
    assert [one.code for one in source.slice(Plane.NATIVE, 3).problems] == ["picture_doubtful"]
