"""`python -m tests.damage.compare --count 3000 --seed 1`: which damaged files does pydicom decode to other pixels
without a word, and how many of those carry one here?"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
import warnings
from collections import Counter
from functools import cache

import numpy as np
import pydicom

from tests.damage.kinds import Part, case
from tests.damage.originals import original
from tests.damage.walk import prepare, run_case, walker

MOST_MEMORY = 6 * 2**30  # this process decodes what it is told to, without our limits


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
    """ "silent": other values without a word; "same"; "word"; "" where pydicom cannot read the good file either."""
    wanted = good(name)
    if wanted is None:
        return ""
    values = decoded(data)
    if values is None:
        return "word"
    return "same" if np.array_equal(values, wanted) else "silent"


def figures(part: str, theirs: Counter[tuple[str, str]], ours: Counter[tuple[str, str, str]]) -> dict[str, object]:
    """What pydicom did with one part of the cases, and what is said here of those it passed over."""
    readable = sum(theirs[part, verdict] for verdict in ("silent", "same", "word"))
    passed = sum(count for (where, _, word), count in ours.items() if where == part and word != "same")
    said = sum(count for (where, _, word), count in ours.items() if where == part and word == "word")
    return {
        "files": readable,
        "pydicom_silent": theirs[part, "silent"],
        "pydicom_silent_share": round(theirs[part, "silent"] / max(1, readable), 4),
        "of_these_with_a_word_here": round(said / max(1, passed), 4),
        **{f"{group}_{word}": count for (where, group, word), count in sorted(ours.items()) if where == part},
    }


def main(arguments: list[str]) -> int:
    """Count and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.damage.compare", description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    prepare()
    theirs: Counter[tuple[str, str]] = Counter()
    ours: Counter[tuple[str, str, str]] = Counter()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with walker() as walk:
        for number in range(chosen.count):
            one = case(chosen.seed, number)
            if one.kind.part is Part.MEDIUM or one.kind.name == "deflate bomb":
                continue
            verdict = silent(one.encoding, one.data)
            theirs[one.kind.part.value, verdict] += 1
            if verdict == "silent":
                outcome = run_case(chosen.seed, one, walk)
                group = "compressed" if original(one.encoding).encapsulated else "native"
                word = "same" if outcome.pixels == "same" else "word" if outcome.marked else "silent"
                ours[one.kind.part.value, group, word] += 1
    print(json.dumps({part.value: figures(part.value, theirs, ours) for part in (Part.PIXELS, Part.WHOLE)}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
