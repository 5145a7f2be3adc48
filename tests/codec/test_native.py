"""Native pixel data of every shape comes out as the numbers that were put in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.codec.native import frame_span, unpack
from viewer.dicom.header import PixelDescription
from viewer.problem import ProblemError


@st.composite
def layouts(draw: st.DrawFn) -> PixelDescription:
    allocated = draw(st.sampled_from([8, 16, 32]))
    stored = draw(st.integers(1, allocated))
    high = draw(st.integers(stored - 1, allocated - 1))
    rows, columns = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    return PixelDescription(rows, columns, 1, allocated, stored, high, draw(st.booleans()))


@given(layouts(), st.randoms(use_true_random=False), st.booleans())
def test_stored_bits_are_found_wherever_they_lie_and_whatever_fills_the_rest(
    layout: PixelDescription, random: object, big_endian: bool
) -> None:
    draw = random.randrange  # type: ignore[attr-defined]
    count, bits = layout.rows * layout.columns, layout.bits_stored
    low = -(1 << (bits - 1)) if layout.is_signed else 0
    wanted = [draw(low, low + (1 << bits)) for _ in range(count)]
    shift, mask = layout.high_bit + 1 - bits, (1 << bits) - 1
    garbage = [draw(1 << layout.bits_allocated) & ~(mask << shift) for _ in range(count)]
    words = np.array([rest | (value & mask) << shift for value, rest in zip(wanted, garbage)], np.uint64)
    order = ">" if big_endian else "<"
    data = words.astype(f"{order}u{layout.bits_allocated // 8}").tobytes()
    frame = unpack(data, layout, big_endian)
    assert frame.array.ravel().tolist() == wanted
    assert frame.padding is None


@given(st.integers(1, 5), st.integers(1, 9), st.integers(1, 9), st.data())
def test_frames_of_single_bits_follow_one_another_without_a_gap(
    frames: int, rows: int, columns: int, data: st.DataObject
) -> None:
    layout = PixelDescription(rows, columns, 1, 1, 1, 0)
    flags = np.array(
        data.draw(st.lists(st.booleans(), min_size=frames * rows * columns, max_size=frames * rows * columns))
    )
    packed = np.packbits(flags, bitorder="little").tobytes()
    for number, wanted in enumerate(flags.reshape(frames, rows, columns), 1):
        start, size, first = frame_span(layout, number)
        frame = unpack(packed[start : start + size], layout, first_bit=first)
        assert np.array_equal(frame.array, wanted)


def test_twelve_bits_in_twelve_are_unpacked() -> None:
    values = np.array([[0x123, 0xFED, 0x00F, 0xABC]], np.uint32)
    bits = (values[..., None] >> np.arange(12)) & 1
    data = np.packbits(bits.astype(np.uint8).ravel(), bitorder="little").tobytes()
    assert unpack(data, PixelDescription(1, 4, 1, 12, 12, 11)).array.tolist() == values.tolist()


def test_planes_of_colour_become_pixels() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    by_plane = PixelDescription(2, 4, 3, 8, 8, 7, photometric="RGB", planar=1)
    assert np.array_equal(unpack(np.moveaxis(pixels, 2, 0).tobytes(), by_plane).array, pixels)


def test_shared_chroma_is_given_to_both_pixels() -> None:
    layout = PixelDescription(1, 4, 3, 8, 8, 7, photometric="YBR_FULL_422")
    frame = unpack(bytes([10, 20, 100, 200, 30, 40, 101, 201]), layout)
    assert frame.array.tolist() == [[[10, 100, 200], [20, 100, 200], [30, 101, 201], [40, 101, 201]]]


def test_double_values_keep_all_their_digits() -> None:
    values = np.array([[1 / 3, np.nan]])
    frame = unpack(values.tobytes(), PixelDescription(1, 2, bits_allocated=64, float_kind="double"))
    assert np.array_equal(frame.array, values, equal_nan=True)


def test_what_is_missing_at_the_end_is_marked_and_the_rest_is_right() -> None:
    values = np.arange(20, dtype="<u2").reshape(4, 5)
    frame = unpack(values.tobytes()[:-7], PixelDescription(4, 5))
    assert frame.padding is not None
    assert frame.padding.sum() == 4
    assert np.array_equal(frame.array[~frame.padding], values[~frame.padding])
    assert [word.code for word in frame.problems] == ["pixels_cut_off"]


@pytest.mark.parametrize(
    "layout",
    [
        PixelDescription(65535, 65535, bits_allocated=32, bits_stored=32, high_bit=31),
        PixelDescription(0, 5),
        PixelDescription(5, 5, samples=4),
        PixelDescription(5, 5, bits_stored=17, high_bit=16),
        PixelDescription(5, 5, bits_allocated=64, bits_stored=64, high_bit=63),
    ],
)
def test_impossible_descriptions_are_refused_before_memory_is_taken(layout: PixelDescription) -> None:
    with pytest.raises(ProblemError) as caught:
        unpack(b"\1\2\3\4", layout)
    assert caught.value.problem.code in ("picture_too_large", "picture_contradicts")
