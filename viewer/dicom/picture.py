"""The picture of a file: how its pixels are to be read, where they lie, how many frames are believable."""

from __future__ import annotations

from dataclasses import dataclass, replace

from viewer.dicom.encoding import UNDEFINED, Syntax
from viewer.dicom.fields import Fields
from viewer.dicom.header import PixelDescription, PixelPlace
from viewer.dicom.pixels import description
from viewer.dicom.place import (
    MAX_FRAMES,
    Located,
    check_size,
    frame_bits,
    is_stream,
    locate,
    locate_fragments,
    starts_with_item,
)
from viewer.dicom.sop_class import (
    LABEL_MAP,
    NUCLEAR_MEDICINE,
    OLD_NUCLEAR_MEDICINE,
    OLD_ULTRASOUND_FILM,
    SECONDARY_CAPTURE_FILMS,
    SEGMENTATION,
    ULTRASOUND_FILM,
    XRAY_ANGIOGRAPHY,
    XRAY_FLUOROSCOPY,
)
from viewer.dicom.source import Source
from viewer.dicom.walk import Pixels
from viewer.problem import Problem, problem

# PS3.4 B.5: objects whose pixels are no picture of their own
DRAWN_OVER = frozenset({SEGMENTATION, LABEL_MAP})
# how frames follow one another, and what is told of each
_OF_MANY = frozenset({0x00280009, 0x00181063, 0x00181065, 0x52009230})
_FILMS = frozenset({
    ULTRASOUND_FILM, OLD_ULTRASOUND_FILM, XRAY_ANGIOGRAPHY, XRAY_FLUOROSCOPY, NUCLEAR_MEDICINE, OLD_NUCLEAR_MEDICINE,
    *SECONDARY_CAPTURE_FILMS,
})  # fmt: skip
_BEHIND = 4096  # bytes behind a value too short that are looked at
_ALLOCATED = 0x00280100
_SHARED_CHROMA = frozenset({"YBR_FULL_422", "YBR_PARTIAL_422"})


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found out about the picture of a file."""

    frames: int = 0
    pixels: PixelDescription | None = None
    place: PixelPlace | None = None
    problems: tuple[Problem, ...] = ()


def picture_of(
    fields: Fields, source: Source, found: Pixels | None, kind: Syntax, sop_class: str, where: str
) -> Picture:
    """What is known of the pixels of a file, `found` None where it has none; what contradicts itself is a word.
    Raises ProblemError for sizes that no picture has."""
    if found is None:
        claims = 0x00280010 in fields.values and 0x00280100 in fields.values and sop_class not in DRAWN_OVER
        return Picture(problems=(problem("no_picture_inside", where),) if claims else ())
    claimed = max(fields.integer(0x00280008) or 1, 1)
    pixels, word = description(fields, found.tag, where)
    if word and _is_packed(fields, found, pixels, claimed):
        pixels, word = replace(pixels, bits_allocated=fields.number(_ALLOCATED) or 16), ""
    if not kind.compressed and _has_whole_chroma(found, pixels, claimed):
        pixels, word = replace(pixels, photometric=pixels.photometric.replace("_422", "")), "colour_label_corrected"
    check_size(pixels, where)
    if not kind.compressed and not kind.deflated and _goes_on(source, found, pixels, claimed, fields.encoding.little):
        found, word = found._replace(length=(frame_bits(pixels) * claimed + 7) // 8), "pixels_length_wrong"
    located = _located(fields, source, found, pixels, min(claimed, MAX_FRAMES), kind, where)
    place = located.place
    if place is not None and found.vr == b"OW" and pixels.bits_allocated <= 8 and not fields.encoding.little:
        located = replace(located, place=replace(place, swapped=True))
    problems = list(located.problems)
    if word:
        problems.insert(0, problem(word, where))
    if kind.video:
        return Picture(0, pixels, located.place, (*problems, problem("video", where)))
    if not kind.known:
        shown = place is not None and _speaks_for_itself(source, place)
        problems.append(problem("label_corrected" if shown else "unknown_encoding", where))
    frames = 0 if sop_class in DRAWN_OVER else located.frames
    return Picture(frames, pixels, located.place, tuple(problems))


def _speaks_for_itself(source: Source, place: PixelPlace) -> bool:
    """True where nobody knows the name of a packing, but the stream says by its start what it is: some who anonymise give
    every number a new one, that of the packing too. Plain pixels do not say what they are."""
    return place.encapsulated and any(place.fragments[:1]) and is_stream(source, place.fragments[0][0])


def _is_packed(fields: Fields, found: Pixels, pixels: PixelDescription, claimed: int) -> bool:
    """True where pixels of 9 to 15 bits follow one another without a gap, as old scanners wrote them (PS3.5 8.1.1)."""
    bits = fields.number(_ALLOCATED) or 0
    words = pixels.rows * pixels.columns * pixels.samples * claimed
    return 8 < bits < 16 and pixels.bits_stored <= bits and words * bits <= found.length * 8 < words * 16


def _goes_on(source: Source, found: Pixels, pixels: PixelDescription, claimed: int, little: bool) -> bool:
    """True where the value is shorter than its picture, but more than zeros and no further element stand behind it (tags
    rise, PS3.5 7.1): its length is wrong, and the picture is there."""
    needed, end = (frame_bits(pixels) * claimed + 7) // 8, found.position + found.length
    if not found.length < needed <= source.size - found.position:
        return False
    behind = source.peek(end, min(needed - found.length, _BEHIND))
    group = int.from_bytes(behind[:2], "little" if little else "big")
    return group < found.tag >> 16 and any(behind)


def _located(
    fields: Fields, source: Source, found: Pixels, pixels: PixelDescription, claimed: int, kind: Syntax, where: str
) -> Located:
    if found.length == UNDEFINED and not kind.compressed and not starts_with_item(source, found):
        found = found._replace(length=max(source.size - found.position, 0))  # plain pixels up to the end of the file
    if found.length == UNDEFINED or _holds_items(source, found, pixels, claimed):
        return locate_fragments(source, found, claimed, kind, where, _extended(fields))
    return locate(source, found, pixels, claimed, where, deflated=kind.deflated, is_film=_is_film(fields, claimed))


def _is_film(fields: Fields, claimed: int) -> bool:
    """True where something other than the length of its pixels says that an object may hold many frames: a picture whose
    height was misread would otherwise be taken for two."""
    return claimed > 1 or not _OF_MANY.isdisjoint(fields.values) or fields.uid(0x00080016) in _FILMS


def _holds_items(source: Source, found: Pixels, pixels: PixelDescription, claimed: int) -> bool:
    """True where a value of a told length is cut into items all the same, and is not as long as plain pixels."""
    plain = (frame_bits(pixels) * claimed + 7) // 8
    return not plain <= found.length <= plain + 1 and starts_with_item(source, found)


def _has_whole_chroma(found: Pixels, pixels: PixelDescription, claimed: int) -> bool:
    """True where pixels that are said to share their chroma two by two are as long as if each had its own."""
    whole = pixels.rows * pixels.columns * 3 * (pixels.bits_allocated // 8) * claimed
    return pixels.photometric in _SHARED_CHROMA and pixels.samples == 3 and whole <= found.length <= whole + 1


def _extended(fields: Fields) -> tuple[int, ...]:
    """Offsets of the extended offset table (7FE0,0001): 8 bytes each."""
    raw = fields.raw(0x7FE00001)
    return tuple(int.from_bytes(raw[at : at + 8], "little") for at in range(0, len(raw) // 8 * 8, 8))
