"""Pictures that tell their directions and not their place: letters yes, millimetres in the body no."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dicom.made import data_set, picture_elements, wrapped
from tests.volume.looked_at import slice_of
from viewer.geometry.plane import Letters
from viewer.picture.look import Look
from viewer.picture.render import letters_of


def test_pictures_without_a_place_have_the_letters_of_their_directions(tmp_path: Path) -> None:
    many: dict[int, tuple[str, bytes | str]] = {
        0x00280008: ("IS", "4"),
        0x00180088: ("DS", "3"),
        0x7FE00010: ("OW", bytes(4 * 128)),
    }
    (tmp_path / "A").write_bytes(wrapped(data_set(picture_elements() | many)))
    shown, series = slice_of(tmp_path, index=3)
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
    shown, _ = slice_of(tmp_path)
    assert letters_of(shown, Look()) == letters
