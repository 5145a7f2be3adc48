"""FolderWithArchives: a folder whose ZIP files open like folders ("export.zip/IM1"). The ZIPs themselves stay listed.
One that is not named as a ZIP is known once its first bytes were read: no file is opened only to find that out.
Pictures packed one by one ("IM1.dcm.gz") are read as if they lay open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from viewer.disc.gzipped import ENDING as GZIP
from viewer.disc.gzipped import Gzipped
from viewer.disc.medium import FileKind, FoundFile, Medium
from viewer.disc.packages import is_packed
from viewer.disc.zip_medium import is_hidden_zip, is_zip
from viewer.disc.zipped import open_zip
from viewer.problem import ProblemError

_ENDING, _INSIDE = ".zip", ".zip/"


class FolderWithArchives:
    """Protocol `Medium` over a folder, or over several chosen files; a locked or damaged ZIP is one unreadable file with its
    reason."""

    def __init__(self, folder: Medium, passwords: Sequence[str] = ()) -> None:
        self._folder = folder
        self._passwords = passwords
        self._archives: dict[str, Medium] = {}
        self._packed: set[str] = set()  # files that begin like a ZIP, as far as they were read
        self._hidden: dict[str, Medium] = {}  # of these, those that were opened
        self._gzipped = Gzipped(folder, self._size)

    @property
    def name(self) -> str:
        return self._folder.name

    @property
    def fingerprint(self) -> str:
        return self._folder.fingerprint

    def walk(self) -> Iterator[FoundFile]:
        for found in self._folder.walk():
            ending = found.path[-4:].lower()
            if ending == _ENDING and found.size:
                yield from self._opened(found)
            elif ending[-3:] == GZIP:
                yield self._gzipped.told(found)
            else:
                yield found
                if self._hidden:
                    yield from _below(found, self._hidden.get(found.path))

    def _size(self, path: str) -> int:
        real = self._folder.local(path)
        return real.stat().st_size if real is not None and real.is_file() else 0

    def _opened(self, found: FoundFile) -> Iterator[FoundFile]:
        try:
            archive = self._archive(found.path)
        except ProblemError as error:
            yield found._replace(kind=FileKind.UNREADABLE, problem=error.problem)
            return
        yield found
        yield from _below(found, archive)

    def inside(self, found: FoundFile) -> Iterable[FoundFile]:
        """What is in a ZIP that is not named as one."""
        is_packed = found.path in self._packed or found.kind is FileKind.ARCHIVE
        return self._inside(found) if is_packed or self._hidden or _INSIDE in found.path.lower() else ()

    def _inside(self, found: FoundFile) -> Iterator[FoundFile]:
        archive, inner = self._split(found.path)
        if archive is not None:
            outer = found.path[: len(found.path) - len(inner)]
            for member in archive.inside(found._replace(path=inner)):
                yield member._replace(path=outer + member.path)
        elif found.kind is FileKind.ARCHIVE or found.path in self._packed:
            yield from self._hidden_in(found)

    def _hidden_in(self, found: FoundFile) -> Iterator[FoundFile]:
        path = found.path
        real = self._folder.local(path)
        if path in self._archives or path in self._hidden or real is None or not is_hidden_zip(real, path):
            return
        self._hidden[path] = open_zip(real, self._passwords)
        yield from _below(found, self._hidden[path])

    def _archive(self, path: str) -> Medium | None:
        """The ZIP at a path of the folder, opened once; None where the file only has the name of one."""
        if path not in self._archives:
            real = self._folder.local(path)
            if real is None or not is_zip(real):
                return None
            self._archives[path] = open_zip(real, self._passwords)
        return self._archives[path]

    def read(self, path: str, offset: int, size: int) -> bytes:
        low = path.lower()
        if self._hidden or _INSIDE in low:
            archive, inner = self._split(path)
            if archive is not None:
                return archive.read(inner, offset, size)
        if low.endswith(GZIP) and _INSIDE not in low and self._gzipped.size(path):
            return self._gzipped.read(path, offset, size)
        data = self._folder.read(path, offset, size)
        if offset == 0 and data[:2] == b"PK" and is_packed(data):
            self._packed.add(path)
        return data

    def _split(self, path: str) -> tuple[Medium | None, str]:
        """(the archive that holds a path, the path within), or (None, path) for a file of the folder itself."""
        for outer, archive in tuple(self._hidden.items()):
            if path.startswith(outer) and path[len(outer) : len(outer) + 1] == "/":
                return archive, path[len(outer) + 1 :]
        if _INSIDE not in path and _INSIDE not in path.lower():
            return None, path
        at = path.lower().find(_ENDING + "/")
        while at >= 0:
            outer = path[: at + len(_ENDING)]
            real = self._folder.local(outer)
            if real is not None and real.is_file():
                return self._archive(outer), path[at + len(_ENDING) + 1 :]
            at = path.lower().find(_ENDING + "/", at + 1)
        return None, path

    def local(self, path: str) -> Path | None:
        if self._split(path)[0] is not None:
            return None
        if path[-3:].lower() == GZIP and self._gzipped.size(path):
            return None
        return self._folder.local(path)

    def close(self) -> None:
        for archive in (*self._archives.values(), *self._hidden.values()):
            archive.close()
        self._archives.clear()
        self._hidden.clear()
        self._gzipped.close()
        self._folder.close()


def _below(found: FoundFile, archive: Medium | None) -> Iterator[FoundFile]:
    """The members of an archive under the path of its file."""
    for member in archive.walk() if archive is not None else ():
        yield member._replace(path=f"{found.path}/{member.path}")
