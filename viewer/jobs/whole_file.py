"""A file of the person's own: written beside its name and renamed when it is whole."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, pieces: Iterable[bytes]) -> Path:
    """Write `pieces`, one after the other, as the file `path`; what stood there before stays until all of it is on the
    disk. A link keeps being one; a device is refused, since renaming would put a file in its place. Gives the path the
    file has; raises OSError, ValueError for a name that no file can have, and what `pieces` raise."""
    path = path.resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.ENXIO, "not a file")
    part = path.with_name(f".sidelight-{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError, ValueError):
            part.unlink(missing_ok=True)
        raise
    return path
