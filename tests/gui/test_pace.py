"""The window goes first: full collections wait for a still moment, and what a click needs is there before it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread, get_ident
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from typing_extensions import override

from tests.gui.conftest import LIMIT, open_disc, show
from viewer.document.model import State
from viewer.gui.pace import LONG, YOUNG, AtWork, StillMoments, YoungOnes, put_aside, set_pace
from viewer.gui.widgets.controls import Progress
from viewer.gui.window.window import MainWindow
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.jobs.turns import Turns
from viewer.usecases.session import Session


class Ring:
    """Something that holds itself."""

    me: Ring


@pytest.fixture
def frozen_again() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_cycles_are_collected_once_in_each_still_moment(qtbot: QtBot, frozen_again: None) -> None:
    store, session = session_with(State())
    owner = QObject()
    still = StillMoments(session, owner)
    collected = cast("Callable[[], int]", lambda: gc.get_stats()[2]["collections"])
    still.look()  # the first look only remembers
    before = collected()
    still.look()
    assert collected() == before + 1
    still.look()
    assert collected() == before + 1, "nothing has changed since"
    store.state = State()
    still.look()
    assert collected() == before + 1, "something has just changed"
    still.look()
    assert collected() == before + 2


def session_with(state: State) -> tuple[SimpleNamespace, Session]:
    """The store of a session, and the session, as far as the search for cycles knows them."""
    store = SimpleNamespace(state=state)
    return store, cast("Session", SimpleNamespace(store=store))


def ring() -> weakref.ref[Ring]:
    """A cycle that nobody holds."""
    made = Ring()
    made.me = made
    return weakref.ref(made)


def disc_of(key: str, complete: bool) -> State:
    return State(disc=cast("DiscIndex", SimpleNamespace(key=key, complete=complete)))


def test_what_was_put_aside_is_searched_when_nothing_has_changed_for_a_minute(qtbot: QtBot, frozen_again: None) -> None:
    store, session = session_with(disc_of("first", complete=False))
    owner = QObject()
    still = StillMoments(session, owner)
    for _ in range(LONG + 2):
        still.look()
    lost = ring()
    put_aside()
    store.state = disc_of("first", complete=True)
    for _ in range(LONG):
        still.look()
        assert lost() is not None, "only where nothing has changed for long"
    still.look()
    assert lost() is None
    lost = ring()
    put_aside()
    store.state = disc_of("first", complete=True)
    for _ in range(2 * LONG):
        still.look()
    assert lost() is not None, "once for each disc"


def test_what_a_disc_brings_while_it_is_read_is_not_searched(qtbot: QtBot, frozen_again: None) -> None:
    gc.disable()
    store, session = session_with(State())
    owner = QObject()
    young = YoungOnes(session, owner)
    young.look()
    store.state = disc_of("first", complete=False)
    for state in (store.state, store.state, disc_of("first", complete=True)):
        store.state = state
        lost, many = ring(), [Ring() for _ in range(2 * YOUNG)]
        young.look()
        assert lost() is not None
        assert not gc.get_count()[0] > YOUNG, "nor later"
        del many
    lost, several = ring(), [Ring() for _ in range(2 * YOUNG)]
    young.look()
    assert several
    assert lost() is None


def test_cycles_are_searched_for_on_the_window_s_thread_alone(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.is_warm)  # then what there is is put aside
    gc.enable()  # as any interpreter starts
    set_pace()
    searched: list[int] = []
    gc.callbacks.append(lambda phase, facts: searched.append(get_ident()))
    gone = Event()

    def litter(job: Job[None]) -> None:
        for _ in range(200):
            ring: list[object] = [[] for _ in range(1000)]
            ring.append(ring)
            weakref.finalize(last := Ring(), gone.set)
            last.me = last

    try:
        job = window.session.jobs.start("litter", litter)
        qtbot.waitUntil(lambda: job.finished and gone.is_set(), timeout=LIMIT)
    finally:
        gc.callbacks.pop()
    assert job.error is None
    assert set(searched) == {get_ident()}


def test_panes_and_the_ask_panel_are_there_before_a_disc_is_opened(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.right.panel("ask") is not None, timeout=LIMIT)
    assert window.area is not None
    assert len(window.area.panes) == 3
    assert not any(pane.isVisible() for pane in window.area.panes)
    assert not window.right.isVisible()


def test_a_disc_opened_at_once_is_shown_when_the_imports_have_come(
    qtbot: QtBot, window: MainWindow, ct_folder: Path
) -> None:
    open_disc(qtbot, window, ct_folder)
    qtbot.waitUntil(lambda: window.active_pane is not None and window.active_pane.slice is not None, timeout=LIMIT)
    assert window.area is not None
    assert window.area.isVisible()
    qtbot.waitUntil(lambda: window.right.panel("ask") is not None and window.right.isVisible(), timeout=LIMIT)


def test_workers_step_aside_until_what_was_begun_is_painted(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    class Seen(QWidget):
        @override
        def paintEvent(self, event: QPaintEvent) -> None:
            order.append("painted")

    widget = Seen()
    qtbot.addWidget(widget)
    show(qtbot, widget)
    qtbot.waitUntil(lambda: "painted" in order)
    order.clear()
    turns, go, worker_done = Turns(), Event(), Event()

    def work() -> None:
        go.wait(LIMIT / 1000)
        turns.step_aside()
        order.append("worker")
        worker_done.set()

    monkeypatch.setattr("viewer.jobs.turns.LONGEST", 30.0)
    Thread(target=work, daemon=True).start()
    at_work = AtWork(widget, turns)
    at_work.begin()
    at_work.begin()  # as often as anything begins
    widget.update()
    go.set()
    qtbot.waitUntil(worker_done.is_set)
    assert set(order[: order.index("worker")]) == {"painted"}
    at_work.begin()
    at_work.end()  # as the window closes
    at_work.end()
    turns.step_aside()


def test_workers_go_on_when_the_window_is_gone_before_it_was_done(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.jobs.turns.LONGEST", 3600.0)
    turns, owner, gone_on = Turns(), QObject(), Event()
    AtWork(owner, turns).begin()
    delete(owner)

    def work() -> None:
        turns.step_aside()
        gone_on.set()

    Thread(target=work, daemon=True).start()
    assert gone_on.wait(LIMIT / 1000)


def test_a_progress_bar_does_not_paint_the_window_in_between(qtbot: QtBot) -> None:
    painted: list[str] = []

    class Page(QWidget):
        @override
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append("page")

    page = Page()
    bar = Progress("made up", page)
    qtbot.addWidget(page)
    show(qtbot, page)
    bar.show_far(1, 10)
    qtbot.waitUntil(lambda: "page" in painted)
    painted.clear()
    page.update()
    bar.show_far(5, 10)
    assert painted == []
    assert (bar.value(), bar.maximum()) == (5, 10)
    qtbot.waitUntil(lambda: "page" in painted)
