"""One frame of many is had by reading that frame and no other, however many there are: counted in bytes, not in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from typing_extensions import override

from tests.damage.originals import EXPLICIT, JPEG, Original, copied, encapsulated, enhanced, native
from viewer.codec.pool import Decoder
from viewer.disc.folder import FolderMedium
from viewer.geometry.plane import Plane
from viewer.index.model import Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.source import open_source

SIDE = 96
FRAMES = np.random.default_rng(2).integers(0, 4096, (3, SIDE, SIDE)).astype("<u2")


class Counting(FolderMedium):
    """Counts what is read; has no local paths, so that all reading goes through it."""

    total = 0

    @override
    def read(self, path: str, offset: int, length: int) -> bytes:
        data = super().read(path, offset, length)
        self.total += len(data)
        return data

    @override
    def local(self, path: str) -> Path | None:
        return None


def many(count: int, **more: object) -> object:
    """The enhanced object with `count` frames in place of its three."""
    dataset = copied(enhanced(), NumberOfFrames=str(count), **more)
    groups = list(dataset.PerFrameFunctionalGroupsSequence)
    made = []
    for number in range(count):
        group = copied(groups[0])
        plane = copied(groups[0].PlanePositionSequence[0])
        plane.ImagePositionPatient = [0.0, 0.0, float(number)]
        group.PlanePositionSequence = [plane]
        made.append(group)
    dataset.PerFrameFunctionalGroupsSequence = made
    return dataset


def plain(count: int) -> Original:
    frames = FRAMES[np.arange(count) % 3]
    return native("many", many(count, PixelData=frames.tobytes()), EXPLICIT)  # type: ignore[arg-type]


def packed(count: int) -> Original:
    import imagecodecs

    streams = [bytes(imagecodecs.jpegls_encode(frame)) for frame in FRAMES]
    return encapsulated("many", many(count), JPEG + "80", [streams[number % 3] for number in range(count)])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(workers=1)
    yield made
    made.close()


def opened(folder: Path, file: Original) -> tuple[Counting, Series]:
    folder.mkdir()
    (folder / "MANY").write_bytes(file.data)
    medium = Counting(folder)
    index = read_disc(medium, Job("read"), lambda index: None)
    (series,) = [series for study in index.studies for series in study.series]
    return medium, series


@pytest.mark.parametrize("make", [plain, packed])
def test_a_frame_costs_its_own_bytes_whichever_it_is_and_however_many_there_are(
    tmp_path: Path, decoder: Decoder, make: Callable[[int], Original]
) -> None:
    read = []
    for count in (12, 120):
        medium, series = opened(tmp_path / str(count), make(count))
        assert len(series.frames) == count
        medium.total = 0
        for number in (0, count // 2, count - 1):
            before = medium.total
            source = open_source(series, 0, FrameReader(medium, decoder, Budget(2**28)))
            cut = source.slice(Plane.NATIVE, number)
            assert cut.frame is not None
            assert np.array_equal(cut.values, FRAMES[(cut.frame.number - 1) % 3])
            read.append(medium.total - before)
            source.close()
    assert max(read) <= FRAMES[0].nbytes
    assert max(read) - min(read) < 400  # the three streams are not of one length


def test_the_index_reads_no_pixels_of_the_object(tmp_path: Path) -> None:
    file = plain(120)
    medium, _ = opened(tmp_path / "one", file)
    header = len(file.data) - 120 * FRAMES[0].nbytes
    assert medium.total <= 2 * header + 2**16
