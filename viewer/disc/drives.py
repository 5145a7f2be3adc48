"""Discs in a drive: what the system has mounted that a person would call a CD, a DVD or a stick.

Only the system's own tables are asked, never the medium: a drive that spins up or hangs holds up nobody.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

OPTICAL = frozenset({"iso9660", "udf", "cdfs"})
REMOVABLE = ("/media/", "/run/media/")
MOUNTS = Path("/proc/self/mountinfo")
VOLUMES = Path("/Volumes")
LONGEST = 1_000_000
CDROM, STICK = 5, 2  # GetDriveTypeW


@dataclass(frozen=True, slots=True)
class Drive:
    """One mounted medium: where it is, and what it calls itself."""

    path: str
    name: str


def discs_in_drives() -> tuple[Drive, ...]:
    """What is in now, optical media first; empty where the system does not tell."""
    try:
        if sys.platform == "win32":
            return _of_windows()
        if sys.platform == "darwin":
            return tuple(Drive(entry.path, entry.name) for entry in os.scandir(VOLUMES) if not entry.is_symlink())
        with MOUNTS.open(encoding="utf-8", errors="surrogateescape") as table:
            return discs_of_mounts(table.read(LONGEST))
    except OSError:
        return ()


def discs_of_mounts(table: str) -> tuple[Drive, ...]:
    """Discs and sticks in the words of /proc/self/mountinfo (proc(5)): its fifth field is the place, the one after
    the lone "-" the kind of file system."""
    optical, others = [], []
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(), after.split()
        if len(fields) < 5 or not kinds:
            continue
        place = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[4])
        drive = Drive(place, place.rstrip("/").rpartition("/")[2])
        if kinds[0] in OPTICAL:
            optical.append(drive)
        elif place.startswith(REMOVABLE):
            others.append(drive)
    return (*optical, *others)


def _of_windows() -> tuple[Drive, ...]:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        letters = [chr(65 + n) for n in range(26) if kernel.GetLogicalDrives() >> n & 1]
        kinds = {letter: int(kernel.GetDriveTypeW(f"{letter}:\\")) for letter in letters}
        wanted = [letter for kind in (CDROM, STICK) for letter in letters if kinds[letter] == kind]
        return tuple(Drive(f"{letter}:\\", f"{letter}:") for letter in wanted)
    return ()
