"""Where the shared test data lies: beside the checkout. A clone elsewhere has none, and tests that need it say so."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_PLACE = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """A file or folder of the shared data; skips the test when it is not there."""
    path = _PLACE.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared test data not present: {'/'.join(parts) or 'data'}")
    return path


def has_shared_data() -> bool:
    """For parametrisation at collection time."""
    return _PLACE.exists()


@cache
def truth() -> dict[str, Any]:
    """What two independent readers found (`truth.json`)."""
    data: dict[str, Any] = json.loads(shared_data("truth.json").read_text("utf-8"))
    return data
