"""Letters agree with coordinates that were really moved, for any orientation, flip and turn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.geometry.orientations import right_and_down, rotations
from viewer.geometry.affine import slice_affine
from viewer.geometry.letters import (
    direction_letters,
    in_animals,
    letters_from_patient_orientation,
    of_animals,
    orientation_letters,
)
from viewer.geometry.plane import Letters

NAMES = ("RL", "AP", "FH")


def lps_of_every_pixel(affine: np.ndarray, rows: int = 5, columns: int = 7) -> np.ndarray:
    row, column = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    points = np.stack([column, row, np.zeros_like(row), np.ones_like(row)], axis=-1)
    moved: np.ndarray = (points @ affine.T)[..., :3]
    return moved


@given(rotations(), st.sampled_from(["as it is", "left-right", "top-bottom", "quarter turn", "half turn"]))
def test_letters_name_the_side_to_which_coordinates_grow_after_a_flip_or_turn(rotation: np.ndarray, move: str) -> None:
    affine = slice_affine((1.0, 2.0, 3.0), (*rotation[:, 0], *rotation[:, 1]), (1.0, 1.0))
    assert affine is not None
    field, (right, down) = lps_of_every_pixel(affine), right_and_down(affine)
    if move == "left-right":
        field, right = field[:, ::-1], -right
    elif move == "top-bottom":
        field, down = field[::-1], -down
    elif move == "quarter turn":
        field, (right, down) = np.rot90(field, -1), (-down, right)
    elif move == "half turn":
        field, (right, down) = np.rot90(field, 2), (-right, -down)
    letters = orientation_letters(right, down)
    across = field[0, -1] - field[0, 0]
    for letter in letters.right:
        axis = next(n for n, pair in enumerate(NAMES) if letter in pair)
        assert (across[axis] > 0) == (letter == NAMES[axis][1])
    downwards = field[-1, 0] - field[0, 0]
    strongest = int(np.argmax(np.abs(downwards)))
    assert letters.bottom[0] in NAMES[strongest] or np.sum(np.isclose(np.abs(downwards), np.abs(downwards).max())) > 1


def test_letters_of_the_three_usual_planes() -> None:
    assert orientation_letters((1, 0, 0), (0, 1, 0)) == Letters(left="R", right="L", top="A", bottom="P")
    assert orientation_letters((1, 0, 0), (0, 0, -1)) == Letters(left="R", right="L", top="H", bottom="F")
    assert orientation_letters((0, 1, 0), (0, 0, -1)) == Letters(left="A", right="P", top="H", bottom="F")


def test_a_direction_between_axes_gets_the_stronger_letter_first_and_none_below_a_tenth() -> None:
    assert direction_letters((0.5, 0.8, 0.33)) == "PLH"
    assert direction_letters((0.995, 0.099, 0.0)) == "L"
    assert direction_letters((0.0, 0.0, 0.0)) == ""


@pytest.mark.parametrize(
    ("right", "down", "letters"),
    [
        ("L", "P", Letters("R", "L", "A", "P")),
        ("AL", "FP", Letters("PR", "AL", "HA", "FP")),
        (" a ", "f", Letters("P", "A", "H", "F")),
        ("LE", "F", None),
        ("", "F", None),
    ],
)
def test_patient_orientation_gives_letters_or_none(right: str, down: str, letters: Letters | None) -> None:
    assert letters_from_patient_orientation(right, down) == letters


@pytest.mark.parametrize(
    ("code", "letters"),
    [("LE", "L"), ("RT", "R"), ("D", "P"), ("V", "A"), ("CR", "H"), ("CD", "F"), ("RTV", "RA"), ("CDD", "FP"), (" cr ", "H"),
     ("R", ""), ("L", ""), ("PA", ""), ("PL", ""), ("DI", ""), ("PR", ""), ("M", ""), ("", "")],
)  # fmt: skip
def test_sides_of_an_animal_are_understood_and_those_of_its_limbs_are_not_taken_for_others(
    code: str, letters: str
) -> None:
    """R is rostral there, L lateral, PA palmar (PS3.3 C.7.6.1.1.1)."""
    assert of_animals(code) == letters


def test_sides_of_an_animal_have_names_of_their_own() -> None:
    assert in_animals(Letters("RA", "LP", "H", "F")) == Letters("RT-V", "LE-D", "CR", "CD")
