"""Damage that decoders pass over in silence is found out by our own checks, and no sound picture is accused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.codec.streams import COLUMNS, HTJ2K, JPEG, JPEG_2000, ROWS, Made, one_of_each
from viewer.codec.native import unpack
from viewer.codec.pool import Decoder
from viewer.codec.stream import sniff
from viewer.dicom.header import PixelDescription
from viewer.problem import ProblemError

TWELVE = PixelDescription(8, 8, bits_stored=12, high_bit=11)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(workers=1)
    yield made
    made.close()


def words(decoder: Decoder, made: Made, stream: bytes) -> set[str] | None:
    """Codes said of the picture; None where it came out as it was."""
    try:
        frame = decoder.decode(stream, made.description, made.syntax)
    except ProblemError as failure:
        return {failure.problem.code}
    good = decoder.decode(made.stream, made.description, made.syntax)
    return None if np.array_equal(frame.array, good.array) else {word.code for word in frame.problems}


def noisy(stream: bytes, start: int, chance: Random) -> bytes:
    data, at = bytearray(stream), start + chance.randrange(len(stream) - start - 30)
    data[at : at + 20] = chance.randbytes(20)
    return bytes(data)


@pytest.mark.parametrize(
    ("number", "start", "share"), [(0, 0, 0.6), (3, 130, 0.8), (4, 130, 0.25)], ids=["jpeg", "jpeg-2000", "htj2k"]
)
def test_most_pictures_with_noise_in_their_stream_carry_a_word(
    decoder: Decoder, number: int, start: int, share: float
) -> None:
    made, chance = one_of_each()[number], Random(4)
    facts = sniff(made.stream)
    assert facts is not None
    found = [words(decoder, made, noisy(made.stream, start or facts.scan, chance)) for _ in range(40)]
    changed = [said for said in found if said is not None]
    assert sum(map(bool, changed)) >= share * len(changed)


@settings(max_examples=25)
@given(
    st.integers(1, 70), st.integers(1, 70), st.integers(30, 100), st.sampled_from(["grey", "444", "422", "420"]),
    st.integers(0, 2**32 - 1), st.booleans(),
)  # fmt: skip
def test_no_sound_jpeg_is_accused(
    decoder: Decoder, rows: int, columns: int, level: int, colour: str, seed: int, flat: bool
) -> None:
    import imagecodecs

    shape = (rows, columns) if colour == "grey" else (rows, columns, 3)
    chance = np.random.default_rng(seed)
    picture = np.full(shape, 77, np.uint8) if flat else chance.integers(0, 256, shape).astype(np.uint8)
    more: dict[str, Any] = {"colorspace": "RGB", "outcolorspace": "YCBCR", "subsampling": colour}
    more = {} if colour == "grey" else more
    stream = bytes(imagecodecs.jpeg8_encode(picture, level=level, **more))
    photometric = "MONOCHROME2" if colour == "grey" else "YBR_FULL_422"
    description = PixelDescription(rows, columns, picture.ndim if colour != "grey" else 1, 8, 8, 7, False, photometric)
    filled = stream[:-2] + b"\xff\x00\xff\xd9"  # a whole byte of padding, as some ultrasound machines write it
    restarted = stream[:-2] + b"\xff\xd0\xff\xd9"  # a restart marker behind the last block
    for padded in (stream, stream + b"\0", stream[:-2] + b"\xff\xff\xff\xd9", filled, restarted):
        assert decoder.decode(padded, description, JPEG).problems == ()


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("signed", [False, True])
def test_no_sound_jpeg_2000_is_accused_at_the_ends_of_its_range(decoder: Decoder, bits: int, signed: bool) -> None:
    import imagecodecs

    low = -(1 << bits - 1) if signed else 0
    chance = np.random.default_rng(bits)
    kind = f"{'i' if signed else 'u'}{1 if bits == 8 else 2}"
    picture = chance.choice([low, low + (1 << bits) - 1], (40, 40)).astype(kind)
    allocated = picture.dtype.itemsize * 8
    description = PixelDescription(40, 40, 1, allocated, bits, bits - 1, signed)
    j2k = imagecodecs.jpeg2k_encode(picture, codecformat="j2k", reversible=True, level=0, bitspersample=bits)
    frame = decoder.decode(bytes(j2k), description, JPEG_2000)
    assert np.array_equal(frame.array, picture)
    assert frame.problems == ()
    if not signed:
        frame = decoder.decode(bytes(imagecodecs.htj2k_encode(picture, reversible=True)), description, HTJ2K)
        assert np.array_equal(frame.array, picture)
        assert frame.problems == ()


@pytest.mark.parametrize("signed", [False, True])
def test_edges_that_lossy_packing_throws_beyond_the_bits_of_the_header_are_no_damage(
    decoder: Decoder, signed: bool
) -> None:
    """Metal at the end of 12 bits, packed with all 16: some values come out a little higher."""
    import imagecodecs

    low, high = (-2048, 2047) if signed else (0, 4095)
    rows, columns = np.mgrid[:64, :64]
    picture = np.where((rows - 30) ** 2 + (columns - 30) ** 2 < 9, high, low).astype("i2" if signed else "u2")
    stream = bytes(imagecodecs.jpeg2k_encode(picture, codecformat="j2k", reversible=False, level=65))
    frame = decoder.decode(stream, PixelDescription(64, 64, 1, 16, 12, 11, signed), JPEG_2000)
    assert frame.array.max() > high
    assert frame.problems == ()


@settings(max_examples=20)
@given(
    st.integers(1, 150), st.integers(1, 150), st.sampled_from([0, 30, 45, 60, 90]), st.booleans(), st.booleans(),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_no_sound_jpeg_2000_is_accused_whatever_its_quality(
    decoder: Decoder, rows: int, columns: int, level: int, reversible: bool, colour: bool, seed: int
) -> None:
    import imagecodecs

    chance = np.random.default_rng(seed)
    shape = (rows, columns, 3) if colour else (rows, columns)
    picture = np.clip(chance.normal(120, chance.integers(0, 90), shape), 0, 255).astype(np.uint8)
    stream = imagecodecs.jpeg2k_encode(picture, codecformat="j2k", level=level, reversible=reversible or not level)
    description = PixelDescription(
        rows, columns, 3 if colour else 1, 8, 8, 7, False, "YBR_RCT" if colour else "MONOCHROME2"
    )
    assert decoder.decode(bytes(stream), description, JPEG_2000).problems == ()


@pytest.mark.parametrize("level", [5, 40, 75, 92, 100])
@pytest.mark.parametrize("entry", [1, 20, 63])
def test_an_edited_quantisation_table_is_noticed_and_a_whole_one_is_not(
    decoder: Decoder, level: int, entry: int
) -> None:
    import imagecodecs

    made = one_of_each()[0]
    stream = bytearray(imagecodecs.jpeg8_encode(made.picture, level=level))
    assert decoder.decode(bytes(stream), made.description, JPEG).problems == ()
    at = stream.find(b"\xff\xdb") + 5 + entry
    stream[at] = stream[at] // 5 or 90
    frame = decoder.decode(bytes(stream), made.description, JPEG)
    assert "picture_doubtful" in [word.code for word in frame.problems]


def test_values_a_damaged_wavelet_throws_out_of_range_are_noticed_although_the_decoder_clips_them(
    decoder: Decoder,
) -> None:
    import imagecodecs

    made, chance = one_of_each()[3], Random(8)
    grey = (made.picture.astype(np.uint16) >> 4).astype(np.uint8)
    small = replace(made.description, bits_allocated=8, bits_stored=8, high_bit=7)
    eight = Made(
        bytes(imagecodecs.jpeg2k_encode(grey, codecformat="j2k", reversible=True, level=0)), small, JPEG_2000, grey
    )
    found = [words(decoder, eight, noisy(eight.stream, 130, chance)) for _ in range(60)]
    assert sum(said is not None and "picture_doubtful" in said for said in found) >= 2


def test_single_words_with_bits_above_the_stored_ones_are_a_doubt() -> None:
    values = np.arange(64, dtype="<u2").reshape(8, 8)
    assert unpack(values.tobytes(), TWELVE).problems == ()
    values[3, 4] |= 0x4000
    frame = unpack(values.tobytes(), TWELVE)
    assert [word.code for word in frame.problems] == ["picture_doubtful"]
    assert frame.array[3, 4] == 28


def test_an_overlay_in_the_upper_bits_and_the_sign_of_a_number_are_no_doubt() -> None:
    values = np.arange(64, dtype="<u2").reshape(8, 8)
    drawn = values.copy()
    drawn[2:5] |= 0x8000
    frame = unpack(drawn.tobytes(), TWELVE)
    assert frame.problems == ()
    assert np.array_equal(frame.array, values)
    signed = replace(TWELVE, is_signed=True)
    numbers = (np.arange(64) - 32).astype("<i2").reshape(8, 8)
    for stored in (numbers, numbers & 0x0FFF):
        frame = unpack(stored.astype("<i2").tobytes(), signed)
        assert frame.problems == ()
        assert np.array_equal(frame.array, numbers)


SIGNED, UNSIGNED = replace(TWELVE, rows=32, columns=32, is_signed=True), replace(TWELVE, rows=32, columns=32)


@pytest.mark.parametrize("packed", ["j2k", "htj2k"])
def test_negative_values_where_the_header_has_none_carry_a_word(decoder: Decoder, packed: str) -> None:
    for picture, said in ((_ramp(-1000, 1000), ["values_contradict"]), (_ramp(0, 2000), [])):
        frame = decoder.decode(_wavelet(packed, picture.astype("<i2")), UNSIGNED, _SYNTAX[packed])
        assert [word.code for word in frame.problems] == said
        assert np.array_equal(frame.array, picture & 0xFFF)  # as if they were not packed (R-P2)


@pytest.mark.parametrize("packed", ["j2k", "htj2k"])
@pytest.mark.parametrize("description", [SIGNED, UNSIGNED], ids=["signed", "unsigned"])
def test_values_far_beyond_the_bits_of_the_header_carry_a_word(
    decoder: Decoder, packed: str, description: PixelDescription
) -> None:
    frame = decoder.decode(_wavelet(packed, _ramp(0, 30000).astype("<u2")), description, _SYNTAX[packed])
    assert [word.code for word in frame.problems] == ["values_contradict"]


@pytest.mark.parametrize("packed", ["j2k", "htj2k"])
def test_negative_values_written_as_large_ones_are_read_and_not_accused(decoder: Decoder, packed: str) -> None:
    picture = _ramp(-1000, 1000)
    for written in (picture & 0xFFF, picture & 0xFFFF):  # with and without the sign in the bits above the stored ones
        frame = decoder.decode(_wavelet(packed, written.astype("<u2")), SIGNED, _SYNTAX[packed])
        assert np.array_equal(frame.array, picture)
        assert frame.problems == ()


_SYNTAX = {"j2k": JPEG_2000, "htj2k": HTJ2K}


def _ramp(low: int, high: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.linspace(low, high, 1024).astype(np.int64).reshape(32, 32)


def _wavelet(packed: str, picture: np.ndarray[Any, np.dtype[Any]]) -> bytes:
    import imagecodecs

    if packed == "htj2k":
        return bytes(imagecodecs.htj2k_encode(picture, reversible=True))
    return bytes(imagecodecs.jpeg2k_encode(picture, codecformat="j2k", reversible=True, level=0))


COLOUR = PixelDescription(
    ROWS, COLUMNS, samples=3, bits_allocated=8, bits_stored=8, high_bit=7, photometric="YBR_FULL_422"
)


@pytest.mark.parametrize("packed", ["jpeg8", "jpeg2k"])
def test_a_grey_stream_that_the_header_calls_colour_is_shown_with_a_word(decoder: Decoder, packed: str) -> None:
    import imagecodecs

    grey = (np.add.outer(np.arange(ROWS), np.arange(COLUMNS)) * 2).astype(np.uint8)
    stream = imagecodecs.jpeg8_encode(grey, level=100) if packed == "jpeg8" else _wavelet("j2k", grey)
    decoded = decoder.decode(bytes(stream), COLOUR, JPEG if packed == "jpeg8" else JPEG_2000)
    assert decoded.array.shape == (ROWS, COLUMNS, 3)
    assert np.abs(decoded.array - grey[..., None].astype(np.int16)).max() <= 2
    assert decoded.photometric_now == "RGB"
    assert [word.code for word in decoded.problems] == ["colour_label_corrected"]


def test_transparency_beside_three_colours_is_left_out(decoder: Decoder) -> None:
    ramp = (np.add.outer(np.arange(ROWS), np.arange(COLUMNS)) * 2).astype(np.uint8)
    colours = np.dstack([ramp, 255 - ramp, ramp // 2, np.full_like(ramp, 255)])
    header = replace(COLOUR, photometric="YBR_RCT")
    decoded = decoder.decode(_wavelet("j2k", colours), header, JPEG_2000)
    assert np.array_equal(decoded.array, colours[..., :3])
