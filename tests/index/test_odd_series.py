"""Series as other clinics and makers export them: every picture reached, right groups, right order, no false body."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from math import cos, radians, sin
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.index.made import ANNA, AXIAL, SAGITTAL, index_of, moved, only_series, picture, series_of, stack
from viewer.dicom.header import FrameFacts, Header, Person, PixelDescription
from viewer.geometry.plane import Plane
from viewer.index.build import IndexBuilder
from viewer.index.model import Series, SeriesKind
from viewer.problem import problem

CT: dict[str, Any] = {"modality": "CT", "orientation": AXIAL, "sop_class": "1.2.840.10008.5.1.4.1.1.2"}
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
SHUFFLES = st.randoms(use_true_random=False)


def labels(series: Series) -> list[tuple[str, int]]:
    return [(group.label, len(group.frames)) for group in series.groups]


def sizes(headers: list[Header]) -> list[list[int]]:
    return [[len(group.frames) for group in series.groups] for series in series_of(headers)]


def at(z: float, orientation: tuple[float, ...] = AXIAL, **more: Any) -> FrameFacts:
    x, y, z = (float(part) for part in np.cross(orientation[:3], orientation[3:]) * z)
    return FrameFacts(position=(x, y, z), orientation=orientation, spacing=(1.0, 1.0), **more)  # type: ignore[arg-type]


def many(number: int, frames: list[FrameFacts], **more: Any) -> Header:
    return picture(number, None, frames=len(frames), per_frame=tuple(frames), **more)


def turned(degrees: float) -> tuple[float, ...]:
    angle = radians(degrees)
    return (cos(angle), sin(angle), 0.0, 0.0, 0.0, -1.0)


@given(SHUFFLES)
def test_heart_phases_numbered_slice_by_slice_are_moments(shuffle: random.Random) -> None:
    headers = [
        picture(6 * k + t + 1, float(k), trigger_time=40.0 * t, orientation=AXIAL) for k in range(8) for t in range(6)
    ]
    shuffle.shuffle(headers)
    series = only_series(headers)
    assert labels(series) == [(f"Moment {n} of 6", 8) for n in range(1, 7)]
    assert [{frame.facts.trigger_time for frame in group.frames} for group in series.groups] == [
        {40.0 * t} for t in range(6)
    ]


@given(SHUFFLES, st.sampled_from(["trigger_time", "acquisition_time", "reference_ms"]))
def test_moments_that_drift_from_slice_to_slice_make_volumes_by_their_rank(shuffle: random.Random, name: str) -> None:
    """Instance numbers say nothing about time here: only the moment of each picture does."""
    numbers = list(range(40))
    shuffle.shuffle(numbers)
    headers = []
    for t in range(5):
        for k in range(8):
            moment: Any = 1000.0 * t + 7 * k
            moment = f"1015{t:02}.{k:02}" if name == "acquisition_time" else moment
            headers.append(picture(numbers[8 * t + k], float(k), orientation=AXIAL, **{name: moment, "slope": 1.0 + t}))
    series = only_series(headers)
    assert [len(group.frames) for group in series.groups] == [8] * 5
    assert [{frame.facts.slope for frame in group.frames} for group in series.groups] == [{1.0 + t} for t in range(5)]


def test_a_lost_picture_of_one_moment_does_not_scatter_the_others() -> None:
    headers = [
        picture(6 * k + t + 1, float(k), trigger_time=40.0 * t) for k in range(8) for t in range(6) if (k, t) != (3, 4)
    ]
    series = only_series(headers)
    assert [len(group.frames) for group in series.groups] == [8, 8, 8, 8, 7, 8]


def test_magnitude_phase_real_and_imaginary_with_two_echoes_each() -> None:
    headers = [
        picture(100 * i + 50 * e + k, float(k), echo=5.0 + 5 * e, image_type=("ORIGINAL", "PRIMARY", "FFE", c, "FFE"))
        for i, c in enumerate("MPRI") for e in (0, 1) for k in range(9)
    ]  # fmt: skip
    assert sizes(headers) == [[9, 9]] * 4


def test_water_and_fat_told_by_the_fifth_word_of_the_type_are_named() -> None:
    headers = [
        picture(100 * i + k, float(k), image_type=("ORIGINAL", "PRIMARY", "M", "DIXON", kind))
        for i, kind in enumerate(("WATER", "FAT")) for k in range(9)
    ]  # fmt: skip
    assert labels(only_series(headers)) == [("DIXON/FAT", 9), ("DIXON/WATER", 9)]


def test_two_tube_voltages_at_one_place_are_named() -> None:
    headers = [h for i, kv in enumerate((140.0, 80.0)) for h in stack(range(9), 1 + 100 * i, kvp=kv, **CT)]
    assert labels(only_series(headers)) == [("80 kV", 9), ("140 kV", 9)]


def test_directions_of_diffusion_are_named_by_their_weight_whatever_else_tells_them_apart() -> None:
    headers = [
        picture(100 * t + k, float(k), b_value=0.0 if t == 0 else 1000.0, acquisition_number=t)
        for t in range(4) for k in range(9)
    ]  # fmt: skip
    expected = [("b 0", 9), *((f"b 1000, {n} of 3", 9) for n in (1, 2, 3))]
    assert labels(only_series(headers)) == expected


def test_diffusion_without_any_weight_is_told_by_the_order_of_recording() -> None:
    headers = [
        picture(100 * t + k, float(k), orientation=AXIAL, acquisition_number=1) for t in range(7) for k in range(9)
    ]
    assert [label for label, _ in labels(only_series(headers))] == [f"Round {n} of 7" for n in range(1, 8)]


def test_thick_and_thin_pictures_of_one_stretch_are_two_volumes() -> None:
    thick = stack([5.0 * k for k in range(10)], 1, thickness_mm=5.0, **CT)
    thin = stack(range(46), 100, thickness_mm=1.0, **CT)
    found = series_of([*thick, *thin])
    assert [one.spacing_mm[0] for one in found if one.spacing_mm] == pytest.approx([5.0, 1.0])
    assert all(one.kind is SeriesKind.VOLUME and not one.problems for one in found)


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("thickness", [(2.0, 2.01, 1.99), (2.0, None, 2.0)])
def test_a_thickness_that_is_a_little_off_in_each_picture_or_left_out_does_not_tear_a_body_apart(
    thickness: tuple[float | None, ...], lost: int
) -> None:
    headers = [picture(k, 2.0 * k, thickness_mm=thickness[k % 3], **CT) for k in range(15)]
    del headers[7 : 7 + lost]
    assert len(only_series(headers).frames) == len(headers)


def test_a_scan_that_goes_on_in_thicker_pictures_stays_one() -> None:
    headers = [*stack(range(10), 1, thickness_mm=1.0), *stack([12.0, 15.0, 18.0, 21.0], 50, thickness_mm=3.0)]
    assert [note.code for note in only_series(headers).problems] == ["spacing_uneven"]


@pytest.mark.parametrize("shift", [0.4, 15.3])
def test_two_runs_of_the_scanner_that_overlap_at_places_of_their_own_are_two_volumes(shift: float) -> None:
    runs = [
        *stack(range(20), 1, acquisition_number=1),
        *stack([k + shift for k in range(20)], 100, acquisition_number=2),
    ]
    assert sizes(runs) == [[20], [20]]
    assert all(not one.problems for one in series_of(runs))


LOST = frozenset({3, 4, 9, 15})


@pytest.mark.parametrize("shift", [1 / 3, 0.4, 15.3])
def test_two_runs_at_places_of_their_own_stay_two_volumes_where_pictures_are_lost(shift: float) -> None:
    runs = [
        *stack([k for k in range(20) if k not in LOST], 1, acquisition_number=1),
        *stack([k + shift for k in range(20) if k + 2 not in LOST], 100, acquisition_number=2),
    ]
    assert sizes(runs) == [[16], [16]]


@pytest.mark.parametrize("run", [lambda k: k % 2, lambda k: k % 3 == 0, lambda k: (k * k // 3) % 2])
def test_a_volume_scanned_in_turns_or_in_any_order_stays_one_where_pictures_are_lost(run: Callable[[int], int]) -> None:
    headers = [picture(k, float(k), acquisition_number=1 + run(k)) for k in range(24) if k not in LOST]
    assert sizes(headers) == [[20]]


def test_a_volume_scanned_in_turns_is_one() -> None:
    headers = [*stack(range(0, 20, 2), 1, acquisition_number=1), *stack(range(1, 20, 2), 100, acquisition_number=2)]
    series = only_series(headers)
    assert len(series.groups) == 1
    assert series.spacing_mm is not None
    assert series.spacing_mm[0] == pytest.approx(1.0)


def test_runs_that_follow_one_another_are_one_volume() -> None:
    headers = [*stack(range(20), 1, acquisition_number=1), *stack(range(20, 40), 100, acquisition_number=2)]
    assert labels(only_series(headers)) == [("", 40)]


def test_no_body_is_drawn_across_a_hole_as_wide_as_the_body() -> None:
    assert sizes([*stack(range(20)), *stack(range(320, 340), 100)]) == [[20], [20]]
    assert sizes([*stack(range(20)), picture(99, 5000.0)]) == [[20], [1]]
    # between two runs a smaller hole is enough, within one run it is a loss that is named
    apart = [*stack(range(20), acquisition_number=1), *stack(range(29, 49), 100, acquisition_number=2)]
    lost = [replace(header, acquisition_number=1) for header in apart]
    assert sizes(apart) == [[20], [20]]
    assert [note.code for note in only_series(lost).problems] == ["pictures_missing"]


@pytest.mark.parametrize("aside", [0.0, 0.4])
@pytest.mark.parametrize("times", [1, 3])
def test_parts_of_a_spine_or_of_legs_that_lie_above_one_another_are_bodies_of_their_own(
    aside: float, times: int
) -> None:
    parts = [
        picture(1000 * part + 100 * time + k, position=(k + aside * part, 0.0, -11.0 * part), orientation=SAGITTAL,
                spacing=(1.0, 1.0), temporal=time if times > 1 else None)
        for part in range(3) for time in range(times) for k in range(8)
    ]  # fmt: skip
    assert sizes(parts) == [[8] * times] * 3
    assert all(not one.problems and one.kind is SeriesKind.VOLUME for one in series_of(parts))


def test_one_picture_far_from_all_parts_of_a_spine_does_not_mix_them() -> None:
    parts = [
        picture(100 * part + k, position=(float(k), 0.0, -11.0 * part), orientation=SAGITTAL, spacing=(1.0, 1.0))
        for part in range(3)
        for k in range(8)
    ]
    stray = picture(999, position=(3.0, 0.0, -300.0), orientation=SAGITTAL, spacing=(1.0, 1.0))
    assert sorted(len(one.frames) for one in series_of([*parts, stray])) == [1, 8, 8, 8]


def test_slices_that_drift_far_little_by_little_or_one_alone_are_not_taken_for_parts() -> None:
    drifting = [
        picture(k, position=(float(k), 0.0, 0.5 * k), orientation=SAGITTAL, spacing=(1.0, 1.0)) for k in range(60)
    ]
    assert sizes(drifting) == [[60]]
    alone = picture(99, position=(4.5, 0.0, 40.0), orientation=SAGITTAL, spacing=(1.0, 1.0))
    assert sizes([*drifting[:8], alone]) == [[9]]


def test_times_of_a_volume_with_a_hole_are_not_torn_apart() -> None:
    headers = [picture(100 * t + k, float(k), temporal=t) for t in range(3) for k in [*range(10), *range(13, 23)]]
    assert [size for _, size in labels(only_series(headers))] == [20, 20, 20]


def test_a_turning_view_inside_the_series_of_the_scan_is_one_stack_of_its_own() -> None:
    kind = ("DERIVED", "SECONDARY", "MIP")
    turning = [picture(k, 0.0, orientation=turned(10.0 * k + 3)) for k in range(18)]
    told = [replace(header, image_type=kind) for header in turning]
    for view in (turning, told):
        found = series_of([*stack(range(40), 100), *view])
        assert sorted((one.kind, len(one.frames)) for one in found) == [(SeriesKind.STACK, 18), (SeriesKind.VOLUME, 40)]


def test_a_stack_that_turns_slowly_is_one_stack_without_planes() -> None:
    headers = [
        picture(k, None, orientation=turned(0.3 * k), position=(0.0, float(k), 0.0), spacing=(1.0, 1.0))
        for k in range(20)
    ]
    series = only_series(headers)
    assert (series.kind, series.blocked[0][1].code) == (SeriesKind.STACK, "planes_off_turned")


def test_directions_that_vary_by_less_than_a_degree_are_one_volume() -> None:
    headers = [
        picture(k, None, orientation=turned(0.9 * (k % 3) / 2), position=(0.0, float(k), 0.0), spacing=(1.0, 1.0))
        for k in range(20)
    ]
    assert only_series(headers).kind is SeriesKind.VOLUME


def test_a_reversed_stack_with_doubled_places_keeps_every_place_once_in_front() -> None:
    series = only_series([*(picture(100 - k, float(k)) for k in range(20)), picture(200, 7.0), picture(201, 7.0)])
    assert labels(series) == [("Every place once", 20), ("Again at the same places", 2)]
    assert [f.header.instance_number for f in series.groups[0].frames] == [100 - k for k in range(20)]


def test_a_tilted_coronal_scan_is_a_volume_with_its_tilt_named() -> None:
    headers = [
        picture(k, None, orientation=CORONAL, position=(0.0, 2.0 * k, 0.7 * k), spacing=(1.0, 1.0)) for k in range(12)
    ]
    series = only_series(headers)
    assert series.kind is SeriesKind.VOLUME
    assert [note.code for note in series.problems] == ["scanner_tilted"]


def test_stacks_and_times_in_one_object() -> None:
    frames = [
        at(k + 200.0 * s, temporal=t + 1, stack_id=str(s + 1))
        for s in range(2) for t in range(3) for k in range(8)
    ]  # fmt: skip
    found = series_of([many(1, frames)])
    assert [labels(one) for one in found] == [[(f"Time {n} of 3", 8) for n in (1, 2, 3)]] * 2


def test_three_overview_directions_in_one_object_are_apart_and_have_no_planes() -> None:
    frames = [at(10.0 * k, way) for way in (AXIAL, SAGITTAL, CORONAL) for k in range(9)]
    found = series_of([many(1, frames, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER", "NONE"))])
    assert [len(one.frames) for one in found] == [9, 9, 9]
    assert {one.blocked[0][1].code for one in found} == {"planes_off_overview"}


@pytest.mark.parametrize(
    ("modality", "sop_class"),
    [
        ("XA", "1.2.840.10008.5.1.4.1.1.2"),  # worked out by a machine for angiography
        ("DX", "1.2.840.10008.5.1.4.1.1.2"),
        ("US", "1.2.840.10008.5.1.4.1.1.6.1"),
        ("XA", "1.2.840.10008.5.1.4.1.1.12.1"),
    ],
)
def test_slices_are_slices_whatever_machine_took_them(modality: str, sop_class: str) -> None:
    found = only_series(stack(range(9), modality=modality, sop_class=sop_class))
    looks_through = sop_class.endswith(".12.1")
    assert found.kind is (SeriesKind.STACK if looks_through else SeriesKind.VOLUME)
    assert [why.code for _, why in found.blocked[:1]] == (["planes_off_projection"] if looks_through else [])


X_RAY_3D, BREAST_SLICES = "1.2.840.10008.5.1.4.1.1.13.1.1", "1.2.840.10008.5.1.4.1.1.13.1.3"
ULTRASOUND_BODY = "1.2.840.10008.5.1.4.1.1.6.2"
HEART_SLICES = tuple(at(4.0 * k) for _ in range(4) for k in range(9))


@pytest.mark.parametrize(
    ("header", "kind", "groups"),
    [
        (picture(1, None, modality="XA", frames=9, frame_time_ms=66.0), SeriesKind.CINE, [9]),
        (many(1, [at(0.5 * k) for k in range(9)], modality="XA", sop_class=X_RAY_3D), SeriesKind.VOLUME, [9]),
        (many(1, [at(1.0 * k) for k in range(9)], modality="MG", sop_class=BREAST_SLICES), SeriesKind.STACK, [9]),
        (picture(1, None, modality="NM", frames=2, image_type=("ORIGINAL", "PRIMARY", "WHOLE BODY")), SeriesKind.STACK, [2]),
        (picture(1, None, modality="US", frames=9, sop_class=ULTRASOUND_BODY), SeriesKind.STACK, [9]),
        (picture(1, None, modality="NM", frames=60, image_type=("ORIGINAL", "PRIMARY", "TOMO")), SeriesKind.STACK, [60]),
        (many(1, list(HEART_SLICES), modality="NM"), SeriesKind.VOLUME, [9] * 4),
        (picture(1, None, modality="US", frames=30), SeriesKind.CINE, [30]),
        (many(1, [at(0.0, temporal=t) for t in range(20)], frame_time_ms=40.0), SeriesKind.CINE, [20]),
        (many(1, [at(1.0 * k) for k in range(9) for _ in range(3)]), SeriesKind.VOLUME, [9] * 3),
    ],
)  # fmt: skip
def test_objects_of_many_frames_are_what_they_are(header: Header, kind: SeriesKind, groups: list[int]) -> None:
    series = only_series([header])
    assert (series.kind, [len(group.frames) for group in series.groups]) == (kind, groups)


def test_slices_of_a_breast_do_not_look_through_it() -> None:
    slices = many(1, [at(1.0 * k) for k in range(9)], modality="MG", sop_class=BREAST_SLICES)
    assert {why.code for _, why in only_series([slices]).blocked} == {"planes_off_tomo"}


def one_file_a_place(number: int, place: float, frames: int = 4, **more: Any) -> Header:
    return many(number, [at(place, temporal=t + 1) for t in range(frames)], **more)


def test_one_file_for_each_place_with_its_times_is_one_body_with_those_to_choose_from() -> None:
    series = only_series([one_file_a_place(k, 3.0 * k) for k in range(9)])
    assert series.kind is SeriesKind.VOLUME
    assert [len(group.frames) for group in series.groups] == [9] * 4
    for group in series.groups:
        assert len({frame.facts.temporal for frame in group.frames}) == 1


def test_films_of_one_place_each_stay_apart() -> None:
    again = [one_file_a_place(k, 0.0) for k in range(9)]  # the same place filmed nine times
    timed = [one_file_a_place(k, 3.0 * k, frame_time_ms=40.0) for k in range(9)]
    unlike = [one_file_a_place(k, 3.0 * k, frames=3 + k) for k in range(9)]
    ways = [many(k, [at(5.0 + k, turned(20.0 * k), temporal=t) for t in range(4)]) for k in range(6)]  # of the heart
    for films in (again, timed, unlike, ways):
        assert len(series_of(films)) == len(films)


def test_x_rays_of_several_sizes_in_one_series_are_sets_of_one_size() -> None:
    assert sizes([picture(k, None, modality="CR", rows=16 + k % 3) for k in range(6)]) == [[2], [2], [2]]


def test_screen_pictures_and_spectra_in_the_series_of_the_scan_do_not_touch_its_volume() -> None:
    screen = "1.2.840.10008.5.1.4.1.1.7"
    colour = PixelDescription(64, 64, 3, 8, 8, 7, photometric="RGB")
    others = [
        picture(90, None, sop_class=screen),
        replace(picture(91, None, sop_class=screen), pixels=colour),
        replace(picture(92, None, sop_class="1.2.840.10008.5.1.4.1.1.4.2"), pixels=None, place=None, frames=0),
    ]
    index = index_of([*stack(range(20)), *others])
    found = [one for study in index.studies for one in study.series]
    (volume,) = [one for one in found if one.kind is SeriesKind.VOLUME]
    assert (len(volume.frames), volume.helper) == (20, False)
    assert sum(len(one.frames) for one in found) == 22
    assert [row.kind for row in index.account.skipped] == ["not_a_picture"]


def test_a_study_that_is_on_the_disc_twice_is_shown_once() -> None:
    first = stack(range(9))
    again = [replace(header, path=f"COPY/{header.path}") for header in first]
    index = index_of([*first, *again])
    assert index.picture_count == 9
    assert [row.kind for row in index.account.skipped] == ["duplicate"] * 9


def test_of_pictures_that_were_copied_once_in_part_the_whole_ones_come_first() -> None:
    whole = stack(range(9))
    cut = [
        replace(header, path=f"A/{header.path}", size=header.size - 9, problems=(problem("pixels_cut_off"),))
        for header in whole[2:5]
    ]
    series = only_series([*cut, *whole])
    assert [len(group.frames) for group in series.groups] == [9, 3]
    assert not any(frame.header.problems for frame in series.groups[0].frames)


def test_a_damaged_picture_without_a_whole_copy_keeps_its_turn() -> None:
    """A film whose moments drift from slice to slice: nothing but their order tells which pictures belong together."""
    film = [picture(10 * k + t, float(k), trigger_time=100.0 * t + 7.0 * k) for k in range(8) for t in range(6)]
    film[4 * 6 + 2] = replace(film[4 * 6 + 2], problems=(problem("pixels_cut_off"),))
    series = only_series(film)
    moments = [{(frame.header.instance_number or 0) % 10 for frame in group.frames} for group in series.groups]
    assert moments == [{t} for t in range(6)]


def test_a_file_that_lost_its_picture_takes_no_number_from_the_one_that_has_it() -> None:
    whole = stack(range(9))
    empty = [
        replace(header, path=f"A/{header.path}", size=900, problems=(problem("pixels_missing"),)) for header in whole
    ]
    pictures, lost = series_of([*empty, *whole])
    assert [note.code for note in pictures.problems] == []
    assert {frame.ref.copy for frame in pictures.frames} == {0}
    assert len(lost.documents) == 9


def test_one_number_on_different_pictures_in_two_folders_keeps_both() -> None:
    first = stack(range(9))
    other = [
        replace(h, path=f"B/{h.path}", size=h.size + 1, shared=replace(h.shared, spacing=(0.5, 0.5))) for h in first
    ]
    index = index_of([*first, *other])
    assert index.picture_count == 18
    refs = {frame.ref for study in index.studies for one in study.series for frame in one.frames}
    assert len(refs) == 18


VARIED = st.fixed_dictionaries({
    "temporal": st.sampled_from([None, 1, 2]), "trigger_time": st.sampled_from([None, 10.0, 20.0]),
    "b_value": st.sampled_from([None, 0.0, 1000.0]), "thickness_mm": st.sampled_from([None, 1.0, 5.0]),
    "acquisition_number": st.sampled_from([None, 1, 2]), "kvp": st.sampled_from([None, 80.0, 140.0]),
    "acquisition_time": st.sampled_from(["", "101010", "101011"]), "reference_ms": st.sampled_from([None, 5.0]),
    "orientation": st.sampled_from([AXIAL, AXIAL, SAGITTAL, turned(0.7), turned(20.0), turned(40.0), turned(60.0)]),
    "image_type": st.sampled_from([("ORIGINAL", "PRIMARY", "M"), ("DERIVED", "PRIMARY", "M", "FAT")]),
    "place": st.sampled_from([None, 0.0, 1.0, 2.0, 3.0, 3.4, 50.0, 51.0, 900.0]),
})  # fmt: skip


@settings(max_examples=200)
@given(st.lists(VARIED, max_size=40), SHUFFLES)
def test_whatever_varies_every_picture_is_reached_once_and_each_group_lies_in_order(
    rows: list[dict[str, Any]], shuffle: random.Random
) -> None:
    headers = []
    for number, row in enumerate(rows):
        place = row["place"]
        facts = {
            key: value for key, value in row.items() if key != "place" and (place is not None or key != "orientation")
        }
        headers.append(picture(number, place, **facts))
    before = arranged(headers)
    assert sorted(number for lot in before for number in lot) == list(range(len(headers)))
    shuffle.shuffle(headers)
    assert arranged(headers) == before  # the order of reading changes nothing
    for series in series_of(headers):
        if Plane.AXIAL in series.planes:
            for group in series.groups:
                placed = [frame.facts for frame in group.frames]
                normal = np.cross(placed[0].orientation[:3], placed[0].orientation[3:])  # type: ignore[index]
                along = [float(np.dot(one.position, normal)) for one in placed]  # type: ignore[arg-type]
                assert all(b - a > -1e-6 for a, b in pairwise(along))


def arranged(headers: list[Header]) -> list[list[int]]:
    return [
        [int(frame.ref.sop_uid.rpartition(".")[2]) for frame in group.frames]
        for one in series_of(headers)
        for group in one.groups
    ]


def around(degrees: float, number: int, **more: Any) -> Header:
    """A picture seen from this angle; its corner goes round the middle of the body with it."""
    angle = radians(degrees)
    corner = (-20 * cos(angle), -20 * sin(angle), 20.0)
    return picture(number, None, position=corner, orientation=turned(degrees), spacing=(1.0, 1.0), **more)


@pytest.mark.parametrize("step", [10.0, 30.0, 0.5])
def test_a_view_that_turns_all_the_way_round_stays_as_recorded(step: float) -> None:
    last = int(360 / step)
    (series,) = series_of([around(step * k, k) for k in range(last + 1)])
    assert [len(group.frames) for group in series.groups] == [last + 1]
    assert [frame.header.instance_number for frame in series.frames] == list(range(last + 1))


def test_a_turning_view_at_several_times_has_each_time_as_recorded() -> None:
    series = series_of([around(30.0 * k, 10 * t + k, temporal=t + 1) for k in range(6) for t in range(2)])
    assert [[f.header.instance_number for f in group.frames] for one in series for group in one.groups] == [
        [0, 1, 2, 3, 4, 5],
        [10, 11, 12, 13, 14, 15],
    ]


def test_people_with_one_anothers_numbers_in_folders_of_their_own_are_never_one_body() -> None:
    headers = [
        replace(picture(k, 3.0 * (k + who)), path=f"{who}/IM{k}", size=1000 + 10 * who)
        for who in range(3)
        for k in range(10)
    ]
    series = series_of(headers)
    assert [[frame.header.path.split("/")[0] for frame in one.frames] for one in series] == [
        [str(who)] * 10 for who in range(3)
    ]


@pytest.mark.parametrize(
    ("places", "sets"),
    [
        (range(12), 1),
        ([0, 1, 2, 5, 6, 8, 9], 1),  # some of them lost
        ([0, 0], 2),  # of different people, or of different days
        ([0, 40], 2),
        ([0, 31.3, 80.1, 93.7], 4),
        ([0, 1, 2, 3, 0, 1, 2, 3], 8),
        ([None] * 3, 3),
    ],
)
def test_folders_of_one_picture_each_with_one_number_are_slices_where_they_lie_in_a_row(
    places: list[float | None], sets: int
) -> None:
    headers = [replace(picture(k, place), path=f"IM{k}/image", sop_uid="1.2.3") for k, place in enumerate(places)]
    series = series_of(headers)
    assert len(series) == sets
    assert sum(len(one.frames) for one in series) == len(places)


def test_single_pictures_of_different_people_are_no_row_where_they_are_shifted_sideways() -> None:
    headers = [
        moved(replace(picture(k, 10.0 * k), path=f"{k}/image", sop_uid="1.2.3"), position=(10.0 * k, 7.0 * k * k, 0.0))
        for k in range(4)
    ]
    assert [len(one.frames) for one in series_of(headers)] == [1] * 4


def test_a_volume_that_a_program_wrote_as_screen_pictures_is_a_volume() -> None:
    (series,) = index_of(stack(range(8), modality="CT", sop_class="1.2.840.10008.5.1.4.1.1.7")).studies[0].series
    assert (series.kind, series.name, series.helper) == (SeriesKind.VOLUME, "From the side, CT", False)


def test_tiles_taken_apart_by_another_program_are_no_sheets() -> None:
    series = only_series(stack(range(8), image_type=("ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC")))
    assert series.problems == ()


def test_one_volume_stored_twice_in_a_folder_is_told_as_copies() -> None:
    plain, packed = stack(range(8)), stack(range(8), transfer_syntax="1.2.840.10008.1.2.4.70")
    series = only_series([*plain, *(replace(header, path=f"{header.path}b") for header in packed)])
    assert labels(series) == [("Copy 1 of 2", 8), ("Copy 2 of 2", 8)]


def test_a_first_time_copied_in_part_does_not_take_the_planes_from_the_others() -> None:
    kept = {1: range(5), 2: range(10), 3: range(1, 10)}
    series = only_series([picture(20 * t + k, float(k), temporal=t) for t, places in kept.items() for k in places])
    assert [size for _, size in labels(series)] == [5, 10, 9]
    assert series.kind is SeriesKind.VOLUME
    assert [note.code for note in series.problems] == ["groups_differ"]


def test_many_gaps_are_told_in_one_sentence() -> None:
    series = only_series(stack([0, 2, 3, 7, 9, 10, 11, 14, 15, 17, 18]))
    assert [note.text for note in series.problems] == [
        "8 pictures are missing, in 5 places; the widest gap is 4 mm. The gaps are left empty in the other directions."
    ]


def scattered(places: range, first: int = 1, **more: Any) -> list[Header]:
    """Each picture with a series and an examination of its own."""
    made = stack([float(place) for place in places], first, **more)
    return [
        replace(header, series_uid=f"1.2.9.{number}", study_uid=f"1.2.{number}")
        for number, header in enumerate(made, first)
    ]


@given(SHUFFLES)
def test_a_series_whose_pictures_all_have_numbers_of_their_own_is_put_together(shuffle: random.Random) -> None:
    headers = scattered(range(9))
    shuffle.shuffle(headers)
    (study,) = index_of(headers).studies
    (series,) = study.series
    assert series.kind is SeriesKind.VOLUME
    assert [frame.header.instance_number for frame in series.frames] in ([*range(1, 10)], [*range(9, 0, -1)])
    assert [note.code for note in series.problems] == ["scattered"]


def test_scattered_series_of_one_examination_are_one_examination() -> None:
    (study,) = index_of([*scattered(range(8)), *scattered(range(7), 50, series_number=3)]).studies
    assert sorted(len(series.frames) for series in study.series) == [7, 8]


@pytest.mark.parametrize(
    "headers",
    [
        scattered(range(4)),  # as many are taken one by one
        [*scattered(range(3)), *scattered(range(3), 50, series_number=3)],
        [*scattered(range(3)), *scattered(range(3), 50, person=Person("Muster, Max", "B2"))],
        [picture(number, series_uid=f"1.2.9.{number}") for number in range(1, 9)],  # without a place
        [*scattered(range(8)), replace(scattered(range(1))[0], path="X", series_uid="1.7", sop_uid="1.8")],  # one twice
    ],
)  # fmt: skip
def test_single_pictures_that_may_be_something_else_stay_single(headers: list[Header]) -> None:
    assert [len(one.frames) for one in series_of(headers)] == [1] * len(headers)


def test_nothing_is_lost_while_a_scattered_series_is_being_read() -> None:
    headers = scattered(range(12))
    double = replace(headers[3], path="COPY")
    clash = replace(headers[5], path="CLASH", series_uid="1.7", sop_uid="1.8")
    builder = IndexBuilder(lambda one, other: True)
    for number, header in enumerate([*headers[:6], double, clash, *headers[6:]], 1):
        builder.add_header(header)
        read = builder.result("disc", False)
        assert read.picture_count == number - (number >= 7)


def by_place(places: int, times: int, **kw: Any) -> list[Header]:
    """A series for each place, with every time of it."""
    return [
        picture(100 * t + k, float(k), series_uid=f"1.2.9.{k}", acquisition_time=f"1000{t:02d}", **kw)
        for k in range(places)
        for t in range(times)
    ]


@given(SHUFFLES)
def test_places_with_a_series_each_are_one_set_with_its_times(shuffle: random.Random) -> None:
    headers = by_place(8, 3)
    shuffle.shuffle(headers)
    (series,) = series_of(headers)
    assert [len(group.frames) for group in series.groups] == [8, 8, 8]
    assert [note.code for note in series.problems] == ["scattered"]


@pytest.mark.parametrize(("places", "kw"), [(4, {}), (8, {"series_number": None})])
def test_few_places_or_those_without_a_number_stay_sets_of_their_own(places: int, kw: dict[str, Any]) -> None:
    assert [len(one.frames) for one in series_of(by_place(places, 3, **kw))] == [3] * places


LOOKS = st.fixed_dictionaries({
    "place": st.integers(0, 7).map(float), "orientation": st.sampled_from([AXIAL, SAGITTAL]),
    "image_type": st.sampled_from([("ORIGINAL", "PRIMARY", "M"), ("ORIGINAL", "PRIMARY", "P")]),
    "acquisition_time": st.sampled_from(["100000", "100100"]),
})  # fmt: skip
NUMBERED = {
    "one": lambda row, number: "1",
    "each file": lambda row, number: str(number),
    "each place": lambda row, number: str(int(row["place"])),
    "each look": lambda row, number: str(len(row["image_type"][2:]) + (row["orientation"] == AXIAL)),
}


@settings(max_examples=150)
@given(
    st.lists(LOOKS, min_size=5, max_size=40),
    st.sampled_from(sorted(NUMBERED)),
    st.sampled_from(sorted(NUMBERED)),
    SHUFFLES,
)
def test_however_examinations_and_series_were_numbered_anew_every_picture_is_reached_once(
    rows: list[dict[str, Any]], studies: str, series: str, shuffle: random.Random
) -> None:
    headers = [
        picture(
            number,
            study_uid=f"1.2.{NUMBERED[studies](row, number)}",
            series_uid=f"1.2.9.{NUMBERED[series](row, number)}",
            **row,
        )
        for number, row in enumerate(rows)
    ]
    before = arranged(headers)
    assert sorted(number for lot in before for number in lot) == list(range(len(headers)))
    shuffle.shuffle(headers)
    assert arranged(headers) == before


def test_two_kinds_of_picture_with_a_series_for_each_place_are_two_sets() -> None:
    kinds = [("ORIGINAL", "PRIMARY", kind) for kind in "MP"]
    headers = [
        picture(100 * n + k, float(k), series_uid=f"1.2.9.{k}", image_type=kind)
        for n, kind in enumerate(kinds)
        for k in range(12)
    ]
    assert [len(one.frames) for one in series_of(headers)] == [12, 12]
    assert sorted(len(one.frames) for one in series_of(headers[:12] + headers[12:15])) == [3, 12]


def test_an_examination_for_each_file_of_a_series_with_several_directions_loses_none() -> None:
    headers = [
        picture(100 * n + k, float(k), study_uid=f"1.2.{n}.{k}", orientation=orientation)
        for n, orientation in enumerate((AXIAL, SAGITTAL, turned(45.0)))
        for k in range(8)
    ]
    assert [len(one.frames) for one in series_of(headers)] == [8, 8, 8]


@pytest.mark.parametrize(
    "identifier", [lambda n: "" if n % 3 == 0 else "A1", lambda n: "0A1"[n % 2 :], lambda n: f"X{n}"]
)
@given(shuffle=SHUFFLES)
def test_a_series_whose_person_has_another_number_in_part_of_its_files_stays_one(
    identifier: Callable[[int], str], shuffle: random.Random
) -> None:
    headers = [
        replace(header, frame_of_reference="1.9", person=replace(header.person, identifier=identifier(number)))
        for number, header in enumerate(stack(range(12)))
    ]
    shuffle.shuffle(headers)
    (series,) = series_of(headers)
    assert [len(group.frames) for group in series.groups] == [12]
    assert series.problems == ()


def test_parts_of_a_series_that_name_two_people_or_one_place_twice_stay_apart() -> None:
    first = [replace(header, frame_of_reference="1.9") for header in stack(range(8))]
    again = stack(range(8), 50, frame_of_reference="1.9", person=Person("Muster, Max", "B2", "19600101", "M"))
    assert [len(one.frames) for one in series_of([*first, *again])] == [8, 8]
    copy = [
        replace(header, path=f"B/{header.path}", sop_uid=f"1.7.{n}", person=replace(ANNA, identifier=""))
        for n, header in enumerate(first)
    ]
    assert [len(one.frames) for one in series_of([*first, *copy])] == [8, 8]


@pytest.mark.parametrize("shift", [1.3, 30.0])
def test_two_scans_under_one_number_but_with_names_of_their_own_are_two_bodies(shift: float) -> None:
    early = stack([3.0 * k for k in range(20)], series_number=3, series_description="arterial")
    late = stack([3.0 * k + shift for k in range(20)], 50, series_number=4, series_description="venous")
    assert [len(one.frames) for one in series_of([*early, *late])] == [20, 20]
    assert [one.problems for one in series_of([*early, *late])] == [(), ()]


@pytest.mark.parametrize("numbers", ["one", "each file"])
@pytest.mark.parametrize("shift", [0.8, 15.0])
def test_two_examinations_without_names_in_folders_of_their_own_are_two_bodies(shift: float, numbers: str) -> None:
    nobody = Person()
    headers = [
        replace(
            header,
            path=f"{folder}/{header.path}",
            sop_uid=f"1.2.{folder}.{number}",
            series_uid="1.2.9" if numbers == "one" else f"1.2.9.{folder}.{number}",
            person=nobody,
        )
        for folder, offset in enumerate((0.0, shift))
        for number, header in enumerate(stack([3.0 * k + offset for k in range(12)]))
    ]
    sets = series_of(headers)
    assert [len(one.frames) for one in sets] == [12, 12]
    assert [len({frame.header.path[0] for frame in one.frames}) for one in sets] == [1, 1]


def test_a_series_dealt_out_over_folders_stays_one() -> None:
    headers = [
        replace(h, path=f"{number % 3}/{h.path}") for number, h in enumerate(stack([2.0 * k for k in range(30)]))
    ]
    (series,) = series_of(headers)
    assert [len(group.frames) for group in series.groups] == [30]
    scattered_over = random.Random(3)
    headers = [replace(h, path=f"{scattered_over.randrange(2)}/{h.path}") for h in stack([2.0 * k for k in range(30)])]
    (series,) = series_of(headers)
    assert [len(group.frames) for group in series.groups] == [30]


@pytest.mark.parametrize(
    ("places", "systems", "sets"),
    [
        ([3.0 * k for k in range(16)], ["1"] * 8 + ["2"] * 8, [8, 8]),  # one behind the other
        ([*range(8), *range(8)], ["1"] * 8 + ["2"] * 8, [16]),  # times of one body
        ([3.0 * k for k in range(8)], [str(k) for k in range(8)], [8]),  # a number for each picture
        ([3.0 * k for k in range(8)], ["1"] * 6 + ["", "1"], [8]),  # left out once
        ([3.0 * k for k in range(16)], ["1", ""] * 8, [16]),  # left out in half of them: that says nothing
    ],
    ids=["two bodies", "times", "careless", "left out", "left out in half"],
)
def test_two_coordinate_systems_in_one_series_are_never_one_body(
    places: list[float], systems: list[str], sets: list[int]
) -> None:
    headers = [
        picture(number, place, frame_of_reference=system)
        for number, (place, system) in enumerate(zip(places, systems, strict=True), 1)
    ]
    found = series_of(headers)
    assert [len(one.frames) for one in found] == sets
    assert all(one.kind is SeriesKind.VOLUME for one in found)


@pytest.mark.parametrize("moved", [2.0, 3.0, 4.0, 7.0])
def test_pictures_taken_again_and_again_while_the_table_moves_on_are_no_volume(moved: float) -> None:
    """A needle is watched in CT: five shots of six pictures, whose places happen to fall between one another's."""
    headers = [
        header
        for turn in range(5)
        for header in stack([5.0 * k + moved * turn for k in range(6)], 1 + 10 * turn, acquisition_number=turn, **CT)
    ]
    found = series_of(headers)
    assert [{frame.header.acquisition_number for frame in one.frames} for one in found] == [{n} for n in range(5)]
    assert not any(one.problems for one in found)
