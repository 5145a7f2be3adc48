"""open_zip: a ZIP as a medium whose pictures packed once more, one by one ("export.zip/IM1.dcm.gz"), are read as if they lay
open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from viewer.disc.gzipped import Gzipped
from viewer.disc.medium import FoundFile, Medium
from viewer.disc.zip_medium import ZipMedium


def open_zip(path: Path, passwords: Sequence[str] = ()) -> Medium:
    """The files in a ZIP; each password is tried. Raises ProblemError."""
    return _Zipped(ZipMedium(path, passwords))


class _Zipped:
    def __init__(self, archive: ZipMedium) -> None:
        self._archive = archive
        self._gzipped = Gzipped(archive, archive.size)

    @property
    def name(self) -> str:
        return self._archive.name

    @property
    def fingerprint(self) -> str:
        return self._archive.fingerprint

    def walk(self) -> Iterator[FoundFile]:
        return map(self._gzipped.told, self._archive.walk())

    def inside(self, found: FoundFile) -> Iterator[FoundFile]:
        return map(self._gzipped.told, self._archive.inside(found))

    def read(self, path: str, offset: int, size: int) -> bytes:
        return (self._gzipped if self._gzipped.size(path) else self._archive).read(path, offset, size)

    def local(self, path: str) -> Path | None:
        return self._archive.local(path)

    def close(self) -> None:
        self._gzipped.close()
        self._archive.close()
