"""A word without end stays on the page, and no letter is parted from what is drawn above, below or within it."""

from __future__ import annotations

import unicodedata

import pytest

from viewer.report.long_words import breakable

THAI = "แถบสว่างระหว่างกระดูกคืออะไร" * 4
BURMESE, KHMER = "အရိုးများကြားရှိဤတောက်ပသောအစင်းများသည်" * 3, "តើឆ្នូតភ្លឺទាំងនេះរវាងឆ្អឹងជាអ្វី" * 3
HINDI, TAMIL, VIETNAMESE = (
    "धारियाँक्याहैंज्ञत्र" * 4,
    "எலும்புகளுக்குஇடையேஉள்ள" * 3,
    unicodedata.normalize("NFD", "xươngsốngthắtlưng" * 4),
)


@pytest.mark.parametrize("said", [THAI, BURMESE, KHMER], ids=["Thai", "Burmese", "Khmer"])
def test_writings_without_blanks_are_left_as_they_are(said: str) -> None:
    assert breakable(said) == said


@pytest.mark.parametrize("said", [HINDI, TAMIL, VIETNAMESE], ids=["Hindi", "Tamil", "Vietnamese"])
def test_what_is_drawn_as_one_is_not_parted(said: str) -> None:
    pieces = breakable(said).split("\u200b")
    assert len(pieces) > 2
    assert "".join(pieces) == said
    assert not any(unicodedata.category(piece[0])[0] == "M" for piece in pieces)
    assert not any(unicodedata.combining(piece[-1]) == 9 for piece in pieces[:-1])


@pytest.mark.parametrize("said", ["https://" + "x" * 90, "□" * 40, "1234567890" * 9])
def test_a_word_without_end_has_places_where_a_line_may_end(said: str) -> None:
    pieces = breakable(said).split("\u200b")
    assert "".join(pieces) == said
    assert max(map(len, pieces)) <= 15
    assert breakable("officially fluffy affairs, Größe") == "officially fluffy affairs, Größe"
