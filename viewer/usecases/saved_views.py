"""Saved views: a picture as the radiologist left it. Put on and taken off by one click, for the pictures it names only.

The state's chain takes the place of the picture's (PS3.4 N.2, rule R-O3): windows are carried over into the picture's
own modality values, in which everything on screen stays, and black and white follow the state alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.header import Shutter
from viewer.dicom.presentation import Area, Graphic, Presentation, Text, applies
from viewer.document.model import AppliedView
from viewer.index.model import Frame
from viewer.picture.drawn import Drawn
from viewer.picture.look import Look, Window, WindowFunction
from viewer.picture.orient import orientation_matrix, proportion
from viewer.text.translate import tr
from viewer.usecases.saved_tables import curve_for
from viewer.volume.native import aspect_of
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_FRAMES = 2_000
SAME_PROPORTIONS = 0.05  # some writers round the ratio to whole numbers
ROUND = 72  # corners of a circle
CURVE_STEPS = 8
LEFT_OUT = {
    "table": "a damaged table of grey values",
    "mask": "a subtraction of pictures",
    "colours": "damaged colours for the grey values",
    "proportions": "other proportions of height and width",
    "bitmap": "a covering drawn as dots",
    "overlay": "a drawing made of dots",
    "angle": "a turn that is no quarter turn",
}


@dataclass(frozen=True, slots=True)
class LoadedView:
    """A saved view that was read: what it gives to the pictures of the disc."""

    applied: AppliedView
    presentation: Presentation
    words: str  # what could not be applied, "" for nothing


def loaded(view_id: str, presentation: Presentation, frames: tuple[Frame, ...]) -> LoadedView:
    """The view over the frames that it names."""
    looks = tuple((frame.ref, look_for(presentation, frame)) for frame in frames[:MOST_FRAMES])
    stretched = any(_is_stretched(presentation, frame) for frame in frames[:MOST_FRAMES])
    left_out = (*presentation.left_out, *(("proportions",) if stretched else ()))
    missing = ", ".join(tr(LEFT_OUT[word]) for word in left_out)
    words = tr("Not applied: {parts}.", parts=missing) if missing else ""
    return LoadedView(AppliedView(view_id, looks), presentation, words)


def _is_stretched(presentation: Presentation, frame: Frame) -> bool:
    """Whether the state shows a picture taller or wider than its own scale says. That is kept: lengths are read from it."""
    area = area_for(presentation, frame)
    told = area.aspect if area is not None else None
    return told is not None and abs(told / aspect_of(frame) - 1) > SAME_PROPORTIONS


def look_for(presentation: Presentation, frame: Frame) -> Look:
    """The look a state gives to a picture."""
    one_first = frame.header.pixels is not None and frame.header.pixels.photometric == "MONOCHROME1"
    turned = presentation.turned
    return Look(
        window=window_for(presentation, frame),
        inverted=presentation.inverted != one_first,  # the picture's own polarity is overridden (R-P12)
        flipped=presentation.flipped,
        # a state turns first, a look mirrors first: the same after turning the other way
        turned=(-turned) % 4 if presentation.flipped else turned,
        paint=_paint(presentation, frame),
    )


def _paint(presentation: Presentation, frame: Frame) -> str:
    """The state's colours for the 256 levels: the darkest has the first, the brightest the last (PS3.3 A.33.3.1.2, C.7.9)."""
    pixels, colours = frame.header.pixels, presentation.colours
    if colours is None or pixels is None or pixels.samples != 1 or pixels.photometric == "PALETTE COLOR":
        return ""
    places = np.floor(np.linspace(0, len(colours.colours) - 1, 256) + 0.5).astype(np.intp)
    return colours.colours[places].tobytes().hex()


def window_for(presentation: Presentation, frame: Frame) -> Window | None:
    """The state's window in the picture's modality values; without one all values the state's scale can give."""
    pixels, facts = frame.header.pixels, frame.facts
    if pixels is None or pixels.samples != 1 or pixels.photometric == "PALETTE COLOR":
        return None
    if (curve := curve_for(presentation, frame)) is not None:
        return curve
    uid, number = frame.ref.sop_uid, frame.ref.number
    given = next((w for voi in presentation.vois if applies(voi.pictures, uid, number) for w in voi.windows), None)
    own = (1.0, 0.0) if frame.header.modality_lut is not None else (facts.slope, facts.intercept)
    if given is None:
        low = -(2 ** (pixels.bits_stored - 1)) if pixels.is_signed else 0
        span = float(2**pixels.bits_stored - 1)
        centre = (low + span / 2) * own[0] + own[1]
        return Window(centre, span * abs(own[0]), WindowFunction.LINEAR_EXACT, tr("As saved"), "file")
    scale = own[0] / presentation.slope
    centre = (given.centre - presentation.intercept) * scale + own[1]
    kind = WindowFunction(given.function) if given.function in WindowFunction.__members__ else WindowFunction.LINEAR
    if kind is WindowFunction.LINEAR and scale != 1.0:
        kind = WindowFunction.LINEAR_EXACT  # "minus one" counts in the state's values, not in these
    return Window(centre, given.width * abs(scale), kind, given.name or tr("As saved"), "file")


def area_for(presentation: Presentation, frame: Frame) -> Area | None:
    """The part of a picture that the state shows."""
    uid, number = frame.ref.sop_uid, frame.ref.number
    return next((area for area in presentation.areas if applies(area.pictures, uid, number)), None)


# --- drawings


def drawn_by_view(presentation: Presentation, frame: Frame, slice_: Slice, look: Look) -> tuple[Drawn, ...]:
    """Coverings first, then lines and words, on the picture as stored."""
    uid, number = frame.ref.sop_uid, frame.ref.number
    if not presentation.holds(uid, number):
        return ()
    place = _Places(slice_, area_for(presentation, frame), look)
    found = [covering(shutter) for shutter in presentation.shutters]
    for annotation in presentation.annotations:
        if applies(annotation.pictures, uid, number):
            found += [_graphic(one, place) for one in annotation.graphics]
            found += [_text(one, place) for one in annotation.texts]
    return tuple(found)


def covering(shutter: Shutter) -> Drawn:
    """What a shutter covers; its rows and columns count from 1."""
    if shutter.centre is not None:
        x, y = shutter.centre
        corners = ellipse(np.array((x - 1, y - 1)), np.array((shutter.radius, 0)), np.array((0, shutter.radius)))
    else:
        corners = np.array(shutter.corners) - 1
    return Drawn(curves=(corners,), closed=True, covers=True)


class _Places:
    """Points of a state → (column, row): pixels count from the corner of the first one, 0…1 over the shown area."""

    def __init__(self, slice_: Slice, area: Area | None, look: Look) -> None:
        rows, columns = slice_.values.shape[:2]
        first, last = (area.first, area.last) if area is not None else ((1, 1), (columns, rows))
        self._middle = np.array([(first[0] + last[0]) / 2 - 1, (first[1] + last[1]) / 2 - 1])
        self._tall = proportion(slice_)
        self._turn = orientation_matrix(look)
        size = np.array([last[0] - first[0] + 1, (last[1] - first[1] + 1) * self._tall])
        self._screen = np.abs(self._turn) @ size

    def of(self, points: tuple[tuple[float, float], ...], *, in_display: bool) -> NDArray[np.float64]:
        """(n, 2)."""
        told = np.array(points, np.float64).reshape(-1, 2)
        if not in_display:
            return told - 0.5
        ways: NDArray[np.float64] = ((told - 0.5) * self._screen) @ self._turn  # back by the transposed turn
        return self._middle + ways / (1.0, self._tall)


def _graphic(graphic: Graphic, place: _Places) -> Drawn:
    points = place.of(graphic.points, in_display=graphic.in_display)
    if graphic.kind == "POINT":
        return Drawn(points=points)
    if graphic.kind == "CIRCLE" and len(points) >= 2:
        arm = points[1] - points[0]
        return Drawn(curves=(ellipse(points[0], arm, np.array((-arm[1], arm[0]))),), closed=True, filled=graphic.filled)
    if graphic.kind == "ELLIPSE" and len(points) >= 4:
        middle = points[:4].mean(0)
        curve = ellipse(middle, (points[1] - points[0]) / 2, (points[3] - points[2]) / 2)
        return Drawn(curves=(curve,), closed=True, filled=graphic.filled)
    closed = len(points) > 2 and bool(np.allclose(points[0], points[-1]))
    curve = smooth(points) if graphic.kind == "INTERPOLATED" else points
    return Drawn(curves=(curve,), closed=closed, filled=graphic.filled and closed)


def _text(text: Text, place: _Places) -> Drawn:
    at = place.of((text.at,), in_display=text.in_display)[0]
    curves: tuple[NDArray[np.float64], ...] = ()
    if text.anchor is not None:
        anchor = place.of((text.anchor,), in_display=text.anchor_in_display)[0]
        curves = (np.array([at, anchor]),) if not np.allclose(at, anchor) else ()
    return Drawn(curves=curves, words=((text.words, (float(at[0]), float(at[1]))),))


def ellipse(middle: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """(ROUND, 2): the ellipse with these two half axes."""
    angle = np.linspace(0, 2 * np.pi, ROUND, endpoint=False)[:, None]
    found: NDArray[np.float64] = middle + np.cos(angle) * one + np.sin(angle) * other
    return found


def smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """A curve through all points (PS3.3 C.10.5.1.2 leaves its form open)."""
    if len(points) < 3:
        return points
    padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    t = np.linspace(0, 1, CURVE_STEPS, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:]):
        pieces.append(b + 0.5 * t * ((c - a) + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))))
    return np.vstack((*pieces, points[-1:]))
