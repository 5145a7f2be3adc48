"""Several things that were opened at once have one place, all their paths: "Opened before" opens just these again, and
nothing else that lies beside them."""

from __future__ import annotations

import os
from collections.abc import Sequence

_BETWEEN = "\0"  # stands in no path


def place_of(paths: Sequence[str]) -> str:
    """Under what they are remembered."""
    return _BETWEEN.join(os.path.abspath(path) for path in paths)


def paths_at(place: str) -> tuple[str, ...]:
    """What lies at a place: one path, or several."""
    return tuple(place.split(_BETWEEN))
