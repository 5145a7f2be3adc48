"""Reports, documents and tags on demand."""

from __future__ import annotations

import pytest

from tests.data import shared_data
from tests.dicom.made import Found, Memory, data_set, picture_elements, wrapped
from viewer.dicom.details import read_encapsulated_pdf, read_sr, tag_rows
from viewer.disc.folder import FolderMedium
from viewer.problem import ProblemError


def test_a_report_reads_as_a_tree_with_text_in_every_script() -> None:
    rows = read_sr(FolderMedium(shared_data("files", "made")), "dose-sr.dcm")
    assert [row.level for row in rows] == [0, 1, 1]
    assert "例 Пример" in rows[-1].value


def test_a_measurement_report_has_numbers_units_and_links_to_pictures() -> None:
    rows = read_sr(FolderMedium(shared_data("files", "objects")), "dcmqi-sr.dcm")
    assert len(rows) > 200
    assert max(row.level for row in rows) >= 4
    assert any(row.references and row.references[0].uid.startswith("1.") for row in rows)
    assert any(row.value.endswith("Standardized Uptake Value body weight") for row in rows)


def test_the_pdf_inside_a_file_comes_out_whole() -> None:
    document = read_encapsulated_pdf(FolderMedium(shared_data("files", "made")), "encapsulated-pdf.dcm")
    assert document.startswith(b"%PDF-")
    assert document.rstrip().endswith(b"%%EOF")


def test_a_picture_holds_no_report_and_no_document() -> None:
    data = wrapped(data_set(picture_elements()))
    for reader, code in ((read_sr, "report_empty"), (read_encapsulated_pdf, "document_missing")):
        with pytest.raises(ProblemError) as caught:
            reader(Memory(data), Found("a", len(data)))
        assert caught.value.problem.code == code


def test_every_tag_is_listed_with_its_name() -> None:
    rows = {row.tag: row for row in tag_rows(FolderMedium(shared_data("files", "made")), "voi-lut-seq.dcm")}
    assert (rows["(0028,0010)"].name, rows["(0028,0010)"].value) == ("Rows", "201")
    assert rows["(0028,3006)"].level == 1
