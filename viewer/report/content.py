"""ReportContent: everything that goes on paper, already in words and pixels. Layout is the template's business.

Made by the use cases from the document and `picture.render`; never from a widget.
"""

from __future__ import annotations

from dataclasses import dataclass

from viewer.answer.answer import Answer
from viewer.geometry.plane import Letters
from viewer.marks.mark import MarkKind
from viewer.picture.look import ScaleBar

Point = tuple[float, float]

NOTICE = (
    "These pages hold what a computer program answered to questions about single pictures. They are for information: no "
    "diagnosis and no second opinion by a doctor. The answers may be wrong and may miss things. Please talk to your "
    "doctor before you decide anything."
)
NOTICE_WITHOUT_ANSWER = (
    "These pages hold pictures and values worked out by a computer program. They are for information: no diagnosis and "
    "no second opinion by a doctor. Please talk to your doctor before you decide anything."
)


@dataclass(frozen=True, slots=True)
class ReportMark:
    """A mark on a picture. `points` as in `marks.Mark`, but in pixels of this picture (centres at whole numbers).

    `label` stands beside it on the picture after its number, `words` in the list ("23.1 mm, in the patient").
    """

    kind: MarkKind
    points: tuple[Point, ...]
    label: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ReportPicture:
    """One picture: `png` as `picture.encode_png` writes it (never with anything drawn into it), the rest on top.

    `seen` is the rectangle (x0, y0, x1, y1) of "What the AI saw" in pixels of this picture (pixel centres at whole
    numbers, so the whole picture is (-0.5, -0.5, width - 0.5, height - 0.5)); None draws none. `alt` is read aloud.
    """

    png: bytes
    caption: str
    alt: str
    letters: Letters | None = None
    scale: ScaleBar | None = None  # its `pixels` in pixels of this picture
    marks: tuple[ReportMark, ...] = ()
    seen: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class ReportTurn:
    """One question and what came of it. How it ended is told from `answer` in the same words as on screen."""

    question: str
    answer: Answer
    provider: str = ""  # "Anthropic"
    model: str = ""  # "Claude Sonnet (claude-sonnet-4-5)"
    asked_at: str = ""  # "21 November 2026 at 14:32"
    words_sent: tuple[str, ...] = ()
    looked_at: str = ""  # "1 of 72 pictures"
    looked_at_note: str = ""  # "Only the framed part, 60 × 64 mm, was sent: 480 × 512 pixels."


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A whole report. Dates are words. `with_name` is printed when the person asked for it, never put in metadata."""

    study_name: str
    scan_date: str
    made_at: str
    pictures: tuple[ReportPicture, ...]
    turns: tuple[ReportTurn, ...] = ()
    pictures_left_out: int = 0  # with marks, for which there was no room
    not_looked_at: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    with_name: str = ""
    has_writing: bool = False  # its kinds of pictures often have names drawn into them
    notice: str = ""  # "" means the usual one
    language: str = "en"
