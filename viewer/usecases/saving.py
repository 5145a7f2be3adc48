"""Saving a file of the person's own: written beside its name, renamed when it is whole."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from viewer.problem import ProblemError, problem


def save_file(data: bytes, path: Path) -> Path:
    """Write `data` at `path`; what stood there before stays until all of it is on the disk. Raises ProblemError."""
    part = path.with_name(f".sidelight-{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except (OSError, ValueError) as failure:
        with suppress(OSError, ValueError):
            part.unlink(missing_ok=True)
        raise ProblemError(problem("cannot_write_file", where=str(path))) from failure
    return path
