"""Composition root: makes the adapters, hands them down, starts the window or a command."""

from __future__ import annotations


def run(arguments: list[str]) -> int:
    """Start with these arguments (without the program's name); returns the exit code."""
    raise NotImplementedError
