"""Siemens mosaic: one file holds all slices of a volume as tiles of one sheet (R: corner and step from the sheet)."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, sqrt

import numpy as np

from viewer.dicom.header import FrameFacts, Header
from viewer.geometry.affine import FARTHEST_MM, has_geometry, orthonormal
from viewer.geometry.plane import Vector

MOST_TILES = 1024  # scanners put some dozens on a sheet


def mosaic_grid(header: Header) -> int | None:
    """Tiles along each side of the sheet; None when the file is no mosaic or its tiles cannot be told apart."""
    tiles, pixels = header.mosaic_tiles, header.pixels
    if tiles is None or not 1 <= tiles <= MOST_TILES or pixels is None or header.frames != 1:
        return None
    grid = ceil(sqrt(tiles))
    return grid if pixels.rows % grid == 0 and pixels.columns % grid == 0 and grid <= pixels.rows else None


def tile_size(header: Header) -> tuple[int, int]:
    """(rows, columns) of one tile; of the whole picture where there is no mosaic to take apart."""
    if header.pixels is None:
        return 0, 0
    grid = mosaic_grid(header) or 1
    return header.pixels.rows // grid, header.pixels.columns // grid


def mosaic_tile_box(header: Header, number: int) -> tuple[int, int, int, int]:
    """(row0, row1, column0, column1), ends excluded, of tile `number` (from 1). Raises ValueError for no such tile."""
    grid = mosaic_grid(header)
    if grid is None or header.mosaic_tiles is None or not 1 <= number <= header.mosaic_tiles:
        raise ValueError(number)
    rows, columns = tile_size(header)
    down, right = divmod(number - 1, grid)
    return down * rows, (down + 1) * rows, right * columns, (right + 1) * columns


def tile_facts(header: Header) -> tuple[FrameFacts, ...]:
    """The facts of every tile with its own position, (tiles,).

    The file gives the corner that a picture as large as the sheet would have; the true corner lies half the difference
    further in. Slices step along the normal by the distance between slices, else by the thickness. Without these
    facts the tiles have no position.
    """
    facts, count = header.shared, header.mosaic_tiles or 0
    directions = orthonormal(facts.orientation)
    step = abs(header.spacing_between_slices or facts.thickness_mm or 0.0)
    placed = has_geometry(facts.position, facts.orientation, facts.spacing) and 0 < step < FARTHEST_MM
    if directions is None or facts.spacing is None or not placed or header.pixels is None:
        return tuple(replace(facts, position=None) for _ in range(count))
    rows, columns = tile_size(header)
    right, down = directions
    corner = (
        np.asarray(facts.position)
        + right * facts.spacing[1] * (header.pixels.columns - columns) / 2
        + down * facts.spacing[0] * (header.pixels.rows - rows) / 2
    )
    places = corner + np.outer(np.arange(count) * step, np.cross(right, down) * _turn(header, right, down))
    return tuple(replace(facts, position=(float(x), float(y), float(z))) for x, y, z in places)


def _turn(header: Header, right: Vector, down: Vector) -> int:
    """-1 where the scanner's own normal says that the slices run against the normal of the pictures, else 1."""
    told = header.mosaic_normal
    if told is None or not all(abs(part) <= 1.01 for part in told):
        return 1
    return -1 if float(np.cross(right, down) @ np.asarray(told)) < 0 else 1
