"""Saved views, stars, segmentations and structure sets as they stand in files, and what hostile ones may not do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import clinic
from tests.data import shared_data
from tests.dicom.made import Found, Memory
from viewer.dicom import presentation
from viewer.dicom.colour import from_cielab
from viewer.dicom.key_objects import read_key_objects
from viewer.dicom.presentation import read_presentation
from viewer.dicom.segmentation import read_segmentation
from viewer.dicom.structure_set import read_structures
from viewer.disc.folder import FolderMedium
from viewer.phantom.disc import DiscKind, write_disc
from viewer.problem import ProblemError

READERS = (read_key_objects, read_presentation, read_segmentation, read_structures)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[pydicom.Dataset]:
    folder = tmp_path_factory.mktemp("ct")
    write_disc(folder, DiscKind.CT, slices=4, size=16)
    return clinic.pictures(folder)


def medium(made: pydicom.FileDataset, tmp_path: Path) -> FolderMedium:
    clinic.write(made, tmp_path / "made")
    return FolderMedium(tmp_path)


def test_stars_come_with_their_meaning(shown: list[pydicom.Dataset], tmp_path: Path) -> None:
    read = read_key_objects(medium(clinic.stars(shown[1:3], note="Look here"), tmp_path), "made")
    assert (read.title, read.note, read.rejected) == ("Of Interest", "Look here", False)
    assert [one.uid for one in read.pictures] == [one.SOPInstanceUID for one in shown[1:3]]
    bad = clinic.stars(shown[:1], ("113001", "Rejected for Quality Reasons"))
    assert read_key_objects(medium(bad, tmp_path), "made").rejected


def test_a_saved_view_says_how_the_picture_was_left(shown: list[pydicom.Dataset], tmp_path: Path) -> None:
    made = clinic.saved_view(
        shown[:1], ImageRotation=90, ImageHorizontalFlip="Y", PresentationLUTShape="INVERSE",
        RescaleSlope=2, RescaleIntercept=-5, RescaleType="US",
        ShutterShape=["RECTANGULAR", "CIRCULAR", "BITMAP"], ShutterLeftVerticalEdge=2, ShutterRightVerticalEdge=9,
        ShutterUpperHorizontalEdge=3, ShutterLowerHorizontalEdge=8, CenterOfCircularShutter=[5, 6],
        RadiusOfCircularShutter=4,
        SoftcopyVOILUTSequence=[clinic.item(WindowCenter=40, WindowWidth=400, VOILUTFunction="SIGMOID")],
        DisplayedAreaSelectionSequence=[
            clinic.item(DisplayedAreaTopLeftHandCorner=[1, 3], DisplayedAreaBottomRightHandCorner=[10, 12],
                        PresentationSizeMode="SCALE TO FIT")
        ],
        GraphicAnnotationSequence=[
            clinic.item(
                GraphicLayer="A",
                GraphicObjectSequence=[
                    clinic.graphic("POLYLINE", (1, 2, 3, 4)), clinic.graphic("CIRCLE", (0.5, 0.5, 0.75, 0.5), "DISPLAY"),
                    clinic.graphic("RING", (1, 1)), clinic.graphic("POINT", (float("nan"), 1)),
                ],
                TextObjectSequence=[
                    clinic.item(UnformattedTextValue="hier \u202etrap\x07", AnchorPoint=[4, 5],
                                AnchorPointAnnotationUnits="PIXEL", AnchorPointVisibility="Y")
                ],
            )
        ],
    )  # fmt: skip
    read = read_presentation(medium(made, tmp_path), "made")
    assert (read.turned, read.flipped, read.inverted, read.slope, read.intercept) == (1, True, True, 2, -5)
    assert [(w.centre, w.width, w.function) for voi in read.vois for w in voi.windows] == [(40, 400, "SIGMOID")]
    assert (read.areas[0].first, read.areas[0].last) == ((1, 3), (10, 12))
    assert [one.kind for one in read.annotations[0].graphics] == ["POLYLINE", "CIRCLE"]
    assert [one.in_display for one in read.annotations[0].graphics] == [False, True]
    assert read.annotations[0].graphics[0].points == ((1, 2), (3, 4))
    text = read.annotations[0].texts[0]
    assert (text.words, text.at, text.anchor) == ("hier trap", (4, 5), (4, 5))
    assert read.shutters[0].corners == ((2, 3), (9, 3), (9, 8), (2, 8))
    assert (read.shutters[1].centre, read.shutters[1].radius) == ((6, 5), 4)
    assert read.left_out == ("bitmap",)
    assert read.holds(shown[0].SOPInstanceUID, 1)
    assert not read.holds(shown[1].SOPInstanceUID, 1)


def test_a_view_with_drawings_without_end_gives_so_many_and_no_more(
    shown: list[pydicom.Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presentation, "MOST_GRAPHICS", 40)
    one = [clinic.graphic("POINT", (1, 1)) for _ in range(90)]
    made = clinic.saved_view(
        shown[:1], GraphicAnnotationSequence=[clinic.item(GraphicLayer="A", GraphicObjectSequence=one)]
    )
    assert len(read_presentation(medium(made, tmp_path), "made").annotations[0].graphics) == 40


def test_segments_have_names_colours_and_frames(shown: list[pydicom.Dataset], tmp_path: Path) -> None:
    masks = {"Liver": np.zeros((4, 16, 16), np.bool_), "Cyst": np.zeros((4, 16, 16), np.bool_)}
    masks["Liver"][1:3, 4:8, 4:8] = True
    masks["Cyst"][2, 5, 5] = True
    read = read_segmentation(medium(clinic.segments(shown, masks), tmp_path), "made")
    assert [(one.number, one.label) for one in read.segments] == [(1, "Liver"), (2, "Cyst")]
    assert [(one.number, one.segment) for one in read.frames] == [(1, 1), (2, 1), (3, 2)]
    assert read.least == 1
    fractional = read_segmentation(medium(clinic.segments(shown, masks, fractional=True), tmp_path), "made")
    assert (fractional.is_fractional, fractional.least) == (True, 100)


def test_structures_come_with_points_in_millimetres(shown: list[pydicom.Dataset], tmp_path: Path) -> None:
    square = np.array([[0.0, 0, 5], [10, 0, 5], [10, 10, 5]])
    made = clinic.structures(shown[0], {"Lung": [("CLOSED_PLANAR", square)], "Seed": [("POINT", square[:1])]})
    broken = made.ROIContourSequence[0].ContourSequence
    broken.append(clinic.item(ContourGeometricType="CLOSED_PLANAR", ContourData=["1", "2"]))
    read = read_structures(medium(made, tmp_path), "made")
    assert [(one.name, one.colour) for one in read.structures] == [("Lung", (10, 200, 30)), ("Seed", (20, 200, 30))]
    assert np.allclose(read.contours[1][0].points, square)
    assert read.contours[2][0].kind == "point"
    assert read.damaged == 1


def test_the_recommended_colours_are_those_people_see() -> None:
    """The liver of the usual tables is (221, 130, 101)."""
    colour = from_cielab((41477, 40961, 39578))
    assert colour is not None
    assert all(0 <= part <= 255 for part in colour)
    assert from_cielab((65535, 32896, 32896)) == (255, 255, 255)
    assert from_cielab((0, 32896, 32896)) == (0, 0, 0)
    assert from_cielab((1, 2)) is None


def test_the_objects_of_the_shared_discs_read() -> None:
    place = shared_data("files", "objects")
    read = read_segmentation(FolderMedium(place), "dcmqi-partial_overlaps.dcm")
    assert [one.label for one in read.segments] == ["GREEN", "ORANGE", "PURPLE", "LIGHT_BLUE", "DARK_BLUE"]
    assert len(read.frames) == 7
    plan = read_structures(FolderMedium(shared_data("discs", "04-petct-mr-two-patients", "EXTRA")), "X0000000")
    assert [one.name for one in plan.structures] == ["GTV_Mass_CT"]
    assert len(plan.contours[1]) == 16


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_damaged_object_is_a_problem_or_reads_but_never_anything_else(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(_samples()))
    raw = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(132, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(raw[: data.draw(st.integers(200, len(raw)))])
    for reader in READERS:
        try:
            reader(Memory(cut), Found("a", len(cut)))
        except ProblemError:
            continue


_MADE: list[bytes] = []


def _samples() -> list[bytes]:
    """One of each, as bytes; made once."""
    if not _MADE:
        from io import BytesIO

        like = clinic.item(
            SOPClassUID="1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID="1.2.3", SeriesInstanceUID="1.2", Rows=8, Columns=8,
            FrameOfReferenceUID="1.9", ImagePositionPatient=[0, 0, 0], ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            PixelSpacing=[1, 1], PatientName="Muster^Erika", PatientID="1", StudyInstanceUID="1.1", StudyDate="20240101",
        )  # fmt: skip
        square = np.array([[0.0, 0, 5], [10, 0, 5], [10, 10, 5]])
        layer = clinic.item(GraphicLayer="A", GraphicObjectSequence=[clinic.graphic("POLYLINE", (1, 2, 3, 4))])
        for made in (
            clinic.stars([like], note="x"),
            clinic.saved_view([like], GraphicAnnotationSequence=[layer]),
            clinic.segments([like], {"A": np.ones((1, 8, 8), np.bool_)}),
            clinic.structures(like, {"A": [("CLOSED_PLANAR", square)]}),
        ):
            out = BytesIO()
            made.save_as(out, enforce_file_format=True)
            _MADE.append(out.getvalue())
    return _MADE
