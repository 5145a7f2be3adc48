"""Clinical documents as lines: the narrative only, and no XML trick does anything."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from viewer.dicom.cda import MOST_LINES, cda_lines

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE x [<!ENTITY lol "ha"><!ENTITY more "&lol;&lol;&lol;">]>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Befund &amp; Urteil</title>
<recordTarget><patient><name>Muster</name></patient></recordTarget>
<component><structuredBody><component><section><code code="1"/><title>Leber</title>
<text><paragraph>Ein Herd &lt; 2 cm &#228;hnlich.</paragraph><!-- <paragraph>no</paragraph> -->
<table><tr><th>Ort</th><td>S 5</td></tr></table>&more;<![CDATA[a <b> c]]></text>
<component><section><title>Klein</title><text>tief</text></section></component>
</section></component></structuredBody></component></ClinicalDocument>"""


def test_sections_read_in_order_with_their_headings() -> None:
    lines = cda_lines(REPORT.encode())
    assert [(one.level, one.words, one.is_title) for one in lines] == [
        (0, "Befund & Urteil", True), (1, "Leber", True), (1, "Ein Herd < 2 cm ähnlich.", False),
        (1, "Ort | S 5", False), (1, "&more;a <b> c", False), (2, "Klein", True), (2, "tief", False),
    ]  # fmt: skip


def test_nothing_outside_the_narrative_is_read_and_nothing_is_expanded() -> None:
    said = " ".join(one.words for one in cda_lines(REPORT.encode()))
    assert "Muster" not in said
    assert "ha" not in said.replace("ähnlich", "")


def test_a_document_without_end_gives_so_many_lines() -> None:
    raw = b"<ClinicalDocument><text>" + b"<br/>x" * (MOST_LINES * 3)
    assert len(cda_lines(raw)) == MOST_LINES


@given(st.binary(max_size=400) | st.text("<>/&;![]-ab ", max_size=300).map(str.encode))
def test_any_bytes_give_lines_or_none(raw: bytes) -> None:
    assert all(one.words for one in cda_lines(b"<title>" + raw))
