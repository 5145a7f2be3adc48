"""is_slow: whether a medium is one to copy first: an optical drive, a network folder, or one that reads slowly."""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

SLOW_RATE = 15e6  # bytes a second; a DVD gives 1 to 20, a hard disk 80 and more
SHORTEST_S = 0.25  # what gives its sample within this time, however small, is not slow
SAMPLE, LONGEST_S, MOST_FILES = 4 << 20, 1.0, 64
_OPTICAL = frozenset({"iso9660", "udf", "cd9660", "cdfs"})
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "davfs", "fuse.davfs", "9p", "afpfs"})
_WINDOWS_SLOW = frozenset({4, 5})  # DRIVE_REMOTE, DRIVE_CDROM


def is_slow(path: str, clock: Callable[[], float] = time.perf_counter) -> bool:
    """True where a copy on this computer pays. Told by the kind of the medium where the system says it, else measured by
    reading up to 4 MiB for up to a second."""
    real = os.path.realpath(path)
    if sys.platform == "win32":
        return _windows_slow(real)
    known = mount_is_slow(_text("/proc/self/mountinfo"), real)
    return read_rate(real, clock) < SLOW_RATE if known is None else known


def mount_is_slow(mountinfo: str, path: str) -> bool | None:
    """By the table of mounts (proc(5)): True for optical drives and networks, else None: measure."""
    best, kind, source = "", "", ""
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        columns, told = left.split(), right.split()
        if len(columns) < 5 or len(told) < 2:
            continue
        point = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), columns[4])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind, source = point, told[0], told[1]
    optical = kind in _OPTICAL or re.fullmatch(r"/dev/(sr|scd)\d+", source) is not None
    return True if optical or kind in _NETWORK else None


def read_rate(path: str, clock: Callable[[], float] = time.perf_counter) -> float:
    """Bytes a second of the first few files below `path`; infinite where there is nothing to read."""
    read, began = 0, clock()
    for file in _some_files(path):
        read += _read(file, SAMPLE - read)
        if read >= SAMPLE or clock() - began > LONGEST_S:
            break
    spent = clock() - began
    return read / spent if read and spent > SHORTEST_S else float("inf")


def _some_files(path: str) -> list[str]:
    if os.path.isfile(path):
        return [path]
    found: list[str] = []
    for folder, _, names in os.walk(path):
        found += [os.path.join(folder, name) for name in names[: MOST_FILES - len(found)]]
        if len(found) >= MOST_FILES:
            break
    return found


def _read(path: str, most: int) -> int:
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return 0
    try:
        return len(os.read(handle, most)) if stat.S_ISREG(os.fstat(handle).st_mode) else 0
    except OSError:
        return 0
    finally:
        os.close(handle)


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


def _windows_slow(path: str) -> bool:
    import ctypes

    api = getattr(ctypes, "windll").kernel32  # noqa: B009  exists on Windows only
    return int(api.GetDriveTypeW(os.path.splitdrive(path)[0] + "\\")) in _WINDOWS_SLOW
