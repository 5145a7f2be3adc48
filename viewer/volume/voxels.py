"""VoxelStore: all frames of a volume in one array (slices, rows, columns), filled from the middle outward.

Plain files are read straight into their place, by two threads: the copy runs without Python's lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from viewer.codec.stored import StoredFrame, stored_dtype
from viewer.geometry.grid import VolumeGeometry
from viewer.index.model import Frame
from viewer.index.mosaic import tile_size
from viewer.problem import Problem, ProblemError
from viewer.volume.frames import OneFills, in_runs, outward, side_by_side
from viewer.volume.reader import FrameReader
from viewer.volume.values import FrameValues, applied, frame_values, frame_words, is_damaged, looked_through

if TYPE_CHECKING:
    from numpy.typing import NDArray

Check = Callable[[], None]

_ALONE = 16  # frames from the middle outward
_RUN_BYTES = 8 * 2**20

_PASSING = frozenset({"file_gone", "file_not_readable"})  # what is said while a disc is out of its drive
_ABSENT, _TAKEN, _THERE, _FAILED = 0, 1, 2, 3


def frame_shape(frame: Frame) -> tuple[int, int]:
    """(rows, columns) of a frame; of one tile where it is part of a mosaic."""
    return tile_size(frame.header)


def common_dtype(frames: Sequence[Frame]) -> np.dtype[np.generic] | None:
    """The stored dtype where one rescale and one dtype hold for all frames, else None: float32 modality values."""
    first = frames[0]
    pixels, dtype = first.header.pixels, _dtype_of(first)
    alike = (
        pixels is not None
        and dtype is not None
        and all(
            frame.header.modality_lut is None
            and frame.header.pixels is not None
            and (frame.header.pixels is pixels or _dtype_of(frame) == dtype)
            and frame.facts.slope == first.facts.slope
            and frame.facts.intercept == first.facts.intercept
            and frame.header.pixels.padding == pixels.padding
            for frame in frames
        )
    )
    return dtype if alike else None


def _dtype_of(frame: Frame) -> np.dtype[np.generic] | None:
    """None for bits that no picture has, which is said where that frame is looked at: the others are a set all the same."""
    try:
        return stored_dtype(frame.header.pixels) if frame.header.pixels is not None else None
    except ProblemError:
        return None


class VoxelStore:
    """Voxels of a grey volume. Thread-safe: a frame is read once, by the first who asks."""

    def __init__(self, frames: Sequence[Frame], reader: FrameReader) -> None:
        self.frames = frames
        self._reader = reader
        self._symbolic = common_dtype(frames)
        self.dtype = self._symbolic if self._symbolic is not None else np.dtype(np.float32)
        self.shape = (len(frames), *frame_shape(frames[0]))
        self._array: NDArray[np.generic] | None = None
        self._mask: NDArray[np.bool_] | None = None
        self._words: dict[int, tuple[Problem, ...]] = {}
        self._looked: set[int] = set()
        self._failures: dict[int, ProblemError] = {}
        self._state = np.zeros(len(frames), np.uint8)
        self._done = 0
        self._closed = False
        self._changed = threading.Condition()
        self._filling = OneFills()

    @property
    def nbytes(self) -> int:
        """Bytes of the whole array."""
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    @property
    def slope(self) -> float:
        """Modality value = voxel * slope + intercept."""
        return self.frames[0].facts.slope if self._symbolic is not None else 1.0

    @property
    def intercept(self) -> float:
        """See `slope`."""
        return self.frames[0].facts.intercept if self._symbolic is not None else 0.0

    @property
    def symbolic(self) -> bool:
        """Whether voxels are stored values (padding shows in them), not yet modality values."""
        return self._symbolic is not None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is to be said with every plane across."""
        return ()

    def geometry_of(self, geometry: VolumeGeometry) -> VolumeGeometry:
        """The geometry of `array`."""
        return geometry

    @property
    def done(self) -> int:
        """Frames read (or found unreadable) so far."""
        return self._done

    @property
    def failures(self) -> int:
        """Frames that could not be read."""
        return len(self._failures)

    @property
    def damaged(self) -> int:
        """Frames read so far whose points may be wrong."""
        return sum(is_damaged(frame, self._words.get(index, ())) for index, frame in enumerate(self.frames))

    @property
    def array(self) -> NDArray[np.generic]:
        """(slices, rows, columns); what has not been read holds anything."""
        array = self._array
        if array is None:
            with self._changed:
                if self._array is None:
                    self._array = np.empty(self.shape, self.dtype)
                array = self._array
        return array

    @property
    def mask(self) -> NDArray[np.bool_] | None:
        """(slices, rows, columns): True where the file holds nothing or padding that no longer shows in the voxels."""
        return self._mask

    def peek(self, index: int) -> FrameValues | None:
        """A frame that is in memory, as views; it may not have been looked through yet."""
        if self._state[index] != _THERE:
            return None
        return self._values(index)

    def ready(self, index: int) -> FrameValues | None:
        """A frame that is in memory with all that is to be said about it."""
        if self._symbolic is not None and index not in self._looked:
            return None
        return self.peek(index)

    def get(self, index: int, check: Check = lambda: None, threads: int = 1) -> FrameValues:
        """A frame, read when it is not there; raises ProblemError. One whose file was gone is tried again."""
        self._forgive(index)
        self._bring(index, check, threads)
        failure = self._failures.get(index)
        if failure is not None:
            raise failure
        self._look_at(index)
        return self._values(index)

    def fill(self, check: Check) -> None:
        """Bring in all frames, middle first then outward; `check` is called between frames and may raise."""

        def bring(run: tuple[int, ...]) -> bool:
            if self._closed:
                return False
            taken = self._taken(run) if len(run) > 1 else ()
            if taken:
                self._bring_run(taken, check)
            for index in run:
                self._bring(index, check, 1)
            return True

        with self._filling.one(check):
            wanted = [index for index in outward(len(self.frames)) if self._state[index] < _THERE]
            side_by_side(in_runs(wanted, _ALONE, self._run_length()), bring, check, self._reader.threads)

    def _run_length(self) -> int:
        """How many frames are read at once: one where they have to be worked on."""
        place = self.frames[0].header.place
        if self._symbolic is None or place is None or place.encapsulated:
            return 1
        return max(1, _RUN_BYTES * len(self.frames) // max(1, self.nbytes))

    def _taken(self, run: tuple[int, ...]) -> tuple[int, ...]:
        """`run`, kept for this thread; nothing where someone has one of it already."""
        with self._changed:
            if self._state[list(run)].any():
                return ()
            self._state[list(run)] = _TAKEN
            return run

    def _bring_run(self, run: tuple[int, ...], check: Check) -> None:
        """Neighbours at once; those that cannot be had like that are left to be read alone."""
        states = [_ABSENT] * len(run)
        try:
            block = self.array[run[0] : run[-1] + 1]
            for number, stored in enumerate(self._reader.stored_run([self.frames[i] for i in run], block, check)):
                if stored is not None:
                    self._put(run[number], self.frames[run[number]], stored, block[number], True)
                    states[number] = _THERE
        finally:
            with self._changed:
                self._state[list(run)] = states
                self._done += states.count(_THERE)
                self._changed.notify_all()

    def _forgive(self, index: int) -> None:
        """A disc that was taken out may be back."""
        with self._changed:
            failure = self._failures.get(index)
            if failure is not None and failure.problem.code in _PASSING and self._state[index] == _FAILED:
                del self._failures[index]
                self._state[index] = _ABSENT
                self._done -= 1
                if self._mask is not None:
                    self._mask[index] = False

    def _bring(self, index: int, check: Check, threads: int) -> None:
        while (found := self._claimed(index)) == _TAKEN:
            check()  # not under the lock: it may wait for the window, and the window for the lock
        if found >= _THERE:
            return
        state = _ABSENT
        try:
            self._read(index, check, threads)
            state = _THERE
        except ProblemError as failure:
            self._failures[index] = failure
            self.array[index] = 0
            self._mark(index, True)
            state = _FAILED
        finally:
            with self._changed:
                self._state[index] = state
                self._done += state != _ABSENT
                self._changed.notify_all()

    def _claimed(self, index: int) -> int:
        """How a frame was found: `_ABSENT`, now this thread's to read; `_TAKEN` by another, waited for a little."""
        with self._changed:
            found = int(self._state[index])
            if found == _TAKEN:
                self._changed.wait(0.05)
            elif found == _ABSENT:
                self._state[index] = _TAKEN
            return found

    def _read(self, index: int, check: Check, threads: int) -> None:
        frame, place = self.frames[index], self.array[index]
        straight = self._symbolic is not None and _fits(frame, self.shape[1:])
        stored = self._reader.stored(frame, place if straight else None, check, threads)
        self._put(index, frame, stored, place, straight)

    def _put(self, index: int, frame: Frame, stored: StoredFrame, place: NDArray[np.generic], straight: bool) -> None:
        if self._symbolic is not None:
            if not straight or stored.array.base is not place.base:
                place[...] = stored.array
            if stored.padding is not None:
                self._mark(index, stored.padding)
            if stored.problems:
                self._words[index] = stored.problems
            return
        stored = looked_through(frame, stored)
        values = frame_values(frame, stored)
        place[...] = applied(values)
        if values.padding is not None:
            self._mark(index, values.padding)
        self._words[index] = stored.problems

    def _mark(self, index: int, missing: NDArray[np.bool_] | bool) -> None:
        with self._changed:
            if self._mask is None:
                self._mask = np.zeros(self.shape, np.bool_)
            self._mask[index] = missing

    def _values(self, index: int) -> FrameValues:
        frame, values = self.frames[index], self.array[index]
        missing = None if self._mask is None else self._mask[index]
        missing = missing if missing is not None and missing.any() else None
        stored = StoredFrame(values, "", self._words.get(index, ()), missing)
        if self._symbolic is not None:
            return frame_values(frame, stored)
        words = frame_words(frame, stored.problems)
        return FrameValues(values, 1.0, 0.0, missing, False, words)

    def _look_at(self, index: int) -> None:
        """Looked through when it is first shown, on a worker: a volume must not be complete later for it."""
        if self._symbolic is None or index in self._looked:
            return
        values = self.array[index]
        stored = StoredFrame(values, "", self._words.get(index, ()))
        self._words[index] = looked_through(self.frames[index], stored).problems
        self._looked.add(index)

    def close(self) -> None:
        """Give the voxels up; views of slices stay alive with their owners."""
        with self._changed:
            self._closed = True
            self._array = self._mask = None
            self._state[:] = _ABSENT
            self._done = 0


def _fits(frame: Frame, shape: tuple[int, ...]) -> bool:
    pixels = frame.header.pixels
    return pixels is not None and (pixels.rows, pixels.columns) == shape
