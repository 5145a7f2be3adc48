"""Shutters that are an overlay (PS3.3 C.7.6.15) and shutters of single frames (C.7.6.16, Frame Display Shutter Sequence)."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from tests import clinic
from tests.usecases.sitting import Sitting
from viewer.disc.open import open_medium
from viewer.document.changes import BesideToggled
from viewer.phantom.disc import DiscKind, write_disc
from viewer.picture.drawn import Drawn
from viewer.usecases.beside import read_beside
from viewer.usecases.objects import BESIDE_COLOUR
from viewer.volume.slice import Slice


@pytest.fixture
def disc(ct: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ct, tmp_path / "disc"))


def add_overlay(picture: pydicom.FileDataset, group: int, drawn: np.ndarray) -> None:
    for part, kind, value in (
        (0x0010, "US", drawn.shape[0]), (0x0011, "US", drawn.shape[1]), (0x0040, "CS", "G"), (0x0050, "SS", [1, 1]),
        (0x0100, "US", 1), (0x0102, "US", 0),
        (0x3000, "OW", np.packbits(drawn.ravel(), bitorder="little").tobytes()),
    ):  # fmt: skip
        picture.add_new(group << 16 | part, kind, value)


def with_bitmap(path: Path, group: int | None, overlay: int) -> pydicom.FileDataset:
    """The picture covered but for a disc, with a line beside it."""
    picture = pydicom.dcmread(path)
    y, x = np.mgrid[: picture.Rows, : picture.Columns]
    add_overlay(picture, overlay, (y - 14) ** 2 + (x - 17) ** 2 > 100)
    add_overlay(picture, 0x6004, y == 5)
    picture.ShutterShape = "BITMAP"
    if group is not None:
        picture.ShutterOverlayGroup = group
    picture.ShutterPresentationValue = 0
    picture.save_as(path)
    return picture


def drawn_on(seat: Sitting, slice_: Slice) -> tuple[Drawn, ...]:
    seat.until(lambda: bool(seat.session.drawn_on(slice_)))
    return seat.session.drawn_on(slice_)


def test_a_bitmap_covers_where_its_overlay_has_ones(seat: Sitting, disc: Path) -> None:
    paths = sorted(path for path in disc.rglob("*") if path.is_file())
    picture = with_bitmap(paths[4], 0x6002, 0x6002)
    seat.open(disc)
    number = next(n for n, f in enumerate(seat.volume.frames) if f.ref.sop_uid == picture.SOPInstanceUID)
    here = seat.show_native(seat.volume, number)
    covered, line = drawn_on(seat, here)
    assert covered.covers
    assert covered.mask is not None
    assert np.array_equal(covered.mask, picture.overlay_array(0x6002) > 0)
    assert 0 < covered.mask.sum() < covered.mask.size
    assert (line.covers, line.colour) == (False, BESIDE_COLOUR)
    assert line.mask is not None
    assert np.array_equal(line.mask, picture.overlay_array(0x6004) > 0)
    assert not any(one.code == "shutter_missing" for one in seat.volume.frames[number].header.problems)
    seat.session.store.dispatch(BesideToggled(False))
    assert not seat.session.drawn_on(here)
    seat.session.store.dispatch(BesideToggled(True))
    assert not seat.session.drawn_on(seat.show_native(seat.volume, 0))


def test_the_bitmap_gives_way_to_a_saved_view(seat: Sitting, disc: Path) -> None:
    paths = sorted(path for path in disc.rglob("*") if path.is_file())
    picture = with_bitmap(paths[4], 0x6002, 0x6002)
    clinic.write(clinic.saved_view([picture]), disc / "VIEW")
    seat.open(disc)
    seat.until(lambda: bool(seat.state.belongings.views))
    (view,) = seat.state.belongings.views
    here = seat.show_native(seat.session.series(view.places[0][0]), view.places[0][2])
    assert any(one.covers for one in drawn_on(seat, here))
    seat.loop.result(seat.session.objects.apply_view(view))
    assert not any(one.covers for one in seat.session.drawn_on(here))


@pytest.mark.parametrize("group", [None, 0x6006, 0x0010])
def test_a_bitmap_that_is_not_in_the_file_is_said(seat: Sitting, disc: Path, group: int | None) -> None:
    paths = sorted(path for path in disc.rglob("*") if path.is_file())
    picture = with_bitmap(paths[4], group, 0x6002)
    seat.open(disc)
    number = next(n for n, f in enumerate(seat.volume.frames) if f.ref.sop_uid == picture.SOPInstanceUID)
    assert any(one.code == "shutter_missing" for one in seat.volume.frames[number].header.problems)
    assert any(one.code == "shutter_missing" for one in seat.volume.problems)
    here = seat.show_native(seat.volume, number)
    assert not any(one.covers for one in drawn_on(seat, here))  # both overlays are drawn, nothing is covered


def shutter(**values: object) -> Dataset:
    return clinic.item(FrameDisplayShutterSequence=[clinic.item(**values)])


RECTANGLE = {
    "ShutterShape": "RECTANGULAR", "ShutterLeftVerticalEdge": 5, "ShutterRightVerticalEdge": 30,
    "ShutterUpperHorizontalEdge": 9, "ShutterLowerHorizontalEdge": 20,
}  # fmt: skip
CIRCLE = {"ShutterShape": "CIRCULAR", "CenterOfCircularShutter": [12, 15], "RadiusOfCircularShutter": 8}


@pytest.mark.parametrize("shared", [False, True])
def test_each_frame_has_the_shutter_of_its_own_groups(seat: Sitting, tmp_path: Path, shared: bool) -> None:
    folder = tmp_path / "enhanced"
    write_disc(folder, DiscKind.ENHANCED, slices=6, size=32)
    path = next(path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR")
    picture = pydicom.dcmread(path)
    frames = picture.PerFrameFunctionalGroupsSequence
    frames[1].update(shutter(**RECTANGLE))
    frames[3].update(shutter(**CIRCLE))
    frames[4].update(shutter(**RECTANGLE))
    if shared:
        picture.SharedFunctionalGroupsSequence[0].update(shutter(**CIRCLE))
    picture.save_as(path)
    seat.open(folder)
    (series,) = (s for study in seat.disc.studies for s in study.series)
    kinds = {}
    for index, frame in enumerate(series.groups[0].frames):
        here = seat.show_native(series, index)
        kinds[frame.number] = [len(one.curves[0]) for one in seat.session.drawn_on(here) if one.covers]
    round_, rectangle = [kinds[4][0]], [4]
    other = round_ if shared else []
    assert round_[0] > 20
    assert kinds == {1: other, 2: rectangle, 3: other, 4: round_, 5: rectangle, 6: other}


def test_a_bitmap_that_cannot_be_read_covers_nothing(seat: Sitting, disc: Path) -> None:
    paths = sorted(path for path in disc.rglob("*") if path.is_file())
    picture = with_bitmap(paths[4], 0x6002, 0x6002)
    seat.open(disc)
    frame = next(f for f in seat.volume.frames if f.ref.sop_uid == picture.SOPInstanceUID)
    medium = open_medium(str(disc))
    paths[4].unlink()
    assert read_beside(medium, frame).covered is None
