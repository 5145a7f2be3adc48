"""Which Sidelight this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """As installed, "0.1.0"; "" where it runs without having been installed."""
    try:
        return version("sidelight")
    except PackageNotFoundError:
        return ""
