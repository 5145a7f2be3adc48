"""One fact about a picture, as it is listed beside it and in the report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureFact:
    """One row: a short label, plain words, and the technical word for the hover."""

    label: str
    words: str
    term: str = ""
