"""A picture of grey and colour in one, as ultrasound scanners store them (PS3.3 C.7.6.19, rule R-C7)."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from tests.dicom.made import data_set, header, picture_elements, us, wrapped
from tests.volume.looked_at import slice_of

STORED = np.arange(64).reshape(8, 8)
FIRST = 40  # from here on values are colours
COLOURS = np.stack([np.arange(24) * 10, 255 - np.arange(24) * 10, np.full(24, 7)], axis=1)


def written(presentation: str, window: bool, signed: bool) -> bytes:
    low = 0 if not signed else -20
    elements = picture_elements() | {
        0x00280101: ("US", us(16)), 0x00280102: ("US", us(15)), 0x00280103: ("US", us(int(signed))),
        0x7FE00010: ("OW", (STORED + low).astype("<i2").tobytes()),
    }  # fmt: skip
    if presentation:
        elements[0x00089205] = ("CS", presentation)
    if window:
        elements |= {0x00281050: ("DS", str(20 + low)), 0x00281051: ("DS", "20"), 0x00281056: ("CS", "LINEAR_EXACT")}
    for number in range(3):
        elements[0x00281101 + number] = ("SS" if signed else "US", struct.pack("<HhH", 24, FIRST + low, 16))
        elements[0x00281201 + number] = ("OW", (COLOURS[:, number] << 8).astype("<u2").tobytes())
    return wrapped(data_set(elements))


@pytest.mark.parametrize("window", [True, False])
@pytest.mark.parametrize("signed", [True, False])
def test_values_below_the_first_colour_are_grey(signed: bool, window: bool, tmp_path: Path) -> None:
    (tmp_path / "A").write_bytes(written("MIXED", window, signed))
    shown = slice_of(tmp_path)[0].values.astype(np.int64)
    assert np.array_equal(shown[STORED >= FIRST], COLOURS)
    grey = shown[STORED < FIRST]
    assert (grey == grey[:, :1]).all()
    if window:
        expected = np.clip((np.arange(FIRST) - 10) / 20 * 255, 0, 255)
        assert np.abs(grey[:, 0] - expected).max() <= 1
    elif not signed:
        assert (int(grey[0, 0]), int(grey[-1, 0])) == (0, 255)


@pytest.mark.parametrize("presentation", ["", "MONOCHROME", "COLOR"])
def test_a_palette_that_nothing_calls_for_leaves_the_values_grey(presentation: str) -> None:
    made = header(written(presentation, window=False, signed=False))
    assert made.pixels is not None
    assert made.pixels.photometric == "MONOCHROME2"
