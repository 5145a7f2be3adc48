"""Times in which the interpreter does not look for reference cycles.

Its search runs after so and so many new objects, over and over, and finds none among facts that only grow: reading the
headers of 3,000 files took a seventh longer for it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Within it nothing is searched for; afterwards all is as before, but what was made in it is not searched: the first
    search would go through it all, and a twentieth to a tenth of the reading was that. In the window's process there is no such
    search at all (`gui/pace.py` looks there)."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
