"""The decoder process: reads tasks from standard input, decodes, answers. Started by `pool`, imports no Qt.

A task is a 4-byte length, that many bytes of JSON, then the stream. The answer is one fixed head (`ANSWER`); the
decoded values lie in the shared area (a memory file) or follow the head. Whatever a decoder does, including raising
something that is not an Exception, is answered with a code; what cannot be answered (a crash, a limit of the
system) ends the process, and the pool says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from viewer.codec.decoders import DECODERS, SYNTAXES, Task
from viewer.codec.native import frame_bits, unpack
from viewer.codec.stored import (
    byte_view,
    extract,
    has_stray_bits,
    high_bit_shift,
    is_beyond,
    is_in_range,
    overshoot,
    stored_dtype,
    stored_shape,
)
from viewer.codec.stream import Family, StreamFacts, sniff
from viewer.dicom.header import PixelDescription
from viewer.problem import ProblemError

if TYPE_CHECKING:
    from numpy.typing import NDArray

ANSWER = struct.Struct("<4sIBBHQ")  # magic, serial, code, photometric, notes, bytes of values
MAGIC = b"SLDA"
CODES = ("", "picture_damaged", "unknown_encoding", "picture_contradicts", "picture_too_large", "pixels_missing")
PHOTOMETRICS = ("", "RGB", "YBR_FULL")  # "" = as the header says
NOTES = (
    "picture_incomplete",
    "picture_doubtful",
    "encoding_mislabelled",
    "colour_label_corrected",
    "pixels_cut_off",
    "values_contradict",
)
MEMORY_LIMIT = 1400 * 2**20  # address space of the process
_UNMARKED = (Family.DEFLATE, Family.PLAIN)  # streams that do not say what they are
# samples of the stream and of the header that still make one picture: grey called colour, colour with transparency
_OTHER_PARTS = frozenset({(Family.JPEG, 1, 3), (Family.JPEG_2000, 1, 3), (Family.JPEG_2000, 4, 3)})
_SMALLEST_PART = 64  # less of a picture than one in so many bytes: its stated size is wrong
_FILE_LIMIT = 600 * 2**20


class _Refused(Exception):
    """The stream is not decoded; `code` is one of `CODES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def family_of(facts: StreamFacts | None, transfer_syntax: str, fills: bool = False) -> tuple[Family, bool]:
    """(family to decode with, whether the header named another one): the stream's own bytes win.

    fills: there are as many bytes as in a plain frame, which may begin with any. No deflated one begins like another kind.
    """
    named = SYNTAXES.get(transfer_syntax)
    if named is not None and named in _UNMARKED and (facts is None or (named is Family.PLAIN and fills)):
        return named, False
    if facts is None:
        raise _Refused("unknown_encoding" if named is None else "picture_damaged")
    alike = {Family.JPEG_2000, Family.HTJ2K}
    named_wrong = named is not facts.family and not (named in alike and facts.family in alike)
    return facts.family, named_wrong and {named, facts.family} != {Family.JPEG, Family.LOSSLESS}


def decode(
    stream: bytes, description: PixelDescription, transfer_syntax: str, threads: int
) -> tuple[NDArray[np.generic], str, list[str]]:
    """(stored values, photometric now or "", notes); raises _Refused, ProblemError or whatever a decoder raises."""
    shape, dtype = stored_shape(description), stored_dtype(description)
    facts = sniff(stream)
    family, mislabelled = family_of(facts, transfer_syntax, 8 * len(stream) >= frame_bits(description))
    facts = facts if facts is not None and facts.family is family else StreamFacts(family)
    _agrees(facts, description)
    colour = facts.colour or _header_colour(description.photometric)
    task = Task(description, facts, colour, threads)
    samples = _decoded(stream, family, task)
    notes = (["encoding_mislabelled"] if mislabelled else []) + task.doubts
    if not facts.whole:
        notes.append("picture_incomplete")
    if not facts.sound:
        notes.append("picture_doubtful")
    if family is Family.RLE or family in _UNMARKED:
        if samples.nbytes * _SMALLEST_PART < shape[0] * shape[1] * dtype.itemsize:
            raise _Refused("picture_contradicts")
        frame = unpack(samples.tobytes(), replace_planar(description) if family is Family.RLE else description)
        return frame.array, "", notes + [word.code for word in frame.problems]
    if facts.components != description.samples:
        samples = _in_three(samples)
        notes.append("colour_label_corrected")
    beyond = is_beyond(samples, description)  # asked first: settling changes them in place
    values, in_range = _settle(samples, facts, description, shape, dtype)
    if beyond:
        notes.append("values_contradict")
    elif not in_range and "picture_doubtful" not in notes:
        notes.append("picture_doubtful")
    photometric = _photometric(family, colour, facts) if len(shape) == 3 else ""
    photometric = "RGB" if facts.components == 1 and photometric != "RGB" and len(shape) == 3 else photometric
    if photometric == "RGB" and facts.colour == "RGB" and family in (Family.JPEG, Family.LOSSLESS):
        notes += ["colour_label_corrected"] if _header_colour(description.photometric) != "RGB" else []
    elif facts.colour == "YBR_FULL" and description.photometric == "RGB":
        notes.append("colour_label_corrected")
    return values, photometric, notes


def _decoded(stream: bytes, family: Family, task: Task) -> NDArray[np.generic]:
    """What the decoder gives. One of them (OpenJPH) meets an error where none can be raised and gives half a picture,
    the rest whatever was in memory: the system's hook for such errors is the only one who hears of it."""
    unheard: list[object] = []
    before, sys.unraisablehook = sys.unraisablehook, unheard.append
    try:
        samples = DECODERS[family](stream, task)
    finally:
        sys.unraisablehook = before
    if unheard:
        raise _Refused("picture_damaged")
    return samples


def replace_planar(description: PixelDescription) -> PixelDescription:
    """RLE segments are put together sample by sample, whatever Planar Configuration says (PS3.5 G.2)."""
    from dataclasses import replace

    photometric = "YBR_FULL" if description.photometric == "YBR_FULL_422" else description.photometric
    return replace(description, planar=0, photometric=photometric)


def _header_colour(photometric: str) -> str:
    return "RGB" if photometric in ("RGB", "YBR_RCT", "YBR_ICT") else "YBR_FULL"


def _photometric(family: Family, colour: str, facts: StreamFacts) -> str:
    """What the decoded samples are: libjpeg and the JPEG 2000 transform already gave RGB."""
    if family is Family.JPEG:
        return "RGB"
    if family is Family.JPEG_LS:
        return ""
    return facts.colour or ("RGB" if colour == "RGB" else "")


def _agrees(facts: StreamFacts, description: PixelDescription) -> None:
    """Refuse before any allocation what does not fit the header: "0 silent wrong shapes"."""
    if facts.family in _UNMARKED:
        return
    if facts.family is Family.RLE:
        if facts.components != description.samples * max(1, stored_dtype(description).itemsize):
            raise _Refused("picture_contradicts")
        if not facts.whole:
            raise _Refused("picture_damaged")  # the decoder would read where its offsets lead: behind the stream
        return
    parts = facts.components, description.samples
    known = parts[0] == parts[1] or (description.bits_allocated == 8 and (facts.family, *parts) in _OTHER_PARTS)
    if (facts.rows, facts.columns) != (description.rows, description.columns) or not known:
        raise _Refused("picture_contradicts")
    if facts.bits > stored_dtype(description).itemsize * 8:
        raise _Refused("picture_contradicts")
    if facts.family is Family.JPEG_LS and not facts.whole:
        raise _Refused("picture_damaged")  # CharLS burns seconds of CPU on a stream without its end


def _in_three(samples: NDArray[np.generic]) -> NDArray[np.generic]:
    """Grey as the colour that the header calls it; or colour without what is said of its transparency."""
    return np.ascontiguousarray(np.dstack([samples] * 3) if samples.ndim == 2 else samples[..., :3])


def _settle(
    samples: NDArray[np.generic],
    facts: StreamFacts,
    description: PixelDescription,
    shape: tuple[int, ...],
    dtype: np.dtype[np.generic],
) -> tuple[NDArray[np.generic], bool]:
    """(values of the header's dtype, whether all lay within the stream's own bits)."""
    if samples.shape != shape or samples.dtype.kind not in "iu":
        raise _Refused("picture_contradicts")
    in_range = samples.dtype.kind == "i" or facts.bits >= samples.dtype.itemsize * 8 or _within(samples, facts.bits)
    words = samples.astype(f"{samples.dtype.kind}{dtype.itemsize}", copy=False)
    in_range &= (
        is_in_range(words, description)
        or _within(words, description.bits_stored, _off(facts, description))
        or not has_stray_bits(words, description)
    )
    if not description.is_signed and samples.dtype.kind == "u":
        shift = high_bit_shift(description) if facts.bits > description.bits_stored else 0
        return (words >> shift if shift else words), in_range
    if samples.dtype.kind == "i" and description.is_signed:
        return words.view(dtype), in_range
    shift = high_bit_shift(description) if facts.bits > description.high_bit else 0
    return extract(np.ascontiguousarray(words), description, shift), in_range


def _off(facts: StreamFacts, description: PixelDescription) -> int:
    """How far a sound value may lie beyond the bits of the header, for which the stream has more of them."""
    lossy = facts.family is Family.JPEG_2000 and not facts.reversible
    return overshoot(description.bits_stored) if lossy else facts.near


def _within(samples: NDArray[np.generic], bits: int, more: int = 0) -> bool:
    return int(samples.max()) < (1 << bits) + more  # type: ignore[call-overload, unused-ignore]


def _limit() -> None:
    """Memory, files and core dumps, where the system has such limits; no thread pool for linear algebra."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_LIMIT, _FILE_LIMIT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _clock(seconds: float) -> None:
    """Let the system end this process after so much CPU time (0 = no limit)."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import signal

        signal.setitimer(signal.ITIMER_PROF, seconds)


def _answer(out: BinaryIO, area: int, serial: int, result: tuple[NDArray[np.generic], str, list[str]] | str) -> None:
    if isinstance(result, str):
        out.write(ANSWER.pack(MAGIC, serial, CODES.index(result), 0, 0, 0))
        out.flush()
        return
    values, photometric, notes = result
    data = byte_view(np.ascontiguousarray(values))
    bits = sum(1 << NOTES.index(note) for note in set(notes))
    if area >= 0:
        at = 0
        while at < len(data):
            at += os.pwrite(area, data[at:], at)
    out.write(ANSWER.pack(MAGIC, serial, 0, PHOTOMETRICS.index(photometric), bits, len(data)))
    if area < 0:
        out.write(data)
    out.flush()


def _attempt(task: dict[str, Any], stream: bytes) -> tuple[NDArray[np.generic], str, list[str]] | str:
    try:
        description = PixelDescription(**{**task["description"], "padding": None})
        return decode(stream, description, task["transfer_syntax"], task["threads"])
    except _Refused as refusal:
        return refusal.code
    except ProblemError as refusal:
        return refusal.problem.code if refusal.problem.code in CODES else "picture_damaged"
    except MemoryError:
        return "picture_too_large"
    except BaseException:  # noqa: BLE001  a decoder may raise anything; this process is the place where it ends
        return "picture_damaged"


def serve(tasks: BinaryIO, out: BinaryIO, area: int) -> None:
    """Answer tasks until the pool closes the pipe (also when the pool's process has died)."""
    while len(head := tasks.read(4)) == 4:
        task = json.loads(tasks.read(int.from_bytes(head, "little")))
        stream = tasks.read(task["length"])
        if len(stream) < task["length"]:
            return
        _clock(task["cpu_seconds"])
        result = _attempt(task, stream)
        _clock(0)
        _answer(out, area, task["serial"], result)


def main() -> None:
    """Entry of the process; `sys.argv[-1]` is the handle of the shared area, -1 for none."""
    area = int(sys.argv[-1])
    private = os.dup(1)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)  # a library that prints must not garble the answers
    os.dup2(silent, 2)
    _limit()
    import imagecodecs  # noqa: F401  loaded before the first task, and within the limits

    with os.fdopen(0, "rb", closefd=False) as tasks, os.fdopen(private, "wb") as out:
        serve(tasks, out, area)
