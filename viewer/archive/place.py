"""Where the person's data lies, and how files get there so that nobody else can read them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from viewer.archive.trouble import told_as_problem

OWN_FOLDER, OWN_FILE = 0o700, 0o600
# what a disk says that cannot do this with any folder
_CANNOT = {errno.EINVAL, errno.EBADF, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}


def data_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The data folder of this person on this system; the variable SIDELIGHT_DATA beats the system's custom.

    Linux: $XDG_DATA_HOME/sidelight or ~/.local/share/sidelight. Windows: %LOCALAPPDATA%\\Sidelight. macOS:
    ~/Library/Application Support/Sidelight. The folder need not exist yet.
    """
    chosen = environment.get("SIDELIGHT_DATA", "")
    if chosen:
        return Path(os.path.expanduser(chosen)).absolute()
    if platform == "win32":
        local = environment.get("LOCALAPPDATA", "")
        return (Path(local) if local else _home() / "AppData" / "Local") / "Sidelight"
    if platform == "darwin":
        return _home() / "Library" / "Application Support" / "Sidelight"
    base = environment.get("XDG_DATA_HOME", "")
    return (Path(base) if os.path.isabs(base) else _home() / ".local" / "share") / "sidelight"


def _home() -> Path:
    """The person's home. Some accounts have none (in containers): below the null device nothing can be kept, as is said."""
    try:
        return Path.home()
    except RuntimeError:
        return Path(os.devnull)


def make_folder(folder: Path) -> None:
    """Make the folder for its owner only, also when it was there already; raises ProblemError."""
    with told_as_problem():
        folder.mkdir(mode=OWN_FOLDER, parents=True, exist_ok=True)
        if os.name == "posix" and (folder.stat().st_mode & 0o777) != OWN_FOLDER:
            folder.chmod(OWN_FOLDER)


def make_file(path: Path) -> None:
    """Make an empty file for its owner only before anything is written to it; raises ProblemError."""
    with told_as_problem():
        handle = os.open(path, os.O_CREAT | os.O_RDWR, OWN_FILE)
        try:
            if os.name == "posix":
                os.fchmod(handle, OWN_FILE)
        finally:
            os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a power cut, where system and disk can do that (some network disks cannot)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as failure:
        if failure.errno not in _CANNOT:
            raise
    finally:
        os.close(handle)
