"""Objects that clinics add to pictures, made with pydicom: saved views, segmentations, structure sets, stars."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

ROOT = "1.2.840.10008.5.1.4.1.1."
GSPS, SEG, RTSTRUCT, KO = ROOT + "11.1", ROOT + "66.4", ROOT + "481.3", ROOT + "88.59"


def item(**values: object) -> Dataset:
    made = Dataset()
    for name, value in values.items():
        setattr(
            made, name, Items(value) if isinstance(value, list) and value and isinstance(value[0], Dataset) else value
        )
    return made


def pictures(folder: Path) -> list[pydicom.Dataset]:
    """The pictures of a made disc, from the lowest."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.read_bytes()[128:132] == b"DICM":
            read = pydicom.dcmread(path)
            if "ImagePositionPatient" in read:
                found.append(read)
    return sorted(found, key=lambda one: float(one.ImagePositionPatient[2]))


def new(sop_class: str, modality: str, like: Dataset) -> FileDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(sop_class), generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    made.SOPClassUID, made.SOPInstanceUID, made.Modality = UID(sop_class), meta.MediaStorageSOPInstanceUID, modality
    made.SpecificCharacterSet = "ISO_IR 192"
    for name in ("PatientName", "PatientID", "StudyInstanceUID", "StudyDate", "FrameOfReferenceUID"):
        if name in like:
            setattr(made, name, like[name].value)
    made.SeriesInstanceUID, made.SeriesNumber = generate_uid(), 90
    return made


def write(made: FileDataset, path: Path) -> Path:
    made.save_as(path, enforce_file_format=True)
    return path


def code(value: str, meaning: str) -> Dataset:
    return item(CodeValue=value, CodingSchemeDesignator="DCM", CodeMeaning=meaning)


def reference(picture: Dataset, *frames: int) -> Dataset:
    made = item(ReferencedSOPClassUID=picture.SOPClassUID, ReferencedSOPInstanceUID=picture.SOPInstanceUID)
    if frames:
        made.ReferencedFrameNumber = list(frames)
    return made


def stars(shown: Sequence[Dataset], title: tuple[str, str] = ("113000", "Of Interest"), note: str = "") -> FileDataset:
    made = new(KO, "KO", shown[0])
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", Items([code(*title)])
    content = [
        item(ValueType="IMAGE", RelationshipType="CONTAINS", ReferencedSOPSequence=[reference(p)]) for p in shown
    ]
    if note:
        content.append(item(ValueType="TEXT", RelationshipType="CONTAINS", TextValue=note))
    made.ContentSequence = Items(content)
    return made


def saved_view(shown: Sequence[Dataset], **values: object) -> FileDataset:
    """A grey presentation state over pictures; `values` are elements by keyword."""
    made = new(GSPS, "PR", shown[0])
    made.ReferencedSeriesSequence = Items(
        [item(SeriesInstanceUID=shown[0].SeriesInstanceUID, ReferencedImageSequence=[reference(p) for p in shown])]
    )
    made.ContentLabel, made.ContentDescription, made.PresentationCreationDate = (
        "VIEW",
        "Saved by Dr. Muster",
        "20240312",
    )
    made.PresentationLUTShape = "IDENTITY"
    for name, value in values.items():
        setattr(made, name, value)
    return made


def graphic(kind: str, points: Sequence[float], units: str = "PIXEL", filled: str = "N") -> Dataset:
    return item(
        GraphicAnnotationUnits=units, GraphicDimensions=2, NumberOfGraphicPoints=len(points) // 2,
        GraphicData=list(points), GraphicType=kind, GraphicFilled=filled,
    )  # fmt: skip


def structures(like: Dataset, named: dict[str, list[tuple[str, NDArray[np.float64]]]]) -> FileDataset:
    """name → (type, points (n, 3) in mm)."""
    made = new(RTSTRUCT, "RTSTRUCT", like)
    made.StructureSetLabel, made.SeriesDescription = "PLAN", "Planning"
    made.StructureSetROISequence = Items(
        [
            item(ROINumber=n, ROIName=name, ReferencedFrameOfReferenceUID=like.FrameOfReferenceUID)
            for n, name in enumerate(named, 1)
        ]
    )
    made.ROIContourSequence = Items(
        [
            item(
                ReferencedROINumber=n,
                ROIDisplayColor=[10 * n, 200, 30],
                ContourSequence=[
                    item(
                        ContourGeometricType=kind,
                        NumberOfContourPoints=len(points),
                        ContourData=[f"{value:.4f}" for value in points.reshape(-1)],
                    )
                    for kind, points in contours
                ],
            )
            for n, contours in enumerate(named.values(), 1)
        ]
    )
    return made


def segments(shown: Sequence[Dataset], masks: dict[str, NDArray[np.bool_]], fractional: bool = False) -> FileDataset:
    """label → mask (pictures, rows, columns) on the places of `shown`; empty planes are left out as files do."""
    made = new(SEG, "SEG", shown[0])
    made.SegmentationType = "FRACTIONAL" if fractional else "BINARY"
    made.SeriesDescription = "Segmented"
    made.Rows, made.Columns = shown[0].Rows, shown[0].Columns
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PixelRepresentation = 1, "MONOCHROME2", 0
    made.BitsAllocated, made.BitsStored, made.HighBit = (8, 8, 7) if fractional else (1, 1, 0)
    if fractional:
        made.SegmentationFractionalType, made.MaximumFractionalValue = "PROBABILITY", 200
    made.SegmentSequence = Items(
        [
            item(SegmentNumber=n, SegmentLabel=label, RecommendedDisplayCIELabValue=[34885, 53485, 50171])
            for n, label in enumerate(masks, 1)
        ]
    )
    made.SharedFunctionalGroupsSequence = Items(
        [
            item(
                PlaneOrientationSequence=[item(ImageOrientationPatient=shown[0].ImageOrientationPatient)],
                PixelMeasuresSequence=[item(PixelSpacing=shown[0].PixelSpacing, SliceThickness=2)],
            )
        ]
    )
    frames, bits = [], []
    for n, mask in enumerate(masks.values(), 1):
        for plane, picture in zip(mask, shown, strict=True):
            if plane.any():
                frames.append(
                    item(
                        PlanePositionSequence=[item(ImagePositionPatient=picture.ImagePositionPatient)],
                        SegmentIdentificationSequence=[item(ReferencedSegmentNumber=n)],
                    )
                )
                bits.append(plane)
    made.PerFrameFunctionalGroupsSequence, made.NumberOfFrames = Items(frames), len(frames)
    stacked = np.stack(bits)
    data = (
        (stacked * 150).astype(np.uint8).tobytes() if fractional else np.packbits(stacked, bitorder="little").tobytes()
    )
    made.PixelData = data + b"\0" * (len(data) % 2)
    made["PixelData"].VR = "OB"
    return made


def film(like: Dataset, frames: int = 4, frame_ms: float | None = None) -> FileDataset:
    """A grey ultrasound clip of 8 × 8."""
    made = new(ROOT + "3.1", "US", like)
    made.Rows = made.Columns = 8
    made.NumberOfFrames, made.SamplesPerPixel, made.PhotometricInterpretation = frames, 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit, made.PixelRepresentation = 8, 8, 7, 0
    made.PixelData = (np.arange(frames * 64) % 251).astype(np.uint8).tobytes()
    made["PixelData"].VR = "OB"
    if frame_ms is not None:
        made.FrameTime = frame_ms
    return made


def letter(document: bytes, like: Dataset, title: str = "Letter") -> FileDataset:
    """A PDF as a disc carries it (PS3.3 A.45.1)."""
    made = new(ROOT + "104.1", "DOC", like)
    made.EncapsulatedDocument = document + b"\0" * (len(document) % 2)
    made.MIMETypeOfEncapsulatedDocument, made.SeriesDescription = "application/pdf", title
    return made
