"""What follows a picture in its file is a part of the data set, filling, or a rest that does not belong there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dicom.made import Memory, element
from viewer.dicom.behind import is_whole_behind

PADDING, SIGNATURES, PRIVATE = 0xFFFCFFFC, 0xFFFAFFFA, 0x7FE11001
FRONT = b"picture"


def is_whole(behind: bytes) -> bool:
    data = FRONT + behind
    return is_whole_behind(Memory(data), "x", len(FRONT), len(data))


@pytest.mark.parametrize("explicit", [True, False])
@pytest.mark.parametrize("little", [True, False])
def test_elements_behind_a_picture_belong_to_it(explicit: bool, little: bool) -> None:
    def made(tag: int, vr: str, value: bytes) -> bytes:
        return element(tag, vr, value, little, explicit)

    private, padding = made(PRIVATE, "OB", b"\1\2\3\4"), made(PADDING, "OB", bytes(300))
    assert is_whole(b"")
    assert is_whole(padding)
    assert is_whole(private + padding)
    assert is_whole(private + padding + b"\0" * 77)
    assert not is_whole(padding[:-1])
    assert not is_whole(private + b"\1\2\3")


def test_sequences_and_elements_that_somebody_wrote_behind_their_place_belong_to_it() -> None:
    item = bytes.fromhex("feff00e0ffffffff") + element(0x00081150, "UI", "1.2") + bytes.fromhex("feff0de000000000")
    open_end = bytes.fromhex("fafffaff") + b"SQ\0\0\xff\xff\xff\xff" + item + bytes.fromhex("feffdde000000000")
    assert is_whole(element(SIGNATURES, "SQ", b""))
    assert is_whole(open_end)
    assert not is_whole(open_end[:-8])
    assert is_whole(element(0x00291010, "LO", "late") + element(0x00400244, "DA", "20260101"))


@pytest.mark.parametrize("kind", [0x00, 0x20, 0xFF])
@pytest.mark.parametrize("length", [1, 2, 777, 200_000])
def test_filling_of_one_kind_is_no_rest(kind: int, length: int) -> None:
    assert is_whole(bytes([kind]) * length)


def test_the_end_of_a_line_that_a_download_left_is_no_rest() -> None:
    assert is_whole(b"\r\n")
    assert is_whole(element(PADDING, "OB", bytes(8), True, True) + b"\r\n")
    assert not is_whole(b"\r\n\x07\x01")


@given(st.integers(0, 2**32 - 1), st.integers(4, 200), st.sampled_from(["<u2", ">u2", "u1", "<i2"]))
def test_the_end_of_a_picture_is_noticed(seed: int, count: int, kind: str) -> None:
    rest = np.random.default_rng(seed).normal(60, 12, count).clip(0).astype(kind)
    assert len(np.unique(rest)) == 1 or not is_whole(rest.tobytes())
