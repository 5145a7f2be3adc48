"""Whose pictures they are: an exam stays whole under two spellings of a name, two people are never mixed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from viewer.dicom.header import Person
from viewer.text.plain import one_line
from viewer.text.translate import tr

_NOT_LETTERS = re.compile(r"[\W_]+")


def shown_name(person: Person) -> str:
    """The name as it is shown, one line; "" where the files have none."""
    name = one_line(person.name)
    return tr("{name} (letters guessed)", name=name) if name and person.name_guessed else name


def _name(person: Person) -> str:
    return _letters(person.name)


@lru_cache(maxsize=4096)
def _letters(name: str) -> str:
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKD", name).casefold())


def person_key(person: Person) -> str:
    """What the files of one person share: the identifier, the letters of the name where there is none."""
    return person.identifier or _name(person)


def same_person(one: Person, other: Person) -> bool:
    """True unless number and name both say otherwise; what is not recorded says nothing."""
    if one.identifier and one.identifier == other.identifier:
        return True
    names = _name(one), _name(other)
    if names[0] and names[0] == names[1]:
        births = one.birth_date, other.birth_date
        return births[0] == births[1] or not all(births)
    return not (is_told(one) and is_told(other))


def groups_of_people(people: Iterable[Person]) -> list[list[Person]]:
    """Different records of the same people put together, each record once, in order of first appearance. A record that
    tells nobody belongs to the only person there is; among several it stays by itself."""
    found: list[list[Person]] = []
    nobody: list[Person] = []
    for person in dict.fromkeys(people):
        if not is_told(person):
            nobody.append(person)
            continue
        fitting = [group for group in found if any(same_person(person, one) for one in group)]
        if fitting:  # of two groups, this record says that they are one
            fitting[0] += [*(one for group in fitting[1:] for one in group), person]
            found = [group for group in found if not any(group is one for one in fitting[1:])]
        else:
            found.append([person])
    if nobody and len(found) == 1:
        found[0] += nobody
    elif nobody:
        found.append(nobody)
    return found


def is_told(person: Person) -> bool:
    """Whether the record says who it is."""
    return bool(person.identifier or _name(person))


def fullest(records: Iterable[Person]) -> Person:
    """The record that tells most."""
    return max(records, key=lambda one: (bool(one.name), bool(one.identifier), bool(one.birth_date), bool(one.sex)))
