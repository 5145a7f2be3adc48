"""Sets put together and taken apart by hand: no picture is lost or doubled, and everything else is worked out anew."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.index.made import AXIAL, index_of, picture, stack
from viewer.geometry.plane import Plane
from viewer.index.by_hand import Deed, How, SetMeant, arranged, put_back
from viewer.index.model import DiscIndex, FrameRef, Series, SeriesKind

OTHER = {"series_uid": "1.2.10", "series_number": 3}


def everything(index: DiscIndex) -> list[Series]:
    return [series for study in index.studies for series in study.series]


def pictures(index: DiscIndex) -> Counter[FrameRef]:
    return Counter(frame.ref for series in everything(index) for frame in series.frames)


def together(index: DiscIndex, *ids: str) -> Deed:
    return Deed(How.TOGETHER, tuple(meant(index, name) for name in ids))


def apart(index: DiscIndex, how: How, name: str, at: int = 0) -> Deed:
    return Deed(how, (meant(index, name),), at)


def meant(index: DiscIndex, name: str) -> SetMeant:
    series = index.series(name)
    assert series is not None
    return SetMeant.of(series)


def one(index: DiscIndex, name: str) -> Series:
    series = index.series(name)
    assert series is not None, [each.id for each in everything(index)]
    return series


def problems(series: Series) -> set[str]:
    return {found.code for found in series.problems} | {found.code for _, found in series.blocked}


def two_blocks(gap: float = 3.0) -> DiscIndex:
    """One body in two series: ten pictures, then ten more behind them."""
    second = 27.0 + gap
    first = stack((3.0 * n for n in range(10)), orientation=AXIAL)
    return index_of([*first, *stack((second + 3.0 * n for n in range(10)), 100, orientation=AXIAL, **OTHER)])


def test_two_halves_of_one_body_become_one_volume_in_order() -> None:
    read = two_blocks()
    index = arranged(read, [together(read, "s2", "s1")])
    whole = one(index, "s1+s2")
    assert [series.id for series in everything(index)] == ["s1+s2"]
    assert whole.kind is SeriesKind.VOLUME
    assert len(whole.groups) == 1
    assert whole.spacing_mm == (3.0, 1.0, 1.0)
    assert [frame.header.instance_number for frame in whole.frames] == [*range(1, 11), *range(100, 110)]
    assert whole.made_of == ("s1", "s2")
    assert whole.name.endswith("put together")


def test_a_hole_between_the_halves_is_said() -> None:
    read = two_blocks(gap=9.0)
    assert "pictures_missing" in problems(one(arranged(read, [together(read, "s1", "s2")]), "s1+s2"))


def test_two_scans_of_the_same_places_become_one_set_with_two_values() -> None:
    places = [2.0 * n for n in range(8)]
    later = stack(places, 100, orientation=AXIAL, echo=80.0, **OTHER)
    read = index_of([*stack(places, orientation=AXIAL, echo=20.0), *later])
    names = [series.name for series in sorted(everything(read), key=lambda series: series.id)]
    whole = one(arranged(read, [together(read, "s1", "s2")]), "s1+s2")
    assert [len(group.frames) for group in whole.groups] == [8, 8]
    assert [group.label for group in whole.groups] == names
    assert whole.kind is SeriesKind.VOLUME


def test_scans_moved_by_a_hair_are_not_woven_into_one_another() -> None:
    places = [2.0 * n for n in range(8)]
    moved = stack([place + 0.3 for place in places], 100, orientation=AXIAL, **OTHER)
    read = index_of([*stack(places, orientation=AXIAL), *moved])
    whole = one(arranged(read, [together(read, "s1", "s2")]), "s1+s2")
    assert [len(group.frames) for group in whole.groups] == [8, 8]


def test_pictures_of_different_sizes_become_a_stack_that_says_why_it_has_no_planes() -> None:
    large = stack((3.0 * n + 30 for n in range(10)), 100, orientation=AXIAL, rows=32, columns=32, **OTHER)
    read = index_of([*stack((3.0 * n for n in range(10)), orientation=AXIAL), *large])
    index = arranged(read, [together(read, "s1", "s2")])
    whole = one(index, "s1+s2")
    assert whole.kind is SeriesKind.STACK
    assert whole.planes == (Plane.NATIVE,)
    assert "planes_off_unlike" in problems(whole)
    assert len(whole.frames) == 20
    alone = arranged(index, [apart(index, How.SINGLE, "s1+s2")])
    assert [series.id for series in everything(alone)][:2] == ["(s1+s2)-1", "(s1+s2)-2"]
    assert len(everything(alone)) == 20
    assert all(series.kind is SeriesKind.SINGLE for series in everything(alone))


def test_a_set_is_taken_apart_before_a_picture() -> None:
    read = index_of(stack((3.0 * n for n in range(20)), orientation=AXIAL))
    index = arranged(read, [apart(read, How.BEFORE, "s1", 8)])
    first, second = one(index, "s1-1"), one(index, "s1-2")
    assert [len(first.frames), len(second.frames)] == [8, 12]
    assert first.kind is second.kind is SeriesKind.VOLUME
    assert [first.name, second.name] == [f"{one(read, 's1').name}, part {n}" for n in (1, 2)]
    assert not first.helper


def test_a_short_part_loses_its_directions_and_says_why() -> None:
    read = index_of(stack((3.0 * n for n in range(20)), orientation=AXIAL))
    short = one(arranged(read, [apart(read, How.BEFORE, "s1", 3)]), "s1-1")
    assert short.kind is SeriesKind.STACK
    assert "planes_off_few" in problems(short)


def test_a_set_in_time_is_taken_apart_by_its_times_and_at_a_place() -> None:
    read = index_of([p for t in (1, 2, 3) for p in stack(range(9), 20 * t, orientation=AXIAL, temporal=t)])
    times = arranged(read, [apart(read, How.GROUPS, "s1")])
    assert [(s.id, len(s.frames), len(s.groups)) for s in everything(times)] == [(f"s1-{n}", 9, 1) for n in (1, 2, 3)]
    assert one(times, "s1-2").name.endswith("Time 2 of 3")
    places = arranged(read, [apart(read, How.BEFORE, "s1", 4)])
    assert [[len(group.frames) for group in s.groups] for s in everything(places)] == [[5, 5, 5], [4, 4, 4]]


def test_put_back_as_read_undoes_all_that_a_set_was_made_by_and_nothing_else() -> None:
    third = stack(range(50, 60), 200, orientation=AXIAL, series_uid="1.2.11", series_number=4)
    both = [*stack(range(10), orientation=AXIAL), *stack(range(10, 20), 100, orientation=AXIAL, **OTHER)]
    read = index_of([*both, *third])
    deeds = [apart(read, How.BEFORE, "s1", 5), apart(read, How.BEFORE, "s3", 4)]
    deeds.append(together(arranged(read, deeds), "s1-1", "s2"))
    left = put_back(read, deeds, "s1-2")
    assert left == (deeds[1],)
    assert {series.id for series in everything(arranged(read, left))} == {"s1", "s2", "s3-1", "s3-2"}
    assert put_back(read, deeds, "s3-1") == (deeds[0], deeds[2])
    assert put_back(read, deeds, "nothing") == tuple(deeds)


def test_what_no_longer_fits_the_pictures_is_left_out_and_said() -> None:
    read = two_blocks()
    deed = together(read, "s1", "s2")
    fewer = index_of(stack((3.0 * n for n in range(9)), orientation=AXIAL))
    index = arranged(fewer, [deed])
    assert index.studies == fewer.studies
    assert [found.code for found in index.problems] == ["sets_not_found"]


def test_sets_of_two_examinations_stay_apart() -> None:
    read = index_of([*stack(range(8)), *stack(range(8), 100, **{**OTHER, "study_uid": "1.3"})])
    index = arranged(read, [together(read, "s1", "s2")])
    assert index.studies == read.studies


def test_a_set_is_found_again_under_another_id() -> None:
    read = two_blocks()
    deed = together(read, "s1", "s2")
    before = stack(range(8), 300, orientation=AXIAL, series_uid="1.2.8", series_number=1)
    held = [frame.header for series in everything(read) for frame in series.frames]
    index = arranged(index_of([*before, *held]), [deed])
    assert {series.id for series in everything(index)} == {"s1", "s2+s3"}


def mixed_disc() -> DiscIndex:
    """Volumes, times, X-rays of several sizes, a report-like odd one."""
    headers = [*stack(range(9), orientation=AXIAL), *stack(range(9, 18), 20, orientation=AXIAL, **OTHER)]
    for time in (1, 2):
        headers += stack(range(7), 40 + 10 * time, temporal=time, series_uid="1.2.11", series_number=4)
    for number in range(3):
        rays: dict[str, Any] = {"series_uid": "1.2.12", "series_number": 5, "rows": 20 + number, "modality": "CR"}
        headers.append(picture(80 + number, **rays))
    return index_of(headers)


MIXED = mixed_disc()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(How), st.randoms(use_true_random=False)), max_size=6))
def test_whatever_is_done_by_hand_every_picture_stays_once(chosen: list[tuple[How, object]]) -> None:
    deeds: list[Deed] = []
    index = MIXED
    for how, chance in chosen:
        series = everything(index)
        picked = chance.sample(series, min(len(series), 2 if how is How.TOGETHER else 1))  # type: ignore[attr-defined]
        at = chance.randint(0, 8)  # type: ignore[attr-defined]
        deeds.append(Deed(how, tuple(SetMeant.of(each) for each in picked), at))
        index = arranged(MIXED, deeds)
        assert pictures(index) == pictures(MIXED)
        assert index.picture_count == MIXED.picture_count
        names = [each.id for each in everything(index)]
        assert len(set(names)) == len(names)
        assert all(each.groups and all(group.frames for group in each.groups) for each in everything(index))
        assert index == arranged(MIXED, deeds)
    for each in everything(index):
        left = put_back(MIXED, deeds, each.id)
        again = arranged(MIXED, left)
        assert all(one(again, name) == one(MIXED, name) for name in each.made_of)
        assert pictures(again) == pictures(MIXED)


@pytest.mark.parametrize("at", [-1, 0, 9, 100])
def test_a_part_is_never_empty(at: int) -> None:
    assert arranged(MIXED, [apart(MIXED, How.BEFORE, "s1", at)]).studies == MIXED.studies
