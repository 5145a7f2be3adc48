"""The size a picture is sent in: as large as the model takes it, never larger."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.picture.slices import make_slice
from viewer.answer.picture_size import TIERS, is_taken_as_it_is, patches, send_size
from viewer.picture.look import Look, Window
from viewer.picture.render import natural_size, render

FULL = Window(128, 256)


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    [(1024, 1024, 1369), (512, 512, 361), (960, 960, 1225), (1092, 1092, 1521), (1204, 991, 1548), (1, 1, 1)],
)
def test_a_picture_counts_its_patches(width: int, height: int, tokens: int) -> None:
    assert patches(width, height) == tokens


def test_what_a_model_takes_as_it_is_has_a_longest_edge_and_most_patches() -> None:
    assert is_taken_as_it_is(1568, 28, "standard")
    assert not is_taken_as_it_is(1569, 28, "standard")
    assert not is_taken_as_it_is(1400, 1400, "standard")
    assert is_taken_as_it_is(1400, 1400, "high")
    assert not is_taken_as_it_is(1400, 1400, "unheard of")


@pytest.mark.parametrize(
    ("source", "tier", "sent"),
    [
        ((256, 256), "standard", (1024, 1024)),
        ((320, 320), "high", (960, 960)),
        ((512, 512), "standard", (1024, 1024)),
        ((1024, 1024), "standard", (1024, 1024)),
        ((2140, 1760), "high", (2112, 1736)),
        ((3328, 2560), "standard", (1238, 952)),
        ((3328, 2560), "high", (2185, 1680)),
        ((2000, 2000), "standard", (1092, 1092)),
        ((2000, 2000), "high", (1932, 1932)),
        ((100, 20), "unheard of", (1000, 200)),
    ],
)
def test_sizes_to_send_follow_the_table(source: tuple[int, int], tier: str, sent: tuple[int, int]) -> None:
    assert send_size(*source, tier) == sent


@given(width=st.integers(1, 9000), height=st.integers(1, 9000), tier=st.sampled_from(["standard", "high"]))
def test_no_size_to_send_is_above_what_the_service_takes(width: int, height: int, tier: str) -> None:
    w, h = send_size(width, height, tier)
    assert max(w, h) <= TIERS[tier].edge
    assert patches(w, h) <= TIERS[tier].patches
    if max(width, height) * math.ceil(200 / min(width, height)) <= 1092:
        assert min(w, h) >= 200


@settings(deadline=None, max_examples=25)
@given(rows=st.integers(1, 700), columns=st.integers(1, 700), tall=st.floats(0.2, 5))
def test_rendering_at_the_size_to_send_stays_within_it(rows: int, columns: int, tall: float) -> None:
    slice_ = make_slice(np.zeros((rows, columns), np.uint8), aspect=tall)
    width, height = send_size(*natural_size(slice_), "standard")
    got = render(slice_, Look(), FULL, (width, height)).pixels.shape
    assert got[0] <= height
    assert got[1] <= width
    assert got[0] == height or got[1] == width
