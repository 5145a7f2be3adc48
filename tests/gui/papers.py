"""Papers as clinics put them beside pictures, made with invented words."""

from __future__ import annotations

from pathlib import Path

from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

PDF_CLASS = UID("1.2.840.10008.5.1.4.1.1.104.1")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def write_pdf_object(path: Path, pdf: bytes = PDF) -> None:
    """An encapsulated PDF (PS3.3 A.45.1) at `path`."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = PDF_CLASS
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = PDF_CLASS, meta.MediaStorageSOPInstanceUID
    data.PatientName, data.PatientID, data.Modality = "Muster^Erika", "P-17", "DOC"
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
    data.DocumentTitle, data.MIMETypeOfEncapsulatedDocument = "Letter", "application/pdf"
    data.EncapsulatedDocument = pdf if len(pdf) % 2 == 0 else pdf + b"\0"
    data.save_as(path, enforce_file_format=True)
