"""The table of decoders: transfer syntax → family → function. Runs in the worker process only.

Each decoder gets the stream and its facts and returns an array of samples. imagecodecs releases the GIL and was the
fastest for each syntax; its `jpegsof3_decode` is left out because damaged streams kill the process.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from viewer.codec.native import frame_bits
from viewer.codec.stored import stored_dtype
from viewer.codec.stream import Family, StreamFacts
from viewer.codec.tail import ends_well
from viewer.codec.terminated import unused_bytes, with_ends_checked
from viewer.dicom.header import PixelDescription

if TYPE_CHECKING:
    from numpy.typing import NDArray

Samples: TypeAlias = "NDArray[np.generic]"

_SSIZ = 42  # where a JPEG 2000 stream names the bits of its first component (T.800 A.5.1)
_WARNINGS = 2  # what OpenJPEG is to tell
_HEADROOM = 3  # bits more than it names


@dataclass(frozen=True, slots=True)
class Task:
    """What a decoder is told, and what it has to say: notes go into `doubts`.

    colour: what the samples of a colour JPEG are by R-C1. threads: for one frame.
    """

    description: PixelDescription
    facts: StreamFacts
    colour: str
    threads: int
    doubts: list[str] = field(default_factory=list)


def _jpeg(stream: bytes, task: Task) -> Samples:
    samples = _dct(stream, task)
    if task.facts.whole and not ends_well(stream, task.facts.scan, samples, lambda other: _dct(other, task)):
        task.doubts.append("picture_doubtful")
    return samples


def _dct(stream: bytes, task: Task) -> Samples:
    from imagecodecs import jpeg8_decode

    if task.facts.components != 3:
        return np.asarray(jpeg8_decode(stream))
    inside = "RGB" if task.colour == "RGB" else "YCBCR"
    return np.asarray(jpeg8_decode(stream, colorspace=inside, outcolorspace="RGB"))


def _lossless(stream: bytes, task: Task) -> Samples:
    """libjpeg-turbo is faster and stricter; liblj92 knows sound streams that it may refuse."""
    from imagecodecs import jpeg8_decode, ljpeg_decode

    colour = "RGB" if task.facts.components == 3 else None  # as they are: nothing to turn
    try:
        return np.asarray(jpeg8_decode(stream, colorspace=colour, outcolorspace=colour))
    except RuntimeError:
        if not (task.facts.whole and task.facts.sound):
            raise
        return np.asarray(ljpeg_decode(stream))


def _jpeg_ls(stream: bytes, task: Task) -> Samples:
    from imagecodecs import jpegls_decode

    return np.asarray(jpegls_decode(stream))


def _jpeg_2000(stream: bytes, task: Task) -> Samples:
    from imagecodecs import jpeg2k_decode

    code = with_ends_checked(stream[task.facts.start :])
    with unused_bytes() as complaints:
        samples = _unclipped(code, task, lambda one: jpeg2k_decode(one, numthreads=task.threads, verbose=_WARNINGS))
    if any(complaints):
        task.doubts.append("picture_doubtful")
    return samples


def _htj2k(stream: bytes, task: Task) -> Samples:
    from imagecodecs import htj2k_decode

    return _unclipped(stream[task.facts.start :], task, htj2k_decode)


def _unclipped(code: bytes, task: Task, decode: Callable[[bytes], Samples]) -> Samples:
    """Decode with more bits than the stream names, so that the decoder does not clip what damage made of it.

    Of a reversible wavelet only the shift to zero and the clipping depend on that number (T.800 G.1).
    """
    bits, wide = task.facts.bits, task.facts.bits + _HEADROOM
    if not task.facts.reversible or task.facts.components != 1 or wide > 16:
        return np.asarray(decode(code))
    widened = code[:_SSIZ] + bytes([code[_SSIZ] & 0x80 | wide - 1]) + code[_SSIZ + 1 :]
    values = np.asarray(decode(widened)).astype(np.int32)
    half = 1 << bits - 1
    low, high = (-half, half - 1) if task.facts.is_signed else (0, 2 * half - 1)
    values -= 0 if task.facts.is_signed else (1 << wide - 1) - half
    if values.min() < low - half or values.max() > high + half:  # one cut to a size leaves its range by less
        task.doubts.append("picture_doubtful")
    size = 1 if bits <= 8 else 2
    return np.clip(values, low, high).astype(f"{'i' if task.facts.is_signed else 'u'}{size}")


def _rle(stream: bytes, task: Task) -> Samples:
    """Bytes of the segments put together again as native words, sample after sample of a pixel (PS3.5 G.2)."""
    from imagecodecs import dicomrle_decode

    dtype = stored_dtype(task.description).newbyteorder("<")
    raw = np.frombuffer(dicomrle_decode(stream, np.dtype(f"<u{dtype.itemsize}")), f"<u{dtype.itemsize}")
    if task.description.samples == 1:
        return raw
    return np.ascontiguousarray(raw.reshape(task.description.samples, -1).T).reshape(-1)


def _deflate(stream: bytes, task: Task) -> Samples:
    """Deflated image frame (PS3.5 A.4.13): never more than the frame may hold."""
    size = (frame_bits(task.description) + 7) // 8
    return np.frombuffer(zlib.decompressobj(-15).decompress(stream, size), np.uint8)


def _plain(stream: bytes, task: Task) -> Samples:
    """Encapsulated Uncompressed (PS3.5 A.4.11): the bytes of a native frame."""
    return np.frombuffer(stream, np.uint8)


DECODERS: dict[Family, Callable[[bytes, Task], Samples]] = {
    Family.JPEG: _jpeg,
    Family.LOSSLESS: _lossless,
    Family.JPEG_LS: _jpeg_ls,
    Family.JPEG_2000: _jpeg_2000,
    Family.HTJ2K: _htj2k,
    Family.RLE: _rle,
    Family.DEFLATE: _deflate,
    Family.PLAIN: _plain,
}

_JPEG = "1.2.840.10008.1.2.4."
SYNTAXES: dict[str, Family] = {
    **{_JPEG + last: Family.JPEG for last in ("50", "51", "52", "53", "54", "55", "56")},
    **{_JPEG + last: Family.LOSSLESS for last in ("57", "58", "70")},
    **{_JPEG + last: Family.JPEG_LS for last in ("80", "81")},
    **{_JPEG + last: Family.JPEG_2000 for last in ("90", "91", "92", "93")},
    **{_JPEG + last: Family.HTJ2K for last in ("201", "202", "203")},
    "1.2.840.10008.1.2.5": Family.RLE,
    "1.2.840.10008.1.2.8.1": Family.DEFLATE,
    "1.2.840.10008.1.2.1.98": Family.PLAIN,
}
