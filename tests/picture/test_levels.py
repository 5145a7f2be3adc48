"""Levels: one mapping, two ways, equal bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.picture.slices import make_slice
from viewer.dicom.header import Lut
from viewer.picture.levels import LevelTable, grey_levels, map_rgb32, painted_levels
from viewer.picture.look import Window, WindowFunction
from viewer.picture.window import lut_windows, window_levels
from viewer.volume.slice import Slice

INTEGERS = st.sampled_from(["i1", "u1", "<i2", "<u2", ">i2", ">u2"]).map(np.dtype)
NO_LUT: tuple[Lut, ...] = ()
ONE_LUT = (Lut(-3, np.array([5, 200, 80], np.float32), 8),)
SHAPE = (4, 5)


@st.composite
def slices(draw: st.DrawFn) -> Slice:
    values = draw(hnp.arrays(draw(INTEGERS), SHAPE))
    return make_slice(
        values,
        slope=draw(st.sampled_from([1.0, 2.0, -1.0, 0.5, 1e-6, 1.53, -3.7, 1e4])),
        intercept=draw(st.sampled_from([0.0, -1024.0, 0.25, 1e5])),
        inverted=draw(st.booleans()),
        padding=draw(st.one_of(st.none(), hnp.arrays(np.bool_, SHAPE))),
        voi_luts=ONE_LUT if draw(st.booleans()) else NO_LUT,
    )


@st.composite
def windows(draw: st.DrawFn, slice_: Slice) -> Window:
    through_lut = draw(st.booleans())
    if through_lut and slice_.voi_luts:
        return lut_windows(slice_)[0]
    stored = draw(st.floats(-40_000, 70_000))
    width = draw(st.sampled_from([0.25, 1.0, 2.0, 255.0, 4096.0, 65_536.0])) * abs(slice_.slope)
    return Window(stored * slice_.slope + slice_.intercept, width, draw(st.sampled_from(list(WindowFunction))))


@settings(deadline=None)
@given(data=st.data())
def test_the_table_the_levels_and_the_formula_agree_bit_for_bit(data: st.DataObject) -> None:
    slice_ = data.draw(slices())
    window, inverted = data.draw(windows(slice_)), data.draw(st.booleans())
    levels = grey_levels(slice_, window, inverted)
    table = LevelTable()
    table.choose(window, inverted)
    words = map_rgb32(slice_, table, np.empty(SHAPE, np.uint32))
    assert (words == 0xFF000000 + levels.astype(np.uint32) * 0x010101).all()
    if window.origin != "lut":
        expected = window_levels(slice_.values.astype(np.float64) * slice_.slope + slice_.intercept, window)
        expected = ~expected if slice_.inverted != inverted else expected
        if slice_.padding is not None:
            expected[slice_.padding] = 0
        assert (levels == expected).all()


@settings(deadline=None)
@given(data=st.data())
def test_one_table_used_for_many_slices_never_shows_an_older_one(data: st.DataObject) -> None:
    table = LevelTable()
    for _ in range(4):
        slice_ = data.draw(slices())
        window = data.draw(windows(slice_))
        table.choose(window)
        words = map_rgb32(slice_, table, np.empty(SHAPE, np.uint32))
        assert (words & 0xFF == grey_levels(slice_, window)).all()


def test_the_order_is_rescale_then_window_then_monochrome1() -> None:
    ramp = np.arange(0, 1000, 100, dtype=np.int16).reshape(2, 5)
    straight = make_slice(ramp, slope=2.0, intercept=-1000.0)
    window = Window(0, 1000, WindowFunction.LINEAR_EXACT)
    assert grey_levels(straight, window).tolist() == [[0, 0, 0, 26, 77], [128, 179, 230, 255, 255]]
    turned = grey_levels(make_slice(ramp, slope=2.0, intercept=-1000.0, inverted=True), window)
    assert (turned == 255 - grey_levels(straight, window)).all()
    assert (grey_levels(make_slice(ramp, slope=2.0, intercept=-1000.0, inverted=True), window, inverted=True)
            == grey_levels(straight, window)).all()  # fmt: skip


def test_a_negative_slope_leaves_the_largest_value_brightest() -> None:
    values = np.random.default_rng(2).permutation(100).astype(np.int16).reshape(10, 10)
    slice_ = make_slice(values, slope=-1.0)
    levels = grey_levels(slice_, Window(-50, 200))
    assert np.argmax(levels) == np.argmax(slice_.modality_values())


@pytest.mark.parametrize("inverted", [False, True])
def test_padding_and_what_is_no_number_stay_black(inverted: bool) -> None:
    values = np.array([[1.0, np.nan, np.inf, -np.inf, 0.5]], np.float32)
    padding = np.array([[True, False, False, False, False]])
    levels = grey_levels(make_slice(values, padding=padding), Window(0.5, 1.0, WindowFunction.LINEAR_EXACT), inverted)
    assert levels[0, :4].tolist() == [0, 0, 0, 0]
    assert levels[0, 4] in (127, 128)


@pytest.mark.parametrize("kind", ["i2", "i4", "f4"])
def test_painted_both_ways_alike_and_what_is_no_value_stays_black(kind: str) -> None:
    paint = "".join(f"{level:02x}{255 - level:02x}80" for level in range(256))
    values = np.arange(20).reshape(SHAPE).astype(np.dtype(kind))
    padding = np.zeros(SHAPE, np.bool_)
    padding[0, :2] = True
    if values.dtype.kind == "f":
        values[3, 4] = np.nan
    slice_ = make_slice(values, padding=padding)
    window = Window(10, 20, WindowFunction.LINEAR_EXACT)
    painted = painted_levels(slice_, window, False, paint)
    levels = grey_levels(slice_, window)
    black = padding | ~np.isfinite(values)
    assert not painted[black].any()
    assert (painted[~black] == np.stack([levels, 255 - levels, np.full(SHAPE, 128)], -1)[~black]).all()
    table = LevelTable()
    table.choose(window)
    assert (map_rgb32(slice_, table, np.empty(SHAPE, np.uint32)) & 255 == levels).all()
    table.choose(window, False, paint)
    words = map_rgb32(slice_, table, np.empty(SHAPE, np.uint32))
    assert (np.stack([words >> 16, words >> 8, words], -1) & 255 == painted).all()


def test_colour_passes_unchanged_whatever_the_window() -> None:
    colours = np.random.default_rng(3).integers(0, 256, (3, 4, 3)).astype(np.uint8)
    slice_ = make_slice(colours)
    assert (grey_levels(slice_, Window(10, 1), inverted=True) == colours).all()
    words = map_rgb32(slice_, LevelTable(), np.empty((3, 4), np.uint32))
    red, green, blue = (colours[..., channel].astype(np.uint32) for channel in range(3))
    assert (words == 0xFF000000 | red << 16 | green << 8 | blue).all()


def test_long_integers_and_strided_cuts_are_mapped_too() -> None:
    volume = np.arange(2 * 3 * 4, dtype=np.int16).reshape(2, 3, 4)
    window = Window(12, 24, WindowFunction.LINEAR_EXACT)
    table = LevelTable()
    table.choose(window)
    for cut in (volume[:, :, 1], volume[:, 1, :], volume[1, ::-1, ::2]):
        words = map_rgb32(make_slice(cut), table, np.empty(cut.shape, np.uint32))
        assert (words & 0xFF == grey_levels(make_slice(cut.astype(np.int32)), window)).all()
