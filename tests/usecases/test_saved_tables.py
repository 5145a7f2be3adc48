"""Tables of a saved view, and shutters of pictures, against the standard's own words, one value after the other (PS3.3 C.11.1, C.11.2, C.11.4)."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from tests import clinic
from tests.usecases.sitting import Sitting
from viewer.document.changes import BesideToggled
from viewer.picture.render import render
from viewer.usecases.what_belongs import count_words


def table(first: int, bits: int, entries: list[int]) -> Dataset:
    made = Dataset()
    made.add_new("LUTDescriptor", "US", [len(entries) % 65536, first % 65536, bits])
    made.add_new("LUTData", "OW", np.array(entries, "<u2").tobytes())
    return made


def entry(lut: tuple[int, int, list[int]], value: float) -> int:
    """C.11.1.1 and C.11.2.1.1."""
    first, _, entries = lut
    if value < first:
        return entries[0]
    return entries[min(int(value) - first, len(entries) - 1)]


def window(value: float, centre: float, width: float) -> float:
    """C.11.2.1.2.1 with an output of 0 to 1."""
    if value <= centre - 0.5 - (width - 1) / 2:
        return 0.0
    if value > centre - 0.5 + (width - 1) / 2:
        return 1.0
    return (value - (centre - 0.5)) / (width - 1) + 0.5


S_SHAPE = [round(4095 / (1 + math.exp(-(i - 150) / 30))) for i in range(300)]
WAVE = [int(500 + 480 * math.sin(i / 9)) for i in range(256)]
COARSE = [0, 65535, 20000, 40000]
VOI = (900, 12, S_SHAPE)
MODALITY = (0, 16, [(i * 37) % 3000 for i in range(2000)])


def after_modality(stored: int, parts: set[str]) -> float:
    return entry(MODALITY, stored) if "modality" in parts else stored * 1 - 24


def after_voi(value: float, parts: set[str]) -> float:
    return entry(VOI, value) / 4095 if "voi" in parts else window(value, 1000, 601)


def shown_level(stored: int, parts: set[str]) -> int:
    """The chain by the standard."""
    part = after_voi(after_modality(stored, parts), parts)
    if "wave" in parts:
        part = WAVE[math.floor(part * 255 + 0.5)] / 1023
    if "coarse" in parts:
        part = COARSE[math.floor(part * 3 + 0.5)] / 65535
    if "inverse" in parts:
        part = 1 - part
    return math.floor(part * 255 + 0.5)


@pytest.fixture
def disc(ct: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ct, tmp_path / "disc"))


def state_of(parts: set[str]) -> dict[str, object]:
    voi = (
        clinic.item(VOILUTSequence=[table(*VOI)]) if "voi" in parts else clinic.item(WindowCenter=1000, WindowWidth=601)
    )
    values: dict[str, object] = {"SoftcopyVOILUTSequence": [voi]}
    if "modality" in parts:
        values["ModalityLUTSequence"] = [table(*MODALITY)]
    else:
        values |= {"RescaleSlope": 1, "RescaleIntercept": -24, "RescaleType": "US"}
    if "wave" in parts:
        values["PresentationLUTSequence"] = [table(0, 10, WAVE)]
    if "coarse" in parts:
        values["PresentationLUTSequence"] = [table(0, 16, COARSE)]
    if "inverse" in parts:
        values["PresentationLUTShape"] = "INVERSE"
    return values


CHAINS = (
    {"voi"}, {"voi", "inverse"}, {"wave"}, {"coarse"}, {"voi", "wave"}, {"modality"}, {"modality", "voi", "coarse"},
)  # fmt: skip


@pytest.mark.parametrize("kind", ["MONOCHROME2", "MONOCHROME1", "negative"])
def test_the_tables_of_a_saved_view_give_the_levels_of_the_standard(seat: Sitting, disc: Path, kind: str) -> None:
    path = sorted(path for path in disc.rglob("*") if path.is_file())[4]
    picture = pydicom.dcmread(path)
    rows, columns = picture.Rows, picture.Columns
    stored = (np.arange(rows * columns).reshape(rows, columns) * 2 % 2048).astype(np.uint16)
    picture.PixelData, picture.BitsStored, picture.HighBit, picture.PixelRepresentation = stored.tobytes(), 12, 11, 0
    if kind == "MONOCHROME1":
        picture.PhotometricInterpretation = kind
    if kind == "negative":
        picture.RescaleSlope, picture.RescaleIntercept = -2, 77
    picture.save_as(path)
    for number, parts in enumerate(CHAINS):
        made = clinic.saved_view([picture], **state_of(parts))
        if "PresentationLUTSequence" in made:
            del made.PresentationLUTShape
        clinic.write(made, disc / f"VIEW{number}")
    seat.open(disc)
    seat.until(lambda: bool(count_words(seat.state.belongings)))
    views = sorted(seat.state.belongings.views, key=lambda view: view.id)
    here = seat.show_native(seat.session.series(views[0].places[0][0]), views[0].places[0][2])
    for view, parts in zip(views, CHAINS, strict=True):
        loaded = seat.loop.result(seat.session.objects.apply_view(view))
        assert loaded.words == "", parts
        levels = render(here, seat.view.look_on(here)).pixels
        known = np.array([shown_level(value, parts) for value in range(4096)])
        assert np.array_equal(levels, known[stored]), parts


def test_a_damaged_table_is_left_out_and_said(seat: Sitting, disc: Path) -> None:
    bad = Dataset()
    bad.add_new("LUTDescriptor", "US", [4000, 0, 12])
    bad.add_new("LUTData", "OW", b"\0\1" * 7)
    picture = clinic.pictures(disc)[2]
    voi = clinic.item(VOILUTSequence=[bad], WindowCenter=300, WindowWidth=50)
    clinic.write(clinic.saved_view([picture], SoftcopyVOILUTSequence=[voi]), disc / "VIEW")
    seat.open(disc)
    seat.until(lambda: bool(count_words(seat.state.belongings)))
    (view,) = seat.state.belongings.views
    loaded = seat.loop.result(seat.session.objects.apply_view(view))
    assert loaded.words == "Not applied: a damaged table of grey values."
    assert loaded.applied.looks[0][1].window is not None
    assert not loaded.applied.looks[0][1].window.levels


SHUTTERS: dict[str, dict[str, object]] = {
    "RECTANGULAR": {
        "ShutterLeftVerticalEdge": 5, "ShutterRightVerticalEdge": 30,
        "ShutterUpperHorizontalEdge": 9, "ShutterLowerHorizontalEdge": 40,
    },
    "CIRCULAR": {"CenterOfCircularShutter": [20, 28], "RadiusOfCircularShutter": 15},
    "POLYGONAL": {"VerticesOfThePolygonalShutter": [3, 4, 10, 44, 40, 20]},
}  # fmt: skip


def depth(shape: str, row: int, column: int) -> float:
    """How far inside a shutter (row, column, from 1) lies, in pixels; outside below zero (C.7.6.11)."""
    if shape == "RECTANGULAR":
        return min(column - 5, 30 - column, row - 9, 40 - row)
    if shape == "CIRCULAR":
        return 15 - math.hypot(row - 20, column - 28)
    corners = [(3, 4), (10, 44), (40, 20)]
    sides = zip(corners, corners[1:] + corners[:1])
    return min(
        ((c1 - c0) * (row - r0) - (r1 - r0) * (column - c0)) / math.hypot(r1 - r0, c1 - c0)
        for (r0, c0), (r1, c1) in sides
    )


def is_within(curve: np.ndarray, column: int, row: int) -> bool:
    """Even and odd crossings of a ray to the right; places are pixel centres from 0."""
    crossings = 0
    for (x0, y0), (x1, y1) in zip(curve, np.roll(curve, -1, axis=0)):
        if (y0 > row) != (y1 > row) and column < x0 + (row - y0) / (y1 - y0) * (x1 - x0):
            crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize("shapes", [["RECTANGULAR"], ["CIRCULAR"], ["POLYGONAL"], ["CIRCULAR", "RECTANGULAR"]])
def test_the_shutters_of_a_picture_cover_what_the_standard_covers(seat: Sitting, disc: Path, shapes: list[str]) -> None:
    path = sorted(path for path in disc.rglob("*") if path.is_file())[4]
    picture = pydicom.dcmread(path)
    picture.ShutterShape = shapes
    for shape in shapes:
        for name, value in SHUTTERS[shape].items():
            setattr(picture, name, value)
    picture.save_as(path)
    clinic.write(clinic.saved_view([picture]), disc / "VIEW")
    seat.open(disc)
    seat.until(lambda: bool(count_words(seat.state.belongings)))
    (view,) = seat.state.belongings.views
    here = seat.show_native(seat.session.series(view.places[0][0]), view.places[0][2])
    curves = [drawn.curves[0] for drawn in seat.session.drawn_on(here) if drawn.covers]
    assert len(curves) == len(shapes)
    seen: list[bool] = []
    for row in range(0, here.values.shape[0], 2):
        for column in range(0, here.values.shape[1], 2):
            inside = min(depth(shape, row + 1, column + 1) for shape in shapes)
            if abs(inside) > 0.1:
                seen.append(inside > 0)
                assert all(is_within(curve, column, row) for curve in curves) == (inside > 0), (row, column)
    assert min(seen.count(True), seen.count(False)) > 20
    other = seat.show_native(seat.session.series(view.places[0][0]), 0 if view.places[0][2] else 1)
    assert not seat.session.drawn_on(other)
    seat.session.store.dispatch(BesideToggled(False))
    assert not seat.session.drawn_on(here)
    seat.session.store.dispatch(BesideToggled(True))
    seat.loop.result(seat.session.objects.apply_view(view))
    assert not [drawn for drawn in seat.session.drawn_on(here) if drawn.covers]  # the view has none


def test_a_shutter_that_leaves_nothing_to_see_is_not_drawn(seat: Sitting, disc: Path) -> None:
    path = sorted(path for path in disc.rglob("*") if path.is_file())[4]
    picture = pydicom.dcmread(path)
    picture.ShutterShape = ["RECTANGULAR", "CIRCULAR", "POLYGONAL"]
    picture.ShutterLeftVerticalEdge, picture.ShutterRightVerticalEdge = 30, 5
    picture.ShutterUpperHorizontalEdge, picture.ShutterLowerHorizontalEdge = 1, 40
    picture.CenterOfCircularShutter, picture.RadiusOfCircularShutter = [5, 5], 0
    picture.VerticesOfThePolygonalShutter = [1, 1, 2, 2]
    picture.save_as(path)
    seat.open(disc)
    assert not any(frame.header.shutters for frame in seat.volume.frames)
