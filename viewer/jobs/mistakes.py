"""A mistake of the program that need not end the work: it is told where all mistakes are told, and the work goes on with
what is left."""

from __future__ import annotations

import sys


def tell_of(mistake: BaseException) -> None:
    """On any thread."""
    sys.excepthook(type(mistake), mistake, mistake.__traceback__)
