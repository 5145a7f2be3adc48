"""Structures of a structure set as they lie on slices (PS3.3 C.8.8.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.dicom.header import Header
from viewer.dicom.structure_set import Contour, StructureSet
from viewer.geometry.layers import Layers, layers_on, together
from viewer.geometry.outline import Lines, heights_and_places, no_lines, pieces_within
from viewer.geometry.plane import Affine
from viewer.picture.drawn import Colour, Drawn
from viewer.usecases.belongings import outline_id
from viewer.volume.slice import Slice

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR_MM = 1.0  # the thickness of a single plane that says nothing of its own
FARTHEST_PLANES_MM = 10.0  # planes further apart are no body
BORDER_MM = 1e-3  # a point on the border of a slice lies in it


@dataclass(frozen=True, slots=True)
class Structured:
    """Contours in the patient's millimetres."""

    name: str
    colour: Colour
    closed: tuple[Layers, ...]
    others: tuple[Contour, ...]

    def on(self, slice_: Slice) -> Drawn | None:
        """What of it lies on a slice."""
        affine = slice_.affine
        if affine is None:
            return None
        found = [layers_on(layers, affine) for layers in self.closed]
        curves = tuple(curve for lying, _ in found for curve in lying)
        lines = np.concatenate([no_lines(), *(across for _, across in found)])
        half = max(slice_.thickness_mm or 0.0, NEAR_MM) / 2
        points, open_lines = _loose(self.others, affine, half)
        lines = np.concatenate([lines, open_lines])
        if not curves and not len(lines) and not len(points):
            return None
        return Drawn(self.colour, lines, curves, True, False, points, words=label(self.name, curves, lines))


def structures(header: Header, read: StructureSet) -> dict[str, Structured]:
    """The structures of a file by outline id; those without a curve are none."""
    stacks: dict[int, tuple[Layers, ...]] = {}
    others: dict[int, tuple[Contour, ...]] = {}
    for number, contours in read.contours.items():
        closed = [contour.points for contour in contours if contour.kind == "closed" and len(contour.points) > 2]
        stacks[number], bent = together(closed)
        loose = [c for c in contours if c.kind != "closed" or len(c.points) <= 2]
        others[number] = (*loose, *(Contour("open", np.vstack((curve, curve[:1]))) for curve in bent))
    usual = _usual_steps([layers for own in stacks.values() for layers in own])
    return {
        outline_id(header.path, one.number): Structured(
            one.name,
            one.colour,
            tuple(_reaching(layers, usual) for layers in stacks[one.number]),
            others[one.number],
        )
        for one in read.structures
        if stacks.get(one.number) or others.get(one.number)
    }


def _usual_steps(stacks: Sequence[Layers]) -> dict[int, float]:
    """The usual distance of neighbouring planes in all of a file, by the main axis of their direction."""
    gaps: dict[int, list[float]] = {}
    for layers in stacks:
        heights = [layer.height for layer in layers.layers]
        gaps.setdefault(_axis(layers), []).extend(np.diff(heights).tolist())
    return {axis: float(np.median(found)) for axis, found in gaps.items() if found}


def _axis(layers: Layers) -> int:
    return int(np.argmax(np.abs(layers.normal)))


def _reaching(layers: Layers, usual: dict[int, float]) -> Layers:
    """Outlines reach half way to the next plane. One plane, and two far from one another, say nothing of what is between:
    those reach as far as others of the file do, and what is further apart than the pictures of any scan not at all."""
    step = usual.get(_axis(layers), NEAR_MM)
    if len(layers.layers) > 2:
        step = layers.step
    elif len(layers.layers) == 2:
        step = min(step, layers.step)
    return replace(layers, step=step if step <= FARTHEST_PLANES_MM else NEAR_MM).worked_out()


def _loose(others: Sequence[Contour], affine: Affine, half: float) -> tuple[NDArray[np.float64], Lines]:
    """Single points (n, 2), also where lines run through a slice, and what of open lines lies near it."""
    points, lines = [np.empty((0, 2))], [no_lines()]
    for contour in others:
        heights, places = heights_and_places(affine, contour.points)
        if contour.kind == "open" and len(places) > 1:
            pieces, through = pieces_within(heights, places, half + BORDER_MM)
            lines.append(pieces)
            points.append(through)
        else:
            points.append(places[np.abs(heights) <= half + BORDER_MM])
    return np.concatenate(points), np.concatenate(lines)


def label(
    name: str, curves: Sequence[NDArray[np.float64]], lines: Lines
) -> tuple[tuple[str, tuple[float, float]], ...]:
    """The name at the highest point: colour alone must not tell parts apart."""
    places = np.concatenate([*curves, lines.reshape(-1, 2)])
    if not name or not len(places):
        return ()
    column, row = places[int(np.argmin(places[:, 1]))].tolist()
    return ((name, (column, row)),)
