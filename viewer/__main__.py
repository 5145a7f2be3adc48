"""`sidelight` and `python -m viewer`."""

from __future__ import annotations

import sys


def main() -> int:
    """Start the program; returns the exit code."""
    from viewer.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
