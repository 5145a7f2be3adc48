"""The regions of an ultrasound picture, each with a scale of its own (PS3.3 C.8.5.5; rule R-M3)."""

from __future__ import annotations

from functools import lru_cache

from viewer.dicom.encoding import Encoding
from viewer.dicom.fields import Fields
from viewer.dicom.header import UltrasoundRegion

REGIONS = 0x00186011
MOST_REGIONS = 64
_DELTA = 1e-9, 1e9


def ultrasound_regions(fields: Fields) -> tuple[UltrasoundRegion, ...]:
    """The regions of (0018,6011) in the order of the file; those without corners are left out."""
    raw = fields.raw(REGIONS)
    return _regions(raw, fields.encoding) if raw else ()


@lru_cache(maxsize=64)
def _regions(raw: bytes, encoding: Encoding) -> tuple[UltrasoundRegion, ...]:
    found = (_region(item) for item in Fields({REGIONS: raw}, encoding).items(REGIONS, MOST_REGIONS))
    return tuple(region for region in found if region is not None)


def _region(item: Fields) -> UltrasoundRegion | None:
    corners = [item.number(tag) for tag in (0x00186018, 0x0018601A, 0x0018601C, 0x0018601E)]
    x0, y0, x1, y1 = corners
    if x0 is None or y0 is None or x1 is None or y1 is None or x1 < x0 or y1 < y0:
        return None
    return UltrasoundRegion(
        x0, y0, x1, y1,
        item.number(0x00186016) or 0,
        item.number(0x00186024) or 0,
        item.number(0x00186026) or 0,
        _delta(item, 0x0018602C),
        _delta(item, 0x0018602E),
        item.number(0x00186020, signed=True) if 0x00186020 in item else None,
        item.number(0x00186022, signed=True) if 0x00186022 in item else None,
    )  # fmt: skip


def _delta(item: Fields, tag: int) -> float | None:
    """A step per pixel, possibly negative; None for nothing, zero or nonsense."""
    value = item.double(tag)
    return value if value is not None and _DELTA[0] < abs(value) < _DELTA[1] else None
