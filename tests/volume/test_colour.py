"""Colours of every stored form come out as the red, green and blue that went in; the stream is believed before the header."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from viewer.codec.native import unpack
from viewer.codec.pool import Decoder
from viewer.dicom.header import Palette, PixelDescription
from viewer.volume.colour import from_palette, rgb

CHANCE = np.random.default_rng(4)
WANTED = np.clip(np.add.outer(np.arange(32) * 5, np.arange(48) * 2)[..., None] + [20, 60, 5], 0, 255).astype(np.uint8)
FULL = np.array([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
JPEG, J2K, RLE = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.5"


def description(photometric: str, bits: int = 8, planar: int = 0) -> PixelDescription:
    return PixelDescription(32, 48, 3, bits, bits, bits - 1, False, photometric, planar)


def ybr(partial: bool) -> np.ndarray:
    """The wanted picture as luminance and two differences (PS3.3 C.7.6.3.1.2), as floats."""
    scale = np.array([219, 224, 224]) / 255 if partial else np.ones(3)
    return np.asarray((WANTED @ FULL.T) * scale + np.array([16 if partial else 0, 128, 128]))


def near(found: np.ndarray, steps: int) -> bool:
    return bool(np.abs(found.astype(int) - WANTED).max() <= steps)


@pytest.mark.parametrize(
    ("photometric", "samples"),
    [
        ("RGB", WANTED),
        ("YBR_FULL", ybr(False)),
        ("YBR_PARTIAL_444", ybr(True)),
        ("YBR_RCT", WANTED),
        ("YBR_ICT", WANTED),
    ],
)
@pytest.mark.parametrize("planar", [0, 1])
def test_native_colour_by_pixel_and_by_plane(photometric: str, samples: np.ndarray, planar: int) -> None:
    stored = np.rint(samples).astype(np.uint8)
    data = (np.moveaxis(stored, 2, 0) if planar else stored).tobytes()
    frame = unpack(data, description(photometric, planar=planar))
    assert near(rgb(frame.array, photometric, description(photometric)), 3)


@pytest.mark.parametrize(("photometric", "partial"), [("YBR_FULL_422", False), ("YBR_PARTIAL_422", True)])
def test_chroma_shared_by_two_pixels(photometric: str, partial: bool) -> None:
    stored = np.rint(ybr(partial)).astype(np.uint8)
    pairs = stored.reshape(32, 24, 2, 3)
    packed = np.stack([pairs[:, :, 0, 0], pairs[:, :, 1, 0], pairs[:, :, 0, 1], pairs[:, :, 0, 2]], axis=-1)
    frame = unpack(packed.tobytes(), description(photometric))
    assert near(rgb(frame.array, photometric, description(photometric)), 6)


def test_sixteen_bits_keep_the_upper_eight() -> None:
    deep = WANTED.astype("<u2") << 8 | 0x77
    frame = unpack(deep.tobytes(), description("RGB", 16))
    assert near(rgb(frame.array, "RGB", description("RGB", 16)), 0)


def test_a_palette_beyond_its_ends_shows_its_ends() -> None:
    colours = CHANCE.integers(0, 256, (10, 3)).astype(np.uint8)
    indices = np.array([[0, 5, 9], [14, 20, 65535]], np.uint16)
    shown = from_palette(indices, Palette(5, colours))
    assert shown.tolist() == colours[[[0, 0, 4], [9, 9, 9]]].tolist()


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(workers=1)
    yield made
    made.close()


@pytest.mark.parametrize("header", ["RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"])
@pytest.mark.parametrize("inside", ["YCBCR", "RGB"])
def test_what_a_jpeg_says_of_its_colours_beats_the_header(decoder: Decoder, header: str, inside: str) -> None:
    import imagecodecs

    stream = bytes(
        imagecodecs.jpeg8_encode(WANTED, level=98, colorspace="RGB", outcolorspace=inside, subsampling="444")
    )
    told = description(header)
    frame = decoder.decode(stream, told, JPEG)
    assert near(rgb(frame.array, frame.photometric_now, told), 8)


@pytest.mark.parametrize("header", ["RGB", "YBR_RCT", "YBR_ICT"])
def test_a_jpeg_2000_with_its_own_transform_gives_red_green_and_blue(decoder: Decoder, header: str) -> None:
    import imagecodecs

    stream = bytes(imagecodecs.jpeg2k_encode(WANTED, codecformat="j2k", level=0, reversible=True, mct=True))
    told = description(header)
    frame = decoder.decode(stream, told, J2K)
    assert near(rgb(frame.array, frame.photometric_now, told), 0)
