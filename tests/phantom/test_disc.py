"""Made discs hold what their truth says, told by pydicom."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.errors import InvalidDicomError

from viewer.phantom.disc import DiscKind, write_disc


def _datasets(folder: Path) -> dict[str, pydicom.Dataset]:
    found: dict[str, pydicom.Dataset] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                found[str(path.relative_to(folder))] = pydicom.dcmread(path)
            except (InvalidDicomError, EOFError):
                continue
    return found


@pytest.mark.parametrize("kind", [kind for kind in DiscKind if kind is not DiscKind.BROKEN])
def test_files_and_frames_of_every_kind_add_up(kind: DiscKind, tmp_path: Path) -> None:
    truth = write_disc(tmp_path, kind, slices=7, size=48)
    datasets = _datasets(tmp_path)
    assert len(datasets) == truth.dicom_files
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == truth.dicom_files + truth.other_files
    pictures = [each for each in datasets.values() if "PixelData" in each]
    assert sum(int(each.get("NumberOfFrames", 1)) for each in pictures) == truth.frames
    assert {each.SeriesInstanceUID for each in pictures} == {series.uid for series in truth.series}


def test_the_ct_has_its_values_and_its_left(tmp_path: Path) -> None:
    truth = write_disc(tmp_path, DiscKind.CT, slices=40, size=128)
    series = truth.series[0]
    inverse = np.linalg.inv(np.array(series.affine))
    datasets = sorted(_datasets(tmp_path).values(), key=lambda each: float(each.ImagePositionPatient[2]))
    assert [int(each.pixel_array[0, 0]) for each in datasets] == list(range(40))
    for point in series.points:
        column, row, slice_ = np.round((inverse @ (*point.place, 1))[:3]).astype(int)
        dataset = datasets[slice_]
        value = dataset.pixel_array[row, column] * float(dataset.RescaleSlope) + float(dataset.RescaleIntercept)
        assert point.low <= value <= point.high, point


def test_the_cd_has_a_directory_that_lists_every_picture(tmp_path: Path) -> None:
    truth = write_disc(tmp_path, DiscKind.CD)
    directory = pydicom.dcmread(tmp_path / "DICOMDIR")
    listed = [record.ReferencedFileID for record in directory.DirectoryRecordSequence if "ReferencedFileID" in record]
    assert len(listed) == truth.frames
    assert all(tmp_path.joinpath(*parts).is_file() for parts in listed)
    assert (tmp_path / "AUTORUN.INF").is_file()


def test_broken_discs_hold_the_good_beside_the_bad(tmp_path: Path) -> None:
    truth = write_disc(tmp_path, DiscKind.BROKEN, slices=4)
    assert (tmp_path / "EMPTY").stat().st_size == 0
    assert all((tmp_path / name).is_file() for name in truth.damaged)
    assert sum(path.is_file() for path in tmp_path.iterdir()) == truth.dicom_files + truth.other_files


def test_a_name_is_burned_into_the_pixels(tmp_path: Path) -> None:
    write_disc(tmp_path, DiscKind.BURNED_IN, slices=1)
    pixels = pydicom.dcmread(tmp_path / "SC0001").pixel_array
    assert int((pixels[8:22, 8:160] == 255).sum()) > 300
    assert int((pixels[60:200] == 255).sum()) == 0


@pytest.mark.parametrize("kind", [DiscKind.CT, DiscKind.CINE, DiscKind.BURNED_IN, DiscKind.ODD_NAMES])
def test_dciodvfy_finds_no_error_in_made_discs(kind: DiscKind, tmp_path: Path) -> None:
    checker = shutil.which("dciodvfy")
    if checker is None:
        pytest.skip("dicom3tools is not installed")
    write_disc(tmp_path, kind, slices=2)
    for path in filter(Path.is_file, tmp_path.rglob("*")):
        said = subprocess.run([checker, path], capture_output=True, text=True, check=False).stderr
        assert not [line for line in said.splitlines() if line.startswith("Error")], said
