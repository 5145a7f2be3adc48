"""What the values inside a shape are: pixel-centre rule, population spread, padding left out and counted."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from viewer.marks.mark import Mark, MarkKind, RegionStatistics
from viewer.picture.calibration import IN_PATIENT, Scale, scale_at
from viewer.picture.look import Region
from viewer.picture.values import (
    Mask,
    ValueStatistics,
    area_words,
    clipped_box,
    figure_words,
    fineness,
    number_words,
    value_statistics,
    with_unit,
)
from viewer.problem import ProblemError
from viewer.text.translate import count_of, tr
from viewer.volume.slice import Slice

EDGE = 1e-9  # a pixel centre exactly on the edge counts as inside


def region_statistics(shape: Mark | Region, slice_: Slice) -> RegionStatistics:
    """Statistics of the modality values whose pixel centres lie inside or on the edge of a rectangle, ellipse or part.

    The area is the shape's own (that of its pixels for a `Region`). Only the bounding box is looked at.
    Raises ProblemError: region_too_small, region_outside_scan, colour_without_values.
    """
    box = bounding_box(shape, slice_)
    found = value_statistics(slice_, box, inside_box(shape, box))
    numbers = RegionStatistics(
        mean=found.mean,
        spread=found.spread,
        smallest=found.smallest,
        largest=found.largest,
        pixels=found.pixels,
        left_out=found.left_out,
        area_mm2=area_mm2(shape, slice_),
        unit=slice_.unit,
    )
    size = size_lines(numbers, scale_of(shape, slice_))
    return replace(numbers, words=(*value_lines(found, slice_), *scale_lines(found, slice_), *size))


def bounding_box(shape: Mark | Region, slice_: Slice) -> Region:
    """The pixels whose centres may lie inside a shape, clipped to the slice (possibly empty)."""
    if isinstance(shape, Region):
        return clipped_box(shape, slice_)
    x0, y0, x1, y1 = _edges(shape)
    far = 2**31
    low = [math.ceil(max(-far, min(far, edge)) - EDGE) for edge in (x0, y0)]
    high = [math.floor(max(-far, min(far, edge)) + EDGE) + 1 for edge in (x1, y1)]
    return clipped_box(Region(low[0], low[1], high[0], high[1]), slice_)


def inside_box(shape: Mark | Region, box: Region) -> Mask | None:
    """Which pixels of `box` have their centre inside an ellipse: bool (rows, columns) of the box; None for all."""
    if isinstance(shape, Region) or shape.kind is not MarkKind.ELLIPSE:
        return None
    x0, y0, x1, y1 = _edges(shape)
    radii = max((x1 - x0) / 2, EDGE), max((y1 - y0) / 2, EDGE)
    x = (np.arange(box.x0, box.x1) - (x0 + x1) / 2) / radii[0]
    y = (np.arange(box.y0, box.y1) - (y0 + y1) / 2) / radii[1]
    inside: Mask = (x * x)[None, :] + (y * y)[:, None] <= 1 + EDGE
    return inside


def area_mm2(shape: Mark | Region, slice_: Slice) -> float | None:
    """The area of a shape on the slice in mm², or None where no one scale holds for all of it (R-M3, R-M5)."""
    scale = scale_of(shape, slice_)
    if scale is None:
        return None
    pixel = scale.pixel_mm[0] * scale.pixel_mm[1]
    if isinstance(shape, Region):
        box = clipped_box(shape, slice_)
        return (box.x1 - box.x0) * (box.y1 - box.y0) * pixel
    x0, y0, x1, y1 = _edges(shape)
    return (x1 - x0) * (y1 - y0) * pixel * (math.pi / 4 if shape.kind is MarkKind.ELLIPSE else 1.0)


def scale_of(shape: Mark | Region, slice_: Slice) -> Scale | None:
    """The scale that holds at all corners of a shape."""
    x0, y0, x1, y1 = (shape.x0, shape.y0, shape.x1 - 1, shape.y1 - 1) if isinstance(shape, Region) else _edges(shape)
    try:
        return scale_at(slice_, ((x0, y0), (x1, y0), (x0, y1), (x1, y1)))
    except ProblemError:
        return None


def _edges(shape: Mark) -> tuple[float, float, float, float]:
    (xa, ya), (xb, yb) = shape.points[:2]
    return (min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


def value_lines(found: ValueStatistics, slice_: Slice) -> tuple[str, str]:
    """ "mean value 88 ± 28" and "smallest 0 · largest 179"."""
    fine = fineness(slice_, found.mean, found.spread)
    mean, spread, smallest, largest = (
        number_words(value, fine) for value in (found.mean, found.spread, found.smallest, found.largest)
    )
    return (
        with_unit(tr("mean value {mean} ± {spread}", mean=mean, spread=spread), slice_.unit),
        tr("smallest {smallest} · largest {largest}", smallest=smallest, largest=largest),
    )


def scale_lines(found: ValueStatistics, slice_: Slice) -> tuple[str, ...]:
    """ "mean 2.3 ± 0.4 · largest 5.1 SUVbw": the same in each other unit that holds for all of the values;
    what a table says of each is not that of their mean."""
    return tuple(
        tr(
            "mean {mean} ± {spread} · largest {largest} {unit}",
            mean=figure_words(found.mean * scale.factor + scale.offset),
            spread=figure_words(found.spread * abs(scale.factor)),
            largest=figure_words(max(scale.of(found.smallest) or 0.0, scale.of(found.largest) or 0.0)),
            unit=scale.unit,
        )
        for scale in slice_.scales
        if not scale.entries and scale.of(found.smallest) is not None and scale.of(found.largest) is not None
    )


def size_lines(numbers: RegionStatistics, scale: Scale | None) -> tuple[str, ...]:
    """ "3.1 cm² · 309 pixels", and a line about pixels that were left out."""
    pixels = count_of(numbers.pixels, "{n} pixel", "{n} pixels")
    if numbers.area_mm2 is None or scale is None:
        first = pixels
    else:
        area = area_words(numbers.area_mm2)
        if scale.calibration is not IN_PATIENT:
            area = f"{area} {tr(scale.calibration.short)}"
        first = f"{area} · {pixels}"
    if not numbers.left_out:
        return (first,)
    left_out = count_of(numbers.left_out, "{n} pixel outside the scan left out", "{n} pixels outside the scan left out")
    return (first, left_out)
