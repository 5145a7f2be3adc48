"""Thumbnails: the middle picture of each set, rendered by the one picture function on a worker, one at a time.

Where the middle one is empty or cannot be shown another stands for the set; where none can, the reason does.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from viewer.geometry.plane import Plane
from viewer.gui.bridge import Bridge
from viewer.index.model import DiscIndex, Series
from viewer.jobs.jobs import Job
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

    def __init__(self, session: Session, bridge: Bridge, parent: QObject, ratio: float = 1.0) -> None:
        super().__init__(parent)
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
        if self._running is not None:
            return
        while self._queue:
            key = self._queue.popleft()
            if self._is_there(key):
                self._start(key)
                return
            self._asked.discard(key)  # of a disc that was left: asked for anew when it is back

    def _start(self, key: Key) -> None:
        side, source = round(SIDE * self._ratio), self._session.source_later(key[0])
        self._running = self._session.jobs.start("thumbnail", lambda job: picture_for(source(), side), behind=True)
        self._bridge.follow(self._running, lambda job: self._done(key, job))

    def _is_there(self, key: Key) -> bool:
        """Whether the id still means the set that was asked for."""
        disc = self._session.store.state.disc
        series = disc.series(key[0]) if disc is not None else None
        return disc is not None and series is not None and _set_of(disc, series) == key[1]

    def _done(self, key: Key, job: Job[Picture]) -> None:
        if not job.finished or job is not self._running:
            return
        self._running = None
        if job.result is not None:
            pixmap = QPixmap.fromImage(as_image(job.result.pixels))
            pixmap.setDevicePixelRatio(self._ratio)
            self._pixmaps[key] = pixmap
        elif job.cancelled or not self._is_there(key):  # its disc was closed under it: that says nothing of the picture
            self._asked.discard(key)
        else:
            self._failed[key] = job.problem or problem("picture_cannot_be_shown")
        self.made.emit(key[0])
        self._next()


def _key(disc: DiscIndex, series_id: str, frames: int) -> Key:
    series = disc.series(series_id)
    return (series_id, _set_of(disc, series) if series is not None else "", frames)


def _set_of(disc: DiscIndex, series: Series) -> str:
    """What an id means: ids are given anew for each disc."""
    return f"{disc.root} {series.uid}"


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
