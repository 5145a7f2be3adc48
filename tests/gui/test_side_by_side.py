"""Sets with several times or echoes, and two sets side by side: the choice, the keys, and the line where they cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.data import shared_data
from tests.document.samples import turn
from tests.gui.conftest import LIMIT, open_disc, pane_of
from viewer.document.changes import ConversationShown, QuestionAsked, RegionChosen
from viewer.document.model import ChosenRegion, Layout
from viewer.geometry.plane import Affine
from viewer.gui.panels.chosen import ChosenPicture
from viewer.gui.widgets.labels import Words
from viewer.gui.window.window import MainWindow
from viewer.index.model import Series
from viewer.index.spot import spot_of
from viewer.marks.mark import MarkKind
from viewer.picture.look import Region
from viewer.usecases.crossing import crossing


def series_with_groups(window: MainWindow, count: int) -> Series:
    disc = window.session.store.state.disc
    assert disc is not None
    return next(s for study in disc.studies for s in study.series if len(s.groups) == count)


@pytest.fixture
def four_d(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """A set with five times on screen."""
    open_disc(qtbot, window, shared_data("discs", "06-localizer-and-4d"))
    window.session.show(series_with_groups(window, 5).id)
    qtbot.waitUntil(lambda: pane_of(window).slice is not None, timeout=LIMIT)
    return window


def test_a_set_with_several_times_offers_them_below_the_large_picture(qtbot: QtBot, four_d: MainWindow) -> None:
    choice = pane_of(four_d).row.groups
    qtbot.waitUntil(choice.isVisible, timeout=LIMIT)
    assert choice.button.text() == "Time 1 of 5"
    assert "Time 1 of 5" in choice.button.accessibleName()
    assert not pane_of(four_d, 1).row.groups.isVisible()
    choice.step(-1)
    assert four_d.session.store.state.view.panes[0].group == 0
    choice.step(1)
    assert {pane.group for pane in four_d.session.store.state.view.panes} == {1}
    assert choice.button.text() == "Time 2 of 5"


def test_brackets_go_to_the_next_time_and_back(qtbot: QtBot, four_d: MainWindow) -> None:
    view = pane_of(four_d).view
    QTest.keyClick(view, Qt.Key.Key_BracketRight)
    QTest.keyClick(view, Qt.Key.Key_BracketRight)
    assert four_d.session.store.state.view.panes[0].group == 2
    QTest.keyClick(view, Qt.Key.Key_BracketLeft)
    assert four_d.session.store.state.view.panes[0].group == 1
    qtbot.waitUntil(lambda: pane_of(four_d)._shown_key == pane_of(four_d)._wanted, timeout=LIMIT)


def test_a_set_with_one_group_shows_no_choice(opened: MainWindow) -> None:
    assert not pane_of(opened).row.groups.isVisible()
    QTest.keyClick(pane_of(opened).view, Qt.Key.Key_BracketRight)
    assert opened.session.store.state.view.panes[0].group == 0


def test_a_set_shown_beside_draws_where_it_cuts_and_the_large_picture_stays(qtbot: QtBot, window: MainWindow) -> None:
    open_disc(qtbot, window, shared_data("discs", "01-lumbar-spine-mr"))
    disc = window.session.store.state.disc
    assert disc is not None
    lead = window.session.store.state.view.panes[0].series_id
    axial = next(s for study in disc.studies for s in study.series if s.name.startswith("From below"))
    window.act("layout_three")
    assert window.session.store.state.view.layout is Layout.ONE
    window.browser.sets.beside_wanted.emit(axial.id)
    panes = window.session.store.state.view.panes
    assert (panes[0].series_id, panes[1].series_id) == (lead, axial.id)
    qtbot.waitUntil(lambda: pane_of(window, 1).slice is not None, timeout=LIMIT)
    qtbot.waitUntil(lambda: len(pane_of(window).view.overlay.shown.cuts) == 1, timeout=LIMIT)
    assert pane_of(window, 1).view.overlay.shown.crosshair is None  # its slice is far from the point
    before = pane_of(window).view.overlay.shown.cuts
    window.session.go_to(1, panes[1].index + 1)
    assert pane_of(window).view.overlay.shown.cuts != before
    assert pane_of(window, 1).view.overlay.shown.crosshair is not None  # scrolling it takes the point along


def flat(origin: tuple[float, float, float], column: tuple[float, ...], row: tuple[float, ...]) -> Affine:
    """A picture with 1 mm pixels at `origin`; the directions are unit vectors."""
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 2] = column, row, np.cross(column, row)
    affine[:3, 3] = origin
    return affine


SAGITTAL = flat((0, 0, 50), (0, 1, 0), (0, 0, -1))


@given(z=st.floats(-40, 40), tilt=st.floats(-1.0, 1.0), x=st.floats(-30, -1))
def test_both_ends_of_the_line_lie_on_both_pictures(z: float, tilt: float, x: float) -> None:
    row = (0.0, float(np.cos(tilt)), float(np.sin(tilt)))
    other = flat((x, 10, z), (1, 0, 0), row)
    line = crossing(SAGITTAL, other, 40, 60)
    assert line is not None
    across = np.cross(other[:3, 0], other[:3, 1])
    for column, row_ in line:
        point = (SAGITTAL @ [column, row_, 0, 1])[:3]
        assert abs(point[0]) < 1e-6
        assert abs(across @ (point - other[:3, 3])) < 1e-6


def test_pictures_alongside_or_apart_have_no_line() -> None:
    assert crossing(SAGITTAL, flat((5, 0, 50), (0, 1, 0), (0, 0, -1)), 40, 60) is None
    assert crossing(SAGITTAL, flat((100, 0, 0), (1, 0, 0), (0, 1, 0)), 40, 60) is None
    assert crossing(SAGITTAL, np.zeros((4, 4)), 40, 60) is None


def test_another_time_leaves_the_set_beside_alone(qtbot: QtBot, four_d: MainWindow) -> None:
    disc = four_d.session.store.state.disc
    assert disc is not None
    other = next(s for study in disc.studies for s in study.series if len(s.groups) == 1 and s.frames)
    four_d.browser.sets.beside_wanted.emit(other.id)
    four_d.session.show_group(4)
    groups = [(pane.series_id == other.id, pane.group) for pane in four_d.session.store.state.view.panes]
    assert groups[:2] == [(False, 4), (True, 0)]
    four_d.session.show_group(99)
    assert four_d.session.store.state.view.panes[0].group == 4


def until_time(qtbot: QtBot, window: MainWindow, group: int) -> None:
    """Another time, on screen."""
    window.session.show_group(group)
    pane = pane_of(window)
    qtbot.waitUntil(lambda: pane.slice is not None and pane.slice.group == group, timeout=LIMIT)


def test_a_part_chosen_on_one_time_is_none_of_another(qtbot: QtBot, four_d: MainWindow) -> None:
    store, pane = four_d.session.store, four_d.session.store.state.view.panes[0]
    store.dispatch(RegionChosen(ChosenRegion(*spot_of(pane), Region(1, 1, 6, 6))))
    panel = ChosenPicture(four_d, lambda: None)
    qtbot.addWidget(panel)

    def words() -> list[str]:
        panel.refresh()
        return [one.text() for one in panel.findChildren(Words)]

    qtbot.waitUntil(lambda: "Your chosen part" in words(), timeout=LIMIT)
    until_time(qtbot, four_d, 1)
    assert "The whole picture" in words()
    assert pane_of(four_d).view.overlay.shown.region is None
    until_time(qtbot, four_d, 0)
    assert "Your chosen part" in words()
    assert pane_of(four_d).view.overlay.shown.region == Region(1, 1, 6, 6)


def test_what_the_ai_saw_of_one_time_is_framed_on_no_other(qtbot: QtBot, four_d: MainWindow) -> None:
    store, pane = four_d.session.store, four_d.session.store.state.view.panes[0]
    asked = turn("Why?")
    here = replace(asked.sent[0], series_id=pane.series_id, group=pane.group, plane=pane.plane, index=pane.index)
    sent = replace(here, region=Region(1, 1, 6, 6))
    store.dispatch(QuestionAsked("talk", replace(asked, sent=(sent,))))
    store.dispatch(ConversationShown("talk"))
    assert pane_of(four_d).view.overlay.shown.sent == Region(1, 1, 6, 6)
    until_time(qtbot, four_d, 1)
    assert pane_of(four_d).view.overlay.shown.sent is None


def test_two_times_side_by_side_have_their_own_marks(qtbot: QtBot, four_d: MainWindow) -> None:
    session = four_d.session
    until_time(qtbot, four_d, 1)
    first = pane_of(four_d).slice
    assert first is not None
    mark = session.add_mark(MarkKind.ARROW, first, ((2.0, 2.0), (5.0, 5.0)))
    assert [one.id for one in session.marks_on(first)] == [mark.id]
    until_time(qtbot, four_d, 0)
    shown = pane_of(four_d).slice
    assert shown is not None
    assert session.marks_on(shown) == ()
    assert [one.id for one in session.marks_on(first)] == [mark.id]
