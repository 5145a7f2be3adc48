"""Keeps `None`, `True` and `False` alive under PySide6 6.12, whose calls return them without owning a reference.

From Python 3.12 on they cannot die. Before, each call that returns nothing (a line drawn, a label set) takes one of some
ten thousand references to `None`, and after a few minutes of scrolling the interpreter ends with "deallocating None".
Measured: −1 a call with 6.12.0, 0 with 6.11.3. The guard adds so many references that no session can use them up.
"""

from __future__ import annotations

import ctypes
import sys

ENOUGH = 1 << 40
IMMORTALS: tuple[object, ...] = (None, True, False, NotImplemented, Ellipsis)


def keep_none_alive() -> None:
    """Call once before the first widget; harmless when called again or not needed."""
    if sys.version_info >= (3, 12) or hasattr(sys, "getobjects"):
        return
    for thing in IMMORTALS:
        if sys.getrefcount(thing) < ENOUGH // 2:
            ctypes.c_ssize_t.from_address(id(thing)).value += ENOUGH
