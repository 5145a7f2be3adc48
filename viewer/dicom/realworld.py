"""Real world values: what stored values mean in a unit, beside the scale of the display (PS3.3 C.7.6.16.2.11; R-P14)."""

from __future__ import annotations

import struct
from math import inf, isfinite

from viewer.dicom.fields import Fields
from viewer.dicom.header import RealWorldValue

MAPPINGS = 0x00409096
MOST_MAPPINGS, MOST_ENTRIES = 16, 65_536
DOSE_SCALING, DOSE_UNITS = 0x3004000E, 0x30040002
_GRAY = "Gy"  # UCUM
_UNIT, _CODE = 0x004008EA, 0x00080100
_ENDS = ((0x00409216, 0x00409214), (0x00409211, 0x00409213))  # first and last value: US or SS, else FD


def real_world_values(fields: Fields, is_signed: bool) -> tuple[RealWorldValue, ...]:
    """The mappings of a root or functional group; one that is neither a line nor a table is left out. is_signed: of the
    pixels, and so of the range that the mappings are for."""
    found = (_mapping(item, is_signed) for item in fields.items(MAPPINGS, MOST_MAPPINGS))
    return tuple(one for one in found if one is not None)


def dose_values(fields: Fields) -> tuple[RealWorldValue, ...]:
    """The dose in gray that the stored values of a radiotherapy dose stand for (PS3.3 C.8.8.3); () where it is relative.
    It is no modality LUT: values as such stay the stored ones."""
    scaling = fields.decimal(DOSE_SCALING)
    if fields.word(DOSE_UNITS) != "GY" or scaling is None or not 0 < scaling < inf:
        return ()
    return (RealWorldValue(-inf, inf, scaling, unit=_GRAY),)


def _mapping(item: Fields, is_signed: bool) -> RealWorldValue | None:
    first, last = _range(item, is_signed)
    slope, intercept = item.double(0x00409225), item.double(0x00409224)
    table = item.doubles(0x00409212)[:MOST_ENTRIES]
    entries = tuple(value for value in table if value is not None)
    if len(entries) < len(table) or (slope is None and not entries) or slope == 0:
        return None
    unit = item.item(_UNIT)
    return RealWorldValue(
        first if first is not None else -float("inf"),
        last if last is not None else float("inf"),
        slope if slope is not None else 1.0,
        intercept if intercept is not None else 0.0,
        entries if slope is None else (),
        unit.text(_CODE) if unit is not None else "",
        item.text(0x00409210) or item.text(0x00283003),
    )


def _range(item: Fields, is_signed: bool) -> tuple[float | None, float | None]:
    """First and last stored value; some write those of signed pixels as if they had no sign."""
    first, last = (_bound(item, whole, double, is_signed) for whole, double in _ENDS)
    if is_signed and first is not None and last is not None and last < first:
        return _range(item, is_signed=False)
    return first, last


def _bound(item: Fields, whole: int, double: int, is_signed: bool) -> float | None:
    """The end of the range: two bytes, US or SS like the pixels, or an FD."""
    if double in item:
        return item.double(double)
    raw = item.raw(whole)
    if len(raw) == 8:  # written as FD under the tag of whole numbers
        value = struct.unpack("<d" if item.encoding.little else ">d", raw)[0]
        return float(value) if isfinite(value) else None
    number = item.number(whole, is_signed)
    return None if number is None else float(number)
