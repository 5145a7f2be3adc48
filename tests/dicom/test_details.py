"""Reports and documents on demand."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from tests.data import shared_data
from tests.dicom.made import Found, Memory, data_set, picture_elements, wrapped
from viewer.dicom.dataset import data_set as elements_of
from viewer.dicom.details import read_encapsulated_pdf, read_sr
from viewer.dicom.walk import Everything
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


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_doubles_are_read_one_by_one(tmp_path: Path, count: int) -> None:
    made = pydicom.Dataset()
    made.file_meta = pydicom.dataset.FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    made.RealWorldValueLUTData = [1.5, -2.0, 3.25, 4.0][:count]  # FD
    pydicom.dcmwrite(tmp_path / "a", made, enforce_file_format=True)
    fields = elements_of(FolderMedium(tmp_path), "a", Everything()).fields
    assert fields.doubles(0x00409212) == (1.5, -2.0, 3.25, 4.0)[:count]
