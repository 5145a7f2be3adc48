"""A slice of what a folder holds, read as the program reads it."""

from __future__ import annotations

from pathlib import Path

from viewer.codec.pool import Decoder
from viewer.disc.open import open_medium
from viewer.geometry.plane import Plane
from viewer.index.model import Series
from viewer.jobs.budget import Budget
from viewer.jobs.jobs import Job
from viewer.usecases.open_disc import read_disc
from viewer.volume.reader import FrameReader
from viewer.volume.slice import Slice
from viewer.volume.source import open_source


def slice_of(folder: Path, plane: Plane = Plane.NATIVE, index: int = 0) -> tuple[Slice, Series]:
    """A slice of the first series of a folder, and that series."""
    medium, decoder = open_medium(str(folder)), Decoder(workers=1)
    try:
        series = next(read_disc(medium, Job("test"), lambda index: None).every_series)
        source = open_source(series, 0, FrameReader(medium, decoder, Budget(2**28)))
        try:
            return source.slice(plane, index), series
        finally:
            source.close()
    finally:
        decoder.close()
        medium.close()
