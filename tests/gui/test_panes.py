"""Panes: wheel, drags, keys and tools change the right things in the store, and the right things are drawn."""

from __future__ import annotations

import itertools
from math import cos, sin
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.gui.conftest import LIMIT, open_disc, pane_of
from viewer.document.changes import MarkSelected, NamesShown, ToolChosen
from viewer.document.model import Tool
from viewer.geometry.plane import Letters
from viewer.gui.panes import draw_marks
from viewer.gui.panes.draw_marks import ShownMark, free_place, leader
from viewer.gui.panes.overlay import Shown, letter_top, written
from viewer.gui.panes.pane import Pane
from viewer.gui.panes.slice_item import SliceItem, oriented
from viewer.gui.panes.writing import Writing
from viewer.gui.window.window import MainWindow
from viewer.marks.mark import Anchor, Mark, MarkKind
from viewer.picture.look import Look, Region
from viewer.picture.render import render

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def wheel(pane: Pane, notches: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    at = QPointF(pane.view.rect().center())
    event = QWheelEvent(
        at, QPointF(pane.view.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pane.view.viewport(), event)


def drag(pane: Pane, start: tuple[int, int], way: tuple[int, int], button: Qt.MouseButton = LEFT) -> None:
    target = pane.view.viewport()
    begin, end = QPoint(*start), QPoint(start[0] + way[0], start[1] + way[1])
    QTest.mousePress(target, button, NONE, begin)
    for step in (0.5, 1.0):
        QTest.mouseMove(target, QPoint(round(start[0] + way[0] * step), round(start[1] + way[1] * step)))
    QTest.mouseRelease(target, button, NONE, end)


def middle(pane: Pane) -> tuple[int, int]:
    centre = pane.view.rect().center()
    return (centre.x(), centre.y())


def test_one_notch_of_the_wheel_is_one_picture(opened: MainWindow) -> None:
    pane = pane_of(opened)
    first = opened.session.store.state.view.panes[0].index
    wheel(pane, -1)
    assert opened.session.store.state.view.panes[0].index == first + 1
    wheel(pane, 2)
    assert opened.session.store.state.view.panes[0].index == first - 1


def test_scrolling_takes_the_crosshair_along(opened: MainWindow) -> None:
    before = opened.session.store.state.view.crosshair
    wheel(pane_of(opened), -1)
    assert opened.session.store.state.view.crosshair != before


@pytest.mark.parametrize(
    ("key", "by"), [(Qt.Key.Key_Down, 1), (Qt.Key.Key_Left, -1), (Qt.Key.Key_PageDown, 10), (Qt.Key.Key_Home, -100)]
)
def test_keys_scroll_while_the_focus_is_on_the_picture(qtbot: QtBot, opened: MainWindow, key: Qt.Key, by: int) -> None:
    pane = pane_of(opened)
    opened.activateWindow()
    pane.view.setFocus()
    first, count = opened.session.store.state.view.panes[0].index, 9
    QTest.keyClick(pane.view, key)
    assert opened.session.store.state.view.panes[0].index == min(max(first + by, 0), count - 1)


def test_the_counter_has_room_for_larger_letters_at_once(opened: MainWindow) -> None:
    words = pane_of(opened).row._words
    opened.appearance.resize_text(200)
    try:
        assert words.width() >= words.fontMetrics().horizontalAdvance(words.text())
    finally:
        opened.appearance.resize_text(100)


@pytest.mark.parametrize(
    ("percent", "width", "beside"), [(100, 1200, True), (100, 470, False), (200, 520, False), (200, 1600, True)]
)
def test_the_upper_letter_steps_below_a_title_it_would_meet(
    opened: MainWindow, percent: int, width: int, beside: bool
) -> None:
    opened.appearance.resize_text(percent)
    try:
        letters = Letters("A", "P", "H", "F")
        shown = Shown(title="From the side", subtitle="T2, every 1 mm, with contrast agent", letters=letters)
        first_line = letter_top(Shown(letters=letters), 2000)
        assert (letter_top(shown, width) == first_line) is beside
    finally:
        opened.appearance.resize_text(100)


def test_the_slider_scrolls(opened: MainWindow) -> None:
    pane_of(opened).row.slider.setValue(0)
    assert opened.session.store.state.view.panes[0].index == 0


def test_left_drag_right_is_wider_and_up_is_brighter(opened: MainWindow) -> None:
    pane = pane_of(opened)
    assert pane.slice is not None
    before = opened.session.window_for(pane.slice)
    drag(pane, middle(pane), (80, 0))
    wider = opened.session.window_for(pane.slice)
    assert before is not None
    assert wider is not None
    assert wider.width > before.width
    drag(pane, middle(pane), (0, -80))
    brighter = opened.session.window_for(pane.slice)
    assert brighter is not None
    assert brighter.centre < wider.centre


@pytest.mark.parametrize("why", ["exchanged by hand", "MONOCHROME1"])
def test_up_is_brighter_also_where_high_values_are_dark(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path, why: str
) -> None:
    for path in ct_folder.rglob("*"):
        if path.is_file():
            made = pydicom.dcmread(path)
            made.PhotometricInterpretation = "MONOCHROME1" if why == "MONOCHROME1" else "MONOCHROME2"
            made.save_as(tmp_path / path.name)
    open_disc(qtbot, window, tmp_path)
    pane = pane_of(window)
    if why != "MONOCHROME1":
        window.act("invert")

    def brightness() -> float:
        assert pane.slice is not None
        look = window.session.store.state.view.look_on(pane.slice)
        return float(np.mean(render(pane.slice, look, window.session.window_for(pane.slice)).pixels))

    before = brightness()
    drag(pane, middle(pane), (0, -80))
    assert brightness() > before


def test_a_digit_says_which_preset_it_chose_or_that_there_is_none(qtbot: QtBot, opened: MainWindow) -> None:
    pane = pane_of(opened)
    presets = opened.session.presets(opened.session.store.state.view.panes[0].series_id)
    QTest.keyClick(pane.view, Qt.Key.Key_1)
    assert opened.status.hint.text() == f"Brightness: {presets[0].name}"
    pane.choose_preset(len(presets))
    assert opened.status.hint.text() == f"There are only {len(presets)} presets here."


def test_a_click_without_a_drag_changes_no_window(opened: MainWindow) -> None:
    pane = pane_of(opened)
    looks = opened.session.store.state.view.looks
    drag(pane, middle(pane), (1, 1))
    assert opened.session.store.state.view.looks == looks


def test_middle_drag_pans_and_right_drag_zooms(opened: MainWindow) -> None:
    pane = pane_of(opened)
    drag(pane, middle(pane), (0, -60), RIGHT)
    zoomed = opened.session.store.state.view.panes[0]
    assert zoomed.zoom > 1.2
    drag(pane, middle(pane), (40, 0), MIDDLE)
    panned = opened.session.store.state.view.panes[0]
    assert panned.zoom == zoomed.zoom
    assert panned.centre != zoomed.centre


def test_space_and_left_drag_pans(qtbot: QtBot, opened: MainWindow) -> None:
    pane = pane_of(opened)
    looks = opened.session.store.state.view.looks
    QTest.keyPress(pane.view, Qt.Key.Key_Space)
    drag(pane, middle(pane), (30, 10))
    QTest.keyRelease(pane.view, Qt.Key.Key_Space)
    assert opened.session.store.state.view.panes[0].centre is not None
    assert opened.session.store.state.view.looks == looks


def test_space_let_go_elsewhere_is_let_go(qtbot: QtBot, opened: MainWindow) -> None:
    pane = pane_of(opened)
    with qtbot.waitActive(opened):
        opened.activateWindow()
    pane.view.setFocus()
    QTest.keyPress(pane.view, Qt.Key.Key_Space)
    assert pane.view.space_held
    pane_of(opened, 1).view.setFocus()
    assert not pane.view.space_held
    QTest.keyRelease(pane_of(opened, 1).view, Qt.Key.Key_Space)
    opened.act("tool_length")
    drag(pane, middle(pane), (60, 10))
    assert [mark.kind for mark in opened.session.store.state.document.marks] == [MarkKind.LENGTH]


def test_control_and_wheel_zooms_around_the_pointer(opened: MainWindow) -> None:
    pane = pane_of(opened)
    x, y = middle(pane)
    assert pane.placement is not None
    held = pane.placement.to_slice(x, y)
    wheel(pane, 2, CONTROL)
    assert opened.session.store.state.view.panes[0].zoom > 1
    assert pane.placement is not None
    assert pane.placement.to_slice(x, y) == pytest.approx(held, abs=0.6)


def test_a_double_click_fills_the_window_and_back(opened: MainWindow) -> None:
    pane = pane_of(opened, 1)
    QTest.mouseDClick(pane.view.viewport(), LEFT, NONE, QPoint(*middle(pane)))
    view = opened.session.store.state.view
    assert view.maximised
    assert view.active == 1
    assert not pane_of(opened, 0).isVisible()
    QTest.mouseDClick(pane.view.viewport(), LEFT, NONE, QPoint(*middle(pane)))
    assert pane_of(opened, 0).isVisible()


def test_escape_during_a_drag_puts_the_window_back(opened: MainWindow) -> None:
    pane = pane_of(opened)
    assert pane.slice is not None
    before = opened.session.window_for(pane.slice)
    x, y = middle(pane)
    QTest.mousePress(pane.view.viewport(), LEFT, NONE, QPoint(x, y))
    QTest.mouseMove(pane.view.viewport(), QPoint(x + 60, y))
    assert opened.session.window_for(pane.slice) != before
    opened.escape()
    assert opened.session.window_for(pane.slice) == before


def test_the_crosshair_tool_leads_the_other_panes(opened: MainWindow) -> None:
    opened.session.store.dispatch(ToolChosen(Tool.CROSSHAIR))
    pane = pane_of(opened)
    x, y = middle(pane)
    before = [shown.index for shown in opened.session.store.state.view.panes]
    drag(pane, (x, y), (60, 40))
    after = [shown.index for shown in opened.session.store.state.view.panes]
    assert after[0] == before[0]
    assert after[1:] != before[1:]


def test_the_crosshair_stays_on_the_picture_beside_which_it_is_put(opened: MainWindow) -> None:
    opened.session.store.dispatch(ToolChosen(Tool.CROSSHAIR))
    pane = pane_of(opened)
    pane.zoom(0.4, pane.view.room().center())
    drag(pane, middle(pane), (-pane.view.width() // 2 + 2, 0))
    shown, slice_ = pane.view.overlay.shown.crosshair, pane.slice
    assert shown is not None
    assert slice_ is not None
    assert shown[0] == pytest.approx(0, abs=1e-6)
    assert 0 <= shown[1] <= slice_.values.shape[0] - 1


def test_the_chosen_part_is_drawn_moved_by_a_handle_and_dropped_by_escape(opened: MainWindow) -> None:
    opened.act("tool_region")
    pane = pane_of(opened)
    x, y = middle(pane)
    drag(pane, (x - 60, y - 60), (120, 120))
    chosen = opened.session.store.state.view.region
    assert chosen is not None
    assert chosen.region.x1 - chosen.region.x0 >= 4
    drag(pane, (x + 60, y + 60), (40, 40))
    larger = opened.session.store.state.view.region
    assert larger is not None
    assert (larger.region.x0, larger.region.y0) == (chosen.region.x0, chosen.region.y0)
    assert larger.region.x1 > chosen.region.x1
    opened.escape()
    assert opened.session.store.state.view.region is None


@pytest.mark.parametrize("tool", [Tool.ARROW, Tool.LENGTH, Tool.ELLIPSE, Tool.RECTANGLE])
def test_a_mark_is_drawn_selected_moved_and_deleted_with_undo(qtbot: QtBot, opened: MainWindow, tool: Tool) -> None:
    store = opened.session.store
    opened.act(f"tool_{tool.value}")
    pane = pane_of(opened)
    x, y = middle(pane)
    drag(pane, (x - 50, y - 40), (100, 80))
    (mark,) = store.state.document.marks
    assert mark.kind == MarkKind(tool.value)
    assert store.state.view.selected_mark == mark.id
    QTest.keyClick(pane.view, Qt.Key.Key_Right)
    (moved,) = store.state.document.marks
    assert moved.points[0][0] == pytest.approx(mark.points[0][0] + 1)
    opened.activateWindow()
    pane.view.setFocus()
    opened.act("delete_mark")
    assert store.state.document.marks == ()
    opened.act("undo")
    assert len(store.state.document.marks) == 1
    assert opened.status.hint.text().startswith("Taken back: Delete")
    opened.act("redo")
    assert opened.status.hint.text().startswith("Done again: Delete")


def test_dragging_a_handle_is_one_undo_step(opened: MainWindow) -> None:
    store = opened.session.store
    opened.act("tool_length")
    pane = pane_of(opened)
    x, y = middle(pane)
    drag(pane, (x - 50, y), (100, 0))
    (before,) = store.state.document.marks
    drag(pane, (x + 50, y), (30, 20))
    (after,) = store.state.document.marks
    assert after.points != before.points
    opened.act("undo")
    assert store.state.document.marks[0].points == before.points


def test_text_is_written_on_the_picture_and_kept_with_enter(qtbot: QtBot, opened: MainWindow) -> None:
    opened.act("tool_text")
    pane = pane_of(opened)
    QTest.mouseClick(pane.view.viewport(), LEFT, NONE, QPoint(*middle(pane)))
    editor = pane.view.findChild(Writing)
    assert editor is not None
    QTest.keyClicks(editor, "ask about this")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    (mark,) = opened.session.store.state.document.marks
    assert mark.text == "ask about this"
    assert mark.kind is MarkKind.TEXT


def test_escape_leaves_the_words_unwritten_and_the_tool_in_hand(opened: MainWindow) -> None:
    opened.act("tool_text")
    pane = pane_of(opened)
    QTest.mouseClick(pane.view.viewport(), LEFT, NONE, QPoint(*middle(pane)))
    editor = pane.view.findChild(Writing)
    assert editor is not None
    QTest.keyClicks(editor, "not this")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert opened.session.store.state.document.marks == ()
    assert opened.session.store.state.view.tool is Tool.TEXT


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown])
@pytest.mark.parametrize("selected", [True, False])
def test_a_key_pressed_while_writing_neither_moves_a_mark_nor_the_picture(
    opened: MainWindow, key: Qt.Key, selected: bool
) -> None:
    store, pane = opened.session.store, pane_of(opened)
    assert pane.slice is not None
    mark = opened.session.add_mark(MarkKind.RECTANGLE, pane.slice, ((5.0, 5.0), (9.0, 9.0)))
    store.dispatch(MarkSelected(mark.id if selected else ""))
    opened.act("tool_text")
    QTest.mouseClick(pane.view.viewport(), LEFT, NONE, QPoint(*middle(pane)))
    editor = pane.view.findChild(Writing)
    assert editor is not None
    QTest.keyClicks(editor, "here")
    before = store.state
    QTest.keyClick(editor, key)
    assert store.state is before
    assert editor.text() == "here"


def test_the_menu_of_a_picture_is_about_the_mark_under_the_pointer(opened: MainWindow) -> None:
    store, pane = opened.session.store, pane_of(opened)
    words = [opened.actions_bound[name].text() for name in ("rename_mark", "delete_mark")]

    def offered(at: QPoint) -> list[str]:
        QTest.mouseClick(pane.view.viewport(), RIGHT, NONE, at)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        found = [row.text() for row in menu.actions()[:2]]
        menu.close()
        return found

    assert offered(QPoint(*middle(pane))) != words
    opened.act("tool_rectangle")
    drag(pane, middle(pane), (40, 30))
    store.dispatch(MarkSelected(""))
    assert offered(QPoint(*middle(pane))) == words
    opened.act("delete_mark")
    assert store.state.document.marks == ()


def test_words_written_after_a_move_was_taken_back_leave_it_taken_back(opened: MainWindow) -> None:
    session, pane = opened.session, pane_of(opened)
    assert pane.slice is not None
    mark = session.add_mark(MarkKind.RECTANGLE, pane.slice, ((5.0, 5.0), (9.0, 9.0)))
    with session.store.gesture("Move mark"):
        session.move_mark(mark, pane.slice, ((15.0, 15.0), (19.0, 19.0)))
    opened.act("rename_mark")
    editor = pane.view.findChild(Writing)
    assert editor is not None
    QTest.keyClicks(editor, "liver")
    session.store.undo()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    (now,) = session.store.state.document.marks
    assert (now.text, now.points) == ("liver", ((5.0, 5.0), (9.0, 9.0)))


def test_the_title_letters_and_scale_bar_follow_the_slice_and_a_mirror(opened: MainWindow) -> None:
    pane = pane_of(opened)
    shown = pane.view.overlay.shown
    assert shown.letters is not None
    assert shown.bar is not None
    left, right = shown.letters.left, shown.letters.right
    assert {left, right} == {"R", "L"}
    assert shown.title == "From below"
    opened.act("flip")
    assert pane.view.overlay.shown.title == "From above"
    mirrored = pane.view.overlay.shown.letters
    assert mirrored is not None
    assert (mirrored.left, mirrored.right) == (right, left)


@pytest.mark.parametrize(("sides", "words"), [(["L", "F"], "No scale in"), ([], "No scale and no sides in")])
def test_a_picture_without_scale_says_whether_its_sides_are_known(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path, sides: list[str], words: str
) -> None:
    made = pydicom.dcmread(next(path for path in sorted(ct_folder.rglob("*")) if path.is_file()))
    made.Modality, made.PatientOrientation = "CR", sides
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.1")
    for name in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness"):
        delattr(made, name)
    made.save_as(tmp_path / "xray")
    open_disc(qtbot, window, tmp_path)
    qtbot.waitUntil(lambda: window.area is not None and pane_of(window).slice is not None, timeout=LIMIT)
    shown = pane_of(window).view.overlay.shown
    assert (shown.letters is not None) == bool(sides)
    assert any(line.startswith(words) for line in shown.foot)


def test_letters_are_painted_where_they_belong(qtbot: QtBot, opened: MainWindow) -> None:
    pane = pane_of(opened)
    image = pane.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine() // 4, 4)[:, :width, :3]
    left_edge = pixels[height // 2 - 10 : height // 2 + 10, 8:24]
    assert left_edge.max() > 200


def test_a_digit_chooses_a_preset_and_zero_is_automatic(qtbot: QtBot, opened: MainWindow) -> None:
    pane = pane_of(opened)
    series = opened.session.store.state.view.panes[0].series_id
    presets = opened.session.presets(series)
    assert presets
    opened.activateWindow()
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key.Key_1)
    assert opened.session.store.state.view.look(series).window == presets[0]
    opened.act("window_auto")
    window = opened.session.store.state.view.look(series).window
    assert window is not None
    assert window.origin == "auto"


@pytest.mark.parametrize("look", [Look(), Look(flipped=True), Look(turned=1), Look(flipped=True, turned=3)])
def test_the_pane_shows_the_same_pixels_as_the_one_picture_function(opened: MainWindow, look: Look) -> None:
    pane = pane_of(opened)
    slice_ = pane.slice
    assert slice_ is not None
    window = opened.session.window_for(slice_)
    item = SliceItem()
    item.show_slice(slice_, look, window)
    item._map(slice_)
    shown = item._buffer & 0xFF
    flat = render(oriented(slice_, look), Look(), window).pixels
    assert shown.shape == oriented(slice_, look).values.shape[:2]
    if flat.shape == shown.shape:
        np.testing.assert_array_equal(shown, flat)


def test_the_value_under_the_pointer_is_said(qtbot: QtBot, opened: MainWindow) -> None:
    pane = pane_of(opened)
    with qtbot.waitSignal(pane.pointed, timeout=LIMIT) as told:
        QTest.mouseMove(pane.view.viewport(), QPoint(*middle(pane)))
    assert told.args is not None
    assert "HU" in told.args[0]


def test_the_picture_has_words_for_a_screen_reader(opened: MainWindow) -> None:
    pane = pane_of(opened)
    assert "picture 5 of 9" in pane.view.accessibleName().lower()
    assert pane.row.slider.accessibleName()


def test_selecting_nothing_takes_the_handles_away(opened: MainWindow) -> None:
    opened.act("tool_ellipse")
    pane = pane_of(opened)
    x, y = middle(pane)
    drag(pane, (x - 40, y - 40), (80, 80))
    assert pane.view.overlay.shown.marks[0].selected
    opened.session.store.dispatch(MarkSelected(""))
    assert not pane.view.overlay.shown.marks[0].selected


@given(tops=st.lists(st.integers(0, 560), max_size=6), mark=st.integers(0, 500), height=st.integers(12, 80))
def test_a_label_lies_on_no_other_mark_while_there_is_room(tops: list[int], mark: int, height: int) -> None:
    room, others, taken = QRectF(0, 0, 400, 2000), [QRectF(40, mark, 200, 60)], list[QRectF]()
    for top in tops:
        place = free_place(QRectF(10, top, 100, height), taken, room, others)
        assert room.contains(place)
        assert not any(place.intersects(other) for other in (*taken, *others))
        taken.append(place)


def test_a_label_lies_on_a_mark_rather_than_on_a_label() -> None:
    wanted, room = QRectF(0, 0, 100, 40), QRectF(0, 0, 100, 90)
    place = free_place(wanted, [QRectF(0, 0, 100, 40)], room, [QRectF(0, 41, 100, 49)])
    assert place.top() >= 42


def labels_of(
    pane: Pane, shown: tuple[ShownMark, ...], monkeypatch: pytest.MonkeyPatch, more: tuple[QRectF, ...] = ()
) -> list[tuple[QRectF, list[str]]]:
    """Where the labels of these marks are drawn on a pane, with their lines; `more` is written there too."""
    boxes: list[tuple[QRectF, list[str]]] = []
    monkeypatch.setattr(draw_marks, "draw_box", lambda painter, box, lines, frame="": boxes.append((box, lines)))
    overlay, room = pane.view.overlay.shown, pane.view.room()
    image = QImage(round(room.width()), round(room.height()), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    assert overlay.placement is not None
    draw_marks.draw_marks(painter, room, overlay.placement, shown, (*written(overlay, room), *more))
    painter.end()
    return boxes


def an_arrow(pane: Pane, at: tuple[float, float]) -> Mark:
    slice_ = pane.slice
    assert slice_ is not None
    return Mark("m", MarkKind.ARROW, Anchor(slice_.series_id, "", slice_.plane, slice_.index, slice_.group), (at, at))


def test_no_label_covers_what_is_written_on_the_picture(opened: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    pane = pane_of(opened)
    overlay = pane.view.overlay.shown
    overlay.sent = Region(10, 12, 30, 40)
    words = written(overlay, pane.view.room())
    assert len(words) >= 6  # title, two letters, foot, scale, what the AI saw
    for column in range(0, 48, 8):
        for row in range(0, 48, 4):
            shown = ShownMark(an_arrow(pane, (column, row)), ("1  a name", "that is told"))
            ((box, _),) = labels_of(pane, (shown,), monkeypatch)
            assert not any(box.intersects(one) for one in words), (column, row)


def test_a_label_is_no_wider_than_its_pane_and_gives_up_its_numbers_before_it_covers_another(
    opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = pane_of(opened)
    opened.appearance.resize_text(200)
    try:
        long = (
            "1  " + "a very long name " * 9,
            "mean value 88 ± 28",
            "smallest 0 · largest 179",
            "3.1 cm² · 309 pixels",
        )
        shown = tuple(ShownMark(an_arrow(pane, (24, row)), long) for row in range(16, 32, 4))
        boxes = labels_of(pane, shown, monkeypatch)
    finally:
        opened.appearance.resize_text(100)
    room = pane.view.room()
    assert all(room.left() <= box.left() and box.right() <= room.right() for box, _ in boxes)
    assert boxes[0][1][0].endswith("…")
    assert {len(lines) for _, lines in boxes} == {1, 4}
    for (box, _), (other, _) in itertools.combinations(boxes, 2):
        assert not box.intersects(other)


def test_where_there_is_room_for_no_more_the_number_stands_alone(
    opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = pane_of(opened)
    mark = an_arrow(pane, (24, 24))
    ((small, _),) = labels_of(pane, (ShownMark(mark, ("7",)),), monkeypatch)
    beside = QRectF(small.right() + 1, 0, pane.view.room().width(), pane.view.room().height())
    ((box, lines),) = labels_of(pane, (ShownMark(mark, ("7  a long name", "that is told")),), monkeypatch, (beside,))
    assert lines == ["7"]
    assert not box.intersects(beside)


@given(tops=st.lists(st.integers(0, 560), max_size=6), height=st.integers(12, 80))
def test_a_label_is_never_put_on_another_while_there_is_room(tops: list[int], height: int) -> None:
    room, taken = QRectF(0, 0, 400, 2000), list[QRectF]()
    for top in tops:
        place = free_place(QRectF(10, top, 100, height), taken, room)
        assert room.contains(place)
        assert not any(place.intersects(other) for other in taken)
        taken.append(place)


class Paints(QObject):
    """Counts the paints of all panes on screen; the later, smooth one is put off for a minute."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        assert window.area is not None
        self.count: dict[int, int] = {}
        for pane in window.area.panes:
            if pane.isVisible():
                self.count[pane.number] = 0
                pane.view._calm.stop()
                pane.view._calm.setInterval(60_000)
                pane.view.viewport().setProperty("number", pane.number)
                pane.view.viewport().installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count[watched.property("number")] += 1
        return False


@pytest.mark.parametrize("box", [(300, 80, 90, 60), (10, 190, 60, 40), (150, 400, 90, 40), (205, 10, 90, 40)])
def test_the_dotted_line_leads_from_the_mark_to_its_label_wherever_that_found_room(box: tuple[int, ...]) -> None:
    outline = [QPointF(200 + 40 * cos(n / 10), 200 + 50 * sin(n / 10)) for n in range(63)]
    place = QRectF(*box)
    line = leader(outline, place)
    assert line is not None
    assert line.p1() in outline
    grown = place.adjusted(-1e-6, -1e-6, 1e-6, 1e-6)
    assert grown.contains(line.p2())
    assert not place.adjusted(1e-6, 1e-6, -1e-6, -1e-6).contains(line.p2())
    assert leader(outline, QRectF(241, 190, 60, 20)) is None


def test_a_step_of_the_crosshair_paints_each_pane_once(qtbot: QtBot, opened: MainWindow) -> None:
    session = opened.session
    qtbot.waitUntil(lambda: all(p.slice is not None for p in opened.area.panes if p.isVisible()), timeout=LIMIT)  # type: ignore[union-attr]
    QApplication.processEvents()
    paints = Paints(opened)
    assert len(paints.count) == 3
    x, y, z = session.store.state.view.crosshair or (0.0, 0.0, 0.0)
    session.move_crosshair((x + 0.1, y + 0.1, z + 0.1))  # within the same pictures
    QApplication.processEvents()
    assert set(paints.count.values()) == {1}


def test_a_change_that_no_pane_shows_paints_none(qtbot: QtBot, opened: MainWindow) -> None:
    qtbot.waitUntil(lambda: all(p.slice is not None for p in opened.area.panes if p.isVisible()), timeout=LIMIT)  # type: ignore[union-attr]
    QApplication.processEvents()
    panes = [pane for pane in opened.area.panes if pane.isVisible()] if opened.area else []
    before = [pane.view.overlay.shown for pane in panes]
    opened.session.store.dispatch(NamesShown(not opened.session.store.state.view.names_shown))
    assert all(pane.view.overlay.shown is shown for pane, shown in zip(panes, before, strict=True))
