"""Slices, frames and series made up for the tests of picture and marks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.dicom.header import FrameFacts, Header, PixelDescription
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, FrameGroup, FrameRef, Series, SeriesKind
from viewer.volume.slice import Slice

SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)  # columns to the back, rows to the feet
AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def make_slice(values: NDArray[Any], **changes: Any) -> Slice:
    """A native slice of `values`, first of one."""
    plain = Slice("s1", Plane.NATIVE, 0, 1, values, is_colour=values.ndim == 3)
    return replace(plain, **changes)


def affine(orientation: tuple[float, ...], spacing: tuple[float, float], position: tuple[float, float, float]) -> Any:
    """(4, 4) by PS3.3 C.7.6.2.1.1; spacing between rows, between columns."""
    matrix = np.eye(4)
    matrix[:3, 0] = np.array(orientation[:3]) * spacing[1]
    matrix[:3, 1] = np.array(orientation[3:]) * spacing[0]
    matrix[:3, 2] = np.cross(orientation[:3], orientation[3:])
    matrix[:3, 3] = position
    return matrix


def make_series(
    modality: str = "MR",
    count: int = 3,
    step: float = 5.0,
    orientation: tuple[float, float, float, float, float, float] = SAGITTAL,
    spacing: tuple[float, float] = (0.5, 0.5),
    size: tuple[int, int] = (40, 40),
    header: Header | None = None,
) -> Series:
    """A volume of `count` parallel pictures, the first at x = y = z = 0 of the first pixel."""
    normal = np.cross(orientation[:3], orientation[3:])
    shared = header or Header("a", 1)
    shared = replace(shared, modality=modality, pixels=PixelDescription(*size))
    frames = []
    for number in range(count):
        x, y, z = (normal * step * number).tolist()
        facts = FrameFacts(position=(x, y, z), orientation=orientation, spacing=spacing, thickness_mm=4.0)
        frames.append(Frame(FrameRef(f"1.2.{number}"), shared, facts))
    return Series(
        id="s1", uid="1.2", number=1, modality=modality, description=shared.series_description, name="",
        kind=SeriesKind.VOLUME, groups=(FrameGroup("", tuple(frames)),),
        planes=(Plane.NATIVE,), spacing_mm=(step, *spacing),
    )  # fmt: skip


def slice_of(series: Series, number: int, values: NDArray[Any] | None = None, **changes: Any) -> Slice:
    """The native slice of one frame of `make_series`."""
    frame = series.frames[number]
    facts = frame.facts
    assert facts.position is not None
    assert facts.orientation is not None
    assert facts.spacing is not None
    assert frame.header.pixels is not None
    shape = (frame.header.pixels.rows, frame.header.pixels.columns)
    return make_slice(
        np.zeros(shape, np.int16) if values is None else values,
        index=number,
        count=len(series.frames),
        affine=affine(facts.orientation, facts.spacing, facts.position),
        pixel_mm=facts.spacing,
        scale_kind="patient",
        frame=frame.ref,
        thickness_mm=facts.thickness_mm,
        **changes,
    )
