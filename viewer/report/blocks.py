"""An answer's blocks as the template wants them: lists within lists, and tables whose columns have room for their words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from viewer.answer.markdown import Block, BlockKind, Cell, Run

ROOM = 84  # characters beside one another in a table as broad as the page
GAP = 2  # characters a column needs beside its words
NARROWEST = 3  # characters of a word that stay together
_WORD = re.compile(r"[!-\u2fff]+")
_MORE = 60  # characters of a cell beyond which it wants no more room

Data = dict[str, Any]
Print = Callable[[str], str]


def blocks_data(blocks: Sequence[Block], printed: Print) -> list[Data]:
    """The blocks in their order, items that follow one another put together as lists. `printed` makes text printable."""
    data: list[Data] = []
    for is_item, group in groupby(blocks, lambda block: block.kind is BlockKind.ITEM):
        alike = list(group)
        data += _lists(alike, 0, len(alike), printed) if is_item else [_block(block, printed) for block in alike]
    return data


def _block(block: Block, printed: Print) -> Data:
    if block.kind is BlockKind.TABLE:
        return {"kind": "table", **_table(block.rows, printed)}
    return {"kind": block.kind.value, "runs": _runs(block.runs, printed)}


def _runs(runs: tuple[Run, ...], printed: Print) -> list[Data]:
    return [{"text": printed(run.text), "bold": run.bold} for run in runs]


def _lists(items: list[Block], at: int, end: int, printed: Print) -> list[Data]:
    """Items from `at` to before `end` as lists: one list for each stretch that is counted, or dotted, alike; what lies
    deeper is a list within the item before it."""
    lists: list[Data] = []
    while at < end:
        first = items[at]
        following = next((n for n in range(at + 1, end) if items[n].level <= first.level), end)
        item = {"runs": _runs(first.runs, printed), "inner": _lists(items, at + 1, following, printed)}
        number = int(first.marker[:-1]) if first.marker[:-1].isdecimal() else None
        if not lists or lists[-1]["numbered"] != (number is not None):
            lists.append({"kind": "list", "numbered": number is not None, "items": []})
        lists[-1]["items"].append(item | {"number": number})
        at = following
    return lists


# --- tables


def _table(rows: Sequence[tuple[Cell, ...]], printed: Print) -> Data:
    """Rows of cells of runs, and the share of the breadth that each column gets."""
    columns = list(zip(*rows, strict=True))
    words = [max(_longest_word(cell) for cell in column) + GAP for column in columns]
    most = _fair(words)
    least = [min(word, most) for word in words]
    wishes = [
        max(0, max(min(_MORE, _width(_text(cell))) for cell in column) - one) for column, one in zip(columns, least)
    ]
    spare = max(0.0, ROOM - sum(least))
    part = min(1.0, spare / sum(wishes)) if any(wishes) else 0.0
    room = int(most) - GAP

    def cut(text: str) -> str:
        return _WORD.sub(lambda word: _cut(word.group(), room), printed(text)) if len(text) > room else printed(text)

    return {
        "rows": [[_runs(cell, cut) for cell in row] for row in rows],
        "widths": [round(one + wish * part, 2) for one, wish in zip(least, wishes)],
    }


def _fair(words: Sequence[int]) -> float:
    """How broad a column may be at most, where not all can be as broad as their longest word."""
    left, room = sorted(words), float(ROOM)
    while left and left[0] <= room / len(left):
        room -= left.pop(0)
    return max(NARROWEST + GAP, room / len(left)) if left else ROOM


def _cut(word: str, room: int) -> str:
    """A word with places where a line may end, where it is longer than its column."""
    plain = word.replace("\u200b", "")
    return word if len(plain) <= room else "\u200b".join(plain[at : at + room] for at in range(0, len(plain), room))


def _text(cell: Cell) -> str:
    return "".join(run.text for run in cell)


def _longest_word(cell: Cell) -> int:
    return max((len(word) for word in _WORD.findall(_text(cell))), default=2)


def _width(text: str) -> int:
    """In characters; those of Chinese, Japanese and Korean are twice as broad."""
    return sum(1 if ord(c) < 0x2E80 else 2 for c in text)
