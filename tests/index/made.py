"""Headers made by hand: an invented person's examination, one picture a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from tests.index.built import build_index
from viewer.dicom.header import FrameFacts, Header, Person, PixelDescription, PixelPlace
from viewer.disc.medium import FileKind, FoundFile
from viewer.index.model import DiscIndex, Series

MR = "1.2.840.10008.5.1.4.1.1.4"
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
ANNA = Person("Beispiel, Anna", "A1", "19700101", "F")


def picture(number: int, place: float | None = None, **more: Any) -> Header:
    """One MR picture of series 2 at `place` mm along the normal of its orientation; `more` overrides any field, those
    of the frame included."""
    facts = {name: more.pop(name) for name in list(more) if name in FrameFacts.__dataclass_fields__}
    orientation: Any = facts.setdefault("orientation", SAGITTAL if place is not None else None)
    if place is not None and "position" not in facts:
        normal = np.cross(orientation[:3], orientation[3:])
        facts["position"] = tuple(float(x) for x in np.array([1.0, 2.0, 3.0]) + place * normal)
    facts.setdefault("spacing", (1.0, 1.0) if place is not None else None)
    size = (more.pop("rows", 16), more.pop("columns", 12))
    fields: dict[str, Any] = {
        "path": f"IM{number:04}",
        "size": 1000 + number,
        "sop_class": MR,
        "sop_uid": f"1.2.3.{number}",
        "study_uid": "1.2",
        "series_uid": "1.2.9",
        "series_number": 2,
        "instance_number": number,
        "modality": "MR",
        "study_date": "20240312",
        "person": ANNA,
        "frames": 1,
        "image_type": ("ORIGINAL", "PRIMARY", "M", "ND"),
        "pixels": PixelDescription(*size),
        "place": PixelPlace(600 + number, 2 * size[0] * size[1]),
        "shared": FrameFacts(**facts),
    }
    return Header(**{**fields, **more})


def stack(places: Iterable[float], first: int = 1, **more: Any) -> list[Header]:
    """Pictures at these places, numbered on from `first`."""
    return [picture(number, place, **more) for number, place in enumerate(places, first)]


def index_of(headers: Iterable[Header], **more: Any) -> DiscIndex:
    """The index of these headers, every file found."""
    headers = list(headers)
    found = [FoundFile(header.path, header.size, FileKind.DICOM) for header in headers]
    return build_index("disc", found, headers, **more)


def series_of(headers: Iterable[Header]) -> list[Series]:
    """All series in the order of their ids."""
    found = [one for study in index_of(headers).studies for one in study.series]
    return sorted(found, key=lambda one: [int(part) for part in one.id[1:].split("-")])


def only_series(headers: Iterable[Header]) -> Series:
    """The one series that these headers make."""
    (series,) = series_of(headers)
    return series


def moved(header: Header, **facts: Any) -> Header:
    """The same header with other facts of its frame."""
    return replace(header, shared=replace(header.shared, **facts))
