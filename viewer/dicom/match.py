"""Following a learned layout through the head of a file: at one go, in long stretches, and step by step.

A *stretch* is everything up to the next value whose length varies; values of a constant length within it are holes. One
unpacking of the bytes between the holes and one comparison check it. Where the head of the file ends, or items of
undefined length are to be passed, *steps* go on, one for each value that varies: they check each length and read on.
Values of a series differ in few lengths: a *whole*, one for each combination of them, checks everything before the
picture at one go.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import NamedTuple

from viewer.dicom.encoding import Encoding
from viewer.dicom.source import Source
from viewer.dicom.walk import Damaged, end_of_items

_MORE = 4096  # bytes read at least where a file has to be read on
_MOST_OWN = 64 * 1024  # bytes of one value


class Element(NamedTuple):
    """One element of a walked file; within a sequence `tag` has those of the sequences around it in its higher bits."""

    tag: int
    length_at: int
    width: int  # of the length field
    end: int
    nested: Encoding | None  # undefined length: how the items are written


class _Step(NamedTuple):
    """A block that must come again, then a length of `width` bytes and a value, kept where `tag` is not 0."""

    block: bytes
    size: int
    width: int
    tag: int
    nested: Encoding | None


class _Stretch(NamedTuple):
    """`size` bytes of which those `between` holes must come again, then a length of `width` bytes and a value, kept
    where `tag` is not 0. `holes` are (tag, first, end) of values to keep. `step` is the number of its first step."""

    unpack: Callable[[bytes, int], tuple[bytes, ...]]
    between: tuple[bytes, ...]
    size: int
    holes: tuple[tuple[int, int, int], ...]
    gaps: tuple[tuple[int, int], ...]  # (first, end) of all holes
    width: int  # 0: the last one, no length follows
    tag: int
    step: int


@dataclass(frozen=True, slots=True)
class Way:
    """The way through the files of one kind, from the first byte to the picture. `kept`: tags whose values it takes."""

    steps: tuple[_Step, ...]
    last: bytes  # from the last value that varies to the picture
    stretches: tuple[_Stretch, ...]
    rest: int  # the number of the step that comes after the stretches, where these do not reach the picture
    kept: frozenset[int]
    jumps: tuple[tuple[int, int], ...]  # of the stretches that end with a length: their size, and its width


def way_through(elements: list[Element], data: bytes, varying: Set[int], elastic: Set[int], own: Set[int]) -> Way:
    """The way that one file teaches: `data` up to its picture, and its `elements`.

    varying: tags whose values differ from file to file; those of `elastic` in length too. own: tags of values to keep.
    """
    steps: list[_Step] = []
    begin = 0
    for element in elements:
        if element.tag in varying:
            block = data[begin : element.length_at + (element.width if element.nested else 0)]
            tag = element.tag if element.tag in own else 0
            steps.append(_Step(block, len(block), element.width, tag, element.nested))
            begin = element.end
    varied = [element for element in elements if element.tag in varying]
    stretches, rest = _stretches(varied, data, elastic, own)
    kept = frozenset(step.tag for step in steps)
    jumps = tuple((stretch.size, stretch.width) for stretch in stretches if stretch.width)
    return Way(tuple(steps), data[begin:], stretches, rest, kept, jumps)


def _stretches(
    varied: list[Element], data: bytes, elastic: Set[int], own: Set[int]
) -> tuple[tuple[_Stretch, ...], int]:
    """Stretches up to the picture, or to the first items of undefined length, and the number of the step after them."""
    made: list[_Stretch] = []
    start, step, layout = 0, 0, "<"
    between: list[bytes] = []
    holes: list[tuple[int, int, int]] = []
    gaps: list[tuple[int, int]] = []
    begin = 0

    def close(block: bytes, size: int, width: int, tag: int) -> None:
        unpack = struct.Struct(f"{layout}{len(block)}s").unpack_from
        made.append(_Stretch(unpack, (*between, block), size, tuple(holes), tuple(gaps), width, tag, step))

    for number, element in enumerate(varied):
        tag = element.tag if element.tag in own else 0
        if element.nested is not None:
            return tuple(made), step
        if element.tag in elastic:
            close(data[begin : element.length_at], element.length_at - start, element.width, tag)
            start, step, layout, between, holes = element.end, number + 1, "<", [], []
            gaps = []
        else:
            first = element.length_at + element.width
            layout += f"{first - begin}s{element.end - first}x"
            between.append(data[begin:first])
            gaps.append((first - start, element.end - start))
            if tag:
                holes.append((tag, first - start, element.end - start))
        begin = element.end
    close(data[begin:], len(data) - start, 0, 0)
    return tuple(made), len(varied)


class Whole(NamedTuple):
    """All bytes before the picture at `position`: those `between` the holes must come again. `tags` are those of the values
    in the holes (`cut` cuts them out) and of those `beside` them."""

    unpack: Callable[[bytes, int], tuple[bytes, ...]]
    between: tuple[bytes, ...]
    cut: Callable[[bytes, int], tuple[bytes, ...]]
    tags: tuple[int, ...]
    beside: tuple[bytes, ...]
    position: int

    def values(self, head: bytes) -> dict[int, bytes] | None:
        """The values of its own of such a file, else None."""
        unpack, between, cut, tags, beside, position = self
        if len(head) < position or unpack(head, 0) != between:
            return None
        return dict(zip(tags, (*beside, *cut(head, 0))))


def lengths_of(way: Way, head: bytes) -> tuple[int, ...] | None:
    """The lengths of the values that differ in length, where `head` is of such a file: nothing else of it is looked at.
    None where it ends before the last of them."""
    at, lengths = 0, []
    try:
        for size, width in way.jumps:
            at += size
            length = head[at] | head[at + 1] << 8
            if width == 4:
                length |= head[at + 2] << 16 | head[at + 3] << 24
            lengths.append(length)
            at += width + length
    except IndexError:
        return None
    return tuple(lengths)


def whole_of(way: Way, head: bytes, beside: dict[int, bytes]) -> Whole:
    """What the next file with the same lengths is compared with; `head` was followed to its picture by stretches. beside:
    values that hold where the file has none of its own."""
    layout, at, begin = "<", 0, 0
    between: list[bytes] = []
    holes: list[tuple[int, int, int]] = []
    for stretch in way.stretches:
        gaps = [(at + first, at + end) for first, end in stretch.gaps]
        holes += [(tag, at + first, at + end) for tag, first, end in stretch.holes]
        at += stretch.size
        if stretch.width:
            first = at + stretch.width
            end = first + int.from_bytes(head[at:first], "little")
            gaps.append((first, end))
            if stretch.tag:
                holes.append((stretch.tag, first, end))
            at = end
        for first, end in gaps:
            layout += f"{first - begin}s{end - first}x"
            between.append(head[begin:first])
            begin = end
    unpack = struct.Struct(f"{layout}{at - begin}s").unpack_from
    cut, tags = "<", tuple(tag for tag, _, _ in holes)
    for (_, first, end), before in zip(holes, (0, *(end for _, _, end in holes))):
        cut += f"{first - before}x{end - first}s"
    return Whole(
        unpack, (*between, head[begin:at]), struct.Struct(cut).unpack_from, (*beside, *tags), tuple(beside.values()), at
    )


class Stuck(NamedTuple):
    """The stretches lead no further within the head: `follow_on` goes on with step `step` at `position`."""

    step: int
    position: int


def follow(way: Way, head: bytes, own: dict[int, bytes]) -> int | Stuck | None:
    """Follow `way` through the first bytes of a file: the position of its picture, or None for another kind of file.

    Values are put into `own`. This loop runs over every file of a disc.
    """
    at = begin = before = step = step_before = 0
    try:
        for unpack, between, size, holes, _, width, tag, number in way.stretches:
            before, begin, step_before, step = begin, at, step, number
            if unpack(head, at) != between:
                return None
            for hole, first, end in holes:
                own[hole] = head[at + first : at + end]
            at += size
            if width == 0:
                return at
            if width == 2:
                length = head[at] | head[at + 1] << 8
            else:
                length = int.from_bytes(head[at : at + 4], "little")
            at += width
            if tag:
                own[tag] = head[at : at + length]
            at += length
    except (struct.error, IndexError):
        pass
    else:
        before, begin, step_before, step = begin, at, step, way.rest
    if begin <= len(head):
        return Stuck(step, begin)
    return Stuck(step_before, before)  # the value before was cut off by the end of the head: it is read once more


def follow_on(way: Way, source: Source, stuck: Stuck, own: dict[int, bytes]) -> int | None:
    """Go on step by step, reading on where the bytes at hand end; the position of the picture, or None."""
    data, base = source.data, source.base
    at = stuck.position - base
    for block, size, width, tag, nested in way.steps[stuck.step :]:
        if at + size + 4 > len(data):
            if not block.startswith(data[at : at + size]):  # nothing is read on for a layout that does not fit
                return None
            source.move(base + at, max(_MORE, size + 8))
            data, base, at = source.data, source.base, 0
        if not data.startswith(block, at):
            return None
        at += size
        if nested is not None:
            after = _after_items(source, base + at, nested)
            if after < 0:
                return None
            data, base, at = source.data, source.base, after - source.base
            continue
        length = int.from_bytes(data[at : at + width], "little")
        at += width
        if tag:
            if length > _MOST_OWN:
                return None
            if at + length > len(data):
                source.move(base + at, max(_MORE, length))
                data, base, at = source.data, source.base, 0
            own[tag] = data[at : at + length]
        at += length
    size = len(way.last)
    if at + size > len(data):
        if not way.last.startswith(data[at : at + size]):
            return None
        source.move(base + at, max(_MORE, size))
        data, base, at = source.data, source.base, 0
    return base + at + size if data.startswith(way.last, at) else None


def _after_items(source: Source, position: int, encoding: Encoding) -> int:
    try:
        return end_of_items(source, position, encoding)[1]
    except Damaged:
        return -1
