"""A disc read as the program reads it: walk, headers, index."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.index.built import build_index
from viewer.dicom.read import read_header
from viewer.disc.folder import FolderMedium
from viewer.index.model import DiscIndex
from viewer.problem import ProblemError
from viewer.usecases.open_disc import same_bytes


@cache
def opened(root: Path) -> tuple[FolderMedium, DiscIndex]:
    """The medium and its index; files without a readable header are left to the index's own tests."""
    medium = FolderMedium(root)
    found, headers = list(medium.walk()), []
    for file in found:
        try:
            headers.append(read_header(medium, file, medium.read(file.path, 0, 16384)))
        except ProblemError:
            continue
    return medium, build_index(str(root), found, headers, same_bytes=lambda one, other: same_bytes(medium, one, other))
