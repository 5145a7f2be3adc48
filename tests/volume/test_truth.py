"""Every picture and every plane of the shared data against what two independent readers found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.data import shared_data, truth
from tests.volume.discs import opened
from viewer.codec.pool import Decoder
from viewer.geometry.plane import Plane
from viewer.index.model import Frame
from viewer.jobs.budget import Budget
from viewer.problem import ProblemError
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.source import open_source, stored_values

PLACES = [
    *(f"discs/{number}" for number in ("01-lumbar-spine-mr", "02-head-ct-gantry-tilt", "03-head-phantom-ct-philips")),
    *(f"discs/{number}" for number in ("04-petct-mr-two-patients", "05-brain-mr-t1", "06-localizer-and-4d")),
    *(f"discs/{number}" for number in ("07-siemens-mosaic-enhanced", "08-us-cr-nm-mixed", "11-damaged")),
    *(f"discs/{number}" for number in ("14-wrong-dicomdir", "15-geometry-oddities")),
    "files",
]
EXPLAINED = {
    "discs/11-damaged/IMG/BADRESC": "slope 1e400: the readers give infinity, we leave the slope out and say so",
}


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(workers=2)
    yield made
    made.close()


def sources(place: str, decoder: Decoder) -> Iterator[tuple[Source, FrameReader]]:
    medium, index = opened(shared_data(*place.split("/")))
    reader = FrameReader(medium, decoder, Budget())
    for study in index.studies:
        for series in study.series:
            for group in range(len(series.groups)):
                source = open_source(series, group, reader)
                yield source, reader
                source.close()


@pytest.mark.parametrize("place", PLACES)
def test_every_frame_is_what_two_readers_agree_on(place: str, decoder: Decoder) -> None:
    files, wrong, compared = truth()["files"], [], 0
    for source, reader in sources(place, decoder):
        for index, frame in enumerate(source.series.groups[source.group].frames):
            name = f"{place}/{frame.header.path}"
            row = _row(files.get(name), frame)
            if row is None or name in EXPLAINED:
                continue
            compared += 1
            values = stored_values(source, index, reader)
            if not _same(values, row, files[name]["agree"]):
                wrong.append((name, frame.number, float(values.mean()), row.get("mean")))
    assert not wrong
    assert compared


def _row(file: dict[str, Any] | None, frame: Frame) -> dict[str, Any] | None:
    """What the truth says of this frame, None where the two readers do not speak of it or of one another."""
    if file is None or file.get("agree") not in ("equal", "close") or frame.header.mosaic_tiles is not None:
        return None
    return next((row for row in file["per_frame"] if row["i"] == frame.number - 1), None)


def _same(values: np.ndarray, row: dict[str, Any], agree: str) -> bool:
    if agree == "equal":
        return bool(hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest() == row["sha256_f32"])
    step = 16.0 if values.ndim == 3 else 24.0  # lossy decoders round apart; slopes here are at most 8
    return bool(abs(float(values.mean()) - row["mean"]) < 1.0 and abs(float(values.max()) - row["max"]) <= step)


@pytest.mark.parametrize("place", [place for place in PLACES if place != "files"])
def test_every_plane_is_cut_from_the_voxels_as_they_are(place: str, decoder: Decoder) -> None:
    wanted = [row for row in truth()["series"] if f"discs/{row['disc']}" == place and "planes" in row]
    if not wanted:
        pytest.skip("no planes in the truth of this disc")
    found = 0
    for source, _ in sources(place, decoder):
        order = [frame.header.path for frame in source.series.groups[source.group].frames]
        for row in wanted:
            if row["order"] == order:
                found += 1
                _check_planes(source, row["planes"])
    assert found >= len(wanted)


def _check_planes(source: Source, planes: dict[str, Any]) -> None:
    for name, plane in planes.items():
        cut = source.slice(Plane(name), plane["index"])
        values = np.ascontiguousarray(cut.modality_values())
        assert list(values.shape) == plane["shape"]
        assert cut.count == source.count(Plane(name)) == plane["count"]
        assert cut.pixel_mm == pytest.approx(plane["spacing_rc"], rel=0.01)
        assert hashlib.sha256(values.tobytes()).hexdigest() == plane["sha256_f32"], (name, source.series.description)
        again = source.ready(Plane(name), plane["index"])
        assert again is not None
        assert np.array_equal(again.values, cut.values)


def test_damaged_pictures_are_refused_or_marked_and_never_shown_as_fine(decoder: Decoder) -> None:
    spoiled = {"CUTPIX", "JPLLCUT", "JPLLNOISE", "JLSCUT", "JLSNOISE", "RLECUT", "RLENOISE", "J2KCUT", "J2KNOISE"}
    seen = set()
    for source, _ in sources("discs/11-damaged", decoder):
        for index, frame in enumerate(source.series.groups[source.group].frames):
            name = Path(frame.header.path).name
            if name in spoiled:
                seen.add(name)
                try:
                    problems = source.slice(Plane.NATIVE, index).problems
                except ProblemError:
                    continue
                assert problems, name
    assert len(seen) >= 7


def test_the_tiles_of_a_mosaic_put_together_are_its_sheet(decoder: Decoder) -> None:
    for source, reader in sources("discs/07-siemens-mosaic-enhanced", decoder):
        frames = source.series.groups[source.group].frames
        header = frames[0].header
        if header.mosaic_tiles is None or any(frame.header is not header for frame in frames):
            continue
        assert header.pixels is not None
        sheet = reader._stored(header, 1, None, lambda: None, 1).array
        total = sum(float(source.slice(Plane.NATIVE, index).values.sum()) for index in range(len(frames)))
        assert total == float(sheet.sum())
        return
    pytest.fail("no mosaic found")


def test_a_simpleitk_volume_has_the_same_voxels(decoder: Decoder) -> None:
    sitk = pytest.importorskip("SimpleITK")
    place = "discs/05-brain-mr-t1"
    for source, _ in sources(place, decoder):
        frames = source.series.groups[source.group].frames
        if len(frames) == 96:
            paths = [str(shared_data(*place.split("/"), *frame.header.path.split("/"))) for frame in frames]
            other = sitk.GetArrayFromImage(sitk.ReadImage(paths))
            own = np.stack([source.slice(Plane.NATIVE, index).modality_values() for index in range(96)])
            assert np.array_equal(own, other.astype(np.float32))
            return
    pytest.fail("the volume of 96 pictures was not found")
