"""What is remembered of the files of discs that were read before, so that opening one again is quick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from viewer.archive.archive import Archive
from viewer.archive.readings import Known, read_readings, written_readings
from viewer.dicom.read import read_header
from viewer.disc.medium import Medium
from viewer.problem import ProblemError

HEAD_BYTES = 16 * 1024
MOST_CHECKED = 24


class ReadBefore(Protocol):
    """Where what was read is kept. Neither ever fails: at worst everything is read anew."""

    def known(self, place: str) -> Mapping[str, Known]:
        """Files by path; place: the fingerprint of a medium."""
        ...

    def keep(self, place: str, disc_key: str, files: Iterable[Known]) -> None:
        """Keep what all files were read to be."""
        ...


class InArchive:
    """In the person's archive, under the key of the disc: forgetting the disc forgets it."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def known(self, place: str) -> Mapping[str, Known]:
        """Files by path."""
        try:
            return read_readings(self._archive.reading(place))
        except ProblemError:
            return {}

    def keep(self, place: str, disc_key: str, files: Iterable[Known]) -> None:
        """Keep them, where they can be kept."""
        packed = written_readings(files)
        if not packed:
            return
        try:
            self._archive.keep_reading(place, disc_key, packed)
        except ProblemError:
            return  # the disk is full or may not be written: the disc is read once more next time


def still_true(medium: Medium, known: Mapping[str, Known]) -> bool:
    """Whether a file of each series still reads as it did; names, sizes and times alone can agree on two discs."""
    seen: set[str] = set()
    for one in known.values():
        header = one.header
        if header is None or header.series_uid in seen:
            continue
        seen.add(header.series_uid)
        try:
            now = read_header(medium, one.found, medium.read(one.found.path, 0, HEAD_BYTES))
        except ProblemError:
            return False
        if now != header:
            return False
        if len(seen) == MOST_CHECKED:
            break
    return True
