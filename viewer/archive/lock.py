"""One writer at a time, also between two running programs where the disk knows locks (some network disks know none)."""

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
_WITHOUT_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
PATIENCE_SECONDS, LOOKS_AGAIN_SECONDS = 10.0, 0.02  # what is done under a lock takes a second at most


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; released also when the program dies. Raises OSError; BlockingIOError where others hold it
    for longer than anybody should."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR, OWN_FILE)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not _try_lock(handle):
        if time.monotonic() > end:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        time.sleep(LOOKS_AGAIN_SECONDS)


def _try_lock(handle: int) -> bool:
    """False where another holds it; a disk without locks lets everybody in."""
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
        if failure.errno not in _WITHOUT_LOCKS:
            raise
    return True
