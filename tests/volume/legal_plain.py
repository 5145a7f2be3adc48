"""Odd but legal grey pictures that are stored plain, with their values (PS3.3 C.7.6.3, C.11.1, PS3.5 8.1.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID

from tests.damage.originals import written
from tests.volume.legal import (
    BIG,
    COLUMNS,
    DEFLATED,
    EXPLICIT,
    IMPLICIT,
    ROWS,
    Legal,
    Values,
    header,
    native,
    ramp,
    words,
)  # fmt: skip

CHANCE = np.random.default_rng(11)


def grey(wanted: Values, slope: float = 1.0, intercept: float = 0.0) -> list[Values]:
    """One frame after its rescale."""
    return [(wanted.astype(np.float64) * slope + intercept).astype(np.float32)]


def dirty(bits: int, signed: bool, high: int) -> Legal:
    """Stored bits below `high`, all others any: to be masked, the sign extended (PS3.5 8.1.1)."""
    values = ramp(bits, signed)
    shift = high + 1 - bits
    noise = CHANCE.integers(0, 1 << 16, values.shape)
    mask = ((1 << bits) - 1) << shift
    stored = ((values << shift) & mask) | (noise & ~mask & 0xFFFF)
    return Legal(native(header(16, bits, high, signed), words(stored, 16)), grey(values))


def overlays_in_high_bits() -> Legal:
    """Two drawings in bits 8 and 12 of an 8-bit picture in 16 (retired, seen on old discs)."""
    values = ramp(8)
    drawn = (np.indices(values.shape).sum(axis=0) % 7 == 0).astype(np.int64)
    dataset = header(16, 8, 7)
    for number, bit in ((0, 8), (2, 12)):
        group = 0x60000000 | number << 16
        for part, vr, value in (
            (0x10, "US", ROWS), (0x11, "US", COLUMNS), (0x40, "CS", "G"), (0x50, "SS", [1, 1]),
            (0x100, "US", 16), (0x102, "US", bit),
        ):  # fmt: skip
            dataset.add_new(group | part, vr, value)
    return Legal(native(dataset, words(values | drawn << 8 | drawn << 12, 16)), grey(values))


def rescaled(signed: bool) -> Legal:
    values = ramp(12, signed)
    dataset = header(16, 12, signed=signed, RescaleSlope="0.4995", RescaleIntercept="-1024.25", RescaleType="US")
    return Legal(native(dataset, words(values, 16)), grey(values, 0.4995, -1024.25))


def wide(bits: int, signed: bool, syntax: str = EXPLICIT) -> Legal:
    values = ramp(bits, signed)
    return Legal(native(header(bits, signed=signed), words(values, bits, syntax == BIG), syntax), grey(values))


def frames_of_bits(syntax: str = EXPLICIT, vr: str = "") -> Legal:
    """Four frames of 7 × 5 single bits: none but the first begins with a byte (PS3.5 8.1.1)."""
    bits = CHANCE.integers(0, 2, (4, 7, 5))
    packed_bits = np.packbits(bits.reshape(-1).astype(np.uint8), bitorder="little").tobytes()
    packed_bits += b"\0" * (len(packed_bits) % 2)
    if syntax == BIG and vr == "OW":
        packed_bits = np.frombuffer(packed_bits, "<u2").astype(">u2").tobytes()
    dataset = header(1, 1, 0, Rows=7, Columns=5, NumberOfFrames=4)
    return Legal(native(dataset, packed_bits, syntax, vr), list(bits.astype(np.float32)))


def floats(keyword: str, kind: str, **more: Any) -> Legal:
    """Parametric maps: no numbers in some points (PS3.3 C.7.6.24, C.7.6.25)."""
    values = (ramp(12).astype(kind) / 7 - 100).astype(kind)
    values[3, 4:9] = np.nan
    dataset = header(32 if kind == "<f4" else 64, **more)
    for name in ("BitsStored", "HighBit", "PixelRepresentation"):
        delattr(dataset, name)
    setattr(dataset, keyword, values.tobytes())
    slope = float(more.get("RescaleSlope", 1))
    with np.errstate(invalid="ignore"):
        return Legal(written(dataset, EXPLICIT), [(values.astype(np.float64) * slope).astype(np.float32)])


def padded(signed: bool) -> Legal:
    """Padding from a value to a limit; `--values` gives what is stored all the same."""
    values = ramp(12, signed)
    low = -2048 if signed else 0
    dataset = header(16, 12, signed=signed)
    dataset.add_new(0x00280120, "SS" if signed else "US", low + 30)
    dataset.add_new(0x00280121, "SS" if signed else "US", low)
    return Legal(native(dataset, words(values, 16)), grey(values))


def through_table(bits: int, signed: bool, first: int, vr: str = "OW", count: int = 0) -> Legal:
    """A modality table of `bits` from stored value `first` on; its ends hold beyond it (PS3.3 C.11.1.1)."""
    values = ramp(12, signed)
    count = count or 3000
    table = np.linspace((1 << bits) - 1, 0, count).round().astype(np.int64)
    item = Dataset()
    kind = "SS" if signed else "US"
    item.add_new(0x00283002, kind, [count if count < 65536 else 0, first, bits])
    item.add_new(0x00283004, "LO", "OD")
    if vr == "OW":
        item.add_new(0x00283006, "OW", words(table, 16 if bits > 8 or count % 2 else 8))
    else:
        item.add_new(0x00283006, "US", table.tolist())
    dataset = header(16, 12, signed=signed)
    dataset.ModalityLUTSequence = Items([item])
    return Legal(native(dataset, words(values, 16)), grey(table[np.clip(values - first, 0, count - 1)]))


def per_frame_rescale() -> Legal:
    """Slope, intercept and window of each frame its own (PS3.3 C.7.6.16.2.9)."""
    frames = [ramp(12, number=number) for number in range(3)]
    dataset = header(16, 12, NumberOfFrames=3, SOPClassUID=UID("1.2.840.10008.5.1.4.1.1.7.3"))
    dataset.SharedFunctionalGroupsSequence = Items([Dataset()])
    dataset.PerFrameFunctionalGroupsSequence = Items()
    for number in range(3):
        item, scale, window = Dataset(), Dataset(), Dataset()
        scale.RescaleSlope, scale.RescaleIntercept, scale.RescaleType = str(number + 1), str(-100 * number), "US"
        window.WindowCenter, window.WindowWidth = str(1000 + number), "500"
        item.PixelValueTransformationSequence = Items([scale])
        item.FrameVOILUTSequence = Items([window])
        dataset.PerFrameFunctionalGroupsSequence.append(item)
    wanted = [(frame * (number + 1) - 100 * number).astype(np.float32) for number, frame in enumerate(frames)]
    return Legal(native(dataset, b"".join(words(frame, 16) for frame in frames)), wanted)


def odd_frames(syntax: str) -> Legal:
    """Three frames of 3 × 5 bytes: of odd length."""
    frames = CHANCE.integers(0, 256, (3, 3, 5))
    dataset = header(8, Rows=3, Columns=5, NumberOfFrames=3)
    raw = words(frames, 8)
    return Legal(native(dataset, raw, syntax), list(frames.astype(np.float32)))


PLAIN: dict[str, Callable[[], Legal]] = {
    "10 bits in 16, dirty above": lambda: dirty(10, False, 9),
    "12 bits in 16, dirty above": lambda: dirty(12, False, 11),
    "12 bits in 16, dirty below": lambda: dirty(12, False, 15),
    "12 bits in 16, dirty both": lambda: dirty(12, False, 13),
    "12 bits signed, sign not carried": lambda: dirty(12, True, 11),
    "8 bits in 16 with two drawings above": overlays_in_high_bits,
    "rescale": lambda: rescaled(False),
    "rescale, signed": lambda: rescaled(True),
    "32 bits": lambda: wide(32, False),
    "32 bits signed": lambda: wide(32, True),
    "32 bits, big endian": lambda: wide(32, False, BIG),
    "16 bits signed, big endian": lambda: wide(16, True, BIG),
    "16 bits, deflated": lambda: wide(16, False, DEFLATED),
    "16 bits, implicit": lambda: wide(16, True, IMPLICIT),
    "8 bits signed": lambda: wide(8, True),
    "frames of bits": frames_of_bits,
    "frames of bits, implicit": lambda: frames_of_bits(IMPLICIT),
    "frames of bits, big endian words": lambda: frames_of_bits(BIG, "OW"),
    "frames of bits, big endian bytes": lambda: frames_of_bits(BIG, "OB"),
    "frames of odd length": lambda: odd_frames(EXPLICIT),
    "frames of odd length, implicit": lambda: odd_frames(IMPLICIT),
    "float": lambda: floats("FloatPixelData", "<f4"),
    "double": lambda: floats("DoubleFloatPixelData", "<f8"),
    "float, rescaled": lambda: floats("FloatPixelData", "<f4", RescaleSlope="2.5", RescaleIntercept="0"),
    "padding": lambda: padded(False),
    "padding, signed": lambda: padded(True),
    "modality table of 16 bits": lambda: through_table(16, False, 100),
    "modality table of 12 bits": lambda: through_table(12, False, 0, "US"),
    "modality table of 8 bits, two a word": lambda: through_table(8, False, 100),
    "modality table of 8 bits, odd, one a word": lambda: through_table(8, False, 100, count=2999),
    "modality table from a negative value": lambda: through_table(16, True, -1500),
    "modality table of 65536": lambda: through_table(16, False, 0, count=65536),
    "scale of each frame": per_frame_rescale,
}  # fmt: skip
