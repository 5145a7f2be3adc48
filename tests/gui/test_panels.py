"""Browser, report, marks and facts beside the pictures."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT, open_disc, pane_of, until_filled, until_open
from tests.picture.slices import make_series
from viewer.document.changes import MarkChanged
from viewer.gui.look.icons import icon
from viewer.gui.look.theme import Appearance
from viewer.gui.pages.report_page import ReportPage, sets_words, sum_words
from viewer.gui.panels.facts import FactsView
from viewer.gui.panels.marks import MarksPanel
from viewer.gui.panes.outlined import width_of
from viewer.gui.panes.overlay import doubt_lines
from viewer.gui.sets.set_delegate import title_lines
from viewer.gui.sets.set_model import ROW_ROLE
from viewer.gui.sets.set_rows import RowKind, rows_of, second_line
from viewer.gui.widgets.boxes import Abreast
from viewer.gui.widgets.controls import Button
from viewer.gui.window.toolbar import ROW
from viewer.gui.window.window import MainWindow
from viewer.index.model import DiscIndex
from viewer.marks.mark import MarkKind
from viewer.phantom.disc import DiscKind, write_disc
from viewer.problem import problem
from viewer.text.resources import resource
from viewer.usecases.actions import ACTIONS
from viewer.usecases.request import asked_words, request_about


def test_every_icon_of_the_table_and_the_tool_bar_is_shipped_with_its_licence() -> None:
    for row in ACTIONS:
        if row.icon:
            assert resource("icons", f"{row.icon}.svg").exists()
    assert "ISC" in resource("icons", "LICENSE").read_text("utf-8")
    assert {name for name in ROW if name not in ("|", " ", "layout")} <= {row.id for row in ACTIONS}


def test_an_icon_is_drawn_in_the_colour_of_the_theme(window: MainWindow) -> None:
    def colours() -> set[str]:
        image = icon("square", "accent").pixmap(32, 32).toImage()
        found = {image.pixelColor(x, y).name().upper() for x in range(32) for y in range(32)}
        return found - {"#000000"}

    assert "#0B7285" in colours()
    Appearance.now().choose("dark")
    assert "#5CC8DB" in colours()


def test_a_click_on_a_set_shows_it(qtbot: QtBot, window: MainWindow, cd_folder: Path) -> None:
    open_disc(qtbot, window, cd_folder)
    sets = window.browser.sets
    model = sets.model()
    rows = [model.index(n, 0) for n in range(model.rowCount())]
    choices = [at for at in rows if at.data(ROW_ROLE).kind is RowKind.SET and at.data(ROW_ROLE).can_be_shown]
    other = next(
        at for at in choices if at.data(ROW_ROLE).series_id != window.session.store.state.view.panes[0].series_id
    )
    place = sets.visualRect(other).center()
    QTest.mouseClick(sets.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(place))
    assert window.session.store.state.view.panes[0].series_id == other.data(ROW_ROLE).series_id
    assert sets.delegate.shown_series == other.data(ROW_ROLE).series_id


def test_the_search_leaves_only_what_fits(opened: MainWindow) -> None:
    opened.browser.search_button.click()
    assert opened.browser.search.isVisible()
    opened.browser.search.setText("no such set")
    assert opened.browser.sets.model().rowCount() == 0
    QTest.keyClick(opened.browser.search, Qt.Key.Key_Escape)
    assert opened.browser.sets.model().rowCount() > 0


def test_helpers_are_folded_and_open_with_a_search(qtbot: QtBot, window: MainWindow, cd_folder: Path) -> None:
    open_disc(qtbot, window, cd_folder)
    disc = window.session.store.state.disc
    assert disc is not None
    helpers = [series for study in disc.studies for series in study.series if series.helper]
    closed = rows_of(disc, "", frozenset())
    opened_rows = rows_of(disc, "", frozenset(study.uid for study in disc.studies))
    assert len(opened_rows) - len(closed) == len(helpers)


def test_helpers_that_are_opened_by_key_are_gone_through_by_key(qtbot: QtBot, window: MainWindow) -> None:
    window.open_sample()
    until_open(qtbot, window)
    sets = window.browser.sets
    model = sets.model()
    kinds = [model.index(n, 0).data(ROW_ROLE).kind for n in range(model.rowCount())]
    fold = kinds.index(RowKind.FOLD)
    sets.setCurrentIndex(model.index(fold, 0))
    QTest.keyClick(sets, Qt.Key.Key_Return)
    assert model.rowCount() > len(kinds)
    QTest.keyClick(sets, Qt.Key.Key_Down)
    first = sets.currentIndex()
    assert (first.row(), first.data(ROW_ROLE).kind) == (fold + 1, RowKind.SET)


def test_where_to_start_is_said_where_there_is_a_choice(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    write_disc(tmp_path / "mixed", DiscKind.MIXED, slices=6, size=32)

    def disc_of(folder: Path) -> DiscIndex | None:
        disc = window.session.store.state.disc
        return disc if disc is not None and disc.complete and disc.root == str(folder) else None

    def is_open(folder: Path) -> bool:
        return disc_of(folder) is not None

    for folder, said in ((ct_folder, False), (tmp_path / "mixed", True)):
        window.open_path(str(folder))
        qtbot.waitUntil(partial(is_open, folder), timeout=LIMIT)
        disc = disc_of(folder)
        assert disc is not None
        assert any(row.kind is RowKind.GROUP for row in rows_of(disc, "", frozenset())) is said


def test_thumbnails_come_by_themselves(qtbot: QtBot, opened: MainWindow) -> None:
    disc = opened.session.store.state.disc
    assert disc is not None
    series = disc.studies[0].series[0]
    thumbnails = opened.browser.thumbnails
    qtbot.waitUntil(lambda: thumbnails.of(disc, series.id, len(series.frames)) is not None, timeout=LIMIT)


def test_the_report_accounts_for_every_file(qtbot: QtBot, window: MainWindow, cd_folder: Path) -> None:
    open_disc(qtbot, window, cd_folder)
    disc = window.session.store.state.disc
    assert disc is not None
    files = sum(1 for path in cd_folder.rglob("*") if path.is_file())
    assert str(files) in sum_words(disc)
    assert "nothing was left out silently" in sum_words(disc)
    page = ReportPage(window, disc, "", lambda: None, lambda password: None)
    qtbot.addWidget(page)
    until_filled(qtbot, page)
    words = " ".join(label.text() for label in page.findChildren(QLabel))
    assert sets_words(disc) in words
    assert "It was not started." in words
    series = disc.studies[0].series[0]
    assert disc.studies[0].person.name not in request_about(series)


def test_the_list_of_marks_follows_the_document_and_renames(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_panel("marks")
    panel = opened.right.panel("marks")
    assert isinstance(panel, MarksPanel)
    slice_ = pane_of(opened).slice
    assert slice_ is not None
    opened.session.add_mark(MarkKind.LENGTH, slice_, ((10, 10), (30, 10)))
    assert len(panel.rows) == 1
    assert opened.right.accessibleName() == "Marks (1)"
    assert "mm" in panel.rows[0].accessibleName()
    panel.begin_rename(panel.rows[0].mark.id)
    QTest.keyClicks(panel.rows[0]._edit, "width")
    QTest.keyClick(panel.rows[0]._edit, Qt.Key.Key_Return)
    assert opened.session.store.state.document.marks[0].text == "width"
    panel.rows[0]._toggle()
    assert opened.session.store.state.document.marks[0].hidden
    assert pane_of(opened).view.overlay.shown.marks == ()


def test_who_renames_a_mark_in_the_list_stays_at_the_picture(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_panel("marks")
    panel, slice_ = opened.right.panel("marks"), pane_of(opened).slice
    assert isinstance(panel, MarksPanel)
    assert slice_ is not None
    opened.session.add_mark(MarkKind.LENGTH, slice_, ((10, 10), (30, 10)))
    opened.act("last_slice")
    shown = opened.session.store.state.view.panes
    panel.begin_rename(panel.rows[0].mark.id)
    QTest.keyClicks(panel.rows[0]._edit, "width")
    QTest.keyClick(panel.rows[0]._edit, Qt.Key.Key_Return)
    assert opened.session.store.state.document.marks[0].text == "width"
    assert opened.session.store.state.view.panes == shown


def test_a_mark_whose_set_is_not_there_says_so_where_it_is_clicked(qtbot: QtBot, opened: MainWindow) -> None:
    store, slice_ = opened.session.store, pane_of(opened).slice
    assert slice_ is not None
    mark = opened.session.add_mark(MarkKind.ARROW, slice_, ((10, 10), (30, 10)))
    opened.show_panel("marks")
    store.dispatch(MarkChanged(replace(mark, anchor=replace(mark.anchor, series_id=""))))
    panel = opened.right.panel("marks")
    assert isinstance(panel, MarksPanel)
    shown = store.state.view.panes
    QTest.mouseClick(panel.rows[0], Qt.MouseButton.LeftButton)
    assert "not on this disc" in " ".join(label.text() for label in opened.status.findChildren(QLabel))
    assert store.state.view.panes == shown
    assert store.state.view.selected_mark == mark.id


def test_facts_are_shown_beside_the_picture(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_panel("facts")
    panel = opened.right.panel("facts")
    assert isinstance(panel, FactsView)

    def words() -> str:
        return " ".join(label.text() for label in panel.findChildren(QLabel))

    qtbot.waitUntil(lambda: "CT" in words(), timeout=LIMIT)


def test_with_several_people_the_title_and_the_list_say_whose_pictures_are_on_screen(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    write_disc(tmp_path, DiscKind.TWO_PATIENTS, slices=4, size=32)
    open_disc(qtbot, window, tmp_path)
    disc = window.session.store.state.disc
    assert disc is not None
    window.act("names")
    for study in disc.studies:
        window.session.show(study.series[0].id)
        assert study.person.name in window.windowTitle()
    model = window.browser.sets.model()
    rows = [model.index(n, 0).data(ROW_ROLE) for n in range(model.rowCount())]
    told = " ".join(row.second for row in rows if row.kind is RowKind.STUDY)
    assert all(study.person.name in told for study in disc.studies)
    window.act("names")
    rows = [model.index(n, 0).data(ROW_ROLE) for n in range(model.rowCount())]
    assert not any(study.person.name in row.second for study in disc.studies for row in rows)


def test_a_title_takes_a_second_line_before_it_loses_what_tells_it_apart(window: MainWindow) -> None:
    metrics = QFontMetrics(Appearance.now().font(13))
    title = "From the side, T2, every 1 mm (2)"
    narrow = metrics.horizontalAdvance("From the side, T2, eve")
    assert title_lines(title, metrics, 10_000, 2) == [title]
    assert title_lines(title, metrics, narrow, 2) == ["From the side, T2,", "every 1 mm (2)"]
    assert len(title_lines(title, metrics, narrow, 1)) == 1


def test_doubts_are_whole_words_in_the_large_pane_and_a_count_in_a_small_one(window: MainWindow) -> None:
    doubts = ("The pictures are not evenly spaced; this view is drawn by their true places.", "One is missing.")
    wide = doubt_lines(doubts, 500)
    assert " ".join(wide) == " ".join(doubts)
    assert all(width_of(line) <= 500 for line in wide)
    assert doubt_lines(doubts, 232) == ["! 2 notes"]
    assert doubt_lines((), 232) == []


def test_the_words_to_send_to_a_clinic_are_those_in_quotation_marks() -> None:
    assert asked_words(problem("disc_snapshots", pictures="3 snapshots")).startswith("Please give me")
    assert asked_words(problem("zip_cut")) == ""


@pytest.mark.parametrize(
    ("name", "step", "second"),
    [
        ("From the side, T2, every 1 mm", 1.0, "1 picture"),
        ("From the side, T2, every 3.3 mm (2)", 3.3333, "1 picture"),
        ("From the side, T2", 1.0, "1 picture · 1 mm"),
        ("From the side, T2", 3.3333, "1 picture · 3.3 mm"),
        ("From the side, T2", 0.625, "1 picture · 0.62 mm"),
        ("From the side, T2", 12.5, "1 picture · 12.5 mm"),
        ("From the side, T2", 120.0, "1 picture · 120 mm"),
    ],
)
def test_the_distance_of_pictures_is_told_once(name: str, step: float, second: str) -> None:
    series = make_series("MR", 1, 1.0)
    told = replace(series, name=name, spacing_mm=(step, 1.0, 1.0))
    assert second_line(told) == second
    uneven = replace(told, problems=(problem("spacing_uneven", low="1", high="7"),))
    assert second_line(uneven) == "1 picture · unevenly spaced"


def test_buttons_that_do_not_fit_abreast_stand_below_each_other(qtbot: QtBot) -> None:
    buttons = Button("Copy the facts"), Button("Save as PDF")
    panel = QWidget()
    qtbot.addWidget(panel)
    pair = Abreast(*buttons)
    pair.setParent(panel)
    pair.resize(800, 100)
    panel.show()
    qtbot.waitUntil(lambda: buttons[0].y() == buttons[1].y() and buttons[1].x() > 0, timeout=LIMIT)
    pair.resize(pair.minimumSizeHint().width(), 100)
    qtbot.waitUntil(lambda: buttons[1].y() > buttons[0].y(), timeout=LIMIT)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)


def test_what_the_clinic_wrote_about_a_set_is_hidden_like_the_names(
    qtbot: QtBot, window: MainWindow, cd_folder: Path
) -> None:
    open_disc(qtbot, window, cd_folder)
    disc = window.session.store.state.disc
    assert disc is not None
    written = {series.description for study in disc.studies for series in study.series} - {""}
    assert written

    def told(*, shown: bool) -> set[str]:
        tips = " ".join(row.tip for row in rows_of(disc, "", frozenset(), names_shown=shown))
        return {words for words in written if words in tips}

    assert not told(shown=False)
    assert told(shown=True)
