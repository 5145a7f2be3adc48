"""Files written in ways of their own that are plain to see: labels, lengths and sequences that are not as the book says."""

from __future__ import annotations

import struct
import zlib

import pytest

from tests.dicom.made import codes, data_set, element, encapsulated, header, item, picture_elements, wrapped
from viewer.disc.medium import FileKind
from viewer.disc.sniff import HEAD, sniff

PICTURE = picture_elements()
EXPLICIT, IMPLICIT, BIG, DEFLATED = (f"1.2.840.10008.1.2{end}" for end in (".1", "", ".2", ".1.99"))
SWAPPED = frozenset({BIG, "1.2.840.113619.5.2"})  # what pixels in big endian are known by


def swapped(explicit: bool = True) -> bytes:
    """The picture in big endian."""
    told = {
        tag: (vr, value[::-1] if vr == "US" and isinstance(value, bytes) else value)
        for tag, (vr, value) in PICTURE.items()
    }
    return b"".join(element(tag, vr, value, False, explicit) for tag, (vr, value) in sorted(told.items()))


BODIES = {"explicit": data_set(PICTURE), "implicit": data_set(PICTURE, explicit=False), "big": swapped()}


@pytest.mark.parametrize("front", [b"", b"DICM"])
@pytest.mark.parametrize("body", BODIES)
def test_a_meta_group_without_preamble_is_known_whatever_follows_it(front: bytes, body: str) -> None:
    meta = element(0x00020001, "OB", b"\0\1") + element(0x00020002, "UI", "1.2") + element(0x00020003, "UI", "1.2.3")
    syntax = {"explicit": EXPLICIT, "implicit": IMPLICIT, "big": BIG}[body]
    data = front + meta + element(0x00020010, "UI", syntax) + BODIES[body]
    assert sniff("A", len(data), data[:HEAD]) is FileKind.DICOM
    assert header(data).shared.position == (1, 2, 3)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("label", [DEFLATED, "1.2.840.10008.1.2.4.70"])
def test_plain_pixels_under_the_label_of_another_packing_are_read_as_they_are(body: str, label: str) -> None:
    made = header(wrapped(BODIES[body], label))
    assert (made.frames, made.shared.position) == (1, (1, 2, 3))
    assert made.place is not None
    assert not made.place.encapsulated
    assert (made.transfer_syntax in SWAPPED) == (body == "big")
    assert "unknown_encoding" not in codes(made)


def test_a_label_that_nobody_knows_is_not_guessed_at() -> None:
    made = header(wrapped(BODIES["explicit"], "1.2.3.4"))
    assert "unknown_encoding" in codes(made)


def test_a_stream_that_says_what_it_is_needs_no_label() -> None:
    plain = picture_elements()
    del plain[0x7FE00010]
    jpeg, jpeg_xl = b"\xff\xd8\xff\xf7" + bytes(60), b"\xff\x0a" + bytes(60)
    for stream, label, words in (
        (jpeg, "2.25.1234", {"label_corrected"}),
        (bytes(64), "2.25.1234", {"unknown_encoding"}),
        (jpeg_xl, "1.2.840.10008.1.2.4.110", {"unknown_encoding"}),  # no decoder here: told when the disc is read
    ):
        made = header(wrapped(data_set(plain) + encapsulated([stream]), label))
        assert (made.frames, codes(made)) == (1, words)


def test_big_endian_without_kinds_and_label_is_read_in_its_order() -> None:
    made = header(swapped(explicit=False))
    assert (made.shared.position, made.transfer_syntax in SWAPPED) == ((1, 2, 3), True)


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_deflated_data_open_with_and_without_the_head_of_zlib(level: int) -> None:
    whole = zlib.compress(BODIES["explicit"], level)
    for data in (whole, whole[2:-4]):
        made = header(wrapped(data, DEFLATED))
        assert (made.frames, made.shared.position) == (1, (1, 2, 3))


INNER = element(0x00081155, "UI", "1.2.3")
END_OF_ITEM, END = struct.pack("<HHI", 0xFFFE, 0xE00D, 0), struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
OPEN_ITEM = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)


@pytest.mark.parametrize(
    "odd",
    [
        struct.pack("<HH2sHI", 9, 0x1010, b"UN", 0, 0xFFFFFFFF) + OPEN_ITEM + INNER + END_OF_ITEM + END,
        struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, 0xFFFFFFFF) + item(INNER),
        struct.pack("<HH2sHI", 8, 0x1140, b"SQ", 0, 0xFFFFFFFF) + OPEN_ITEM + INNER + END_OF_ITEM,
        struct.pack("<HH2sH", 9, 0x1010, b"UN", 4) + b"abcd",
        struct.pack("<HH2sH", 9, 0x1010, b"OB", 4) + b"abcd",
    ],
    ids=["kinds in an unknown sequence", "no end", "no end after an open item", "short unknown", "short bytes"],
)
def test_a_sequence_or_a_length_of_its_own_kind_does_not_hide_the_picture(odd: bytes) -> None:
    before = {tag: row for tag, row in PICTURE.items() if tag < 0x00081000}
    after = {tag: row for tag, row in PICTURE.items() if tag > 0x00081000}
    made = header(wrapped(data_set(before) + odd + data_set(after)))
    assert (made.frames, made.shared.position, codes(made)) == (1, (1, 2, 3), set())
    assert made.pixels is not None
    assert made.pixels.rows == 8


@pytest.mark.parametrize("written", ["0,143\\0,25", "0.143,0.25", " 0,143 \\ 0,250 "])
def test_commas_in_lengths_and_places_are_read_as_they_were_meant(written: str) -> None:
    facts = header(wrapped(data_set(picture_elements() | {0x00280030: ("DS", written)}))).shared
    assert facts.spacing == (0.143, 0.25)
    places = {0x00200032: ("DS", "1,5\\-2,25\\3"), 0x00200037: ("DS", "1,0\\0,0\\0\\0\\1,0\\0")}
    facts = header(wrapped(data_set(picture_elements() | places))).shared
    assert (facts.position, facts.orientation) == ((1.5, -2.25, 3.0), (1.0, 0.0, 0.0, 0.0, 1.0, 0.0))


def test_one_number_with_a_comma_is_no_pair() -> None:
    assert header(wrapped(data_set(picture_elements() | {0x00280030: ("DS", "1,5,2")}))).shared.spacing is None
