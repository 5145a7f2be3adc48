"""A library that is imported when something of it is first used: numpy is a tenth of the start, and an empty window
counts nothing. (`importlib.util.LazyLoader` does the same, but not safely from two threads before Python 3.11.8.)
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a library until then; afterwards it has all that the library has, and is an ordinary module."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__dict__["_loading"] = threading.RLock()

    def __getattr__(self, wanted: str) -> Any:  # type: ignore[explicit-override]
        name, loading = self.__name__, self.__dict__.get("_loading")
        if loading is not None:
            with loading:
                if sys.modules.get(name) is self:
                    del sys.modules[name]
                library = import_module(name)
                self.__dict__.update(library.__dict__)
                self.__dict__["__getattr__"] = partial(getattr, library)  # what it gets later: parts of it, imported
                self.__dict__.pop("_loading", None)
                self.__class__ = ModuleType  # type: ignore[assignment]  # from here on looked into without a detour
        return getattr(import_module(name), wanted)


def import_later(name: str) -> None:
    """`import name` gets a stand-in from now on, unless the library is there already."""
    if name not in sys.modules:
        sys.modules[name] = _Later(name)
