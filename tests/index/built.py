"""An index made in one go, where the program has it grow file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from viewer.dicom.dicomdir import DicomDir
from viewer.dicom.header import Header
from viewer.disc.medium import FoundFile
from viewer.disc.open import open_medium
from viewer.index.build import IndexBuilder
from viewer.index.model import DiscIndex
from viewer.jobs.jobs import Job
from viewer.usecases.open_disc import read_disc


def build_index(
    root: str,
    found: Iterable[FoundFile],
    headers: Iterable[Header],
    dicomdirs: Iterable[tuple[str, DicomDir]] = (),
    complete: bool = True,
    same_bytes: Callable[[str, str], bool] | None = None,
) -> DiscIndex:
    """The index of a medium in one go; `dicomdirs` are (path, what it lists)."""
    builder = IndexBuilder(same_bytes)
    for file in found:
        builder.add(file)
    for header in headers:
        builder.add_header(header)
    for path, directory in dicomdirs:
        builder.add_dicomdir(path, directory)
    return builder.result(root, complete)


def read_folder(path: Path, password: str | None = None) -> DiscIndex:
    """The index of a folder, an archive or a file as the program reads it, all of it."""
    medium = open_medium(str(path), password)
    try:
        return read_disc(medium, Job("test"), lambda index: None)
    finally:
        medium.close()
