"""A disc whose every text tries to act: in the window, in tips, names and titles, and on paper it is only words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pydicom
import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from typing_extensions import override

from tests.end_to_end.person import Person, sitting
from viewer.gui.pages.report_page import ReportPage
from viewer.phantom.disc import DiscKind, write_disc

MARKUP = "<img src='/etc/hostname'><b>x</b>"
TRICKS = "\x07\x1b]0;t\x1b[31m\x9b\u202e\u2066\u200b\ufeff\x00"
ACTING = frozenset("\x00\x07\x1b\x9b\u202e\u2066\u200b\ufeff")
CODE = "<IMG SRC=X>"  # what fits where the standard allows few letters
FREE = (
    "PatientName", "PatientID", "StudyDescription", "SeriesDescription", "ProtocolName", "InstitutionName",
    "ManufacturerModelName", "ImageComments", "ConvolutionKernel", "ContrastBolusAgent", "OtherPatientNames",
    "RescaleType", "WindowCenterWidthExplanation",
)  # fmt: skip
CODES = ("BodyPartExamined", "PatientSex", "ScanningSequence", "Laterality")


class Watching(QTextDocument):
    """Reads markup and counts what it asks for."""

    asked = 0

    @override
    def loadResource(self, kind: int, url: object) -> object:
        self.asked += 1
        return None


def make_hostile(folder: Path) -> None:
    """Every text of a made CT, and every name a file can have."""
    write_disc(folder, DiscKind.CT, slices=3, size=32)
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        data = pydicom.dcmread(path)
        data.SpecificCharacterSet = "ISO_IR 192"
        for keyword in (*FREE, *CODES):
            words = CODE if keyword in CODES else MARKUP + TRICKS
            kind = pydicom.datadict.dictionary_VR(keyword)
            data[keyword] = pydicom.DataElement(keyword, kind, words, validation_mode=pydicom.config.IGNORE)
        data.save_as(path)
        with suppress(OSError):  # where a disk cannot hold such a name
            path.rename(path.with_name("\x1b[31m\u202e<b>" + path.name))
    for name in ("<img src=x>\x1b[2J.txt", "\u202etxt.exe"):
        with suppress(OSError):
            (folder / name).write_text("not a picture")


@pytest.fixture(scope="module")
def person(
    tmp_path_factory: pytest.TempPathFactory, qapp: QApplication, request: pytest.FixtureRequest
) -> Iterator[Person]:
    folder = tmp_path_factory.mktemp("hostile")
    make_hostile(folder / "cd")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIDELIGHT_DATA", str(folder / "data"))
        with sitting(QtBot(request), patch) as made:
            made.open_folder(folder / "cd")
            made.window.act("names")  # they are hidden at first
            yield made


def cells(widget: QWidget, role: int) -> Iterator[str]:
    """What the lists and trees of the window hold in this role."""
    for view in widget.findChildren(QAbstractItemView):
        places, model = [QModelIndex()], view.model()
        while places and model is not None:
            above = places.pop()
            columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(above)
            for row in range(model.rowCount(above)):
                for column in range(columns):
                    place = model.index(row, column, above)
                    places.append(place)
                    yield str(model.data(place, role) or "")


def spoken(widget: QWidget) -> Iterator[tuple[str, str]]:
    """(what it is, words) for every text of the window that Qt draws or hands to a screen reader."""
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
        yield from ((f"cell, {role.name}", words) for words in cells(widget, role))
    for one in (widget, *widget.findChildren(QWidget)):
        kind = type(one).__name__
        for getter in (
            "text",
            "toPlainText",
            "title",
            "windowTitle",
            "accessibleName",
            "accessibleDescription",
            "placeholderText",
        ):
            reader = getattr(one, getter, None)
            if callable(reader):
                with suppress(TypeError):
                    yield f"{kind}.{getter}", str(reader())
        for action in one.findChildren(QAction):
            yield f"{kind} action", action.text()


def tips(widget: QWidget) -> Iterator[str]:
    """Every tip, which Qt always takes for markup where it looks like it."""
    yield from cells(widget, Qt.ItemDataRole.ToolTipRole)
    for one in (widget, *widget.findChildren(QWidget)):
        yield one.toolTip()
        yield from (action.toolTip() for action in one.findChildren(QAction))


def check_harmless(widget: QWidget) -> None:
    seen = ""
    for what, words in spoken(widget):
        assert not set(words) & ACTING, (what, words)
        seen += words
    for label in widget.findChildren(QLabel):
        if "<" in label.text():
            assert label.textFormat() is Qt.TextFormat.PlainText, label.text()
    for tip in tips(widget):
        assert not set(tip) & ACTING, tip
        document = Watching()
        document.setHtml(tip)
        document.size()  # lays it out, which is when pictures are asked for
        assert document.asked == 0, tip


@pytest.mark.parametrize("place", ["panes", "facts", "marks", "ask", "report", "settings"])
def test_nothing_of_a_hostile_disc_acts_in_the_window(person: Person, place: str) -> None:
    window = person.window
    if place in ("facts", "marks", "ask"):
        window.show_panel(place)
    elif place == "report":
        window.pages.show_report()
        person.until(lambda: all(page.is_filled for page in window.findChildren(ReportPage)))
    elif place == "settings":
        window.pages.show_settings()
    check_harmless(window)
    window.leave_page()


def test_the_names_of_a_hostile_disc_are_still_shown_as_what_they_are(person: Person) -> None:
    person.window.leave_page()
    assert any("<b>x</b>" in words for _, words in spoken(person.window))


def test_no_word_of_a_hostile_disc_gets_into_a_proposed_file_name(person: Person) -> None:
    name = person.session.take_along.pdf_name()
    assert name.startswith("Sidelight ")
    assert not set(name) & {*ACTING, *"<>:\"/\\|?*'"}
    assert len(name) < 100


@pytest.mark.parametrize("with_name", [False, True])
def test_paper_holds_the_words_and_nothing_that_acts(person: Person, tmp_path: Path, with_name: bool) -> None:
    import pypdf

    path = tmp_path / "a.pdf"
    job = person.session.take_along.pdf(path, with_name=with_name)
    person.until(lambda: job.finished)
    assert job.problem is None
    pages = pypdf.PdfReader(path)
    text = "".join(page.extract_text() for page in pages.pages)
    assert ("<b>x</b>" in text) == with_name
    assert not set(text) & ACTING
    assert not [note for page in pages.pages for note in page.get("/Annots") or () if "/URI" in str(note.get_object())]
