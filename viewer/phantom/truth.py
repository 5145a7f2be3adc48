"""What is known of a made study before anybody reads it."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.geometry.plane import Letters

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A place in the body (LPS mm) where the modality value lies between `low` and `high`."""

    name: str
    place: Point
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SeriesTruth:
    """One series as it must be found again.

    affine: 4 rows of (column, row, slice, 1) → LPS mm, slices numbered along the stored normal (row direction ×
    column direction) from the most inferior, posterior or rightmost one.
    """

    uid: str
    study_uid: str
    frame_of_reference: str
    number: int
    modality: str
    description: str
    frames: int
    rows: int
    columns: int
    spacing_mm: tuple[float, float, float]  # between slices, rows, columns
    letters: Letters  # of the stored pictures
    affine: tuple[tuple[float, float, float, float], ...]
    points: tuple[KnownPoint, ...] = ()
    is_mixed: bool = False  # several directions in one series: spacing, letters and affine are the first picture's

    def lps(self, column: float, row: float, slice_: float) -> Point:
        """The place of a voxel."""
        x, y, z = (a * column + b * row + c * slice_ + d for a, b, c, d in self.affine[:3])
        return (x, y, z)


@dataclass(frozen=True, slots=True)
class PhantomTruth:
    """A made folder: who it claims to be of, its series, and how many files are DICOM or not."""

    person: str  # "Sample^Sidelight"
    series: tuple[SeriesTruth, ...]
    dicom_files: int
    other_files: int = 0
    damaged: tuple[str, ...] = ()  # relative paths that cannot be shown, or only in part

    @property
    def frames(self) -> int:
        """Pictures in all series."""
        return sum(series.frames for series in self.series)
