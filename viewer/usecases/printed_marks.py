"""What lies over a printed picture: the marks of its slice, and the frame of what the AI saw, in pixels of the picture."""

from __future__ import annotations

import numpy as np

from viewer.document.model import SentPicture
from viewer.marks.labels import kind_words, row_lines
from viewer.marks.mark import Mark, Measurement
from viewer.picture.look import Picture
from viewer.problem import Problem
from viewer.report.content import ReportMark
from viewer.text.plain import one_line
from viewer.usecases.marking import measured
from viewer.volume.slice import Slice

MAX_WORDS = 900  # characters of the person's own words beside a mark: on paper there is no other place to read them


def to_picture(picture: Picture, points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Slice pixels (column, row) → pixels of the picture."""
    inverse = np.linalg.inv(picture.to_slice)
    moved = [inverse @ np.array([column, row, 1.0]) for column, row in points]
    return tuple((float(x), float(y)) for x, y, _ in moved)


def seen_frame(sent: SentPicture, slice_: Slice, picture: Picture) -> tuple[float, float, float, float]:
    """The rectangle of what the AI saw, in pixels of the picture."""
    rows, columns = slice_.values.shape[:2]
    region = sent.region
    edges = (region.x0, region.y0, region.x1, region.y1) if region else (0, 0, columns, rows)
    corners = to_picture(picture, ((edges[0] - 0.5, edges[1] - 0.5), (edges[2] - 0.5, edges[3] - 0.5)))
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return (xs[0], ys[0], xs[1], ys[1])


def report_mark(mark: Mark, slice_: Slice, picture: Picture) -> ReportMark:
    """A mark in pixels of the picture, with its words."""
    number = measured(mark, slice_)
    found = None if isinstance(number, Problem) else number
    rows = row_lines(mark, found)
    short = found.words.partition(",")[0] if isinstance(found, Measurement) else mark.text
    own = one_line(mark.text, MAX_WORDS) or kind_words(mark.kind)
    return ReportMark(mark.kind, to_picture(picture, mark.points), short, ", ".join((own, *rows)))
