"""Saving a file of the person's own: written beside its name, renamed when it is whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from viewer.problem import ProblemError, problem


def save_file(data: bytes, path: Path) -> Path:
    """Write `data` at `path`; what stood there before stays until all of it is on the disk. Raises ProblemError."""
    return save_pieces((data,), path)


def save_pieces(pieces: Iterable[bytes], path: Path) -> Path:
    """As `save_file`, one piece after the other: a film need not fit into the memory. Raises ProblemError, also that of
    a piece that cannot be read."""
    part = path.with_name(f".sidelight-{secrets.token_hex(6)}.part")
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise FileExistsError("no file, and renaming would put one in its place")
        with part.open("xb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except ProblemError:
        with suppress(OSError, ValueError):
            part.unlink(missing_ok=True)
        raise
    except (OSError, ValueError) as failure:
        with suppress(OSError, ValueError):
            part.unlink(missing_ok=True)
        raise ProblemError(problem("cannot_write_file", where=str(path))) from failure
    return path
