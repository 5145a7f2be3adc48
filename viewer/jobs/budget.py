"""The memory budget: how much the pictures in memory may take, from what the computer has free. No library needed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
from pathlib import Path
from weakref import WeakKeyDictionary

_SHARE = 0.5  # of the free memory: the rest is for the system, the decoders and other programs
_LEAST = 128 * 2**20  # with less there is nothing to look at
_UNKNOWN = 2 * 2**30  # where the system does not tell


def free_memory() -> int:
    """Bytes that programs can still take without swapping."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return min(int(line.split()[1]) * 1024, container_limit())
    if sys.platform == "win32":
        return _windows_free()
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return _UNKNOWN


def container_limit(group: Path = Path("/sys/fs/cgroup")) -> int:
    """What is left of the limit of this process's group; a container may have far less than the machine.

    Files that were read and are not in use count as taken there, and are given up as soon as somebody needs the room.
    """
    with contextlib.suppress(OSError, ValueError):
        limit, taken = (int((group / name).read_text("ascii")) for name in ("memory.max", "memory.current"))
        return max(0, limit - max(0, taken - _unused_files(group)))
    return sys.maxsize


def _unused_files(group: Path) -> int:
    """Bytes of files that the system only keeps because there is room."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in (group / "memory.stat").read_text("ascii").splitlines():
            if line.startswith("inactive_file "):
                return int(line.split()[1])
    return 0


def _windows_free() -> int:
    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *[
                (name, ctypes.c_ulonglong)
                for name in ("total", "free", "page", "page_free", "room", "room_free", "more")
            ],
        ]

    status = Status()
    status.length = ctypes.sizeof(status)
    done = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.free) if done else _UNKNOWN


class Budget:
    """Bytes that all open series together may hold. Thread-safe; a refusal is an answer, not an error."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit if limit is not None else max(_LEAST, int(free_memory() * _SHARE))
        self._taken: WeakKeyDictionary[object, int] = WeakKeyDictionary()  # who is gone holds nothing
        self._lock = threading.Lock()

    @property
    def free(self) -> int:
        """Bytes not yet taken, 0 when a pinned picture went over the limit."""
        with self._lock:
            return max(0, self.limit - sum(self._taken.values()))

    def take(self, owner: object, size: int, pinned: bool = False) -> bool:
        """Add `size` bytes to what `owner` holds; False when they do not fit. A pinned picture always fits."""
        with self._lock:
            if not pinned and sum(self._taken.values()) + size > self.limit:
                return False
            self._taken[owner] = self._taken.get(owner, 0) + size
            return True

    def give_back(self, owner: object, size: int | None = None) -> None:
        """Take `size` bytes (all by default) off what `owner` holds."""
        with self._lock:
            left = self._taken.pop(owner, 0) - (size or 0)
            if size is not None and left > 0:
                self._taken[owner] = left
