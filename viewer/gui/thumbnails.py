"""Thumbnails: the middle picture of each set, rendered by the one picture function on a worker, one at a time.

Where the middle one is empty or cannot be shown another stands for the set; where none can, the reason does.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from viewer.document.model import State
from viewer.geometry.plane import Plane
from viewer.gui.bridge import Bridge
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Cancelled, Job
from viewer.picture.look import Picture
from viewer.picture.render import thumbnail
from viewer.problem import Problem, ProblemError, problem
from viewer.volume.slice import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from viewer.usecases.session import Session

SIDE = 52
TRIED = (0.5, 0.3, 0.7, 0.1, 0.9)  # where in a set a picture is looked for that stands for it
Key = tuple[str, str, int]


class Thumbnails(QObject):
    """`made` tells the series whose thumbnail is ready."""

    made = Signal(str)

    def __init__(self, session: Session, bridge: Bridge, ratio: float = 1.0) -> None:
        super().__init__()
        self._session, self._bridge, self._ratio = session, bridge, ratio
        self._pixmaps: dict[Key, QPixmap] = {}
        self._failed: dict[Key, Problem] = {}
        self._asked: set[Key] = set()
        self._queue: deque[Key] = deque()
        self._running: Job[Picture] | None = None

    def of(self, disc: DiscIndex, series_id: str, frames: int) -> QPixmap | None:
        """The thumbnail, or None; then it is being made. A set that grew gets a new one.

        While a disc is being read an id may come to mean another set, so its UID is part of what is remembered.
        """
        key = _key(disc, series_id, frames)
        if key not in self._asked:
            self._asked.add(key)
            self._queue.append(key)
            self._next()
        return self._pixmaps.get(key)

    def failure(self, disc: DiscIndex, series_id: str, frames: int) -> Problem | None:
        """Why there is no thumbnail and will not be one."""
        return self._failed.get(_key(disc, series_id, frames))

    def _next(self) -> None:
        if self._running is not None or not self._queue:
            return
        key = self._queue.popleft()
        state: State = self._session.store.state
        series = state.disc.series(key[0]) if state.disc else None
        if state.disc is None or series is None or f"{state.disc.root} {series.uid}" != key[1]:
            self._next()
            return
        side, uid = round(SIDE * self._ratio), series.uid

        def work(job: Job[Picture]) -> Picture:
            source = self._source_of(key[0], uid)
            if source is None:
                job.cancel()
                raise Cancelled
            return picture_for(source, side)

        self._running = self._session.jobs.start("thumbnail", work)
        self._bridge.follow(self._running, lambda job: self._done(key, job))

    def _source_of(self, series_id: str, uid: str) -> Source | None:
        """On the worker, since making one is work too; None where the id means another set by now, or none."""
        try:
            source = self._session.source(series_id, 0)
        except KeyError:
            return None
        return source if source.series.uid == uid else None

    def _done(self, key: Key, job: Job[Picture]) -> None:
        if not job.finished or job is not self._running:
            return
        self._running = None
        if job.result is not None:
            pixmap = QPixmap.fromImage(as_image(job.result.pixels))
            pixmap.setDevicePixelRatio(self._ratio)
            self._pixmaps[key] = pixmap
        elif not job.cancelled:
            self._failed[key] = job.problem or problem("picture_cannot_be_shown")
        self.made.emit(key[0])
        self._next()


def _key(disc: DiscIndex, series_id: str, frames: int) -> Key:
    series = disc.series(series_id)
    return (series_id, f"{disc.root} {series.uid if series else ''}", frames)


def picture_for(source: Source, side: int) -> Picture:
    """The first of a few pictures with anything in it, at most `side` pixels large. Blocks. Raises ProblemError."""
    count, plain, why = source.count(Plane.NATIVE), None, None
    for index in dict.fromkeys(min(count - 1, int(count * part)) for part in TRIED):
        try:
            picture = thumbnail(source.slice(Plane.NATIVE, index), side)
        except ProblemError as failure:
            why = why or failure
            continue
        if picture.pixels.min() != picture.pixels.max():
            return picture
        plain = plain or picture
    if plain is not None:
        return plain
    raise why or ProblemError(problem("picture_cannot_be_shown"))


def as_image(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage with its own copy of uint8 (height, width) or (height, width, 3)."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()
