"""A radiotherapy dose tells its gray beside the stored values (PS3.3 C.8.8.3); the values as such stay the stored ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import UID, generate_uid

from tests.usecases.sitting import Sitting
from viewer.geometry.plane import Plane
from viewer.phantom.disc import DiscKind, write_disc
from viewer.picture.facts import picture_facts
from viewer.picture.look import Region
from viewer.usecases.looking import value_words
from viewer.volume.slice import Slice

SIZE, PLANES = 16, 8
STORED = (np.arange(PLANES * SIZE * SIZE, dtype=np.uint32).reshape(PLANES, SIZE, SIZE) * 1001) % 700_000


def write_dose(folder: Path, values: dict[str, object], name: str = "dose") -> Path:
    """A dose of eight planes, made from a picture of the phantom."""
    made = folder / "made"
    write_disc(made, DiscKind.CT, slices=1, size=SIZE)
    dose = pydicom.dcmread(next(path for path in made.rglob("*") if path.is_file()))
    dose.SOPClassUID = dose.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.481.2")
    dose.SOPInstanceUID = dose.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dose.Modality, dose.DoseUnits, dose.DoseType = "RTDOSE", "GY", "PHYSICAL"
    dose.NumberOfFrames, dose.GridFrameOffsetVector = PLANES, [3 * number for number in range(PLANES)]
    dose.BitsAllocated = dose.BitsStored = 32
    dose.HighBit, dose.PixelRepresentation = 31, 0
    dose.DoseGridScaling, dose.PixelData = "1.25e-04", STORED.astype("<u4").tobytes()
    for gone in ("RescaleSlope", "RescaleIntercept", "RescaleType", "WindowCenter", "WindowWidth"):
        dose.pop(gone, None)
    for tag, value in values.items():
        if value is None:
            delattr(dose, tag)
        else:
            setattr(dose, tag, value)
    disc = folder / "disc"
    disc.mkdir(exist_ok=True)
    dose.save_as(disc / name)
    return disc


def middle(seat: Sitting) -> Slice:
    return seat.show_native(seat.volume, 2)


def test_gray_stands_beside_the_stored_value_at_a_point_in_a_part_and_in_the_facts(
    seat: Sitting, tmp_path: Path
) -> None:
    seat.open(write_dose(tmp_path, {}))
    here = middle(seat)
    (scale,) = here.scales
    assert scale.unit == "Gy"
    stored = int(STORED[2, 5, 7])
    assert scale.of(stored) == pytest.approx(stored * 1.25e-4)
    assert value_words(here, 7, 5) == f"{stored} · {stored * 1.25e-4:.3g} Gy"
    assert np.array_equal(here.modality_values(), STORED[2])
    kept = seat.session.stored_values(seat.session.source(seat.volume.id), 2)  # what `sidelight render --values` writes
    assert np.array_equal(kept, STORED[2].astype(np.float32))
    part = picture_facts(seat.volume, None, here, region=Region(2, 2, 9, 9))
    mean = STORED[2, 2:9, 2:9].mean() * 1.25e-4
    assert any(fact.term == "Gy" and f"mean value {mean:.3g}" in fact.words for fact in part)
    whole = picture_facts(seat.volume, None, here)
    assert any("one step of the stored values is 0.000125 gray (Gy)" in fact.words for fact in whole)
    across = seat.session.source(seat.volume.id).slice(Plane.CORONAL, 5)
    assert [one.unit for one in across.scales] == ["Gy"]


@pytest.mark.parametrize(
    "values",
    [
        {"DoseUnits": "RELATIVE"},
        {"DoseUnits": None},
        {"DoseGridScaling": None},
        {"DoseGridScaling": "0"},
        {"DoseGridScaling": "-1"},
    ],
)
def test_no_gray_where_the_file_tells_none(seat: Sitting, tmp_path: Path, values: dict[str, object]) -> None:
    seat.open(write_dose(tmp_path, values))
    assert middle(seat).scales == ()
    assert "Gy" not in value_words(middle(seat), 7, 5)


def test_each_file_has_its_own_scaling(seat: Sitting, tmp_path: Path) -> None:
    for number, scaling in enumerate(("1e-4", "2e-4", "4e-4")):
        write_dose(tmp_path, {"DoseGridScaling": scaling}, f"dose{number}")
    seat.open(tmp_path / "disc")
    found = {one.facts.real_world[0].slope for study in seat.disc.studies for s in study.series for one in s.frames}
    assert found == {1e-4, 2e-4, 4e-4}
