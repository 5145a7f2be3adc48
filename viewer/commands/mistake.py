"""A mistake of the program (not a Problem): told by its place in the program alone. An exception's own text may hold a
name or a path from a disc, and what a program prints ends in the log of the desktop; the memory of one that dies, in a dump.
"""

from __future__ import annotations

import sys
import threading
import traceback
from types import TracebackType

_HEAD = "Sidelight made a mistake. These lines tell where; they hold nothing of your scan."
_STEPS = 50
_NO_DUMP = (
    1  # bytes: less than any dump, and unlike 0 it also holds where dumps are handed to another program (core(5))
)


def tell_places_only() -> None:
    """From now on: what escapes anywhere is printed without its words."""
    sys.excepthook = _told
    threading.excepthook = lambda happened: _told(happened.exc_type, happened.exc_value, happened.exc_traceback)
    sys.unraisablehook = lambda happened: _told(happened.exc_type, happened.exc_value, happened.exc_traceback)


def leave_no_memory() -> None:
    """No dump of this process or its children, should one die: pictures, names and the key are in their memory."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    limit = _NO_DUMP if most == resource.RLIM_INFINITY else min(most, _NO_DUMP)
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))


def _told(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), trace)
    elif sys.stderr is not None and not issubclass(kind, SystemExit):
        found = [_places(type(cause), cause.__traceback__) for cause in _causes(error)]
        lines = (_HEAD, *(line for one in reversed(found) for line in one), *_places(kind, trace))
        sys.stderr.write("".join(f"{line}\n" for line in lines))


def _places(kind: type[BaseException], trace: TracebackType | None) -> list[str]:
    """One line for each step, the outermost first, then the kind of mistake."""
    steps = traceback.extract_tb(trace, limit=-_STEPS)
    return [*(f"  {step.filename}:{step.lineno} in {step.name}" for step in steps), kind.__name__]


def _causes(error: BaseException | None) -> list[BaseException]:
    """What a mistake came from, the nearest first; each once, since they may lead to each other."""
    found: list[BaseException] = []
    while error is not None:
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is None or any(error is one for one in found):
            break
        found.append(error)
    return found
