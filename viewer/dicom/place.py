"""Where the bytes of each frame lie, and whether what the header claims can be true (PS3.5 A.4, PS3.3 C.7.6.3)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from itertools import pairwise

from viewer.dicom.encoding import UNDEFINED, Syntax
from viewer.dicom.header import PixelDescription, PixelPlace
from viewer.dicom.source import MAX_RATIO, Source
from viewer.dicom.walk import Pixels
from viewer.problem import Problem, ProblemError, problem

MAX_FRAME_BYTES = 2**30  # one decoded frame; a whole-slide picture is larger
MAX_FRAMES = 1_000_000
MAX_FRAGMENTS = 500_000
_ITEM, _END = 0xFFFEE000, 0xFFFEE0DD
_SMALL_FRAGMENT = 16 * 1024
_PIECE = 1024 * 1024
_NEXT = re.compile(rb"\xff\xd9\0?(?=\xff\xd8\xff|\xff\x4f\xff\x51)")  # the end of one stream, the start of another
_LONGEST_NEXT = 7  # bytes of all that is looked at
_STARTS = (b"\xff\xd8", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ", b"\0\0\0\x0cjP\x1a\x1a")  # JPEG(-LS), J2K, JP2

Fragment = tuple[int, int]

LONGEST_SIDE = 8_192  # of pictures that machines take: a larger one of which hardly anything is there never was one


@dataclass(frozen=True, slots=True)
class Located:
    """Frames that are really there, their place, and what was wrong."""

    frames: int
    place: PixelPlace | None
    problems: tuple[Problem, ...] = ()


def frame_bits(pixels: PixelDescription) -> int:
    """Bits of one native frame (PS3.5 8.1.1: 1-bit frames are packed without gaps)."""
    samples = pixels.samples
    bits = pixels.rows * pixels.columns * samples * pixels.bits_allocated
    if pixels.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422") and samples == 3:
        return bits * 2 // 3
    return bits


def check_size(pixels: PixelDescription, where: str) -> None:
    """Raises ProblemError for a frame that no picture of a patient has; before anything is allocated."""
    if pixels.rows * pixels.columns * pixels.samples * max(pixels.bits_allocated, 8) // 8 > MAX_FRAME_BYTES:
        raise ProblemError(problem("size_impossible", where, rows=pixels.rows, columns=pixels.columns))


def locate(
    source: Source,
    found: Pixels,
    pixels: PixelDescription,
    claimed: int,
    where: str,
    *,
    deflated: bool = False,
    is_film: bool = False,
) -> Located:
    """The place of native pixel data; raises ProblemError where the claimed size cannot be in the file.

    is_film: objects of this kind hold many frames, so that whole ones beyond the count are pictures."""
    bits = frame_bits(pixels)
    there = max(source.size - found.position, 0) * (MAX_RATIO if deflated else 1)
    length = min(found.length, there)
    needed = (bits * claimed + 7) // 8
    place = PixelPlace(found.position, length)
    problems: list[Problem] = []
    if length == 0:
        return Located(0, None, (problem("no_picture_inside", where),))
    if length < needed:
        return _short(place, bits, claimed, where, pixels)
    if found.length > there:
        problems.append(problem("pixels_cut_off", where))
    elif is_film and (more := _whole_frames(length, bits)) > claimed and length > needed + 1:
        return Located(more, place, (problem("frames_more", where, there=more, claimed=claimed),))
    elif length > needed + 1 and length >= needed + max(bits // 8, 1):
        problems.append(problem("pixels_left_over", where))
    return Located(claimed, place, tuple(problems))


def _whole_frames(length: int, bits: int) -> int:
    """How many frames are exactly as long as all that is there, but for a byte that makes it even; 0 where none are."""
    whole = length * 8 // bits
    return whole if whole <= MAX_FRAMES and length <= (bits * whole + 7) // 8 + 1 else 0


def _short(place: PixelPlace, bits: int, claimed: int, where: str, pixels: PixelDescription) -> Located:
    """Fewer bytes than the header promises: whole frames stay, one frame that is a quarter there is shown marked."""
    frame_bytes = (bits + 7) // 8
    whole = place.length * 8 // bits
    if claimed > 1 and whole:
        word = problem("frames_missing", where, there=whole, claimed=claimed)
        return Located(whole, place, (word,))
    if place.length * 4 < frame_bytes:
        if max(pixels.rows, pixels.columns) > LONGEST_SIDE:
            raise ProblemError(problem("size_impossible", where, rows=pixels.rows, columns=pixels.columns))
        raise ProblemError(problem("pixels_gone", where))
    words = [problem("pixels_cut_off", where)]
    if claimed > 1:
        words.append(problem("frames_missing", where, there=1, claimed=claimed))
    return Located(1, place, tuple(words))


def starts_with_item(source: Source, found: Pixels) -> bool:
    """True where the value begins with an item, as encapsulated pixels do."""
    return source.peek(found.position, 4) == struct.pack("<HH", _ITEM >> 16, _ITEM & 0xFFFF)


def locate_fragments(
    source: Source,
    found: Pixels,
    claimed: int,
    syntax: Syntax,
    where: str,
    extended: tuple[int, ...] = (),
) -> Located:
    """The fragment table of encapsulated pixel data, by 8-byte reads of item heads; no pixel data is read.

    extended: offsets of (7FE0,0001), counted like those of the basic table.
    """
    walked = _Items(source, found, where)
    fragments, table = walked.fragments, walked.table
    if not any(length for _, length in fragments):
        return Located(0, None, (problem("no_picture_inside", where),))
    problems = [problem("pixels_cut_off", where)] if walked.cut else []
    if len(fragments) == 1 < claimed and not syntax.video:
        fragments = _parted(source, fragments[0])
    frames, groups, words = _grouped(source, fragments, extended or table, claimed, syntax, where)
    last_start, last_length = fragments[-1]
    start = fragments[0][0]
    place = PixelPlace(start, last_start + last_length - start, True, groups)
    return Located(frames, place, tuple(problems + words))


class _Items:
    """The items of an encapsulated stream: offset table first, then fragments, as far as the file goes, or the value
    where its length is told, which it should not be. Empty ones are kept: one may stand for a lost frame."""

    def __init__(self, source: Source, found: Pixels, where: str) -> None:
        position = found.position
        stop = source.size + 1 if found.length == UNDEFINED else position + found.length
        self.fragments: list[Fragment] = []
        self.table: tuple[int, ...] = ()
        self.cut = False
        first = True
        length = 0
        for _ in range(MAX_FRAGMENTS):  # empty ones count too
            if position >= stop:
                return
            raw = source.at(position, 8) if length < _SMALL_FRAGMENT else source.peek(position, 8)
            if len(raw) < 8:
                self.cut = True
                return
            group, number, length = struct.unpack("<HHI", raw)
            tag = group << 16 | number
            position += 8
            if tag != _ITEM:
                self.cut = tag != _END
                return
            there = min(length, max(source.size - position, 0))
            if first and not _is_stream(source.at(position, min(there, 64))):
                self.table = _table(source.at(position, min(there, 4 * MAX_FRAMES)))
            else:
                self.fragments.append((position, there))
            if there < length:
                self.cut = True
                return
            first = False
            position += length
        raise ProblemError(problem("too_many_parts", where))


def _is_stream(start: bytes) -> bool:
    """True where the first item is a picture already, some write no offset table (which begins with four zeros)."""
    rle = len(start) == 64 and 1 <= start[0] <= 15 and start[1:8] == b"\0\0\0\x40\0\0\0"
    return rle or start.startswith(_STARTS)


def _table(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])


def _grouped(
    source: Source, fragments: list[Fragment], table: tuple[int, ...], claimed: int, syntax: Syntax, where: str
) -> tuple[int, tuple[tuple[Fragment, ...], ...], list[Problem]]:
    """(frames, fragments of each frame, problems)."""
    filled = [fragment for fragment in fragments if fragment[1]]
    if len(filled) > claimed and not syntax.video and len(starts := _whole_streams(source, filled)) > claimed:
        word = problem("frames_more", where, there=len(starts), claimed=claimed)
        return len(starts), _cut_at(filled, starts), [word]
    if claimed == 1 or syntax.video:
        return claimed, (tuple(filled),), []
    if len(filled) == claimed:
        return claimed, tuple((fragment,) for fragment in filled), []
    if len(filled) < claimed:
        groups = _with_lost(fragments, table, claimed) or tuple((fragment,) for fragment in filled)
        there = sum(bool(group) for group in groups)
        word = problem("frames_missing", where, there=there, claimed=claimed)
        return len(groups), groups, [word]
    for starts in (_by_table(filled, table), _by_marker(source, filled)):
        if len(starts) == claimed:
            return claimed, _cut_at(filled, starts), []
    starts = _by_marker(source, filled)
    if len(starts) > 1:
        frames = min(len(starts), claimed)
        word = problem("frames_missing" if frames < claimed else "frames_unclear", where, there=frames, claimed=claimed)
        return frames, _cut_at(filled, starts[:frames]), [word]
    word = problem("frames_unclear", where, there=claimed, claimed=claimed)
    return claimed, _cut_at(filled, list(range(claimed))), [word]


def _with_lost(
    fragments: list[Fragment], table: tuple[int, ...], claimed: int
) -> tuple[tuple[Fragment, ...], ...] | None:
    """One fragment for each frame, none for a lost one, whose followers must not take its place: where an empty one
    stands for it, or where the table tells which frames are there. None where neither is known."""
    if len(fragments) == claimed:
        return tuple((fragment,) if fragment[1] else () for fragment in fragments)
    known = {offset - fragments[0][0]: (offset, length) for offset, length in fragments if length}
    named = [offset for offset in table if offset in known]
    if len(table) != claimed or len(named) < len(known) or any(a >= b for a, b in pairwise(named)):
        return None
    return tuple((known[offset],) if offset in known else () for offset in table)


def _parted(source: Source, fragment: Fragment) -> list[Fragment]:
    """The frames in a single fragment, as some writers put them; each ends with its marker and the next begins."""
    start, length = fragment
    cuts, at, kept = [start], start, b""
    while at < min(start + length, start + MAX_FRAME_BYTES):
        piece = kept + source.peek(at, min(_PIECE, start + length - at))
        if len(piece) == len(kept):
            break
        cuts += [at - len(kept) + found.end() for found in _NEXT.finditer(piece)]
        at += len(piece) - len(kept)
        kept = piece[-(_LONGEST_NEXT - 1) :]
    ends = [*cuts[1:], start + length]
    return [(one, end - one) for one, end in zip(cuts, ends, strict=True)]


def _cut_at(fragments: list[Fragment], starts: list[int]) -> tuple[tuple[Fragment, ...], ...]:
    ends = [*starts[1:], len(fragments)]
    return tuple(tuple(fragments[start:end]) for start, end in zip(starts, ends))


def _by_table(fragments: list[Fragment], table: tuple[int, ...]) -> list[int]:
    """Index of each frame's first fragment by the offset table; [] where the table points elsewhere."""
    if not table:
        return []
    first = fragments[0][0]
    known = {offset - first: index for index, (offset, _) in enumerate(fragments)}
    starts = [known.get(offset, -1) for offset in table]
    ordered = all(a < b for a, b in pairwise(starts))
    return starts if ordered and starts[0] == 0 else []


def _whole_streams(source: Source, fragments: list[Fragment]) -> list[int]:
    """Index of each fragment that begins a compressed stream where the one before has ended; [] where one has not."""
    starts = _by_marker(source, fragments)
    ends = [fragments[index - 1] for index in starts[1:]]
    ended = all(source.peek(max(at, at + length - 4), 4).rstrip(b"\0").endswith(b"\xff\xd9") for at, length in ends)
    return starts if ended and starts[:1] == [0] else []


def _by_marker(source: Source, fragments: list[Fragment]) -> list[int]:
    """Index of each fragment that begins a compressed stream."""
    return [index for index, fragment in enumerate(fragments) if is_stream(source, fragment)]


def is_stream(source: Source, fragment: Fragment) -> bool:
    """True where a fragment begins a compressed stream that says itself what it is."""
    return source.peek(fragment[0], 8).startswith(_STARTS)
