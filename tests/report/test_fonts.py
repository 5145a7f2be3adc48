"""The fonts that are shipped: whole, small enough, free to pass on, and enough for these scripts."""

from __future__ import annotations

import hashlib

import pytest

from tests.report.made import DRAWN, SCRIPTS
from viewer.report.glyphs import font_folder, printable


def test_the_font_files_are_the_ones_that_were_checked() -> None:
    listed = dict(line.split()[::-1] for line in (font_folder() / "SHA256SUMS").read_text().splitlines())
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in font_folder().glob("*.?tf")}
    assert found == listed
    assert len(found) == 21


def test_they_are_small_enough_to_ship_and_carry_their_licence() -> None:
    sizes = [path.stat().st_size for path in font_folder().iterdir()]
    assert max(sizes) <= 12 * 2**20
    assert sum(sizes) <= 24 * 2**20
    licence = (font_folder() / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    readme = (font_folder() / "README.md").read_text("utf-8")
    assert all(path.name in readme for path in font_folder().glob("*.?tf"))


def test_every_character_of_these_scripts_has_a_glyph() -> None:
    for text in (*SCRIPTS.values(), *DRAWN.values()):
        assert printable(text) == (text, 0)
    letters = "ßÆŒøłőșğıİĞẞ€£×÷±²³µ°≤≥≈–—…“”„‘’«»•→αβγΩЂђЄєҐґéüñçåÅ" + "".join(map(chr, range(0x20, 0x7F)))
    assert printable(letters) == (letters, 0)


def test_others_stand_as_boxes_and_are_counted() -> None:
    assert printable("a\u16a0b\u16a1c") == ("a□b□c", 2)
    assert printable("□") == ("□", 0)


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("✅ whole ❌ torn ✗ no", "✓ whole × torn × no"),
        ("good 👍🏽, 😀", "good [thumbs up sign], [grinning face]"),
        ("⚠️ 1️⃣ 👩\u200d⚕️ 🇩🇪", "⚠ 1 [woman][staff of aesculapius] DE"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_small_pictures_are_signs_that_mean_the_same_or_their_names(said: str, printed: str) -> None:
    assert printable(said) == (printed, 0)
