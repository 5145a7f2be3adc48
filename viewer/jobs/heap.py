"""The heap of the window's process: what a repaint frees stays at hand, so that the next one need not ask the system.

By itself the C library gives the memory of each large picture back and asks for it anew. Every such call waits for the
page faults of all other threads: while a volume was filled, a repaint of 25 ms took 100 to 300.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from functools import partial

PIECE, PIECES = 4 << 20, 6  # bytes touched ahead, in steps a repaint can go between
_TRIM, _TOP_PAD, _MMAP = -1, -2, -3  # mallopt(3)
_SETTINGS = ((_MMAP, 8 << 20), (_TRIM, 128 << 20), (_TOP_PAD, 32 << 20))  # larger pieces are still given back at once


def memory_at_hand() -> Iterator[Callable[[], object]]:
    """Steps, on the window's thread: keep freed memory, and have some. None where the C library is another than glibc."""
    library = _library()
    if library is None:
        return
    held: list[int] = []
    yield partial(_settle, library)
    for _ in range(PIECES):
        yield partial(_touch, library, held)
    yield partial(_let_go, library, held)


def _library() -> ctypes.CDLL | None:
    try:
        if not os.confstr("CS_GNU_LIBC_VERSION"):
            return None
        library = ctypes.CDLL(None)
        library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
        library.free.restype, library.free.argtypes = None, (ctypes.c_void_p,)
        library.mallopt.argtypes = (ctypes.c_int, ctypes.c_int)
        return library
    except (AttributeError, OSError, ValueError):
        return None


def _settle(library: ctypes.CDLL) -> None:
    for name, size in _SETTINGS:
        library.mallopt(name, size)


def _touch(library: ctypes.CDLL, held: list[int]) -> None:
    place = library.malloc(PIECE)
    if place:
        ctypes.memset(place, 1, PIECE)
        held.append(place)


def _let_go(library: ctypes.CDLL, held: list[int]) -> None:
    while held:
        library.free(held.pop())
