"""A slice is drawn where its placement says, in the right values, also where it has far more points than the screen."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem
from pytestqt.qtbot import QtBot

from tests.picture.slices import make_slice
from viewer.gui.panes.slice_item import SliceItem
from viewer.picture.look import Look, Window
from viewer.picture.orient import Placement

WIDTH, HEIGHT = 240, 170
WINDOW = Window(128.0, 256.0)
LOOKS = [Look(), Look(flipped=True), Look(turned=1), Look(flipped=True, turned=3)]


def blocks(rows: int, columns: int, colour: bool = False) -> NDArray[np.uint8]:
    """5 × 4 blocks, each of another level."""
    levels = np.random.default_rng(7).permutation(np.arange(20) * 12 + 10).reshape(5, 4).astype(np.uint8)
    grey = levels[np.arange(rows)[:, None] * 5 // rows, np.arange(columns) * 4 // columns]
    return np.stack([grey, 255 - grey, grey // 2], axis=2) if colour else grey


def drawn(item: SliceItem, ratio: float) -> NDArray[np.uint8]:
    """(height, width, 3) of what it paints on a screen of `ratio` pixels for each of the pane."""
    image = QImage(round(WIDTH * ratio), round(HEIGHT * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.end()
    words = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return words[..., 2::-1].copy()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", [(97, 60), (1021, 640), (3001, 2203)])
@pytest.mark.parametrize(("smooth", "colour", "ratio"), [(False, False, 1.0), (True, False, 2.0), (True, True, 1.0)])
def test_each_place_of_the_pane_shows_the_value_that_lies_there(
    qtbot: QtBot, look: Look, size: tuple[int, int], smooth: bool, colour: bool, ratio: float
) -> None:
    values = blocks(*size, colour=colour)
    slice_ = make_slice(values)
    placement = Placement.of(slice_, look, (WIDTH, HEIGHT))
    item = SliceItem()
    item.smooth = smooth
    item.show_slice(slice_, look, WINDOW)
    item.place(placement)
    shown = drawn(item, ratio)
    seen = 0
    for row in range(3, 5 * 8, 8):
        for column in range(3, 4 * 8, 8):  # within each block, away from its edges
            at = int((column + 0.5) / 32 * size[1]), int((row + 0.5) / 40 * size[0])
            x, y = (int(place * ratio) for place in placement.to_pane(*at))
            wanted = np.broadcast_to(values[at[1], at[0]], 3)
            np.testing.assert_allclose(shown[y, x], wanted, atol=1)
            seen += 1
    assert seen == 20
    left, top, width, height = (edge * ratio for edge in placement.image_rect)
    lit = np.argwhere(shown.max(axis=2))
    np.testing.assert_allclose(lit.min(axis=0), (top, left), atol=1.01)
    np.testing.assert_allclose(lit.max(axis=0) + 1, (top + height, left + width), atol=1.01)


def test_zoomed_in_all_points_are_there_again(qtbot: QtBot) -> None:
    values = np.zeros((2000, 1600), np.uint8)
    values[1000, 800] = 255
    slice_ = make_slice(values)
    item = SliceItem()
    item.show_slice(slice_, Look(), WINDOW)
    item.place(Placement.of(slice_, Look(), (WIDTH, HEIGHT)))
    drawn(item, 1.0)
    item.place(Placement.of(slice_, Look(), (WIDTH, HEIGHT), zoom=60.0, centre=(800.0, 1000.0)))
    assert (drawn(item, 1.0)[..., 0] == 255).sum() == pytest.approx((60 * HEIGHT / 2000) ** 2, abs=12)
