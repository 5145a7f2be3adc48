"""What is shown before a picture leaves: all of it can be seen, and nothing goes on behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests import clinic
from tests.disclosure.made import LAPTOP, choose, prepared
from tests.fakes.disclosures import png
from tests.gui.conftest import LIMIT, open_disc
from viewer.disclosure.frame import DisclosedFrame, Disclosure
from viewer.geometry.plane import Plane
from viewer.gui.panels.ask import AskPanel
from viewer.gui.panels.preview import ExactPicture, PreviewPage
from viewer.gui.window.status_line import CLOSES
from viewer.gui.window.window import MainWindow

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def disclosure() -> Disclosure:
    """What would leave with a question about one picture."""
    return prepared(choose(), to=LAPTOP)


@pytest.fixture
def exact(qtbot: QtBot) -> ExactPicture:
    """A picture of 900 × 700 points in a place of 500 × 400."""
    made = ExactPicture(DisclosedFrame(png(900, 700), "a" * 64, 900, 700, "", "s", Plane.NATIVE, 0))
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def pull(widget: ExactPicture, by: QPoint) -> None:
    middle = widget.rect().center()
    QTest.mousePress(widget, LEFT, NONE, middle)
    QTest.mouseMove(widget, middle + by)
    QTest.mouseRelease(widget, LEFT, NONE, middle + by)


@pytest.mark.parametrize("way", [QPoint(-2000, -2000), QPoint(2000, 2000), QPoint(0, -2000)])
def test_what_leaves_cannot_be_pulled_out_of_sight(exact: ExactPicture, way: QPoint) -> None:
    pull(exact, way)
    assert exact.place().contains(QRectF(exact.rect()))
    before = exact.place()
    pull(exact, QPoint(-way.x() // 100, -way.y() // 100))  # it comes back at once, however far the hand had gone
    assert exact.place() != before
    exact.show_percent(50)
    assert exact.is_whole


def test_what_was_in_the_middle_stays_there_with_another_zoom(exact: ExactPicture) -> None:
    pull(exact, QPoint(100, 60))
    place = exact.place()
    middle = QRectF(exact.rect()).center()
    inside = ((middle.x() - place.x()) / place.width(), (middle.y() - place.y()) / place.height())
    exact.show_percent(200)
    place = exact.place()
    assert (middle.x() - place.x()) / place.width() == pytest.approx(inside[0], abs=0.002)
    assert (middle.y() - place.y()) / place.height() == pytest.approx(inside[1], abs=0.002)


def test_it_is_said_where_not_all_of_it_is_in_sight(qtbot: QtBot, opened: MainWindow, disclosure: Disclosure) -> None:
    page = PreviewPage(opened, disclosure, "")
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    qtbot.waitUntil(
        lambda: page.size_words.text().endswith("shown at its exact size") == page.exact.is_whole, timeout=LIMIT
    )
    page.zoom.setValue(page.zoom.maximum())
    assert not page.exact.is_whole
    assert page.size_words.text().endswith("drag to see the rest")
    page.zoom.setValue(0)
    assert page.exact.is_whole
    assert page.size_words.text().endswith("made smaller")


def test_an_older_answer_of_the_status_line_gives_way(qtbot: QtBot, opened: MainWindow, disclosure: Disclosure) -> None:
    opened.say("Write a question first.")
    opened.show_preview(disclosure, "")
    qtbot.waitUntil(lambda: opened.status.hint.accessibleName() == CLOSES, timeout=LIMIT)


@pytest.fixture
def playing(qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path) -> MainWindow:
    """A window in which a film plays."""
    made = clinic.film(clinic.pictures(ct_folder)[0], frames=12, frame_ms=20)
    (tmp_path / "film").mkdir()
    clinic.write(made, tmp_path / "film" / "a")
    open_disc(qtbot, window, tmp_path / "film")
    window.act("play")
    assert window.situation().playing
    return window


def test_a_film_does_not_play_behind_what_would_leave(playing: MainWindow, disclosure: Disclosure) -> None:
    playing.show_preview(disclosure, "")
    assert not playing.situation().playing


def test_a_film_stays_at_the_picture_that_is_asked_about(qtbot: QtBot, playing: MainWindow) -> None:
    playing.session.setup.choose("address", "http://127.0.0.1:9", "made-up")
    panel = AskPanel(playing)
    qtbot.addWidget(panel)
    panel.show()
    panel.question.setPlainText("What is this?")
    panel.see_what_leaves()
    assert not playing.situation().playing
    qtbot.waitUntil(lambda: panel._preparing is not None and panel._preparing.finished, timeout=LIMIT)
    assert panel._preparing is not None
    made = panel._preparing.result
    pane = playing.session.store.state.view.pane
    assert made is not None
    assert pane is not None
    assert made.frames[0].index == pane.index
