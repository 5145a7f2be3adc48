"""Looking: panes follow one another through the body; a volume has one window, that of its middle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.usecases.sitting import Sitting
from viewer.disc.open import open_medium
from viewer.document.changes import DocumentReplaced
from viewer.document.model import PaneView
from viewer.geometry.plane import Plane
from viewer.jobs.jobs import Job
from viewer.phantom.disc import DiscKind, write_disc
from viewer.picture.look import Look, Window
from viewer.usecases.disc import OpenDisc
from viewer.usecases.looking import DIRECTIONS, carried_along, middle_of
from viewer.usecases.open_disc import read_disc
from viewer.volume.slice import Source


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A made CT volume; only its geometry is asked for."""
    from viewer.codec.pool import Decoder
    from viewer.jobs.budget import Budget

    folder = tmp_path_factory.mktemp("ct")
    write_disc(folder, DiscKind.CT, slices=9, size=24)
    medium = open_medium(str(folder))
    index = read_disc(medium, Job("read"), lambda index: None)
    opened = OpenDisc(medium, Decoder(), Budget(), index, str(folder))
    return opened.source("s1")


points = st.tuples(*[st.floats(-300, 300)] * 3)


def off_plane(source: Source, plane: Plane, index: int, point: tuple[float, float, float]) -> float:
    """Millimetres from a slice's plane."""
    affine = source.to_voxel(plane, index)
    assert affine is not None
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    return float(abs((np.asarray(point) - affine[:3, 3]) @ normal) / np.linalg.norm(normal))


@given(data=st.data(), point=points, plane=st.sampled_from(DIRECTIONS))
def test_a_scrolled_pane_takes_the_crosshair_along_its_normal_only(
    source: Source, data: st.DataObject, point: tuple[float, float, float], plane: Plane
) -> None:
    index = data.draw(st.integers(0, source.count(plane) - 1))
    moved = carried_along(source, plane, index, point)
    assert moved is not None
    assert off_plane(source, plane, index, moved) < 1e-6
    affine = source.to_voxel(plane, index)
    assert affine is not None
    way = np.asarray(moved) - np.asarray(point)
    for along in (affine[:3, 0], affine[:3, 1]):
        assert abs(float(way @ along)) < 1e-6
    again = carried_along(source, plane, index, moved)
    assert again == pytest.approx(moved)


@given(data=st.data())
def test_the_middle_of_three_panes_lies_on_all_of_them(source: Source, data: st.DataObject) -> None:
    order = data.draw(st.permutations(DIRECTIONS))
    count = data.draw(st.integers(1, 3))
    panes = tuple(
        PaneView("s1", 0, plane, data.draw(st.integers(0, source.count(plane) - 1))) for plane in order[:count]
    )
    point = middle_of(source, panes)
    assert point is not None
    for pane in panes:
        assert off_plane(source, pane.plane, pane.index, point) < 1e-6


def test_scrolling_one_pane_leaves_the_others_and_the_crosshair_in_its_slice(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    before = seat.view.panes
    seat.session.step(0, 2)
    assert seat.view.panes[0].index == before[0].index + 2
    assert seat.view.panes[1:] == before[1:]
    source = seat.session.source(seat.volume.id)
    assert seat.view.crosshair is not None
    assert off_plane(source, seat.view.panes[0].plane, seat.view.panes[0].index, seat.view.crosshair) < 1e-6
    seat.session.go_to(0, 10_000)
    assert seat.view.panes[0].index == source.count(seat.view.panes[0].plane) - 1


def test_a_crosshair_brings_all_panes_to_its_point(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.session.move_crosshair((31.0, -12.0, 3.0))
    source = seat.session.source(seat.volume.id)
    for pane in seat.view.panes:
        affine = source.to_voxel(pane.plane, pane.index)
        assert affine is not None
        step = 400 / 32 if pane.plane is not Plane.AXIAL else 1.5
        assert off_plane(source, pane.plane, pane.index, (31.0, -12.0, 3.0)) <= step / 2 + 1e-6


def with_windows(folder: Path, centres: dict[int, tuple[float, float]]) -> None:
    """Give single files of a CT their own window."""
    import pydicom

    for number, path in enumerate(sorted(p for p in folder.rglob("*") if p.is_file())):
        if number in centres:
            dataset = pydicom.dcmread(path)
            dataset.WindowCenter, dataset.WindowWidth = centres[number]
            dataset.save_as(path)


def test_a_volume_has_the_window_of_its_middle_whatever_is_drawn_first(tmp_path: Path, seat: Sitting) -> None:
    folder = tmp_path / "ct"
    write_disc(folder, DiscKind.CT, slices=9, size=24)
    with_windows(folder, {0: (900, 111), 4: (70, 333)})
    seat.open(folder)
    first = seat.show_native(seat.volume, 0)
    shown = seat.session.window_for(first)
    assert shown is not None
    assert (shown.centre, shown.width) == (70, 333)
    for pane in (PaneView(seat.volume.id, 0, plane, 2) for plane in DIRECTIONS):
        assert seat.session.window_for(seat.slice(pane)) == shown


def test_the_persons_window_holds_for_the_whole_series(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    window = Window(10, 20, origin="person")
    seat.session.set_look(seat.volume.id, Look(window))
    for pane in seat.view.panes:
        assert seat.session.window_for(seat.slice(pane)) == window


def test_automatic_and_presets_come_from_the_values(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    seat.slice()
    seat.until(lambda: seat.session.source(seat.volume.id).loaded == (9, 9))
    automatic = seat.session.automatic_window(seat.volume.id)
    assert automatic is not None
    assert automatic.width > 100
    names = {window.name for window in seat.session.presets(seat.volume.id)}
    assert "As stored" in names
    assert len(names) > 3


def test_values_are_said_with_their_unit(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    slice_ = seat.slice()
    assert seat.session.point_value(slice_, 16, 16).endswith("HU")
    assert seat.session.point_value(slice_, -1, 0) == ""


def test_marks_lie_on_their_slice_only_and_undo_takes_them_back(ct: Path, seat: Sitting) -> None:
    from viewer.marks.mark import MarkKind, Measurement

    seat.open(ct)
    slice_ = seat.slice()
    mark = seat.session.add_mark(MarkKind.LENGTH, slice_, ((2.0, 2.0), (12.0, 2.0)))
    assert seat.session.marks_on(slice_) == (mark,)
    found = seat.session.measure(mark, slice_)
    assert isinstance(found, Measurement)
    assert found.value == pytest.approx(10 * 400 / 32, rel=0.01)
    other = seat.slice(replace(seat.pane, index=seat.pane.index + 1))
    assert seat.session.marks_on(other) == ()
    seat.session.store.undo()
    assert seat.session.marks_on(slice_) == ()
    seat.session.store.dispatch(DocumentReplaced(seat.state.document))


def test_facts_are_worked_out_without_asking_anyone(ct: Path, seat: Sitting) -> None:
    seat.open(ct)
    pane = seat.pane
    facts = seat.loop.result(seat.session.facts(pane.series_id, pane.group, pane.plane, pane.index))
    words = " ".join(fact.words for fact in facts)
    assert "CT" in words
    assert all(fact.label and fact.words for fact in facts)
    assert "Muster" not in words
