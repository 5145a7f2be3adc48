"""Single points of a colour of their own are noticed in pictures that are grey or of one tint; drawn colours are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from viewer.volume.tints import has_tinted_points


def shades(seed: int = 1) -> NDArray[np.uint8]:
    """A grey picture of 60 × 50 points, stored in colour."""
    grey = np.random.default_rng(seed).normal(90, 30, (60, 50)).clip(0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


@given(st.integers(0, 59), st.integers(0, 49), st.integers(0, 2), st.integers(2, 7), st.sampled_from([0, 18]))
def test_a_bit_of_one_colour_is_noticed(row: int, column: int, channel: int, bit: int, tint: int) -> None:
    picture = shades()
    if tint:
        picture[..., 2] = tint
    assert not has_tinted_points(picture)
    picture[row, column, channel] ^= 1 << bit
    assert has_tinted_points(picture) == (not tint or channel < 2)


def test_colours_that_are_drawn_or_rounded_are_no_damage() -> None:
    drawn = shades()
    drawn[20:22, 30:33] = 255, 200, 0  # a mark
    dotted = shades()
    dotted[10, ::5] = 0, 255, 0
    rounded = shades()
    rounded[[3, 30, 40], [4, 20, 30], 1] += 1
    photograph = np.random.default_rng(2).integers(0, 256, (60, 50, 3), np.uint8)
    assert not any(has_tinted_points(picture) for picture in (drawn, dotted, rounded, photograph))


@pytest.mark.parametrize("shape", [(60, 50), (12, 50, 3)])
def test_grey_pictures_and_tiny_ones_are_not_judged(shape: tuple[int, ...]) -> None:
    picture = np.zeros(shape, np.uint8)
    picture[5, 5, ...] = 255
    assert not has_tinted_points(picture)
