"""Do a few points of a picture stand out as no scanner makes them? A bit that tipped over, a byte that got lost.

Where values are stored one by one (native, RLE) nothing but the neighbours can tell. How far natural points leave the
range of their neighbours differs by hundreds from picture to picture and from place to place: least in even tissue,
most at bones and edges. So it is counted in spreads of the points around, and so it falls off evenly: the farthest few
are never many times as far out as the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from viewer.jobs.turns import WINDOW_FIRST
from viewer.volume.neighbours import Plane, Strip, Values, outside

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STANDS_OUT = 4.0  # times as far out as the next
_LEAST, _MOST = 1.25, 6.0  # spreads: less is nothing, more counts no more
_FEW = 7  # more points are a pattern
_FLOOR = 1 / 32  # of the range of the picture is added to each spread …
_EVEN = 1 / 4  # … or this, where all around is one value: drawn points stand in such places, too
_CEILING = 1 / 2  # beside the edge of the body the spread tells nothing
_APART = 4  # points in a row that may stand out together: some bytes overwritten
_TAKEN = 256  # the farthest of a strip; rough pictures have thousands
_Around = tuple[tuple[int, int], ...]  # (rows down, columns to the right)
_CORNERS: _Around = ((-1, -1), (-1, 1), (1, -1), (1, 1))
_LATTICE: _Around = tuple((down, right) for down in range(-5, 6, 2) for right in range(-5, 6, 2))
_FEW_OF_LATTICE = tuple(_LATTICE[number] for number in (0, 5, 8, 10, 14, 17, 19, 25, 30, 35))
_ALL_AROUND: _Around = tuple((down, right) for down in range(-5, 6) for right in range(-5, 6) if down or right)
_OTHER_ROWS = tuple(place for place in _ALL_AROUND if place[0])


class _Points(NamedTuple):
    """Points of a plane, (n,) each: how far they lie outside of their neighbours."""

    row: NDArray[np.intp]
    column: NDArray[np.intp]
    far: Values

    def kept(self, which: NDArray[np.intp]) -> _Points:
        return _Points(self.row[which], self.column[which], self.far[which])


def has_specks(plane: Plane) -> bool:
    """Whether single points of a plane stand out, or where it is no drawing (of 8 bits) up to four in a row."""
    if plane.farthest <= _LEAST * _FLOOR * plane.reach:
        return False
    if plane.values.itemsize == 1:
        return _are_alone(plane, 1, _standing_out(plane, 1, _LEAST, _FEW))
    wide = _standing_out(plane, _APART, _LEAST, _FEW)
    if not len(wide.far):  # then no single one does, either
        return False
    return _are_alone(plane, _APART, wide) or _are_alone(plane, 1, _standing_out(plane, 1, _LEAST, _FEW))


def _are_alone(plane: Plane, apart: int, few: _Points) -> bool:
    """Whether all or the first of a few points stand out many times as far as the next."""
    if not 1 <= len(few.far) <= _FEW:
        return False
    scores = _scores(plane, few, _ALL_AROUND if apart == 1 else _OTHER_ROWS)
    order = np.argsort(-scores)
    ranked, is_stroke = scores[order].tolist(), _are_strokes(plane, few)[order].tolist()
    for one, following, drawn in zip(ranked, ranked[1:], is_stroke):
        if drawn:
            return False
        if one >= _STANDS_OUT * max(following, _LEAST / _STANDS_OUT):
            return True
    if ranked[-1] < _LEAST or is_stroke[-1]:
        return False
    return len(_standing_out(plane, apart, ranked[-1] / _STANDS_OUT, len(few.far)).far) <= len(few.far)


def _standing_out(plane: Plane, apart: int, least: float, most: int) -> _Points:
    """The points with scores of at least `least`, until there are more than `most`."""
    found = [_Points(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.int64))]
    count = 0
    for strip in plane.strips():
        if plane.is_edge(strip) and plane.values.itemsize == 1:  # a drawing that is cut off
            continue
        points = _candidates(strip, apart, least * plane.reach * _FLOOR)
        for around in (_FEW_OF_LATTICE, _LATTICE):  # a few of them spread less: they lose no candidate
            if len(points.far):
                points = points.kept(np.flatnonzero(_scores(plane, points, around) >= least))
        found.append(points)
        count += len(points.far)
        if count > most:
            break
    return _Points(*(np.concatenate(part) for part in zip(*found)))


def _candidates(strip: Strip, apart: int, limit: float) -> _Points:
    """The points that lie outside of their neighbours in the column and in the row by more than `limit`, in the row of
    the next ones or of those `apart`; not those at the left and the right edge, which cuts drawings off."""
    columns = strip.here.shape[1]
    place = np.flatnonzero(strip.down > limit)
    row, column = np.divmod(place, columns)
    here, last = strip.here.reshape(-1), strip.here.size - 1
    across = outside(here[np.maximum(place - 1, 0)], here[place], here[np.minimum(place + 1, last)])
    if apart > 1:
        wider = outside(here[np.maximum(place - apart, 0)], here[place], here[np.minimum(place + apart, last)])
        across = np.where((column >= apart) & (column < columns - apart), np.maximum(across, wider), across)
    far = np.minimum(strip.down.reshape(-1)[place], across)
    kept = np.flatnonzero((far > limit) & (column > 0) & (column < columns - 1))
    if len(kept) > _TAKEN:
        kept = kept[np.argpartition(far[kept], -_TAKEN)[-_TAKEN:]]
    return _Points(row + strip.top, column, far).kept(kept)


def _scores(plane: Plane, points: _Points, around: _Around) -> NDArray[np.float64]:
    """How far points stand out, in spreads of those `around` them; one odd point on either side does not count."""
    WINDOW_FIRST.step_aside()
    near = _values(plane, points, around)
    near.sort(axis=1)
    spread = near[:, -2] - near[:, 1]
    spread = np.minimum(spread + np.where(spread, _FLOOR, _EVEN) * plane.reach, _CEILING * plane.reach)
    scores: NDArray[np.float64] = points.far / spread
    return np.minimum(scores, _MOST)


def _are_strokes(plane: Plane, points: _Points) -> NDArray[np.bool_]:
    """Whether a corner of a point leads on to one that is as far out: letters and vessels go on there."""
    here, corners = _values(plane, points, ((0, 0),)), _values(plane, points, _CORNERS)
    drawn: NDArray[np.bool_] = (2 * np.abs(corners - here) < points.far[:, None]).any(axis=1)
    return drawn


def _values(plane: Plane, points: _Points, around: _Around) -> NDArray[np.int64]:
    """(points, places) those around each of them."""
    rows, columns = plane.values.shape
    places = np.array(around)
    down, across = points.row[:, None] + places[:, 0], points.column[:, None] + places[:, 1]
    near: NDArray[np.int64] = plane.values[_mirrored(down, rows), _mirrored(across, columns)].astype(np.int64)
    return near


def _mirrored(places: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Places beyond an edge, as far inside of it."""
    inside: NDArray[np.intp] = count - 1 - np.abs(count - 1 - np.abs(places))
    return inside
