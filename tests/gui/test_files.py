"""Opening and taking along: locked ZIPs, discs read again, several files dropped, the table of marks, documents."""

from __future__ import annotations

import csv
import shutil
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.sequence import Sequence as Items
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QFileSystemModel, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from tests import clinic
from tests.data import shared_data
from tests.document.samples import disc
from tests.fakes.locked_zip import write_locked_zip
from tests.gui.conftest import LIMIT, open_disc, pane_of, save_as, until_filled
from tests.usecases.sitting import Scripted, script_media
from viewer.disc.drives import Drive
from viewer.document.changes import DiscOpened
from viewer.gui.pages.document_page import SHOWN_LINES, DocumentPage
from viewer.gui.pages.line_pieces import LONGEST, MOST_BREAKS, in_pieces
from viewer.gui.pages.report_page import ReportPage
from viewer.gui.panels.marks import MarksPanel
from viewer.gui.steps import Steps
from viewer.gui.widgets import file_dialogs
from viewer.gui.widgets.labels import Words
from viewer.gui.widgets.password_form import PasswordForm
from viewer.gui.window.widths import Widths
from viewer.gui.window.window import MainWindow
from viewer.index.model import DiscIndex, SeriesKind
from viewer.marks.mark import MarkKind
from viewer.phantom import study
from viewer.problem import problem
from viewer.usecases.documents import DocumentLine


def locked_zip() -> Path:
    """A ZIP whose password is written in its folder's description, or a skip."""
    return shared_data("discs/10-zip/lws-password.zip")


def try_password(window: MainWindow, password: str) -> None:
    line = window.start_page.password.line
    line.setText(password)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_a_locked_zip_asks_for_its_password_on_the_start_page(qtbot: QtBot, window: MainWindow) -> None:
    form = window.start_page.password
    window.open_path(str(locked_zip()))
    qtbot.waitUntil(form.isVisible, timeout=LIMIT)
    assert window.start_page.isVisible()
    assert form.line.echoMode() is form.line.EchoMode.Password
    assert not form.wrong.isVisible()
    assert form.button.reason
    assert window.start_page.drop.button.property("role") == ""


def test_a_wrong_password_says_so_and_is_asked_for_again(qtbot: QtBot, window: MainWindow) -> None:
    form = window.start_page.password
    window.open_path(str(locked_zip()))
    qtbot.waitUntil(form.isVisible, timeout=LIMIT)
    try_password(window, "surely not")
    qtbot.waitUntil(form.wrong.isVisible, timeout=LIMIT)
    assert "does not open" in form.wrong.accessibleName()
    assert form.line.text() == ""
    try_password(window, "sidelight")
    qtbot.waitUntil(lambda: window.session.store.state.disc is not None, timeout=LIMIT)
    qtbot.waitUntil(lambda: not form.isVisible(), timeout=LIMIT)


def test_a_locked_zip_asked_for_while_a_scan_is_open_leaves_the_scan_and_escape_returns_to_it(
    qtbot: QtBot, opened: MainWindow
) -> None:
    opened.open_path(str(locked_zip()))
    qtbot.waitUntil(opened.start_page.password.isVisible, timeout=LIMIT)
    opened.escape()
    assert opened.area is not None
    assert opened.area.isVisible()


def test_of_several_dropped_files_only_these_are_read(qtbot: QtBot, window: MainWindow, ct_folder: Path) -> None:
    files = sorted(str(path) for path in ct_folder.rglob("*") if path.is_file())
    window.files.open_dropped(files[2:5])
    disc = open_until_read(qtbot, window)
    assert disc.account.found == 3
    assert disc.picture_count == 3
    window.pages.read_again()
    qtbot.waitUntil(lambda: isinstance(window.centre.page, ReportPage), timeout=LIMIT)
    now = window.session.store.state.disc
    assert now is not None
    assert now.account.found == 3


def test_what_was_dropped_together_is_opened_again_as_just_that(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, cd_folder: Path, tmp_path: Path
) -> None:
    for name, folder in (("a", ct_folder), ("b", cd_folder), ("other person", ct_folder)):
        shutil.copytree(folder, tmp_path / "scans" / name)
    dropped = [str(tmp_path / "scans" / name) for name in ("a", "b")]
    window.files.open_dropped(dropped)
    open_until_read(qtbot, window)
    before = window.session.store.state.disc
    assert before is not None
    window.session.close_disc()
    (row,) = [one for one in window.session.recent() if one.key == before.key]
    assert row.is_there
    window.start_page.disc_wanted.emit(row.path)
    open_until_read(qtbot, window)
    after = window.session.store.state.disc
    assert after is not None
    assert (after.key, after.account.found, after.picture_count) == (
        before.key,
        before.account.found,
        before.picture_count,
    )
    assert window.files.asked.several == tuple(dropped)
    window.session.close_disc()
    shutil.rmtree(tmp_path / "scans" / "b")
    (row,) = [one for one in window.session.recent() if one.key == before.key]
    assert not row.is_there


def test_of_several_dropped_folders_only_these_are_read(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    for name in ("A", "B", "somebody else's"):
        shutil.copytree(ct_folder, tmp_path / "desk" / name)
    dropped = [tmp_path / "desk" / "A", tmp_path / "desk" / "B"]
    window.files.open_dropped([str(path) for path in dropped])
    disc = open_until_read(qtbot, window)
    assert disc.account.found == sum(path.is_file() for folder in dropped for path in folder.rglob("*"))
    assert disc.picture_count


def disc_now(window: MainWindow) -> DiscIndex:
    disc = window.session.store.state.disc
    assert disc is not None
    return disc


def open_until_read(qtbot: QtBot, window: MainWindow) -> DiscIndex:
    def ready() -> bool:
        disc = window.session.store.state.disc
        return disc is not None and disc.complete

    qtbot.waitUntil(ready, timeout=LIMIT)
    disc = window.session.store.state.disc
    assert disc is not None
    return disc


def test_reading_again_shows_the_report_of_the_disc_as_it_is_now(
    qtbot: QtBot, window: MainWindow, cd_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "disc"
    shutil.copytree(cd_folder, folder)
    open_disc(qtbot, window, folder)
    before = window.session.store.state.disc
    assert before is not None
    (folder / "MORE.TXT").write_text("more")
    window.pages.read_again()
    qtbot.waitUntil(lambda: isinstance(window.centre.page, ReportPage), timeout=LIMIT)
    now = window.session.store.state.disc
    assert now is not None
    assert now.account.found == before.account.found + 1


@pytest.mark.parametrize(("complete", "words"), [(False, "No pictures found yet"), (True, "No pictures found")])
def test_no_disc_is_called_empty_before_all_is_read(window: MainWindow, complete: bool, words: str) -> None:
    window.session.store.dispatch(DiscOpened(replace(disc(), complete=complete)))
    assert window.browser.study.text() == words


def test_after_reading_was_stopped_the_list_says_what_is_lacking_and_reads_it(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, held = threading.Event(), sorted(path for path in ct_folder.rglob("*") if path.is_file())[5]

    def hold(medium: Scripted) -> None:
        medium.gates[held.relative_to(ct_folder).as_posix()] = gate

    script_media(monkeypatch, hold, lambda found: sorted(found, key=lambda one: one.path))
    window.open_path(str(ct_folder))
    browser = window.browser
    qtbot.waitUntil(lambda: browser.study.text() == "No pictures found yet" or browser._stop.isVisible(), timeout=LIMIT)
    qtbot.waitUntil(lambda: window.session.store.state.disc is not None and disc_now(window).account.shown == 5)
    QTest.mouseClick(browser._stop, Qt.MouseButton.LeftButton)
    assert not browser.rest.isVisible()  # it still ends
    gate.set()
    qtbot.waitUntil(browser.rest.isVisible, timeout=LIMIT)
    lacking = disc_now(window).account.found - disc_now(window).account.shown
    assert lacking > 0
    assert f"{lacking} files have not been read" in browser.account.text()
    QTest.mouseClick(browser.rest, Qt.MouseButton.LeftButton)
    assert open_until_read(qtbot, window).account.shown == 9
    qtbot.waitUntil(lambda: "9 shown" in browser.account.text(), timeout=LIMIT)
    assert not browser.rest.isVisible()
    assert window.centre.page is None


def test_of_a_disc_that_was_taken_out_the_list_says_so(window: MainWindow) -> None:
    taken_out = problem("disc_taken_out", read=56, all=120)
    window.session.store.dispatch(DiscOpened(replace(disc(), complete=False, problems=(taken_out,))))
    assert window.browser.account.text() == taken_out.words
    assert window.browser.rest.isVisibleTo(window.browser)


def test_the_table_of_marks_is_off_without_marks_and_written_with_them(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    opened.show_panel("marks")
    panel = opened.right.panel("marks")
    assert isinstance(panel, MarksPanel)
    assert panel.table.reason
    slice_ = pane_of(opened).slice
    assert slice_ is not None
    opened.session.add_mark(MarkKind.LENGTH, slice_, ((10, 10), (30, 10)), "=1+1")
    opened.session.add_mark(MarkKind.ELLIPSE, slice_, ((10, 10), (20, 20)))
    assert not panel.table.reason
    place = tmp_path / "marks.csv"
    opened.files.save_table(place)
    qtbot.waitUntil(place.exists, timeout=LIMIT)
    rows = list(csv.DictReader(place.read_text("utf-8").splitlines()))
    assert [row["kind"] for row in rows] == ["length", "ellipse"]
    assert rows[0]["name"] == "'=1+1"
    assert slice_.pixel_mm is not None
    assert float(rows[0]["length_mm"]) == pytest.approx(20 * slice_.pixel_mm[1], rel=1e-5)
    assert float(rows[1]["mean"]) == pytest.approx(float(slice_.modality_values()[10:21, 10:21].mean()), abs=400)
    assert int(rows[1]["n_pixels"]) > 50
    assert "Muster" not in place.read_text("utf-8")


def fail_to_save_a_pdf(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.files.save_pdf(tmp_path / "no such folder" / "report.pdf")
    qtbot.waitUntil(window.failure.isVisible, timeout=LIMIT)


def test_a_table_that_cannot_be_written_says_so_above_the_pictures(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path
) -> None:
    opened.files.save_table(tmp_path / "no such folder" / "marks.csv")
    qtbot.waitUntil(opened.failure.isVisible, timeout=LIMIT)
    assert "cannot be written" in opened.failure.accessibleName()


def test_a_pdf_that_was_not_written_is_said_in_full_until_it_is_tried_again_elsewhere(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_save_a_pdf(qtbot, opened, tmp_path)
    row = problem("pdf_place_missing")
    assert [label.text() for label in opened.failure.findChildren(Words) if label.isVisible()] == [row.text, row.remedy]
    elsewhere = tmp_path / "report.pdf"
    monkeypatch.setattr(file_dialogs, "choose_place", lambda *a: str(elsewhere))
    again = next(button for button in opened.failure.findChildren(QPushButton) if button.isVisible())
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    assert not opened.failure.isVisible()
    qtbot.waitUntil(elsewhere.exists, timeout=LIMIT)


def test_what_could_not_be_saved_is_closed_by_escape_and_by_the_next_disc(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, cd_folder: Path
) -> None:
    fail_to_save_a_pdf(qtbot, opened, tmp_path)
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.failure.isVisible()
    fail_to_save_a_pdf(qtbot, opened, tmp_path)
    opened.open_path(str(cd_folder))
    qtbot.waitUntil(lambda: not opened.failure.isVisible(), timeout=LIMIT)


def test_a_note_of_what_failed_goes_as_something_is_saved_and_never_comes_up_over_another_disc(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_save_a_pdf(qtbot, opened, tmp_path)
    opened.files.save_pdf(tmp_path / "report.pdf")
    assert not opened.failure.isVisible()
    qtbot.waitUntil((tmp_path / "report.pdf").exists, timeout=LIMIT)
    said: list[str] = []
    monkeypatch.setattr(opened.status, "say", said.append)
    opened.files.save_pdf(tmp_path / "no such folder" / "report.pdf")
    opened.session.close_disc()  # before it is known that it failed
    qtbot.waitUntil(lambda: problem("pdf_place_missing").words in said, timeout=LIMIT)
    assert not opened.failure.isVisible()


def test_an_answer_stands_while_a_disc_is_read_and_told_of(opened: MainWindow) -> None:
    hint = opened.status.hint
    told = "Reading was stopped."
    opened.say(told)
    opened.report("Reading: 12 of 40")
    assert hint.accessibleName() == told
    opened.say("Saved: marks.csv")
    assert hint.accessibleName() == "Saved: marks.csv"
    opened.status._said.timeout.emit()  # its time is up
    opened.status._said.stop()
    opened.report("Reading: 13 of 40")
    opened.report("Reading: 14 of 40")
    assert hint.accessibleName() == "Reading: 14 of 40"


def words_on(page: DocumentPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if not label.isHidden())


def open_document(qtbot: QtBot, window: MainWindow, name: str) -> DocumentPage:
    disc = window.session.store.state.disc
    assert disc is not None
    series = next(
        series
        for study in disc.studies
        for series in study.series
        if series.kind is SeriesKind.DOCUMENT and series.name.startswith(name)
    )
    window.browser.sets.explained.emit(series.id)
    page = window.centre.page
    assert isinstance(page, DocumentPage)
    until_filled(qtbot, page)
    return page


def test_a_report_of_the_clinic_opens_as_a_page_and_a_pdf_can_be_saved(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_disc(qtbot, window, shared_data("discs/01-lumbar-spine-mr"))
    page = open_document(qtbot, window, "Report")
    assert "Findings" in words_on(page)
    page = open_document(qtbot, window, "Document")
    place = tmp_path / "letter.pdf"
    save_as(page, "Save the PDF…", place, monkeypatch)
    qtbot.waitUntil(place.exists, timeout=LIMIT)
    assert place.read_bytes().startswith(b"%PDF-")
    window.escape()
    assert window.centre.page is None


def test_a_long_report_comes_line_by_line_and_its_rest_when_it_is_asked_for(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(ct_folder, tmp_path / "disc"))
    count = 2 * SHOWN_LINES + 50
    made = clinic.new(clinic.ROOT + "88.33", "SR", clinic.pictures(folder)[0])
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", Items([clinic.code("1", "Findings")])
    made.ContentSequence = Items([clinic.item(ValueType="TEXT", TextValue=f"Line {n} of Muster") for n in range(count)])
    clinic.write(made, folder / "REPORT")
    open_disc(qtbot, window, folder)
    page = open_document(qtbot, window, "Report")
    for shown in (SHOWN_LINES, 2 * SHOWN_LINES, count):
        qtbot.waitUntil(lambda: Steps.now().is_done, timeout=LIMIT)
        until_filled(qtbot, page)
        assert f"Line {shown - 2} " in words_on(page)
        more = [one for one in page.findChildren(QPushButton) if one.text().endswith(" more lines")]
        assert f"Line {shown + 1} " not in words_on(page)
        assert "Muster" not in words_on(page)
        if more:
            more[-1].click()
    window.act("names")
    qtbot.waitUntil(lambda: words_on(page).count("of Muster") == count, timeout=LIMIT)


def test_words_without_end_stand_in_pieces_and_none_is_lost(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    """A line of 200,000 characters kept the window for six seconds."""
    folder = Path(shutil.copytree(ct_folder, tmp_path / "disc"))
    made = clinic.new(clinic.ROOT + "88.33", "SR", clinic.pictures(folder)[0])
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", Items([clinic.code("1", "Findings")])
    texts = [" ".join(f"word{n}" for n in range(900)), "x" * 3000, "\n".join(f"line {n}" for n in range(300))]
    table = "".join(f"{'y' * (n % 7)};Muster;" for n in range(500))  # a name is in it everywhere
    made.ContentSequence = Items([clinic.item(ValueType="TEXT", TextValue=text) for text in (*texts, table)])
    clinic.write(made, folder / "REPORT")
    open_disc(qtbot, window, folder)
    page = open_document(qtbot, window, "Report")
    labels = [label.text() for label in page.findChildren(QLabel)]
    assert max(map(len, labels)) <= LONGEST
    assert max(label.count("\n") for label in labels) <= MOST_BREAKS
    shown = " ".join(labels).split()
    assert [word for word in shown if word.startswith("word")] == texts[0].split()
    assert "".join(word for word in shown if set(word) == {"x"}) == texts[1]
    assert [word for word in shown if word.isdigit()][-300:] == [str(n) for n in range(300)]
    assert "".join(shown).count(";▮▮▮;") == 500
    assert "Mus" not in words_on(page)


def test_a_heading_without_end_stands_in_pieces_too_and_only_once_leads_to_its_pictures() -> None:
    heading, place = " ".join(f"title{n}" for n in range(300)), ("s1", 0, 3)
    pieces = in_pieces([DocumentLine(1, heading, "words", (place,)), DocumentLine(0, "", "", (place,))])
    assert "".join(piece.name for piece in pieces) == heading
    assert max(len(piece.name) for piece in pieces) <= LONGEST
    assert [piece.words for piece in pieces if piece.words] == ["words"]
    assert [piece.links for piece in pieces if piece.links] == [(place,), (place,)]
    assert {piece.level for piece in pieces[:-1]} == {1}


def test_ways_from_a_report_to_pictures_say_to_which(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(ct_folder, tmp_path / "disc"))
    pictures = clinic.pictures(folder)
    made = clinic.new(clinic.ROOT + "88.33", "SR", pictures[0])
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", Items([clinic.code("1", "Findings")])
    made.ContentSequence = Items(
        [clinic.item(ValueType="IMAGE", ReferencedSOPSequence=[clinic.reference(pictures[n])]) for n in (2, 5)]
    )
    clinic.write(made, folder / "REPORT")
    open_disc(qtbot, window, folder)
    page = open_document(qtbot, window, "Report")
    ways = [one for one in page.findChildren(QPushButton) if one.accessibleName().startswith("Show picture")]
    assert [way.accessibleName() for way in ways] == ["Show picture 3", "Show picture 6"]
    ways[1].click()
    pane = window.session.store.state.view.pane
    assert pane is not None
    assert pane.index == 5


def test_dragged_docks_are_as_wide_after_the_next_start(qtbot: QtBot, opened: MainWindow) -> None:
    opened.docks.splitter.setSizes([300, 700, 366])
    opened.docks.splitter.splitterMoved.emit(300, 1)
    kept = opened.docks._widths.of(False, 100)
    assert kept is not None
    opened.docks._widths.keep()
    assert Widths(opened.session).of(False, 100) == kept


@pytest.mark.parametrize("words", ["", "12", "a b", "1 2 3", "-1 5", "99999999 1", "٣ ٤"])
def test_widths_that_make_no_sense_are_not_taken(opened: MainWindow, words: str) -> None:
    opened.session.set_setting("docks wide 150", words)
    assert Widths(opened.session).of(True, 150) is None


def test_a_zip_without_a_password_just_opens(qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "scan.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(ct_folder.rglob("*")):
            archive.write(path, path.relative_to(ct_folder))
    open_disc(qtbot, window, packed)
    assert not window.start_page.password.isVisible()


def test_the_start_page_shows_how_far_the_reading_is_until_there_are_pictures(
    qtbot: QtBot, window: MainWindow, ct_folder: Path
) -> None:
    card, gate = window.start_page.reading, threading.Event()
    assert not card.isVisible()
    for _ in range(32):  # every worker is busy, so that the reading cannot be over before it is looked at
        window.session.jobs.start("busy", lambda job: gate.wait(60))
    window.open_path(str(ct_folder))
    assert card.isVisible()
    assert card._words.text()
    gate.set()
    qtbot.waitUntil(lambda: window.session.store.state.disc is not None, timeout=LIMIT)
    qtbot.waitUntil(lambda: card.isHidden(), timeout=LIMIT)


def test_reading_can_be_stopped_on_the_start_page(qtbot: QtBot, window: MainWindow, cd_folder: Path) -> None:
    window.open_path(str(cd_folder))
    window.start_page.reading._stop()
    qtbot.waitUntil(lambda: window.start_page.reading.isHidden(), timeout=LIMIT)


def test_a_disc_in_the_drive_is_offered_on_the_start_page_and_opens(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = window.start_page.disc_card
    found: list[tuple[Drive, ...]] = [(Drive(str(ct_folder), "MRT_LWS"),), ()]
    qtbot.waitUntil(lambda: window.drives is not None, timeout=LIMIT)
    watch = window.drives
    assert watch is not None
    monkeypatch.setattr(watch, "_look", lambda: found[0])
    watch.stop()
    qtbot.waitUntil(lambda: watch._running is not None and watch._running.finished, timeout=LIMIT)
    watch.check()
    qtbot.waitUntil(card.isVisible, timeout=LIMIT)
    found.pop(0)
    qtbot.waitUntil(lambda: watch._running is not None and watch._running.finished, timeout=LIMIT)
    watch.check()
    qtbot.waitUntil(card.isHidden, timeout=LIMIT)
    card.show_discs((Drive(str(ct_folder), "MRT_LWS"),))
    card.button.click()
    qtbot.waitUntil(lambda: window.session.store.state.disc is not None, timeout=LIMIT)


def test_the_promise_and_the_notice_stay_on_screen_however_much_was_opened_before(window: MainWindow) -> None:
    labels = [label for label in window.start_page.findChildren(QLabel) if "not a diagnosis" in label.text()]
    assert len(labels) == 1
    window.resize(960, 560)
    scroll = window.start_page.scroll_area
    assert not scroll.isAncestorOf(labels[0])
    assert labels[0].visibleRegion().boundingRect().size() == labels[0].size()


@pytest.mark.parametrize("as_files", [False, True], ids=["the folder", "its files"])
def test_a_locked_zip_among_others_is_told_and_unlocked_from_the_report(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path, *, as_files: bool
) -> None:
    files = sorted(path for path in ct_folder.rglob("*") if path.is_file())
    (tmp_path / "disc").mkdir()
    for name, part in (("a.zip", files[:2]), ("b.zip", files[2:4])):
        write_locked_zip(tmp_path / "disc" / name, {file.name: file.read_bytes() for file in part}, f"of {name}")
    shutil.copy(files[5], tmp_path / "disc" / "IM1")
    window.show()
    if as_files:
        window.files.open_dropped([str(path) for path in (tmp_path / "disc").iterdir()])
    else:
        window.open_path(str(tmp_path / "disc"))
    disc = open_until_read(qtbot, window)
    assert {row.kind for row in disc.account.skipped} == {"locked"}

    def forms() -> list[PasswordForm]:
        window.act("report")

        def is_filled() -> bool:  # the program shows a report of its own when it has read again
            return isinstance(window.centre.page, ReportPage) and window.centre.page.is_filled

        qtbot.waitUntil(is_filled, timeout=LIMIT)
        return window.centre.page.findChildren(PasswordForm) if window.centre.page is not None else []

    for password, pictures in (("wrong", 1), ("of b.zip", 3), ("of a.zip", 5)):
        line = forms()[0].line
        line.setText(password)
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert window.files._last is not None
        job = window.files._last.job
        qtbot.waitUntil(lambda job=job: job.finished, timeout=LIMIT)  # type: ignore[misc]
        qtbot.waitUntil(lambda: disc_now(window).complete, timeout=LIMIT)
        qtbot.waitUntil(lambda n=pictures: disc_now(window).picture_count == n, timeout=LIMIT)  # type: ignore[misc]
        assert bool(forms()) == (pictures < 5)
    assert [row.kind for row in disc_now(window).account.skipped] == ["packed", "packed"]


def test_read_again_means_the_scan_that_is_open_also_after_another_could_not_be_opened(
    qtbot: QtBot, opened: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    opened.open_path(str(tmp_path / "not there"))
    qtbot.waitUntil(lambda: opened.centre.asks_to_open, timeout=LIMIT)
    opened.escape()
    assert opened.files.asked.path == str(ct_folder)
    before = disc_now(opened)
    opened.pages.read_again()
    qtbot.waitUntil(lambda: isinstance(opened.centre.page, ReportPage), timeout=LIMIT)
    assert disc_now(opened) is not before
    assert disc_now(opened).root == str(ct_folder)


def test_what_could_not_be_opened_says_nothing_once_another_was_asked_for(
    qtbot: QtBot, window: MainWindow, ct_folder: Path, tmp_path: Path
) -> None:
    """The first is told of only after the second was asked for."""
    window.open_path(str(tmp_path / "not there"))
    assert window.files._last is not None
    late = window.files._last.job
    assert late.join(LIMIT / 1000)
    open_disc(qtbot, window, ct_folder)
    assert late.problem is not None
    assert window.centre.shows_pictures
    assert not window.start_page.problem_note.isVisibleTo(window.start_page)
    assert late.problem.text not in window.status.hint.text()


def test_the_sample_is_made_not_read_and_can_be_stopped(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(folder: Path, report: Callable[[int, int], None]) -> None:
        folder.mkdir(parents=True)
        while True:
            report(1, 3)

    monkeypatch.setattr(study, "write_sample", endless)
    window.act("sample")
    card = window.start_page.reading
    qtbot.waitUntil(lambda: card.isVisible() and "Making the sample" in card._words.text(), timeout=LIMIT)
    assert card.button.text() == "Stop"
    card.button.click()
    qtbot.waitUntil(lambda: not card.isVisible(), timeout=LIMIT)
    assert window.status.hint.accessibleName() == "The sample was not opened."


@pytest.mark.parametrize(
    ("choose", "chosen"),
    [
        (lambda window, folder: file_dialogs.choose_file(window, "A file", folder), "IM1"),
        (lambda window, folder: file_dialogs.choose_folder(window, "A folder", folder), ""),
        (lambda window, folder: file_dialogs.choose_place(window, "Where", f"{folder}/new.pdf", "PDF (*)"), "new.pdf"),
    ],
)
def test_a_file_dialog_opens_no_file_of_the_disc(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, choose: Callable[[MainWindow, str], str], chosen: str
) -> None:
    """Opened, one without an ending would be told for what it is."""
    folder = tmp_path / "disc"
    folder.mkdir()
    (folder / "IM1").write_bytes(b"%PDF-1.7\n" + bytes(2000))
    kinds: set[str] = set()

    def look() -> None:
        (dialog,) = window.findChildren(QFileDialog)
        (model,) = dialog.findChildren(QFileSystemModel)
        kinds.add(model.type(model.index(str(folder / "IM1"))))
        if chosen == "IM1":
            dialog.selectFile("IM1")
        dialog.accept()

    QTimer.singleShot(0, look)
    assert choose(window, str(folder)) == str(folder / chosen)
    assert kinds == {"File"}


@pytest.mark.parametrize(("typed", "written"), [("for the doctor", "for the doctor.pdf"), ("mine.PDF", "mine.PDF")])
def test_a_name_typed_without_an_ending_gets_that_of_what_is_saved(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, typed: str, written: str
) -> None:
    def look() -> None:
        (dialog,) = window.findChildren(QFileDialog)
        (line,) = dialog.findChildren(QLineEdit, "fileNameEdit")
        line.setText(typed)
        dialog.accept()

    QTimer.singleShot(0, look)
    assert file_dialogs.choose_place(window, "Where", f"{tmp_path}/new.pdf", "PDF (*)") == str(tmp_path / written)
