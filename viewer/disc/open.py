"""open_medium: what a person chose (a folder, a file, a ZIP) as a medium."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from viewer.disc.folder import ChosenMedium, FolderMedium
from viewer.disc.inside import FolderWithArchives
from viewer.disc.medium import FileKind, Medium
from viewer.disc.sniff import HEAD, sniff
from viewer.disc.zip_medium import is_zip
from viewer.disc.zipped import open_zip
from viewer.problem import ProblemError, problem


def open_medium(path: str, password: str | None = None, also: Sequence[str] = ()) -> Medium:
    """The medium at `path`; a folder may hold several locked ZIPs, each is tried with every password. Raises
    ProblemError: nothing there, not readable, a ZIP that needs a password …

    A disc's own list of its pictures (DICOMDIR, PS3.10 8) stands for the folder it lies in, as in other viewers."""
    root = Path(path)
    passwords = tuple(one for one in (password, *also) if one)
    try:
        if not os.path.lexists(path):
            raise ProblemError(problem("path_missing", path))
        if root.is_dir():
            if not os.access(path, os.R_OK | os.X_OK):
                raise ProblemError(problem("path_not_readable", path))
            return FolderWithArchives(FolderMedium(root), passwords)
        if not root.is_file():
            raise ProblemError(problem("not_a_regular_file", path))
        if not os.access(path, os.R_OK):
            raise ProblemError(problem("file_not_allowed", path))
        if is_list(root):
            return open_medium(str(root.parent), password, also)
        return open_zip(root, passwords) if is_zip(root) else FolderWithArchives(FolderMedium(root))
    except (OSError, ValueError) as error:
        raise ProblemError(problem("path_not_readable", path)) from error


def is_list(file: Path) -> bool:
    """Whether a file is a disc's own list of its pictures. Raises OSError."""
    with file.open("rb") as opened:
        return sniff(file.name, file.stat().st_size, opened.read(HEAD)) is FileKind.DICOMDIR


def open_several(paths: Sequence[str], passwords: Sequence[str] = ()) -> Medium:
    """Only these files and folders, packed ones opened; nothing that lies beside them, which may be other people's. Each
    locked ZIP is tried with every password. Raises ProblemError."""
    if len(paths) == 1:
        return open_medium(paths[0], None, passwords)
    for path in paths:
        if not os.path.lexists(path):
            raise ProblemError(problem("path_missing", path))
    return FolderWithArchives(ChosenMedium([Path(path) for path in paths]), passwords)
