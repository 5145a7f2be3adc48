"""Damaged files: only ProblemError comes out, and what comes out holds together."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dicom.made import Found, Memory, data_set, deflated, element, encapsulated, item, picture_elements, wrapped
from viewer.dicom.details import read_sr
from viewer.dicom.dicomdir import read_dicomdir
from viewer.dicom.header import Header
from viewer.dicom.read import read_header
from viewer.problem import ProblemError, problem


def _originals() -> list[bytes]:
    plain = picture_elements()
    groups = element(0x00209113, "SQ", item(element(0x00200032, "DS", "1\\2\\3")))
    enhanced = picture_elements()
    enhanced[0x00280008] = ("IS", "2")
    enhanced[0x52009229] = ("SQ", item(groups))
    enhanced[0x52009230] = ("SQ", item(groups) + item(groups))
    enhanced[0x00283010] = ("SQ", item(element(0x00283002, "US", bytes(6)) + element(0x00283006, "OW", bytes(8))))
    enhanced[0x7FE00010] = ("OW", bytes(256))
    packed = picture_elements()
    del packed[0x7FE00010]
    packed[0x00280008] = ("IS", "2")
    fragments = encapsulated([b"\xff\xd8ab", b"cd", b"\xff\xd8ef"], struct.pack("<II", 0, 20))
    return [
        wrapped(data_set(plain)), wrapped(data_set(plain, False), "1.2.840.10008.1.2"), data_set(plain),
        wrapped(data_set(enhanced)), deflated(data_set(enhanced)),
        wrapped(data_set(packed) + fragments, "1.2.840.10008.1.2.4.50"),
    ]  # fmt: skip


ORIGINALS = _originals()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An original with bytes flipped, cut, repeated or replaced by extreme words."""
    data = bytearray(draw(st.sampled_from(ORIGINALS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        kind = draw(st.sampled_from(["flip", "cut", "word", "repeat", "drop"]))
        if kind == "flip" and data:
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif kind == "cut":
            del data[at:]
        elif kind == "word":
            data[at : at + 4] = draw(st.sampled_from([b"\xff" * 4, bytes(4), b"\xfe\xff\xff\xff", b"\xff\xff\xff\x7f"]))
        elif kind == "repeat":
            data[at:at] = data[at : at + draw(st.integers(1, 64))]
        else:
            del data[at : at + draw(st.integers(1, 16))]
    return bytes(data)


def holds_together(header: Header, size: int) -> None:
    assert header.frames <= 1_000_000
    assert not header.per_frame or len(header.per_frame) >= header.frames
    if not header.frames:
        return
    assert header.pixels is not None
    assert header.place is not None
    assert header.pixels.rows * header.pixels.columns * header.pixels.samples <= 2**30
    if header.place.encapsulated:
        assert len(header.place.fragments) == header.frames
        assert all(at + length <= size for group in header.place.fragments for at, length in group)
    elif not header.place.inflated:
        assert header.place.offset + header.place.length <= size


def outcome(action: Callable[[], object]) -> object:
    """The result, or the sentence of the Problem; any other exception fails the test."""
    try:
        return action()
    except ProblemError as error:
        return error.problem.text


@settings(max_examples=400, deadline=None)
@given(damaged())
def test_a_damaged_picture_gives_a_header_or_a_problem(data: bytes) -> None:
    made = outcome(lambda: read_header(Memory(data), Found("a", len(data)), data[:16384]))
    assert made
    if isinstance(made, Header):
        holds_together(made, len(data))


@settings(max_examples=100, deadline=None)
@given(damaged())
def test_readers_of_lists_and_reports_end_in_a_problem_too(data: bytes) -> None:
    assert outcome(lambda: read_dicomdir(Memory(data), Found("a", len(data))))
    assert outcome(lambda: read_sr(Memory(data), Found("a", len(data))))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600))
def test_noise_behind_a_preamble_gives_a_header_or_a_problem(noise: bytes) -> None:
    data = bytes(128) + b"DICM" + noise
    assert outcome(lambda: read_header(Memory(data), Found("a", len(data)), data))


class PulledOut:
    """A medium that is gone."""

    def read(self, path: str, offset: int, size: int) -> bytes:
        raise ProblemError(problem("file_gone", path))


def test_a_disc_pulled_out_in_the_middle_of_a_header_is_said() -> None:
    elements = picture_elements()
    elements[0x00091001] = ("UN", bytes(100_000))
    data = wrapped(data_set(elements))
    with pytest.raises(ProblemError) as caught:
        read_header(PulledOut(), Found("a", len(data)), data[:16384])
    assert caught.value.problem.code == "file_gone"
