"""Examinations: the series of the files by examination and person, in order, and what each is called."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from viewer.dicom.header import Header, Person
from viewer.index import names
from viewer.index.listing import start_here, told_apart, with_helpers
from viewer.index.model import Series, Study
from viewer.index.people import fullest, groups_of_people, person_key
from viewer.text.dates import stored_date

_PATH = attrgetter("path")
RawKey = tuple[str, str, str]  # study, series (or folder), person (`person_key`)


@dataclass(slots=True)
class Raw:
    """One series as the files have it, and what was made of it last time."""

    key: RawKey
    headers: list[Header]
    made: tuple[Series, ...] | None = None
    named: str = ""  # the id under which `made` was last handed out
    scattered: bool = False  # put together from files that each had a series of their own
    day: str = ""  # of the examination, where another day has the same numbers: YYYYMMDD
    _first: tuple[int, Header] | None = None  # of so many files

    @property
    def first(self) -> Header:
        """The file that speaks for all: the same one in whatever order they are read."""
        if self._first is None or self._first[0] != len(self.headers):
            self._first = len(self.headers), min(self.headers, key=_PATH)
        return self._first[1]


def raw_key(header: Header) -> RawKey:
    """The series a file names, or its folder where it names none."""
    series = header.series_uid or "folder:" + header.path.rpartition("/")[0]
    return header.study_uid, series, person_key(header.person)


def joined(lots: Iterable[Sequence[Raw]]) -> list[list[Raw]]:
    """The series of each lot, once; lots that share one are one lot, so that every series is in one alone."""
    found: dict[RawKey, list[Raw]] = {}
    for lot in lots:
        together: dict[RawKey, Raw] = {}
        for raw in lot:
            together.update((one.key, one) for one in found.get(raw.key, (raw,)))
        members = list(together.values())
        found.update((raw.key, members) for raw in members)
    return list({id(members): members for members in found.values()}.values())


def parted(raws: Iterable[Raw], doubles: Container[str]) -> list[list[Raw]]:
    """Parts of one series that share its number and its space, or its examination where no space is told, but differ in
    whose they are said to be or in the number of the examination, as after a correction while they were being sent; the
    largest first. Never two people, and never two pictures of one number at one place, as copies and times have them.
    doubles: paths of files that are there twice."""
    by_uid: dict[tuple[str, str, str], list[Raw]] = {}
    for raw in raws:
        first = raw.first
        if first.series_uid:
            space = first.frame_of_reference
            by_uid.setdefault((first.series_uid, space, "" if space else first.study_uid), []).append(raw)
    found = [members for members in by_uid.values() if len(members) > 1 and _is_one(members, doubles)]
    return [sorted(members, key=lambda raw: (-len(raw.headers), raw.key)) for members in found]


def _is_one(members: Sequence[Raw], doubles: Container[str]) -> bool:
    if len(groups_of_people(raw.first.person for raw in members)) > 1:
        return False
    headers = [header for raw in members for header in raw.headers if header.path not in doubles]
    return len({(header.instance_number, header.shared.position) for header in headers}) == len(headers)


def by_day(raw: Raw, copies: Container[str]) -> list[Raw]:
    """A series apart by the day of its examination where one number is on pictures of several days: two visits that were
    given the same numbers. copies: paths of files whose number is on other pictures, too."""
    if not any(header.path in copies for header in raw.headers):
        return [raw]
    days: dict[str, list[Header]] = {}
    for header in raw.headers:
        days.setdefault(stored_date(header.study_date), []).append(header)
    numbers = [{header.sop_uid for header in headers} for headers in days.values()]
    if len(days) == 1 or "" in days or len(set().union(*numbers)) == sum(map(len, numbers)):
        return [raw]
    study, series, person = raw.key
    return [Raw((study, f"{series} {day}", person), headers, day=day) for day, headers in days.items()]


@dataclass(frozen=True, slots=True)
class Exam:
    """The series of one examination of one person."""

    uid: str
    person: Person
    raws: tuple[Raw, ...]


def exams_of(raws: Iterable[Raw]) -> list[Exam]:
    """Examinations: by number, and apart where one number is on two people or on two days (`by_day`)."""
    listed = list(raws)
    of_days = {raw.key[0] for raw in listed if raw.day}
    by_uid: dict[tuple[str, str], list[Raw]] = {}
    for raw in listed:
        uid = raw.key[0]
        by_uid.setdefault((uid, stored_date(raw.first.study_date) if uid in of_days else ""), []).append(raw)
    found = []
    for (uid, _), members in by_uid.items():
        for records in groups_of_people(raw.first.person for raw in members):
            own = tuple(raw for raw in members if raw.first.person in records)
            found.append(Exam(uid, fullest(records), own))
    return found


def exam_order(exam: Exam) -> tuple[object, ...]:
    """By person, then by time."""
    first = min(exam.raws, key=raw_order).first
    return (exam.person.name, exam.person.identifier, stored_date(first.study_date), first.study_time, exam.uid)


def raw_order(raw: Raw) -> tuple[object, ...]:
    """By number, those without one last."""
    number = raw.first.series_number
    return (number is None, number or 0, raw.key)


def study_of(exam: Exam, series: Sequence[Series]) -> Study:
    """An examination with what was made of its series, named and in the order of the list."""
    headers = [raw.first for raw in exam.raws]
    description = next((header.study_description for header in headers if header.study_description), "")
    date = next(filter(None, (stored_date(header.study_date) for header in headers)), "")
    listed = tuple(told_apart(sorted(with_helpers(series), key=start_here)))
    return Study(exam.uid, date, description, names.study_name(headers), exam.person, listed)
