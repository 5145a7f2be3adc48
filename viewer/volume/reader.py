"""FrameReader: one frame of a series → its stored values, with one read of exactly its bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.codec.native import frame_span, settled, unpack
from viewer.codec.pool import Decoding
from viewer.codec.sector import has_lost_sector, may_lack_sectors
from viewer.codec.stored import (
    LARGEST_FRAME,
    StoredFrame,
    byte_view,
    high_bit_shift,
    is_in_range,
    stored_dtype,
    stored_shape,
    worded,
)
from viewer.dicom.behind import is_whole_behind
from viewer.dicom.header import Header, PixelDescription, PixelPlace
from viewer.dicom.source import inflated_bytes
from viewer.disc.medium import FoundFile, Medium
from viewer.disc.plain_files import PlainFiles
from viewer.index.model import Frame
from viewer.index.mosaic import mosaic_grid, mosaic_tile_box
from viewer.jobs.budget import Budget
from viewer.problem import ProblemError, problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

Check = Callable[[], None]

_BIG_ENDIAN = frozenset({"1.2.840.10008.1.2.2", "1.2.840.113619.5.2"})  # the second: GE, swapped pixels only
_KEPT_SHEETS = 2
_TAIL = 4096  # bytes behind the last frame that are looked at
_SMALL_PART = 1 / 64  # a native frame with less than this of its bytes is not worth its memory


class FrameReader:
    """Reads frames of one medium. Thread-safe. All failures are ProblemError."""

    def __init__(self, medium: Medium, decoder: Decoding, budget: Budget) -> None:
        self.medium = medium
        self.decoder = decoder
        self.budget = budget
        self._sheets: OrderedDict[str, StoredFrame] = OrderedDict()
        self._inflated: tuple[str, bytes] = ("", b"")
        self._whole_behind: dict[str, bool] = {}
        self._plain = PlainFiles(medium)
        self._lock = threading.Lock()

    @property
    def threads(self) -> int:
        """How many frames are worth reading at once: copies and decoders run without Python's lock."""
        return max(2, self.decoder.workers)

    def stored(
        self,
        frame: Frame,
        into: NDArray[np.generic] | None = None,
        check: Check = lambda: None,
        threads: int = 1,
    ) -> StoredFrame:
        """Stored values of a frame (PS3.5 8.1.1, A.4); a tile of a mosaic is cut out of its sheet.

        `into`: (rows, columns) of the stored dtype to be filled in place. `threads`: for the one picture on screen 2.
        """
        if mosaic_grid(frame.header) is not None:
            return _filled(self._tile(frame, check, threads), into)
        return self._stored(frame.header, frame.number, into, check, threads)

    def stored_run(self, frames: Sequence[Frame], into: NDArray[np.generic], check: Check) -> list[StoredFrame | None]:
        """Plain frames straight into `into` (frames, rows, columns), looked over all at once: half the time of one by
        one. None for each that has to be read on its own, for whatever reason."""
        there = []
        for frame, place in zip(frames, into):
            check()
            there.append(self._is_plain(frame, place) and self._whole(frame, place))
        return stored_together(frames, into, there)

    def _is_plain(self, frame: Frame, place: NDArray[np.generic]) -> bool:
        """Whether the bytes of the file are the bytes of the array (PS3.5 8.1.1, 8.2)."""
        header, pixels, at = frame.header, frame.header.pixels, frame.header.place
        return (
            pixels is not None
            and at is not None
            and not at.encapsulated
            and not at.inflated
            and pixels.samples == 1
            and pixels.bits_allocated == 8 * place.itemsize
            and (pixels.rows, pixels.columns) == place.shape
            and at.length == place.nbytes * max(1, header.frames)
            and not (header.transfer_syntax in _BIG_ENDIAN and place.itemsize > 1)
            and mosaic_grid(header) is None
            and not self._has_rest(header, at)
        )

    def _whole(self, frame: Frame, place: NDArray[np.generic]) -> bool:
        assert frame.header.place is not None
        start = frame.header.place.offset + (frame.number - 1) * place.nbytes
        return self._plain.read_into(frame.header.path, start, byte_view(place))

    def _tile(self, frame: Frame, check: Check, threads: int) -> StoredFrame:
        """All tiles of a sheet are asked for in turn, so the sheet is kept."""
        path = frame.header.path
        with self._lock:
            sheet = self._sheets.get(path)
        if sheet is None:
            sheet = self._stored(frame.header, 1, None, check, threads)
            with self._lock:
                self._sheets[path] = sheet
                while len(self._sheets) > _KEPT_SHEETS:
                    self._sheets.popitem(last=False)
        top, bottom, left, right = mosaic_tile_box(frame.header, frame.number)
        padding = None if sheet.padding is None else sheet.padding[top:bottom, left:right].copy()
        return replace(sheet, array=sheet.array[top:bottom, left:right].copy(), padding=padding)

    def _stored(
        self, header: Header, number: int, into: NDArray[np.generic] | None, check: Check, threads: int
    ) -> StoredFrame:
        description, place = header.pixels, header.place
        if description is None or place is None:
            raise ProblemError(problem("pixels_missing", header.path))
        try:
            if place.encapsulated:
                stream = self._stream(header, place, number)
                return self.decoder.decode(stream, description, header.transfer_syntax, check, into, threads)
            stored = self._native(header, description, place, number, into)
            more = self._holds_more(header, description, place) or self._has_rest(header, place)
            return worded(stored, "pixels_too_many") if more else stored
        except ProblemError as failure:
            raise ProblemError(replace(failure.problem, where=header.path)) from failure
        except (ValueError, IndexError, MemoryError, OverflowError) as failure:
            raise ProblemError(problem("picture_damaged", header.path)) from failure

    def _stream(self, header: Header, place: PixelPlace, number: int) -> bytes:
        """The fragments of one frame, put together."""
        if number > len(place.fragments):
            raise ProblemError(problem("pixels_missing"))
        parts = place.fragments[number - 1]
        if not parts:
            raise ProblemError(problem("pixels_missing"))
        if sum(length for _, length in parts) > LARGEST_FRAME:
            raise ProblemError(problem("picture_too_large"))
        return b"".join(self._bytes(header, place, offset, length) for offset, length in parts)

    def _native(
        self,
        header: Header,
        description: PixelDescription,
        place: PixelPlace,
        number: int,
        into: NDArray[np.generic] | None,
    ) -> StoredFrame:
        dtype = stored_dtype(description)
        start, size, first_bit = frame_span(description, number)
        there = min(size, place.length - start)
        if there <= 0 or there < size * _SMALL_PART:
            raise ProblemError(problem("pixels_missing"))
        big_endian = header.transfer_syntax in _BIG_ENDIAN
        words = description.samples == 1 and description.bits_allocated == 8 * dtype.itemsize
        plain = not (big_endian and dtype.itemsize > 1) and not place.inflated and not place.swapped
        if words and there == size and plain:
            array = into if into is not None else np.empty(stored_shape(description), dtype)
            if array.nbytes == size and self._plain.read_into(header.path, place.offset + start, byte_view(array)):
                lost = has_lost_sector(byte_view(array), place.offset + start, size // description.rows)
                return _doubted(settled(array, description), lost)
        data = self._bytes(header, place, place.offset + start, there)
        lost = not place.inflated and has_lost_sector(memoryview(data), place.offset + start, size // description.rows)
        return _filled(_doubted(unpack(data, description, big_endian, first_bit), lost), into)

    def _holds_more(self, header: Header, description: PixelDescription, place: PixelPlace) -> bool:
        """Whether there are data behind the last frame: nothing but zeros may be (PS3.5 8.1.1)."""
        first, size, _ = frame_span(description, _count(header))
        left = place.length - first - size
        return (
            left > 1
            and not place.inflated
            and any(self._bytes(header, place, place.offset + first + size, min(left, _TAIL)))
        )

    def _has_rest(self, header: Header, place: PixelPlace) -> bool:
        """Whether something that is no part of the data set follows in the file, once for all of its frames."""
        end = place.offset + place.length
        if place.inflated or header.size <= end:
            return False
        if header.path not in self._whole_behind:
            try:
                self._whole_behind[header.path] = is_whole_behind(self.medium, header.path, end, header.size)
            except ProblemError:  # the picture itself may be read well enough
                return False
        return not self._whole_behind[header.path]

    def _bytes(self, header: Header, place: PixelPlace, offset: int, length: int) -> bytes:
        if place.swapped:  # whole pairs, from the start of the pixels on
            lead = (offset - place.offset) % 2
            pairs = self._bytes(header, replace(place, swapped=False), offset - lead, (lead + length + 1) // 2 * 2)
            return np.frombuffer(pairs[: len(pairs) // 2 * 2], ">u2").astype("<u2").tobytes()[lead : lead + length]
        if not place.inflated:
            return self.medium.read(header.path, offset, length)
        whole = self._inflated_pixels(header, place)
        return whole[offset - place.offset : offset - place.offset + length]

    def _inflated_pixels(self, header: Header, place: PixelPlace) -> bytes:
        """The pixel data of a deflated file: inflated once, since it has no way in at the middle (PS3.5 A.5), and no
        further than its pictures reach."""
        assert header.pixels is not None
        first, size, _ = frame_span(header.pixels, _count(header))
        length = min(place.length, first + size)
        if length > min(LARGEST_FRAME, self.budget.limit):
            raise ProblemError(problem("picture_too_large"))
        with self._lock:
            if self._inflated[0] != header.path:
                found = FoundFile(header.path, header.size)
                data = inflated_bytes(self.medium, found, place.deflated_start, place.offset, length)
                self._inflated = (header.path, data)
            return self._inflated[1]


def _count(header: Header) -> int:
    """How many frames there are; outlines are no pictures, so that their header counts none."""
    return max(1, header.frames, len(header.per_frame))


def stored_together(
    frames: Sequence[Frame], into: NDArray[np.generic], there: Sequence[bool]
) -> list[StoredFrame | None]:
    """The frames of a run that are `there`; where all of it is beyond doubt, two passes over it are enough."""
    first = frames[0].header.pixels
    assert first is not None
    alike = all(there) and all(frame.header.pixels in (None, first) for frame in frames)
    if not alike or high_bit_shift(first) or not is_in_range(into, first):
        return [_settled(frame, place) if read else None for frame, place, read in zip(frames, into, there)]
    dtype, doubtful = stored_dtype(first), may_lack_sectors(byte_view(into))
    whole = [StoredFrame(place.view(dtype), first.photometric) for place in into]
    return [_looked_over(*one) for one in zip(frames, into, whole)] if doubtful else list(whole)


def _settled(frame: Frame, place: NDArray[np.generic]) -> StoredFrame:
    assert frame.header.pixels is not None
    return _looked_over(frame, place, settled(place, frame.header.pixels))


def _looked_over(frame: Frame, place: NDArray[np.generic], stored: StoredFrame) -> StoredFrame:
    """With a word where a sector of the file was lost."""
    assert frame.header.place is not None
    start = frame.header.place.offset + (frame.number - 1) * place.nbytes
    return _doubted(stored, has_lost_sector(byte_view(place), start, place.nbytes // len(place)))


def _doubted(stored: StoredFrame, lost: bool) -> StoredFrame:
    """With a word where part of the picture was lost in copying."""
    return worded(stored, "picture_doubtful") if lost else stored


def _filled(stored: StoredFrame, into: NDArray[np.generic] | None) -> StoredFrame:
    if into is None:
        return stored
    if into.shape != stored.array.shape:
        raise ProblemError(problem("picture_contradicts"))
    into[...] = stored.array
    return replace(stored, array=into)
