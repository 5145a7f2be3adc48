"""Trace: every element of a file from the meta group to the picture, sequences of undefined length taken apart."""

from __future__ import annotations

from collections.abc import Set

from viewer.dicom.encoding import EXPLICIT_LE, IMPLICIT_LE, UNDEFINED, Encoding
from viewer.dicom.match import Element
from viewer.dicom.source import Source
from viewer.dicom.walk import ITEM, ITEM_END, PICTURES, SEQUENCE_END, Damaged, Head, Pixels, end_of_items, head_at

_MOST_ELEMENTS = 20_000
_DEEPEST = 8  # sequences within one another
_META_START = 132


def trace(source: Source, start: int, encoding: Encoding, whole: Set[int]) -> tuple[list[Element], Pixels] | None:
    """Every element up to the picture, and where that is; None where one cannot be walked. start: of the data set, which
    is written in `encoding`. whole: tags of sequences that stay one element."""
    found: list[Element] = []
    position = _META_START
    while len(found) < _MOST_ELEMENTS:
        current = EXPLICIT_LE if position < start else encoding
        head = head_at(source, position, current)
        if head is None or (current.explicit and not head.vr):  # an element without a VR is not one to learn from
            return None
        if head.tag in PICTURES:
            return found, Pixels(head.tag, head.vr, head.start, head.length)
        if head.length == UNDEFINED:
            nested = IMPLICIT_LE if head.vr == b"UN" else current
            position = _trace_sequence(source, head, nested, head.tag in whole, found)
            if position < 0:
                return None
        else:
            found.append(_element(head, position))
            position = found[-1].end
    return None


def _element(head: Head, position: int, around: int = 0) -> Element:
    width = 2 if head.vr and head.start - position == 8 else 4
    return Element(around << 32 | head.tag, head.start - width, width, head.start + head.length, None)


def _trace_sequence(source: Source, head: Head, encoding: Encoding, is_whole: bool, found: list[Element]) -> int:
    """Add what is within a sequence of undefined length, or the sequence as one element; the position after, or -1."""
    inner: list[Element] = []
    after = -1 if is_whole else _trace_items(source, head.tag, head.start, encoding, inner, 1)
    if after >= 0:
        found += inner
        return after
    try:
        after = end_of_items(source, head.start, encoding)[1]
    except Damaged:
        return -1
    found.append(Element(head.tag, head.start - 4, 4, after, encoding))
    return after


def _trace_items(
    source: Source, around: int, position: int, encoding: Encoding, found: list[Element], depth: int
) -> int:
    """Add the elements of all items, which are of undefined length too; the position after them, or -1 where not."""
    in_item = False
    while depth <= _DEEPEST and len(found) < _MOST_ELEMENTS:
        head = head_at(source, position, encoding)
        if head is None or head.start > source.size:
            return -1
        if head.tag == (ITEM_END if in_item else SEQUENCE_END):
            if not in_item:
                return head.start
            in_item, position = False, head.start
        elif not in_item:
            if head.tag != ITEM or head.length != UNDEFINED:
                return -1
            in_item, position = True, head.start
        elif head.tag >> 16 == 0xFFFE or (encoding.explicit and not head.vr):
            return -1
        elif head.length == UNDEFINED:
            inside = IMPLICIT_LE if head.vr == b"UN" else encoding
            position = _trace_items(source, around << 32 | head.tag, head.start, inside, found, depth + 1)
            if position < 0:
                return -1
        else:
            found.append(_element(head, position, around))
            position = found[-1].end
    return -1
