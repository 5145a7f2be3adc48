"""Colour profiles of pictures, against LittleCMS (rule R-C6), and values that were meant to be shown in colours."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.dicom.made import codes, data_set, header, picture_elements, us, wrapped
from viewer.dicom.header import Header
from viewer.dicom.profile import colour_profile, to_screen
from viewer.volume.colour import rgb

CHANCE = np.random.default_rng(3)
COLOURS = CHANCE.integers(0, 256, (8, 8, 3)).astype(np.uint8)
D65 = (0.3127, 0.3290, 1.0)
WIDE = (0.64, 0.33, 0.21, 0.71, 0.15, 0.06)  # Adobe RGB
SWAPPED = (0.15, 0.06, 0.30, 0.60, 0.64, 0.33)  # blue is red and red is blue


def profile(primaries: tuple[float, ...], gamma: float) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.cms_profile("rgb", whitepoint=D65, primaries=primaries, gamma=gamma))


def judged(samples: NDArray[np.uint8], raw: bytes) -> NDArray[np.uint8]:
    import imagecodecs

    screen = imagecodecs.cms_profile("srgb")
    return np.asarray(imagecodecs.cms_transform(samples, raw, screen, colorspace="rgb", intent=1))


def colour_file(raw: bytes, photometric: str = "RGB") -> Header:
    elements = picture_elements() | {
        0x00280002: ("US", us(3)), 0x00280004: ("CS", photometric), 0x00280006: ("US", us(0)), 0x00282000: ("OB", raw),
        0x00280100: ("US", us(8)), 0x00280101: ("US", us(8)), 0x00280102: ("US", us(7)),
        0x7FE00010: ("OB", COLOURS.tobytes()),
    }  # fmt: skip
    return header(wrapped(data_set(elements)))


@pytest.mark.parametrize("gamma", [1.0, 1.8, 2.2])
@pytest.mark.parametrize("primaries", [WIDE, SWAPPED], ids=["wide", "swapped"])
def test_colours_become_those_of_the_screen(primaries: tuple[float, ...], gamma: float) -> None:
    raw = profile(primaries, gamma)
    made = colour_file(raw)
    assert made.pixels is not None
    shown = rgb(COLOURS, "RGB", made.pixels, made.profile).astype(int)
    assert np.abs(shown - judged(COLOURS, raw)).max() <= 2
    assert np.abs(shown - COLOURS).max() > 20
    assert codes(made) == set()


def test_a_profile_of_the_screen_changes_nothing() -> None:
    import imagecodecs

    assert colour_file(bytes(imagecodecs.cms_profile("srgb"))).profile is None


@pytest.mark.parametrize("raw", [b"", bytes(400), b"\0" * 36 + b"acsp" + bytes(200), profile(WIDE, 2.2)[:300]])
def test_a_profile_that_cannot_be_read_is_said(raw: bytes) -> None:
    made = colour_file(raw)
    assert made.profile is None
    assert codes(made) == ({"colour_profile_unknown"} if raw else set())


def test_a_palette_takes_the_profile_itself_and_grey_none() -> None:
    raw = profile(SWAPPED, 2.2)
    told = picture_elements() | {0x00280004: ("CS", "PALETTE COLOR"), 0x00282000: ("OB", raw)}
    for number in (1, 2, 3):
        told[0x00281100 + number] = ("US", struct.pack("<3H", 64, 0, 8))
        told[0x00281200 + number] = ("OW", COLOURS[:, :, number - 1].tobytes())
    made = header(wrapped(data_set(told)))
    assert made.palette is not None
    assert np.abs(made.palette.colours.astype(int) - judged(COLOURS, raw).reshape(-1, 3)).max() <= 2
    grey = header(wrapped(data_set(picture_elements() | {0x00282000: ("OB", raw)})))
    assert (grey.profile, codes(grey)) == (None, set())


@given(st.binary(max_size=64), st.integers(0, 600))
def test_any_bytes_give_colours_or_none(noise: bytes, at: int) -> None:
    whole = profile(WIDE, 2.2)
    found, _ = colour_profile(whole[:at] + noise + whole[at + len(noise) :])
    if found is not None:
        assert to_screen(COLOURS, found).shape == COLOURS.shape


def test_values_that_were_coloured_stay_grey_and_it_is_said() -> None:
    told = picture_elements() | {0x00089205: ("CS", "COLOR")}
    for number in (1, 2, 3):
        told[0x00281100 + number] = ("US", struct.pack("<3H", 64, 0, 8))
        told[0x00281200 + number] = ("OW", bytes(64))
    made = header(wrapped(data_set(told)))
    assert made.pixels is not None
    assert (made.pixels.photometric, codes(made)) == ("MONOCHROME2", {"meant_in_colour"})
