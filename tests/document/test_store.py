"""The store through its public face: what changes, what is undone, who is told, in which order."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.document.samples import complete, disc, mark, panes, turn
from viewer.answer.answer import Answer, AnswerState
from viewer.document import changes as c
from viewer.document.apply import apply
from viewer.document.model import Conversations, Document, Layout, State, Tool, View
from viewer.document.store import Store
from viewer.marks.mark import MarkKind
from viewer.picture.look import Look, Window


def test_undo_and_redo_name_their_step() -> None:
    store = Store()
    store.dispatch(c.MarkAdded(mark("m1", MarkKind.ARROW)))
    store.dispatch(c.MarkChanged(mark("m1", MarkKind.ARROW, x=9.0)))
    store.dispatch(c.MarkChanged(mark("m1", MarkKind.ARROW, x=9.0, hidden=True)))
    store.dispatch(c.MarkRemoved("m1"))
    assert [store.undo() for _ in range(5)] == ["Delete arrow", "Hide arrow", "Move arrow", "Add arrow", ""]
    assert store.redo_words == "Add arrow"
    assert store.redo() == "Add arrow"
    store.dispatch(c.MarkAdded(mark("m2")))
    assert store.redo() == ""


def test_undo_never_takes_an_answer_or_the_place_away() -> None:
    store = Store()
    store.dispatch(c.MarkAdded(mark("m1")))
    store.dispatch(c.PanesArranged(panes(), 1))
    store.dispatch(c.QuestionAsked("t1", turn("q1")))
    store.dispatch(c.AnswerReceived("t1", "q1", complete()))
    talks, view = store.state.conversations, store.state.view
    store.undo()
    assert store.state.document.marks == ()
    assert store.state.conversations is talks
    assert store.state.view is view


def test_a_gesture_is_one_step() -> None:
    store = Store()
    store.dispatch(c.MarkAdded(mark("m1")))
    start = store.state.document
    with store.gesture("Move length"):
        for x in range(20):
            store.dispatch(c.MarkChanged(mark("m1", x=float(x + 5))))
        assert store.undo() == ""
    assert store.undo() == "Move length"
    assert store.state.document is start


def test_a_gesture_that_fails_goes_back_and_keeps_redo() -> None:
    store = Store()
    store.dispatch(c.MarkAdded(mark("m1")))
    store.dispatch(c.MarkRemoved("m1"))
    store.undo()
    start = store.state.document

    def pressed_escape() -> None:
        with store.gesture("Move length"):
            store.dispatch(c.MarkChanged(mark("m1", x=7.0)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pressed_escape()
    assert store.state.document is start
    assert (store.undo_words, store.redo_words) == ("Add length", "Delete length")


def test_a_gesture_that_comes_back_to_its_start_is_no_step() -> None:
    store = Store()
    store.dispatch(c.MarkAdded(mark("m1")))
    with store.gesture("Move length"), store.gesture("inner"):
        store.dispatch(c.MarkChanged(mark("m1", x=7.0)))
        store.dispatch(c.MarkChanged(mark("m1")))
    assert store.undo_words == "Add length"


def test_watchers_are_told_once_and_only_of_another_object() -> None:
    store = Store()
    shown: list[object] = []
    stop = store.watch(lambda s: s.document.marks, shown.append)
    store.dispatch(c.ToolChosen(Tool.ARROW))
    store.dispatch(c.MarkAdded(mark("m1")))
    store.dispatch(c.MarkRemoved("nobody"))
    stop()
    stop()
    store.dispatch(c.MarkRemoved("m1"))
    assert shown == [(), (mark("m1"),)]


def test_undo_words_are_right_when_watchers_look() -> None:
    store, seen = Store(), []
    store.watch(lambda s: s.document, lambda _: seen.append((store.undo_words, store.redo_words)))
    with store.gesture("Draw length"):
        store.dispatch(c.MarkAdded(mark("m1")))
    store.undo()
    assert seen == [("", ""), ("Draw length", ""), ("", "Draw length")]


def test_a_dispatch_inside_a_watcher_waits_its_turn() -> None:
    store = Store()
    order: list[tuple[str, Tool, bool]] = []
    store.listen(lambda before, after, change: order.append(("first", after.view.tool, after.view.maximised)))

    def react(tool: Tool) -> None:
        if tool is Tool.ARROW:
            store.dispatch(c.PaneMaximised(True))
            assert store.state.view.maximised is False

    store.watch(lambda s: s.view.tool, react)
    store.listen(lambda before, after, change: order.append(("last", after.view.tool, after.view.maximised)))
    store.dispatch(c.ToolChosen(Tool.ARROW))
    assert order == [
        ("first", Tool.ARROW, False), ("last", Tool.ARROW, False), ("first", Tool.ARROW, True), ("last", Tool.ARROW, True),
    ]  # fmt: skip


def test_a_watcher_that_fails_is_heard_and_the_others_are_told() -> None:
    store = Store()
    shown: list[Tool] = []

    def broken(tool: Tool) -> None:
        if tool is not Tool.WINDOW:
            raise LookupError("bug")

    store.watch(lambda s: s.view.tool, broken)
    store.watch(lambda s: s.view.tool, shown.append)
    with pytest.raises(LookupError):
        store.dispatch(c.ToolChosen(Tool.PAN))
    store.dispatch(c.ToolChosen(Tool.WINDOW))
    assert shown == [Tool.WINDOW, Tool.PAN, Tool.WINDOW]


def test_another_thread_and_undo_inside_a_watcher_are_refused() -> None:
    store, failures = Store(), []

    def elsewhere() -> None:
        with pytest.raises(RuntimeError):
            store.dispatch(c.NamesShown(True))
        failures.append("refused")

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert failures == ["refused"]

    def undo_inside(before: State, after: State, change: c.Change) -> None:
        store.undo()

    store.listen(undo_inside)
    with pytest.raises(RuntimeError):
        store.dispatch(c.NamesShown(True))


def test_another_disc_clears_everything_and_more_of_the_same_keeps_it() -> None:
    store = Store()
    store.dispatch(c.DiscOpened(disc()))
    store.dispatch(c.MarkAdded(mark("m1")))
    more = replace(disc(), complete=True, key="k2")
    store.dispatch(c.DiscIndexed(more))
    assert store.state.disc is more
    assert store.state.document.marks
    store.dispatch(c.DiscIndexed(disc("/elsewhere")))
    assert store.state.disc is more
    store.dispatch(c.DiscOpened(disc("/elsewhere")))
    assert store.state == State(disc=disc("/elsewhere"))
    assert store.undo() == ""
    store.dispatch(c.DiscClosed())
    assert store.state == State()


def test_restoring_a_place_clears_undo_and_a_lost_selection() -> None:
    store = Store()
    store.dispatch(c.MarkAdded(mark("m1")))
    store.dispatch(c.PlaceRestored(Document((mark("m2"),)), Conversations(), View(selected_mark="m1")))
    assert store.undo() == ""
    assert store.state.view.selected_mark == ""


def test_a_mark_that_is_gone_is_not_selected_any_more() -> None:
    store = Store()
    store.dispatch(c.MarkAdded(mark("m1")))
    store.dispatch(c.MarkSelected("m1"))
    store.dispatch(c.MarkSelected("nobody"))
    assert store.state.view.selected_mark == "m1"
    store.undo()
    assert store.state.view.selected_mark == ""


def test_an_answer_that_ended_stays_as_it_ended() -> None:
    store = Store()
    store.dispatch(c.QuestionAsked("t1", turn("q1")))
    store.dispatch(c.AnswerReceived("t1", "q1", Answer(AnswerState.STOPPED, text="half")))
    store.dispatch(c.AnswerReceived("t1", "q1", complete()))
    assert store.state.conversations.items[0].turns[0].answer.text == "half"
    store.dispatch(c.QuestionAsked("t1", turn("q2")))
    assert [each.id for each in store.state.conversations.items[0].turns] == ["q1", "q2"]


def test_scrolling_moves_pane_and_crosshair_in_one_change() -> None:
    store, told = Store(), []
    store.dispatch(c.PanesArranged(panes()))
    store.listen(lambda before, after, change: told.append(change))
    store.dispatch(c.SliceShown(0, 5, (1.0, 2.0, 3.0)))
    store.dispatch(c.SliceShown(0, 6))
    store.dispatch(c.CrosshairMoved((4.0, 5.0, 6.0), (7, -1, 9)))
    assert [pane.index for pane in store.state.view.panes] == [7, 1, 9]
    assert store.state.view.crosshair == (4.0, 5.0, 6.0)
    assert len(told) == 3


IMPOSSIBLE = [
    c.DiscIndexed(disc()), c.DiscClosed(), c.MarkAdded(mark("m1")), c.MarkChanged(mark("m9")), c.MarkChanged(mark("m1")),
    c.MarkRemoved("m9"), c.QuestionAsked("t1", turn("q1")), c.QuestionAsked("", turn("q9")),
    c.AnswerReceived("t9", "q1", complete()), c.AnswerReceived("t1", "q9", complete()), c.AnswerReceived("t1", "q1", Answer()),
    c.PanesArranged(panes(), 3), c.PanesArranged(panes(), -1), c.PanesArranged(panes()), c.PaneChanged(3, panes()[0]),
    c.PaneChanged(-1, panes()[1]), c.PaneChanged(0, panes()[0]), c.SliceShown(5, 1), c.SliceShown(0, -2), c.SliceShown(0, 0),
    c.PaneActivated(7), c.PaneActivated(0), c.LookChanged("s1", Look()), c.CrosshairMoved(None, (1, 2, 3, 4)),
    c.CrosshairMoved(None), c.CrosshairToggled(True), c.LayoutChosen(Layout.THREE), c.PaneMaximised(False),
    c.ToolChosen(Tool.WINDOW), c.RegionChosen(None), c.NamesShown(False), c.MarkSelected("m9"), c.ConversationShown("t9"),
]  # fmt: skip


@pytest.mark.parametrize("change", IMPOSSIBLE, ids=lambda change: type(change).__name__)
def test_an_impossible_or_empty_change_gives_the_same_object(change: c.Change) -> None:
    state = State()
    for each in (c.MarkAdded(mark("m1")), c.QuestionAsked("t1", turn("q1")), c.PanesArranged(panes())):
        state = apply(state, each)
    assert apply(state, change) is state


MARKS = st.builds(
    mark,
    st.sampled_from(["m1", "m2", "m3"]),
    st.sampled_from(MarkKind),
    st.floats(-1e6, 1e6),
    text=st.text(max_size=3),
    hidden=st.booleans(),
)
LOOKS = st.builds(Look, st.none() | st.builds(Window, st.floats(-100, 100), st.floats(1, 100)), st.booleans())
VIEW_CHANGES = st.one_of(
    st.builds(c.PanesArranged, st.integers(0, 3).map(panes), st.integers(-1, 3)),
    st.builds(c.SliceShown, st.integers(-1, 4), st.integers(-1, 900)),
    st.builds(c.PaneActivated, st.integers(-1, 4)),
    st.builds(c.LookChanged, st.sampled_from(["s1", "s2"]), LOOKS),
    st.builds(
        c.CrosshairMoved, st.none() | st.tuples(*[st.floats(-9, 9)] * 3), st.lists(st.integers(-1, 9)).map(tuple)
    ),
    st.builds(c.MarkSelected, st.sampled_from(["", "m1", "m2"])),
    st.builds(c.RegionChosen, st.none()),
    st.builds(c.ToolChosen, st.sampled_from(Tool)),
)


class StoreMachine(RuleBasedStateMachine):
    """Any order of changes, gestures, undo and redo: the documents passed through are found again, by identity."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store()
        self.seen = [self.store.state.document]  # the documents at the borders of steps
        self.at = 0
        self.journalled = self.store.state.document
        self.store.listen(self.follow)

    def follow(self, before: State, after: State, change: c.Change) -> None:
        assert before is not after
        self.journalled = apply(replace(before, document=self.journalled), change).document

    def moved_on(self) -> None:
        if self.store.state.document is not self.seen[self.at]:
            self.seen[self.at + 1 :] = [self.store.state.document]
            self.at += 1

    @rule(mark=MARKS)
    def add(self, mark: object) -> None:
        self.store.dispatch(c.MarkAdded(mark))  # type: ignore[arg-type]
        self.moved_on()

    @rule(mark=MARKS)
    def change(self, mark: object) -> None:
        self.store.dispatch(c.MarkChanged(mark))  # type: ignore[arg-type]
        self.moved_on()

    @rule(name=st.sampled_from(["m1", "m2", "m3"]))
    def remove(self, name: str) -> None:
        self.store.dispatch(c.MarkRemoved(name))
        self.moved_on()

    @rule(change=VIEW_CHANGES)
    def look_around(self, change: c.Change) -> None:
        self.store.dispatch(change)

    @rule(marks=st.lists(MARKS, max_size=4), fails=st.booleans())
    def gesture(self, marks: list, fails: bool) -> None:
        start = self.store.state.document
        try:
            with self.store.gesture("Gesture"):
                for each in marks:
                    self.store.dispatch(c.MarkChanged(each))
                if fails:
                    raise ValueError
        except ValueError:
            pass
        if self.store.state.document == start:
            assert self.store.state.document is start
        self.moved_on()

    @precondition(lambda self: self.at > 0)
    @rule()
    def undo(self) -> None:
        assert self.store.undo()
        self.at -= 1

    @precondition(lambda self: self.at < len(self.seen) - 1)
    @rule()
    def redo(self) -> None:
        assert self.store.redo()
        self.at += 1

    @rule()
    def undo_all_and_redo_all(self) -> None:
        while self.store.undo():
            pass
        assert self.store.state.document is self.seen[0]
        while self.store.redo():
            pass
        assert self.store.state.document is self.seen[-1]
        self.at = len(self.seen) - 1

    @invariant()
    def the_document_is_the_one_passed_through(self) -> None:
        assert self.store.state.document is self.seen[self.at]
        assert self.journalled is self.store.state.document or self.journalled == self.store.state.document

    @invariant()
    def the_view_points_at_things_that_are_there(self) -> None:
        view, marks = self.store.state.view, {mark.id for mark in self.store.state.document.marks}
        assert view.selected_mark in {"", *marks}
        assert view.active < max(1, len(view.panes))


StoreMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestStoreMachine = StoreMachine.TestCase
