"""The same facts as in a `Header`, taken from a file by pydicom: the second opinion of the differential tests."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import pydicom
from pydicom.errors import InvalidDicomError

PLAIN = {
    "sop_class": "SOPClassUID", "sop_uid": "SOPInstanceUID", "study_uid": "StudyInstanceUID",
    "series_uid": "SeriesInstanceUID", "frame_of_reference": "FrameOfReferenceUID", "modality": "Modality",
    "study_date": "StudyDate", "study_time": "StudyTime", "study_description": "StudyDescription",
    "series_description": "SeriesDescription", "protocol": "ProtocolName", "body_part": "BodyPartExamined",
    "manufacturer": "Manufacturer", "model": "ManufacturerModelName", "sequence_name": "SequenceName",
    "units": "Units", "burned_in": "BurnedInAnnotation",
}  # fmt: skip
NUMBERS = {
    "series_number": "SeriesNumber", "instance_number": "InstanceNumber", "acquisition_number": "AcquisitionNumber",
    "repetition_time": "RepetitionTime", "echo_time": "EchoTime", "inversion_time": "InversionTime",
    "flip_angle": "FlipAngle", "kvp": "KVP",
    "spacing_between_slices": "SpacingBetweenSlices",
}  # fmt: skip
PIXELS = {
    "rows": "Rows", "columns": "Columns", "bits_allocated": "BitsAllocated", "bits_stored": "BitsStored",
    "high_bit": "HighBit", "samples": "SamplesPerPixel", "photometric": "PhotometricInterpretation",
}  # fmt: skip


def dataset(path: Path) -> pydicom.Dataset | None:
    """The file as pydicom reads it, without pixels; None where it cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return pydicom.dcmread(path, stop_before_pixels=True, force=True)
        except (InvalidDicomError, OSError, ValueError, EOFError, AttributeError, KeyError, NotImplementedError):
            return None


def value(ds: pydicom.Dataset, keyword: str) -> Any:
    """A value, or None where it is absent, empty or cannot be converted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = ds.get(keyword)
        except (ValueError, TypeError, OverflowError, AttributeError, NotImplementedError):
            return None
    return None if found in ("", [], None) else found


def folded(found: Any) -> str:
    """A text as `Header` holds it: one line, several values joined by a backslash."""
    if found is None:
        return ""
    many = not isinstance(found, str) and hasattr(found, "__iter__")
    return " ".join(("\\".join(str(part) for part in found) if many else str(found)).replace("\0", "").split())


def floats(found: Any) -> tuple[float, ...] | None:
    """Numbers of a DS or FD, None where there are none or one is not finite."""
    if found is None:
        return None
    try:
        many = [
            float(part) for part in (found if hasattr(found, "__iter__") and not isinstance(found, str) else [found])
        ]
    except (TypeError, ValueError):
        return None
    return tuple(many) if all(math.isfinite(part) for part in many) else None
