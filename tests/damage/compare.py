"""`python -m tests.damage.compare --count 3000 --seed 1 [--mix disc]`: which damaged files does pydicom decode to other
pixels without a word, and how many of those carry one here? By kind of damage, plain and packed apart.

Not all can: a change as small as the noise looks like any other value. So the silent ones whose largest change is below a
32nd of the range of the picture are counted apart.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import pydicom

from tests.damage.kinds import Case, Part, case
from tests.damage.large import large_case
from tests.damage.originals import original
from tests.damage.walk import prepare, run_case, walker

MOST_MEMORY = 6 * 2**30  # this process decodes what it is told to, without our limits
SMALL = 1 / 32  # of the range of the good picture
MIXES: dict[str, Callable[[int, int], Case]] = {"run": case, "disc": large_case}


class Row(NamedTuple):
    """One case. theirs: "silent" (other values without a word), "same", "word", "" where pydicom cannot read the good
    file either; ours, of the silent ones: "same" (nothing changed here), "told", "small" or "silent"."""

    part: str
    kind: str
    group: str
    theirs: str
    ours: str = ""


def decoded(data: bytes) -> np.ndarray | None:
    """What pydicom makes of a file; None where it raises or warns."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return pydicom.dcmread(io.BytesIO(data)).pixel_array
    except BaseException:
        return None


@cache
def good(name: str) -> np.ndarray | None:
    """What pydicom makes of the undamaged file; None where it has no decoder for it."""
    return decoded(original(name).data)


def silent(name: str, data: bytes) -> str:
    """See `Row.theirs`."""
    wanted = good(name)
    if wanted is None:
        return ""
    values = decoded(data)
    if values is None:
        return "word"
    return "same" if np.array_equal(values, wanted) else "silent"


def is_small(name: str, data: bytes) -> bool:
    """Whether the values that changed did so by less than anybody sees."""
    values, wanted = decoded(data), good(name)
    if values is None or wanted is None or values.shape != wanted.shape:
        return False
    change = np.abs(values.astype(np.float64) - wanted.astype(np.float64)).max()
    return bool(change < SMALL * (float(wanted.max()) - float(wanted.min())))


def rows_of(seed: int, count: int, mix: str) -> Iterator[Row]:
    """Each case, through pydicom and, where that is silent, through the program."""
    with walker() as walk:
        for number in range(count):
            one = MIXES[mix](seed, number)
            if one.kind.part is Part.MEDIUM or one.kind.name == "deflate bomb":
                continue
            group = "packed" if original(one.encoding).encapsulated else "plain"
            row = Row(one.kind.part.value, one.kind.name, group, silent(one.encoding, one.data))
            if row.theirs == "silent":
                outcome = run_case(seed, one, walk)
                left = "small" if is_small(one.encoding, one.data) else "silent"
                row = row._replace(ours="same" if outcome.pixels == "same" else "told" if outcome.marked else left)
            yield row


def figures(rows: list[Row]) -> dict[str, object]:
    """What pydicom did with some of the cases, and what is said here of those it passed over."""
    readable = [row for row in rows if row.theirs]
    passed = [row for row in rows if row.theirs == "silent"]
    return {
        "files": len(readable),
        "pydicom_silent": len(passed),
        "pydicom_silent_share": round(len(passed) / max(1, len(readable)), 4),
        "of_these_with_a_word_here": _told(passed),
        "small_ones_left_out": _told([row for row in passed if row.ours != "small"]),
        **{group: counts([row for row in passed if row.group == group]) for group in ("plain", "packed")},
        "by_kind": {
            f"{kind}, {group}": counts([row for row in passed if (row.kind, row.group) == (kind, group)])
            for kind, group in sorted({(row.kind, row.group) for row in passed})
        },
    }


def counts(rows: list[Row]) -> dict[str, float]:
    """How many were told, were small, were silent, and the share that was told of those that changed."""
    return {name: sum(row.ours == name for row in rows) for name in ("told", "small", "silent")} | {
        "share": _told(rows)
    }


def _told(rows: list[Row]) -> float:
    changed = [row for row in rows if row.ours != "same"]
    return round(sum(row.ours == "told" for row in changed) / max(1, len(changed)), 4)


def main(arguments: list[str]) -> int:
    """Count and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.damage.compare", description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mix", choices=tuple(MIXES), default="run", help="disc: larger pictures, a few bytes wrong")
    chosen = parser.parse_args(arguments)
    prepare()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    rows = list(rows_of(chosen.seed, chosen.count, chosen.mix))
    parts = sorted({row.part for row in rows})
    print(json.dumps({part: figures([row for row in rows if row.part == part]) for part in parts}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
