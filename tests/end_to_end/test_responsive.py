"""The window can be used while a disc loads and while an answer streams. How fast: `sidelight bench`, not a test."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.end_to_end.person import Person, all_text, sitting
from tests.fakes.messages_server import MessagesServer
from viewer.answer.answer import AnswerState
from viewer.document.changes import Change
from viewer.document.model import State
from viewer.gui.panels.answer_view import PORTION
from viewer.gui.panels.turn_view import TurnView
from viewer.phantom.disc import DiscKind, write_disc

FILES = 600


@pytest.fixture(scope="module")
def large_disc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CT of 600 small pictures."""
    folder = tmp_path_factory.mktemp("large")
    write_disc(folder, DiscKind.CT, slices=FILES, size=32)
    return folder


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SIDELIGHT_API_KEY", "sk-made-up")
    with sitting(qtbot, monkeypatch) as made:
        yield made


def test_a_large_disc_says_how_far_it_is_and_can_be_looked_at_meanwhile(person: Person, large_disc: Path) -> None:
    job = person.session.open_path(str(large_disc))
    told: list[tuple[int, int]] = []
    person.bridge.follow(job, lambda job: told.append((job.progress.done, job.progress.total)))
    person.until(lambda: person.view.panes, "no picture before the end")
    person.until(person.is_shown)
    before = person.shown.index
    person.wheel(-1)
    assert person.shown.index == before + 1, "the wheel must work at once, loaded or not"
    person.until(person.is_shown)
    person.until(lambda: job.finished and person.state.disc is not None and person.state.disc.complete)
    assert person.state.disc is not None
    assert person.state.disc.account.found == FILES
    assert told
    assert [done for done, _ in told] == sorted(done for done, _ in told), "progress never goes back"


class _Waits:
    """The files that the window's thread opens while it `listens`, and programs that it begins."""

    def __init__(self) -> None:
        self.listens = False
        self.seen: list[str] = []
        sys.addaudithook(self._hear)  # it stays for good, and so does nothing but look at a flag

    def _hear(self, event: str, facts: tuple[object, ...]) -> None:
        if self.listens and event in _WAITS and threading.current_thread() is threading.main_thread():
            self.seen.append(f"{event} {facts[0]}")


_WAITS = ("open", "os.listdir", "os.scandir", "subprocess.Popen", "sqlite3.connect")


def _workers() -> set[threading.Thread]:
    lanes = ("sidelight-first", "sidelight-behind")
    return {thread for thread in threading.enumerate() if thread.name.startswith(lanes)}


def test_a_warm_window_opens_a_disc_without_waiting_for_a_file_or_a_new_thread(person: Person, tmp_path: Path) -> None:
    write_disc(tmp_path / "cd", DiscKind.CT, slices=12, size=48)
    person.until(lambda: person.window.is_warm)
    waits, workers = _Waits(), _workers()
    waits.listens = True
    person.open_folder(tmp_path / "cd")
    person.open_ask_panel()
    waits.listens = False
    assert not waits.seen
    assert _workers() <= workers


def test_while_a_long_answer_streams_pictures_can_be_scrolled(person: Person, tmp_path: Path) -> None:
    write_disc(tmp_path / "cd", DiscKind.CT, slices=12, size=48)
    person.open_folder(tmp_path / "cd")
    with MessagesServer("endless_answer", delay=0.005) as server:
        person.session.setup.choose("address", server.base_url, "made-up-model")
        panel = person.open_ask_panel()
        panel.refresh()
        person.write_question("What is this?")
        person.agree()
        person.until(lambda: person.last_turn.answer.state is AnswerState.ANSWERING)
        seen = {person.shown.index}
        for notches in (1, 1, -1, -1):
            person.wheel(notches)
            person.until(person.is_shown)
            seen.add(person.shown.index)
        assert person.session.asking, "the answer must still be on its way for this test to say anything"
        assert len(seen) == 3
        person.type_keys(Qt.Key.Key_I)
        assert person.view.look(person.shown.series_id).inverted
        person.session.stop()
        person.wait_for_the_end()


def test_a_burst_of_two_megabytes_comes_on_screen_in_portions(person: Person, tmp_path: Path) -> None:
    write_disc(tmp_path / "cd", DiscKind.CT, slices=5, size=48)
    person.open_folder(tmp_path / "cd")
    lengths: list[int] = []
    laid_out: list[int] = []  # characters in one go
    followed: list[TurnView] = []

    def note(before: State, after: State, change: Change) -> None:
        for view in person.window.findChildren(TurnView):
            lengths.append(view.answer.document().characterCount())
            if view not in followed:
                followed.append(view)
                view.answer.document().contentsChange.connect(lambda at, gone, come: laid_out.append(come - gone))

    with MessagesServer("two_megabytes") as server:
        person.session.setup.choose("address", server.base_url, "made-up-model")
        panel = person.open_ask_panel()
        panel.refresh()
        person.write_question("What is this?")
        person.session.store.listen(note)
        person.agree()
        turn = person.wait_for_the_end()
        view = person.find(TurnView, panel).answer
        person.until(lambda: view.toPlainText() == turn.answer.text, "not all of it came on screen")
    assert max(laid_out) <= PORTION + 1, "a burst must not be laid out in one go: that would hold up the window"
    assert sum(laid_out) > 20 * PORTION
    assert lengths == sorted(lengths)
    assert "More came than can be shown here" in all_text(panel)


def test_a_paragraph_without_end_does_not_slow_down_what_follows(qapp: QApplication, qtbot: QtBot) -> None:
    from viewer.gui.panels.answer_view import LONGEST_LINE, AnswerView

    view = AnswerView()
    qtbot.addWidget(view)
    view.show()
    text = "word " * 4000
    view.grow(text)
    qtbot.waitUntil(lambda: len(view.toPlainText().replace("\n", "")) == len(text))
    assert view.toPlainText().replace("\n", "") == text
    assert max(map(len, view.toPlainText().splitlines())) <= LONGEST_LINE + PORTION
