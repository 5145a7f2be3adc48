"""`sidelight` and `python -m viewer`."""

from __future__ import annotations

import sys


def main() -> int:
    """Start the program; returns the exit code."""
    try:
        from viewer.app import run
        from viewer.commands.mistake import leave_no_memory, tell_places_only

        tell_places_only()
        leave_no_memory()
        return run(sys.argv[1:])
    except KeyboardInterrupt:  # so early that nothing has begun
        return 2
    finally:
        # Python notes an order to end that met code made from text, as each dataclass is, and would end by that signal
        exec("")  # noqa: S102


if __name__ == "__main__":
    sys.exit(main())
