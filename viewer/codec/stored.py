"""Stored values: what the samples of a picture are, before any modality LUT (PS3.5 8.1.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.header import PixelDescription
from viewer.problem import Problem, ProblemError, problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_FRAME = 512 * 2**20  # bytes of one decoded picture; the largest mammograms and films have 60 MiB
_LONGEST_SIDE = 65535
_FEWEST_ALIKE = 8  # words with the same bits set above the stored ones: fewer are no overlay
_FLOATS = {"float": "<f4", "double": "<f8"}


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """One picture as stored.

    array: (rows, columns) grey or palette index, (rows, columns, 3) colour; integers in the smallest of 8, 16 or
    32 bits that hold Bits Allocated, signed by Pixel Representation; float32 or float64 for float pixel data.
    photometric_now: what the samples mean after decoding ("RGB" where the decoder or the stream turned them).
    padding: True where the file holds nothing (R-P17), None when it is whole.
    """

    array: NDArray[np.generic]
    photometric_now: str
    problems: tuple[Problem, ...] = ()
    padding: NDArray[np.bool_] | None = None


def stored_dtype(description: PixelDescription) -> np.dtype[np.generic]:
    """The dtype of `StoredFrame.array`; raises ProblemError `picture_contradicts` for bits that no picture has."""
    if description.float_kind:
        return np.dtype(_FLOATS[description.float_kind])
    bits = description.bits_allocated
    if not 1 <= bits <= 32 or not 1 <= description.bits_stored <= bits or not 0 <= description.high_bit < bits:
        raise ProblemError(problem("picture_contradicts"))
    size = 1 if bits <= 8 else 2 if bits <= 16 else 4
    return np.dtype(f"{'i' if description.is_signed else 'u'}{size}")


def stored_shape(description: PixelDescription) -> tuple[int, ...]:
    """The shape of `StoredFrame.array`: (rows, columns), or (rows, columns, 3) in colour. Raises ProblemError for sizes that
    no picture has and for those beyond our limits, before anything is allocated."""
    rows, columns, samples = description.rows, description.columns, description.samples
    if samples not in (1, 3) or rows < 1 or columns < 1:
        raise ProblemError(problem("picture_contradicts"))
    size = rows * columns * samples * stored_dtype(description).itemsize
    if max(rows, columns) > _LONGEST_SIDE or size > LARGEST_FRAME:
        raise ProblemError(problem("picture_too_large"))
    return (rows, columns) if samples == 1 else (rows, columns, 3)


def worded(stored: StoredFrame, code: str) -> StoredFrame:
    """With this word, too."""
    if any(word.code == code for word in stored.problems):
        return stored
    return replace(stored, problems=(*stored.problems, problem(code)))


def byte_view(array: NDArray[np.generic]) -> memoryview:
    """The bytes of a contiguous array, as they lie."""
    return array.reshape(-1).view(np.uint8).data


def extract(words: NDArray[np.generic], description: PixelDescription, shift: int) -> NDArray[np.generic]:
    """Take `bits_stored` bits out of each word, `shift` bits up, and extend the sign (R-P2, PS3.5 8.1.1).

    `words` has the item size of `stored_dtype`; changed in place where it can be written, left alone where all of
    them already are what they should be.
    """
    dtype = stored_dtype(description)
    width = dtype.itemsize * 8
    free = width - description.bits_stored
    if not free or (not shift and is_in_range(words, description)):
        return words.view(dtype)
    if not words.flags.writeable:
        words = words.copy()
    unsigned = words.view(f"u{dtype.itemsize}")
    if description.is_signed:
        unsigned <<= free - shift
        signed = unsigned.view(dtype)
        signed >>= free
        return signed
    if shift:
        unsigned >>= shift
    unsigned &= (1 << description.bits_stored) - 1
    return unsigned


def is_in_range(words: NDArray[np.generic], description: PixelDescription) -> bool:
    """Whether each word, taken whole, is a value of `bits_stored` bits: true of nearly all files of today."""
    whole = words.view(stored_dtype(description))
    if description.bits_stored == whole.dtype.itemsize * 8:
        return True
    high = (1 << description.bits_stored - description.is_signed) - 1
    if not whole.size:
        return True
    return int(whole.max()) <= high and (not description.is_signed or int(whole.min()) >= -high - 1)


def overshoot(bits: int) -> int:
    """How far lossy packing may throw a value of so many bits beyond its range, beside a sharp edge."""
    return (1 << bits) >> 3


def is_beyond(samples: NDArray[np.generic], description: PixelDescription) -> bool:
    """Whether a stream holds values for which its header has no room: negative ones where there shall be none, or far
    more bits than it names. A little more may come of lossy packing; a negative one may be written as a large one."""
    if description.float_kind or not samples.size:
        return False
    bits, width = description.high_bit + 1, samples.dtype.itemsize * 8
    low, high = int(samples.min()), int(samples.max())  # type: ignore[call-overload, unused-ignore]
    slack = overshoot(bits)
    if low < 0 and not description.is_signed:
        return True
    if bits >= width or (low >= -slack - (1 << bits - 1) and high < (1 << bits) + slack):
        return False
    if not description.is_signed or low < 0:
        return True
    return not is_in_range(samples.astype(f"u{stored_dtype(description).itemsize}"), description)


def has_stray_bits(words: NDArray[np.generic], description: PixelDescription) -> bool:
    """Whether single words have bits above the stored ones (R-P2): damage. Many alike are an overlay or the sign.

    `words` has the item size of `stored_dtype`. Ask only where `is_in_range` is not true: it costs some passes.
    """
    dtype = stored_dtype(description)
    above = description.high_bit + 1
    if description.float_kind or dtype.itemsize * 8 == above or not words.size:
        return False
    unsigned = words.reshape(-1).view(f"u{dtype.itemsize}")
    if description.is_signed:
        negative = (unsigned >> above - 1).astype(np.uint32)
        strays = negative[(negative > 1) & (negative != (1 << dtype.itemsize * 8 - above + 1) - 1)] >> 1
    else:
        strays = unsigned >> above
        strays = strays[strays > 0]
    counts = np.unique(strays, return_counts=True)[1]
    return bool((counts < _FEWEST_ALIKE).any())


def high_bit_shift(description: PixelDescription) -> int:
    """How far the stored bits lie above bit 0: 0 in files of today, more in old ones (R-P2)."""
    return max(0, description.high_bit + 1 - description.bits_stored)
