"""The words of a mark: the lines of its label on the picture and of its row in the list."""

from __future__ import annotations

from viewer.marks.mark import Mark, MarkKind, Measurement, RegionStatistics
from viewer.text.plain import one_line
from viewer.text.translate import tr

KIND_WORDS = {
    MarkKind.ARROW: "Arrow",
    MarkKind.RECTANGLE: "Rectangle",
    MarkKind.ELLIPSE: "Ellipse",
    MarkKind.LENGTH: "Length",
    MarkKind.TEXT: "Text",
}
SHORT = 60


def kind_words(kind: MarkKind) -> str:
    """ "Ellipse"."""
    return tr(KIND_WORDS[kind])


def title_words(mark: Mark) -> str:
    """The mark's own words, or what it is: "bright stripe", "Length"."""
    return one_line(mark.text, SHORT) or kind_words(mark.kind)


def label_lines(mark: Mark, number: int, found: Measurement | RegionStatistics | None = None) -> tuple[str, ...]:
    """The lines beside a mark, numbered from 1: ("3  ellipse", "mean value 88 ± 28", …), ("2  23.1 mm", "in the patient")."""
    own = one_line(mark.text, SHORT)
    if isinstance(found, Measurement):
        length, _, calibration = found.words.partition(", ")
        numbers = (length, calibration) if calibration else (length,)
        return (f"{number}  {own}", *numbers) if own else (f"{number}  {numbers[0]}", *numbers[1:])
    title = f"{number}  {own or kind_words(mark.kind).lower()}"
    return (title, *found.words) if isinstance(found, RegionStatistics) else (title,)


def row_lines(mark: Mark, found: Measurement | RegionStatistics | None = None) -> tuple[str, ...]:
    """The lines below a mark's title in the list: ("23.1 mm, in the patient", "exact to about 1 mm")."""
    if isinstance(found, Measurement):
        return tuple(line for line in (found.words, found.note) if line)
    if isinstance(found, RegionStatistics):
        return found.words
    return (kind_words(mark.kind),) if mark.text else ()
