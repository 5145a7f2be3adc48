"""Pictures that belong together stay together, in the right place, and what does not is told apart."""

from __future__ import annotations

import random
from dataclasses import replace
from math import cos, sin
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.index.made import AXIAL, SAGITTAL, index_of, only_series, picture, series_of, stack
from viewer.dicom.header import FrameFacts, Header, PixelDescription
from viewer.geometry.plane import Plane
from viewer.index.model import SeriesKind

BODY = (Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL)


@given(st.randoms(use_true_random=False))
def test_order_follows_the_place_and_not_the_number_or_the_order_of_reading(shuffle: random.Random) -> None:
    headers = [picture(100 - k, float(k)) for k in range(12)]
    shuffle.shuffle(headers)
    series = only_series(headers)
    assert [frame.header.instance_number for frame in series.frames] == [100 - k for k in range(12)]
    assert series.kind is SeriesKind.VOLUME
    assert series.planes == (*BODY, Plane.NATIVE)
    assert series.spacing_mm == pytest.approx((1.0, 1.0, 1.0))


def test_without_places_the_numbers_count_and_then_the_names_with_ten_after_nine() -> None:
    by_number = only_series([picture(k) for k in (3, 1, 2)])
    assert [frame.header.instance_number for frame in by_number.frames] == [1, 2, 3]
    headers = [picture(k, path=f"IM{k}", instance_number=None) for k in (10, 9, 1)]
    by_name = only_series(headers)
    assert [frame.header.path for frame in by_name.frames] == ["IM1", "IM9", "IM10"]
    assert by_name.kind is SeriesKind.STACK
    assert by_name.planes == (Plane.NATIVE,)
    assert {plane for plane, _ in by_name.blocked} == set(BODY)
    assert "do not say where" in by_name.blocked[0][1].text


@pytest.mark.parametrize("spacing", [None, (0.0, 0.0)])
def test_without_the_size_of_a_pixel_the_place_still_counts_for_the_order(spacing: tuple[float, float] | None) -> None:
    numbers = random.Random(1).sample(range(1, 13), 12)
    headers = [picture(number, float(k), spacing=spacing, body_part=str(k)) for k, number in enumerate(numbers)]
    series = only_series(headers)
    assert [frame.header.body_part for frame in series.frames] == [str(k) for k in range(12)]
    assert series.planes == (Plane.NATIVE,)
    again = only_series([*headers, picture(50, 3.0, spacing=spacing)])
    assert [frame.header.instance_number for frame in again.frames] == [*range(1, 13), 50]


def test_frames_without_places_stand_as_the_dimensions_of_their_object_put_them() -> None:
    order = random.Random(2).sample(range(1, 9), 8)
    told = tuple(FrameFacts(dimension_index=(1, at), echo=float(at)) for at in order)
    series = only_series([picture(1, frames=8, per_frame=told)])
    assert [frame.facts.echo for frame in series.frames] == [float(at) for at in range(1, 9)]
    unclear = tuple(replace(facts, dimension_index=(1, 1)) for facts in told)
    series = only_series([picture(1, frames=8, per_frame=unclear)])
    assert [frame.number for frame in series.frames] == [*range(1, 9)]


def test_without_the_size_of_a_pixel_this_is_the_reason_why_planes_are_off() -> None:
    series = only_series(stack(range(12), spacing=None))
    assert {reason.code for _, reason in series.blocked} == {"planes_off_no_size"}


def test_thickness_is_never_taken_for_the_distance() -> None:
    series = only_series(stack(range(10), thickness_mm=5.0, spacing_between_slices=5.0))
    assert series.spacing_mm is not None
    assert series.spacing_mm[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("size", {"rows": 16}, {"rows": 32}),
        ("orientation", {"orientation": SAGITTAL}, {"orientation": AXIAL}),
        ("pixel size", {"spacing": (1.0, 1.0)}, {"spacing": (0.5, 0.5)}),
        ("kind of object", {}, {"sop_class": "1.2.840.10008.5.1.4.1.1.7"}),
        ("image type", {}, {"image_type": ("DERIVED", "SECONDARY", "MIP")}),
        ("kernel", {"modality": "CT", "kernel": "B30f"}, {"modality": "CT", "kernel": "B70f"}),
        ("contrast agent", {"contrast_agent": False}, {"contrast_agent": True}),
        ("stack", {"stack_id": "1"}, {"stack_id": "2"}),
        ("echo of another block", {"echo": 10.0}, {"echo": 80.0}),
    ],
)
def test_a_series_is_split_by(name: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    found = series_of([*stack(range(8), **one), *stack(range(20, 28), first=50, **other)])
    assert [series.id for series in found] == ["s1-1", "s1-2"]
    assert [len(series.frames) for series in found] == [8, 8], name


def test_directions_within_one_degree_are_one_series() -> None:
    turned = (0.0, 0.99995, 0.01, 0.0, 0.01, -0.99995)
    assert len(only_series([*stack(range(4)), *stack(range(4, 8), first=20, orientation=turned)]).frames) == 8


def test_a_view_that_turns_from_picture_to_picture_stays_one_stack() -> None:
    headers = []
    for k in range(12):
        right = (cos(k * 0.4), sin(k * 0.4), 0.0)
        headers.append(picture(k, 0.0, orientation=(*right, 0.0, 0.0, -1.0)))
    series = only_series(headers)
    assert series.kind is SeriesKind.STACK
    assert "parallel" in series.blocked[0][1].text


def test_magnitude_and_phase_of_the_same_places_are_two_series() -> None:
    found = series_of(
        [
            *stack(range(8), image_type=("ORIGINAL", "PRIMARY", "T1", "M")),
            *stack(range(8), first=50, image_type=("ORIGINAL", "PRIMARY", "T1", "P")),
        ]
    )
    assert [series.name for series in found] == ["From the side, MRI", "From the side, phase"]


def test_a_type_that_changes_from_place_to_place_is_no_reason_to_split() -> None:
    series = only_series(
        [
            *stack(range(8), image_type=("ORIGINAL", "PRIMARY", "AXIAL", "ADD")),
            *stack(range(8, 16), first=50, image_type=("ORIGINAL", "PRIMARY", "AXIAL")),
        ]
    )
    assert len(series.groups) == 1


def test_scouts_are_kept_apart_by_direction_and_folded() -> None:
    scout: dict[str, Any] = {"image_type": ("ORIGINAL", "PRIMARY", "LOCALIZER")}
    found = series_of(
        [
            *stack(range(8), series_uid="1.2.8", series_number=7),
            *stack(range(3), first=40, **scout),
            *stack(range(3), first=60, orientation=AXIAL, **scout),
        ]
    )
    assert [(one.name, one.helper) for one in found] == [
        ("Overview, from the side", True),
        ("Overview, from below", True),
        ("From the side, MRI", False),
    ]
    assert "overview" in found[0].blocked[0][1].text


def test_scouts_alone_are_not_folded_away() -> None:
    assert not only_series(stack(range(3), series_description="Scout")).helper


def test_a_gap_is_named_with_what_is_missing() -> None:
    series = only_series(stack([*range(10), *range(13, 23)]))
    (note,) = series.problems
    assert note.text.startswith("3 pictures are missing between picture 10 and picture 11, a gap of 4 mm")
    assert series.kind is SeriesKind.VOLUME


def test_uneven_steps_are_named_and_still_give_three_directions() -> None:
    series = only_series(stack([0, 1, 2, 3, 4, 6, 8, 10, 14, 18, 22]))
    assert series.kind is SeriesKind.VOLUME
    assert [note.code for note in series.problems] == ["spacing_uneven"]


def test_a_tilted_scanner_is_told_from_the_places() -> None:
    headers = [picture(k, 0.0, position=(2.0 * k, 1.0 * k, 0.0)) for k in range(12)]
    series = only_series(headers)
    assert [note.code for note in series.problems] == ["scanner_tilted"]
    assert "27°" in series.problems[0].text
    assert series.spacing_mm is not None
    assert series.spacing_mm[0] == pytest.approx(2.0)


def test_a_few_pictures_give_no_three_directions_and_say_why() -> None:
    series = only_series(stack([0, 4, 8, 12]))
    assert series.kind is SeriesKind.STACK
    assert series.blocked[0][1].text == "Three directions is off: there are only 4 pictures, 4 mm apart."
    assert only_series([picture(1, 0.0)]).kind is SeriesKind.SINGLE


def test_pictures_that_look_through_the_body_have_no_planes() -> None:
    series = only_series(stack(range(9), modality="XA"))
    assert series.kind is SeriesKind.STACK
    assert {problem.code for _, problem in series.blocked} == {"planes_off_projection"}


def test_pictures_shifted_sideways_at_random_are_no_volume() -> None:
    headers = [picture(k, 0.0, position=(float(k), 4.0 * (k % 3), 0.0)) for k in range(12)]
    assert only_series(headers).blocked[0][1].code == "planes_off_shifted"


@pytest.mark.parametrize("beside", [4, 0, 11])
def test_pictures_shifted_a_little_are_a_volume_that_says_so(beside: int) -> None:
    headers = [picture(k, position=(float(k), 1.7 * (k == beside), 0.0), orientation=SAGITTAL, spacing=(1.0, 1.0))
               for k in range(12)]  # fmt: skip
    series = only_series(headers)
    assert series.kind is SeriesKind.VOLUME
    assert [note.code for note in series.problems] == ["pictures_shifted"]


def test_a_film_is_a_cine_and_two_films_are_two_series() -> None:
    facts: dict[str, Any] = {"modality": "US", "frames": 20, "frame_time_ms": 33.0}
    found = series_of([picture(1, **facts), picture(2, **facts)])
    assert [(one.kind, len(one.frames)) for one in found] == [(SeriesKind.CINE, 20)] * 2
    assert [frame.number for frame in found[0].frames] == list(range(1, 21))


def test_frames_of_one_object_are_ordered_by_their_own_places() -> None:
    places = [5, 3, 1, 0, 2, 4, 6, 7]
    frames = tuple(FrameFacts(position=(float(p), 0, 0), orientation=SAGITTAL, spacing=(1.0, 1.0)) for p in places)
    series = only_series([picture(1, frames=8, per_frame=frames)])
    # The normal of this orientation points to the patient's right.
    assert [frame.number for frame in series.frames] == [8, 7, 1, 6, 2, 5, 3, 4]
    assert series.kind is SeriesKind.VOLUME


def test_parts_of_a_concatenation_are_one_and_a_lost_part_is_named() -> None:
    def part(number: int, start: int) -> object:
        frames = tuple(
            FrameFacts(position=(-float(start + k), 0, 0), orientation=SAGITTAL, spacing=(1.0, 1.0)) for k in range(3)
        )
        return picture(number, frames=3, per_frame=frames, concatenation=("1.7", number, 4))

    series = only_series([part(3, 6), part(1, 0), part(2, 3)])  # type: ignore[list-item]
    assert [(frame.header.instance_number, frame.number) for frame in series.frames] == [
        (part, frame) for part in (1, 2, 3) for frame in (1, 2, 3)
    ]
    assert [note.code for note in series.problems] == ["part_missing"]
    assert series.problems[0].text.startswith("1 part ")


@pytest.mark.parametrize("complete", [True, False])
def test_a_picture_is_missing_only_when_all_of_the_disc_was_read(complete: bool) -> None:
    read = index_of([*stack(range(10)), *stack(range(13, 23), 14)], complete=complete)
    said = [note.code for series in read.every_series for note in series.problems]
    assert said == ["pictures_missing"] * complete


def test_reconstructed_nuclear_slices_step_by_the_signed_distance() -> None:
    facts: dict[str, Any] = {
        "modality": "NM",
        "frames": 9,
        "image_type": ("ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION"),
    }
    series = only_series([picture(1, 0.0, orientation=AXIAL, spacing_between_slices=-4.4, **facts)])
    heights = {frame.number: frame.facts.position[2] for frame in series.frames if frame.facts.position}
    assert heights[1] - heights[9] == pytest.approx(8 * 4.4)
    assert series.frames[0].number == 9
    assert series.kind is SeriesKind.VOLUME


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from([None, 0.0, 1.0, 2.0, 7.5]), st.sampled_from([16, 32]),
                  st.sampled_from([SAGITTAL, AXIAL]), st.sampled_from([None, 10.0, 80.0]), st.sampled_from([1, 1, 4])),
        max_size=30,
    )
)  # fmt: skip
def test_every_picture_of_every_file_is_reached_exactly_once(rows: list[tuple[Any, ...]]) -> None:
    headers = [
        picture(k, place, rows=size, orientation=way if place is not None else None, echo=echo, frames=frames,
                series_uid=f"1.{uid}", series_number=uid)
        for k, (uid, place, size, way, echo, frames) in enumerate(rows)
    ]  # fmt: skip
    index = index_of(headers)
    reached = [(f.ref.sop_uid, f.number) for study in index.studies for one in study.series for f in one.frames]
    assert sorted(reached) == sorted((h.sop_uid, n) for h in headers for n in range(1, h.frames + 1))
    assert index.account.found == index.account.shown + len(index.account.skipped) == len(headers)


odd = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([0.0, 1.0, -1.0, 1e-300, 1e300]))


@given(st.lists(
    st.fixed_dictionaries({
        "position": st.none() | st.tuples(odd, odd, odd),
        "orientation": st.none() | st.sampled_from([SAGITTAL, AXIAL]) | st.tuples(odd, odd, odd, odd, odd, odd),
        "spacing": st.none() | st.tuples(odd, odd),
        "frames": st.sampled_from([1, 3]),
        "modality": st.sampled_from(["MR", "CT", "NM", "US", "XA", "", "??"]),
        "image_type": st.sampled_from([(), ("ORIGINAL", "PRIMARY", "RECON TOMO"), ("DERIVED", "", "MOSAIC", "P")]),
        "mosaic_tiles": st.sampled_from([None, 0, -3, 4, 10**12]),
        "mosaic_normal": st.none() | st.tuples(odd, odd, odd),
        "spacing_between_slices": st.none() | odd,
        "thickness_mm": st.none() | odd,
        "trigger_time": st.none() | st.integers(0, 3).map(float),
        "echo": st.none() | st.sampled_from([10.0, 20.0]),
        "kernel": st.sampled_from(["", "B70f", "\\", "½"]),
        "concatenation": st.sampled_from([None, ("1.7", 1, 2), ("1.7", 2, 10**9)]),
    }), max_size=12,
))  # fmt: skip
def test_hostile_facts_never_break_the_index_and_never_lose_a_picture(rows: list[dict[str, Any]]) -> None:
    headers = [picture(k, None, **facts) for k, facts in enumerate(rows)]
    index = index_of(headers)
    reached = {frame.ref.sop_uid for study in index.studies for one in study.series for frame in one.frames}
    assert reached == {header.sop_uid for header in headers}


def test_colour_pictures_in_space_are_a_stack_and_say_so() -> None:
    headers = [
        replace(header, pixels=PixelDescription(16, 12, samples=3, photometric="RGB")) for header in stack(range(9))
    ]
    assert only_series(headers).blocked[0][1].code == "planes_off_colour"


def test_steps_of_pictures_that_drift_past_one_another_make_no_grid() -> None:
    headers = [picture(k, 0.0, position=(-10.0 * k, 9.0 * k, 0.0)) for k in range(9)]
    assert only_series(headers).blocked[0][1].code == "planes_off_shifted"


def test_slices_that_change_sign_or_width_stay_one_body() -> None:
    plain, signed = PixelDescription(16, 12), PixelDescription(16, 12, is_signed=True)
    narrow = PixelDescription(16, 12, bits_allocated=8, bits_stored=8, high_bit=7)
    kinds = (plain, signed, narrow)
    series = only_series([picture(k, float(k), pixels=kinds[k % 3]) for k in range(12)])
    assert (series.kind, len(series.frames), series.problems) == (SeriesKind.VOLUME, 12, ())


def test_the_date_of_an_examination_is_plain_however_the_files_write_it() -> None:
    (study,) = index_of(
        [picture(1, study_date="0000"), picture(2, study_date="1997.04.24", series_uid="1.2.8")]
    ).studies
    assert study.date == "19970424"


@pytest.mark.parametrize("told", [{"thickness_mm": 10.0}, {"acquisition_number": 3}])
def test_pictures_that_watch_one_place_are_not_mixed_with_the_body_around_it(told: dict[str, Any]) -> None:
    """Bolus tracking in the very series of the scan: ten times the same slice, while the contrast agent comes."""
    body = stack(range(20), modality="CT", thickness_mm=1.0, acquisition_number=4)
    common: dict[str, Any] = {"modality": "CT", "thickness_mm": 1.0, "acquisition_number": 4}
    watch = [picture(100 + n, 7.0, acquisition_time=f"1010{n:02}", **(common | told)) for n in range(10)]
    found = series_of([*body, *watch])
    assert [[len(group.frames) for group in series.groups] for series in found] == [[20], [10]]
    assert [series.kind for series in found] == [SeriesKind.VOLUME, SeriesKind.STACK]
    assert [frame.facts.acquisition_time for frame in found[1].frames] == sorted(f"1010{n:02}" for n in range(10))


def test_projections_that_lie_between_the_slices_they_were_made_of_are_another_set() -> None:
    slices = stack(range(10), image_type=("ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI"))
    made = stack([place + 0.5 for place in range(10)], 50, image_type=("ORIGINAL", "PRIMARY", "AXIAL", "MIP"))
    assert sorted(len(series.frames) for series in series_of([*slices, *made])) == [10, 10]


@pytest.mark.parametrize("finished", [True, False])
def test_raw_x_rays_are_told_as_raw_and_stand_behind_the_finished_ones(finished: bool) -> None:
    """Machines hand out what they measured beside what is made to be looked at (PS3.3 C.8.11.1)."""

    def breast(number: int, below: str) -> Header:
        sop_class = "1.2.840.10008.5.1.4.1.1.1." + below
        return picture(number, sop_class=sop_class, modality="MG", laterality="L", series_uid=f"1.{number}")

    (study,) = index_of([breast(1, "2.1"), *([breast(2, "2")] if finished else [])]).studies
    assert [(one.name, one.helper, [note.code for note in one.problems]) for one in study.series] == [
        *([("Mammogram, left", False, [])] if finished else []),
        ("Mammogram, raw, left", finished, ["for_processing"]),
    ]


@pytest.mark.parametrize(
    ("modality", "code"),
    [
        ("DX", "planes_off_projection"),
        ("US", "planes_off_by_hand"),
        ("XC", "planes_off_surface"),
        ("ES", "planes_off_surface"),
        ("OP", "planes_off_surface"),
    ],
)
def test_a_picture_without_a_place_is_told_what_it_is(modality: str, code: str) -> None:
    series = only_series([picture(1, modality=modality)])
    assert {why.code for _, why in series.blocked} == {code}


def test_directions_that_contradict_one_another_are_the_reason_and_not_a_place_that_is_not_told() -> None:
    skew = (1.0, 0.03, 0.0, 0.0, 1.0, 0.0)
    headers = [picture(k + 1, orientation=skew, position=(0.0, 0.0, 3.0 * k), spacing=(1.0, 1.0)) for k in range(9)]
    assert {why.code for _, why in only_series(headers).blocked} == {"planes_off_directions"}
