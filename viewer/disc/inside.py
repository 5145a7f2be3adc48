"""FolderWithArchives: a folder whose ZIP files open like folders ("export.zip/IM1"). The ZIPs themselves stay listed.
Pictures packed one by one ("IM1.dcm.gz") are read as if they lay open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from viewer.disc.archive import ZipMedium, is_zip
from viewer.disc.folder import FolderMedium
from viewer.disc.gzipped import ENDING as GZIP
from viewer.disc.gzipped import Gzipped
from viewer.disc.medium import FileKind, FoundFile
from viewer.problem import ProblemError

_ENDING, _INSIDE = ".zip", ".zip/"


class FolderWithArchives:
    """Protocol `Medium` over a folder; a locked or damaged ZIP is one unreadable file with its reason."""

    def __init__(self, folder: FolderMedium, passwords: Sequence[str] = ()) -> None:
        self._folder = folder
        self._passwords = passwords
        self._archives: dict[str, ZipMedium] = {}
        self._gzipped = Gzipped(folder)

    @property
    def name(self) -> str:
        return self._folder.name

    @property
    def fingerprint(self) -> str:
        return self._folder.fingerprint

    def walk(self) -> Iterator[FoundFile]:
        for found in self._folder.walk():
            if found.path[-4:].lower() == _ENDING and found.size:
                yield from self._opened(found)
            elif found.path[-3:].lower() == GZIP and found.size:
                yield self._unpacked(found)
            else:
                yield found

    def _unpacked(self, found: FoundFile) -> FoundFile:
        try:
            size = self._gzipped.size(found.path)
        except ProblemError as error:
            return replace(found, kind=FileKind.UNREADABLE, problem=error.problem)
        return replace(found, size=size) if size else found

    def _opened(self, found: FoundFile) -> Iterator[FoundFile]:
        try:
            archive = self._archive(found.path)
        except ProblemError as error:
            yield replace(found, kind=FileKind.UNREADABLE, problem=error.problem)
            return
        yield found
        if archive is not None:
            for member in archive.walk():
                yield replace(member, path=f"{found.path}/{member.path}")

    def _archive(self, path: str) -> ZipMedium | None:
        """The ZIP at a path of the folder, opened once; None where the file only has the name of one."""
        if path not in self._archives:
            real = self._folder.local(path)
            if real is None or not is_zip(real):
                return None
            self._archives[path] = ZipMedium(real, self._passwords)
        return self._archives[path]

    def read(self, path: str, offset: int, size: int) -> bytes:
        if path[-3:].lower() == GZIP and _INSIDE not in path.lower() and self._gzipped.size(path):
            return self._gzipped.read(path, offset, size)
        if _INSIDE not in path and _INSIDE not in path.lower():
            return self._folder.read(path, offset, size)
        archive, inner = self._split(path)
        return archive.read(inner, offset, size) if archive else self._folder.read(path, offset, size)

    def _split(self, path: str) -> tuple[ZipMedium | None, str]:
        """(the archive that holds a path, the path within), or (None, path) for a folder of that name."""
        at = path.lower().find(_ENDING + "/")
        while at >= 0:
            outer = path[: at + len(_ENDING)]
            real = self._folder.local(outer)
            if real is not None and real.is_file():
                return self._archive(outer), path[at + len(_ENDING) + 1 :]
            at = path.lower().find(_ENDING + "/", at + 1)
        return None, path

    def local(self, path: str) -> Path | None:
        if _ENDING + "/" in path.lower() and self._split(path)[0] is not None:
            return None
        if path[-3:].lower() == GZIP and self._gzipped.size(path):
            return None
        return self._folder.local(path)

    def close(self) -> None:
        for archive in self._archives.values():
            archive.close()
        self._archives.clear()
        self._gzipped.close()
        self._folder.close()
