"""The same places again: one series with a selector, every picture in it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.index.made import AXIAL, index_of, only_series, picture, series_of, stack
from viewer.dicom.header import FrameFacts, Header, RealWorldValue
from viewer.index.model import Frame, SeriesKind


@given(st.randoms(use_true_random=False))
def test_two_echoes_of_the_same_places_are_one_series_with_two_groups(shuffle: random.Random) -> None:
    headers = [picture(2 * k + e, float(k), echo=30.0 + 50 * e) for k in range(16) for e in (0, 1)]
    shuffle.shuffle(headers)
    series = only_series(headers)
    assert [(group.label, len(group.frames)) for group in series.groups] == [
        ("Echo 1 (30 ms)", 16),
        ("Echo 2 (80 ms)", 16),
    ]
    for group in series.groups:
        numbers = [frame.header.instance_number or 0 for frame in group.frames]
        assert numbers == sorted(numbers)


def test_times_are_told_by_the_acquisition_where_nothing_better_is_there() -> None:
    series = only_series([picture(10 * t + k, float(k), acquisition_number=t) for t in range(5) for k in range(10)])
    assert [group.label for group in series.groups] == [f"Pass {n} of 5" for n in range(1, 6)]


def test_times_are_told_by_the_order_of_recording_where_nothing_at_all_is_there() -> None:
    series = only_series([picture(10 * t + k, float(k)) for t in range(3) for k in range(10)])
    assert [len(group.frames) for group in series.groups] == [10, 10, 10]
    assert [group.frames[0].header.instance_number for group in series.groups] == [0, 10, 20]


def test_values_of_two_units_at_the_same_places_are_never_one_volume() -> None:
    """An object may hold a CT in HU and what was worked out of it in mg/ml, in any order (PS3.3 C.7.6.16.2.9)."""
    headers = [
        picture(2 * k + turn, float(k), rescale_type=unit, has_rescale=True)
        for k in range(9)
        for turn, unit in enumerate(("HU", "MGML") if k % 2 else ("MGML", "HU"))
    ]
    for lost in (0, 1):
        series = only_series(headers[lost:])
        assert [group.label for group in series.groups] == ["Values 1 of 2", "Values 2 of 2"]
        assert all(len({frame.facts.rescale_type for frame in group.frames}) == 1 for group in series.groups)


def test_maps_of_two_meanings_in_one_object_are_never_one_volume_and_have_their_makers_names() -> None:
    """A parametric map may hold several, in any order; their scale of the display is one (PS3.3 C.7.6.16.2.11)."""
    maps = [RealWorldValue(0, 10, unit="mm2/s", label="ADC"), RealWorldValue(0, 1, unit="1", label="FA")]
    headers = [
        picture(2 * k + turn, float(k), real_world=(one,))
        for k in range(9)
        for turn, one in enumerate(maps if k % 2 else maps[::-1])
    ]
    for lost in (0, 1):
        series = only_series(headers[lost:])
        assert [group.label for group in series.groups] == ["ADC", "FA"]
        assert all(len({frame.facts.real_world for frame in group.frames}) == 1 for group in series.groups)


def test_b_values_come_in_rising_order_and_a_lost_picture_does_not_hide_its_group() -> None:
    headers = [picture(100 * i + k, float(k), b_value=b) for i, b in enumerate((1000.0, 0.0, 500.0)) for k in range(9)]
    series = only_series(headers[:-1])
    assert [(group.label, len(group.frames)) for group in series.groups] == [("b 0", 9), ("b 500", 8), ("b 1000", 9)]


@pytest.mark.parametrize("lost", range(4))
def test_b_values_that_are_a_little_off_in_each_picture_are_the_one_asked_for(lost: int) -> None:
    """However the pictures are numbered: else a volume would be made of several weights."""
    odds = random.Random(lost)
    asked = {0.0: 0, 50.0: 7, 1000.0: 30}
    headers = [
        picture(n, float(k), b_value=b + odds.randint(-off, off), body_part=f"{b:g}")
        for n, (k, (b, off)) in enumerate(odds.sample([*product(range(12), asked.items())], 36 - lost))
    ]
    series = only_series(headers)
    for group, b in zip(series.groups, asked, strict=True):
        assert group.label == f"b {b:g}"
        assert {frame.header.body_part for frame in group.frames} == {f"{b:g}"}


def test_echoes_copied_in_part_stay_with_their_echo_though_few_volumes_are_whole() -> None:
    kept = {20.0: (0, 1, 2, 3, 4, 5, 6, 7), 40.0: (0, 2, 3, 5, 6), 60.0: (1, 2, 4, 7), 80.0: (0, 1, 5, 6, 7)}
    headers = [picture(round(echo) * 10 + k, float(k), echo=echo) for echo, places in kept.items() for k in places]
    series = only_series(headers)
    assert [(group.label, len(group.frames)) for group in series.groups] == [
        (f"Echo {n} ({echo:g} ms)", len(places)) for n, (echo, places) in enumerate(kept.items(), 1)
    ]
    assert [one.code for one in series.problems] == ["groups_differ"]


def test_times_copied_in_part_stay_with_their_time_though_few_volumes_are_whole() -> None:
    kept = {1: (0, 1, 2, 3, 7), 2: (0, 2, 5, 6, 7), 3: (1, 2, 4, 7), 4: (0, 1, 5, 6, 7), 5: (3, 4, 5, 6)}
    headers = [picture(10 * time + k, float(k), temporal=time) for time, places in kept.items() for k in places]
    assert [(group.label, len(group.frames)) for group in only_series(headers).groups] == [
        (f"Time {time} of 5", len(places)) for time, places in kept.items()
    ]


def test_a_trigger_time_of_its_own_on_every_picture_does_not_scatter_the_volume() -> None:
    headers = [
        picture(10 * t + k, float(k), trigger_time=100.0 * t + k, temporal=t + 1) for t in range(4) for k in range(8)
    ]
    assert [group.label for group in only_series(headers).groups] == [f"Time {n} of 4" for n in range(1, 5)]


def test_two_attributes_at_once_make_series_by_one_and_groups_by_the_other() -> None:
    headers = [
        picture(100 * t + 20 * e + k, float(k), echo=10.0 * (e + 1), temporal=t + 1)
        for t in range(3) for e in (0, 1) for k in range(8)
    ]  # fmt: skip
    found = series_of(headers)
    assert [[len(group.frames) for group in series.groups] for series in found] == [[8, 8, 8], [8, 8, 8]]
    assert [{frame.facts.echo for frame in series.frames} for series in found] == [{10.0}, {20.0}]


def test_one_picture_twice_at_a_place_is_kept_beside_a_volume_that_is_not_shifted() -> None:
    series = only_series([*stack(range(20)), picture(99, 9.0)])
    assert [(group.label, len(group.frames)) for group in series.groups] == [
        ("Every place once", 20),
        ("Again at the same places", 1),
    ]
    assert series.kind is SeriesKind.VOLUME
    assert series.spacing_mm is not None
    assert round(series.spacing_mm[0], 6) == 1.0
    assert series.groups[1].frames[0].header.instance_number == 99
    assert [note.code for note in series.problems] == ["groups_unequal"]


def test_many_pictures_of_one_place_are_a_stack_in_time() -> None:
    def moment(number: int, time: float) -> Header:
        return picture(number, 4.0, trigger_time=time)

    series = only_series([moment(1, 300.0), moment(2, 100.0), moment(3, 200.0)])
    assert [frame.header.instance_number for frame in series.frames] == [2, 3, 1]
    assert "same place" in series.blocked[0][1].text
    assert series.kind is SeriesKind.STACK


def test_directions_of_one_b_value_are_groups_of_that_value() -> None:
    headers = [
        picture(100 * turn + k, float(k), b_value=b) for turn, b in enumerate((0.0, 1000.0, 1000.0)) for k in range(8)
    ]
    assert [(group.label, len(group.frames)) for group in only_series(headers).groups] == [
        ("b 0", 8),
        ("b 1000, 1 of 2", 8),
        ("b 1000, 2 of 2", 8),
    ]


@pytest.mark.parametrize("shift", [0.02, 0.1, 0.25])
@pytest.mark.parametrize("told", [True, False])
def test_volumes_taken_a_little_off_one_another_are_times_and_not_one_body(shift: float, told: bool) -> None:
    headers = [
        picture(100 * t + k, 3.0 * k + shift * t, temporal=t + 1 if told else None) for t in range(3) for k in range(9)
    ]
    series = only_series(headers)
    assert series.kind is SeriesKind.VOLUME
    assert [len(group.frames) for group in series.groups] == [9, 9, 9]
    assert [group.frames[0].header.instance_number for group in series.groups] == [0, 100, 200]
    assert not series.problems


@pytest.mark.parametrize(
    "places",
    [[0, 1, 2, 3, 4, 5, 6, 17, 18, 19, 20, 21, 22, 23], [0, 1, 2, 3, 4, 4.1, 5, 6, 7, 8], [0, 2, 4, 6, 9, 12, 15, 20]],
    ids=["gap", "one twice nearly", "uneven"],
)
def test_uneven_places_stay_one_body(places: list[float]) -> None:
    found = [group for series in series_of(stack(places)) for group in series.groups]
    assert sorted(len(group.frames) for group in found) in ([len(places)], [len(places) / 2] * 2)
    assert len(found) == len(series_of(stack(places)))


TOLD: dict[str, Callable[[int, int], dict[str, Any]]] = {
    "time": lambda place, time: {"reference_ms": 2500.0 * time},
    "dimensions": lambda place, time: {"dimension_index": (1, place + 1, time + 1)},
    "numbers": lambda place, time: {"dimension_index": (3 * place + time + 1, time + 1)},
}


@pytest.mark.parametrize("lost", [0, 4])
@pytest.mark.parametrize("told", TOLD)
def test_frames_of_one_object_are_sorted_by_what_it_tells_of_their_time(told: str, lost: int) -> None:
    frames = [
        (time, FrameFacts((0.0, 0.0, float(place)), AXIAL, (1.0, 1.0), **TOLD[told](place, time)))
        for place in range(8) for time in range(3)
    ]  # fmt: skip
    random.Random(2).shuffle(frames)
    times, facts = zip(*frames[lost:])
    series = only_series([picture(1, frames=len(facts), per_frame=facts)])
    assert [{times[frame.number - 1] for frame in group.frames} for group in series.groups] == [{0}, {1}, {2}]


def test_counting_along_the_places_does_not_scatter_a_volume() -> None:
    facts = tuple(
        FrameFacts((0.0, 0.0, float(n % 8)), AXIAL, (1.0, 1.0), dimension_index=(n % 8 + 1, n + 1)) for n in range(16)
    )
    series = only_series([picture(1, frames=16, per_frame=facts)])
    assert [[frame.number for frame in group.frames] for group in series.groups] == [[*range(1, 9)], [*range(9, 17)]]


VALUES: dict[str, Callable[[Frame], object]] = {
    "echo": lambda frame: frame.facts.echo,
    "temporal": lambda frame: frame.facts.temporal,
    "b_value": lambda frame: frame.facts.b_value,
    "acquisition_number": lambda frame: frame.header.acquisition_number,
    "inversion_time": lambda frame: frame.header.inversion_time,
    "flip_angle": lambda frame: frame.header.flip_angle,
    "acquisition_time": lambda frame: frame.facts.acquisition_time,
    "series_description": lambda frame: frame.header.series_description,
}


def several(lost: int, varying: dict[str, list[Any]]) -> list[Header]:
    """Eight places for each combination of the values, as recorded; `lost` of the pictures are not there."""
    names = list(varying)
    made = []
    for values in product(*varying.values()):
        told = dict(zip(names, values, strict=True))
        made += [(k, told) for k in range(8)]
    headers = [picture(n, float(k), **told) for n, (k, told) in enumerate(made, 1)]
    random.Random(lost).shuffle(headers)
    return headers[lost:]


@pytest.mark.parametrize("lost", [1, 4])
def test_directions_of_diffusion_never_mix_their_weights_though_pictures_are_lost(lost: int) -> None:
    weights = [0.0, 1000.0, 1000.0, 1000.0, 500.0]
    headers = [picture(20 * n + k, float(k), b_value=b) for n, b in enumerate(weights) for k in range(9)]
    random.Random(lost).shuffle(headers)
    series = only_series(headers[lost:])
    assert sum(len(group.frames) for group in series.groups) == 45 - lost
    assert all(len({frame.facts.b_value for frame in group.frames}) == 1 for group in series.groups)
    assert len(series.groups) == len(weights)


@pytest.mark.parametrize("lost", [0, 1, 3])
@pytest.mark.parametrize(
    "varying",
    [
        {"echo": [10.0, 80.0], "temporal": [1, 2, 3]},
        {"b_value": [0.0, 1000.0], "acquisition_number": [1, 2]},
        {"inversion_time": [100.0, 900.0], "flip_angle": [5.0, 15.0]},
        {"temporal": [1, 2], "acquisition_time": ["100000", "100100"]},
        {"series_description": ["before", "after"]},
        {"series_description": ["before", "after"], "echo": [10.0, 80.0]},
    ],
)
def test_a_lost_picture_does_not_mix_what_two_attributes_tell_apart(lost: int, varying: dict[str, list[Any]]) -> None:
    found = [group for series in series_of(several(lost, varying)) for group in series.groups]
    assert len(found) == math.prod(map(len, varying.values()))
    for group in found:
        told = [{value(frame) for frame in group.frames} for value in map(VALUES.__getitem__, varying)]
        assert all(len(one) == 1 for one in told)
    assert sum(len(group.frames) for group in found) == 8 * len(found) - lost


LOST = {(0, 2), (1, 3), (2, 5)}  # one picture of each of three volumes


@pytest.mark.parametrize("way", ["volume after volume", "from the top", "place after place"])
@pytest.mark.parametrize("weight", [None, 1000.0])
def test_volumes_told_apart_by_nothing_but_their_order_are_not_mixed_where_pictures_are_lost(
    way: str, weight: float | None
) -> None:
    def number(t: int, k: int) -> int:
        return 4 * k + t + 1 if way == "place after place" else 10 * t + (9 - k if way == "from the top" else k) + 1

    headers = [
        picture(number(t, k), 3.0 * k, b_value=weight, body_part=str(t))
        for t in range(4) for k in range(10) if (t, k) not in LOST
    ]  # fmt: skip
    before = stack([3.0 * k for k in range(10)], 100, b_value=0.0, body_part="b 0") if weight else []
    groups = [group.frames for series in series_of([*headers, *before]) for group in series.groups]
    assert sorted(len(frames) for frames in groups) == sorted([9, 9, 9, 10] + [10] * bool(weight))
    assert all(len({frame.header.body_part for frame in frames}) == 1 for frames in groups)


def test_pictures_without_weight_of_a_scanner_that_tells_only_that_of_others_are_b_0() -> None:
    """Toshiba writes (0018,9087) only where a gradient was on."""
    maker: dict[str, Any] = {"manufacturer": "TOSHIBA_MEC"}
    series = only_series([*stack(range(8), **maker), *stack(range(8), 50, b_value=1500.0, **maker)])
    assert [group.label for group in series.groups] == ["b 0", "b 1500"]
    assert series.problems == ()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([{"phase_percent": 10.0 * t} for t in range(4)], [f"{10 * t} % of the heartbeat" for t in range(4)]),
        (
            [{"sequence_name": f"*fl3d1_v150{way}"} for way in ("ap", "fh", "in", "rl")],
            [f"Scan {n} of 4" for n in range(1, 5)],
        ),
    ],
)
def test_volumes_are_told_apart_by_the_phase_or_the_name_of_the_sequence_whatever_is_lost_or_renumbered(
    facts: list[dict[str, Any]], words: list[str]
) -> None:
    headers = [
        picture(number, 3.0 * k, body_part=str(t), **facts[t])
        for number, (k, t) in enumerate(((k, t) for k in range(10) for t in range(4) if (t, k) not in LOST), 1)
    ]
    series = only_series(headers)
    assert [group.label for group in series.groups] == words
    assert all(len({frame.header.body_part for frame in group.frames}) == 1 for group in series.groups)


def test_weights_that_the_scanner_also_counts_as_times_are_told_as_weights() -> None:
    """A radiologist asks for b 1000, not for the third time."""
    headers = [
        picture(20 * t + k, float(k), b_value=weight, temporal=t + 1)
        for t, weight in enumerate((0.0, 500.0, 1000.0)) for k in range(8)
    ]  # fmt: skip
    assert [group.label for group in only_series(headers).groups] == ["b 0", "b 500", "b 1000"]


def test_directions_of_several_weights_taken_twice_are_one_set_by_weight() -> None:
    runs = [
        (weight, turn)
        for _ in range(2)
        for weight, turns in ((0.0, 1), (500.0, 3), (1000.0, 3))
        for turn in range(turns)
    ]
    headers = [
        picture(20 * n + k, float(k), b_value=weight, direction=(float(turn), 1.0, 0.0) if weight else None)
        for n, (weight, turn) in enumerate(runs) for k in range(8)
    ]  # fmt: skip
    groups = only_series(headers).groups
    assert [group.label for group in groups] == [
        *(f"b 0, {n} of 2" for n in (1, 2)),
        *(f"b {weight}, {n} of 6" for weight in (500, 1000) for n in range(1, 7)),
    ]
    assert all(len({(f.facts.b_value, f.facts.direction) for f in group.frames}) == 1 for group in groups)


def test_sets_of_one_echo_each_say_of_which() -> None:
    headers = [
        picture(100 * t + 10 * e + k, float(k), echo=10.0 + 20 * e, temporal=t + 1)
        for t in range(3) for e in range(2) for k in range(8)
    ]  # fmt: skip
    found = {
        one.name: [group.label for group in one.groups] for study in index_of(headers).studies for one in study.series
    }
    assert found == {
        f"From the side, MRI, echo {n} ({ms} ms)": [f"Echo {n} ({ms} ms), Time {t} of 3" for t in (1, 2, 3)]
        for n, ms in ((1, 10), (2, 30))
    }


def test_sets_of_one_description_each_have_it_in_their_names_as_it_is_written() -> None:
    headers = [
        picture(100 * t + 10 * d + k, float(k), series_description=said, temporal=t + 1)
        for t in range(3) for d, said in enumerate(("AX A", "Axis B")) for k in range(8)
    ]  # fmt: skip
    found = sorted(one.name for one in series_of(headers))
    assert found == ["From the side, MRI, AX A", "From the side, MRI, axis B"]
