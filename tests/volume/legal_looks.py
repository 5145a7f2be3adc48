"""Odd but legal ways to say how a picture is to look: tables, windows, palettes; each with the levels or colours wanted.

PS3.3 C.11.2, C.7.6.3.1.5, C.7.9; `wanted`: uint8 (rows, columns) levels before MONOCHROME1 turns them, or RGB.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from tests.volume.legal import (
    COLUMNS,
    EXPLICIT,
    IMPLICIT,
    JPEG,
    RLE,
    ROWS,
    Values,
    bytes_high_first,
    header,
    jpeg_ls,
    native,
    packed,
    ramp,
    rle,
    words,
)


@dataclass(frozen=True)
class Look:
    """A file and how each frame is to look by its own header."""

    data: bytes
    wanted: Sequence[Values]


def levels(values: Values) -> Values:
    """0 to 1 → 0 to 255, rounded half up."""
    made: Values = np.floor(np.clip(values, 0.0, 1.0) * 255 + 0.5).astype(np.uint8)
    return made


def voi_table(
    bits: int,
    first: int = 500,
    count: int = 2500,
    syntax: str = EXPLICIT,
    vr: str = "OW",
    signed: bool = False,
    intercept: int = 0,
    photometric: str = "MONOCHROME2",
) -> Look:
    """A VOI table of `bits` from modality value `first` on (PS3.3 C.11.2.1.1); its ends hold beyond it."""
    stored = ramp(12, signed)
    table = np.rint(((1 << bits) - 1) * np.linspace(0, 1, count) ** 2).astype(np.int64)
    item = Dataset()
    item.add_new(0x00283002, "SS" if first < 0 else "US", [count, first, bits])
    if vr == "US":
        item.add_new(0x00283006, "US", table.tolist())
    else:
        item.add_new(0x00283006, "OW", words(table, 8 if vr == "packed" else 16))
    dataset = header(16, 12, signed=signed, PhotometricInterpretation=photometric)
    dataset.VOILUTSequence = Items([item])
    if intercept:
        dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = str(intercept), "1", "HU"
    shown = table[np.clip(stored + intercept - first, 0, count - 1)] / ((1 << bits) - 1)
    return Look(native(dataset, words(stored, 16), syntax), [levels(shown)])


def windowed(function: str, centre: float, width: float, slope: float = 1.0, intercept: float = 0.0) -> Look:
    """PS3.3 C.11.2.1.2 and C.11.2.1.3."""
    stored = ramp(12)
    dataset = header(16, 12, WindowCenter=f"{centre:g}", WindowWidth=f"{width:g}")
    dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = f"{slope:g}", f"{intercept:g}", "US"
    if function:
        dataset.VOILUTFunction = function
    return Look(native(dataset, words(stored, 16)), [formula(function, stored * slope + intercept, centre, width)])


def formula(function: str, values: Values, centre: float, width: float) -> Values:
    """Levels by the standard's own words."""
    if function == "SIGMOID":
        return levels(1 / (1 + np.exp(-4 * (values - centre) / width)))
    if function == "LINEAR_EXACT":
        return levels((values - centre) / width + 0.5)
    return levels((values - (centre - 0.5)) / (width - 1) + 0.5)


def windows_of_frames() -> Look:
    """Each frame its own window (PS3.3 C.7.6.16.2.10)."""
    frames = [ramp(12, number=number) for number in range(3)]
    dataset = header(16, 12, NumberOfFrames=3)
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7.3"
    dataset.SharedFunctionalGroupsSequence = Items([Dataset()])
    dataset.PerFrameFunctionalGroupsSequence = Items()
    kinds = (("LINEAR", 1000, 500), ("SIGMOID", 2000, 900), ("LINEAR_EXACT", 3000, 1500))
    for function, centre, width in kinds:
        item, window = Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth, window.VOILUTFunction = str(centre), str(width), function
        item.FrameVOILUTSequence = Items([window])
        dataset.PerFrameFunctionalGroupsSequence.append(item)
    wanted = [formula(kind[0], frame, kind[1], kind[2]) for frame, kind in zip(frames, kinds)]
    return Look(native(dataset, b"".join(words(frame, 16) for frame in frames)), wanted)


def palette_header(dataset: Dataset, entries: Values, first: int, bits: int, one_byte: bool, signed: bool) -> Dataset:
    """With the three tables of a palette, entries (n, 3)."""
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    count = len(entries) if len(entries) < 65536 else 0
    for number in range(3):
        dataset.add_new(0x00281101 + number, "SS" if signed else "US", [count, first, bits])
        raw = words(entries[:, number], 8 if one_byte else 16)
        dataset.add_new(0x00281201 + number, "OW", raw + b"\0" * (len(raw) % 2))
    return dataset


def palette(
    bits: int,
    index_bits: int = 8,
    first: int = 0,
    count: int = 256,
    one_byte: bool = False,
    signed: bool = False,
    syntax: str = EXPLICIT,
) -> Look:
    """Colours of indices; below and above the table its ends hold."""
    stored = ramp(index_bits, signed)
    top = (1 << bits) - 1
    steps = np.linspace(0, 1, count)
    entries = np.rint(np.stack([steps, 1 - steps, steps**2], axis=1) * top).astype(np.int64)
    allocated = 8 if index_bits == 8 else 16
    dataset = palette_header(header(allocated, index_bits, signed=signed), entries, first, bits, one_byte, signed)
    wanted = (entries >> bits - 8)[np.clip(stored - first, 0, count - 1)].astype(np.uint8)
    if syntax == RLE:
        data = packed(dataset, RLE, [rle(bytes_high_first(stored, allocated))])
    elif syntax == JPEG + "80":
        data = packed(dataset, syntax, [jpeg_ls(stored.astype(f"u{allocated // 8}"))])
    else:
        data = native(dataset, words(stored, allocated), syntax)
    return Look(data, [wanted])


def segmented(bits: int) -> Look:
    """Discrete, linear and indirect segments (PS3.3 C.7.9.2): 0, then up, then down, then up and down again."""
    top = 255 if bits == 8 else 65280
    form = "<u2" if bits == 16 else "u1"
    if bits == 16:
        parts = [0, 1, 0, 1, 99, top, 1, 50, 0, 2, 2, 3 * 2, 0]
    else:
        parts = [0, 1, 0, 1, 99, top, 1, 50, 0, 2, 2, 3, 0, 0, 0]
    raw = np.array(parts).astype(form).tobytes()
    up, down = np.linspace(0, top, 100)[1:], np.linspace(top, 0, 51)[1:]
    curve = np.rint(np.concatenate([[0], up, down, up, down]))
    dataset = header(16)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for number in range(3):
        dataset.add_new(0x00281101 + number, "US", [len(curve), 0, bits])
        dataset.add_new(0x00281221 + number, "OW", raw + b"\0" * (len(raw) % 2))
    stored = np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS) % 320
    shown = (curve.astype(np.int64) >> bits - 8)[np.clip(stored, 0, len(curve) - 1)].astype(np.uint8)
    return Look(native(dataset, words(stored, 16)), [np.stack([shown] * 3, axis=-1)])


LOOKS: dict[str, Callable[[], Look]] = {
    **{f"VOI table of {bits} bits": partial(voi_table, bits) for bits in (8, 10, 12, 16)},
    "VOI table of 8 bits, two a word": lambda: voi_table(8, vr="packed"),
    "VOI table written as numbers": lambda: voi_table(12, vr="US"),
    "VOI table, MONOCHROME1": lambda: voi_table(12, photometric="MONOCHROME1"),
    "VOI table from a negative value, signed": lambda: voi_table(12, -1000, signed=True),
    "VOI table from a negative value, rescaled": lambda: voi_table(12, -900, intercept=-1024),
    "VOI table from a negative value, rescaled, implicit": lambda: voi_table(12, -900, syntax=IMPLICIT, intercept=-1024),
    "VOI table of a signed picture that is never negative": lambda: voi_table(12, 33000, signed=True, intercept=34000),
    "window": lambda: windowed("", 1000, 800),
    "window, rescaled": lambda: windowed("LINEAR", -200, 1500.5, 0.5, -1000),
    "window of width 1": lambda: windowed("LINEAR", 2047, 1.0000001),
    "exact window": lambda: windowed("LINEAR_EXACT", 1000, 800),
    "exact window below 1": lambda: windowed("LINEAR_EXACT", 0.5, 0.77, 0.00021),
    "sigmoid": lambda: windowed("SIGMOID", 2000, 1200),
    "windows of frames": windows_of_frames,
    "palette of 8 bits, one a word": lambda: palette(8),
    "palette of 8 bits, two a word": lambda: palette(8, one_byte=True),
    "palette of 16 bits": lambda: palette(16),
    "palette of 16 bits, implicit": lambda: palette(16, syntax=IMPLICIT),
    "palette of 65536": lambda: palette(16, 16, count=65536),
    "palette from 40 to 139": lambda: palette(16, first=40, count=100),
    "palette of odd length": lambda: palette(8, count=99, one_byte=True),
    "palette from a negative index": lambda: palette(16, 12, first=-1000, count=2000, signed=True),
    "palette, RLE": lambda: palette(16, syntax=RLE),
    "palette of 16 bits, index of 16, RLE": lambda: palette(16, 16, count=4096, syntax=RLE),
    "palette, JPEG-LS": lambda: palette(8, syntax=JPEG + "80"),
    "segmented palette of 8 bits": lambda: segmented(8),
    "segmented palette of 16 bits": lambda: segmented(16),
}  # fmt: skip
