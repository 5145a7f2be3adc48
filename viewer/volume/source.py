"""Sources: a group of frames as something to look at. `open_source` chooses between a volume and a stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from viewer.geometry.grid import VolumeGeometry, volume_geometry
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, Series
from viewer.problem import ProblemError, problem
from viewer.volume.colour import rgb
from viewer.volume.parallel import VolumeSource
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Source
from viewer.volume.stack import StackSource
from viewer.volume.values import applied, frame_values
from viewer.volume.voxels import frame_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray


def open_source(series: Series, group: int, reader: FrameReader) -> Source:
    """The source of one group: a volume where its geometry and the series allow planes, else a stack of pictures.

    Raises IndexError for no such group, ProblemError where the group has no pictures.
    """
    frames = series.groups[group].frames
    if not frames:
        raise ProblemError(problem("pixels_missing"))
    geometry = _geometry(series, frames)
    if geometry is None:
        return StackSource(series, group, reader)
    return VolumeSource(series, group, reader, geometry)


def _geometry(series: Series, frames: Sequence[Frame]) -> VolumeGeometry | None:
    """The geometry of a grey volume that offers planes."""
    first = frames[0]
    shape = frame_shape(first)
    grey = all(
        frame.header.pixels is not None
        and frame.header.pixels.samples == 1
        and frame.header.pixels.photometric != "PALETTE COLOR"
        and frame_shape(frame) == shape
        for frame in frames
    )
    facts = first.facts
    places = [frame.facts.position for frame in frames]
    if not grey or len(frames) < 2 or set(series.planes) <= {Plane.NATIVE}:
        return None
    if facts.orientation is None or facts.spacing is None or any(place is None for place in places):
        return None
    return volume_geometry([place for place in places if place], facts.orientation, facts.spacing, *shape)


def stored_values(source: Source, index: int, reader: FrameReader) -> NDArray[np.float32]:
    """Exactly the stored native picture `index` after the modality LUT, as float32 (PS3.3 C.11.1).

    Colour keeps the depth of the file as (rows, columns, 3) RGB where 8 bit are not all there is; a palette picture
    gives its indices. Raises ProblemError, IndexError.
    """
    frame = source.series.groups[source.group].frames[index]
    stored = reader.stored(frame)
    if stored.array.ndim == 3 and (stored.array.dtype.itemsize == 1 or stored.photometric_now != "RGB"):
        assert frame.header.pixels is not None
        return rgb(stored.array, stored.photometric_now, frame.header.pixels).astype(np.float32)
    indices = frame.header.pixels is not None and frame.header.pixels.photometric == "PALETTE COLOR"
    if stored.array.ndim == 3 or indices:
        return stored.array.astype(np.float32)
    return applied(frame_values(frame, stored))
