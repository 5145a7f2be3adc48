"""Plain files of this computer, read straight to where their bytes are wanted: one copy less for each picture."""

from __future__ import annotations

import os

from viewer.disc.folder import NO_NAMES, READ_ONLY
from viewer.disc.medium import Medium


class PlainFiles:
    """The files of one medium that have a path of their own. Any thread."""

    def __init__(self, medium: Medium) -> None:
        self._medium = medium
        self._folders: dict[str, str] = {}

    def read_into(self, path: str, offset: int, target: memoryview) -> bool:
        """Fill `target` (bytes) from `offset` on; False where the file is not a plain local one or gave too little:
        `Medium.read` tries again and words what is wrong."""
        real = self._real(path)
        if real is None or not hasattr(os, "preadv"):
            return False
        try:
            handle = os.open(real, READ_ONLY)
        except (OSError, ValueError):
            return False
        try:
            at = os.preadv(handle, [target], offset)  # of a pipe or a folder: an error, not a wait
            while 0 < at < len(target):
                got = os.preadv(handle, [target[at:]], offset + at)
                at = at + got if got > 0 else -1
            return at == len(target)
        except OSError:
            return False
        finally:
            os.close(handle)

    def _real(self, path: str) -> str | None:
        """The real path of a file, None where it has none. The medium is asked once for each folder: making a
        `Path` for each of a thousand files takes longer than opening them."""
        folder, _, name = path.rpartition("/")
        lead = self._folders.get(folder) if folder else None
        if lead is not None and name not in NO_NAMES:
            return lead + name
        real = self._medium.local(path)
        if real is None:
            return None
        found = str(real)
        if folder and found.endswith(os.sep + path.replace("/", os.sep)):
            self._folders[folder] = found[: -len(name)]
        return found
