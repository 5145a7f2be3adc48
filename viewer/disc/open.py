"""open_medium: what a person chose (a folder, a file, a ZIP) as a medium."""

from __future__ import annotations

import os
from pathlib import Path

from viewer.disc.archive import ZipMedium, is_zip
from viewer.disc.folder import FolderMedium
from viewer.disc.inside import FolderWithArchives
from viewer.disc.medium import Medium
from viewer.problem import ProblemError, problem


def open_medium(path: str, password: str | None = None) -> Medium:
    """The medium at `path`. Raises ProblemError: nothing there, not readable, a ZIP that needs a password …"""
    root = Path(path)
    try:
        if not os.path.lexists(path):
            raise ProblemError(problem("path_missing", path))
        if root.is_dir():
            if not os.access(path, os.R_OK | os.X_OK):
                raise ProblemError(problem("path_not_readable", path))
            return FolderWithArchives(FolderMedium(root), password)
        if not root.is_file():
            raise ProblemError(problem("not_a_regular_file", path))
        if not os.access(path, os.R_OK):
            raise ProblemError(problem("path_not_readable", path))
        return ZipMedium(root, password) if is_zip(root) else FolderMedium(root)
    except (OSError, ValueError) as error:
        raise ProblemError(problem("path_not_readable", path)) from error
