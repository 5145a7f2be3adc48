"""A packed made series holds the values of the plain one, by the program's own decoders and by another program's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.volume.looked_at import slice_of
from viewer.geometry.plane import Plane
from viewer.phantom.disc import DiscKind, write_disc
from viewer.phantom.packed import PACKERS, write_packed


def coronal(folder: Path) -> np.ndarray:
    cut, _ = slice_of(folder, Plane.CORONAL, 20)
    assert cut.problems == ()
    return cut.modality_values()


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
