"""Reports and documents on demand."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from tests.data import shared_data
from tests.dicom.made import Found, Memory, data_set, item, picture_elements, wrapped
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


@pytest.mark.parametrize(
    ("kind", "elements", "shown"),
    [
        ("PNAME", {0x0040A123: ("PN", "Muster^Erika^^Dr.")}, "Muster, Erika Dr."),
        ("DATE", {0x0040A121: ("DA", "20240312")}, "12 March 2024"),
        ("DATE", {0x0040A121: ("DA", "in spring")}, "in spring"),
        ("TIME", {0x0040A122: ("TM", "143207.5")}, "14:32"),
        ("TIME", {0x0040A122: ("TM", "14")}, "14"),
        ("DATETIME", {0x0040A120: ("DT", "20240312143207+0100")}, "12 March 2024 at 14:32"),
        ("DATETIME", {0x0040A120: ("DT", "20240312")}, "12 March 2024"),
        ("DATETIME", {0x0040A120: ("DT", "202403")}, "202403"),
        ("NUM", {0x0040A300: ("SQ", b""), 0x0040A301: ("SQ", item(data_set({0x00080104: ("LO", "Not attempted")})))},
         "Not attempted"),
    ],
)  # fmt: skip
def test_a_report_tells_names_days_and_what_was_not_measured_in_words(
    kind: str, elements: dict[int, tuple[str, bytes | str]], shown: str
) -> None:
    """PS3.3 C.17.3 and C.18.1: a measurement may hold nothing but the reason why there is none."""
    row = item(data_set({0x0040A040: ("CS", kind), **elements}))
    data = wrapped(data_set({0x00080016: ("UI", "1.2.840.10008.5.1.4.1.1.88.33"), 0x0040A730: ("SQ", row)}))
    assert [one.value for one in read_sr(Memory(data), Found("a", len(data)))] == ["", shown]


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
