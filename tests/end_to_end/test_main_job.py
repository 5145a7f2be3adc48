"""The main job in the real window, by mouse and keyboard: open, look, choose, preview, ask, annotate, export, reopen."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pypdf
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.data import shared_data
from tests.end_to_end.person import Person, all_text, sitting
from tests.fakes.messages_server import MessagesServer
from tests.picture.png import read_png
from viewer.answer.answer import AnswerState
from viewer.document.model import Tool
from viewer.geometry.plane import Plane
from viewer.marks.mark import MarkKind
from viewer.phantom.disc import DiscKind, write_disc
from viewer.usecases.looking import start_series

QUESTION = "What is the round thing? Größe, Ελλάδα, Привет"


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))


@pytest.fixture
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as made:
        yield made


def test_the_whole_job_on_a_made_cd(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, server: MessagesServer, tmp_path: Path
) -> None:
    write_disc(tmp_path / "cd", DiscKind.CD, slices=24, size=96)
    do_the_whole_job(qtbot, monkeypatch, server, tmp_path / "cd", tmp_path)


def test_the_whole_job_on_a_real_disc(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, server: MessagesServer, tmp_path: Path
) -> None:
    do_the_whole_job(qtbot, monkeypatch, server, shared_data("discs", "01-lumbar-spine-mr"), tmp_path)


def do_the_whole_job(bot: QtBot, patch: pytest.MonkeyPatch, server: MessagesServer, folder: Path, place: Path) -> None:
    patch.setenv("SIDELIGHT_API_KEY", "sk-made-up")
    with sitting(bot, patch) as person:
        person.open_folder(folder)
        every_file_is_accounted_for(person, folder)
        choose_the_first_set(person)
        look_around(person)
        choose_a_part(person)
        ask_about_it(person, server)
        draw_marks(person)
        take_it_along(person, place / "out.pdf")
        kept = (person.state.document, person.state.conversations, person.view.panes)
    with sitting(bot, patch) as person:
        person.open_folder(folder)
        person.until(lambda: person.state.document.marks, "the marks did not come back")
        assert (person.state.document, person.state.conversations, person.view.panes) == kept


def every_file_is_accounted_for(person: Person, folder: Path) -> None:
    disc = person.state.disc
    assert disc is not None
    assert disc.account.found == sum(1 for path in folder.rglob("*") if path.is_file())
    assert disc.account.shown + len(disc.account.skipped) == disc.account.found
    words = all_text(person.window)
    for study in disc.studies:
        if study.person.name:
            assert study.person.name not in words
            assert study.person.name not in person.window.windowTitle()


def choose_the_first_set(person: Person) -> None:
    """By hand: which set is up depends on how fast the disc was read, since the first that is whole is shown."""
    disc = person.state.disc
    assert disc is not None
    first = start_series(disc)
    assert first is not None
    person.click_set(first.id)
    person.until(person.is_shown)


def look_around(person: Person) -> None:
    assert {pane.plane for pane in person.view.panes} == {Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL}
    before = person.shown.index
    person.wheel(-2)
    assert person.shown.index == before + 2
    person.type_keys(Qt.Key.Key_Up)
    assert person.shown.index == before + 1
    person.until(person.is_shown)
    first = person.session.window_for(person.pane.slice)  # type: ignore[arg-type]
    assert first is not None
    middle = person.pane.view.viewport().rect().center()
    person.drag(middle, middle + QPoint(60, 0))
    wider = person.view.look(person.shown.series_id).window
    assert wider is not None
    assert wider.width > first.width
    person.drag(middle, middle - QPoint(0, 60))
    brighter = person.view.look(person.shown.series_id).window
    assert brighter is not None
    assert brighter.centre < wider.centre  # a lower centre shows the same value brighter
    person.type_keys(Qt.Key.Key_I)
    assert person.view.look(person.shown.series_id).inverted
    person.type_keys(Qt.Key.Key_I, Qt.Key.Key_0)
    assert not person.view.look(person.shown.series_id).inverted
    zoom = person.shown.zoom
    person.drag(middle, middle - QPoint(0, 40), Qt.MouseButton.RightButton)
    assert person.shown.zoom != zoom
    person.drag(middle, middle + QPoint(20, 10), Qt.MouseButton.MiddleButton)
    assert person.shown.centre is not None
    person.window.act("put_back")
    assert person.shown.zoom == 1.0
    letters = person.pane.slice
    assert letters is not None
    assert letters.affine is not None


def choose_a_part(person: Person) -> None:
    person.until(person.is_shown)
    person.type_keys(Qt.Key.Key_R)
    assert person.view.tool is Tool.REGION
    person.drag(person.at(20, 20), person.at(60, 52))
    chosen = person.view.region
    assert chosen is not None
    assert chosen.region.x1 - chosen.region.x0 == pytest.approx(40, abs=2)
    assert chosen.region.y1 - chosen.region.y0 == pytest.approx(32, abs=2)


def ask_about_it(person: Person, server: MessagesServer) -> None:
    person.session.setup.choose("address", server.base_url, "made-up-model")
    panel = person.open_ask_panel()
    panel.refresh()
    preview = person.write_question(QUESTION)
    person.until(preview.do_not_send.hasFocus, "the safe button is not focused")
    assert not server.asked, "something left before the person agreed"
    disclosure = preview.disclosure
    words = all_text(preview)
    assert QUESTION in words
    assert "127.0.0.1" in words
    assert "made-up-model" in words
    person.agree()
    turn = person.wait_for_the_end()
    assert turn.answer.state is AnswerState.COMPLETE
    assert turn.answer.text
    assert turn.answer.reasoning
    assert not server.complaints
    (request,) = server.asked
    assert request.body == disclosure.body
    sent = json.loads(request.body)["messages"][0]["content"][0]["source"]["data"]
    png = b64decode(sent)
    assert hashlib.sha256(png).hexdigest() == turn.sent[0].sha256
    on_screen = preview_pixels(disclosure.frames[0].png)
    assert np.array_equal(read_png(png), on_screen)
    person.until(lambda: turn.answer.text.split()[0] in all_text(panel), "the answer is not on screen")
    assert "Complete" in all_text(panel)


def preview_pixels(png: bytes) -> np.ndarray:
    """What Qt decodes out of the bytes that are shown."""
    image = QImage.fromData(png).convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def draw_marks(person: Person) -> None:
    for key, row in ((Qt.Key.Key_A, 10), (Qt.Key.Key_L, 30), (Qt.Key.Key_E, 50), (Qt.Key.Key_B, 70)):
        person.type_keys(key)
        person.drag(person.at(30, row), person.at(55, row + 12))
    kinds = [mark.kind for mark in person.state.document.marks]
    assert kinds == [MarkKind.ARROW, MarkKind.LENGTH, MarkKind.ELLIPSE, MarkKind.RECTANGLE]
    slice_ = person.pane.slice
    assert slice_ is not None
    assert slice_.pixel_mm is not None
    length = person.session.measure(person.state.document.marks[1], slice_)
    across = 25 * slice_.pixel_mm[1], 12 * slice_.pixel_mm[0]
    assert length is not None
    assert getattr(length, "value", 0) == pytest.approx(np.hypot(*across), abs=2 * max(slice_.pixel_mm))
    person.window.act("undo")
    assert len(person.state.document.marks) == 3
    person.window.act("redo")
    assert len(person.state.document.marks) == 4


def take_it_along(person: Person, path: Path) -> None:
    person.save_pdf(path)
    text = "".join("\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())
    turn = person.last_turn
    for words in (
        QUESTION,
        turn.model,
        "For information, not a diagnosis",
        "1 of",
        turn.answer.reasoning.split(".")[0],
    ):
        assert "".join(words.split()) in text, words
    with pikepdf.open(path) as pdf:
        assert "Beispiel" not in str(pdf.docinfo)
        images = [image for page in pdf.pages for image in page.get_images().values()]
        assert images
        assert all(image.get("/Filter") == "/FlateDecode" for image in images)
