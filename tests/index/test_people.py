"""How a person's name is shown."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.index.made import index_of, picture, stack
from viewer.dicom.header import Person, PixelPlace
from viewer.index.people import groups_of_people, shown_name


def test_a_name_whose_letters_were_guessed_says_so() -> None:
    assert shown_name(Person("Иванов, Иван", name_guessed=True)) == "Иванов, Иван (letters guessed)"
    assert shown_name(Person("Beispiel, Anna")) == "Beispiel, Anna"


def test_no_name_is_none_and_never_two_lines() -> None:
    assert shown_name(Person("", name_guessed=True)) == ""
    assert "\n" not in shown_name(Person("Beispiel,\nAnna"))


RECORDS = st.builds(
    Person, st.sampled_from(["", "Muster, Max", "Muster, Maxim", "Beispiel, Anna"]), st.sampled_from(["", "1", "2"])
)


@given(st.lists(RECORDS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_whoever_is_named_under_one_number_no_picture_is_lost_or_shown_twice(
    people: list[Person], shuffle: random.Random
) -> None:
    headers = [
        header
        for number, person in enumerate(people)
        for header in stack(range(2), first=10 * number + 1, series_uid=f"1.2.9.{number}", person=person)
    ]
    shuffle.shuffle(headers)
    index = index_of(headers)
    shown = [frame.header.path for series in index.every_series for frame in series.frames]
    assert sorted(shown) == sorted(header.path for header in headers)
    ids = [series.id for series in index.every_series]
    assert len(ids) == len(set(ids))


@given(st.lists(RECORDS, min_size=1, max_size=5))
def test_who_is_the_same_person_does_not_hang_on_the_order_of_reading(people: list[Person]) -> None:
    def told(order: tuple[Person, ...]) -> set[frozenset[Person]]:
        return {frozenset(group) for group in groups_of_people(order)}

    assert len({frozenset(told(order)) for order in itertools.permutations(people)}) == 1


def test_a_number_corrected_and_a_name_corrected_are_one_person() -> None:
    first, second, third = Person("Muster, Max", "1"), Person("Muster, Maxim", "1"), Person("Muster, Maxim", "2")
    assert len(groups_of_people([first, third, second])) == 1


def test_a_record_that_names_nobody_is_of_neither_of_two_people() -> None:
    anna, max_ = Person("Beispiel, Anna", "1"), Person("Muster, Max", "2")
    assert groups_of_people([anna, Person()]) == [[anna, Person()]]
    assert groups_of_people([Person(), anna, max_]) == [[anna], [max_], [Person()]]


@pytest.mark.parametrize("folders", [("", ""), ("A/", "B/")])
def test_two_people_without_an_identifier_in_one_series_are_never_one_body(folders: tuple[str, str]) -> None:
    people = Person("Muster, Max", ""), Person("Beispiel, Anna", "")
    headers = [
        replace(header, path=f"{folder}{turn}{header.path}", person=person)
        for turn, (folder, person) in enumerate(zip(folders, people, strict=True))
        for header in stack(range(8), 1 + 100 * turn)
    ]
    index = index_of(headers)
    told = [(study.person.name, [len(one.frames) for one in study.series]) for study in index.studies]
    assert told == [("Beispiel, Anna", [8]), ("Muster, Max", [8])]
    assert "several_people" in [note.code for note in index.problems]


def test_one_person_without_an_identifier_whose_name_is_written_in_two_ways_stays_one() -> None:
    names = "Muster, Max", "MUSTER,MAX "
    headers = [picture(k + 1, float(k), person=Person(names[k % 2], "")) for k in range(8)]
    ((series,),) = (study.series for study in index_of(headers).studies)
    assert len(series.frames) == 8


@pytest.mark.parametrize(
    "left_out", [Person("", ""), Person("Muster, Max", "")], ids=["name and identifier", "identifier"]
)
@pytest.mark.parametrize("identifier", ["", "B2"])
@pytest.mark.parametrize("place", [2.0, None], ids=["slices", "X-rays"])
def test_a_series_that_tells_in_some_of_its_files_only_whose_it_is_stays_one(
    left_out: Person, identifier: str, place: float | None
) -> None:
    people = Person("Muster, Max", identifier), left_out
    headers = [picture(k + 1, place and place * k, person=people[k % 2]) for k in range(8)]
    ((series,),) = (study.series for study in index_of(headers).studies)
    assert len(series.frames) == 8


@pytest.mark.parametrize("folders", [("", ""), ("A/", "B/")])
def test_two_visits_under_the_same_numbers_are_two_examinations_with_their_days(folders: tuple[str, str]) -> None:
    headers = [
        replace(header, path=f"{folder}{day}{header.path}", study_date=day, place=PixelPlace(700, 384))
        for folder, day in zip(folders, ("20240312", "20250310"), strict=True)
        for header in stack(range(8))
    ]
    report = picture(99, None, study_date="20250310", series_uid="1.5", series_number=9)
    index = index_of([*headers, report], same_bytes=lambda one, other: False)
    assert [(study.date, [len(one.frames) for one in study.series]) for study in index.studies] == [
        ("20240312", [8]),
        ("20250310", [8, 1]),
    ]


def test_a_series_over_midnight_or_with_days_left_out_stays_one() -> None:
    for days in (("20240312", "20240313"), ("20240312", "")):
        headers = [picture(k + 1, float(k), study_date=days[k // 4]) for k in range(8)]
        ((series,),) = (study.series for study in index_of(headers).studies)
        assert len(series.frames) == 8
