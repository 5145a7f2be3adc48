"""OpenDisc: a medium that is open, its reader, and one source per group of pictures. A new one for each disc.

Whoever holds it (an export, a late slice) goes on with this disc, also when another has been opened meanwhile.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from viewer.codec.pool import Decoder
from viewer.codec.stored import StoredFrame
from viewer.disc.medium import Medium
from viewer.index.model import DiscIndex, Frame, Series
from viewer.jobs.budget import Budget
from viewer.problem import ProblemError
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.source import open_source, stored_values

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SourceKey = tuple[str, int]


class OpenDisc:
    """Thread-safe. `path` is what the person chose."""

    def __init__(self, medium: Medium, decoder: Decoder, budget: Budget, index: DiscIndex, path: str) -> None:
        self.medium, self.index, self.path = medium, index, path
        self._reader = FrameReader(medium, decoder, budget)
        self._sources: dict[SourceKey, Source] = {}
        self._lock = threading.Lock()  # never held while a source is made: the window asks for others
        self._making: dict[SourceKey, threading.Lock] = {}

    def source(self, series_id: str, group: int = 0) -> Source:
        """The source of a series of the index as it is now; raises KeyError, IndexError, ProblemError."""
        series = self.index.series(series_id)
        if series is None:
            raise KeyError(series_id)
        return self.source_of(series, group)

    def source_of(self, series: Series, group: int = 0) -> Source:
        """The source of a series, also of one that has grown since. Fast; reads no pixels."""
        key = (series.id, group)
        if (kept := self._kept(key, series)) is not None:
            return kept
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:  # one makes it; two would take the memory of two
            if (kept := self._kept(key, series)) is not None:
                return kept
            made = open_source(series, group, self._reader)
            with self._lock:
                if self.index.series(series.id) is series:
                    self._sources[key] = made
            return made

    def _kept(self, key: SourceKey, series: Series) -> Source | None:
        with self._lock:
            kept = self._sources.get(key)
        return kept if kept is not None and kept.series.groups is series.groups else None

    def open_sources(self) -> dict[SourceKey, Source]:
        """Those in use."""
        with self._lock:
            return dict(self._sources)

    def take(self, index: DiscIndex) -> tuple[Source, ...]:
        """More of the disc is known: sources of series that are as they were stay, the others are given back.

        The caller closes them once it needs their geometry no more.
        """
        with self._lock:
            self.index = index
            stale = [key for key, source in self._sources.items() if not _is_as_it_was(source, index)]
            return tuple(self._sources.pop(key) for key in stale)

    def stored_values(self, source: Source, index: int) -> NDArray[np.float32]:
        """Exactly the stored picture `index` after the modality LUT. Blocks. Raises ProblemError."""
        return stored_values(source, index, self._reader)

    def stored(self, frame: Frame) -> StoredFrame:
        """The stored values of a frame that belongs to no source (a mask). Blocks. Raises ProblemError."""
        return self._reader.stored(frame)

    def close(self) -> None:
        """Give up memory and open files."""
        with self._lock:
            for source in self._sources.values():
                source.close()
            self._sources.clear()
        self.medium.close()


class OpenNow:
    """The disc that is open, if one is. Whoever works on it holds this; `Opening` alone changes it, on the store's thread."""

    def __init__(self) -> None:
        self.disc: OpenDisc | None = None

    def needed(self) -> OpenDisc:
        """Raises KeyError when nothing is open."""
        if self.disc is None:
            raise KeyError("no disc is open")
        return self.disc

    def source(self, series_id: str, group: int = 0) -> Source:
        """As that of the disc; raises KeyError also when nothing is open."""
        return self.needed().source(series_id, group)

    def source_or_none(self, series_id: str, group: int) -> Source | None:
        """The source; None where there is none of that name, or its places make no sense."""
        try:
            return self.source(series_id, group)
        except (KeyError, IndexError, ProblemError):
            return None


def _is_as_it_was(source: Source, index: DiscIndex) -> bool:
    now = index.series(source.series.id)
    return now is not None and now.groups is source.series.groups
