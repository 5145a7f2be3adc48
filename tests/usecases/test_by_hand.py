"""Sets put together and taken apart while a disc is open: pictures, marks and talks stay what and where they are."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests import clinic
from tests.document.samples import complete, turn
from tests.usecases.sitting import Sitting, frame_of, sitting
from viewer.document.changes import AnswerReceived, QuestionAsked
from viewer.document.model import PaneView, SentPicture
from viewer.geometry.plane import Plane
from viewer.index.by_hand import Deed, How
from viewer.index.model import DiscIndex, Series
from viewer.jobs.jobs import Job
from viewer.marks.mark import Mark, MarkKind
from viewer.phantom.disc import DiscKind, write_disc
from viewer.usecases.actions import action
from viewer.usecases.looking import points_lps
from viewer.usecases.reasons import Situation


def done(seat: Sitting, job: Job[DiscIndex]) -> DiscIndex:
    """The disc after a job has ended and its news were taken."""
    seat.until(lambda: job.finished and seat.disc is job.result)
    return seat.disc


def ids(seat: Sitting) -> set[str]:
    return {series.id for study in seat.disc.studies for series in study.series if series.groups}


def series(seat: Sitting, name: str) -> Series:
    found = seat.disc.series(name)
    assert found is not None, ids(seat)
    return found


def off(seat: Sitting, name: str, *chosen: str) -> str | None:
    return action(name).blocked(Situation(seat.state, chosen=chosen))


def kept_now(seat: Sitting) -> tuple[Deed, ...]:
    """What the disk would have if the program died now."""
    kept = seat.session._archive.load(seat.disc.key)
    assert kept is not None
    return kept.document.deeds


def marked(seat: Sitting) -> Mark:
    """An ellipse on the slice on screen."""
    return seat.session.add_mark(MarkKind.ELLIPSE, seat.slice(), ((4.0, 5.0), (11.0, 14.0)))


def lies_where_it_was_drawn(seat: Sitting, mark: Mark) -> Mark:
    """The mark as it is kept now, shown on the slice at its place in the body."""
    now = next(each for each in seat.state.document.marks if each.id == mark.id)
    source = seat.session.source(now.anchor.series_id, now.anchor.group)
    slice_ = source.slice(now.anchor.plane, now.anchor.index)
    np.testing.assert_allclose(points_lps(slice_, now.points), mark.points_lps, atol=1e-6)
    return now


def test_a_volume_is_taken_apart_where_the_picture_is_and_ctrl_z_takes_it_back(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    before, shown = seat.disc, seat.pane
    assert seat.pane.plane is Plane.AXIAL
    seat.session.go_to(0, 5)
    after = done(seat, seat.session.take_apart(How.BEFORE, ()))
    assert ids(seat) == {"s1-1", "s1-2"}
    assert [len(series(seat, name).frames) for name in ("s1-1", "s1-2")] == [5, 4]
    assert after.picture_count == before.picture_count
    assert seat.session.store.undo() == "Take set apart"
    assert seat.disc is before
    assert seat.pane.series_id == shown.series_id
    assert seat.session.store.redo() == "Take set apart"
    assert seat.disc is after
    assert seat.session.store.undo_words == "Take set apart"


def test_a_second_step_begun_before_the_first_is_done_is_done_too(tmp_path: Path, seat: Sitting) -> None:
    write_disc(tmp_path / "mixed", DiscKind.MIXED, slices=6, size=32)
    seat.open(tmp_path / "mixed")
    first, second, third = sorted(ids(seat))
    before, count = seat.disc, seat.disc.picture_count
    begun = [seat.session.put_together((first, second)), seat.session.put_together((second, third))]
    after = done(seat, begun[1])
    assert begun[0].finished
    (made,) = (one for each in after.studies for one in each.series if len(one.made_of) == 3)
    assert set(made.made_of) == {first, second, third}
    assert after.picture_count == count
    assert seat.session.store.undo() == "Put sets together"
    assert seat.disc is begun[0].result
    assert seat.session.store.undo() == "Put sets together"
    assert seat.disc is before


def test_the_picture_on_screen_stays_on_screen(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    whole = series(seat, "s1")
    for index in (2, 6):
        seat.show_native(whole, index)
        place = points_lps(seat.slice(), ((3.0, 4.0),))
        done(seat, seat.session.take_apart(How.BEFORE, ()))
        assert seat.pane.series_id in ("s1-1", "s1-2")
        assert seat.pane.plane is (Plane.AXIAL if index == 2 else Plane.NATIVE)
        now = seat.slice()
        np.testing.assert_allclose(points_lps(now, ((3.0, 4.0),)), place, atol=1e-6)
        seat.session.store.undo()
        assert series(seat, "s1") is whole


def test_marks_stay_on_their_pictures_through_every_step(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.show_native(series(seat, "s1"), 7)
    native = marked(seat)
    seat.session.show("s1")
    axial = marked(seat)
    coronal = next(n for n, pane in enumerate(seat.view.panes) if pane.plane is Plane.CORONAL)
    side = seat.session.add_mark(MarkKind.LENGTH, seat.slice(seat.view.panes[coronal]), ((10.0, 1.0), (20.0, 2.0)))
    start = seat.state.document
    done(seat, seat.session.take_apart(How.BEFORE, ("s1",)))
    for mark in (native, axial):
        now = lies_where_it_was_drawn(seat, mark)
        assert now.anchor.series_id in ("s1-1", "s1-2")
    part = next(each for each in seat.state.document.marks if each.id == side.id)
    assert part.anchor.series_id in ("s1-1", "s1-2")
    done(seat, seat.session.put_together(("s1-1", "s1-2")))
    for mark in (native, axial, side):
        assert lies_where_it_was_drawn(seat, mark).anchor.series_id == "s1-1+s1-2"
    done(seat, seat.session.put_sets_back(()))
    for mark in (native, axial, side):
        assert lies_where_it_was_drawn(seat, mark).anchor.series_id == "s1"
    while seat.session.store.undo_words != "Add length":
        seat.session.store.undo()
    assert seat.state.document == start


def test_a_slice_across_the_body_keeps_its_mark_when_the_body_grows(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.session.go_to(0, 1)
    done(seat, seat.session.take_apart(How.BEFORE, ()))
    seat.session.show("s1-2")
    coronal = next(n for n, pane in enumerate(seat.view.panes) if pane.plane is Plane.CORONAL)
    mark = seat.session.add_mark(MarkKind.LENGTH, seat.slice(seat.view.panes[coronal]), ((10.0, 1.0), (20.0, 4.0)))
    done(seat, seat.session.put_sets_back(()))
    now = lies_where_it_was_drawn(seat, mark)
    assert now.points != mark.points or now.anchor.index == mark.anchor.index
    assert now.anchor.plane is Plane.CORONAL


def test_what_was_done_is_there_again_after_reopening(ct: Path) -> None:
    with sitting() as seat:
        seat.open(ct)
        seat.session.go_to(0, 6)
        pane, uid = seat.pane, series(seat, "s1").uid
        picture = SentPicture("0" * 64, 32, 32, "", "s1", pane.plane, pane.index, series_uid=uid)
        seat.session.store.dispatch(QuestionAsked("t1", replace(turn("q1"), sent=(picture,))))
        seat.session.store.dispatch(AnswerReceived("t1", "q1", complete()))
        done(seat, seat.session.take_apart(How.BEFORE, ()))
        seat.show_native(series(seat, "s1-2"), 1)
        mark, shown = marked(seat), frame_of(seat)
        kept = seat.disc
    with sitting() as seat:
        seat.open(ct)
        assert seat.disc == kept
        assert frame_of(seat) == shown
        assert lies_where_it_was_drawn(seat, mark).anchor.series_id == "s1-2"
        (sent,) = (sent for talk in seat.state.conversations.items for asked in talk.turns for sent in asked.sent)
        assert sent.series_id in ("s1-1", "s1-2")
        done(seat, seat.session.put_sets_back(()))
        assert ids(seat) == {"s1"}
    with sitting() as seat:
        seat.open(ct)
        assert ids(seat) == {"s1"}
        assert lies_where_it_was_drawn(seat, mark).anchor.series_id == "s1"


def test_what_was_undone_is_not_there_after_reopening(ct: Path) -> None:
    with sitting() as seat:
        seat.open(ct)
        seat.session.go_to(0, 4)
        done(seat, seat.session.take_apart(How.BEFORE, ()))
        assert kept_now(seat) == seat.state.document.deeds != ()
        seat.session.store.undo()
        assert kept_now(seat) == ()
    with sitting() as seat:
        seat.open(ct)
        assert ids(seat) == {"s1"}


def test_commands_name_sets_as_they_are_on_the_disc(ct: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from viewer.app import make_session
    from viewer.usecases.loop import Loop

    with sitting() as seat:
        seat.open(ct)
        seat.session.go_to(0, 2)
        done(seat, seat.session.take_apart(How.BEFORE, ()))
        seat.show_native(series(seat, "s1-2"), 3)
        native = marked(seat)
        seat.session.show("s1-2")
        coronal = next(pane for pane in seat.view.panes if pane.plane is Plane.CORONAL)
        across = seat.session.add_mark(MarkKind.ARROW, seat.slice(coronal), ((4.0, 5.0), (8.0, 3.0)))
    loop = Loop()
    session = make_session(loop.call_soon, keeps_place=False)
    job = session.open_path(str(ct))
    loop.run_until(lambda: job.finished, 0.01)
    assert session.series("s1").id == "s1"
    loop.run_until(lambda: bool(session.store.state.document.marks), 0.01)
    places = {mark.id: mark.anchor for mark in session.store.state.document.marks}
    assert (places[native.id].series_id, places[native.id].index) == ("s1", 5)
    found = next(mark for mark in session.store.state.document.marks if mark.id == across.id)
    affine = session.source(found.anchor.series_id, 0).to_voxel(Plane.CORONAL, found.anchor.index)
    assert affine is not None
    there = [(affine @ (column, row, 0, 1))[:3] for column, row in found.points]
    assert np.allclose(there, across.points_lps)  # the whole set has other rows: found by its place in the body
    session.close()
    with sitting() as seat:
        seat.open(ct)
        assert ids(seat) == {"s1-1", "s1-2"}
        assert {mark.anchor.series_id for mark in seat.state.document.marks} == {"s1-2"}


def test_why_sets_cannot_be_changed_is_said(ct: Path, cd: Path, seat: Sitting) -> None:
    names = ("sets_together", "apart_before", "apart_groups", "apart_single", "sets_back")
    assert {off(seat, name) for name in names} == {"Choose a set of pictures on the left first."}
    seat.open(ct)
    assert off(seat, "sets_together") == "Choose two or more sets in the list first: hold Ctrl and click."
    assert off(seat, "apart_before") is None
    assert off(seat, "apart_groups") == "This set has only one time, echo or value."
    assert off(seat, "apart_single") == "These pictures are slices of one body."
    assert off(seat, "sets_back") == "This set is as it was read."
    side = next(n for n, pane in enumerate(seat.view.panes) if pane.plane is Plane.SAGITTAL)
    seat.session.arrange(seat.view.panes, side)
    assert off(seat, "apart_before") == "Choose the pane that shows the pictures as they were taken."
    seat.session.arrange(seat.view.panes, 0)
    seat.open(cd)
    every = tuple(sorted(ids(seat)))
    assert off(seat, "sets_together", *every) is None
    whole = done(seat, seat.session.put_together(every))
    assert whole.picture_count == sum(len(series(seat, name).frames) for name in ids(seat))
    assert ids(seat) == {"+".join(every)}
    assert off(seat, "sets_back") is None


def test_a_pane_whose_direction_is_gone_shows_a_picture_of_the_set(ct: Path, tmp_path: Path, seat: Sitting) -> None:
    """A volume and a film without a place, put together: three directions are no more."""
    disc = Path(shutil.copytree(ct, tmp_path / "disc"))
    clinic.write(clinic.film(clinic.pictures(disc)[0], frames=3), disc / "FILM")
    seat.open(disc)
    volume, clip = sorted((one for one in seat.disc.every_series if one.groups), key=lambda one: -len(one.planes))
    seat.session.arrange((PaneView(volume.id, 0, Plane.CORONAL, 20),))
    whole = done(seat, seat.session.put_together((volume.id, clip.id)))
    assert [len(one.frames) for one in whole.every_series if one.groups] == [len(volume.frames) + 3]
    assert seat.pane.plane is Plane.NATIVE
    assert seat.pane.index < len(volume.frames) + 3
    assert seat.slice().index == seat.pane.index
