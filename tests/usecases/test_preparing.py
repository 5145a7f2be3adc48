"""From the picture on screen to what would leave: the chosen part of exactly this slice, as it is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.picture.png import read_png
from tests.usecases.sitting import Sitting
from viewer.disclosure.frame import Disclosure
from viewer.document.changes import RegionChosen
from viewer.document.model import ChosenRegion, PaneView
from viewer.picture.look import Look, Region, Window
from viewer.picture.render import render
from viewer.problem import ProblemError

REGION = Region(4, 6, 20, 26)


@pytest.fixture
def looking(seat: Sitting, ct: Path) -> Sitting:
    seat.open(ct)
    seat.session.setup.choose_once(None, "http://localhost:1", "m", "bearer")
    return seat


def prepared(seat: Sitting) -> Disclosure:
    return seat.loop.result(seat.session.prepare("What is this?"))


def choose(seat: Sitting, pane: PaneView) -> None:
    chosen = ChosenRegion(pane.series_id, pane.group, pane.plane, pane.index, REGION)
    seat.session.store.dispatch(RegionChosen(chosen))


def test_what_would_leave_is_drawn_as_it_is_shown(looking: Sitting) -> None:
    look = Look(Window(40, 400, origin="person"), inverted=True)
    looking.session.set_look(looking.volume.id, look)
    (frame,) = prepared(looking).frames
    slice_ = looking.slice()
    expected = render(slice_, look, look.window, (frame.width, frame.height)).pixels
    assert np.array_equal(read_png(frame.png), expected)
    assert (frame.plane, frame.index) == (looking.pane.plane, looking.pane.index)


def test_only_the_chosen_part_leaves(looking: Sitting) -> None:
    choose(looking, looking.pane)
    (frame,) = prepared(looking).frames
    assert frame.region == REGION
    assert frame.width / frame.height == pytest.approx(16 / 20, rel=0.1)


def test_a_part_chosen_on_another_slice_does_not_count(looking: Sitting) -> None:
    choose(looking, looking.pane)
    looking.session.step(0, 1)
    (frame,) = prepared(looking).frames
    assert frame.region is None


def test_the_part_follows_its_slice_and_no_name_leaves(looking: Sitting) -> None:
    disclosure = prepared(looking)
    assert b"Muster" not in disclosure.body
    assert b"P-17" not in disclosure.body
    assert looking.volume.uid.encode() not in disclosure.body


def test_a_picture_that_cannot_be_read_is_said_not_sent(looking: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    from viewer.problem import problem

    def broken(*_: object) -> object:
        raise ProblemError(problem("file_gone"))

    monkeypatch.setattr(type(looking.session.source(looking.volume.id)), "slice", broken)
    job = looking.session.prepare("What is this?")
    looking.until(lambda: job.finished)
    assert job.problem is not None
    assert job.problem.remedy


def test_what_is_prepared_is_the_picture_of_that_moment(looking: Sitting) -> None:
    before = looking.pane
    job = looking.session.prepare("What is this?")
    looking.session.step(0, 2)
    looking.session.set_look(looking.volume.id, replace(Look(), inverted=True))
    (frame,) = looking.loop.result(job).frames
    assert frame.index == before.index
