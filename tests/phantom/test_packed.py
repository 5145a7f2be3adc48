"""A packed made series holds the values of the plain one, by the program's own decoders and by another program's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from viewer.codec.pool import Decoder
from viewer.disc.open import open_medium
from viewer.geometry.plane import Plane
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.phantom.disc import DiscKind, write_disc
from viewer.phantom.packed import PACKERS, write_packed
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.source import open_source


def coronal(folder: Path) -> np.ndarray:
    medium, decoder = open_medium(str(folder)), Decoder(workers=1)
    try:
        index = read_disc(medium, Job("read"), lambda index: None)
        (series,) = [series for study in index.studies for series in study.series]
        cut = open_source(series, 0, FrameReader(medium, decoder, Budget(2**28))).slice(Plane.CORONAL, 20)
        assert cut.problems == ()
        return cut.modality_values()
    finally:
        decoder.close()
        medium.close()


@pytest.mark.parametrize("name", PACKERS)
def test_each_way_of_packing_gives_the_values_of_the_plain_series(tmp_path: Path, name: str) -> None:
    write_disc(tmp_path / "plain", DiscKind.CT, 8, 48)
    files = sorted(path for path in (tmp_path / "plain").rglob("*") if path.is_file())
    write_packed(files, tmp_path / "packed", name)
    assert np.array_equal(coronal(tmp_path / "packed"), coronal(tmp_path / "plain"))
    if name != "HTJ2K":
        kit = pytest.importorskip("SimpleITK")
        for file in files:
            packed, plain = (
                kit.GetArrayFromImage(kit.ReadImage(str(path))) for path in (tmp_path / "packed" / file.name, file)
            )
            assert np.array_equal(packed, plain)
