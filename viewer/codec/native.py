"""Native (not compressed) pixel data → stored values, in our own code (PS3.5 8.1.1, 8.2, Annex D)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.codec.stored import (
    StoredFrame,
    extract,
    has_stray_bits,
    high_bit_shift,
    is_in_range,
    stored_dtype,
    stored_shape,
)
from viewer.dicom.header import PixelDescription
from viewer.problem import ProblemError, problem

if TYPE_CHECKING:
    from numpy.typing import NDArray


def frame_bits(description: PixelDescription) -> int:
    """Bits of one native frame; 4:2:2 colour shares its chroma between two pixels (PS3.3 C.7.6.3.1.2)."""
    pixels = description.rows * description.columns
    if is_native_422(description):
        return pixels * 2 * description.bits_allocated
    return pixels * description.samples * description.bits_allocated


def is_native_422(description: PixelDescription) -> bool:
    """Whether native samples are stored Y Y Cb Cr."""
    return description.samples == 3 and description.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422")


def frame_span(description: PixelDescription, number: int) -> tuple[int, int, int]:
    """(first byte, number of bytes, first bit within that byte) of frame `number` (from 1) in the pixel data.

    Frames whose bits do not fill whole bytes follow one another without a gap (R-P15, PS3.5 8.1.1).
    """
    bits = frame_bits(description)
    start = (number - 1) * bits
    first = start // 8
    return first, (start + bits + 7) // 8 - first, start % 8


def unpack(
    data: bytes | bytearray | memoryview, description: PixelDescription, big_endian: bool = False, first_bit: int = 0
) -> StoredFrame:
    """Stored values of one native frame from the bytes of `frame_span`; short data leave a padding mask (R-P17).

    Raises ProblemError where nothing is there, and as `stored_shape` and `stored_dtype`.
    """
    shape, dtype = stored_shape(description), stored_dtype(description)
    if description.float_kind or description.bits_allocated in (8, 16, 32):
        flat = _words(data, dtype, big_endian)
    else:
        flat = _packed(data, description.bits_allocated, first_bit).astype(f"u{dtype.itemsize}")
    wanted = frame_bits(description) // _unit(description)
    there = min(flat.size, wanted)
    if not there:
        raise ProblemError(problem("pixels_missing"))
    if there < wanted:
        flat = np.concatenate([flat[:there], np.zeros(wanted - there, flat.dtype)])
    flat = flat[:wanted]
    stored = settled(flat, description)
    array = _arrange(stored.array, description, shape)
    if there == wanted:
        return replace(stored, array=array)
    words = (*stored.problems, problem("pixels_cut_off"))
    return replace(stored, array=array, problems=words, padding=_missing(there, wanted, description))


def settled(words: NDArray[np.generic], description: PixelDescription) -> StoredFrame:
    """Stored values of words of the size of `stored_dtype`, in place where possible; a word on stray bits."""
    shift = high_bit_shift(description)
    if description.float_kind or (not shift and is_in_range(words, description)):
        return StoredFrame(words.view(stored_dtype(description)), description.photometric)
    doubts = (problem("picture_doubtful"),) if has_stray_bits(words, description) else ()
    return StoredFrame(extract(words, description, shift), description.photometric, doubts)


def _unit(description: PixelDescription) -> int:
    return stored_dtype(description).itemsize * 8 if description.float_kind else description.bits_allocated


def _words(data: bytes | bytearray | memoryview, dtype: np.dtype[np.generic], big_endian: bool) -> NDArray[np.generic]:
    whole = len(data) // dtype.itemsize
    if big_endian and dtype.itemsize > 1:
        return np.frombuffer(data, dtype.newbyteorder(">"), whole).astype(dtype)
    return np.frombuffer(data, dtype, whole)


def _packed(data: bytes | bytearray | memoryview, bits: int, first_bit: int) -> NDArray[np.generic]:
    """Values of `bits` bits each, the first bit of a byte being its lowest (PS3.5 8.1.1)."""
    flags = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[first_bit:]
    whole = flags.size // bits
    if bits == 1:
        return flags
    weights = np.left_shift(np.uint32(1), np.arange(bits, dtype=np.uint32))
    return flags[: whole * bits].reshape(whole, bits).astype(np.uint32) @ weights


def _arrange(flat: NDArray[np.generic], description: PixelDescription, shape: tuple[int, ...]) -> NDArray[np.generic]:
    if len(shape) == 2:
        return flat.reshape(shape)
    if is_native_422(description):
        return _spread_422(flat, shape)
    if description.planar == 1:  # R-C3
        return np.ascontiguousarray(np.moveaxis(flat.reshape(3, *shape[:2]), 0, 2))
    return flat.reshape(shape)


def _spread_422(flat: NDArray[np.generic], shape: tuple[int, ...]) -> NDArray[np.generic]:
    """Y1 Y2 Cb Cr → two whole pixels (R-C2, PS3.3 C.7.6.3.1.2)."""
    if shape[0] * shape[1] % 2:
        raise ProblemError(problem("picture_contradicts"))
    pairs = flat.reshape(-1, 4)
    out = np.empty((pairs.shape[0], 2, 3), flat.dtype)
    out[:, :, 0] = pairs[:, :2]
    out[:, :, 1:] = pairs[:, None, 2:]
    return out.reshape(shape)


def _missing(there: int, wanted: int, description: PixelDescription) -> NDArray[np.bool_]:
    """(rows, columns): True where no sample of the pixel is in the file."""
    pixels = description.rows * description.columns
    per_plane = description.planar == 1 and description.samples == 3
    known = max(0, there - 2 * pixels) if per_plane else there * pixels // wanted
    return (np.arange(pixels) >= known).reshape(description.rows, description.columns)
