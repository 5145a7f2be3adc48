"""Which Sidelight this is."""

from __future__ import annotations


def program_version() -> str:
    """As installed, "0.1.0"; "" where it runs without having been installed."""
    from importlib.metadata import PackageNotFoundError, version  # a reader of mail comes with it: 40 ms of each start

    try:
        return version("sidelight")
    except PackageNotFoundError:
        return ""
