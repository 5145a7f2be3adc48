"""How a person's name is shown."""

from __future__ import annotations

from viewer.dicom.header import Person
from viewer.index.people import shown_name


def test_a_name_whose_letters_were_guessed_says_so() -> None:
    assert shown_name(Person("Иванов, Иван", name_guessed=True)) == "Иванов, Иван (letters guessed)"
    assert shown_name(Person("Beispiel, Anna")) == "Beispiel, Anna"


def test_no_name_is_none_and_never_two_lines() -> None:
    assert shown_name(Person("", name_guessed=True)) == ""
    assert "\n" not in shown_name(Person("Beispiel,\nAnna"))
