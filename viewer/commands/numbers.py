"""Numbers as a person types them; a wrong one is told in words that argparse puts on standard error."""

from __future__ import annotations

import argparse
import math

from viewer.text.translate import tr


def finite(text: str) -> float:
    """A number that is one: no "nan", nothing endless."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(tr("“{text}” is not a number", text=text))
    return number


def whole(text: str) -> int:
    """A whole number, below zero too."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a whole number", text=text)) from None


def counted(text: str) -> int:
    """How many of something, from 1."""
    number = whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(tr("“{text}” is too small: 1 is the least", text=text))
    return number
