"""A body measured with ultrasound: three directions in a coordinate system of its own, and no side of the patient."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from tests.clinic import ROOT, item, new, write
from tests.volume.looked_at import slice_of
from viewer.geometry.plane import Letters, Plane
from viewer.index.model import Series, SeriesKind
from viewer.picture.describe import closed_description
from viewer.picture.facts import picture_facts, position_words
from viewer.picture.look import Look
from viewer.picture.render import letters_of, render
from viewer.usecases.export import what_words

COUNT, ROWS, COLUMNS = 9, 7, 8
VALUES = np.random.default_rng(5).integers(0, 255, (COUNT, ROWS, COLUMNS)).astype(np.uint8)
STEP, DOWN, ACROSS = 0.4, 0.3, 0.2


def measured(folder: Path, times: int = 1, in_patient: bool = False) -> None:
    """An enhanced ultrasound volume (PS3.3 A.59), its planes from the last to the first."""
    made = new(ROOT + "6.2", "US", Dataset())
    made.StudyInstanceUID, made.VolumeFrameOfReferenceUID = generate_uid(), "1.2.3.4.5"
    made.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.Rows, made.Columns, made.NumberOfFrames = ROWS, COLUMNS, COUNT * times
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    made.PixelData = np.concatenate([VALUES[::-1]] * times).tobytes()
    made["PixelData"].VR = "OB"
    made.SharedFunctionalGroupsSequence = [
        item(
            PixelMeasuresSequence=[item(PixelSpacing=[DOWN, ACROSS], SliceThickness=STEP)],
            PlaneOrientationVolumeSequence=[item(ImageOrientationVolume=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0])],
        )
    ]
    made.PerFrameFunctionalGroupsSequence = [
        item(
            PlanePositionVolumeSequence=[item(ImagePositionVolume=[-2.0, 1.0, 5 + STEP * at])],
            FrameContentSequence=[item(TemporalPositionIndex=time + 1)],
        )
        for time in range(times) for at in reversed(range(COUNT))
    ]  # fmt: skip
    if in_patient:
        made.FrameOfReferenceUID = "1.2.3.4.6"
        made.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence = [
            item(ImageOrientationPatient=[0, 1, 0, 0, 0, -1])
        ]
        for at, group in zip(reversed(range(COUNT)), made.PerFrameFunctionalGroupsSequence, strict=True):
            group.PlanePositionSequence = [item(ImagePositionPatient=[-STEP * at, 0, 0])]
    write(made, folder / "a.dcm")


@pytest.mark.parametrize(
    ("plane", "index", "values", "mm"),
    [
        (Plane.NATIVE, 2, VALUES[2], (DOWN, ACROSS)),
        (Plane.AXIAL, 2, VALUES[2], (DOWN, ACROSS)),
        (Plane.CORONAL, ROWS - 1 - 3, VALUES[::-1, 3], (STEP, ACROSS)),
        (Plane.SAGITTAL, 5, VALUES[::-1, :, 5], (STEP, DOWN)),
    ],
)
def test_it_is_cut_in_three_directions_by_the_places_in_its_own_system(
    plane: Plane, index: int, values: np.ndarray, mm: tuple[float, float], tmp_path: Path
) -> None:
    measured(tmp_path)
    shown, series = slice_of(tmp_path, plane, index)
    assert (series.kind, series.problems) == (SeriesKind.VOLUME, ())
    assert series.spacing_mm == pytest.approx((STEP, DOWN, ACROSS))
    np.testing.assert_allclose(shown.modality_values(), values)
    assert shown.pixel_mm == pytest.approx(mm)
    assert shown.scale_kind == "patient"


@pytest.mark.parametrize("plane", [Plane.NATIVE, Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL])
def test_nothing_says_a_side_of_the_patient(plane: Plane, tmp_path: Path) -> None:
    measured(tmp_path)
    shown, series = slice_of(tmp_path, plane, 1)
    assert letters_of(shown, Look()) is None
    assert position_words(shown, series) == ""
    assert "The file does not say which side is which." in [row.words for row in picture_facts(series, None, shown)]
    told = closed_description(series, shown, render(shown, Look())).words
    assert "Direction:" not in told
    assert "Which side is which is not known for this picture." in told
    named = {Plane.AXIAL: "first direction", Plane.CORONAL: "second direction", Plane.SAGITTAL: "third direction"}
    assert what_words(shown, series, Look()) == (named.get(plane, ""), "Ultrasound")
    assert reference_of(series) == "1.2.3.4.5"


def test_several_times_of_it_are_to_choose_from(tmp_path: Path) -> None:
    measured(tmp_path, times=2)
    _, series = slice_of(tmp_path)
    assert [(group.label, len(group.frames)) for group in series.groups] == [
        ("Time 1 of 2", COUNT),
        ("Time 2 of 2", COUNT),
    ]


def test_a_place_in_the_patient_goes_before_that_in_the_volume(tmp_path: Path) -> None:
    measured(tmp_path, in_patient=True)
    shown, series = slice_of(tmp_path)
    assert series.name.startswith("From the side")
    assert letters_of(shown, Look()) == Letters("A", "P", "H", "F")
    assert reference_of(series) == "1.2.3.4.6"


def reference_of(series: Series) -> str:
    return series.frames[0].header.frame_of_reference
