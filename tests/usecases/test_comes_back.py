"""What was drawn comes back with the folder, also where the folder holds more than last time, or was read to its end only
now."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.usecases.sitting import Sitting, frame_of, script_media, sitting
from viewer.archive.archive import Archive
from viewer.document.changes import MarkRemoved, RegionChosen, ToolChosen
from viewer.document.model import ChosenRegion, PaneView, Tool
from viewer.geometry.plane import Plane
from viewer.index.model import FrameRef
from viewer.marks.mark import Mark, MarkKind
from viewer.phantom.disc import DiscKind, write_disc
from viewer.picture.look import Region


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIDELIGHT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_disc(tmp_path / "disc" / "first", DiscKind.CT, slices=9, size=32)
    return tmp_path / "disc"


def draw(seat: Sitting, words: str) -> FrameRef:
    """A note on the third picture of the largest set; returns that picture."""
    slice_ = seat.show_native(seat.volume, 2)
    seat.session.add_mark(MarkKind.TEXT, slice_, ((3, 3),), words)
    ref = frame_of(seat)
    assert isinstance(ref, FrameRef)
    return ref


def found(seat: Sitting) -> list[tuple[str, object]]:
    """The notes and the pictures they lie on."""
    return [(mark.text, _picture(seat, mark)) for mark in seat.state.document.marks]


def _picture(seat: Sitting, mark: Mark) -> object:
    anchor = mark.anchor
    return frame_of(seat, PaneView(anchor.series_id, anchor.group, anchor.plane, anchor.index))


def test_a_folder_that_has_grown_keeps_its_marks(folder: Path, tmp_path: Path) -> None:
    with sitting() as seat:
        first = seat.open(folder).key
        ref = draw(seat, "here")
    write_disc(folder / "second", DiscKind.MAMMOGRAM, slices=2, size=64)
    with sitting() as seat:
        second = seat.open(folder).key
        assert second != first
        assert found(seat) == [("here", ref)]
        seat.session.store.dispatch(MarkRemoved(seat.state.document.marks[0].id))
        draw(seat, "new")
    with sitting() as seat:
        seat.open(folder)
        assert [words for words, _ in found(seat)] == ["new"]
        assert len(seat.session.remembered()) == 1
    shutil.copytree(folder, tmp_path / "copy")
    with sitting() as seat:
        assert seat.open(tmp_path / "copy").key == second
        assert [words for words, _ in found(seat)] == ["new"]


def test_who_comes_back_has_no_ruler_in_the_hand(folder: Path, own_data: Path) -> None:
    with sitting() as seat:
        seat.open(folder)
        seat.session.store.dispatch(ToolChosen(Tool.LENGTH))
    with sitting() as seat:
        seat.open(folder)
        assert seat.view.tool is Tool.WINDOW


def test_another_disc_at_the_same_place_takes_nothing_over(folder: Path, tmp_path: Path, own_data: Path) -> None:
    with sitting() as seat:
        seat.open(folder)
        draw(seat, "of the first disc")
    (folder / "first").rename(tmp_path / "aside")
    write_disc(folder / "other", DiscKind.MAMMOGRAM, slices=2, size=64)
    with sitting() as seat:
        seat.open(folder)
        assert found(seat) == []
    shutil.rmtree(folder / "other")
    (tmp_path / "aside").rename(folder / "first")
    with sitting() as seat:
        seat.open(folder)
        assert [words for words, _ in found(seat)] == ["of the first disc"]


def test_work_on_a_disc_whose_reading_was_stopped_is_there_when_it_is_read_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, own_data: Path
) -> None:
    gate = threading.Event()
    with monkeypatch.context() as patched, sitting() as seat:
        script_media(
            patched, lambda medium: medium.gates.update({one.path: gate for one in [*medium.inner.walk()][-2:]})
        )
        job = seat.session.open_path(str(folder))
        seat.until(lambda: seat.state.disc is not None and bool(seat.view.panes) and seat.state.disc.picture_count == 7)
        ref = draw(seat, "half")
        job.cancel()
        gate.set()
        seat.until(lambda: job.finished)
        assert not seat.disc.complete
        later = draw(seat, "after the stop")
    with sitting() as seat:
        assert seat.open(folder).complete
        assert sorted(found(seat), key=str) == [("after the stop", later), ("half", ref)]
        assert len([row for row in seat.session.remembered() if row.path == str(folder)]) == 1
        seat.session.close()
    archive = Archive(own_data)
    assert len(archive.kept_discs()) == 1, "nothing is left under a key that nobody can forget"
    archive.close()


def test_marks_of_a_body_that_has_grown_lie_where_they_lay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_data: Path
) -> None:
    write_disc(tmp_path / "disc", DiscKind.CT, slices=20, size=32)
    files = sorted(path for path in (tmp_path / "disc").rglob("*") if path.is_file())
    aside = tmp_path / "aside"
    aside.mkdir()
    for path in files[:8]:
        path.rename(aside / path.name)
    with sitting() as seat:
        seat.open(tmp_path / "disc")
        for plane, index in ((Plane.AXIAL, 4), (Plane.CORONAL, 9), (Plane.SAGITTAL, 20)):
            seat.session.arrange((PaneView(seat.volume.id, 0, plane, index),))
            seat.session.add_mark(MarkKind.LENGTH, seat.slice(), ((3, 3), (8, 6)), "")
        before = [(mark.anchor.plane, mark.points_lps) for mark in seat.state.document.marks]
        assert len(before) == 3
    for path in files[:8]:
        (aside / path.name).rename(path)
    with sitting() as seat:
        seat.open(tmp_path / "disc")
        marks = seat.state.document.marks
        assert [(mark.anchor.plane, mark.points_lps) for mark in marks] == before
        for mark in marks:
            anchor = mark.anchor
            affine = seat.session.source(anchor.series_id, anchor.group).to_voxel(anchor.plane, anchor.index)
            assert affine is not None
            there = [(affine @ (column, row, 0, 1))[:3] for column, row in mark.points]
            assert np.allclose(there, mark.points_lps, atol=1e-6)


def test_a_mark_on_a_disc_that_was_left_while_it_was_read_lies_where_it_lay(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    with sitting() as seat:
        with monkeypatch.context() as patched:
            script_media(
                patched,
                lambda medium: medium.gates.update({one.path: gate for one in sorted(medium.inner.walk())[:2]}),
                lambda found: sorted(found, reverse=True),
            )
            job = seat.session.open_path(str(folder))
            seat.until(lambda: seat.state.disc is not None and seat.state.disc.picture_count == 7)
            seat.session.arrange((PaneView(seat.volume.id, 0, Plane.AXIAL, 1),))
            drawn = seat.session.add_mark(MarkKind.LENGTH, seat.slice(), ((3, 3), (8, 6)), "")
            seat.session.close_disc()
            gate.set()
            seat.until(lambda: job.finished)
        seat.open(folder)
        (mark,) = seat.state.document.marks
        affine = seat.session.source(mark.anchor.series_id, 0).to_voxel(mark.anchor.plane, mark.anchor.index)
        assert affine is not None
        there = [(affine @ (column, row, 0, 1))[:3] for column, row in mark.points]
        assert np.allclose(there, drawn.points_lps)


def test_a_chosen_part_comes_back_with_its_disc(ct: Path) -> None:
    with sitting() as seat:
        seat.open(ct)
        pane = seat.pane
        chosen = ChosenRegion(pane.series_id, pane.group, pane.plane, pane.index, Region(4, 5, 20, 21))
        seat.session.store.dispatch(RegionChosen(chosen))
    with sitting() as seat:
        seat.open(ct)
        assert seat.state.view.region == chosen
