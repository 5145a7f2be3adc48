"""What a DICOM object is to a person, by its SOP class and encoding: a picture, a document, or something else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from viewer.dicom.header import Header
from viewer.dicom.sop_class import SECONDARY_CAPTURE, STORAGE
from viewer.index.model import SeriesKind


@dataclass(frozen=True, slots=True)
class NotPicture:
    """A row: objects whose SOP class begins with `begins` (below the storage root), their name and the reason."""

    begins: str
    kind: SeriesKind
    name: str
    reason: str


_DOCUMENT, _OTHER = SeriesKind.DOCUMENT, SeriesKind.OTHER

# The longest fitting row counts, so a special case may stand beside its family.
NOT_PICTURES = (
    NotPicture("88.59", _OTHER, "Marked pictures", "A list of pictures that the clinic marked"),
    NotPicture("88.67", _DOCUMENT, "Dose report", "A report about the radiation dose"),
    NotPicture("88.68", _DOCUMENT, "Dose report", "A report about the radiation dose"),
    NotPicture("88.73", _DOCUMENT, "Dose report", "A report about the radiation dose"),
    NotPicture("88.76", _DOCUMENT, "Dose report", "A report about the radiation dose"),
    NotPicture("88.", _DOCUMENT, "Report", "A written report"),
    NotPicture("78.6", _DOCUMENT, "Report", "A written report"),
    NotPicture("79.", _DOCUMENT, "Report", "A written report"),
    NotPicture("104.", _DOCUMENT, "Document", "A document, not a picture"),
    NotPicture("104.3", _DOCUMENT, "Model", "A model for 3D printing, not a picture"),
    NotPicture("104.4", _DOCUMENT, "Model", "A model for 3D printing, not a picture"),
    NotPicture("104.5", _DOCUMENT, "Model", "The surface of a model for 3D printing, not a picture"),
    NotPicture("11.", _OTHER, "Saved view", "Settings for showing other pictures"),
    NotPicture("66", _OTHER, "Raw data", "Raw data for the scanner, not a picture"),
    NotPicture("66.", _OTHER, "Outlines", "Outlines or positions that belong to other pictures"),
    NotPicture("66.1", _OTHER, "Alignment", "How scans lie to one another; Sidelight shows each in its own place"),
    NotPicture("66.2", _OTHER, "Marked points", "Points in other pictures; Sidelight does not draw these"),
    NotPicture("66.3", _OTHER, "Alignment", "How scans lie to one another; Sidelight shows each in its own place"),
    NotPicture("66.5", _OTHER, "Surface", "The surface of a part of the body; Sidelight does not draw it"),
    NotPicture("66.6", _OTHER, "Nerve fibres", "Courses of nerve fibres, not a picture; Sidelight does not draw these"),
    NotPicture("481.", _OTHER, "Radiotherapy", "Data for planning a radiotherapy"),
    NotPicture("481.3", _OTHER, "Outlines", "Outlines for planning a radiotherapy; they belong to other pictures"),
    NotPicture("481.5", _OTHER, "Radiotherapy plan", "A plan for a radiotherapy, not a picture"),
    NotPicture("9.", _OTHER, "Curves", "Recorded curves (such as an ECG), not a picture"),
    NotPicture("9.4.", _OTHER, "Sound", "Recorded sound (such as a dictation), not a picture"),
    NotPicture("9", _OTHER, "Curves", "Recorded curves (such as an ECG), not a picture"),
    NotPicture("129", _OTHER, "Curves", "Recorded curves (such as an ECG), not a picture"),
    NotPicture("78.", _OTHER, "Measurements", "Measurements of the eyes, not a picture"),
    NotPicture("80.", _OTHER, "Measurements", "Measurements of the eyes, not a picture"),
    NotPicture("68.", _OTHER, "Surface", "A measured surface, not a picture"),
    NotPicture("4.2", _OTHER, "Spectroscopy", "Measured spectra, not a picture"),
    NotPicture("8", _OTHER, "Data", "Technical data that belong to other objects"),
    NotPicture("10", _OTHER, "Data", "Technical data that belong to other objects"),
    NotPicture("11", _OTHER, "Data", "Technical data that belong to other objects"),
    NotPicture("67", _OTHER, "Data", "Technical data that belong to other objects"),
    NotPicture("77.1.5.3", _OTHER, "Data", "Technical data that belong to other objects"),
    NotPicture("77.1.5.8", _OTHER, "Data", "Technical data that belong to other objects"),
    NotPicture("90.", _OTHER, "Data", "Technical data that belong to other objects"),
    NotPicture("91.", _OTHER, "Data", "Technical data that belong to other objects"),
    NotPicture("77.1.6", _OTHER, "Microscope slide", "A microscope slide; Sidelight does not open those"),
    NotPicture("30.", _OTHER, "Data", "Technical data, not a picture"),
    NotPicture("131", _OTHER, "Data", "Technical data, not a picture"),
    NotPicture("200.", _OTHER, "Data", "Technical data, not a picture"),
    NotPicture("201.", _OTHER, "Data", "Technical data, not a picture"),
    NotPicture("501.3", _OTHER, "Data", "Technical data, not a picture"),
)
# RT Image (also enhanced), RT Dose …: these do hold pixels that can be looked at.
_PICTURES_AFTER_ALL = ("481.1", "481.2", "481.23", "481.24", "30", "11.8")

_CONVERTED = frozenset({"CR", "DX", "RG", "MG", "XA", "RF", "IO", "PX", "US", "NM", "ES", "XC", "OP"})

_VIDEO = tuple(f"1.2.840.10008.1.2.4.{number}" for number in range(100, 109))
FILM = NotPicture("", _OTHER, "Film", "A film; save it to watch it in a video player")
RAW = NotPicture("", _OTHER, "Raw data", "Raw data for the scanner, not a picture")
_STANDARD = "1.2.840.10008."  # colour tables, hanging protocols and the like; all others are a maker's own
TECHNICAL = NotPicture("", _OTHER, "Data", "Technical data, not a picture")


def not_picture(header: Header) -> NotPicture | None:
    """Why this object is not shown as a picture, None for one that is (or should be) a picture."""
    return _not_picture(header.sop_class, header.transfer_syntax, header.pixels is not None)


@lru_cache(maxsize=1024)
def _not_picture(sop_class: str, transfer_syntax: str, has_pixels: bool) -> NotPicture | None:
    if transfer_syntax.startswith(_VIDEO):
        return FILM
    if not sop_class.startswith(STORAGE):
        return None if has_pixels or not sop_class else TECHNICAL if sop_class.startswith(_STANDARD) else RAW
    below = sop_class.removeprefix(STORAGE)
    if below in _PICTURES_AFTER_ALL and has_pixels:
        return None
    rows = [row for row in NOT_PICTURES if below == row.begins or below.startswith(row.begins)]
    fitting = [row for row in rows if row.begins.endswith(".") or below == row.begins or below[len(row.begins)] == "."]
    return max(fitting, key=lambda row: len(row.begins), default=None)


def is_screen_picture(header: Header) -> bool:
    """True for secondary captures: screen pictures, dose pages, scanned paper. Not for X-rays, ultrasound and the like
    that a converter wrote as such: those are the pictures themselves."""
    if header.modality in _CONVERTED:
        return False
    if header.modality == "CT" and any(value.upper().endswith(" PROT") for value in header.image_type[3:4]):
        return True  # the maker's own page of doses, filed as a picture of the body
    return header.sop_class == SECONDARY_CAPTURE or header.sop_class.startswith(SECONDARY_CAPTURE + ".")
