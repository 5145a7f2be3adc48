"""Tables in a header: modality and VOI LUTs, palettes (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5, C.7.9)."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.encoding import EXPLICIT_LE, Encoding
from viewer.dicom.fields import Fields, decimals
from viewer.dicom.header import FileWindow, Lut, Palette

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW_CENTRE, WINDOW_WIDTH, WINDOW_NAMES, WINDOW_FUNCTION = 0x00281050, 0x00281051, 0x00281055, 0x00281056
VOI_LUT = 0x00283010
_DESCRIPTOR, _DATA = 0x00283002, 0x00283006
_FUNCTIONS = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
MAX_TABLES = 64


def luts(fields: Fields, tag: int, is_signed: bool) -> tuple[tuple[Lut, ...], bool]:
    """(tables, damaged) of a Modality (0028,3000) or VOI (0028,3010) LUT sequence. Some programs write every field there
    is and leave most empty: that is no table."""
    told = (item for item in fields.items(tag, MAX_TABLES) if item.raw(_DESCRIPTOR) or item.raw(_DATA))
    made = [_lut(item, is_signed) for item in told]
    return tuple(lut for lut in made if lut is not None), None in made


def _lut(item: Fields, is_signed: bool) -> Lut | None:
    described = _descriptor(item, _DESCRIPTOR, is_signed)
    if described is None:
        return None
    count, first, bits = described
    entries = _entries(item.raw(_DATA), count, bits, item.encoding)
    if entries is None:
        return None
    bits = max(bits, int(entries.max(initial=0)).bit_length())  # some say fewer than their entries have
    name = item.text(0x00283003) or item.text(0x00283004)
    return Lut(first, entries.astype(np.float32), bits, name)


def _descriptor(fields: Fields, tag: int, is_signed: bool) -> tuple[int, int, int] | None:
    """(entries, first mapped value, bits); 0 entries mean 65 536."""
    values = fields.numbers(tag)
    if len(values) != 3:
        return None
    first = values[1] - 65_536 if is_signed and values[1] >= 32_768 else values[1]
    bits = values[2] if 1 <= values[2] <= 16 else 16
    return values[0] or 65_536, first, bits


def _entries(raw: bytes, count: int, bits: int, encoding: Encoding) -> NDArray[np.uint16] | None:
    """`count` entries (n,); 8-bit entries may be packed two in a word; None where the data are too short."""
    if len(raw) >= 2 * count:
        return np.frombuffer(raw, "<u2" if encoding.little else ">u2", count).astype(np.uint16)
    if len(raw) >= count and bits <= 8:
        packed = np.frombuffer(raw, np.uint8)
        if not encoding.little:
            packed = packed[: len(packed) // 2 * 2].reshape(-1, 2)[:, ::-1].ravel()
        return packed[:count].astype(np.uint16) if len(packed) >= count else None
    return None


def palette(fields: Fields, is_signed: bool) -> Palette | None:
    """The palette of the root, 8 bit per colour (n, 3); None where there is none or it is damaged."""
    channels = []
    first = 0
    for number in (1, 2, 3):
        described = _descriptor(fields, 0x00281100 + number, is_signed)
        if described is None:
            return None
        count, first, bits = described
        entries = _channel(fields, number, count, bits)
        if entries is None:
            return None
        channels.append((entries, bits))
    length = min(len(entries) for entries, _ in channels)
    wide = any(bits > 8 for _, bits in channels) and max(int(e.max(initial=0)) for e, _ in channels) > 255
    columns = [(entries[:length] >> 8 if wide else entries[:length]).astype(np.uint8) for entries, _ in channels]
    return Palette(first, np.stack(columns, axis=1))


def _channel(fields: Fields, number: int, count: int, bits: int) -> NDArray[np.uint16] | None:
    plain, segmented = fields.raw(0x00281200 + number), fields.raw(0x00281220 + number)
    if plain:
        bits = min(bits, 8) if count <= len(plain) <= count + 1 else bits  # the length beats what is said (rule R-C4)
        return _entries(plain, count, bits, fields.encoding)
    return _segments(segmented, count, bits, fields.encoding) if segmented else None


def _segments(raw: bytes, count: int, bits: int, encoding: Encoding) -> NDArray[np.uint16] | None:
    """A segmented table (PS3.3 C.7.9.2): discrete, linear and indirect segments; never more than `count` entries."""
    wide = bits > 8
    kind = ("<u2" if encoding.little else ">u2") if wide else "u1"
    words = np.frombuffer(raw[: len(raw) // 2 * 2], kind).astype(np.int64)
    out: list[float] = []
    # an indirect segment repeats earlier ones: (position, segments left), and never one inside another
    position, left, back = 0, -1, 0
    while len(out) < count:
        if left == 0:
            position, left = back, -1
        if position + 2 > len(words):
            break
        opcode, length = int(words[position]), int(words[position + 1])
        position += 2
        left -= left > 0
        if opcode == 0:
            out += words[position : position + length].tolist()
            position += length
        elif opcode == 1 and out and position < len(words):
            out += np.linspace(out[-1], float(words[position]), length + 1)[1:].tolist()
            position += 1
        elif opcode == 2 and left < 0:
            target = _offset(words, position, wide)
            back = position + (2 if wide else 4)
            if target is None or not 0 <= target < len(words) or length == 0:
                return None
            position, left = target, length
        else:
            return None
    if len(out) < count:
        return None
    made: NDArray[np.uint16] = np.rint(np.array(out[:count])).astype(np.uint16)
    return made


def _offset(words: NDArray[np.int64], position: int, wide: bool) -> int | None:
    """The 32-bit byte offset of an indirect segment, least significant word first, as an index of words."""
    count, base = (2, 16) if wide else (4, 8)
    if position + count > len(words):
        return None
    value = sum(int(words[position + k]) << (base * k) for k in range(count))
    return value // 2 if wide else value


def windows(fields: Fields) -> tuple[FileWindow, ...]:
    """The windows of a header or of Frame VOI LUT; pairs that are no numbers or without width are left out."""
    values = fields.values
    centre = values.get(WINDOW_CENTRE)
    if not centre:
        return ()
    function, names = values.get(WINDOW_FUNCTION, b""), values.get(WINDOW_NAMES, b"")
    return windows_of(centre, values.get(WINDOW_WIDTH, b""), function, names, fields.declared)


@lru_cache(maxsize=4096)  # the pictures of a series share a few
def windows_of(centre: bytes, width: bytes, function: bytes, names: bytes, declared: str) -> tuple[FileWindow, ...]:
    """The windows of these values; declared: (0008,0005)."""
    chosen, named = _words(function, names, declared)
    found = zip(decimals(centre), decimals(width), chain(named, repeat("")))
    return tuple(
        FileWindow(middle, wide, chosen, name)
        for middle, wide, name in islice(found, MAX_TABLES)
        if middle is not None and wide is not None and wide > 0
    )


@lru_cache(maxsize=256)
def _words(function: bytes, names: bytes, declared: str) -> tuple[str, tuple[str, ...]]:
    """(function, names) of the windows."""
    told = Fields({0: function, 1: names}, EXPLICIT_LE, declared)
    chosen = told.word(0).replace(" ", "_")
    return chosen if chosen in _FUNCTIONS else "LINEAR", tuple(name.strip() for name in told.text(1).split("\\"))
