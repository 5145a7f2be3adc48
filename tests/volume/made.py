"""Series made by hand: raw slices in one file, with any positions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from viewer.dicom.header import FileWindow, FrameFacts, Header, PixelDescription, PixelPlace
from viewer.geometry.plane import Plane
from viewer.index.model import Frame, FrameGroup, FrameRef, Series, SeriesKind

ALL = (Plane.NATIVE, Plane.AXIAL, Plane.CORONAL, Plane.SAGITTAL)


def series_of(
    folder: Path,
    voxels: NDArray[np.generic],
    positions: NDArray[np.float64],
    spacing: tuple[float, float] = (1.0, 1.0),
    slopes: list[float] | None = None,
    intercept: float = 0.0,
    padding: tuple[int, int] | None = None,
    windows: tuple[FileWindow, ...] = (),
    modality: str = "CT",
    planes: tuple[Plane, ...] = ALL,
    missing: frozenset[int] = frozenset(),
) -> Series:
    """An axial series (orientation 1 0 0, 0 1 0) of int16 or uint16 `voxels` (slices, rows, columns)."""
    _, rows, columns = voxels.shape
    pixels = PixelDescription(rows, columns, is_signed=voxels.dtype.kind == "i", padding=padding)
    frames = []
    for number, (picture, position) in enumerate(zip(voxels, positions, strict=True)):
        path = folder / f"{number:04}"
        if number not in missing:
            path.write_bytes(b"head" + picture.astype(picture.dtype.newbyteorder("<")).tobytes())
        facts = FrameFacts(
            position=(float(position[0]), float(position[1]), float(position[2])),
            orientation=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
            spacing=spacing,
            slope=1.0 if slopes is None else slopes[number],
            intercept=intercept,
            has_rescale=True,
            windows=windows,
        )
        header = Header(
            path.name,
            rows * columns * 2 + 4,
            sop_class="1.2.840.10008.5.1.4.1.1.2",
            sop_uid=f"1.2.{number}",
            transfer_syntax="1.2.840.10008.1.2.1",
            modality=modality,
            frames=1,
            pixels=pixels,
            place=PixelPlace(4, rows * columns * 2),
            shared=facts,
        )
        frames.append(Frame(FrameRef(header.sop_uid), header, facts))
    group = FrameGroup("", tuple(frames))
    return Series("s1", "1.2", 1, modality, "", "", SeriesKind.VOLUME, (group,), planes, (1.0, *spacing))


def stacked(count: int, step: float = 1.0) -> NDArray[np.float64]:
    """Positions (count, 3) straight up."""
    return np.stack([np.zeros(count), np.zeros(count), np.arange(count) * step], axis=1)
