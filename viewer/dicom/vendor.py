"""What vendors keep in their own corners: b-values, Siemens mosaics (rules R-S3, R-S6)."""

from __future__ import annotations

import re
import struct

from viewer.dicom.fields import Fields

Vector3 = tuple[float, float, float]
B_VALUE, B_SIEMENS, B_GE, B_PHILIPS, B_UIH = 0x00189087, 0x0019100C, 0x00431039, 0x20011003, 0x00651009
TILES, NORMAL, CSA_IMAGE = 0x0019100A, 0x0019100E, 0x00291010
MAX_CSA = 4 * 1024 * 1024


def b_value(fields: Fields, manufacturer: str) -> float | None:
    """Diffusion weighting in s/mm²; the standard's own value first."""
    values = fields.values
    if B_VALUE in values:
        return fields.double(B_VALUE)
    vendor = manufacturer.upper()
    if B_SIEMENS in values and vendor.startswith("SIEMENS"):
        return fields.decimal(B_SIEMENS)
    if B_GE in values and vendor.startswith("GE"):
        value = fields.decimal(B_GE)
        return value % 100_000 if value is not None else None
    if B_PHILIPS in values and vendor.startswith("PHILIPS"):
        raw = fields.raw(B_PHILIPS)
        if len(raw) != 4:
            return fields.decimal(B_PHILIPS)
        value = struct.unpack("<f" if fields.encoding.little else ">f", raw)[0]
        return value if 0 <= value < 1e6 else None
    if B_UIH in values and vendor.startswith("UIH"):
        return fields.double(B_UIH)
    return None


def mosaic(fields: Fields, image_type: tuple[str, ...]) -> tuple[int | None, Vector3 | None]:
    """(tiles, normal of the slices) of a Siemens mosaic; (None, None) where nothing tells the number of tiles."""
    if "MOSAIC" not in image_type:
        return None, None
    csa = csa_values(fields.raw(CSA_IMAGE), ("NumberOfImagesInMosaic", "SliceNormalVector"))
    tiles = fields.number(TILES) or _count(csa.get("NumberOfImagesInMosaic", ()))
    normal = _vector(csa.get("SliceNormalVector", ()))
    if normal is None:
        stored = fields.doubles(NORMAL) if NORMAL in fields.values else ()
        normal = _vector(tuple(str(value) for value in stored))
    return (tiles if tiles and 1 < tiles <= 4096 else None), normal


def _count(values: tuple[str, ...]) -> int | None:
    return int(values[0]) if values and values[0].isdigit() and len(values[0]) < 6 else None


def _vector(values: tuple[str, ...]) -> Vector3 | None:
    if len(values) < 3 or not all(re.fullmatch(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?", v) for v in values[:3]):
        return None
    x, y, z = (float(value) for value in values[:3])
    return (x, y, z) if 0.9 < x * x + y * y + z * z < 1.1 else None


def csa_values(raw: bytes, names: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Named values of a Siemens CSA header, versions 1 and 2 ("SV10"); what does not fit ends the reading."""
    found: dict[str, tuple[str, ...]] = {}
    if len(raw) < 16 or len(raw) > MAX_CSA:
        return found
    new = raw[:4] == b"SV10"
    position = 8 if new else 0
    count = struct.unpack_from("<I", raw, position)[0]
    position += 8
    surplus = -1  # version 1 stores each length plus the number of items of the first tag
    for _ in range(min(count, 1000)):
        if position + 84 > len(raw):
            break
        name = raw[position : position + 64].split(b"\0")[0].decode("ascii", "replace")
        inner = struct.unpack_from("<i", raw, position + 76)[0]
        surplus = inner if surplus < 0 else surplus
        values, position = _csa_items(raw, position + 84, inner, 0 if new else surplus, 1 if new else 0)
        if name in names:
            found[name] = values
        if position < 0:
            break
    return found


def _csa_items(raw: bytes, position: int, count: int, surplus: int, word: int) -> tuple[tuple[str, ...], int]:
    """(texts, next position or -1); `word` is the one of the four that holds a length."""
    values: list[str] = []
    for _ in range(max(count, 0)):
        if position + 16 > len(raw):
            return tuple(values), -1
        length = struct.unpack_from("<4i", raw, position)[word] - surplus
        if length < 0 or position + 16 + length > len(raw):
            return tuple(values), -1
        text = raw[position + 16 : position + 16 + length].split(b"\0")[0].decode("ascii", "replace").strip()
        if text:
            values.append(text)
        position += 16 + (length + 3) // 4 * 4
    return tuple(values), position
