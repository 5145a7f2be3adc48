"""The sample is what it says it is, read back by pydicom and by dicom3tools, not by our own reader."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.patience import PATIENCE
from viewer.phantom.study import ensure_sample, sample_truth, write_sample
from viewer.phantom.truth import PhantomTruth, SeriesTruth
from viewer.problem import ProblemError


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PhantomTruth]:
    folder = tmp_path_factory.mktemp("sample")
    return folder, write_sample(folder)


def _volume(folder: Path, series: SeriesTruth) -> np.ndarray:
    """(slice, row, column), in the order of the truth's affine, put together from positions alone."""
    normal = np.array(series.affine)[:3, 2]
    found = [d for d in map(pydicom.dcmread, folder.rglob("*.dcm")) if d.SeriesInstanceUID == series.uid]
    found.sort(key=lambda d: float(np.dot(np.array(d.ImagePositionPatient, float), normal)))
    return np.stack([d.pixel_array for d in found])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_known_points_have_their_values(sample: tuple[Path, PhantomTruth], number: int) -> None:
    folder, truth = sample
    series = truth.series[number]
    volume = _volume(folder, series)
    assert volume.shape == (series.frames, series.rows, series.columns)
    inverse = np.linalg.inv(np.array(series.affine))
    for point in series.points:
        column, row, slice_ = np.round((inverse @ (*point.place, 1))[:3]).astype(int)
        value = float(np.median(volume[slice_, row - 1 : row + 2, column - 1 : column + 2]))
        assert point.low <= value <= point.high, (point, value)


def test_the_capsule_is_on_the_left_only(sample: tuple[Path, PhantomTruth]) -> None:
    folder, truth = sample
    series = truth.series[1]
    capsule = next(point for point in series.points if "left" in point.name)
    inverse = np.linalg.inv(np.array(series.affine))
    x, y, z = capsule.place
    column, row, slice_ = np.round((inverse @ (-x - 6, y, z, 1))[:3]).astype(int)
    assert _volume(folder, series)[slice_, row, column] < 100


def test_files_and_frames_add_up(sample: tuple[Path, PhantomTruth]) -> None:
    folder, truth = sample
    assert truth == sample_truth()
    counts: dict[str, int] = defaultdict(int)
    sizes = 0
    for path in folder.rglob("*"):
        if path.is_file():
            dataset = pydicom.dcmread(path, stop_before_pixels=True)
            assert str(dataset.PatientName) == "Sample^Sidelight"
            counts[dataset.SeriesInstanceUID] += 1
            sizes += path.stat().st_size
    assert counts == {series.uid: series.frames for series in truth.series}
    assert sum(counts.values()) == truth.dicom_files
    assert sizes < 10 * 1024 * 1024


def test_two_writings_are_the_same_bytes(sample: tuple[Path, PhantomTruth], tmp_path: Path) -> None:
    folder, _ = sample
    again = ensure_sample(tmp_path)

    def digests(root: Path) -> dict[str, str]:
        files = (path for path in root.rglob("*") if path.is_file())
        return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    assert digests(folder) == digests(again)
    written_at = again.stat().st_mtime_ns
    assert ensure_sample(tmp_path) == again
    assert again.stat().st_mtime_ns == written_at


def test_a_stopped_writing_leaves_no_half_sample(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 5:
            raise InterruptedError

    with pytest.raises(ProblemError) as failure:
        ensure_sample(tmp_path, stop)
    assert failure.value.problem.code == "sample_not_written"
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_closes_before_anything_is_painted_begins_no_thread(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert not done
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("sidelight-phantom")]
        raise Stop

    with pytest.raises(Stop):
        write_sample(tmp_path / "sample", stop)
    assert not (tmp_path / "sample").exists()


def test_dciodvfy_finds_no_error(sample: tuple[Path, PhantomTruth]) -> None:
    checker = shutil.which("dciodvfy")
    if checker is None:
        pytest.skip("dicom3tools is not installed")
    folder, _ = sample
    files = [*folder.rglob("0001.dcm"), *folder.rglob("0002.dcm"), *folder.rglob("0022.dcm")]
    for path in files:
        said = subprocess.run([checker, path], capture_output=True, text=True, check=False).stderr
        assert "MRImage" in said
        assert not [line for line in said.splitlines() if line.startswith("Error")], said


def test_a_sample_asked_for_twice_at_once_is_made_once(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def report(done: int, total: int) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ensure_sample, tmp_path, report)
        assert begun.wait(PATIENCE)
        second = pool.submit(ensure_sample, tmp_path)
        while not second.running():
            pass
        go_on.set()
        assert first.result() == second.result()
    assert [one.name for one in tmp_path.iterdir()] == [first.result().name]
