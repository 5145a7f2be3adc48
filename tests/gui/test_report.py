"""The import report: its sums, every file with its reason, the words for the clinic; and discs without a picture."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.conftest import LIMIT, open_disc, until_filled
from tests.gui.papers import write_pdf_object
from viewer.document.changes import DiscOpened
from viewer.geometry.plane import Plane
from viewer.gui.pages.document_page import DocumentPage
from viewer.gui.pages.report_page import MOST_ROWS, ReportPage, shown_lines, sum_words
from viewer.gui.pages.report_row import ReportRow
from viewer.gui.sets.thumbnails import picture_for
from viewer.gui.widgets.file_list import FileList
from viewer.gui.window.window import MainWindow
from viewer.index.model import DiscIndex, Skipped
from viewer.phantom.disc import DiscKind, write_disc
from viewer.problem import ProblemError, problem
from viewer.usecases.request import clinic_request, request_about
from viewer.volume.slice import Slice


def disc_of(window: MainWindow) -> DiscIndex:
    disc = window.session.store.state.disc
    assert disc is not None
    return disc


def report_of(qtbot: QtBot, window: MainWindow) -> ReportPage:
    window.act("report")
    page = window.centre.page
    assert isinstance(page, ReportPage)
    return filled(qtbot, page)


def filled(qtbot: QtBot, page: ReportPage) -> ReportPage:
    until_filled(qtbot, page)
    return page


def no_password(password: str) -> None:
    raise AssertionError(password)


def button(page: ReportPage, words: str) -> QPushButton:
    return next(one for one in page.findChildren(QPushButton) if one.text().strip() == words)


@pytest.fixture
def broken(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """The window with a made disc open that has damaged, empty and misleading files."""
    write_disc(tmp_path / "disc", DiscKind.BROKEN, slices=4, size=32)
    open_disc(qtbot, window, tmp_path / "disc")
    return window


def test_the_rows_of_the_report_add_up_to_the_files_found(qtbot: QtBot, broken: MainWindow) -> None:
    disc, page = disc_of(broken), report_of(qtbot, broken)
    card = page.findChildren(ReportRow)[0].parentWidget()
    assert card is not None
    counts = [int(row.findChildren(QLabel)[-1].text()) for row in card.findChildren(ReportRow)]
    missing = len(disc.account.missing)
    assert sum(counts) - missing == disc.account.found
    assert f"{disc.account.found} files found." in sum_words(disc)


def test_every_file_of_the_disc_can_be_unfolded_with_its_reason(
    qtbot: QtBot, broken: MainWindow, tmp_path: Path
) -> None:
    page = report_of(qtbot, broken)
    for row in page.findChildren(ReportRow):
        for link in row.findChildren(QPushButton):
            if link.text() == "Show the list":
                link.click()
                assert link.text() == "Hide the list"
    told: dict[str, str] = {}
    for listing in page.findChildren(FileList):
        model = listing.model()
        for number in range(model.rowCount()):
            path, _, reason = str(model.index(number, 0).data()).partition(" — ")
            told[path] = reason
    folder = tmp_path / "disc"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(told) >= files
    assert all(told[path] for path in files)


def test_the_words_for_the_clinic_say_what_is_wrong_without_a_name_and_can_be_copied(
    qtbot: QtBot, broken: MainWindow
) -> None:
    disc, page = disc_of(broken), report_of(qtbot, broken)
    words = clinic_request(disc)
    damaged = sum(skipped.kind == "damaged" for skipped in disc.account.skipped)
    assert damaged
    assert "damaged" in words
    assert "Please give me" in words
    for study in disc.studies:
        assert study.person.name not in words
    button(page, "Copy these words").click()
    assert QGuiApplication.clipboard().text() == words


def test_a_disc_that_is_whole_asks_the_clinic_for_nothing(qtbot: QtBot, opened: MainWindow) -> None:
    disc = disc_of(opened)
    assert clinic_request(disc) == ""
    missing = replace(disc, account=replace(disc.account, missing=("A/1", "A/2")))
    assert "2 files that its own list names are missing." in clinic_request(missing)
    assert clinic_request(replace(disc, problems=(problem("disc_locked"),))).startswith("Please give me")


def test_the_words_about_one_set_are_for_the_clinic_and_not_for_the_reader(opened: MainWindow) -> None:
    series = next(disc_of(opened).every_series)
    doubts = (problem("table_damaged"), problem("old_format"), problem("part_missing", parts="2 parts"))
    words = request_about(replace(series, problems=doubts))
    assert [doubts[0].text in words, doubts[1].text in words, doubts[2].text in words] == [True, False, True]
    assert "the clinic" not in words
    assert words.endswith("without a password.")


def test_files_that_could_not_be_read_are_read_again_from_the_report(qtbot: QtBot, opened: MainWindow) -> None:
    again: list[bool] = []
    disc = disc_of(opened)
    first, *others = shown_lines(disc)
    skipped = Skipped(first[0], "unreadable", "The file could not be read from the disc")
    lost = replace(disc, problems=(problem("disc_taken_out", read=len(others), all=len(others) + 1),),
                   account=replace(disc.account, skipped=(*disc.account.skipped, skipped)))  # fmt: skip
    opened.session.store.dispatch(DiscOpened(lost))
    page = ReportPage(opened, lost, "", lambda: again.append(True), no_password)
    qtbot.addWidget(page)
    filled(qtbot, page)
    links = [one for one in page.findChildren(QPushButton) if one.text().strip() == "Read this one again"]
    assert len(links) == 2  # at the top, and in its row
    for link in links:
        link.click()
    assert again == [True, True]


def test_the_report_follows_a_disc_that_is_still_being_read(qtbot: QtBot, opened: MainWindow) -> None:
    disc = disc_of(opened)
    early = replace(disc, account=replace(disc.account, found=disc.account.found + 5))
    page = ReportPage(opened, early, "", lambda: None, no_password)
    qtbot.addWidget(page)

    def words() -> str:
        return " ".join(label.text() for label in page.findChildren(QLabel))

    assert "so far" in words()
    page._follow(disc)
    qtbot.waitUntil(lambda: page.is_filled and "so far" not in words(), timeout=LIMIT)
    filled(qtbot, page)
    assert "nothing was left out silently" in words()


def test_reports_that_are_overtaken_while_they_are_filled_leave_nothing_behind(
    qtbot: QtBot, opened: MainWindow
) -> None:
    page = report_of(qtbot, opened)
    for _ in range(4):
        page._show()
    filled(qtbot, page)
    qtbot.waitUntil(lambda: page.viewport().children() == [page.widget()], timeout=LIMIT)


def test_of_hundreds_of_sets_with_something_to_say_the_worst_and_the_one_asked_for_have_rows(
    qtbot: QtBot, opened: MainWindow
) -> None:
    """A row for each of 900 sets kept the window for eleven seconds."""
    disc = disc_of(opened)
    (study,) = disc.studies
    (series,) = study.series
    noted = [
        replace(series, id=f"x{n}", description=f"Set {n}", problems=(problem("table_damaged"),)) for n in range(300)
    ]
    noted[200] = replace(noted[200], problems=(problem("picture_cannot_be_shown"),))
    many = replace(disc, studies=(replace(study, series=tuple(noted)),))
    opened.session.store.dispatch(DiscOpened(many))
    page = ReportPage(opened, many, "x299", lambda: None, no_password)
    qtbot.addWidget(page)
    assert len(page.findChildren(ReportRow)) == 0  # they come one by one
    filled(qtbot, page)
    rows = page.findChildren(ReportRow)
    assert len(rows) < 2 * MOST_ROWS
    assert [row for row in rows if row.property("chosen")]
    assert [row for row in rows if row.property("last")] == [rows[0], rows[-1]]  # of each card
    rows[-1].findChildren(QPushButton)[0].click()
    (listing,) = rows[-1].findChildren(FileList)
    assert listing.model().rowCount() == len(noted) - MOST_ROWS - 1


def test_a_folder_without_pictures_offers_another_one(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.open_path(str(tmp_path))
    qtbot.waitUntil(lambda: isinstance(window.centre.page, ReportPage), timeout=LIMIT)
    page = window.centre.page
    assert isinstance(page, ReportPage)
    filled(qtbot, page)
    asked: list[str] = []
    window.actions_bound._handlers = {**window.actions_bound._handlers, "open": lambda: asked.append("open")}
    button(page, "Choose another folder…").click()
    assert asked == ["open"]


def test_a_disc_with_papers_only_opens_the_first_of_them(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_pdf_object(tmp_path / "LETTER")
    window.open_path(str(tmp_path))
    qtbot.waitUntil(lambda: isinstance(window.centre.page, DocumentPage), timeout=LIMIT)


class Stood:
    """A set of five pictures: those in `empty` hold one value, those in `lost` cannot be read."""

    def __init__(self, slice_: Slice, empty: set[int], lost: set[int]) -> None:
        self._slice, self._empty, self._lost = slice_, empty, lost

    def count(self, plane: Plane) -> int:
        return 5

    def slice(self, plane: Plane, index: int) -> Slice:
        if index in self._lost:
            raise ProblemError(problem("picture_cannot_be_shown"))
        values = np.zeros_like(self._slice.values) if index in self._empty else self._slice.values
        return replace(self._slice, values=values, index=index)


def test_a_thumbnail_is_a_picture_with_something_in_it(opened: MainWindow) -> None:
    area = opened.area
    assert area is not None
    shown = area.panes[0].slice
    assert shown is not None
    whole = picture_for(Stood(shown, set(), set()), 52).pixels  # type: ignore[arg-type]
    assert np.array_equal(picture_for(Stood(shown, {2}, {1}), 52).pixels, whole)  # type: ignore[arg-type]
    assert np.ptp(picture_for(Stood(shown, {0, 1, 2, 3, 4}, set()), 52).pixels) == 0  # type: ignore[arg-type]
    with pytest.raises(ProblemError):
        picture_for(Stood(shown, set(), {0, 1, 2, 3, 4}), 52)  # type: ignore[arg-type]


def test_a_set_without_a_thumbnail_says_why_in_its_tip(
    qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch, ct_folder: Path, tmp_path: Path
) -> None:
    from viewer.gui.sets import thumbnails

    def refuse(*_: object) -> None:
        raise ProblemError(problem("picture_cannot_be_shown"))

    monkeypatch.setattr(thumbnails, "picture_for", refuse)
    shutil.copytree(ct_folder, tmp_path / "again")
    open_disc(qtbot, opened, tmp_path / "again")
    model = opened.browser.sets._sets
    row = next(row for row in model.rows if row.frames)
    qtbot.waitUntil(lambda: model.why_no_picture(row) == "This picture cannot be shown.", timeout=LIMIT)
