"""Pictures that tell their directions and not their place: letters yes, millimetres in the body no."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dicom.made import data_set, picture_elements, wrapped
from viewer.codec.pool import Decoder
from viewer.disc.open import open_medium
from viewer.geometry.plane import Letters, Plane
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.picture.look import Look
from viewer.picture.render import letters_of
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.source import open_source


def test_pictures_without_a_place_have_the_letters_of_their_directions(tmp_path: Path) -> None:
    many: dict[int, tuple[str, bytes | str]] = {
        0x00280008: ("IS", "4"),
        0x00180088: ("DS", "3"),
        0x7FE00010: ("OW", bytes(4 * 128)),
    }
    (tmp_path / "A").write_bytes(wrapped(data_set(picture_elements() | many)))
    medium, decoder = open_medium(str(tmp_path)), Decoder(workers=1)
    series = read_disc(medium, Job("index"), lambda index: None).studies[0].series[0]
    source = open_source(series, 0, FrameReader(medium, decoder, Budget(2**20)))
    shown = source.slice(Plane.NATIVE, 3)
    source.close()
    decoder.close()
    assert (shown.affine, shown.letters_hint, shown.pixel_mm) == (None, ("L", "P"), (0.5, 0.5))
    assert [reason.code for _, reason in series.blocked][:1] == ["planes_off_no_place"]


@pytest.mark.parametrize(
    ("told", "letters"),
    [
        ({}, Letters("RT", "LE", "V", "D")),  # by its directions in space
        ({0x00200032: ("DS", "")}, Letters("RT", "LE", "V", "D")),
        ({0x00200037: ("DS", ""), 0x00200020: ("CS", "CD\\V")}, Letters("CR", "CD", "D", "V")),
        ({0x00200037: ("DS", ""), 0x00200020: ("CS", "R\\L")}, None),  # rostral, lateral: no sides of the body
    ],
)
def test_the_sides_of_an_animal_on_four_legs_are_called_as_in_animals(
    told: dict[int, tuple[str, bytes | str]], letters: Letters | None, tmp_path: Path
) -> None:
    four_legs: dict[int, tuple[str, bytes | str]] = {0x00102210: ("CS", "QUADRUPED")}
    (tmp_path / "A").write_bytes(wrapped(data_set(picture_elements() | four_legs | told)))
    medium, decoder = open_medium(str(tmp_path)), Decoder(workers=1)
    series = read_disc(medium, Job("index"), lambda index: None).studies[0].series[0]
    source = open_source(series, 0, FrameReader(medium, decoder, Budget(2**20)))
    shown = source.slice(Plane.NATIVE, 0)
    source.close()
    decoder.close()
    assert letters_of(shown, Look()) == letters
