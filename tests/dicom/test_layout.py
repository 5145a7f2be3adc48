"""Learned layouts on a made series: the same header as by walking, whatever differs between the files."""

from __future__ import annotations

import struct
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dicom.made import data_set, element, header, picture_elements, wrapped
from viewer.dicom.encoding import UNDEFINED
from viewer.dicom.header import Header
from viewer.dicom.layout import Layouts
from viewer.dicom.match import follow
from viewer.dicom.read import head_size, read_header
from viewer.dicom.shelf import MOST, MOST_BYTES, SERIES, Shelf
from viewer.dicom.walk import walk
from viewer.disc.medium import FoundFile
from viewer.problem import ProblemError

NUMBERS = st.sampled_from(["1", "12", "3.25", "-7", "1e3", "0", "nan", "", "0,5"])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        0x00080018: st.sampled_from(["1.2.3.4", "1.2.3.4.55", "", "9" * 70]),
        0x00200013: NUMBERS,
        0x00281053: NUMBERS,
        0x00281052: NUMBERS,
        0x00281050: NUMBERS,
        0x00281051: NUMBERS,
        0x00080032: st.sampled_from(["101112", "101112.25", ""]),
        0x00091001: st.sampled_from(["", "xx", "x" * 400, "y" * 20_000]),
        0x0008103E: st.sampled_from(["T1", "T2 sag"]),
        0x00020099: st.just(""),
    },
)
VRS = {0x00080018: "UI", 0x00200013: "IS", 0x00080032: "TM", 0x00091001: "UT", 0x0008103E: "LO", 0x00020099: "LO"}


def made(changes: dict[int, str], explicit: bool, z: int) -> bytes:
    elements = picture_elements()
    elements[0x00200032] = ("DS", f"1\\2\\{z}.5")
    for tag, value in changes.items():
        if tag != 0x00020099:
            elements[tag] = (VRS.get(tag, "DS"), value)
    syntax = "1.2.840.10008.1.2.1" if explicit else "1.2.840.10008.1.2"
    return wrapped(data_set(elements, explicit), syntax)[: -7 if 0x00020099 in changes else None]


def outcome(data: bytes) -> Header | str:
    try:
        return header(data)
    except ProblemError as error:
        return error.problem.code


@settings(max_examples=60, deadline=None)
@given(st.lists(CHANGES, min_size=2, max_size=14), st.booleans())
def test_files_of_a_series_read_by_layout_as_by_walk(files: list[dict[int, str]], explicit: bool) -> None:
    series = [made(changes, explicit, z % 12) for z, changes in enumerate([*files, *files])]
    by_layout = [outcome(data) for data in series]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Layouts, "read", lambda *_: None)
        by_walk = [outcome(data) for data in series]
    assert by_layout == by_walk


def with_references(uids: list[str], z: int, explicit: bool) -> bytes:
    """A picture with a sequence of undefined length whose items say other UIDs in each file."""
    end = struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
    items = b"".join(
        struct.pack("<HHI", 0xFFFE, 0xE000, UNDEFINED) + element(0x00081155, "UI", uid, explicit=explicit) + end
        for uid in uids
    )
    head = struct.pack("<HH", 0x0008, 0x1140) + (b"SQ\0\0" if explicit else b"") + struct.pack("<I", UNDEFINED)
    sequence = head + items + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    elements = picture_elements()
    elements[0x00200032] = ("DS", f"1\\2\\{z}.5")
    elements[0x0020000E] = ("UI", "1.2.3.77")
    before = {tag: row for tag, row in elements.items() if tag < 0x00081140}
    after = {tag: row for tag, row in elements.items() if tag > 0x00081140}
    body = data_set(before, explicit) + sequence + data_set(after, explicit)
    return wrapped(body, "1.2.840.10008.1.2.1" if explicit else "1.2.840.10008.1.2")


@pytest.mark.parametrize("explicit", [True, False])
def test_sequences_that_differ_between_files_are_part_of_a_layout(
    explicit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [["1.2.3", "1.2.33"], ["1.2.4", "1.2.44"], ["1.2.5", "1.2.55"], ["1.2.666", "1.2.7"], ["1.2.8"]]
    series = [with_references(names[k % 5], k, explicit) for k in range(40)]
    walked: list[Header] = []
    learn = Layouts.learn

    def counted(self: Layouts, *facts: Any) -> None:
        walked.append(facts[3])
        learn(self, *facts)

    monkeypatch.setattr(Layouts, "learn", counted)
    by_layout = [header(data) for data in series]
    assert len(walked) <= 6
    monkeypatch.setattr(Layouts, "read", lambda *_: None)
    assert by_layout == [header(data) for data in series]
    assert [one.shared.position for one in by_layout] == [(1.0, 2.0, k + 0.5) for k in range(40)]


@pytest.mark.parametrize("lessons", [24, 0])
def test_files_with_long_headers_are_read_at_one_go_once_one_of_them_is_known(
    lessons: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.dicom.read._LAYOUTS", Layouts())
    monkeypatch.setattr("viewer.dicom.layout.MOST_LESSONS", lessons)  # at 0 every file is walked

    class Counted:
        """A medium of one file that counts what is read beside the head."""

        def __init__(self, data: bytes) -> None:
            self.data, self.reads = data, 0

        def read(self, path: str, offset: int, size: int) -> bytes:
            self.reads += 1
            return self.data[offset : offset + size]

    late = []
    for z in range(12):
        data = made({0x00091001: "x" * 18_000, 0x00080018: f"1.2.3.{z}"}, True, z)
        medium, size = Counted(data), head_size()
        read_header(medium, FoundFile("IM", len(data)), data[:size])
        late.append(medium.reads)
    assert late[-6:] == [0] * 6
    assert head_size() > 18_000


def test_files_of_one_size_whose_values_differ_in_length_are_each_compared_at_one_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The position is as much longer as the number is shorter, by turns."""
    monkeypatch.setattr("viewer.dicom.read._LAYOUTS", Layouts())
    lengths = [("10", "3.25"), ("1000", "3.2"), ("100000", "3."), ("1", "3.2500")]
    files = []
    for z in range(80):
        elements = picture_elements()
        number, rest = lengths[z % 4]
        elements[0x00200013] = ("IS", f"{int(number) + z % 9}")
        elements[0x00200032] = ("DS", f"1\\{z % 8}\\{rest}")
        files.append(wrapped(data_set(elements, True), "1.2.840.10008.1.2.1"))
    followed = Mock(wraps=follow)
    monkeypatch.setattr("viewer.dicom.layout.follow", followed)
    by_layout = [header(data) for data in files]
    assert followed.call_count <= 3 * len(lengths)
    monkeypatch.setattr(Layouts, "read", lambda *_: None)
    assert by_layout == [header(data) for data in files]


def test_where_files_of_many_series_lie_mixed_each_series_is_walked_but_once(monkeypatch: pytest.MonkeyPatch) -> None:
    elements = picture_elements()

    def file(series: int, z: int) -> bytes:
        elements[0x0020000E] = ("UI", f"1.2.77.{series}")
        elements[0x00080018] = ("UI", f"1.2.77.{series}.{z}")
        elements[0x00200032] = ("DS", f"1\\2\\{z}.5")
        return wrapped(data_set(elements, True), "1.2.840.10008.1.2.1")

    mixed = [file(series, z) for z in range(6) for series in range(60)]
    walked = Mock(wraps=walk)
    monkeypatch.setattr("viewer.dicom.read.walk", walked)
    by_layout = [header(data) for data in mixed]
    assert walked.call_count <= 60 + 6  # which values differ is learned on the way
    monkeypatch.setattr(Layouts, "read", lambda *_: None)
    assert by_layout == [header(data) for data in mixed]


def test_what_was_learned_first_is_forgotten_first() -> None:
    shelf = Shelf[int, str]()
    heads = {number: b"before" + element(SERIES, "UI", f"1.2.{number}".encode()) for number in range(MOST + 1)}
    for number in heads:
        assert shelf.put(number, f"1.2.{number}\0".encode(), f"layout {number}", 100) == ([0] if number == MOST else [])
    assert list(shelf.alike(heads[0])) == []
    assert list(shelf.alike(heads[1])) == ["layout 1"]
    assert shelf.put(MOST + 1, b"1.2.1", "another", MOST_BYTES) == list(range(1, MOST + 1))
    assert list(shelf.alike(heads[2] + heads[1])) == ["another"]


def test_a_head_that_names_thousands_of_series_is_given_up_soon() -> None:
    shelf = Shelf[int, str]()
    shelf.put(1, b"1.2.1", "layout", 100)
    assert len(list(shelf.alike(element(SERIES, "UI", b"1.2.1") * 1000))) < 20
