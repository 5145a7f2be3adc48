"""Frames of encapsulated pixels that writers put together in ways of their own: none takes another's place (PS3.5 A.4)."""

from __future__ import annotations

import struct

import pytest

from tests.dicom.made import codes, data_set, element, encapsulated, header, item, picture_elements, us, wrapped
from viewer.dicom.header import Header

JPEG_LS = "1.2.840.10008.1.2.4.80"
STREAMS = [b"\xff\xd8\xff\xf7" + bytes([n]) * (8 + 2 * n) + b"\xff\xd9" for n in range(4)]


def compressed(value: bytes, frames: int) -> tuple[bytes, Header]:
    elements = picture_elements()
    del elements[0x7FE00010]
    elements[0x00280008] = ("IS", str(frames))
    data = wrapped(b"".join(element(tag, vr, told) for tag, (vr, told) in sorted(elements.items())) + value, JPEG_LS)
    return data, header(data)


def found(data: bytes, made: Header) -> list[bytes]:
    assert made.place is not None
    return [b"".join(data[at : at + length] for at, length in parts) for parts in made.place.fragments]


OFFSETS = [sum(len(item(one)) for one in STREAMS[:n]) for n in range(4)]


def table(*offsets: int) -> bytes:
    return struct.pack(f"<{len(offsets)}I", *offsets)


@pytest.mark.parametrize("told", [b"", table(0, OFFSETS[1], OFFSETS[2], OFFSETS[2] + 8)])
def test_a_lost_frame_whose_item_is_empty_keeps_its_place(told: bytes) -> None:
    data, made = compressed(encapsulated([STREAMS[0], STREAMS[1], b"", STREAMS[3]], told), 4)
    assert made.frames == 4
    assert found(data, made) == [STREAMS[0], STREAMS[1], b"", STREAMS[3]]
    assert codes(made) == {"frames_missing"}


def test_a_lost_frame_that_only_the_table_knows_keeps_its_place() -> None:
    told = table(0, OFFSETS[1], 0xFFFFFFFF, OFFSETS[2])
    data, made = compressed(encapsulated([STREAMS[0], STREAMS[1], STREAMS[3]], told), 4)
    assert found(data, made) == [STREAMS[0], STREAMS[1], b"", STREAMS[3]]
    assert codes(made) == {"frames_missing"}


def test_empty_items_between_whole_frames_are_no_frames() -> None:
    data, made = compressed(encapsulated([part for one in STREAMS for part in (one, b"")]), 4)
    assert (found(data, made), codes(made)) == (STREAMS, set())


def test_frames_that_lie_in_one_item_are_told_apart_by_their_markers() -> None:
    data, made = compressed(encapsulated([b"\0".join(STREAMS)]), 4)
    assert [one.rstrip(b"\0") for one in found(data, made)] == STREAMS
    assert (made.frames, codes(made)) == (4, set())


@pytest.mark.parametrize("end", [struct.pack("<HHI", 0xFFFE, 0xE0DD, 0), b""])
def test_items_within_a_value_of_told_length_are_items(end: bytes) -> None:
    inside = item(b"") + b"".join(item(one) for one in STREAMS) + end
    data, made = compressed(struct.pack("<HH2sHI", 0x7FE0, 0x10, b"OB", 0, len(inside)) + inside, 4)
    assert (found(data, made), codes(made)) == (STREAMS, set())


def test_chroma_said_to_be_shared_but_stored_for_each_pixel_is_read_as_stored() -> None:
    elements = picture_elements() | {
        0x00280002: ("US", us(3)), 0x00280004: ("CS", "YBR_FULL_422"), 0x00280006: ("US", us(0)),
        0x00280100: ("US", us(8)), 0x00280101: ("US", us(8)), 0x00280102: ("US", us(7)), 0x7FE00010: ("OW", bytes(192)),
    }  # fmt: skip
    made = header(wrapped(b"".join(element(tag, vr, told) for tag, (vr, told) in sorted(elements.items()))))
    assert made.pixels is not None
    assert (made.pixels.photometric, codes(made)) == ("YBR_FULL", {"colour_label_corrected"})
    shared = elements | {0x7FE00010: ("OW", bytes(128))}
    made = header(wrapped(b"".join(element(tag, vr, told) for tag, (vr, told) in sorted(shared.items()))))
    assert made.pixels is not None
    assert (made.pixels.photometric, codes(made)) == ("YBR_FULL_422", set())


def test_a_palette_of_bytes_that_is_said_to_have_words_is_one_of_bytes() -> None:
    elements = picture_elements() | {0x00280004: ("CS", "PALETTE COLOR")}
    for number in (1, 2, 3):
        elements[0x00281100 + number] = ("US", struct.pack("<3H", 256, 0, 16))
        elements[0x00281200 + number] = ("OW", bytes(range(256)))
    made = header(wrapped(b"".join(element(tag, vr, told) for tag, (vr, told) in sorted(elements.items()))))
    assert made.palette is not None
    assert made.palette.colours[:, 0].tolist() == list(range(256))


@pytest.mark.parametrize("claimed", [1, 3])
def test_whole_pictures_beyond_those_the_file_tells_of_are_shown_and_said(claimed: int) -> None:
    data, made = compressed(encapsulated(STREAMS), claimed)
    assert (found(data, made), made.frames) == (STREAMS, 4)
    assert codes(made) == {"frames_more"}


def test_one_picture_in_several_items_stays_one() -> None:
    whole = STREAMS[3]
    data, made = compressed(encapsulated([whole[:8], whole[8:12], whole[12:]]), 1)
    assert (found(data, made), codes(made)) == ([whole], set())


@pytest.mark.parametrize("told", [0, 14, 100])
def test_a_picture_whose_length_is_told_too_small_is_read_to_its_end(told: int) -> None:
    data = wrapped(data_set(picture_elements() | {0x7FE00010: ("OW", b"\x07\0" * 64)}))
    at = data.rindex(struct.pack("<I", 128))
    made = header(data[:at] + struct.pack("<I", told) + data[at + 4 :])
    assert made.place is not None
    assert (made.frames, made.place.length, codes(made)) == (1, 128, {"pixels_length_wrong"})


@pytest.mark.parametrize("behind", [bytes(28), element(0xFFFCFFFC, "OB", bytes(40))])
def test_a_short_picture_before_zeros_or_another_element_stays_short(behind: bytes) -> None:
    data = wrapped(data_set(picture_elements() | {0x7FE00010: ("OW", b"\x07\0" * 50)}) + behind)
    assert codes(header(data)) == {"pixels_cut_off"}


MANY = {0x00280009: ("AT", b"\x18\x00\x63\x10"), 0x00280002: ("US", us(1))}


@pytest.mark.parametrize(
    ("told", "more", "length", "frames", "words"),
    [
        ("2", {}, 5 * 128, 5, {"frames_more"}),
        ("", MANY, 5 * 128, 5, {"frames_more"}),
        ("1", {0x00080016: ("UI", "1.2.840.10008.5.1.4.1.1.3.1")}, 3 * 128, 3, {"frames_more"}),
        ("2", {}, 5 * 128 + 40, 2, {"pixels_left_over"}),
        ("1", {}, 2 * 128, 1, {"pixels_left_over"}),  # no film: its height may have been misread
    ],
)
def test_whole_plain_frames_beyond_the_count_are_pictures(
    told: str, more: dict[int, tuple[str, bytes | str]], length: int, frames: int, words: set[str]
) -> None:
    changed: dict[int, tuple[str, bytes | str]] = {0x00280008: ("IS", told), 0x7FE00010: ("OW", bytes(length))}
    made = header(wrapped(data_set(picture_elements() | changed | more)))
    assert (made.frames, codes(made)) == (frames, words)
