"""What the clinic added, in the real window: listed, switched, stepped through, played."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests import clinic
from tests.gui.conftest import LIMIT, open_disc, pane_of, until_filled
from viewer.document.belongings import Belongings
from viewer.document.model import PaneView
from viewer.geometry.plane import Plane
from viewer.gui.panels.objects import MOST_ROWS, ObjectsPanel
from viewer.gui.sets.set_rows import second_line
from viewer.gui.widgets.labels import Words
from viewer.gui.window.window import MainWindow


@pytest.fixture
def belonging(qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path) -> MainWindow:
    """The made CT with a saved view, a segmentation of two parts and two stars."""
    disc = Path(shutil.copytree(ct_folder, tmp_path / "disc"))
    pictures = clinic.pictures(disc)
    size = pictures[0].Rows
    body = np.zeros((len(pictures), size, size), np.bool_)
    body[:, size // 4 : size // 2, size // 4 : size // 2] = True
    layer = clinic.item(GraphicLayer="A", GraphicObjectSequence=[clinic.graphic("POLYLINE", (1, 1, 40, 40))])
    clinic.write(clinic.segments(pictures, {"Liver": body, "Cyst": np.roll(body, size // 4, 2)}), disc / "SEG")
    clinic.write(clinic.saved_view(pictures[4:5], GraphicAnnotationSequence=[layer]), disc / "VIEW")
    clinic.write(clinic.stars([pictures[1], pictures[7]]), disc / "STARS")
    open_disc(qtbot, window, disc)
    qtbot.waitUntil(lambda: window.session.store.state.belongings != Belongings(), timeout=LIMIT)
    return window


def panel_of(qtbot: QtBot, window: MainWindow) -> ObjectsPanel:
    window.act("clinic")
    panel = window.right.panel("objects")
    assert isinstance(panel, ObjectsPanel)
    until_filled(qtbot, panel)
    return panel


def green(window: MainWindow, colour: tuple[int, int, int]) -> int:
    """Pixels of this colour on the large pane."""
    image = (
        pane_of(window).view.grab().toImage().convertToFormat(pane_of(window).view.grab().toImage().Format.Format_RGB32)
    )
    raw = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    wanted = (colour[0] << 16) | (colour[1] << 8) | colour[2]
    return int(((raw & 0xFFFFFF) == wanted).sum())


def test_outlines_are_switched_in_their_list_and_drawn(qtbot: QtBot, belonging: MainWindow) -> None:
    panel = panel_of(qtbot, belonging)
    assert [box.text() for box in panel.boxes.values()] == ["Liver", "Cyst"]
    colour = belonging.session.store.state.belongings.sets[0].outlines[0].colour
    assert green(belonging, colour) == 0
    next(iter(panel.boxes.values())).click()
    qtbot.waitUntil(lambda: green(belonging, colour) > 50, timeout=LIMIT)
    next(iter(panel.boxes.values())).click()
    qtbot.waitUntil(lambda: green(belonging, colour) == 0, timeout=LIMIT)
    everything = next(button for button in panel.findChildren(QPushButton) if button.accessibleName() == "Show all")
    everything.click()
    assert len(belonging.session.store.state.view.outlines) == 2


def test_all_of_hundreds_of_outlines_are_shown_at_once_and_their_rows_come_one_by_one(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    disc = Path(shutil.copytree(ct_folder, tmp_path / "disc"))
    picture = clinic.pictures(disc)[0]
    square = [("CLOSED_PLANAR", np.array([[0.0, 0, 0], [9, 0, 0], [9, 9, 0]]))]
    count = MOST_ROWS + 20
    clinic.write(clinic.structures(picture, {f"Part {n}": square for n in range(count)}), disc / "PLAN")
    open_disc(qtbot, window, disc)
    qtbot.waitUntil(lambda: window.session.store.state.belongings != Belongings(), timeout=LIMIT)
    window.act("clinic")
    panel = window.right.panel("objects")
    assert isinstance(panel, ObjectsPanel)
    assert len(panel.boxes) < MOST_ROWS
    assert len(panel_of(qtbot, window).boxes) == MOST_ROWS
    everything = next(button for button in panel.findChildren(QPushButton) if button.accessibleName() == "Show all")
    everything.click()
    assert len(window.session.store.state.view.outlines) == count


def test_outlines_of_pictures_that_are_not_here_are_named_where_one_looks_for_them(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    disc = Path(shutil.copytree(ct_folder, tmp_path / "disc"))
    pictures = clinic.pictures(disc)
    made = clinic.segments(pictures, {"Liver": np.ones((len(pictures), pictures[0].Rows, pictures[0].Rows), np.bool_)})
    made.FrameOfReferenceUID = "1.2.3.4"
    clinic.write(made, disc / "SEG")
    open_disc(qtbot, window, disc)
    qtbot.waitUntil(lambda: window.session.store.state.belongings != Belongings(), timeout=LIMIT)
    panel = panel_of(qtbot, window)
    assert not panel.boxes
    told = [label.text() for label in panel.findChildren(Words)]
    assert any(words.startswith("Outlines: Segmented. They were drawn on pictures that are not here") for words in told)


def test_one_key_shows_the_saved_view_and_another_press_takes_it_off(qtbot: QtBot, belonging: MainWindow) -> None:
    belonging.act("as_left")
    qtbot.waitUntil(lambda: belonging.session.store.state.view.applied is not None, timeout=LIMIT)
    pane = belonging.session.store.state.view.pane
    assert pane is not None
    qtbot.waitUntil(
        lambda: (p := belonging.session.store.state.view.pane) is not None and p.plane is Plane.NATIVE, timeout=LIMIT
    )
    shown = pane_of(belonging)
    qtbot.waitUntil(lambda: bool(shown.view.overlay.shown.drawn), timeout=LIMIT)
    assert "As the clinic saved it" in shown.view.overlay.shown.foot
    qtbot.waitUntil(lambda: belonging.actions_bound["as_left"].isChecked(), timeout=LIMIT)
    belonging.act("as_left")
    qtbot.waitUntil(lambda: not shown.view.overlay.shown.drawn, timeout=LIMIT)


def test_stars_stand_in_the_list_on_the_picture_and_are_stepped_through(qtbot: QtBot, belonging: MainWindow) -> None:
    rows = belonging.browser.sets.model()
    assert any("★ 2" in str(row.second) for row in rows.rows)  # type: ignore[attr-defined]
    belonging.act("next_key")
    first = belonging.session.store.state.view.pane
    belonging.act("next_key")
    second = belonging.session.store.state.view.pane
    assert first is not None
    assert second is not None
    assert {first.index, second.index} == {key.place[2] for key in belonging.session.store.state.belongings.keys}
    shown = pane_of(belonging)
    qtbot.waitUntil(lambda: any("★" in line for line in shown.view.overlay.shown.foot), timeout=LIMIT)


def test_what_belongs_to_no_picture_is_off_with_the_reason(opened: MainWindow) -> None:
    opened.actions_bound.refresh()
    assert opened.actions_bound.reason("as_left") == "The clinic saved no view of these pictures."
    assert opened.actions_bound.reason("next_key") == "The clinic marked no pictures on this disc."
    assert "not a film" in opened.actions_bound.reason("play")


def test_the_list_says_what_a_set_without_pictures_is(belonging: MainWindow) -> None:
    disc = belonging.session.store.state.disc
    assert disc is not None
    words = {second_line(s) for study in disc.studies for s in study.series if not s.frames}
    assert words == {"shown over its pictures"}


def test_a_film_plays_and_a_scroll_stops_it(qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path) -> None:
    made = clinic.film(clinic.pictures(ct_folder)[0], frames=12, frame_ms=20)
    (tmp_path / "film").mkdir()
    clinic.write(made, tmp_path / "film" / "a")
    open_disc(qtbot, window, tmp_path / "film")
    seen: set[int] = set()
    store = window.session.store
    store.watch(lambda state: state.view.pane, lambda pane: seen.add(pane.index) if pane else None)
    window.act("play")
    qtbot.waitUntil(lambda: len(seen) >= 4, timeout=LIMIT)
    assert window.actions_bound["play"].isChecked()
    pane = store.state.view.pane
    assert pane is not None
    pane_of(window).step(1 if pane.index < 6 else -1)
    assert not window.situation().playing
    window.act("play")
    window.escape()
    assert not window.situation().playing


def test_what_an_overlay_covers_is_dark_on_the_pane(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    disc = Path(shutil.copytree(ct_folder, tmp_path / "disc"))
    for path in (path for path in disc.rglob("*") if path.is_file()):
        picture = pydicom.dcmread(path)
        size = picture.Rows
        picture.PixelData = np.full((size, size), 2000, np.uint16).tobytes()
        covered = np.mgrid[:size, :size][1] < size // 2
        for part, kind, value in (
            (0x10, "US", size), (0x11, "US", size), (0x40, "CS", "G"), (0x50, "SS", [1, 1]), (0x100, "US", 1),
            (0x102, "US", 0), (0x3000, "OW", np.packbits(covered.ravel(), bitorder="little").tobytes()),
        ):  # fmt: skip
            picture.add_new(0x60020000 | part, kind, value)
        picture.ShutterShape, picture.ShutterOverlayGroup = "BITMAP", 0x6002
        picture.save_as(path)
    open_disc(qtbot, window, disc)
    shown = window.session.store.state.view.pane
    assert shown is not None
    window.session.arrange((PaneView(shown.series_id, 0, Plane.NATIVE, 4),))
    view = pane_of(window).view

    def dark() -> list[bool]:
        image = view.grab().toImage()
        y = image.height() // 3
        return [image.pixelColor(image.width() * at // 100, y).lightness() < 40 for at in (35, 65)]

    qtbot.waitUntil(lambda: dark() == [True, False], timeout=LIMIT)
    window.act("beside_shown")
    qtbot.waitUntil(lambda: dark() == [False, False], timeout=LIMIT)


def test_the_ticks_tell_how_the_clinic_saved_the_picture(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    disc = Path(shutil.copytree(ct_folder, tmp_path / "disc"))
    turned = {"PresentationLUTShape": "INVERSE", "ImageHorizontalFlip": "Y", "ImageRotation": 0}
    clinic.write(clinic.saved_view(clinic.pictures(disc)[4:5], **turned), disc / "VIEW")
    open_disc(qtbot, window, disc)
    qtbot.waitUntil(lambda: window.session.store.state.belongings != Belongings(), timeout=LIMIT)
    ticks = [window.actions_bound[name] for name in ("invert", "flip")]
    assert not any(tick.isChecked() for tick in ticks)
    window.act("as_left")
    qtbot.waitUntil(lambda: all(tick.isChecked() for tick in ticks), timeout=LIMIT)
    window.act("as_left")
    qtbot.waitUntil(lambda: not any(tick.isChecked() for tick in ticks), timeout=LIMIT)
