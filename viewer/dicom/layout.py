"""Learned layouts: the files of a series repeat nearly all of their bytes, so nearly all are compared, not walked.

A layout is made from one walked file: blocks of bytes that must come again exactly (tags, VRs, and every value that
the series shares), and between them elements whose value differs from file to file and whose length is read. A file
that fits no layout is walked, and teaches one. Nothing is guessed: each byte before the picture is either equal to a
byte that was walked, or is the value of an element whose head was compared.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from operator import length_hint
from typing import NamedTuple, TypeVar

from viewer.dicom.encoding import EXPLICIT_LE, IMPLICIT_LE, UNDEFINED, Encoding, Syntax, syntax
from viewer.dicom.facts import FACTS
from viewer.dicom.fields import Fields
from viewer.dicom.frames import FRAME_GROUPS, SHARED_GROUPS
from viewer.dicom.header import FrameFacts, Header, PixelPlace
from viewer.dicom.pet import PET_TAGS
from viewer.dicom.place import locate_fragments
from viewer.dicom.rescale import rescale
from viewer.dicom.source import FileFacts, Source
from viewer.dicom.tables import windows
from viewer.dicom.walk import PICTURES, Damaged, Pixels, end_of_items, head_at

MOST_LAYOUTS = 32
_MORE = 4096
_MOST_OWN = 64 * 1024
_MOST_HEADER = 1024 * 1024
_META_START = 132
_UID, _INSTANCE, _ACQUISITION, _TIME = 0x00080018, 0x00200013, 0x00200012, 0x00080032
_POSITION, _TRIGGER, _TEMPORAL, _RATIO, _REFERENCE = 0x00200032, 0x00181060, 0x00200100, 0x00282112, 0x00541300
_CENTRE, _WIDTH, _SLOPE, _INTERCEPT = 0x00281050, 0x00281051, 0x00281053, 0x00281052

# wanted tags whose value may differ within a layout; where any other wanted value differs, another layout is made.
# Of these the first five, and the unwanted ones below, are taken to differ from the start; others once they were seen to
_OWN = frozenset({
    _UID, _INSTANCE, _TIME, _POSITION, _CENTRE, _WIDTH,
    _ACQUISITION, _TRIGGER, _TEMPORAL, _RATIO, _SLOPE, _INTERCEPT, _REFERENCE,
})  # fmt: skip
_BESIDE_OWN = (
    0x00080005,
    _SLOPE,
    _INTERCEPT,
    _CENTRE,
    _WIDTH,
    0x00281054,
    0x00281055,
    0x00281056,
)  # what the values of own tags are read with

# unwanted tags that differ nearly always: meta length and UID, times, location, extremes; others are learned
_RESTLESS = frozenset({
    0x00020000, 0x00020003, 0x00080012, 0x00080013, 0x00080022, 0x00080023, 0x0008002A, 0x00080033, 0x00201041,
    0x00280106, 0x00280107, 0x00291010, 0x00291020, _UID, _INSTANCE, _TIME, _POSITION, _CENTRE, _WIDTH,
})  # fmt: skip

_WANTED = (FACTS | {0x00020002, 0x00020010}) - PET_TAGS  # those are told of PET only, whose layouts compare them

_Kind = TypeVar("_Kind", Header, FrameFacts)


class _Element(NamedTuple):
    tag: int
    start: int  # of the head
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


@dataclass(frozen=True, slots=True)
class Layout:
    """What one file taught: `header_facts` and `frame_facts`, by name, are what its series shares."""

    steps: tuple[_Step, ...]
    last: bytes  # from the last varying value to the start of the picture
    pixels: Pixels
    kind: Syntax
    encoding: Encoding
    own: frozenset[int]  # tags of steps
    beside: dict[int, bytes]
    header_facts: dict[str, object]
    frame_facts: dict[str, object]

    def match(self, source: Source) -> tuple[dict[int, bytes], int] | None:
        """(values of own tags, position of the picture) where every block comes again, else None."""
        own = self.beside.copy()
        position = _follow(self, source, own)
        return None if position is None else (own, position)


class Layouts:
    """The layouts learned so far, the last that fitted first."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, int], Layout] = OrderedDict()
        self._traces: dict[tuple[str, int], tuple[list[_Element], bytes]] = {}
        self._restless = set(_RESTLESS)

    def read(self, found: FileFacts, source: Source) -> Header | None:
        """The header of a file that fits a layout, else None. Raises ProblemError where a read fails."""
        head = source.data
        for key in reversed(self._known):
            layout = self._known[key]
            matched = layout.match(source)
            if matched is not None:
                if key != next(reversed(self._known)):
                    self._known.move_to_end(key)
                return _header(layout, found, source, *matched)
            source.data, source.base = head, 0
        return None

    def learn(self, source: Source, start: int, encoding: Encoding, header: Header, values: dict[int, bytes]) -> None:
        """Make a layout of a file that was walked, where its kind allows one."""
        if not _is_teachable(header, values) or encoding not in (EXPLICIT_LE, IMPLICIT_LE):
            return
        traced = _trace(source, start, encoding)
        if traced is None:
            return
        elements, pixels = traced
        if pixels.position > _MOST_HEADER:
            return
        data = source.at(0, pixels.position)
        key = (header.series_uid, hash(tuple(element.tag for element in elements)))
        self._compare(self._traces.get(key), elements, data)
        self._traces[key] = (elements, data)
        self._known[key] = self._layout(elements, data, pixels, encoding, header, values)
        self._known.move_to_end(key)
        while len(self._known) > MOST_LAYOUTS:
            self._traces.pop(self._known.popitem(last=False)[0], None)

    def _layout(
        self,
        elements: list[_Element],
        data: bytes,
        pixels: Pixels,
        encoding: Encoding,
        header: Header,
        values: dict[int, bytes],
    ) -> Layout:
        restless = self._restless if header.pet is None else self._restless - PET_TAGS
        steps, last = _steps(elements, data, restless)
        return Layout(
            steps,
            last,
            pixels,
            syntax(header.transfer_syntax),
            encoding,
            frozenset(step.tag for step in steps),
            {tag: values[tag] for tag in _BESIDE_OWN if tag in values},
            vars(header).copy(),
            vars(header.shared).copy(),
        )

    def _compare(self, before: tuple[list[_Element], bytes] | None, elements: list[_Element], data: bytes) -> None:
        """Learn which values differ between two files of one series, of own tags and of unwanted ones."""
        if before is None:
            return
        for old, new in zip(before[0], elements):
            if (new.tag in _OWN or new.tag not in _WANTED) and (
                before[1][old.length_at : old.end] != data[new.length_at : new.end]
            ):
                self._restless.add(new.tag)


def _is_teachable(header: Header, values: dict[int, bytes]) -> bool:
    """Plain files of one frame, without anything to say about them; the rest is walked each time."""
    return (
        header.frames == 1
        and not header.problems
        and header.place is not None
        and not header.per_frame
        and not header.overlays
        and bool(header.series_uid)
        and "MOSAIC" not in header.image_type
        and _UID in values
        and (_POSITION in values) == (header.shared.position is not None)
        and SHARED_GROUPS not in values
        and FRAME_GROUPS not in values
    )


def _trace(source: Source, start: int, encoding: Encoding) -> tuple[list[_Element], Pixels] | None:
    """Every element from the meta group to the picture; None where one cannot be walked."""
    found: list[_Element] = []
    position = _META_START
    while True:
        current = EXPLICIT_LE if position < start else encoding
        head = head_at(source, position, current)
        if head is None or (current.explicit and not head.vr):  # an element without a VR is not one to learn from
            return None
        if head.tag in PICTURES:
            return found, Pixels(head.tag, head.vr, head.start, head.length)
        width = 2 if head.vr and head.start - position == 8 else 4
        nested, end = None, head.start + head.length
        if head.length == UNDEFINED:
            nested = IMPLICIT_LE if head.vr == b"UN" else current
            try:
                end = end_of_items(source, head.start, nested)[1]
            except Damaged:
                return None
        found.append(_Element(head.tag, position, head.start - width, width, end, nested))
        position = end


def _steps(elements: list[_Element], data: bytes, restless: set[int]) -> tuple[tuple[_Step, ...], bytes]:
    steps: list[_Step] = []
    begin = 0
    for element in elements:
        if element.tag in restless:
            block = data[begin : element.length_at + (element.width if element.nested else 0)]
            tag = element.tag if element.tag in _OWN else 0
            steps.append(_Step(block, len(block), element.width, tag, element.nested))
            begin = element.end
    return tuple(steps), data[begin:]


def _follow(layout: Layout, source: Source, own: dict[int, bytes]) -> int | None:
    """Follow the steps through the head of the file; the position of the picture, or None.

    Values of own tags are put into `own`. This loop runs over every file of a disc: what lies outside of the bytes at
    hand is left to `_follow_on`, which checks each length and reads on.
    """
    data, at, begin, before = source.data, 0, 0, 0
    starts = data.startswith
    steps = iter(layout.steps)
    try:
        for block, size, width, tag, nested in steps:
            before = begin
            begin = at
            if nested is not None or not starts(block, at):
                if not block.startswith(data[at : at + size]):
                    return None
                break
            at += size
            if width == 2:
                length = data[at] | data[at + 1] << 8
            else:
                length = int.from_bytes(data[at : at + 4], "little")
            at += width
            if tag:
                own[tag] = data[at : at + length]
            at += length
        else:
            if starts(layout.last, at):
                return at + len(layout.last)
            if not layout.last.startswith(data[at : at + len(layout.last)]):
                return None
            return _follow_on(layout, source, -1, begin, own)
    except IndexError:
        pass
    # the value before may have been cut off by the end of the data: it is read once more
    number = len(layout.steps) - length_hint(steps) - 2
    return _follow_on(layout, source, number, before, own) if number >= 0 else _follow_on(layout, source, 0, 0, own)


def _follow_on(layout: Layout, source: Source, first: int, position: int, own: dict[int, bytes]) -> int | None:
    """Like `_follow`, from step `first`, which begins at `position`, reading on where the data end."""
    data, base = source.data, source.base
    at = position - base
    for block, size, width, tag, nested in layout.steps[first:]:
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
    size = len(layout.last)
    if at + size > len(data):
        if not layout.last.startswith(data[at : at + size]):
            return None
        source.move(base + at, max(_MORE, size))
        data, base, at = source.data, source.base, 0
    return base + at + size if data.startswith(layout.last, at) else None


def _after_items(source: Source, position: int, encoding: Encoding) -> int:
    try:
        return end_of_items(source, position, encoding)[1]
    except Damaged:
        return -1


def _header(layout: Layout, found: FileFacts, source: Source, own: dict[int, bytes], position: int) -> Header | None:
    """The header of a file that fits; None where its own values need a word, which the walk will say."""
    values = Fields(own, layout.encoding)
    place = _place(layout, found, source, position)
    sop_uid = values.uid(_UID)
    frame_facts = layout.frame_facts.copy()
    if place is None or not sop_uid or not _take_frame_facts(frame_facts, values, layout.own):
        return None
    facts = layout.header_facts.copy()
    if _INSTANCE in layout.own:
        facts["instance_number"] = values.integer(_INSTANCE)
    if _ACQUISITION in layout.own:
        facts["acquisition_number"] = values.integer(_ACQUISITION)
    if _RATIO in layout.own:
        facts["lossy_ratio"] = values.decimal(_RATIO)
    facts["path"], facts["size"], facts["sop_uid"], facts["place"] = found.path, found.size, sop_uid, place
    facts["shared"] = _of(FrameFacts, frame_facts)
    return _of(Header, facts)


def _of(kind: type[_Kind], facts: dict[str, object]) -> _Kind:
    """A frozen record with these values of *all* of its fields: ten times as fast as its `__init__`."""
    made = object.__new__(kind)
    object.__setattr__(made, "__dict__", facts)
    return made


def _take_frame_facts(facts: dict[str, object], values: Fields, own: frozenset[int]) -> bool:
    """Put the file's own values over the shared ones; False where one of them needs a word."""
    if _POSITION in own:
        facts["position"] = position = values.vector3(_POSITION)
        if position is None:
            return False
    if _CENTRE in own or _WIDTH in own:
        facts["windows"] = windows(values)
    if _SLOPE in own or _INTERCEPT in own:
        scale = rescale(values)
        if scale.word or not scale.present:
            return False
        facts["slope"], facts["intercept"] = scale.slope, scale.intercept
    if _TIME in own:
        facts["acquisition_time"] = values.text(_TIME)
    if _TEMPORAL in own:
        facts["temporal"] = values.integer(_TEMPORAL)
    if _TRIGGER in own:
        facts["trigger_time"] = values.decimal(_TRIGGER)
    if _REFERENCE in own:
        facts["reference_ms"] = values.decimal(_REFERENCE)
    return True


def _place(layout: Layout, found: FileFacts, source: Source, position: int) -> PixelPlace | None:
    """Where the picture lies, where it is whole; None where there is something to say about it."""
    length = layout.pixels.length
    if length != UNDEFINED:
        return PixelPlace(position, length) if position + length <= found.size else None
    located = locate_fragments(source, layout.pixels._replace(position=position), 1, layout.kind, found.path)
    return located.place if located.frames == 1 and not located.problems else None
