"""Keeps `None` alive under PySide6 6.12, whose calls that return nothing give away a reference they do not own.

From Python 3.12 on `None` cannot die. Before, each such call (a line drawn, a label set) takes one of some ten thousand
references, and after a few minutes of scrolling the interpreter ends with "deallocating None". Measured: −1 a call with
6.12.0, 0 with 6.11.3. The guard adds so many references that no session can use them up.
"""

from __future__ import annotations

import ctypes
import sys

ENOUGH = 1 << 40


def keep_none_alive() -> None:
    """Call once before the first widget; harmless when called again or not needed."""
    is_mortal = sys.version_info < (3, 12) and not hasattr(sys, "getobjects")
    if is_mortal and sys.getrefcount(None) < ENOUGH // 2:
        ctypes.c_ssize_t.from_address(id(None)).value += ENOUGH
