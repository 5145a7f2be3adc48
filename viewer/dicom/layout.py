"""Learned layouts: the files of a series repeat nearly all of their bytes, so nearly all are compared, not walked.

A layout is made from one walked file: blocks of bytes that must come again exactly (tags, VRs, lengths, and every value
that the series shares), and between them values that differ from file to file. A file that fits no layout is walked,
and teaches one. Nothing is guessed: each byte before the picture is either equal to a byte that was walked, or is the
value of an element whose head was compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeVar

from viewer.dicom.encoding import EXPLICIT_LE, IMPLICIT_LE, UNDEFINED, Encoding, Syntax, syntax
from viewer.dicom.facts import FACTS
from viewer.dicom.functional_groups import FRAME_GROUPS, SHARED_GROUPS
from viewer.dicom.header import FrameFacts, Header, PixelPlace, mould, record
from viewer.dicom.match import Element, Stuck, Way, Whole, follow, follow_on, lengths_of, way_through, whole_of
from viewer.dicom.pet import PET_TAGS
from viewer.dicom.place import locate_fragments
from viewer.dicom.shelf import SERIES, Shelf
from viewer.dicom.source import FileFacts, FileReader, Source, source_of
from viewer.dicom.taken import BESIDE, OWN, POSITION, UID, Takers
from viewer.dicom.trace import trace
from viewer.dicom.vendor import COMMENT, CSA_IMAGES, may_be_weighed_in_comment, weighed_in_csa
from viewer.dicom.walk import Pixels

HEAD, MOST_HEAD, _PAGE = 16 * 1024, 64 * 1024, 4096
_MARGIN = 512  # bytes by which the next header may be longer
MOST_LESSONS = 24  # of one kind of file: where more is learned than is of use, walking is quicker
_MOST_HEADER = 1024 * 1024
_MOST_WHOLES, _MOST_LIKELY = 64, 4  # of one layout, and of one size: to compare all is slower than to look for one
_CHARSET = 0x00080005

# wanted tags whose value may differ within a layout are OWN; where any other wanted value differs, another layout is
# made. These, wanted or not, are taken to differ from the start, others once they were seen to
_RESTLESS = frozenset({
    0x00020000, 0x00020003, 0x00080012, 0x00080013, 0x00080018, 0x00080022, 0x00080023, 0x0008002A, 0x00080032,
    0x00080033, 0x00200013, 0x00200032, 0x00201041, 0x00280106, 0x00280107, 0x00281050, 0x00281051, 0x00291010,
    0x00291020, COMMENT, *CSA_IMAGES,
})  # fmt: skip
_ELASTIC = frozenset({0x00020003, 0x00080018, 0x00200013, 0x00200032, 0x00201041, 0x00281050, 0x00281051, COMMENT})
_WANTED = (FACTS | {0x00020002, 0x00020010}) - PET_TAGS  # those are told of PET only, whose layouts compare them
_Key = tuple[str, int]
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, eq=False)
class Layout:
    """What one file taught."""

    key: _Key
    way: Way
    pixels: Pixels
    kind: Syntax
    beside: dict[int, bytes]
    takers: Takers
    taught: Header
    wholes: dict[tuple[int, ...] | None, Whole] = field(default_factory=dict)  # by the lengths of its values
    likely: dict[int, tuple[Whole, ...]] = field(default_factory=dict)  # by size: those that fitted, the last one first

    # Made once a second file is like the first: where each is a series of its own, thousands would be made for nothing.
    @cached_property
    def header(self) -> type[Header]:
        """The mould of what the headers of its series share."""
        return mould(Header, vars(self.taught))

    @cached_property
    def frame(self) -> type[FrameFacts]:
        """The mould of what their frames share."""
        return mould(FrameFacts, vars(self.taught.shared))

    def whole(self, size: int, head: bytes) -> tuple[dict[int, bytes], int] | None:
        """The values of its own of a file of this size whose lengths are known, and where its picture lies; else None."""
        guesses = self.likely.get(size, ())
        for guess in guesses:
            if (own := guess.values(head)) is not None:
                return own, guess.position
        whole = self.wholes.get(lengths_of(self.way, head)) if self.wholes else None
        if whole is None or whole in guesses or (own := whole.values(head)) is None:
            return None
        self._keep(self.likely, size, (whole, *guesses[: _MOST_LIKELY - 1]))
        return own, whole.position

    def follow(self, size: int, head: bytes, own: dict[int, bytes]) -> int | Stuck | None:
        """`match.follow` for a file of this size; the next one with the same lengths is a whole."""
        position = follow(self.way, head, own)
        if type(position) is int:
            made = whole_of(self.way, head, self.beside)
            self._keep(self.likely, size, (made, *self.likely.get(size, ())[: _MOST_LIKELY - 1]))
            self._keep(self.wholes, lengths_of(self.way, head), made)
        return position

    @staticmethod
    def _keep(shelf: dict[K, V], key: K, value: V) -> None:
        if len(shelf) >= _MOST_WHOLES:
            shelf.clear()
        shelf[key] = value


class Layouts:
    """The layouts learned so far. Safe to use from several threads: what one learns late costs the other a walk."""

    def __init__(self) -> None:
        self._shelf = Shelf[_Key, Layout]()
        self._last: Layout | None = None  # that fitted
        self._by_turns = False  # files of several series take turns
        self.enough = HEAD  # first bytes in which files like the last one have their whole header
        self._traces: dict[_Key, tuple[list[Element], bytes]] = {}
        self._lessons: dict[_Key, int] = {}
        self._restless = set(_RESTLESS)
        self._elastic = set(_ELASTIC)

    def read(self, medium: FileReader, found: FileFacts, head: bytes) -> Header | None:
        """The header of a file that fits a layout, else None; head: its first bytes. Raises ProblemError where a read
        fails."""
        last = None if self._by_turns else self._last
        if last is not None and (whole := last.whole(found.size, head)) is not None:  # nearly every file of a disc
            return _header(last, found, whole[0], _place(last, whole[1], medium, found, head))
        likely = self._likely(head)
        for layout in likely:
            if layout is not last and (whole := layout.whole(found.size, head)) is not None:
                self._take(layout)
                return _header(layout, found, whole[0], _place(layout, whole[1], medium, found, head))
        for layout in likely:
            own = layout.beside.copy()
            position = layout.follow(found.size, head, own)
            if isinstance(position, Stuck):
                position = follow_on(layout.way, source_of(medium, found, head), position, own)
            if position is not None:
                self._take(layout)
                self.enough = _enough(position)
                return _header(layout, found, own, _place(layout, position, medium, found, head))
        return None

    def _take(self, layout: Layout) -> None:
        """Files of a series mostly follow one another; where they do not, they are asked for the one that they name first."""
        self._by_turns = layout is not self._last
        self._last = layout

    def _likely(self, head: bytes) -> list[Layout]:
        """Those of the series that this file names, and the one that fitted last."""
        named = list(self._shelf.alike(head))
        return named if self._last is None or self._last in named else [*named, self._last]

    def learn(self, source: Source, start: int, encoding: Encoding, header: Header, values: dict[int, bytes]) -> None:
        """Make a layout of a file that was walked, where its kind allows one."""
        if not _is_teachable(header, values) or encoding not in (EXPLICIT_LE, IMPLICIT_LE):
            return
        traced = trace(source, start, encoding, _WANTED)
        if traced is None or traced[1].position > _MOST_HEADER:
            return
        if header.place is None or header.place.encapsulated != (traced[1].length == UNDEFINED):
            return
        elements, pixels = traced
        self.enough = _enough(pixels.position)
        data = source.at(0, pixels.position)
        key = (header.series_uid, hash((encoding, *(element.tag for element in elements))))
        lesson = self._lessons[key] = self._lessons.get(key, 0) + 1
        if lesson > MOST_LESSONS:
            return
        self._compare(self._traces.get(key), elements, data)
        self._traces[key] = (elements, data)
        self._keep(self._layout(key, elements, data, pixels, header, values), values[SERIES], len(data))

    def _layout(
        self,
        key: _Key,
        elements: list[Element],
        data: bytes,
        pixels: Pixels,
        header: Header,
        values: dict[int, bytes],
    ) -> Layout:
        restless = self._restless if header.pet is None else self._restless - PET_TAGS
        way = way_through(elements, data, restless, self._elastic, OWN)
        declared = values.get(_CHARSET, b"").decode("ascii", "replace").strip(" \0")
        return Layout(
            key,
            way,
            pixels,
            syntax(header.transfer_syntax),
            {tag: values[tag] for tag in BESIDE if tag in values},
            Takers(way.kept, declared, has_rescale=header.shared.has_rescale),
            header,
        )

    def _keep(self, made: Layout, series: bytes, size: int) -> None:
        self._last = made
        for key in self._shelf.put(made.key, series, made, size):
            self._traces.pop(key, None)
            self._lessons.pop(key, None)

    def _compare(self, before: tuple[list[Element], bytes] | None, elements: list[Element], data: bytes) -> None:
        """Learn which values differ between two files of one series, of own tags and of unwanted ones."""
        if before is None:
            return
        for old, new in zip(before[0], elements):
            if new.tag in OWN or new.tag in _RESTLESS or new.tag not in _WANTED:
                if old.end - old.length_at != new.end - new.length_at:
                    self._elastic.add(new.tag)
                    self._restless.add(new.tag)
                elif before[1][old.length_at : old.end] != data[new.length_at : new.end]:
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
        and SERIES in values
        and "MOSAIC" not in header.image_type
        and UID in values
        and (POSITION in values) == (header.shared.position is not None)
        and SHARED_GROUPS not in values
        and FRAME_GROUPS not in values
        and not weighed_in_csa(header.shared.b_value, values)
        and not may_be_weighed_in_comment(values)
    )


def _header(layout: Layout, found: FileFacts, own: dict[int, bytes], place: PixelPlace | None) -> Header | None:
    """The header of a file that fits; None where its own values need a word, which the walk will say."""
    if place is None:
        return None
    frame: dict[str, object] = {}
    facts: dict[str, object] = {"path": found.path, "size": found.size, "place": place}
    if not layout.takers.take(own, facts, frame):
        return None
    facts["shared"] = record(layout.frame, frame)
    return record(layout.header, facts)


def _place(layout: Layout, position: int, medium: FileReader, found: FileFacts, head: bytes) -> PixelPlace | None:
    """Where the picture lies, where it is whole; None where there is something to say about it."""
    length = layout.pixels.length
    if length != UNDEFINED:
        return _plain_place(position, length) if position + length <= found.size else None
    pixels = layout.pixels._replace(position=position)
    located = locate_fragments(source_of(medium, found, head), pixels, 1, layout.kind, found.path)
    return located.place if located.frames == 1 and not located.problems else None


def _enough(position: int) -> int:
    """First bytes in which files hold their whole header whose picture lies about there."""
    return min(MOST_HEAD, ((position + _MARGIN) // _PAGE + 1) * _PAGE)


@lru_cache(maxsize=1024)
def _plain_place(position: int, length: int) -> PixelPlace:
    return PixelPlace(position, length)
