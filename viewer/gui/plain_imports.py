"""Imports without PySide's search for `__feature__`: it reads the source of every module that is imported after it and
looks for "PySide6" there, on the chance that the module switched to other names for Qt's methods. Nothing here does.
Measured with 6.11.3: 0.3 ms a module, 120 ms of the start, and the text of all those files kept in memory.
"""

from __future__ import annotations

import builtins


def import_plainly() -> None:
    """Call once Qt's bindings are imported; harmless when called again, or where bindings do no such thing."""
    import PySide6.QtCore  # noqa: F401  puts its own import in the place of Python's …

    below = getattr(builtins, "__orig_import__", None)  # … over this one, which PySide itself needs
    if below is not None and builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = below
