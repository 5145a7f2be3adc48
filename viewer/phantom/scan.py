"""A scan as it goes into files: values on a grid along the patient's axes, and the facts of its header."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from viewer.geometry.plane import Letters
from viewer.phantom.field import Box
from viewer.phantom.truth import KnownPoint, SeriesTruth

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

MR, CT, SECONDARY = "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.7"
EXPLICIT = "1.2.840.10008.1.2.1"
SINGLE_MM = 5.0  # thickness of a picture that stands alone
MAKER = "Sidelight phantom"


def uid(*words: object) -> str:
    """The same UID for the same words, always (PS3.5 B.2: 2.25 and a UUID as a number)."""
    digest = bytearray(hashlib.sha256("/".join(map(str, words)).encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return f"2.25.{int.from_bytes(digest, 'big')}"


@dataclass(frozen=True)
class Side:
    """How stored pictures lie on the box: which way rows, columns and slices run, as unit vectors (LPS)."""

    along_row: tuple[int, int, int]
    down_column: tuple[int, int, int]
    letters: Letters

    @property
    def through(self) -> tuple[int, int, int]:
        """The slices' direction: head, front or left first is *last*."""
        normal = np.abs(np.cross(self.along_row, self.down_column))
        sign = -1 if normal[1] else 1
        return (int(normal[0]), sign * int(normal[1]), int(normal[2]))


AXIAL = Side((1, 0, 0), (0, 1, 0), Letters("R", "L", "A", "P"))
SAGITTAL = Side((0, 1, 0), (0, 0, -1), Letters("A", "P", "H", "F"))
CORONAL = Side((1, 0, 0), (0, 0, -1), Letters("R", "L", "H", "F"))


@dataclass(frozen=True)
class Scan:
    """Stored values (z, y, x) over a box, to be written as slices of one side."""

    box: Box
    values: NDArray[Any]
    side: Side

    def slices(self) -> NDArray[Any]:
        """(slice, row, column) in stored order of the axes; slice 0 most inferior, posterior or rightmost."""
        steps = (self.side.through, self.side.down_column, self.side.along_row)
        axes = [int(np.argmax(np.abs(step))) for step in steps]  # 0 x, 1 y, 2 z
        turned = self.values.transpose([2 - axis for axis in axes])
        flips = tuple(slice(None, None, int(step[axis])) for step, axis in zip(steps, axes))
        return turned[flips]

    def affine(self) -> NDArray[np.float64]:
        """(4, 4): (column, row, slice, 1) → LPS mm."""
        axes = (self.box.x, self.box.y, self.box.z)
        matrix = np.zeros((4, 4))
        matrix[3, 3] = 1.0
        for column, step in enumerate((self.side.along_row, self.side.down_column, self.side.through)):
            axis = int(np.argmax(np.abs(step)))
            spacing = float(axes[axis][1] - axes[axis][0]) if len(axes[axis]) > 1 else SINGLE_MM
            matrix[axis, column] = step[axis] * round(spacing, 4)
            matrix[axis, 3] = round(float(axes[axis][0 if step[axis] > 0 else -1]), 4)
        return matrix


@dataclass(frozen=True)
class Facts:
    """What the headers of a series say. `extra` sets further elements by their keyword."""

    study: str  # names its UIDs
    series: str
    number: int
    description: str
    study_description: str
    body_part: str
    modality: str = "MR"
    person: str = "Sample^Sidelight"
    patient_id: str = "SAMPLE-1"
    frame: str = ""  # name of the frame of reference; the study's when empty
    window: tuple[float, float] = (500.0, 1000.0)
    slope: float = 1.0
    intercept: float = 0.0
    head_first_numbers: bool = False  # instance 1 is the topmost, foremost or leftmost slice
    character_set: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def study_uid(self) -> str:
        """Study Instance UID."""
        return uid("study", self.study)

    @property
    def series_uid(self) -> str:
        """Series Instance UID."""
        return uid("study", self.study, "series", self.series)


def series_truth(scan: Scan, facts: Facts, points: tuple[KnownPoint, ...] = ()) -> SeriesTruth:
    """What must be found again of a scan written by `write_scan`."""
    count, rows, columns = scan.slices().shape
    affine = scan.affine()
    column, row, through = (float(np.linalg.norm(affine[:3, n])) for n in range(3))
    table = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in affine)
    return SeriesTruth(
        facts.series_uid, facts.study_uid, uid("frame", facts.frame or facts.study), facts.number, facts.modality,
        facts.description, count, rows, columns, (through, row, column), scan.side.letters, table, points,
    )  # fmt: skip


def write_scan(
    folder: Path,
    scan: Scan,
    facts: Facts,
    first: int = 1,
    name: Callable[[int], str] = lambda number: f"{number:04d}.dcm",
    tell: Callable[[], None] = lambda: None,
) -> list[Path]:
    """One file per slice, Explicit VR Little Endian, instance numbers from `first`; calls `tell` after each."""
    slices, affine = scan.slices(), scan.affine()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    dataset = slice_dataset(slices[0], affine, facts)
    for count in range(len(slices)):
        number = first + count
        index = len(slices) - 1 - count if facts.head_first_numbers else count
        _move(dataset, slices[index], affine, index, number, facts)
        paths.append(folder / name(number))
        write(dataset, paths[-1])
        tell()
    return paths


def slice_dataset(pixels: NDArray[Any], affine: NDArray[np.float64], facts: Facts) -> Dataset:
    """The dataset of the first MR or CT slice with the modules its class asks for (PS3.3 A.4.3, A.3.3)."""
    dataset = study_dataset(facts, 1)
    dataset.FrameOfReferenceUID = uid("frame", facts.frame or facts.study)
    dataset.PositionReferenceIndicator = ""
    _place(dataset, affine, 0)
    put_pixels(dataset, pixels)
    dataset.WindowCenter, dataset.WindowWidth = f"{facts.window[0]:g}", f"{facts.window[1]:g}"
    (_mr if facts.modality == "MR" else _ct)(dataset, facts)
    for keyword, value in facts.extra.items():
        setattr(dataset, keyword, value)
    return dataset


def _move(
    dataset: Dataset, pixels: NDArray[Any], affine: NDArray[np.float64], index: int, number: int, facts: Facts
) -> None:
    """Make the dataset that of another slice: only what differs within a series."""
    dataset.SOPInstanceUID = instance_uid(facts, number)
    dataset.InstanceNumber = number
    _locate(dataset, affine, index)
    dataset.PixelData = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()


def instance_uid(facts: Facts, number: int) -> str:
    """SOP Instance UID of a picture of a series."""
    return uid("study", facts.study, "series", facts.series, "instance", number)


def study_dataset(facts: Facts, number: int) -> Dataset:
    """Patient, study, series, equipment and general image modules (PS3.3 C.7)."""
    from pydicom.dataset import Dataset

    dataset = Dataset()
    if facts.character_set:
        dataset.SpecificCharacterSet = facts.character_set
    dataset.SOPClassUID = {"MR": MR, "CT": CT}.get(facts.modality, SECONDARY)
    dataset.SOPInstanceUID = instance_uid(facts, number)
    dataset.StudyDate = dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = "20240312"
    dataset.StudyTime, dataset.SeriesTime, dataset.AcquisitionTime = "101500", "102000", "102000"
    dataset.ContentTime = "102000"
    dataset.AccessionNumber = dataset.ReferringPhysicianName = ""
    dataset.StudyID = "1"
    dataset.Modality, dataset.Manufacturer = facts.modality, MAKER
    dataset.ManufacturerModelName, dataset.SoftwareVersions = "Made by a program", "1"
    dataset.InstitutionName = "No hospital"
    dataset.StudyDescription, dataset.SeriesDescription = facts.study_description, facts.description
    dataset.PatientName, dataset.PatientID = facts.person, facts.patient_id
    dataset.PatientBirthDate, dataset.PatientSex = "19700101", "O"
    dataset.BodyPartExamined = facts.body_part
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = facts.study_uid, facts.series_uid
    dataset.SeriesNumber, dataset.InstanceNumber, dataset.AcquisitionNumber = facts.number, number, 1
    return dataset


def put_pixels(dataset: Dataset, pixels: NDArray[Any]) -> None:
    """Image pixel module (PS3.3 C.7.6.3) of (rows, columns) uint8, uint16, int16, or (rows, columns, 3) uint8 RGB."""
    bits = pixels.dtype.itemsize * 8
    is_colour = pixels.ndim == 3
    dataset.SamplesPerPixel = 3 if is_colour else 1
    dataset.PhotometricInterpretation = "RGB" if is_colour else "MONOCHROME2"
    if is_colour:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.BitsAllocated = bits
    dataset.BitsStored = 12 if pixels.dtype == np.uint16 else bits
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PixelData = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    dataset["PixelData"].VR = "OB" if bits == 8 else "OW"


def write(dataset: Dataset, path: Path) -> None:
    """A DICOM file with preamble and file meta information (PS3.10 section 7)."""
    from pydicom import dcmwrite
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID

    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = UID(EXPLICIT)
    dataset.file_meta.ImplementationClassUID = UID(uid("implementation"))
    dcmwrite(path, dataset, enforce_file_format=True)


def _place(dataset: Dataset, affine: NDArray[np.float64], index: int) -> None:
    """Image plane module (PS3.3 C.7.6.2)."""
    column, row, through = (float(np.linalg.norm(affine[:3, n])) for n in range(3))
    directions = np.concatenate([affine[:3, 0] / column, affine[:3, 1] / row])
    dataset.ImageOrientationPatient = [f"{value:g}" for value in directions + 0.0]
    dataset.PixelSpacing = [f"{row:.6g}", f"{column:.6g}"]
    dataset.SliceThickness = f"{through:.6g}"
    _locate(dataset, affine, index)


def _locate(dataset: Dataset, affine: NDArray[np.float64], index: int) -> None:
    position = (affine @ (0, 0, index, 1))[:3]
    through = affine[:3, 2]
    dataset.ImagePositionPatient = [f"{value:.6g}" for value in position]
    dataset.SliceLocation = f"{float(position @ through / np.linalg.norm(through)):.6g}"


def _mr(dataset: Dataset, facts: Facts) -> None:
    """MR image module (PS3.3 C.8.3.1)."""
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
    dataset.ScanningSequence, dataset.SequenceVariant, dataset.ScanOptions = "SE", "SK", ""
    dataset.MRAcquisitionType, dataset.EchoTrainLength = "2D", 1
    dataset.RepetitionTime, dataset.EchoTime, dataset.FlipAngle = "550", "12", "90"
    dataset.MagneticFieldStrength, dataset.PatientPosition = "1.5", "HFS"
    dataset.SpacingBetweenSlices = dataset.SliceThickness


def _ct(dataset: Dataset, facts: Facts) -> None:
    """CT image module (PS3.3 C.8.2.1)."""
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.RescaleSlope, dataset.RescaleIntercept = f"{facts.slope:g}", f"{facts.intercept:g}"
    dataset.RescaleType, dataset.KVP, dataset.PatientPosition = "HU", "120", "HFS"
    dataset.ConvolutionKernel = "SOFT"
