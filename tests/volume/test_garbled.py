"""Bytes that never were a picture are noticed wherever they lie in it; what a scanner or a drawing makes is not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.volume.made import series_of, stacked
from viewer.codec.pool import Decoder
from viewer.disc.folder import FolderMedium
from viewer.geometry.plane import Plane
from viewer.jobs.budget import Budget
from viewer.volume.garbled import has_garbled_rows
from viewer.volume.neighbours import planes_of
from viewer.volume.reader import FrameReader
from viewer.volume.source import open_source

Y, X = np.mgrid[:100, :90]
SEEDS = st.integers(0, 2**32 - 1)


def is_told(picture: NDArray[np.uint16]) -> bool:
    return any(has_garbled_rows(plane) for plane in planes_of(picture))


def scanned(seed: int) -> NDArray[np.uint16]:
    """A body in noisy air, 12 bits in 16."""
    body = np.where(np.hypot(Y - 50, X - 45) < 35, 1000 + 10 * Y, 40)
    noisy: NDArray[np.uint16] = (
        (body + np.random.default_rng(seed).normal(0, 15, Y.shape)).clip(0, 4095).astype(np.uint16)
    )
    return noisy


def overwritten(picture: NDArray[np.uint16], first: int, count: int, seed: int, most: int) -> NDArray[np.uint16]:
    """Random values up to `most` from point `first` on."""
    made = picture.copy()
    place = made.reshape(-1)[first : first + count]
    place[:] = np.random.default_rng(seed).integers(0, most, len(place))
    return made


@pytest.mark.parametrize("most", [4096, 65536])
def test_random_bytes_of_some_rows_are_noticed(most: int) -> None:
    found = 0
    for seed in range(100):
        chance, picture = np.random.default_rng(seed), scanned(seed)
        assert not is_told(picture)
        first = 90 * int(chance.integers(0, 95)) + int(chance.integers(25, 76))
        found += is_told(overwritten(picture, first, int(chance.integers(3 * 90, 12 * 90)), seed, most))
    assert found >= 98


@given(SEEDS, st.integers(0, 90), st.integers(1, 9))
def test_a_second_picture_of_noise_below_the_first_is_laid_out_and_no_damage(seed: int, row: int, rows: int) -> None:
    assert not is_told(overwritten(scanned(seed), 90 * row, 90 * rows, seed, 4096))


@pytest.mark.parametrize("kind", ["all noise", "letters", "dots", "checks", "half"])
def test_what_is_rough_by_nature_is_no_damage(kind: str) -> None:
    picture, chance = scanned(1), np.random.default_rng(2)
    if kind == "all noise":
        picture = chance.integers(0, 4096, picture.shape).astype(np.uint16)
    elif kind == "letters":
        picture[80:90, 10:80] = np.where(chance.random((10, 70)) < 0.5, 4095, picture[80:90, 10:80])
    elif kind == "dots":
        picture[40, ::2] = 4095
        picture[60, 20:70:3] = 4095
    elif kind == "checks":
        picture = np.where((Y // 3 + X // 3) % 2, 3000, 200).astype(np.uint16)
    else:
        picture[:, 45:] = chance.integers(0, 4096, (100, 45))
    assert not is_told(picture)


@pytest.mark.parametrize("is_below", [True, False])
@pytest.mark.parametrize(("tilt", "curve"), [(0.05, 0.0), (0.15, 0.0), (-0.08, 0.0), (0.0, 0.001), (0.02, 0.003)])
def test_noisy_air_beside_a_body_that_fills_the_picture_is_no_damage(is_below: bool, tilt: float, curve: float) -> None:
    """As in maps of phase: values of air are any, and skin runs from edge to edge."""
    down, across = np.mgrid[:192, :192]
    for seed in range(12):
        chance = np.random.default_rng(seed)
        skin = 50 + 2 * seed + tilt * (across - 96) + curve * (across - 96) ** 2
        body = (2048 + 4 * (across - 96) + 3 * (down - 96) + chance.normal(0, 40, down.shape)).clip(0, 4095)
        picture = np.where(down < skin, chance.integers(0, 4096, down.shape), body).astype(np.uint16)
        assert not is_told(picture[::-1].copy() if is_below else picture)


def test_a_picture_with_foreign_bytes_carries_a_word(tmp_path: Path) -> None:
    voxels = np.stack([scanned(number) for number in range(3)])
    voxels[1] = overwritten(voxels[1], 3333, 1024, 7, 4096)
    reader = FrameReader(FolderMedium(tmp_path), Decoder(workers=1), Budget(2**28))
    source = open_source(series_of(tmp_path, voxels, stacked(3)), 0, reader)
    words = [[word.code for word in source.slice(Plane.NATIVE, index).problems] for index in range(3)]
    assert words == [[], ["picture_doubtful"], []]
