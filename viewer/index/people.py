"""Whose pictures they are: an exam stays whole under two spellings of a name, two people are never mixed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from viewer.dicom.header import Person
from viewer.text.plain import one_line
from viewer.text.translate import tr

_NOT_LETTERS = re.compile(r"[\W_]+")


def shown_name(person: Person) -> str:
    """The name as it is shown, one line; "" where the files have none."""
    name = one_line(person.name)
    return tr("{name} (letters guessed)", name=name) if name and person.name_guessed else name


def _name(person: Person) -> str:
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKD", person.name).casefold())


def same_person(one: Person, other: Person) -> bool:
    """True unless number and name both say otherwise; what is not recorded says nothing."""
    if one.identifier and one.identifier == other.identifier:
        return True
    names = _name(one), _name(other)
    if names[0] and names[0] == names[1]:
        births = one.birth_date, other.birth_date
        return births[0] == births[1] or not all(births)
    known = bool(one.identifier or names[0]), bool(other.identifier or names[1])
    return not all(known)


def groups_of_people(people: Iterable[Person]) -> list[list[Person]]:
    """Different records of the same people put together, in order of first appearance."""
    found: list[list[Person]] = []
    for person in dict.fromkeys(people):
        fitting = next((group for group in found if any(same_person(person, one) for one in group)), None)
        if fitting is None:
            found.append([person])
        else:
            fitting.append(person)
    return found


def fullest(records: Iterable[Person]) -> Person:
    """The record that tells most."""
    return max(records, key=lambda one: (bool(one.name), bool(one.identifier), bool(one.birth_date), bool(one.sex)))
