"""The session as a whole: what it keeps from one run to the next, and that it ends cleanly whatever is going on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.messages_server import MessagesServer
from tests.usecases.sitting import Sitting, sitting
from viewer.archive.archive import Archive, RememberedDisc
from viewer.document.changes import LookChanged, MarkRemoved
from viewer.marks.mark import MarkKind
from viewer.picture.look import Look, Window
from viewer.problem import ProblemError, problem
from viewer.usecases.actions import ACTIONS, action
from viewer.usecases.reasons import Situation
from viewer.usecases.saving import home


def test_place_marks_looks_and_talks_come_back(cd: Path, server: MessagesServer) -> None:
    with sitting() as seat:
        seat.open(cd)
        seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
        seat.session.step(0, 1)
        slice_ = seat.slice()
        for kind in MarkKind:
            points = ((2.0, 2.0),) if kind is MarkKind.TEXT else ((2.0, 2.0), (9.0, 9.0))
            seat.session.add_mark(kind, slice_, points, "words")
        seat.session.store.dispatch(MarkRemoved(seat.state.document.marks[0].id))
        seat.session.store.dispatch(
            LookChanged(seat.pane.series_id, Look(Window(1, 2, origin="person"), inverted=True))
        )
        seat.ask()
        kept = (seat.state.document, seat.state.conversations, seat.view.panes, seat.view.looks, seat.view.crosshair)
    with sitting() as seat:
        seat.open(cd)
        view = seat.view
        assert (seat.state.document, seat.state.conversations, view.panes, view.looks, view.crosshair) == kept


def test_what_was_opened_stands_in_the_list_with_what_was_done(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "words")
    seat.session.close_disc()
    (row,) = seat.session.recent()
    assert row.path == str(ct)
    assert row.is_there
    assert row.words.endswith("9 pictures · 1 mark")
    assert "Muster" not in row.name + row.words


def test_the_list_tells_of_marks_and_questions_while_the_disc_is_open(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "words")
    assert seat.session.recent()[0].words.endswith(
        "9 pictures · 1 mark"
    )  # as it would be told had the program been killed
    seat.ask()
    assert seat.session.recent()[0].words.endswith("1 mark · 1 question")
    seat.session.store.undo()
    assert seat.session.recent()[0].words.endswith("9 pictures · 1 question")
    seat.ask("And why?", seat.view.conversation)  # in the same talk
    assert seat.session.recent()[0].words.endswith("9 pictures · 2 questions")


def test_a_list_that_could_not_be_read_once_is_no_trouble_for_ever(
    seat: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(archive: Archive, most: int) -> tuple[RememberedDisc, ...]:
        raise ProblemError(problem("archive_busy"))

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "recent", busy)
        assert seat.session.recent() == ()
        assert seat.session.archive_problem == problem("archive_busy")
    assert seat.session.recent() == ()
    assert seat.session.archive_problem is None


def test_a_file_of_one_s_own_begins_at_home_or_where_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home() == Path.home()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as where the account has no home
    assert home() == tmp_path


def test_opening_the_same_disc_twice_changes_nothing(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    mark = seat.session.add_mark(MarkKind.TEXT, seat.slice(), ((3, 3),), "words")
    seat.open(ct)
    seat.open(ct)
    assert seat.state.document.marks == (mark,)


def test_nothing_open_is_no_error(seat: Sitting) -> None:
    assert seat.session.recent() == ()
    seat.session.close_disc()
    seat.session.stop()
    why = seat.session.why_not_ask()
    assert why is not None
    assert why.code == "no_picture_chosen"
    with pytest.raises(ProblemError):
        seat.session.take_along.pdf(Path("a.pdf"))
    with pytest.raises(KeyError):
        seat.session.source("s1")


def test_closing_twice_while_everything_goes_on_ends_cleanly(ct: Path, cd: Path, server: MessagesServer) -> None:
    with sitting() as seat:
        seat.open(ct)
        seat.session.setup.choose_once(None, server.base_url, "m", "bearer")
        server.play("slow")
        disclosure = seat.loop.result(seat.session.prepare("What?"))
        seat.session.send(disclosure, seat.session.consent(disclosure))
        seat.session.setup.warm_up()
        seat.session.open_path(str(cd))
        seat.session.close()
        seat.session.close()


def test_settings_of_the_window_are_kept(data: Path) -> None:
    with sitting() as seat:
        assert seat.session.setting("theme", "system") == "system"
        seat.session.set_setting("theme", "dark")
    with sitting() as seat:
        assert seat.session.setting("theme", "system") == "dark"


def test_every_action_says_why_it_is_off(ct: Path, seat: Sitting) -> None:
    for row in ACTIONS:
        assert action(row.id) is row
        why = row.blocked(Situation(seat.state))
        assert why is None or why.endswith(".")
    keys = [key for row in ACTIONS for key in row.keys]
    assert len(keys) == len(set(keys))
    seat.open(ct)
    assert action("ask").blocked(Situation(seat.state)) is None
    with pytest.raises(KeyError):
        action("nothing")
