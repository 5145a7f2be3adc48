"""Windows: the standard's formulas to the last level, and where a window comes from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.picture.judge import windowed
from tests.picture.slices import make_series, make_slice
from viewer.dicom.header import FileWindow, Lut
from viewer.picture.levels import grey_levels
from viewer.picture.look import Window, WindowFunction
from viewer.picture.presets import preset_rows, presets_for
from viewer.picture.window import (
    automatic_window,
    default_window,
    drag_window,
    lut_windows,
    window_levels,
    window_of_values,
)

FUNCTIONS = list(WindowFunction)
GOLDEN = [
    (40, 400, [-161, -160, -159, 0, 39, 40, 41, 239, 240, 241], {
        "LINEAR": [0, 0, 1, 102, 127, 128, 128, 255, 255, 255],
        "LINEAR_EXACT": [0, 0, 1, 102, 127, 128, 128, 254, 255, 255],
        "SIGMOID": [30, 30, 31, 102, 127, 128, 128, 224, 225, 225],
    }),
    (2, 1, [0, 1, 2, 3], {"LINEAR": [0, 0, 255, 255], "LINEAR_EXACT": [0, 0, 128, 255], "SIGMOID": [0, 5, 128, 250]}),
    (2048, 4096, [0, 1, 2047, 2048, 4094, 4095], {
        "LINEAR": [0, 0, 127, 128, 255, 255],
        "LINEAR_EXACT": [0, 0, 127, 128, 255, 255],
        "SIGMOID": [30, 30, 127, 128, 225, 225],
    }),
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("centre", "width", "values", "levels"), GOLDEN)
def test_the_golden_vectors_of_the_standard_hold(
    centre: float, width: float, values: list[float], levels: dict[str, list[int]], function: WindowFunction
) -> None:
    shown = window_levels(np.array(values, np.float64), Window(centre, width, function))
    assert shown.tolist() == levels[function.value]


def test_a_width_below_one_is_a_ramp_on_parametric_maps() -> None:
    shown = window_levels(np.array([0.0009, 0.001, 0.0015, 0.002, 0.0021]), Window(0.0015, 0.001))
    assert shown.tolist() == [0, 0, 128, 255, 255]


@given(
    centre=st.floats(allow_nan=True, allow_infinity=True),
    width=st.floats(allow_nan=True, allow_infinity=True),
    function=st.sampled_from(FUNCTIONS),
    values=st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1, max_size=20),
)
def test_any_window_gives_rising_levels_and_no_failure(
    centre: float, width: float, function: WindowFunction, values: list[float]
) -> None:
    shown = window_levels(np.array(sorted(values), np.float64), Window(centre, width, function)).astype(int)
    assert shown.dtype == int
    assert (np.diff(shown) >= 0).all()


def test_linear_exact_agrees_with_another_program() -> None:
    values = np.random.default_rng(1).integers(-1000, 1000, (64, 64)).astype(np.int16)
    window = Window(40, 400, WindowFunction.LINEAR_EXACT)
    judge = windowed(values, -160, 240)
    ours = grey_levels(make_slice(values), window)
    assert np.abs(ours - judge).max() <= 0.5 + 1e-9


def test_the_files_first_sound_window_wins_and_others_are_skipped() -> None:
    windows = (
        FileWindow(50, 0),
        FileWindow(math.nan, 10),
        FileWindow(40, -3),
        FileWindow(30, 300, "sigmoid ", "brain"),
    )
    window = default_window(make_slice(np.zeros((4, 4), np.int16), windows=windows))
    assert window == Window(30, 300, WindowFunction.SIGMOID, "brain", "file")
    odd = default_window(make_slice(np.zeros((4, 4), np.int16), windows=(FileWindow(1, 2, "S"),)))
    assert odd is not None
    assert odd.function is WindowFunction.LINEAR


def test_a_file_window_that_shows_only_black_or_white_is_passed_over() -> None:
    values = np.arange(100, dtype=np.int16).reshape(10, 10)
    for missed in (FileWindow(5000, 100), FileWindow(-5000, 100)):
        window = default_window(make_slice(values, windows=(missed,)))
        assert window is not None
        assert window.origin == "auto"
        second = default_window(make_slice(values, windows=(missed, FileWindow(50, 100))))
        assert second is not None
        assert second.centre == 50
    flat = default_window(make_slice(np.zeros((4, 4), np.int16), windows=(FileWindow(5000, 100),)))
    assert flat is not None
    assert flat.centre == 5000


def test_a_voi_lut_is_the_default_of_a_mammogram_and_second_elsewhere() -> None:
    lut = Lut(0, (np.linspace(0, 4095, 100) ** 2 / 4095).astype(np.float32), 12, "made for screens")
    slice_ = make_slice(
        np.arange(100, dtype=np.uint16).reshape(10, 10), voi_luts=(lut,), windows=(FileWindow(50, 100),)
    )
    mammogram, other = default_window(slice_, "MG"), default_window(slice_, "CT")
    assert mammogram is not None
    assert (mammogram.origin, mammogram.name, mammogram.centre, mammogram.width) == ("lut", "made for screens", 50, 100)
    assert other is not None
    assert other.origin == "file"
    levels = grey_levels(slice_, mammogram).ravel()
    assert levels.tolist() == [math.floor(255 * float(entry) / 4095 + 0.5) for entry in lut.entries]
    assert drag_window(mammogram, 10, 0, 500).origin == "person"


@pytest.mark.parametrize("name", ["", "CURVE"])
def test_each_of_several_tables_is_on_offer_by_itself_whatever_they_are_called(name: str) -> None:
    """LUT Explanation is optional (PS3.3 C.11.2), and nothing keeps a writer from one word for all."""
    curves = ([0, 100, 255], [255, 100, 0], [0, 200, 255])
    slice_ = make_slice(
        np.array([[0, 1, 2]], np.uint16), voi_luts=tuple(Lut(0, np.array(one, np.float32), 8, name) for one in curves)
    )
    series = make_series()
    assert [grey_levels(slice_, window)[0].tolist() for window in presets_for(series, slice_)] == list(curves)


def test_values_outside_a_voi_lut_take_its_end_entries() -> None:
    lut = Lut(10, np.array([0, 128, 255], np.float32), 8)
    slice_ = make_slice(np.array([[-5, 9, 10, 11, 12, 13, 3000]], np.int16), voi_luts=(lut,))
    assert grey_levels(slice_, lut_windows(slice_)[0]).tolist() == [[0, 0, 0, 128, 255, 255, 255]]


def test_the_automatic_window_leaves_padding_and_not_numbers_out() -> None:
    tissue = np.linspace(0.0, 100.0, 1001)
    plain = window_of_values(tissue)
    values = np.concatenate((tissue, np.full(500, -2000.0), [math.nan, math.inf, -math.inf]))
    padding = np.zeros(values.shape, np.bool_)
    padding[1001:1501] = True
    assert window_of_values(values, padding) == plain
    assert (plain.centre - plain.width / 2, plain.centre + plain.width / 2) == pytest.approx((1.0, 99.0))


@pytest.mark.parametrize(
    "values", [np.zeros((5, 5)), np.full((5, 5), math.nan), np.zeros((0, 0)), np.full((3, 3), -7.0)]
)
def test_flat_and_empty_pictures_get_a_usable_automatic_window(values: np.ndarray) -> None:
    window = window_of_values(values)
    assert math.isfinite(window.centre)
    assert window.width > 0


def test_the_automatic_window_of_a_large_slice_looks_at_a_sample() -> None:
    values = np.tile(np.arange(2000, dtype=np.int16), (2000, 1))
    window = automatic_window(make_slice(values, slope=2.0, intercept=-100.0))
    assert window is not None
    assert window.centre == pytest.approx(1899, abs=40)
    assert window.width == pytest.approx(2 * 0.98 * 2000, rel=0.02)


def test_what_lies_around_the_scanned_circle_does_not_darken_the_automatic_window_of_a_ct() -> None:
    """A fill of -3024 that no header names, or one that lossy compression blurred."""
    values = np.tile(np.arange(-100, 100, dtype=np.int16), (200, 1))
    ring = values.copy()
    ring[:60] = np.random.default_rng(3).integers(-3100, -2900, (60, 200))
    alone = automatic_window(make_slice(values[60:], unit="HU"))
    assert automatic_window(make_slice(ring, unit="HU")) == alone
    assert automatic_window(make_slice(ring)) != alone  # what is no CT number may lie anywhere
    assert automatic_window(make_slice(ring[:60], unit="HU")) is not None


@given(dx=st.floats(-2000, 2000), dy=st.floats(-2000, 2000), width=st.floats(1e-4, 5e4))
def test_a_drag_right_widens_and_a_drag_up_brightens(dx: float, dy: float, width: float) -> None:
    start = Window(width / 2, width, WindowFunction.LINEAR_EXACT)
    end = drag_window(start, dx, dy, 800, (0.0, width))
    assert end.width > 0
    assert math.copysign(1, end.width - start.width) == math.copysign(1, dx) or end.width == start.width
    middle = np.array([start.centre])
    if dy < 0:
        assert window_levels(middle, end)[0] >= window_levels(middle, drag_window(start, dx, 0, 800, (0.0, width)))[0]


@pytest.mark.parametrize("scale", [1e-3, 1.0, 65535.0])
def test_a_drag_over_the_pane_does_the_same_to_small_and_large_values(scale: float) -> None:
    wider = drag_window(Window(0.5 * scale, 0.5 * scale), 400, 0, 800, (0.0, scale))
    assert wider.width / scale == pytest.approx(1.0)


def test_ct_presets_stand_only_where_values_are_ct_numbers() -> None:
    hu = make_slice(np.zeros((4, 4), np.int16), unit="HU", windows=(FileWindow(1, 2), FileWindow(3, 4, name="Abdomen")))
    names = [window.name for window in presets_for(make_series("CT"), hu)]
    assert names[:3] == ["As stored, 1", "Abdomen", "Soft tissue"]
    assert "Lung" in names
    assert [w.origin for w in presets_for(make_series("MR"), hu)] == ["file", "file"]
    assert presets_for(make_series("CT"), make_slice(np.zeros((4, 4), np.int16))) == ()
    assert presets_for(make_series("CT"), make_slice(np.zeros((4, 4, 3), np.uint8))) == ()
    uptake = make_slice(np.zeros((4, 4), np.float32), unit="SUVbw")
    assert [w.width for w in presets_for(make_series("PT"), uptake)] == [6, 15]


def test_every_preset_is_named_and_finite() -> None:
    rows = preset_rows()
    assert len({row.id for row in rows}) == len({row.name for row in rows}) == len(rows)
    assert all(row.name and math.isfinite(row.centre) and row.width > 0 and row.values in ("HU", "SUV") for row in rows)


@pytest.mark.parametrize(("bits", "top"), [(16, 4095), (16, 255)])
def test_a_table_that_shows_next_to_nothing_is_passed_over(bits: int, top: int) -> None:
    lut = Lut(0, np.linspace(0, top, 4096).astype(np.float32), bits)
    slice_ = make_slice(np.linspace(0, 4095, 4096, dtype=np.uint16).reshape(64, 64), voi_luts=(lut,))
    window = default_window(slice_, "CR")
    assert window is not None
    assert window.origin != "lut"
    assert np.ptp(grey_levels(slice_, window).astype(int)) == 255
    flat = make_slice(np.full((64, 64), 7, np.uint16), voi_luts=(lut,))
    assert (first := default_window(flat, "CR")) is not None
    assert first.origin == "lut"
