"""`python -m tests.damage.run --count 20000 --seed 1 --json out.json`: many damaged files through the real program.

The walking is done in a child, so that a death of the program is counted and not shared.
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

LIMIT_SECONDS = 60.0  # without a line: the child hangs, which counts as a death
AT_ONCE = 2500  # cases of one child
ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]


def options() -> argparse.ArgumentParser:
    """Options of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.damage.run", description=__doc__)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write the figures and every noteworthy case here")
    return parser


def walk_all(seed: int, first: int, last: int) -> tuple[list[Row], list[int], Row]:
    """(a row for each case, numbers of the cases in which the program died, most memory in KiB)."""
    rows: list[Row] = []
    deaths: list[int] = []
    memory = {"worker_kib": 0, "program_kib": 0}
    at = first
    while at < last:
        made = list(_child(seed, at, min(last, at + AT_ONCE)))
        found = [row for row in made if "number" in row]
        for row in made:
            for name, value in row.get("memory", {}).items():
                memory[name] = max(memory[name], value)
        rows += found
        at += len(found)
        if at < last and not any("memory" in row for row in made):
            deaths.append(at)
            at += 1
    return rows, deaths, memory


def _child(seed: int, first: int, last: int) -> list[Row]:
    """The lines of one child, until it ends, dies or hangs."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.damage.child", str(seed), str(first), str(last)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    lines: queue.Queue[str | None] = queue.Queue()
    stream = child.stdout

    def pass_on() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=pass_on, daemon=True).start()
    rows: list[Row] = []
    while True:
        try:
            line = lines.get(timeout=LIMIT_SECONDS)
        except queue.Empty:
            child.kill()
            break
        if line is None:
            break
        rows.append(json.loads(line))
    child.wait()
    stream.close()
    return rows


def figures(rows: list[Row], deaths: list[int], memory: Row) -> Row:
    """What the run is judged by."""
    pixels = [row for row in rows if row["part"] == "pixels"]
    changed = [row for row in pixels if row["pixels"] != "same"]
    checked = [row for row in changed if not _plain(row["encoding"])]
    other = [row for row in rows if row["pixels"] == "other"]
    recoveries = [row["recovery"] for row in rows if row["recovery"]] + [
        row["recovery_killed"] for row in rows if "recovery_killed" in row
    ]
    return {
        "cases": len(rows) + len(deaths),
        "deaths_of_the_program": len(deaths),
        "unexpected_exceptions": sum(bool(row["error"]) for row in rows),
        "silent_wrong_shapes": sum(row["wrong_shape"] for row in rows),
        "reports_that_do_not_add_up": sum(row["untrue"] for row in rows),
        "good_neighbours_lost": sum(row["neighbour_lost"] for row in rows),
        "slowest_seconds": round(max((row["seconds"] for row in rows), default=0), 3),
        "over_3_seconds": sum(row["seconds"] > 3 for row in rows),
        "longest_pause_ms": round(1000 * max((row["pause"] for row in rows), default=0), 1),
        "pauses_over_100_ms": sum(row["pause"] > 0.1 for row in rows),
        "workers_lost": sum(bool({"decoder_died", "decoder_too_slow"} & set(row["refused"])) for row in rows),
        "recoveries": len(recoveries),
        "usual_recovery_seconds": round(median(recoveries or [0.0]), 3),
        "slowest_recovery_seconds": round(max(recoveries, default=0), 3),
        "worker_peak_mib": memory["worker_kib"] // 1024,
        "program_peak_mib": memory["program_kib"] // 1024,
        "decoded_to_other_pixels": len(other),
        "of_these_with_a_word": _share(other),
        "of_these_with_a_word_compressed": _share([row for row in other if not _plain(row["encoding"])]),
        "pictures_damaged": len(pixels),
        "of_these_changed": len(changed),
        "changed_with_a_word": _share(changed),
        "changed_with_a_word_compressed": _share(checked),
        "changed_with_a_word_by_encoding": _shares(changed, "encoding"),
        "changed_with_a_word_by_kind": _shares(changed, "kind"),
    }


def _plain(encoding: str) -> bool:
    """Not compressed: a changed value is a value like any other."""
    from tests.damage.originals import original

    return not original(encoding).encapsulated


def _share(rows: list[Row]) -> float:
    marked = sum(bool(row["marked"]) for row in rows)
    return round(marked / max(1, len(rows)), 4)


def _shares(rows: list[Row], name: str) -> dict[str, list[float]]:
    """value → [share with a word, how many]."""
    return {
        key: [_share(part := [row for row in rows if row[name] == key]), len(part)]
        for key in sorted({row[name] for row in rows})
    }


def noteworthy(rows: list[Row]) -> list[Row]:
    """Cases someone should look at."""
    return [
        row
        for row in rows
        if row["error"] or row["wrong_shape"] or row["untrue"] or row["neighbour_lost"] or row["seconds"] > 1.5
        or row["recovery"] or row.get("recovery_killed", 0) > 2 or row["pause"] > 0.1
    ]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run, print, write; exit 0 when nothing died, escaped, hung or took a wrong shape."""
    chosen = options().parse_args(arguments)
    began = time.monotonic()
    rows, deaths, memory = walk_all(chosen.seed, chosen.first, chosen.first + chosen.count)
    result = {**figures(rows, deaths, memory), "minutes": round((time.monotonic() - began) / 60, 1)}
    print(json.dumps(result, indent=1))
    kinds = Counter(row["kind"] for row in rows)
    if chosen.json:
        whole = {"figures": result, "deaths": deaths, "cases_by_kind": kinds, "noteworthy": noteworthy(rows)}
        chosen.json.write_text(json.dumps(whole, indent=1), "utf-8")
    bad = (
        "deaths_of_the_program",
        "unexpected_exceptions",
        "silent_wrong_shapes",
        "reports_that_do_not_add_up",
        "over_3_seconds",
    )
    return int(any(result[name] for name in bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
