"""What vendors keep in their own corners: b-values, Siemens mosaics (rules R-S3, R-S6)."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

from viewer.dicom.fields import Fields, first_decimal

Vector3 = tuple[float, float, float]
B_VALUE, DIFFUSION, SEQUENCE_NAME = 0x00189087, 0x00189117, 0x00180024
TILES, NORMAL, CSA_IMAGE = 0x0019100A, 0x0019100E, 0x00291010
_MR_BLOCK, _CSA_BLOCK = "SIEMENS MR HEADER", "SIEMENS CSA HEADER"
MAX_CSA = 4 * 1024 * 1024
_BLOCKS = range(0x10, 0x100)  # which block of its group a maker's elements lie in is told by its name (PS3.5 7.8.1)


class _Corner(NamedTuple):
    """Where a maker keeps the b-value: `number` within the block that bears the maker's `creator`."""

    group: int
    number: int
    creator: str
    vendor: str
    read: Callable[[Fields, int], float | None]


def _ge(fields: Fields, tag: int) -> float | None:
    value = fields.decimal(tag)
    return value % 100_000 if value is not None else None


def _philips(fields: Fields, tag: int) -> float | None:
    raw = fields.raw(tag)
    if len(raw) != 4:
        return fields.decimal(tag)
    value = struct.unpack("<f" if fields.encoding.little else ">f", raw)[0]
    return value if 0 <= value < 1e6 else None


_CORNERS = (
    _Corner(0x0019, 0x0C, "SIEMENS MR HEADER", "SIEMENS", Fields.decimal),
    _Corner(0x0043, 0x39, "GEMS_PARM_01", "GE", _ge),
    _Corner(0x2001, 0x03, "PHILIPS IMAGING DD 001", "PHILIPS", _philips),
    _Corner(0x0065, 0x09, "IMAGE PRIVATE HEADER", "UIH", Fields.double),
)
_PLACES = {
    corner.group << 16 | block << 8 | corner.number: (corner.group << 16 | block, corner)
    for corner in _CORNERS
    for block in _BLOCKS
}
_VALUE_TAGS = _PLACES.keys() | {B_VALUE, DIFFUSION}
B_TAGS = _VALUE_TAGS | frozenset(creator for creator, _ in _PLACES.values())
_DIRECTION, _DIRECTIONS = 0x00189089, 0x00189076


class _Way(NamedTuple):
    """Where a maker keeps the direction of a diffusion gradient: in one element of three numbers, or in `elements` of
    one number each that follow one another."""

    group: int
    number: int
    elements: int
    creator: str
    vendor: str
    read: Callable[[Fields, int], tuple[float | None, ...]]


_WAYS = (
    _Way(0x0019, 0x0E, 1, "SIEMENS MR HEADER", "SIEMENS", Fields.doubles),
    _Way(0x0019, 0xBB, 3, "GEMS_ACQU_01", "GE", Fields.decimals),
    _Way(0x2005, 0xB0, 3, "PHILIPS MR IMAGING DD 001", "PHILIPS", Fields.doubles),
    _Way(0x0065, 0x37, 1, "IMAGE PRIVATE HEADER", "UIH", Fields.doubles),
)
_WAY_PLACES = {
    way.group << 16 | block << 8 | way.number: (way.group << 16 | block, way) for way in _WAYS for block in _BLOCKS
}
DIRECTION_TAGS = (
    frozenset(tag + more for tag, (_, way) in _WAY_PLACES.items() for more in range(way.elements))
    | frozenset(creator for creator, _ in _WAY_PLACES.values())
    | {_DIRECTION}
)
_IN_NAME = re.compile(r"\*?[a-z0-9]+_b(\d{1,5})(?:t|#(\d+))?")  # "*ep_b1000#7": what Siemens calls the sequence


# what Canon writes into the comment of a picture: "b=1500(0.445,0.000,0.895)"
COMMENT, _MAKER = 0x00204000, 0x00080070
_IN_COMMENT = re.compile(rb"b=(\d{1,5})\(([-+.\d]+),([-+.\d]+),([-+.\d]+)\)")


def b_value(fields: Fields, manufacturer: str) -> float | None:
    """Diffusion weighting in s/mm²: the standard's own value, else the maker's, told by the name of its private block or,
    where that was taken away, by the manufacturer; else what the header or the name of a Siemens sequence says."""
    values = fields.values
    if B_VALUE in values:
        return fields.double(B_VALUE)
    if DIFFUSION in values and (item := fields.item(DIFFUSION)) is not None and B_VALUE in item.values:
        return item.double(B_VALUE)
    vendor = manufacturer.upper()
    for tag in sorted(values.keys() & _PLACES.keys()):
        creator, corner = _PLACES[tag]
        named = fields.text(creator).upper()
        if named == corner.creator or (not named and vendor.startswith(corner.vendor)):
            return corner.read(fields, tag)
    if (told := _in_comment(values)) is not None:
        return float(told[1])
    found = None if CSA_IMAGES.isdisjoint(values) else _in_csa(fields)
    return _in_name(fields) if found is None else found


def weighed_in_csa(weight: float | None, values: Mapping[int, bytes]) -> bool:
    """Whether the b-value of a header with these values may come from the image header of a Siemens scanner, which
    differs from picture to picture in other ways too."""
    return weight is not None and not CSA_IMAGES.isdisjoint(values) and values.keys().isdisjoint(_VALUE_TAGS)


def direction(fields: Fields, manufacturer: str) -> tuple[float, ...] | None:
    """Which way the gradient of a picture with a b-value points, the standard's own or the maker's; or, by the name of a
    Siemens sequence, only its number. It tells pictures of one b-value apart; None for those without a direction."""
    values = fields.values
    if _DIRECTION in values:
        return _pointing(fields.doubles(_DIRECTION))
    if DIFFUSION in values and (item := fields.item(DIFFUSION)) is not None:
        return direction_in(item)
    vendor = manufacturer.upper()
    for tag in sorted(values.keys() & _WAY_PLACES.keys()):
        creator, way = _WAY_PLACES[tag]
        named = fields.text(creator).upper()
        if named == way.creator or (not named and vendor.startswith(way.vendor)):
            return _pointing(sum((way.read(fields, tag + more) for more in range(way.elements)), ()))
    if (commented := _in_comment(values)) is not None:
        return _pointing(tuple(first_decimal(one) for one in commented.groups()[1:]))
    told = _csa_of(fields, "DiffusionGradientDirection") if values.keys().isdisjoint(_VALUE_TAGS) else ()
    if told:
        return _pointing(tuple(first_decimal(one.encode()) for one in told))
    found = _IN_NAME.fullmatch(fields.text(SEQUENCE_NAME)) if SEQUENCE_NAME in values else None
    return (float(found[2]),) if found and found[2] else None


def direction_in(item: Fields) -> tuple[float, ...] | None:
    """The direction in an item of MR Diffusion (PS3.3 C.8.13.5.9)."""
    if _DIRECTION in item.values:
        return _pointing(item.doubles(_DIRECTION))
    inner = item.item(_DIRECTIONS) if _DIRECTIONS in item.values else None
    return _pointing(inner.doubles(_DIRECTION)) if inner is not None else None


def _pointing(told: tuple[float | None, ...]) -> tuple[float, ...] | None:
    found = tuple(round(value, 2) for value in told if value is not None and abs(value) < 1.1)
    return found if len(found) == 3 and any(found) else None


def may_be_weighed_in_comment(values: Mapping[int, bytes]) -> bool:
    """Whether this picture, or one of the same series, may tell its b-value in its comment."""
    return COMMENT in values and values.get(_MAKER, b"").upper().startswith(b"CANON")


def _in_comment(values: Mapping[int, bytes]) -> re.Match[bytes] | None:
    return _IN_COMMENT.search(values[COMMENT], 0, 200) if may_be_weighed_in_comment(values) else None


def _in_csa(fields: Fields) -> float | None:
    told = _csa_of(fields, "B_value")
    value = first_decimal(told[0].encode()) if told else None
    return value if value is not None and 0 <= value < 1e6 else None


def _csa_of(fields: Fields, name: str) -> tuple[str, ...]:
    raw = fields.raw(_moved(fields, CSA_IMAGE, _CSA_BLOCK))
    return csa_values(raw, (name,)).get(name, ()) if name.encode() + b"\0" in raw else ()


def _in_name(fields: Fields) -> float | None:
    found = _IN_NAME.fullmatch(fields.text(SEQUENCE_NAME)) if SEQUENCE_NAME in fields.values else None
    return float(found[1]) if found else None


_FEW_BLOCKS = range(0x10, 0x20)
CSA_IMAGES = frozenset(0x00290010 | block << 8 for block in _FEW_BLOCKS)
MOSAIC_TAGS = CSA_IMAGES | {
    tag
    for block in _FEW_BLOCKS
    for tag in (0x00290000 | block, 0x00190000 | block, 0x0019000A | block << 8, 0x0019000E | block << 8)
}


def _moved(fields: Fields, tag: int, creator: str) -> int:
    """Where an element that mostly lies in block 10 lies in this file: in the block that bears its maker's name."""
    named = (block for block in _FEW_BLOCKS if fields.text(tag & 0xFFFF0000 | block).upper() == creator)
    return tag & 0xFFFF00FF | next(named, 0x10) << 8


def mosaic(fields: Fields, image_type: tuple[str, ...]) -> tuple[int | None, Vector3 | None]:
    """(tiles, normal of the slices) of a Siemens mosaic; (None, None) where nothing tells the number of tiles."""
    if "MOSAIC" not in image_type:
        return None, None
    csa = csa_values(fields.raw(_moved(fields, CSA_IMAGE, _CSA_BLOCK)), ("NumberOfImagesInMosaic", "SliceNormalVector"))
    tiles = fields.number(_moved(fields, TILES, _MR_BLOCK)) or _count(csa.get("NumberOfImagesInMosaic", ()))
    normal = _vector(csa.get("SliceNormalVector", ()))
    if normal is None:
        stored = fields.doubles(_moved(fields, NORMAL, _MR_BLOCK))
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
