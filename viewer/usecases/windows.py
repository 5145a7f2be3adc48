"""Which window a slice is drawn with: the person's, else that of the middle of its volume, else its own."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from viewer.document.model import PaneView
from viewer.geometry.plane import Plane
from viewer.picture.look import Look, Window
from viewer.picture.presets import presets_for
from viewer.picture.window import automatic_window, default_window, is_window_shared, window_over
from viewer.problem import ProblemError
from viewer.volume.slice import Slice, Source

Own = tuple[tuple[Plane, int], Window | None]


def middle_index(source: Source) -> int:
    """The middle stored picture: the one a series starts with."""
    return source.count(Plane.NATIVE) // 2


class Windows:
    """Remembers, per source, the window all slices of a volume share (R-P9). Thread-safe."""

    def __init__(self) -> None:
        self._shared: WeakKeyDictionary[Source, Window | None] = WeakKeyDictionary()
        self._own: WeakKeyDictionary[Source, Own] = WeakKeyDictionary()  # asked for with every step: worked out once
        self._lock = threading.Lock()

    def of(self, look: Look, source: Source, slice_: Slice) -> Window | None:
        """Fast: until the middle picture is in memory a slice's own window stands in. None for colour."""
        if slice_.is_colour:
            return None
        if look.window is not None:
            return look.window
        series = source.series
        if not is_window_shared(series):
            return self._own_window(source, slice_)
        with self._lock:
            if source in self._shared:
                return self._shared[source]
        middle = source.ready(Plane.NATIVE, middle_index(source))
        if middle is None:
            return self._own_window(source, slice_)
        worked_out = default_window(middle, series.modality)
        with self._lock:
            return self._shared.setdefault(source, worked_out)

    def _own_window(self, source: Source, slice_: Slice) -> Window | None:
        place = (slice_.plane, slice_.index)
        known = self._own.get(source)
        if known is None or known[0] != place:
            known = (place, default_window(slice_, source.series.modality))
            self._own[source] = known
        return known[1]

    def settle(self, source: Source, slice_: Slice) -> None:
        """Work the shared window out, reading the middle picture if need be (`slice_` where that is damaged). Blocks."""
        if source in self._shared or slice_.is_colour:
            return
        if not is_window_shared(source.series):
            self._own_window(source, slice_)
            return
        try:
            middle = source.slice(Plane.NATIVE, middle_index(source))
        except ProblemError:
            middle = slice_
        worked_out = default_window(middle, source.series.modality)  # not under the lock: the window waits for that
        with self._lock:
            self._shared.setdefault(source, worked_out)


def ready_picture(source: Source, pane: PaneView | None) -> Slice | None:
    """The picture on screen where it is of this source, else the middle one; None before either is in memory."""
    own = None
    if pane is not None and (pane.series_id, pane.group) == (source.series.id, source.group):
        own = source.ready(pane.plane, pane.index)
    return own or source.ready(Plane.NATIVE, middle_index(source))


def windows_on_offer(source: Source, pane: PaneView | None) -> tuple[Window, ...]:
    """The file's own by name, then presets valid for this kind, without "automatic"; () before a picture is there."""
    shown = ready_picture(source, pane)
    return () if shown is None else presets_for(source.series, shown)


def window_from_values(source: Source, pane: PaneView | None) -> Window | None:
    """The 1st to 99th percentile: of all that is loaded where pictures share a window, else of the one on screen."""
    span = source.values_range() if is_window_shared(source.series) else None
    if span is not None:
        return window_over(*span)
    shown = ready_picture(source, pane)
    return None if shown is None else automatic_window(shown)
