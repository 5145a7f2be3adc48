"""The one picture function: shape, orientation, place in the body, size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.picture.judge import binned, windowed
from tests.picture.slices import AXIAL, SAGITTAL, affine, make_slice
from viewer.geometry.letters import direction_letters
from viewer.picture.levels import grey_levels
from viewer.picture.look import Look, Region, Window, WindowFunction
from viewer.picture.render import (
    area_average,
    letters_of,
    render,
    resized,
    scale_bar,
    thumbnail,
)
from viewer.volume.slice import Slice

FULL = Window(127.5, 255, WindowFunction.LINEAR_EXACT)
LOOKS = st.builds(Look, st.none(), st.booleans(), st.booleans(), st.integers(0, 7))


def grey(rows: int, columns: int) -> Slice:
    values = np.random.default_rng(rows * 1000 + columns).integers(0, 256, (rows, columns)).astype(np.uint8)
    return make_slice(values)


@settings(deadline=None)
@given(look=LOOKS, rows=st.integers(2, 9), columns=st.integers(2, 9), factor=st.integers(1, 4))
def test_every_picture_pixel_shows_the_slice_pixel_it_says(look: Look, rows: int, columns: int, factor: int) -> None:
    slice_ = make_slice(np.arange(rows * columns, dtype=np.uint8).reshape(rows, columns))
    longest = max(rows, columns) * factor
    picture = render(slice_, look, FULL, (longest, longest))
    levels = grey_levels(slice_, FULL, look.inverted)
    height, width = picture.pixels.shape
    for y in range(height):
        for x in range(width):
            column, row, _ = picture.to_slice @ np.array([x, y, 1.0])
            assert picture.pixels[y, x] == levels[round(row), round(column)]


@settings(deadline=None)
@given(look=LOOKS, x0=st.integers(0, 5), y0=st.integers(0, 5), w=st.integers(1, 6), h=st.integers(1, 6))
def test_a_region_is_cut_out_of_the_whole_picture_and_keeps_its_place(
    look: Look, x0: int, y0: int, w: int, h: int
) -> None:
    slice_ = make_slice(
        np.arange(144, dtype=np.uint8).reshape(12, 12), affine=affine(AXIAL, (0.7, 0.7), (10.0, -20.0, 30.0)),
        pixel_mm=(0.7, 0.7),
    )  # fmt: skip
    region = Region(x0, y0, x0 + w, y0 + h)
    part, whole = render(slice_, look, FULL, region=region), render(slice_, look, FULL)
    assert part.affine is not None
    assert whole.affine is not None
    assert part.region == region
    assert part.mm_per_pixel == pytest.approx(0.7)
    into_whole = np.linalg.inv(whole.to_slice) @ part.to_slice
    for y, x in np.ndindex(part.pixels.shape):
        at_x, at_y, _ = into_whole @ np.array([x, y, 1.0])
        assert part.pixels[y, x] == whole.pixels[round(at_y), round(at_x)]
        here = (part.affine @ np.array([x, y, 0, 1.0]))[:3]
        there = (whole.affine @ np.array([at_x, at_y, 0, 1.0]))[:3]
        assert here == pytest.approx(there)


@settings(deadline=None)
@given(look=LOOKS, orientation=st.sampled_from([AXIAL, SAGITTAL]))
def test_the_letters_agree_with_the_place_of_the_pixels(look: Look, orientation: tuple[float, ...]) -> None:
    slice_ = make_slice(
        np.zeros((6, 8), np.uint8), affine=affine(orientation, (2.0, 0.5), (0, 0, 0)), pixel_mm=(2.0, 0.5)
    )
    picture = render(slice_, look, FULL)
    assert picture.affine is not None
    assert picture.letters is not None
    assert picture.letters.right == direction_letters(picture.affine[:3, 0])
    assert picture.letters.bottom == direction_letters(picture.affine[:3, 1])
    assert picture.letters.left != picture.letters.right


def test_patient_orientation_gives_letters_where_there_is_no_plane_and_nothing_gives_none() -> None:
    slice_ = make_slice(np.zeros((4, 4), np.uint8), letters_hint=("A", "F"))
    upright = letters_of(slice_, Look())
    assert upright is not None
    assert (upright.left, upright.right, upright.top, upright.bottom) == ("P", "A", "H", "F")
    flipped = letters_of(slice_, Look(flipped=True, turned=1))  # right = −down = H, down = right = P
    assert flipped is not None
    assert (flipped.left, flipped.right, flipped.top, flipped.bottom) == ("F", "H", "A", "P")
    assert letters_of(make_slice(np.zeros((4, 4), np.uint8)), Look()) is None


@pytest.mark.parametrize("turned", [0, 1])
def test_unequal_pixels_become_square_so_that_a_disc_stays_round(turned: int) -> None:
    rows, columns = np.mgrid[0:50, 0:200]
    disc = ((columns - 99.5) * 0.5) ** 2 + ((rows - 24.5) * 2.0) ** 2 <= 40**2
    slice_ = make_slice(disc.astype(np.uint8) * 255, pixel_mm=(2.0, 0.5))
    for size in (None, (100, 100), (64, 300), (431, 433)):
        picture = render(slice_, Look(turned=turned), FULL, size)
        height, width = picture.pixels.shape
        assert picture.mm_per_pixel is not None
        assert picture.mm_per_pixel == pytest.approx(100 / width, rel=0.02)
        across = np.count_nonzero(picture.pixels[height // 2] > 127) * picture.mm_per_pixel
        down = np.count_nonzero(picture.pixels[:, width // 2] > 127) * picture.mm_per_pixel
        assert across == pytest.approx(80, abs=4)
        assert down == pytest.approx(80, abs=4)


def test_a_ratio_alone_gives_the_shape_but_no_millimetres() -> None:
    picture = render(make_slice(np.zeros((30, 40), np.uint8), aspect=4 / 3), Look(), FULL)
    assert picture.pixels.shape == (40, 40)
    assert picture.mm_per_pixel is None
    assert render(make_slice(np.zeros((3, 4), np.uint8), aspect=0.0), Look(), FULL).pixels.shape == (3, 4)


def test_a_picture_is_enlarged_by_a_whole_number_and_made_smaller_to_fit() -> None:
    slice_ = grey(30, 40)
    assert render(slice_, Look(), FULL, (139, 200)).pixels.shape == (90, 120)
    assert render(slice_, Look(), FULL, (40, 29)).pixels.shape == (29, 39)
    assert thumbnail(slice_, 12).pixels.shape == (9, 12)
    assert thumbnail(make_slice(np.zeros((1, 5000), np.uint8)), 12).pixels.shape == (1, 12)


def test_making_smaller_is_the_mean_over_the_area() -> None:
    levels = np.random.default_rng(5).integers(0, 256, (60, 90)).astype(np.uint8)
    ours = resized(levels, 20, 30).astype(float)
    judge = binned(levels, 3)
    assert np.abs(ours - judge).max() <= 1.0
    uneven = area_average(np.array([[0, 100, 200]], np.uint8), 2, axis=1)
    assert uneven.tolist() == [[33, 167]]


def test_the_pixels_of_the_window_agree_with_another_program() -> None:
    values = np.random.default_rng(6).integers(-1024, 3000, (40, 40)).astype(np.int16)
    picture = render(make_slice(values), Look(), Window(300, 1500, WindowFunction.LINEAR_EXACT), (40, 40))
    judge = windowed(values, -450, 1050)
    assert np.abs(picture.pixels - judge).max() <= 0.5 + 1e-9


def test_a_region_off_the_slice_is_refused_and_one_over_its_edge_clipped() -> None:
    slice_ = grey(10, 10)
    with pytest.raises(ValueError, match="outside"):
        render(slice_, Look(), FULL, region=Region(10, 0, 20, 5))
    assert render(slice_, Look(), FULL, region=Region(-5, 8, 3, 99)).region == Region(0, 8, 3, 10)
    assert render(slice_, Look(), FULL, region=Region(0, 0, 10, 10)).region is None


def test_colour_keeps_its_three_channels_through_every_step() -> None:
    colours = np.random.default_rng(7).integers(0, 256, (8, 6, 3)).astype(np.uint8)
    picture = render(make_slice(colours), Look(turned=1, flipped=True), size=(16, 12))
    assert picture.window is None
    assert picture.pixels.shape == (12, 16, 3)
    assert (picture.pixels[::2, ::2] == np.rot90(colours[:, ::-1], -1)).all()


@pytest.mark.parametrize(
    ("mm", "room", "words"),
    [(0.7, 200, "100 mm"), (0.5, 130, "50 mm"), (1.0, 49, "20 mm"), (0.01, 30, "0.2 mm"), (0.25, 4000, "1000 mm")],
)
def test_the_scale_bar_is_the_longest_round_length_that_fits(mm: float, room: float, words: str) -> None:
    bar = scale_bar(mm, room)
    assert bar is not None
    assert bar.words == words
    assert bar.pixels <= room * (1 + 1e-6)
    assert bar.pixels * mm == pytest.approx(bar.mm)


@given(mm=st.floats(1e-3, 50), room=st.floats(1, 5000))
def test_any_scale_bar_fits_and_fills_at_least_two_fifths(mm: float, room: float) -> None:
    bar = scale_bar(mm, room)
    assert bar is not None
    assert 0.39 * room <= bar.pixels <= room * (1 + 1e-5)


def test_without_a_scale_there_is_no_bar() -> None:
    assert scale_bar(None, 100) is None
    assert scale_bar(float("nan"), 100) is None
    assert scale_bar(1.0, 0) is None
