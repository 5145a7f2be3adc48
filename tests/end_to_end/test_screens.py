"""Screens to look at: each page in each theme and size, checked for what a picture must never lack.

The pictures go to the folder named by SIDELIGHT_SHOTS (the README's screenshot is one of them), else nowhere.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.end_to_end.person import Person, all_text, sitting
from tests.fakes.messages_server import MessagesServer
from viewer.gui.panels.preview import PreviewPage
from viewer.gui.steps import Steps
from viewer.gui.widgets.controls import Button
from viewer.phantom.disc import DiscKind, write_disc

NOTICE = "For information, not a diagnosis"
ANSWER = """The two dark shapes are the **ventricles**: chambers filled with fluid, which is dark in this picture (T1).

**What it cannot tell.** It is one slice of 80."""
REASONING = "An axial T1 slice of a head. Dark and paired beside the middle: the ventricles."
SIZES = (QSize(1366, 768), QSize(1920, 1080), QSize(960, 600))


def keep(person: Person, name: str) -> None:
    """A picture of the window, and what must hold for every one."""
    person.until(lambda: Steps.now().is_done)
    person.bot.wait(1)  # lets queued layouts and paints happen
    shot: QPixmap = person.window.grab()
    folder = os.environ.get("SIDELIGHT_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        shot.save(str(Path(folder) / f"{name}.png"))
    assert shot.toImage().pixelColor(5, 5).isValid()
    assert NOTICE in all_text(person.window), name
    filled = [b for b in person.window.findChildren(Button) if b.isVisible() and b.property("role") == "primary"]
    assert len(filled) <= 1, (name, [b.text() for b in filled])
    for label in person.window.findChildren(QLabel):
        if label.isVisible() and label.text() and not label.visibleRegion().isEmpty():
            assert label.fontInfo().pixelSize() >= 12 or label.property("words") is None, (name, label.text())


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))


def test_every_page_in_every_theme(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIDELIGHT_API_KEY", "sk-made-up")
    with MessagesServer(answer=ANSWER, reasoning=REASONING) as server, sitting(qtbot, monkeypatch) as person:
        keep(person, "start-light")
        person.window.open_sample()
        person.until(person.is_read, "the sample was not read")
        for theme in ("dark", "contrast", "light"):
            person.window.appearance.choose(theme)
            for size in SIZES:
                person.window.resize(size)
                keep(person, f"main-{theme}-{size.width()}")
        person.window.resize(SIZES[0])
        person.window.act("report")
        keep(person, "report-light")
        person.window.act("settings")
        keep(person, "settings-light")
        person.window.leave_page()
        person.session.setup.choose("address", server.base_url, "made-up-model")
        person.open_ask_panel().refresh()
        keep(person, "ask-light")
        person.write_question("What is the dark part in the middle?")
        keep(person, "preview-light")
        person.window.appearance.choose("dark")
        keep(person, "preview-dark")
        person.window.resize(SIZES[2])
        keep(person, "preview-small")
        page = person.find(PreviewPage)

        def is_whole() -> bool:
            words = [label for label in page.findChildren(QLabel) if label.wordWrap()]
            return all(label.height() >= label.heightForWidth(label.width()) for label in words)

        person.until(is_whole, "a row of what leaves is cut off")
        person.window.resize(SIZES[0])
        person.agree()
        person.wait_for_the_end()
        keep(person, "answer-dark")
        person.window.act("facts")
        person.bot.wait(300)
        keep(person, "facts-dark")
        person.window.act("keys")
        keep(person, "help-dark")


def test_a_broken_disc_says_so(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_disc(tmp_path / "disc", DiscKind.BROKEN)
    with sitting(qtbot, monkeypatch) as person:
        person.open_folder(tmp_path / "disc")
        person.window.act("report")
        keep(person, "broken-report")
        words = all_text(person.window)
        assert "Damaged" in words
        assert "nothing was left out silently" in words


def test_what_is_off_says_why(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    few = tmp_path / "few"
    write_disc(few, DiscKind.CT)
    for path in sorted((few / "CT").iterdir())[2:]:
        path.unlink()
    mammogram, clip = tmp_path / "mammogram", tmp_path / "clip"
    write_disc(mammogram, DiscKind.MAMMOGRAM, 2, 256)
    write_disc(clip, DiscKind.CINE)
    reasons = (
        ("planes-off", few, "layout_three", "only 2 pictures, 1.5 mm apart"),
        ("planes-off-mammogram", mammogram, "layout_three", "no place inside it"),
        ("length-off", clip, "tool_length", "no scale"),
    )
    with sitting(qtbot, monkeypatch) as person:
        for name, folder, action, words in reasons:
            open_another(person, folder)
            person.window.actions_bound[action].trigger()
            assert words in person.window.reason.words
            assert person.window.reason.isVisible()
            keep(person, f"reason-{name}")


def open_another(person: Person, folder: Path) -> None:
    """Open a disc in the place of the one before."""
    person.session.open_path(str(folder))
    person.until(lambda: person.state.disc is not None and person.state.disc.root == str(folder))
    person.until(person.is_read)
