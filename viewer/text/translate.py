"""One function for every sentence on screen. The program speaks English; another language has this one place to come in.

`tr("Open {count} pictures", count=3)` fills in the values. What is no sentence of ours (words of a disc, of a model) does
not pass through here.
"""

from __future__ import annotations


def tr(sentence: str, **values: object) -> str:
    """The sentence for the person, with `{name}` places filled in."""
    return sentence.format(**values) if values else sentence


def count_of(number: int, one: str, many: str) -> str:
    """`1 picture` or `12 pictures`: `one` and `many` are whole sentences with `{n}`."""
    return tr(one if number == 1 else many, n=number)
