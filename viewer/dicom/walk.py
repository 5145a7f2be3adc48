"""The walk over elements: tag, length, next. No value is interpreted, no length is believed, nothing recurses.

Element: one value by its tag (PS3.5 7.1). Values come out as raw bytes; sequences as the bytes of their items, which
`items` takes apart when somebody asks. An explicit stack of at most `MAX_DEPTH` bounds nested sequences.
"""

from __future__ import annotations

import struct
from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import NamedTuple

from viewer.dicom.encoding import EXPLICIT_LE, IMPLICIT_LE, LARGE_VRS, SMALL_VRS, UNDEFINED, Encoding, elements_fit
from viewer.dicom.source import Source, memory_source

MAX_DEPTH = 32
MAX_VALUE = 64 * 1024 * 1024
MAX_ELEMENTS = 200_000
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
PICTURES = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
_HEADS = {True: struct.Struct("<HHI"), False: struct.Struct(">HHI")}
_SHORT = {True: struct.Struct("<H"), False: struct.Struct(">H")}
_LONG = {True: struct.Struct("<I"), False: struct.Struct(">I")}


class Everything:
    """A set of tags that holds each of them."""

    def __contains__(self, tag: object) -> bool:
        return True


class Damaged(Exception):
    """The structure contradicts itself; `values` up to here stand. Never leaves this room."""


class Pixels(NamedTuple):
    """The element of the picture: tag, VR (or b""), position of its value, declared length."""

    tag: int
    vr: bytes
    position: int
    length: int


class Walked(NamedTuple):
    """What a walk found. `damage` is "" or what stopped it: "cut", "structure", "depth"."""

    values: dict[int, bytes]
    pixels: Pixels | None
    end: int
    damage: str = ""
    places: Mapping[int, tuple[int, int]] = MappingProxyType({})  # (start, length) of values that were not read


class Head(NamedTuple):
    """One element's head at a position."""

    tag: int
    vr: bytes
    length: int
    start: int  # of the value


def head_at(source: Source, position: int, encoding: Encoding) -> Head | None:
    """The head of the element at `position`; None at the end of the file. A VR that is none is read as implicit."""
    raw = source.at(position, 12)
    if len(raw) < 8:
        return None
    little = encoding.little
    group, number, length = _HEADS[little].unpack_from(raw)
    tag, vr = group << 16 | number, raw[4:6]
    if group == 0xFFFE or not encoding.explicit:
        return Head(tag, b"", length, position + 8)
    if vr in SMALL_VRS:
        return Head(tag, vr, _SHORT[little].unpack_from(raw, 6)[0], position + 8)
    if vr in LARGE_VRS:
        if len(raw) < 12:
            return None
        length = _LONG[little].unpack_from(raw, 8)[0]
        if (
            raw[6:8] != b"\0\0" and length != UNDEFINED and position + 12 + length > source.size
        ):  # short, as before 1998
            return Head(tag, vr, _SHORT[little].unpack_from(raw, 6)[0], position + 8)
        return Head(tag, vr, length, position + 12)
    if vr[:1].isalpha() and vr.isupper() and raw[6:8] == b"\0\0" and len(raw) == 12:  # a VR from the future
        return Head(tag, vr, _LONG[little].unpack_from(raw, 8)[0], position + 12)
    return _without_kind(source, position, encoding, tag, length)


def _without_kind(source: Source, position: int, encoding: Encoding, tag: int, length: int) -> Head:
    """An element whose VR is none: as implicit, unless only a length of two bytes leads on to another element."""
    short = _SHORT[encoding.little].unpack_from(source.at(position + 6, 2))[0]
    start = position + 8
    ends = start + length, start + short
    if not _leads_on(source, ends[0], encoding, tag) and _leads_on(source, ends[1], encoding, tag):
        length = short
    return Head(tag, b"", length, start)


def _leads_on(source: Source, position: int, encoding: Encoding, tag: int) -> bool:
    """True where an element with a higher tag begins, or something ends."""
    raw = source.at(position, 12)
    if len(raw) < 8:
        return position == source.size
    group, number, _ = _HEADS[encoding.little].unpack_from(raw)
    if group == 0xFFFE:
        return True
    return bool((group << 16 | number) > tag and elements_fit(raw, encoding, source.size - position, 1))


def walk(
    source: Source,
    position: int,
    encoding: Encoding,
    wanted: Container[int],
    end: int | None = None,
    located: Container[int] = (),
) -> Walked:
    """Walk from `position` to the picture (or `end`), keeping the values of `wanted` tags and the places of `located`."""
    places: dict[int, tuple[int, int]] = {}
    values: dict[int, bytes] = {}
    limit = source.size if end is None else min(end, source.size)
    for _ in range(MAX_ELEMENTS):
        if position >= limit:
            return Walked(values, None, position)
        head = head_at(source, position, encoding)
        if head is None:
            return Walked(values, None, position, "cut")
        tag, vr, length, start = head
        if tag in PICTURES:
            return Walked(values, Pixels(tag, vr, start, length), start, "", places)
        if tag in (ITEM_END, SEQUENCE_END) or (tag == 0 and length == 0):
            position = start
            continue
        if length == UNDEFINED:
            try:
                stop, after = end_of_items(source, start, IMPLICIT_LE if vr == b"UN" else encoding)
            except Damaged as damage:
                return Walked(values, None, position, str(damage))
        else:
            stop = after = start + length
        if stop > limit:
            return Walked(values, None, position, "cut")
        if tag in wanted and stop - start <= MAX_VALUE:
            values[tag] = source.at(start, stop - start)
        elif tag in located:
            places[tag] = (start, stop - start)
        position = after
    return Walked(values, None, position, "structure")


def end_of_items(source: Source, position: int, encoding: Encoding) -> tuple[int, int]:
    """(end of the items, position after) of a sequence of undefined length whose items begin at `position`. Raises
    Damaged."""
    in_items = [(True, encoding)]  # True: between items of a sequence, False: among elements of an item
    for _ in range(MAX_ELEMENTS):
        between, current = in_items[-1]
        head = head_at(source, position, current)
        if head is None:
            raise Damaged("cut")
        tag, vr, length, start = head
        if tag == SEQUENCE_END or (tag == ITEM_END and not between):
            in_items.pop()
            if tag == SEQUENCE_END and not between:  # an item without its own end
                in_items.pop()
            if not in_items:
                return position, start
            position = start
            continue
        if between and tag != ITEM:
            if len(in_items) == 1 and elements_fit(source.at(position, 64), encoding, source.size - position, 1):
                return position, position  # the sequence was not ended, but what comes next is plain to see
            raise Damaged("structure")
        if length == UNDEFINED:
            if between and current == IMPLICIT_LE and elements_fit(source.at(start, 64), EXPLICIT_LE, source.size, 1):
                current = EXPLICIT_LE  # in an unknown sequence: not everybody writes those as PS3.5 6.2.2 note 4 says
            in_items.append((not between, IMPLICIT_LE if vr == b"UN" else current))
            position = start
        else:
            position = start + length
        if len(in_items) > 2 * MAX_DEPTH:
            raise Damaged("depth")
        if position > source.size:
            raise Damaged("cut")
    raise Damaged("structure")


def items(raw: bytes, encoding: Encoding, most: int = 100_000) -> list[tuple[dict[int, bytes], Encoding]]:
    """The items of a sequence: all values of each, and the encoding they really use (UN hides implicit ones)."""
    source = memory_source(raw)
    found: list[tuple[dict[int, bytes], Encoding]] = []
    position = 0
    while position + 8 <= len(raw) and len(found) < most:
        head = head_at(source, position, encoding)
        if head is None or head.tag != ITEM:
            break
        inside = _item_encoding(raw[head.start : head.start + 64], encoding, len(raw) - head.start)
        if head.length == UNDEFINED:
            try:
                stop, after = _end_of_item(source, head.start, inside)
            except Damaged:
                stop = after = len(raw)
        else:
            stop = after = min(head.start + head.length, len(raw))
        found.append((walk(source, head.start, inside, Everything(), stop).values, inside))
        position = after
    return found


def _end_of_item(source: Source, position: int, encoding: Encoding) -> tuple[int, int]:
    for _ in range(MAX_ELEMENTS):
        head = head_at(source, position, encoding)
        if head is None:
            raise Damaged("cut")
        if head.tag == ITEM_END:
            return position, head.start
        if head.length == UNDEFINED:
            position = end_of_items(source, head.start, IMPLICIT_LE if head.vr == b"UN" else encoding)[1]
        else:
            position = head.start + head.length
    raise Damaged("structure")


def _item_encoding(start: bytes, encoding: Encoding, size: int) -> Encoding:
    if elements_fit(start, encoding, size, 1) or len(start) < 12:
        return encoding
    other = IMPLICIT_LE if encoding.explicit else EXPLICIT_LE
    return other if elements_fit(start, other, size, 1) else encoding
