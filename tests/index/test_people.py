"""How a person's name is shown."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from tests.index.made import index_of, stack
from viewer.dicom.header import Person
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
