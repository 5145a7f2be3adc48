"""A series larger than its budget: it scrolls, gives its planes with a plain word, and takes no more than it was given."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGLSLossless

from viewer.phantom.disc import DiscKind, write_disc

ROOT = Path(__file__).resolve().parents[2]
SIDE, SLICES = 224, 112  # 11 MiB
BUDGET = 2 * 2**20
BESIDE = 4 * 2**20  # pictures being drawn, read and taken to pieces at one time
ACROSS = {"axial", "coronal", "sagittal"}

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells the peak of one program and forgets it"
)


def packed(dataset: Any, number: int) -> None:
    """JPEG-LS."""
    import imagecodecs

    values = np.frombuffer(dataset.PixelData, "<u2").reshape(SIDE, SIDE)
    dataset.PixelData = encapsulate([bytes(imagecodecs.jpegls_encode(values))])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = JPEGLSLossless


def own_scales(dataset: Any, number: int) -> None:
    """Each picture its own scale, so that voxels are kept as float32."""
    dataset.RescaleSlope = f"{1 + number / 100:.2f}"


def uneven(dataset: Any, number: int) -> None:
    """Steps that differ: planes across are made even, in float32 with a mask, of a fifteenth of the usual step."""
    x, y, z = (float(part) for part in dataset.ImagePositionPatient)
    dataset.ImagePositionPatient = [x, y, z + 0.8 * (number % 3)]


CHANGES: tuple[Callable[[Any, int], None], ...] = (packed, own_scales, uneven)
KINDS = ("plain", *(change.__name__ for change in CHANGES), "one_object", "clip")


def write_kinds(root: Path) -> None:
    """A series of each kind."""
    write_disc(root / "plain", DiscKind.CT, SLICES, SIDE)
    write_disc(root / "one_object", DiscKind.ENHANCED, SLICES, SIDE)
    write_disc(root / "clip", DiscKind.CINE, SLICES // 2, SIDE)
    for change in CHANGES:
        (root / change.__name__).mkdir()
        for number, path in enumerate(sorted((root / "plain" / "CT").iterdir())):
            dataset = pydicom.dcmread(path)
            change(dataset, number)
            dataset.save_as(root / change.__name__ / path.name)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the child says of each kind."""
    root = tmp_path_factory.mktemp("peak")
    write_kinds(root)
    command = [sys.executable, "-m", "tests.volume.peak_child", str(BUDGET), *(str(root / kind) for kind in KINDS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {Path(row["folder"]).name: row for row in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("kind", KINDS)
def test_a_series_larger_than_its_budget_is_seen_whole_within_it(kind: str, told: dict[str, Any]) -> None:
    assert told[kind]["grown"] <= BUDGET + BESIDE
    words = told[kind]["words"]
    assert set(words) & ACROSS == (set() if kind == "clip" else ACROSS)
    reduced = {plane for plane, said in words.items() if "detail_reduced" in said}
    assert len(reduced) == (0 if kind == "clip" else 2)  # the stored pictures themselves keep all their detail
