"""One writer at a time, also between two running programs."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from viewer.archive.place import OWN_FILE

_HELD = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}  # the last two: Windows
LOOKS_AGAIN_SECONDS = 0.02


@contextmanager
def exclusive(path: Path, patience: float | None = None) -> Iterator[None]:
    """Hold the lock file `path`; released also when the program dies. patience: seconds to wait for others, None for ever.
    Raises OSError; BlockingIOError where others hold it for longer."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR, OWN_FILE)
    try:
        _lock(handle, patience)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, patience: float | None) -> None:
    end = None if patience is None else time.monotonic() + patience
    while not _try_lock(handle):
        if end is not None and time.monotonic() > end:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        time.sleep(LOOKS_AGAIN_SECONDS)


def _try_lock(handle: int) -> bool:
    """False where another holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as failure:
        if failure.errno in _HELD:
            return False
        raise
    return True
