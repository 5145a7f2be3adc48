"""The small inert part of Markdown that answers use: paragraphs, headings, lists, tables, bold, code. Nothing can act.

Links and pictures become their words, HTML stays visible as text. The input is foreign text made plain; the output is
used by the window and the PDF alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MAX_LINE = 2_000  # characters; a longer line is broken, so that no view has to lay out megabytes in one
MAX_JOINED = 100  # lines joined into one paragraph
MAX_COLUMNS, MAX_ROWS = 12, 200  # a larger table stays as it was written
_DEEPEST = 5


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style. May hold newlines only in a code block."""

    text: str
    bold: bool = False
    code: bool = False


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `level`: 1–6 for a heading, 0 and up for how deep an item lies; `marker`: "•" or "3." for an item.

    `rows`: of a table, its head first, all equally long; the other kinds have `runs`.
    """

    kind: BlockKind
    runs: tuple[Run, ...] = ()
    level: int = 0
    marker: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def text(self) -> str:
        """The words without style; of a table, a line for each row, with tabs between."""
        if self.rows:
            return "\n".join("\t".join(_text(cell) for cell in row) for row in self.rows)
        return _text(self.runs)


_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)$")
_ITEM = re.compile(r"([ \t]*)([-*+•]|\d{1,4}[.)])[ \t]+(?=\S)(.*)$")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_UNDER_HEAD = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$")
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# [words](address) and ![words](address): the words stay; no nesting, bounded, so that hostile text costs linear time
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\](?:\([^()\s]{0,2000}(?:[ \t]+\"[^\"\n]{0,200}\")?\)|\[[^\[\]\n]{0,200}\])")
_CODE = re.compile(r"(`{1,3})([^`\n]{1,1000})\1")
_SLANT = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,500})(?<=\S)\*(?![\w*])")


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of an answer, in order. Every word of `text` is in them except link addresses and markup signs."""
    reader = _Reader()
    for line in text.split("\n"):
        first, *rest = _pieces(line)
        reader.line(first.rstrip())
        for piece in rest:
            reader.more(piece)
    return reader.close()


def _pieces(line: str) -> list[str]:
    """A line in pieces of at most MAX_LINE characters, cut before a blank where there is one in the later half."""
    pieces: list[str] = []
    start = 0
    while len(line) - start > MAX_LINE:
        blank = line.rfind(" ", start + MAX_LINE // 2, start + MAX_LINE)
        end = blank if blank > 0 else start + MAX_LINE
        pieces.append(line[start:end])
        start = end
    return [*pieces, line[start:]]


class _Reader:
    """Line by line; a paragraph collects until an empty line or another block."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.paragraph: list[str] = []
        self.code: list[str] = []
        self.fence = ""

    def line(self, line: str) -> None:
        if self.fence:
            self._code_line(line)
        elif fence := _FENCE.match(line):
            self._end_paragraph()
            self.fence = fence[1]
        elif not line.strip() or _RULE.match(line):
            self._end_paragraph()
        elif heading := _HEADING.match(line):
            self._end_paragraph()
            self._put(BlockKind.HEADING, heading[2].rstrip(" \t#"), len(heading[1]))
        elif item := _ITEM.match(line):
            self._end_paragraph()
            depth = min(len(item[1].expandtabs(4)) // 2, _DEEPEST)
            self._put(BlockKind.ITEM, item[3], depth, "•" if item[2] in "-*+•" else item[2].replace(")", "."))
        else:
            if len(self.paragraph) >= (MAX_ROWS + 2 if line.lstrip().startswith("|") else MAX_JOINED):
                self._end_paragraph()
            self.paragraph.append(line.strip().removeprefix("> "))

    def more(self, piece: str) -> None:
        """The same line goes on: nothing in it begins a block, and no blank comes in where there was none."""
        if self.fence:
            self._code_line(piece.rstrip())
        elif self.paragraph and len(self.paragraph[-1]) < MAX_LINE * MAX_JOINED:
            self.paragraph[-1] += piece.rstrip() if piece.isspace() else piece
        else:
            self._end_paragraph()
            self.paragraph.append(piece.strip())

    def close(self) -> tuple[Block, ...]:
        self._end_paragraph()
        if self.fence:
            self._end_code()
        return tuple(self.blocks)

    def _code_line(self, line: str) -> None:
        if line.strip().startswith(self.fence) and not line.strip().strip(self.fence[0]):
            self._end_code()
        else:
            self.code.append(line)

    def _end_code(self) -> None:
        self.blocks.append(Block(BlockKind.CODE, (Run("\n".join(self.code), code=True),)))
        self.code, self.fence = [], ""

    def _end_paragraph(self) -> None:
        if not self.paragraph:
            return
        lines, self.paragraph = self.paragraph, []
        head = _head_of_table(lines)
        if head > 0:
            self._put_words(lines[:head])
        if head >= 0:
            rows = _rows_of(lines[head:])
            self.blocks.append(Block(BlockKind.TABLE, rows=tuple(tuple(map(runs_of, row)) for row in rows)))
        else:
            self._put_words(lines)

    def _put_words(self, lines: list[str]) -> None:
        """A paragraph; a table that is none keeps its lines."""
        if all(line.startswith("|") for line in lines):
            self.blocks.append(Block(BlockKind.CODE, (Run("\n".join(lines), code=True),)))
        else:
            self._put(BlockKind.PARAGRAPH, " ".join(lines))

    def _put(self, kind: BlockKind, text: str, level: int = 0, marker: str = "") -> None:
        self.blocks.append(Block(kind, runs_of(text), level, marker))


def _head_of_table(lines: list[str]) -> int:
    """The number of the line that is the head of a table which goes on to the end; -1 where there is none."""
    for number in range(len(lines) - 1):
        if "|" in lines[number + 1] and _UNDER_HEAD.fullmatch(lines[number + 1]):
            rows = [lines[number], *lines[number + 2 :]]
            columns = len(_cells(lines[number + 1]))
            sound = len(rows) <= MAX_ROWS and columns <= MAX_COLUMNS and len(_cells(lines[number])) == columns
            return number if sound and all("|" in row for row in rows) else -1
    return -1


def _rows_of(lines: list[str]) -> list[list[str]]:
    """Rows of cells, each as long as the head: what is missing is empty, what is too much stays in the last cell."""
    head = _cells(lines[0])
    rows = [head]
    for line in lines[2:]:
        cells = _cells(line)
        whole = [*cells[: len(head) - 1], " ".join(cells[len(head) - 1 :])]
        rows.append(whole + [""] * (len(head) - len(whole)))
    return rows


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in _BETWEEN_CELLS.split(inner)]


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def runs_of(line: str) -> tuple[Run, ...]:
    """The runs of one line: `code` first, since nothing inside it is markup."""
    runs: list[Run] = []
    last = 0
    for code in _CODE.finditer(line):
        runs += _bold_runs(line[last : code.start()])
        runs.append(Run(code[2].strip() or code[2], code=True))
        last = code.end()
    return tuple(runs + _bold_runs(line[last:]))


def _bold_runs(text: str) -> list[Run]:
    """Pairs of ** in one pass: a pair counts when it hugs its words."""
    parts = text.split("**")
    runs: list[Run] = []
    while parts:
        runs.append(Run(_words(parts.pop(0))))
        if len(parts) >= 2 and parts[0] and parts[0] == parts[0].strip():
            runs.append(Run(_words(parts.pop(0)), bold=True))
        elif parts:
            runs.append(Run("**"))
    return [run for run in runs if run.text]


def _words(text: str) -> str:
    """Links become their words, slanted text becomes text. Asked for with each cell of a table: mostly there is none."""
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    return _SLANT.sub(r"\1", text) if "*" in text else text
