"""From a ReportContent to the data of the template: every word made plain, bounded and printable, every line translated.

The template holds no words and the data no layout, so nothing a person, a model or a disc wrote is ever read as markup.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from viewer.answer.answer import AnswerState
from viewer.answer.ending import state_words
from viewer.answer.markdown import blocks_of
from viewer.picture.png import png_chunks
from viewer.problem import ProblemError, problem
from viewer.report.blocks import blocks_data
from viewer.report.content import NOTICE, NOTICE_WITHOUT_ANSWER, ReportContent, ReportMark, ReportPicture, ReportTurn
from viewer.report.glyphs import printable
from viewer.report.long_words import breakable
from viewer.text.plain import one_line, plain
from viewer.text.translate import count_of, tr

MAX_TEXT = 60_000  # characters of one text; about 20 pages
MAX_ALL_TEXT = 1_500_000
MAX_PICTURES = 40
MAX_PNG = 64_000_000  # bytes of all pictures
MAX_EDGE = 8_192
MAX_MARKS = 200
BESIDE = 8  # marks listed beside the first picture; all of them stand in the list
MAX_PLACE = 1e6  # pixels
MAX_TURNS = 1_000  # about twenty seconds; long ones come to MAX_ALL_TEXT before
MAX_SENT = 400  # texts that one request adds to the one before
Data = dict[str, Any]


class Composer:
    """Makes the data and counts what could not be printed as it is."""

    def __init__(self) -> None:
        self.replaced = 0
        self._characters = 0

    def line(self, text: str, limit: int = 1_000) -> str:
        """One line of foreign or own text, safe to print."""
        return self._printed(one_line(text, limit))

    def paragraphs(self, text: str) -> list[list[str]]:
        """Paragraphs (parted by empty lines) of lines; a text beyond the bound ends in a sentence that says so."""
        whole = self._bounded(plain(text, MAX_TEXT * 20).strip())
        return [[self._printed(line) for line in part.split("\n")] for part in re.split(r"\n[ \t]*\n+", whole) if part]

    def blocks(self, text: str) -> list[Data]:
        """An answer's paragraphs, headings, lists and tables."""
        return blocks_data(blocks_of(self._bounded(plain(text, MAX_TEXT * 20))), self._printed)

    def _bounded(self, text: str) -> str:
        if len(text) <= MAX_TEXT:
            return text
        more = count_of(
            len(text) - MAX_TEXT, "[1 more character is not printed.]", "[{n} more characters are not printed.]"
        )
        return f"{text[:MAX_TEXT]}\n\n{more}"

    def _printed(self, text: str) -> str:
        shown, missing = printable(text.replace("\t", "    "))
        self._characters += len(shown)  # names of emoji are longer than these
        if self._characters > MAX_ALL_TEXT:
            raise ProblemError(problem("pdf_too_large"))
        self.replaced += missing
        return breakable(shown)


def compose(content: ReportContent) -> Data:
    """The template's data, pictures' bytes left out. Raises ProblemError pdf_too_large, pdf_not_composed."""
    _check(content)
    make = Composer()
    numbers = iter(range(1, MAX_MARKS * MAX_PICTURES + 1))
    marks = [[(next(numbers), mark) for mark in picture.marks] for picture in content.pictures]
    pictures = [_picture(make, p, numbered) for p, numbered in zip(content.pictures, marks)]
    lists = [
        {"caption": drawn["caption"], "rows": [_mark_row(make, number, mark) for number, mark in numbered]}
        for drawn, numbered in zip(pictures, marks)
    ]
    data: Data = {
        "labels": _labels(content),
        "title": make.line(_title(content)),
        "subtitle": make.line(_subtitle(content)),
        "pictures": pictures,
        "left_out": _left_out(content.pictures_left_out),
        "side": _side(make, content),
        "beside": lists[0]["rows"][:BESIDE] if lists else [],
        "marks": [one for one in lists if one["rows"]],
        "turns": _turns(make, content.turns),
        "sent": _sent(make, content.turns),
        "facts": [[make.line(label), make.line(words)] for label, words in content.facts[:200]],
        "notice": make.line(content.notice or tr(NOTICE if _came(content.turns) else NOTICE_WITHOUT_ANSWER)),
        "language": content.language[:2].lower() if re.match("[A-Za-z]{2}", content.language) else "en",
    }
    return data | {"replaced": _replaced(make.replaced)}


def _check(content: ReportContent) -> None:
    marks = max((len(picture.marks) for picture in content.pictures), default=0)
    too_large = (
        len(content.pictures) > MAX_PICTURES
        or len(content.turns) > MAX_TURNS
        or marks > MAX_MARKS
        or sum(len(picture.png) for picture in content.pictures) > MAX_PNG
    )
    if too_large:
        raise ProblemError(problem("pdf_too_large"))
    if not all(abs(number) < MAX_PLACE for picture in content.pictures for number in _places(picture)):
        raise ProblemError(problem("pdf_not_composed"))


def _places(picture: ReportPicture) -> Iterator[float]:
    """Every coordinate on a picture; NaN and endless ones fail the comparison above."""
    yield from picture.seen or ()
    yield from (value for mark in picture.marks for point in mark.points for value in point)
    yield picture.scale.pixels if picture.scale else 0.0


def _labels(content: ReportContent) -> dict[str, str]:
    return {
        "program": "Sidelight",
        "header": tr("For information, not a diagnosis"),
        "footer": tr("Made with Sidelight"),
        "sent_page": tr("the exact words sent stand on page {n}") if any(t.words_sent for t in content.turns) else "",
        "page": tr("Page {n} of {m}"),
        "reasoning": tr("How it reasoned"),
        "own_summary": tr("the model's own summary"),
        "question": tr("Question"),
        "answer": tr("Answer"),
        "marks": tr("Marks by the reader"),
        "marks_note": tr("Drawn by the reader. The AI did not see them.") if content.turns else "",
        "sent": tr("The exact words sent"),
        "facts": tr("Facts about this picture"),
        "facts_note": tr("Worked out by Sidelight itself; no AI was asked for them."),
        "seen": tr("What the AI saw"),
        "more": tr("More pictures"),
        "about": tr("About these pages"),
    }


def _title(content: ReportContent) -> str:
    study = content.study_name
    if not content.turns:
        return tr("A picture: {study}", study=study) if study else tr("A picture of a scan")
    if len(content.turns) == 1:
        return tr("A question about a picture: {study}", study=study) if study else tr("A question about a picture")
    return tr("Questions about a picture: {study}", study=study) if study else tr("Questions about a picture")


def _subtitle(content: ReportContent) -> str:
    asked = content.turns[0].asked_at if content.turns else ""
    parts = [
        tr("Scan of {date}.", date=content.scan_date) if content.scan_date else "",
        tr("Asked on {date}.", date=asked) if asked else tr("Made on {date}.", date=content.made_at),
        tr("Name: {name}.", name=content.with_name)
        if content.with_name
        else tr("Name, birth date and clinic were left out; writing within a picture may still hold them.")
        if content.has_writing
        else tr("Name, birth date and clinic are not in this file."),
    ]
    return " ".join(part for part in parts if part)


def _side(make: Composer, content: ReportContent) -> list[Data]:
    """The column beside the first picture: (label, large, lines)."""
    last = content.turns[-1] if content.turns else None
    rows = [
        (tr("Looked at"), last.looked_at if last else "", [last.looked_at_note] if last else []),
        (tr("Not looked at"), "", [content.not_looked_at]),
        (tr("Answered by") if _came(content.turns) else tr("Asked"), "", _answered_by(content.turns)),
    ]
    shown = [(label, large, [line for line in lines if line]) for label, large, lines in rows]
    return [
        {"label": make.line(label), "large": make.line(large), "lines": [make.line(line) for line in lines]}
        for label, large, lines in shown
        if large or lines
    ]


def _answered_by(turns: Sequence[ReportTurn]) -> list[str]:
    """Everyone who answered, each once, and whether all of them came to their end."""
    if not turns:
        return []
    whole = sum(_is_whole(turn) for turn in turns)
    if len(turns) == 1:
        lacking = tr("The answer is not complete.") if _came(turns) else tr("There is no answer.")
        end = tr("The answer is complete.") if whole else lacking
    elif whole == len(turns):
        end = tr("All answers are complete.")
    else:
        end = tr("{whole} of {all} answers are complete.", whole=whole, all=len(turns))
    names = [name for name in dict.fromkeys(_who(turn) for turn in turns) if name]
    return [*(f"{name}." for name in names[:-1]), f"{names[-1]}. {end}" if names else end]


def _came(turns: Sequence[ReportTurn]) -> bool:
    """Whether there is any word of an answer."""
    return any(turn.answer.text.strip() for turn in turns)


def _who(turn: ReportTurn) -> str:
    return ", ".join(part for part in (turn.model, turn.provider) if part)


def _turns(make: Composer, turns: Sequence[ReportTurn]) -> list[Data]:
    several = len({_who(turn) for turn in turns}) > 1
    return [_turn(make, turn, len(turns), number, several_names=several) for number, turn in enumerate(turns, 1)]


def _is_whole(turn: ReportTurn) -> bool:
    return turn.answer.state is AnswerState.COMPLETE and bool(turn.answer.text.strip())


def _turn(make: Composer, turn: ReportTurn, count: int, number: int, *, several_names: bool) -> Data:
    words = state_words(turn.answer)
    whole = _is_whole(turn)
    told = (
        tr("Asked on {date}.", date=turn.asked_at) if turn.asked_at else "",
        tr("Answered by {name}.", name=_who(turn)) if _who(turn) and several_names else "",
    )
    when = " ".join(words for words in told if words) if count > 1 else ""
    came, ended = bool(turn.answer.text.strip()), turn.answer.state.ended
    lacking = tr("This answer is not complete.") if came else tr("No answer came.") if ended else ""
    first, sentence = f"{words.first}:", words.sentence
    if not ended:
        first, sentence = "", tr("The answer was still coming when this was saved.")
    return {
        "number": f" {number}" if count > 1 else "",
        "when": make.line(when),
        "question": make.paragraphs(turn.question),
        "incomplete": "" if whole else lacking,
        "answer": make.blocks(turn.answer.text),
        "ending": [] if whole else [make.line(first), make.line(sentence)],
        "ends_here": tr("The answer ends here.") if came and not whole else "",
        "reasoning": make.blocks(turn.answer.reasoning),
    }


def _sent(make: Composer, turns: Sequence[ReportTurn]) -> list[Data]:
    """The words of each turn; what stands already with the turn before is named, not printed again."""
    rows: list[Data] = []
    before: tuple[str, ...] = ()
    for number, turn in enumerate(turns, 1):
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, turn.words_sent)))
        said = [make.paragraphs(text) for text in turn.words_sent[same : same + MAX_SENT]]
        title = tr("With question {n}", n=number) if len(turns) > 1 else ""
        again = (
            count_of(same, "The first text above again, then:", "The first {n} texts above again, then:")
            if same
            else ""
        )
        if turn.words_sent:
            rows.append({"title": title, "before": again, "words": said})
        before = turn.words_sent
    return rows


def _picture(make: Composer, picture: ReportPicture, marks: list[tuple[int, ReportMark]]) -> Data:
    width, height = png_size(picture.png)
    letters, scale = picture.letters, picture.scale
    return {
        "width": width,
        "height": height,
        "caption": make.line(picture.caption),
        "alt": make.line(picture.alt) or make.line(picture.caption) or tr("A picture of the scan"),
        "letters": [make.line(t, 8) for t in (letters.left, letters.right, letters.top, letters.bottom)]
        if letters
        else [],
        "scale": {"pixels": float(scale.pixels), "words": make.line(scale.words)} if scale else None,
        "seen": [float(value) for value in picture.seen] if picture.seen else None,
        "marks": [_drawn(make, number, mark) for number, mark in marks],
    }


def _drawn(make: Composer, number: int, mark: ReportMark) -> Data:
    label = f"{number}: {mark.label}" if mark.label else f"{number}"  # "2 23.1 mm" could be read as one number
    points = [[float(x), float(y)] for x, y in mark.points]
    return {"kind": mark.kind.value, "points": points, "number": str(number), "label": make.line(label, 80)}


def _mark_row(make: Composer, number: int, mark: ReportMark) -> list[str]:
    return [str(number), make.line(mark.words or mark.label or tr(mark.kind.value))]


def _left_out(count: int) -> str:
    if not count:
        return ""
    return count_of(
        count,
        "1 more picture with marks had no room here. Hide marks to choose which pictures come along.",
        "{n} more pictures with marks had no room here. Hide marks to choose which pictures come along.",
    )


def _replaced(count: int) -> str:
    if not count:
        return ""
    return count_of(
        count, "1 character cannot be printed and stands as □.", "{n} characters cannot be printed and stand as □."
    )


def png_size(png: bytes) -> tuple[int, int]:
    """(width, height). Raises ProblemError for what is not a whole PNG of sane size, before anything decodes it."""
    try:
        kind, header = png_chunks(png)[0]
        width, height = struct.unpack(">II", header[:8])
    except (ValueError, IndexError, struct.error) as failure:
        raise ProblemError(problem("pdf_not_composed")) from failure
    if kind != b"IHDR" or not (1 <= width <= MAX_EDGE and 1 <= height <= MAX_EDGE):
        raise ProblemError(problem("pdf_not_composed"))
    return width, height
