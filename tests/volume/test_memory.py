"""Memory and cancel: series larger than the budget, several at once, loading that someone stops, files from anywhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typing_extensions import override

from tests.patience import PATIENCE
from tests.volume.made import series_of, stacked
from viewer.codec.pool import Decoder
from viewer.codec.stored import StoredFrame
from viewer.dicom.header import PixelPlace
from viewer.disc.folder import ChosenMedium, FolderMedium
from viewer.disc.open import open_medium
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, FrameGroup, Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Cancelled, Job
from viewer.phantom.disc import DiscKind, write_disc
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import Check, FrameReader
from viewer.volume.source import open_source
from viewer.volume.voxels import VoxelStore

JPEG_LS = "1.2.840.10008.1.2.4.80"
CROSS = (Plane.CORONAL, Plane.SAGITTAL)
VOXELS = np.add.outer(np.arange(24) * 50, np.add.outer(np.arange(48) * 7, np.arange(40) * 3)).astype(np.uint16)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(workers=2)
    yield made
    made.close()


def compressed(folder: Path, voxels: np.ndarray) -> Series:
    """The series of `series_of`, each picture a JPEG-LS stream in one fragment."""
    import imagecodecs

    series = series_of(folder, voxels, stacked(len(voxels)))
    frames = []
    for frame, picture in zip(series.groups[0].frames, voxels):
        stream = bytes(imagecodecs.jpegls_encode(picture))
        (folder / frame.header.path).write_bytes(b"head" + stream)
        place = PixelPlace(4, len(stream), True, (((4, len(stream)),),))
        header = replace(frame.header, transfer_syntax=JPEG_LS, size=len(stream) + 4, place=place)
        frames.append(frame._replace(header=header))
    return replace(series, groups=(FrameGroup("", tuple(frames)),))


@pytest.mark.parametrize("share", [20, 5, 2])
def test_a_packed_series_larger_than_memory_scrolls_and_gives_all_planes(
    tmp_path: Path, decoder: Decoder, share: int
) -> None:
    budget = Budget(VOXELS.nbytes // share)
    reader = FrameReader(FolderMedium(tmp_path), decoder, budget)
    source = open_source(compressed(tmp_path, VOXELS), 0, reader)
    largest = budget.limit + VOXELS[0].nbytes
    for index in (12, 0, 23, 5, 12):
        assert np.array_equal(source.slice(Plane.NATIVE, index).values, VOXELS[index])
        assert budget.limit - budget.free <= largest
    for plane in CROSS:
        cut = source.slice(plane, source.count(plane) // 2)
        assert [word.code for word in cut.problems] == ["detail_reduced"]
        assert cut.affine is not None
        rows, columns = cut.values.shape
        at = cut.affine @ np.array([columns - 1, rows - 1, 0, 1])
        x, y, z = np.rint(at[:3]).astype(int)
        assert cut.values[rows - 1, columns - 1] == VOXELS[z, y, x]
    source.close()
    assert budget.free == budget.limit


def test_two_series_share_one_budget_and_both_can_be_seen(tmp_path: Path, decoder: Decoder) -> None:
    budget = Budget(int(VOXELS.nbytes * 1.4))
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        reader = FrameReader(FolderMedium(tmp_path / name), decoder, budget)
        made.append(open_source(series_of(tmp_path / name, VOXELS, stacked(24)), 0, reader))
    first, second = made
    assert first.slice(Plane.CORONAL, 3).problems == ()
    assert [word.code for word in second.slice(Plane.CORONAL, 3).problems] == ["detail_reduced"]
    assert np.array_equal(second.slice(Plane.NATIVE, 7).values, VOXELS[7])
    first.close()
    second.close()
    assert budget.free == budget.limit


def test_a_cancelled_loading_stops_between_two_pictures_and_can_be_taken_up_again(
    tmp_path: Path, decoder: Decoder
) -> None:
    reader = FrameReader(FolderMedium(tmp_path), decoder, Budget(2**28))
    source = open_source(compressed(tmp_path, VOXELS), 0, reader)
    job: Job[None] = Job("load")
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) == 6:
            job.cancel()
        job.check()

    with pytest.raises(Cancelled):
        source.load(check)
    there = source.loaded[0]
    assert 0 < there < 24
    assert len(calls) < 24
    source.load()
    assert source.loaded == (24, 24)
    assert np.array_equal(source.slice(Plane.SAGITTAL, 4).values, VOXELS[::-1, :, 4])


def test_a_picture_asked_for_while_the_rest_loads_is_right(tmp_path: Path, decoder: Decoder) -> None:
    reader = FrameReader(FolderMedium(tmp_path), decoder, Budget(2**28))
    source = open_source(compressed(tmp_path, VOXELS), 0, reader)
    loading = threading.Thread(target=source.load)
    loading.start()
    for index in (0, 23, 11, 2, 19):
        assert np.array_equal(source.slice(Plane.NATIVE, index).values, VOXELS[index])
    loading.join()
    assert source.loaded == (24, 24)


@pytest.mark.parametrize("budget", [2**28, VOXELS.nbytes // 5])
def test_who_wants_all_pictures_while_another_loads_them_waits_and_reads_none_again(
    tmp_path: Path, decoder: Decoder, budget: int
) -> None:
    reader = Halting(tmp_path, decoder, budget)
    source = open_source(compressed(tmp_path, VOXELS), 0, reader)
    threads = [threading.Thread(target=source.load) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert reader.began.wait(PATIENCE)
    job: Job[None] = Job("a cut that nobody wants any more")
    job.cancel()
    with pytest.raises(Cancelled):
        source.load(job.check)
    reader.go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert source.loaded == (24, 24)
    assert reader.asked == 24


class Halting(FrameReader):
    """Reads nothing before it is let go."""

    def __init__(self, folder: Path, decoder: Decoder, budget: int = 2**28) -> None:
        super().__init__(FolderMedium(folder), decoder, Budget(budget))
        self.began, self.go = threading.Event(), threading.Event()
        self.asked = 0

    @override
    def stored(
        self,
        frame: Frame,
        into: NDArray[np.generic] | None = None,
        check: Check = lambda: None,
        threads: int = 1,
    ) -> StoredFrame:
        self.asked += 1
        self.began.set()
        assert self.go.wait(PATIENCE)
        return super().stored(frame, into, check, threads)


def test_who_waits_for_the_window_never_makes_the_window_wait(tmp_path: Path, decoder: Decoder) -> None:
    # a worker that stood back for the window held the lock that the window wanted: a quarter of a second for nothing
    reader, waits = Halting(tmp_path, decoder), threading.Event()
    store = VoxelStore(series_of(tmp_path, VOXELS, stacked(24)).frames, reader)

    def stand_back() -> None:
        waits.set()
        assert reader.go.wait(PATIENCE)

    first = threading.Thread(target=store.get, args=(4,))
    second = threading.Thread(target=store.get, args=(4, stand_back))
    window = threading.Thread(target=store.close, daemon=True)
    first.start()
    try:
        assert reader.began.wait(PATIENCE)
        second.start()
        assert waits.wait(PATIENCE)
        window.start()
        window.join(PATIENCE / 3)
        assert not window.is_alive()
    finally:
        reader.go.set()
        first.join()
        second.join()


def test_files_of_one_name_from_two_folders_are_not_mixed_up(tmp_path: Path, decoder: Decoder) -> None:
    for number, name in enumerate(("a", "b")):
        write_disc(tmp_path / name, DiscKind.CT, 2 + number, 32)
    files = [path for name in ("a", "b") for path in sorted((tmp_path / name / "CT").iterdir())]
    for medium in (ChosenMedium(files), open_medium(str(tmp_path))):
        index = read_disc(medium, Job("read"), lambda index: None)
        reader = FrameReader(medium, decoder, Budget(2**28))
        for study in index.studies:
            for series in study.series:
                for frame in series.frames:
                    assert frame.header.place is not None
                    data = medium.read(frame.header.path, frame.header.place.offset, frame.header.place.length)
                    stored = reader.stored(frame).array
                    assert stored.astype("<u2").tobytes() == data
        medium.close()
