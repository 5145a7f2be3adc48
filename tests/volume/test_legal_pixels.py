"""Odd but legal pictures: what is stored, and what is shown, is what the standard says, without a word of doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.volume.discs import opened
from tests.volume.legal_colour import COLOUR
from tests.volume.legal_looks import LOOKS
from tests.volume.legal_packed import PACKED
from tests.volume.legal_plain import PLAIN, floats
from viewer.codec.pool import Decoder
from viewer.geometry.plane import Plane
from viewer.jobs.budget import Budget
from viewer.picture.levels import grey_levels
from viewer.picture.window import default_window
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.source import open_source, stored_values

LEGAL = {**PLAIN, **COLOUR, **PACKED}
NOISE_ABOVE = "10 bits in 16, dirty above"  # of so small a picture: taken for damage, and masked all the same


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(workers=1)
    yield made
    made.close()


def sources(data: bytes, folder: Path, decoder: Decoder) -> Iterator[tuple[Source, FrameReader]]:
    """Each group of each series of a folder with this one file."""
    (folder / "IM").write_bytes(data)
    medium, index = opened(folder)
    reader = FrameReader(medium, decoder, Budget(2**26))
    for series in index.studies[0].series:
        for group in range(len(series.groups)):
            yield open_source(series, group, reader), reader


@pytest.mark.parametrize("name", LEGAL)
def test_the_values_are_those_that_were_stored(name: str, tmp_path: Path, decoder: Decoder) -> None:
    made = LEGAL[name]()
    found, words = [], set()
    for source, reader in sources(made.data, tmp_path, decoder):
        for index in range(source.count(Plane.NATIVE)):
            found.append(stored_values(source, index, reader))
            words |= {word.code for word in source.slice(Plane.NATIVE, index).problems}
    assert len(found) == len(made.wanted)
    for values, wanted in zip(found, made.wanted):
        assert values.shape == wanted.shape
        np.testing.assert_allclose(values, wanted, rtol=0, atol=made.most)
    assert words == ({"picture_doubtful"} if name == NOISE_ABOVE else set())


@pytest.mark.parametrize("name", LOOKS)
def test_the_picture_looks_as_its_own_header_says(name: str, tmp_path: Path, decoder: Decoder) -> None:
    made, shown = LOOKS[name](), []
    for source, _ in sources(made.data, tmp_path, decoder):
        for index in range(source.count(Plane.NATIVE)):
            cut = source.slice(Plane.NATIVE, index)
            window = default_window(cut, source.series.modality)
            levels = cut.values if window is None else grey_levels(cut, window)
            shown.append(255 - levels if cut.inverted else levels)
            assert cut.problems == ()
    assert len(shown) == len(made.wanted)
    for levels, wanted in zip(shown, made.wanted):
        assert np.array_equal(levels, wanted)


@pytest.mark.parametrize(
    ("keyword", "kind", "prefix"),
    [("FloatPixelData", "<f4", "Float"), ("DoubleFloatPixelData", "<f8", "DoubleFloat")],
)
def test_padding_of_real_numbers_is_left_out_too(
    keyword: str, kind: str, prefix: str, tmp_path: Path, decoder: Decoder
) -> None:
    limits = {f"{prefix}PixelPaddingValue": -100.0, f"{prefix}PixelPaddingRangeLimit": -20.5}
    made = floats(keyword, kind, **limits)
    ((source, _),) = sources(made.data, tmp_path, decoder)
    cut = source.slice(Plane.NATIVE, 0)
    assert cut.padding is not None
    with np.errstate(invalid="ignore"):
        assert np.array_equal(cut.padding, ~(made.wanted[0] > -20.5))
