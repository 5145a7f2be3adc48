"""A sector that was lost in copying is noticed; black parts of a picture are not taken for one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.codec.sector import SECTOR, has_lost_sector

ROW = 600


def picture(rows: int = 40) -> np.ndarray:
    return np.random.default_rng(2).integers(1, 255, rows * ROW).astype(np.uint8)


@given(st.integers(0, 10_000), st.integers(0, 20_000), st.integers(1, 3))
def test_a_lost_sector_is_noticed_wherever_it_lies_between_pixels(start: int, at: int, count: int) -> None:
    values = picture()
    begin = -start % SECTOR + at // SECTOR * SECTOR
    end = begin + count * SECTOR
    if begin < 2 or end > len(values) - 2:
        return
    assert not has_lost_sector(values.data, start, ROW)
    values[begin:end] = 0
    assert has_lost_sector(values.data, start, ROW) == bool(begin % ROW or end % ROW)


@pytest.mark.parametrize("shift", [2, 300, 1024])
def test_zeros_that_begin_or_end_elsewhere_are_part_of_the_picture(shift: int) -> None:
    values = picture()
    values[4096 - shift : 3 * 4096] = 0
    assert not has_lost_sector(values.data, 0, ROW)
    values = picture()
    values[4096 : 3 * 4096 + shift] = 0
    assert not has_lost_sector(values.data, 0, ROW)


def test_a_black_border_and_a_black_picture_are_no_loss() -> None:
    values = np.zeros((40, 1024), np.uint8)
    assert not has_lost_sector(values.reshape(-1).data, 0, 1024)
    values[:10] = values[20:] = 9
    assert not has_lost_sector(values.reshape(-1).data, 2048, 1024)


def test_a_picture_smaller_than_a_sector_has_none() -> None:
    assert not has_lost_sector(memoryview(b"\1" * 2000), 50, 10)
